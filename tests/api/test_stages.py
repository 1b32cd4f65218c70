"""Stages, closures and second approvals over HTTP: who may, who counts as the second person, what is stale."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from api.security import COOKIE
from db import people
from embedded.mailbox import listen, port_of
from tests.activities.story import working
from tests.api.conftest import client_of
from tests.api.stories import a_payment, opened
from tests.api.test_on_real_parts import Office, office_of
from workflows.connection import Address, connect

PEOPLE = {"sam": "collector", "leila": "supervisor", "karim": "supervisor", "ines": "manager"}


@dataclass
class Desk:
    """An office with its people, each with a browser of their own."""

    office: Office
    people: dict[str, httpx2.AsyncClient]

    async def decide(self, who: str, task: str, decision: str = "confirm", version: int = 1) -> httpx2.Response:
        body = {"decision": decision, "version": version, "comment": "seen"}
        return await self.people[who].post(f"/api/tasks/{task}/decision", json=body)

    async def asked(self, who: str, path: str, what: str, **body: Any) -> str:
        """The task that asks a second person."""
        answer = await self.people[who].post(f"{path}/{what}", json={"reason": "no answer", **body})
        assert (answer.status_code, answer.json()["outcome"]) == (202, "second_approval"), answer.text
        return str(answer.json()["task"])


async def browsers(app: FastAPI, engine: AsyncEngine, stack: AsyncExitStack) -> dict[str, httpx2.AsyncClient]:
    """Everybody is signed in."""
    signed_in = {}
    for code, role in PEOPLE.items():
        async with engine.begin() as connection:
            await people.write_person(
                connection, code=code, email=f"{code}@office.example", name=code.title(), role=role, password_hash="-"
            )
            await people.begin_session(connection, token=f"token-{code}", person_code=code, lasts=timedelta(days=1))
        signed_in[code] = await stack.enter_async_context(client_of(app))
        signed_in[code].cookies.set(COOKIE, f"token-{code}")
    return signed_in


@pytest.fixture
async def desk(engine: AsyncEngine, temporal_address: str, tmp_path: Path) -> AsyncIterator[Desk]:
    temporal: Client = await connect(Address(temporal_address))
    server = await listen("127.0.0.1", 0, tmp_path / "mailbox")
    url = f"smtp://127.0.0.1:{port_of(server)}"
    async with (
        server,
        office_of(engine, temporal, tmp_path / "mailbox") as office,
        working(temporal, engine, url),
        AsyncExitStack() as stack,
    ):
        app = office.api._transport.app  # type: ignore[attr-defined]
        yield Desk(office, await browsers(app, engine, stack))


async def test_a_collector_asks_a_supervisor_agrees_and_nobody_else_can(desk: Desk) -> None:
    path, story = await desk.office.open("STAGE-1", collector="sam")
    task = await desk.asked("sam", path, "stage", stage="litigation", sub_stage="preparation")
    shown = await desk.office.get(f"/api/tasks/{task}")
    assert (shown["kind"], shown["role"], shown["allowed"]) == ("second_approval", "supervisor", ["confirm", "refuse"])
    assert all(reason["text"] != reason["code"] for reason in shown["why"])
    refused = await desk.decide("sam", task)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/forbidden")
    machine = await desk.office.api.post(f"/api/tasks/{task}/decision", json={"decision": "confirm", "version": 1})
    assert (machine.status_code, machine.json()["code"]) == (403, "second_person")
    assert (await desk.decide("karim", task)).status_code == 200
    claim = await desk.office.get(path)
    assert (claim["stage"], claim["sub_stage"], claim["stage_since"]) == ("litigation", "preparation", claim["today"])
    assert (claim["items"][0]["status"], claim["items"][0]["off_scenario"]) == ("in_litigation", "litigation")
    events = (await desk.office.get(f"{path}/timeline?lang=fr"))["items"]
    told = {event["kind"]: event for event in events}
    assert (told["approval_asked"]["author"], told["approved"]["author"], told["stage_changed"]["author"]) == (
        "sam",
        "karim",
        "karim",
    )
    assert told["stage_changed"]["text"] == "Étape contentieuse, sous-étape Préparation du dossier : no answer."
    back = await desk.people["sam"].post(f"{path}/stage", json={"stage": "amicable", "reason": "pays"})
    assert (back.status_code, (await desk.office.get(path))["stage"]) == (200, "amicable")
    await story.handle.terminate()


async def test_the_person_who_asked_is_not_the_second_one_and_may_take_it_back(desk: Desk) -> None:
    path, story = await desk.office.open("STAGE-2")
    task = await desk.asked("leila", path, "stage", stage="litigation")
    same = await desk.decide("leila", task)
    assert (same.status_code, same.json()["code"]) == (403, "same_person")
    again = await desk.people["karim"].post(f"{path}/stage", json={"stage": "litigation", "reason": "me too"})
    assert (again.status_code, again.json()["code"]) == (409, "approval_open")
    assert (await desk.decide("leila", task, "refuse")).status_code == 200
    assert (await desk.office.get(path))["stage"] == "amicable"
    await story.handle.terminate()


async def test_of_two_people_at_once_one_is_too_late(desk: Desk) -> None:
    path, story = await desk.office.open("STAGE-3")
    task = await desk.asked("leila", path, "stage", stage="litigation")
    answers = await asyncio.gather(desk.decide("karim", task), desk.decide("ines", task, "refuse"))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    late = next(answer for answer in answers if answer.status_code == 409)
    assert late.json()["type"] == "/problems/decided"
    await story.handle.terminate()


async def test_an_approval_of_what_has_changed_meanwhile_is_stale(desk: Desk) -> None:
    path, story = await desk.office.open("STAGE-4")
    task = await desk.asked("leila", path, "closure", ending="written_off")
    today = (await desk.office.get(path))["today"]
    await desk.office.api.post(f"{path}/payments", json=a_payment(amount="400.00", value_date=today))
    fresh = await desk.office.until(f"/api/tasks/{task}", lambda found: found["version"] == 2)
    assert fresh["proposed"]["balance_due"] == "600.00"
    stale = await desk.decide("karim", task)
    assert (stale.status_code, stale.json()["type"], stale.json()["task"]["version"]) == (409, "/problems/stale", 2)
    gone = await desk.people["ines"].post(f"{path}/closure", json={"ending": "withdrawn", "reason": "wish"})
    assert gone.status_code == 200
    await desk.office.until(path, lambda claim: claim["stage"] == "closed")
    assert (await desk.decide("karim", task, version=2)).status_code == 409
    assert (await desk.office.get(f"/api/tasks/{task}"))["state"] == "withdrawn"
    assert story


async def test_a_loss_is_shown_with_what_came_after_it_and_the_claim_can_be_brought_back(desk: Desk) -> None:
    path, story = await desk.office.open("LOSS-1")
    task = await desk.asked("leila", path, "closure", ending="written_off")
    assert (await desk.decide("ines", task)).status_code == 200
    claim = await desk.office.until(path, lambda claim: claim["stage"] == "closed")
    assert (claim["ending"], claim["balance_due"], claim["written_off"]["amount"]) == (
        "written_off",
        "1000.00",
        "1000.00",
    )
    assert (claim["written_off"]["asked_by"], claim["written_off"]["approved_by"]) == ("leila", "ines")
    await desk.office.api.post(f"{path}/payments", json=a_payment(amount="150.00", value_date=claim["today"]))
    claim = await desk.office.until(
        path, lambda claim: claim["payments"] and claim["payments"][0]["state"] == "applied"
    )
    assert (claim["stage"], claim["written_off"]["recovered"]) == ("closed", "150.00")
    assert (await desk.people["sam"].post(f"{path}/reopening", json={"reason": "x"})).status_code == 403
    back = await desk.people["karim"].post(f"{path}/reopening", json={"reason": "an heir pays"})
    assert (back.status_code, back.json()["stage"]) == (200, "amicable")
    assert (await desk.office.get(path))["written_off"] is None
    assert (await desk.people["karim"].post(f"{path}/reopening", json={"reason": "x"})).status_code == 409
    await story.handle.terminate()


async def test_an_insolvency_is_shown_as_a_suspension_that_nobody_lifts(desk: Desk) -> None:
    path, story = await desk.office.open("HOLD-1")
    debtor = (await desk.office.get(path))["debtor"]["id"]
    change = {"legal_situation": "insolvency"}
    assert (await desk.office.api.patch(f"/api/debtors/{debtor}", json=change)).status_code == 200
    claim = await desk.office.until(path, lambda claim: claim["suspended"])
    assert (claim["suspended"]["reason"], claim["suspended"]["until"]) == ("insolvency", None)
    assert [(task["kind"], task["action_type"]) for task in claim["tasks"]] == [("do_action", "declare_claim")]
    lifted = await desk.people["leila"].request("DELETE", f"{path}/suspension")
    assert (lifted.status_code, lifted.json()["code"]) == (409, "held")
    listed = (await desk.office.get("/api/claims?q=HOLD-1"))["items"][0]
    assert listed["suspended"]["reason"] == "insolvency"
    assert "no_planned_action" not in {alert["code"] for alert in listed["alerts"]}
    await desk.office.api.patch(f"/api/debtors/{debtor}", json={"legal_situation": "active"})
    assert (await desk.office.until(path, lambda claim: claim["suspended"] is None))["tasks"][0]["state"] == "withdrawn"
    await story.handle.terminate()


async def test_above_the_creditors_amounts_a_collector_does_not_decide_and_an_ending_needs_two(desk: Desk) -> None:
    limits = {"above": {"EUR": "900.00"}, "collector_limit": {"EUR": "999.99"}}
    creditor = {"name": "Acme", "approvals": limits, "terms": {"interest": "none", "indemnity": "none"}}
    assert (await desk.office.api.put("/api/catalogue/creditors/ACME", json=creditor)).status_code in (200, 201)
    path, story, task = await desk.office.proposal("LIMIT-1", collector="sam")
    refused = await desk.people["sam"].post(
        f"/api/tasks/{task['id']}/decision",
        json={"decision": "confirm", "version": 1},
        headers={"Accept-Language": "en"},
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "above_limit")
    assert "€1,000.00 is due, above the €999.99" in refused.json()["detail"]
    assert (
        await desk.decide("sam", task["id"], "skip")
    ).status_code == 200  # a limit on what leaves, not on what does not
    approval = await desk.asked("leila", path, "closure", ending="irrecoverable")
    assert (await desk.decide("karim", approval)).status_code == 200
    assert (await desk.office.until(path, lambda claim: claim["stage"] == "closed"))["ending"] == "irrecoverable"
    assert story


@pytest.mark.parametrize(
    ("route", "body", "field"),
    [
        ("stage", {"stage": "litigation", "sub_stage": "never_heard_of", "reason": "x"}, "sub_stage"),
        ("stage", {"stage": "amicable", "sub_stage": "hearing", "reason": "x"}, "sub_stage"),
        ("stage", {"stage": "litigation"}, "reason"),
        ("stage", {"stage": "litigation", "reason": " "}, "reason"),
        ("stage", {"stage": "closed", "reason": "x"}, "stage"),
        ("stage", {"stage": "litigation", "reason": "x", "force": True}, "force"),
        ("reopening", {}, "reason"),
        ("closure", {"ending": "forgotten", "reason": "x"}, "ending"),
    ],
)
async def test_what_is_malformed_names_its_field(
    api: httpx2.AsyncClient, route: str, body: dict[str, Any], field: str
) -> None:
    claim = await opened(api)
    answer = await api.post(f"/api/claims/{claim['number']}/{route}", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


@pytest.mark.parametrize(
    ("approvals", "field"),
    [
        ({"above": {"EUR": "10.001"}}, "approvals.above.EUR"),
        ({"above": {"XXY": "10"}}, "approvals.above.XXY"),
        ({"collector_limit": {"EUR": "-1"}}, "approvals.collector_limit.EUR"),
        ({"below": {}}, "approvals.below"),
        ("10000", "approvals"),
    ],
)
async def test_a_creditors_limits_are_checked(api: httpx2.AsyncClient, approvals: Any, field: str) -> None:
    answer = await api.put("/api/catalogue/creditors/ACME", json={"name": "Acme", "approvals": approvals})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
