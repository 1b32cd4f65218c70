"""The clocks of the law on the real server: limitation warned, then interrupted by a part payment, an event, and taken back."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from api.app import create_app
from api.surroundings import ApiSettings
from db import people
from domain.claim import Claim, TaskKind
from domain.legal_time import years_later
from embedded.mailbox import listen, port_of
from tests.activities.story import THE_SCENARIO, Story, an_intake, opened, prepare, working
from tests.api.conftest import KEY, client_of
from workflows.connection import Address, connect

QUIET = {**THE_SCENARIO, "minimum_amount": "5000.00"}  # nothing is ever chased: the law's calendar is left


@pytest.fixture
async def client(temporal_address: str) -> Client:
    return await connect(Address(temporal_address))


@pytest.fixture
async def near(client: Client, engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[Story]:
    """An invoice whose limitation runs out in 70 days."""
    await prepare(engine, QUIET)
    server = await listen("127.0.0.1", 0, tmp_path / "mailbox")
    last = datetime.now(UTC).date() + timedelta(days=70)
    intake = an_intake()
    intake["items"][0]["due_on"] = years_later(last, -5).isoformat()
    async with server, working(client, engine, f"smtp://127.0.0.1:{port_of(server)}"):
        story = await opened(client, engine, tmp_path / "mailbox", intake)
        yield story
        await story.handle.terminate()


def warnings(claim: Claim) -> list[tuple[str, str, Any]]:
    return [(t.role, t.state.value, t.why[0]["facts"].get("days")) for t in claim.tasks if t.kind is TaskKind.CLOCK]


async def test_limitation_is_warned_of_then_interrupted_by_a_part_payment(near: Story) -> None:
    assert (await near.claim()).waiting_for == "nothing"
    assert "no_planned_action" in await near.alerts()
    await near.forward(12)
    assert warnings(await near.claim()) == [("collector", "open", 60)]
    await near.forward(30)
    assert warnings(await near.claim()) == [("collector", "open", 30)]
    paid_on = datetime.now(UTC).date() + timedelta(days=41)
    await near.pay("100.00", paid_on)
    claim = await near.claim()
    assert warnings(claim) == [("collector", "withdrawn", 30)]
    assert claim.clock_marks == ()
    next_warning = await near.next_due()
    assert next_warning is not None
    assert next_warning.date() - years_later(paid_on, 5) < timedelta(days=-58)
    assert {"clock_warned", "clock_moved", "task_withdrawn"} <= set(await near.timeline())
    await near.forward(40)  # past what would have been its last day
    assert warnings(await near.claim()) == [("collector", "withdrawn", 30)]


async def test_limitation_goes_to_the_supervisor_runs_out_and_an_acknowledgement_found_later_saves_it(
    near: Story,
) -> None:
    await near.forward(64)
    assert warnings(await near.claim()) == [("supervisor", "open", 8)]
    await near.forward(10)
    claim = await near.claim()
    assert [(t.role, t.state.value, t.why[0]["code"]) for t in claim.open_tasks] == [
        ("supervisor", "open", "limitation_over")
    ]
    signed_on = (datetime.now(UTC).date() + timedelta(days=60)).isoformat()
    assert await near.ask("record_legal_event", kind="acknowledgement", on=signed_on) == "recorded"
    assert (await near.claim()).open_tasks == ()
    (event,) = (await near.claim()).legal_events
    told = {"event_id": str(event.id), "reason": "another debtor's letter"}
    assert await near.ask("retract_legal_event", **told) == "retracted"
    await near.forward(1)
    assert [t.why[0]["code"] for t in (await near.claim()).open_tasks] == ["limitation_over"]


async def test_an_event_over_http_moves_the_clock_once_and_its_retraction_moves_it_back(near: Story) -> None:
    async with near.engine.begin() as connection:
        await people.write_key(connection, name="test", secret=KEY, role="everything")
    app = create_app(ApiSettings(answer_deadline=timedelta(seconds=5)), near.engine, client=near.client)
    path = f"/api/claims/{near.told.number}"
    today = datetime.now(UTC).date()
    body = {"kind": "acknowledgement", "on": (today - timedelta(days=9)).isoformat(), "item": "F-1"}
    async with app.router.lifespan_context(app), client_of(app, KEY) as api:
        first = await api.post(f"{path}/legal-events", json=body)
        again = await api.post(f"{path}/legal-events", json=body)
        assert (first.status_code, again.status_code, first.json()["id"]) == (201, 200, again.json()["id"])
        (clock,) = (await api.get(path)).json()["clocks"]
        moved_to = years_later(today - timedelta(days=9), 5).isoformat()
        assert (clock["runs_out_on"], clock["why"][0]["code"]) == (moved_to, "clock_interrupted")
        retraction = f"{path}/legal-events/{first.json()['id']}/retraction"
        gone = await api.post(retraction, json={"reason": "another debtor's letter"})
        refused = await api.post(retraction, json={"reason": "another debtor's letter"})
        assert (gone.status_code, refused.status_code, refused.json()["code"]) == (200, 409, "retracted_already")
        claim = (await api.get(path)).json()
        assert claim["clocks"][0]["runs_out_on"] != moved_to
        assert claim["legal_events"][0]["retracted"]["reason"] == "another debtor's letter"
        plan = (await api.get(f"{path}/plan?until={(today + timedelta(days=80)).isoformat()}")).json()
        assert [step["kind"] for step in plan["steps"]] == ["clock"] * 4
