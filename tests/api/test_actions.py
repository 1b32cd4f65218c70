"""Actions, procedures, guarantees and deeds over HTTP: what is checked before the claim is asked, and what it answers."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from db import entries
from db.catalogue import write
from embedded.mailbox import listen, port_of
from tests.activities.story import working
from tests.api.stories import opened
from tests.api.test_on_real_parts import Office, office_of
from workflows.connection import Address, connect

NOT_DUE = date(2199, 1, 1)  # the scenario has nothing to do meanwhile
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
async def desk(engine: AsyncEngine, temporal_address: str, tmp_path: Path) -> AsyncIterator[Office]:
    temporal: Client = await connect(Address(temporal_address))
    server = await listen("127.0.0.1", 0, tmp_path / "mailbox")
    url = f"smtp://127.0.0.1:{port_of(server)}"
    async with server, office_of(engine, temporal, tmp_path / "mailbox") as office, working(temporal, engine, url):
        yield office


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"action_type": "smoke_signal"}, "action_type", "unknown_action_type"),
        ({"action_type": "call", "agent": "nobody"}, "agent", "unknown_agent"),
        ({"action_type": "call", "items": ["F-1", "F-9"]}, "items[1]", "unknown_item"),
        ({"action_type": "call", "channel": "email"}, "channel", "not_a_channel"),
        ({"action_type": "call", "starts_on": "2026-05-01", "due_on": "2026-04-30"}, "due_on", "before_start"),
        ({"action_type": "call", "starts_on": "soon"}, "starts_on", "value_error"),
        ({"action_type": "call", "mode": "automatic"}, "mode", "extra_forbidden"),
    ],
)
async def test_an_action_that_cannot_be_is_refused_with_its_field(
    api: httpx2.AsyncClient, body: dict[str, Any], field: str, code: str
) -> None:
    claim = await opened(api)
    answer = await api.post(f"/api/claims/{claim['number']}/actions", json=body)
    assert answer.status_code == 422
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]


async def test_an_action_is_taken_while_the_claim_cannot_answer(api: httpx2.AsyncClient) -> None:
    claim = await opened(api)
    answer = await api.post(f"/api/claims/{claim['number']}/actions", json={"action_type": "call"})
    assert answer.status_code == 202
    assert (await api.get(answer.json()["url"])).json()["state"] == "received"


async def test_what_is_not_of_the_claim_is_not_found(api: httpx2.AsyncClient) -> None:
    path = f"/api/claims/{(await opened(api))['number']}"
    for method, address, body in (
        ("PATCH", f"actions/{NOBODY}", {"object": "x"}),
        ("POST", "actions/not-an-id/execution", {}),
        ("POST", f"actions/{NOBODY}/cancellation", {"reason": "x"}),
        ("PATCH", f"procedures/{NOBODY}", {"court": "x"}),
        ("POST", f"procedures/{NOBODY}/title", {"on": "2026-02-01", "kind": "judgment"}),
        ("POST", f"procedures/{NOBODY}/hearings/{NOBODY}/outcome", {"outcome": "held"}),
        ("PATCH", f"guarantees/{NOBODY}", {"rank": 1}),
        ("POST", f"guarantees/{NOBODY}/release", {}),
    ):
        answer = await api.request(method, f"{path}/{address}", json=body)
        assert answer.status_code == 404, address


async def test_a_file_belongs_only_to_what_the_claim_has_and_a_deed_bears_a_day_that_has_come(
    api: httpx2.AsyncClient,
) -> None:
    path = f"/api/claims/{(await opened(api))['number']}/documents"
    for data, field in (
        ({"action": NOBODY}, "action"),
        ({"procedure": NOBODY}, "procedure"),
        ({"cost": "x"}, "cost"),
        ({"dated_on": "2199-01-01"}, "dated_on"),
        ({"dated_on": "yesterday"}, "dated_on"),
        ({"kind": "poem"}, "kind"),
    ):
        answer = await api.post(path, files={"file": ("a.pdf", b"%PDF-1")}, data=data)
        assert (answer.status_code, [e["field"] for e in answer.json()["errors"]]) == (422, [field]), data
    kept = await api.post(path, files={"file": ("a.pdf", b"%PDF-1")}, data={"kind": "deed", "dated_on": "2026-01-02"})
    assert (kept.json()["kind"], kept.json()["dated_on"]) == ("deed", "2026-01-02")


async def test_the_agents_of_the_catalogue_are_checked_and_kept_while_in_use(
    api: httpx2.AsyncClient,
) -> None:
    path = "/api/catalogue/agents"
    wrong = {"code": "x", "name": "X", "kind": "notary", "email": "nowhere", "countries": ["Tunisia"]}
    refused = await api.post(path, json=wrong)
    assert {error["field"] for error in refused.json()["errors"]} == {"kind", "email", "countries"}
    body = {
        "code": "martin",
        "name": "Étude Martin",
        "kind": "bailiff",
        "email": "e@bailiff.example",
        "countries": ["FR"],
    }
    assert (await api.post(path, json=body)).status_code == 201
    kind = (await api.get("/api/catalogue/action-types/service")).json()
    unknown = await api.put("/api/catalogue/action-types/service", json={**kind, "default_agent": "ghost"})
    assert [error["code"] for error in unknown.json()["errors"]] == ["unknown_agent"]
    assert (
        await api.put("/api/catalogue/action-types/service", json={**kind, "default_agent": "martin"})
    ).status_code == 200
    assert (await api.delete(f"{path}/martin")).status_code == 409
    assert (
        await api.put("/api/catalogue/action-types/service", json={**kind, "default_agent": None})
    ).status_code == 200
    assert (await api.delete(f"{path}/martin")).status_code == 204


async def test_an_action_is_planned_changed_and_executed_in_one_click(desk: Office) -> None:
    path, story = await desk.open("ACTIONS-1", due_on=NOT_DUE)
    body = {"action_type": "call", "starts_on": "2199-01-01", "object": "ask for the accountant", "items": ["F-1"]}
    made = await desk.api.post(f"{path}/actions", json=body, headers={"Idempotency-Key": "call-1"})
    assert made.status_code == 201, made.text
    action = made.json()
    assert (action["planned_end_on"], action["reminder_on"], action["fee"], action["outcome"]) == (
        "2199-01-03",
        "2199-01-02",
        None,
        None,
    )
    again = await desk.api.post(f"{path}/actions", json=body, headers={"Idempotency-Key": "call-1"})
    assert again.json() == action
    assert (await desk.get(path))["items"][0]["off_scenario"] == "specific_action"
    address = f"{path}/actions/{action['id']}"
    changed = await desk.api.patch(address, json={"observations": "in the morning", "due_on": "2199-02-01"})
    assert (changed.status_code, changed.json()["observations"], changed.json()["object"]) == (
        200,
        "in the morning",
        "ask for the accountant",
    )
    statuses = [{"items": ["F-1"], "status": "to_follow", "comment": "calls back"}]
    told = {"result": "reached", "comment": "calls back on Monday", "statuses": statuses}
    done = await desk.api.post(f"{address}/execution", json=told)
    assert (done.status_code, done.json()["outcome"]) == (200, "done")
    claim = await desk.get(path)
    shown = next(each for each in claim["actions"] if each["id"] == action["id"])
    assert (shown["origin"], shown["step"], shown["outcome"], shown["reason"], shown["items"]) == (
        "manual",
        None,
        "done",
        "reached",
        ["F-1"],
    )
    assert (claim["items"][0]["status"], shown["notes"][0]["text"]) == ("to_follow", "calls back on Monday")
    refused = await desk.api.post(f"{address}/execution", json={})
    assert (refused.status_code, refused.json()["code"]) == (409, "action_ended")
    await story.handle.terminate()


async def test_the_fee_is_charged_when_it_is_executed_and_never_when_it_is_given_up(desk: Office) -> None:
    path, story = await desk.open("ACTIONS-2", due_on=NOT_DUE)
    plan = {"action_type": "formal_notice", "channel": "email", "starts_on": "2199-01-01"}
    first, second = [(await desk.api.post(f"{path}/actions", json=plan)).json() for _ in range(2)]
    assert first["fee"] == "15.00"
    assert (await desk.api.post(f"{path}/actions/{first['id']}/cancellation", json={"reason": "no"})).status_code == 200
    assert (await desk.get(path))["costs"]["incurred"] == "0.00"
    released = await desk.api.post(f"{path}/actions/{second['id']}/execution")
    assert (released.status_code, released.json()["state"]) == (200, "confirmed")
    claim = await desk.until(path, lambda claim: claim["costs"]["incurred"] == "15.00")
    outcomes = {a["id"]: a["outcome"] for a in claim["actions"]}
    assert (outcomes[first["id"]], outcomes[second["id"]]) == ("skipped", "sent")
    assert len(story.mails()) == 1
    other_stage = await desk.api.post(f"{path}/actions", json={"action_type": "summons"})
    assert (other_stage.status_code, other_stage.json()["code"]) == (409, "other_stage")
    assert "litigation" in other_stage.json()["detail"]
    await story.handle.terminate()


async def test_a_guarantee_is_added_changed_and_released_and_the_intakes_are_there(desk: Office) -> None:
    person = {"name": "Odile Perrin", "lines": ["3 quai du Rhône"], "postal_code": "69001", "city": "Lyon"}
    path, story = await desk.open(
        "GUARANTEES-1", due_on=NOT_DUE, guarantees=[{"kind": "surety", "person": person, "amount": "500"}]
    )
    claim = await desk.until(path, lambda claim: claim["guarantees"])
    assert (claim["guarantees"][0]["person"], claim["guarantees"][0]["amount"]) == (person, "500.00")
    body = {"kind": "mortgage", "amount": "2000.00", "currency": "EUR", "rank": 2, "valid_until": "2199-01-01"}
    made = await desk.api.post(f"{path}/guarantees", json=body)
    assert made.status_code == 201, made.text
    address = f"{path}/guarantees/{made.json()['id']}"
    assert (await desk.api.patch(address, json={"rank": 1, "description": "parcel 12"})).status_code == 200
    assert (await desk.api.post(f"{address}/release", json={"reason": "sold"})).status_code == 200
    mortgage = next(g for g in (await desk.get(path))["guarantees"] if g["kind"] == "mortgage")
    assert (mortgage["rank"], mortgage["amount"], mortgage["state"]) == (1, "2000.00", "released")
    refused = await desk.api.patch(address, json={"rank": 3})
    assert (refused.status_code, refused.json()["code"]) == (409, "guarantee_is_released")
    for wrong in ({"kind": "x", "currency": "TND"}, {"kind": "x", "amount": "-1"}, {"kind": "No!"}, {"rank": 1}):
        assert (await desk.api.post(f"{path}/guarantees", json=wrong)).status_code == 422
    await story.handle.terminate()


async def test_a_cost_gets_its_document_and_an_action_its_deed(desk: Office, engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await write(connection, "agents", "martin", {"name": "Étude Martin", "kind": "bailiff"}, "test")
    path, story = await desk.open("DEEDS-1", takeover={"stage": "enforcement"})
    today = (await desk.get(path))["today"]
    cost = (
        await desk.api.post(f"{path}/costs", json={"kind": "bailiff", "amount": "80.00", "incurred_on": today})
    ).json()
    await desk.until(path, lambda claim: claim["costs_incurred"])
    bill = await desk.api.post(
        f"{path}/documents", files={"file": ("bill.pdf", b"%PDF-1")}, data={"cost": cost["id"], "kind": "invoice"}
    )
    assert (bill.status_code, bill.json()["cost"]) == (201, cost["id"])
    for _ in range(200):
        (kept,) = (await story.claim()).costs
        if kept.document_id is not None:
            break
        await desk.get(path)
    assert str(kept.document_id) == bill.json()["id"]
    assert (await desk.api.delete("/api/catalogue/agents/martin")).status_code == 204
    made = await desk.api.post(f"{path}/actions", json={"action_type": "command_to_pay", "agent": "bailiff"})
    deed = {"action": made.json()["id"], "kind": "deed", "dated_on": today}
    answer = await desk.api.post(f"{path}/documents", files={"file": ("pv.pdf", b"%PDF-2")}, data=deed)
    claim = await desk.until(path, lambda claim: claim["actions"][0]["returned_on"])
    assert claim["actions"][0]["documents"] == [answer.json()["id"]]
    await story.handle.terminate()


async def test_only_a_file_that_changes_something_is_told_to_the_claim(
    api: httpx2.AsyncClient, engine: AsyncEngine
) -> None:
    claim = await opened(api)
    await api.post(f"/api/claims/{claim['number']}/documents", files={"file": ("a.txt", b"one")})
    async with engine.begin() as connection:
        told = await entries.unapplied(connection, UUID(claim["id"]))
    assert [entry.kind for entry in told] == ["opened"]
