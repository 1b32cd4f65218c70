"""The API with the real workflow and worker: what a claim answers, and what is answered when it does not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from api.app import create_app
from api.surroundings import ApiSettings
from db import people
from embedded.mailbox import listen, port_of
from tests.activities.story import Story, prepare, working
from tests.api.conftest import KEY, client_of
from tests.api.stories import a_payment, an_intake
from workflows.clock import ToldClaim
from workflows.connection import Address, connect

ASKS_AT_ONCE = {
    "label": {"fr": "Essai", "en": "Trial"},
    "sending_days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
    "sending_hours": ["00:00", "23:59"],
    "public_holidays": False,
    "steps": [
        {"action_type": "formal_notice", "after": {"due_date": 10}, "mode": "to_confirm", "expires_after_days": 6}
    ],
}


@dataclass
class Office:
    """An office at work: the API, and a way to move one claim's time."""

    api: httpx2.AsyncClient
    client: Client
    engine: AsyncEngine
    maildir: Path

    async def open(self, reference: str, *, due_on: date | None = None, **given: Any) -> tuple[str, Story]:
        """A claim of 1000 EUR that was due 20 days ago unless said otherwise; its address and its story."""
        due = due_on or datetime.now(UTC).date() - timedelta(days=20)
        items = [{"reference": "F-1", "due_on": due.isoformat(), "amount": "1000.00"}]
        body = an_intake(reference, items=items, scenario="trial", **given)
        answer = await self.api.post("/api/claims", json=body)
        assert answer.status_code == 201, answer.text
        claim = answer.json()
        told = ToldClaim(UUID(claim["id"]), claim["number"], "ACME", "EUR", "amicable")
        return f"/api/claims/{claim['number']}", Story(self.client, self.engine, told, self.maildir)

    async def get(self, path: str) -> dict[str, Any]:
        answer = await self.api.get(path)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def until(self, path: str, holds: Any) -> dict[str, Any]:
        for _ in range(300):
            body = await self.get(path)
            if holds(body):
                return body
            await asyncio.sleep(0.05)
        raise AssertionError(f"it did not happen: {body}")

    async def proposal(self, reference: str, **given: Any) -> tuple[str, Story, dict[str, Any]]:
        """A claim whose formal notice waits for a person."""
        path, story = await self.open(reference, **given)
        await self.until(path, lambda claim: claim["waiting_for"] is not None and claim["next_step"] is not None)
        await story.forward(1)
        claim = await self.until(path, lambda claim: claim["tasks"])
        return path, story, claim["tasks"][0]


@pytest.fixture
async def temporal(temporal_address: str) -> Client:
    return await connect(Address(temporal_address))


@asynccontextmanager
async def office_of(engine: AsyncEngine, temporal: Client, maildir: Path) -> AsyncIterator[Office]:
    """The office without its worker."""
    await prepare(engine, ASKS_AT_ONCE)
    async with engine.begin() as connection:
        await people.write_key(connection, name="test", secret=KEY, role="everything")
        await people.write_key(connection, name="leila", secret="rk_leila_leila", role="supervisor")
    app = create_app(ApiSettings(answer_deadline=timedelta(seconds=5)), engine, client=temporal)
    async with app.router.lifespan_context(app), client_of(app, KEY) as api:
        yield Office(api, temporal, engine, maildir)


@pytest.fixture
async def office(engine: AsyncEngine, temporal: Client, tmp_path: Path) -> AsyncIterator[Office]:
    server = await listen("127.0.0.1", 0, tmp_path / "mailbox")
    url = f"smtp://127.0.0.1:{port_of(server)}"
    async with server, office_of(engine, temporal, tmp_path / "mailbox") as office, working(temporal, engine, url):
        yield office


async def test_a_cost_is_there_once_it_is_answered(office: Office) -> None:
    path, _ = await office.open("COST-1")
    today = datetime.now(UTC).date().isoformat()
    answer = await office.api.post(f"{path}/costs", json={"kind": "bailiff", "amount": "80.00", "incurred_on": today})
    assert answer.status_code == 201
    assert (await office.get(path))["costs"]["incurred"] == "80.00"


async def test_a_claim_is_paid_and_closes_and_is_owed_again(office: Office) -> None:
    path, _ = await office.open("PAID-1")
    today = datetime.now(UTC).date().isoformat()
    answer = await office.api.post(f"{path}/payments", json=a_payment(amount="1000.00", value_date=today, item="F-1"))
    entry = await office.until(f"{path}/entries/{answer.json()['entry']}", lambda entry: entry["state"] == "applied")
    assert entry["outcome"]["payment_id"] == answer.json()["payment_id"]
    claim = await office.until(path, lambda claim: claim["stage"] == "closed")
    assert (claim["ending"], claim["balance_due"], claim["paid"], claim["waiting_for"]) == (
        "paid",
        "0.00",
        "1000.00",
        "nothing",
    )
    assert claim["payments"][0]["allocations"] == [{"item": "F-1", "to": "principal", "amount": "1000.00"}]
    body = {"reason": "cheque bounced", "value_date": today}
    assert (await office.api.post(f"{path}/payments/P-1/reversal", json=body)).status_code == 202
    claim = await office.until(path, lambda claim: claim["stage"] != "closed")
    assert (claim["balance_due"], claim["payments"][0]["state"]) == ("1000.00", "reversed")
    kinds = [event["kind"] for event in (await office.get(f"{path}/timeline"))["items"]]
    assert {"claim_opened", "payment_received", "claim_closed", "payment_reversed", "claim_reopened"} <= set(kinds)
    assert kinds[-1] == "claim_opened"


async def test_a_proposal_is_confirmed_once_and_leaves_as_it_was_seen(office: Office) -> None:
    path, story, task = await office.proposal("CONFIRM-1")
    assert task["allowed"] == ["confirm", "override", "postpone", "skip"]
    assert task["proposed"]["balance_due"] == "1000.00"
    preview = await office.api.get(task["preview_url"])
    assert preview.status_code == 200
    assert "sandbox" in preview.headers["content-security-policy"] or preview.content.startswith(b"%PDF")
    decision = {"decision": "confirm", "version": task["version"]}
    decide = f"/api/tasks/{task['id']}/decision"
    async with client_of(office.api._transport.app, "rk_leila_leila") as leila:  # type: ignore[attr-defined]
        answers = await asyncio.gather(office.api.post(decide, json=decision), leila.post(decide, json=decision))
    assert sorted(a.status_code for a in answers) == [200, 409]
    loser = next(a for a in answers if a.status_code == 409).json()
    assert loser["type"].endswith("/decided")
    assert loser["decided_by"] in ("api:test", "api:leila")
    claim = await office.until(path, lambda claim: claim["actions"][0]["outcome"] == "sent")
    assert claim["actions"][0]["decided_by"] == loser["decided_by"]
    assert claim["tasks"][0]["state"] == "decided"
    if claim["documents"]:
        fetched = await office.api.get(claim["documents"][0]["url"])
        assert (fetched.status_code, fetched.headers["x-content-type-options"]) == (200, "nosniff")
    await story.handle.terminate()


async def test_a_stale_decision_is_refused_with_the_new_preview(office: Office) -> None:
    path, story, task = await office.proposal("STALE-1")
    today = (await office.get(path))["today"]
    await office.api.post(f"{path}/payments", json=a_payment(amount="400.00", value_date=today))
    await office.until(f"/api/tasks/{task['id']}", lambda fresh: fresh["version"] == 2)
    decision = {"decision": "confirm", "version": 1}
    answer = await office.api.post(
        f"/api/tasks/{task['id']}/decision", json=decision, headers={"Accept-Language": "fr"}
    )
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/stale")
    assert (answer.json()["task"]["version"], answer.json()["task"]["proposed"]["balance_due"]) == (2, "600.00")
    many = [
        {"task": task["id"], **decision},
        {"task": task["id"], "decision": "skip", "version": 2},
        {"task": "nobody", **decision},
    ]
    outcomes = (await office.api.post("/api/tasks/decisions", json={"decisions": many[:1] + many[2:]})).json()[
        "outcomes"
    ]
    assert [o["status"] for o in outcomes] == [409, 404]
    outcomes = (await office.api.post("/api/tasks/decisions", json={"decisions": many[1:2]})).json()["outcomes"]
    assert [(o["status"], o["outcome"]) for o in outcomes] == [(200, "skip")]
    await story.handle.terminate()


async def test_the_inbox_lists_what_waits_for_a_person(office: Office) -> None:
    _, story, task = await office.proposal("INBOX-1")
    page = await office.get("/api/tasks?state=open&kind=confirm_action&claim=INBOX-1&sort=due_at")
    assert [line["id"] for line in page["items"]] == [task["id"]]
    assert page["items"][0]["claim"]["reference"] == "INBOX-1"
    assert page["items"][0]["why"]
    assert all(reason["text"] != reason["code"] for reason in page["items"][0]["why"])
    assert (await office.get("/api/tasks?assignee=somebody"))["items"] == []
    await story.handle.terminate()


async def test_people_qualify_suspend_resume_and_end_a_claim(office: Office) -> None:
    path, _ = await office.open("COURSE-1")
    given = await office.api.post(
        f"{path}/statuses", json={"items": ["F-1"], "status": "disputed_price", "comment": "asks for proof"}
    )
    assert given.status_code == 200, given.text
    claim = await office.get(path)
    assert (claim["items"][0]["status_category"], claim["items"][0]["off_scenario"]) == ("dispute", "dispute")
    assert (await office.api.delete(f"{path}/suspension")).status_code == 409
    assert (
        await office.api.post(f"{path}/suspension", json={"reason": "talks", "until": "2020-01-01"})
    ).status_code == 422
    assert (await office.api.post(f"{path}/suspension", json={"reason": "talks"})).status_code == 200
    assert (await office.get(path))["suspended"] == {"reason": "talks", "until": None}
    assert (await office.api.delete(f"{path}/suspension")).status_code == 200
    assert (await office.api.post(f"{path}/notes", json={"text": "rang, no answer"})).status_code == 202
    written_off = await office.api.post(f"{path}/closure", json={"ending": "written_off", "reason": "gone"})
    assert (written_off.status_code, written_off.json()["outcome"]) == (202, "second_approval")
    assert (
        await office.api.post(f"{path}/closure", json={"ending": "withdrawn", "reason": "creditor's wish"})
    ).status_code == 200
    claim = await office.until(path, lambda claim: claim["stage"] == "closed")
    assert claim["ending"] == "withdrawn"
    refused = await office.api.post(f"{path}/suspension", json={"reason": "talks"}, headers={"Accept-Language": "fr"})
    assert (refused.status_code, refused.json()["code"]) == (409, "claim_closed")


async def test_the_plan_says_what_comes_and_why(office: Office) -> None:
    path, story = await office.open("PLAN-1", due_on=datetime.now(UTC).date() + timedelta(days=30))
    plan = await office.get(f"{path}/plan")
    first = plan["steps"][0]
    assert (first["action_type"], first["kind"], first["step"]) == ("formal_notice", "scenario_step", 0)
    french = await office.get(f"{path}/plan?lang=fr")
    assert plan["steps"][0]["why"][0]["facts"] == french["steps"][0]["why"][0]["facts"]
    assert plan["steps"][0]["why"][0]["text"] != french["steps"][0]["why"][0]["text"]
    assert (await office.api.get(f"{path}/plan?until=2020-01-01")).status_code == 422
    claim = await office.until(path, lambda claim: claim["next_step"] is not None)
    assert claim["next_step"]["due_at"] == plan["steps"][0]["due_at"]
    statement = await office.get(f"{path}/statement?on={plan['until']}")
    assert (statement["balance_due"], statement["lines"][0]["overdue"]) == ("1000.00", True)
    await story.handle.terminate()


async def test_without_a_worker_a_request_is_taken_and_answered_later(
    engine: AsyncEngine, temporal: Client, tmp_path: Path
) -> None:
    async with office_of(engine, temporal, tmp_path / "mailbox") as office:
        office.api._transport.app.state.surroundings = create_app(  # type: ignore[attr-defined]
            ApiSettings(answer_deadline=timedelta(milliseconds=300)), engine, client=temporal
        ).state.surroundings
        path, _ = await office.open("LATE-1")
        began = asyncio.get_running_loop().time()
        key = {"Idempotency-Key": "s1"}
        late = await office.api.post(f"{path}/suspension", json={"reason": "talks"}, headers=key)
        assert asyncio.get_running_loop().time() - began < 3
        assert late.status_code == 202
        paid = await office.api.post(f"{path}/payments", json=a_payment(amount="10.00", value_date="2026-03-01"))
        assert paid.status_code == 202
        async with working(temporal, engine, "smtp://127.0.0.1:1"):
            entry = await office.until(
                f"{path}/entries/{late.json()['entry']}", lambda entry: entry["state"] == "applied"
            )
            claim = await office.until(path, lambda claim: claim["payments"][0]["state"] == "applied")
        assert claim["suspended"]["reason"] == "talks"
        again = await office.api.post(f"{path}/suspension", json={"reason": "talks"}, headers=key)
        assert (again.status_code, again.json()["entry"]) == (200, entry["entry"])


async def test_health_is_ok_when_a_worker_asks_for_work(office: Office) -> None:
    answer = await office.api.get("/api/health")
    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "ok", "database": "ok", "temporal": "ok", "worker": "ok"},
    )
