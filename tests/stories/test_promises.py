"""Stories of promises on the real server: kept, kept in part, broken, each through its days."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from embedded.mailbox import listen, port_of
from tests.activities.story import THE_SCENARIO, Story, an_intake, opened, prepare, working
from workflows.connection import Address, connect

EVERY_DAY = {"sending_days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "sending_hours": ["00:00", "23:59"]}
STEPS = [
    {"action_type": "reminder_1", "after": {"due_date": 5}, "mode": "automatic"},
    {"action_type": "reminder_2", "after": {"due_date": 15}, "mode": "automatic"},
]


@pytest.fixture
async def client(temporal_address: str) -> Client:
    return await connect(Address(temporal_address))


@asynccontextmanager
async def promised(client: Client, engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[Story]:
    """A claim of 1000 EUR due today, reminded after five days, promised on the seventh for the twelfth."""
    await prepare(engine, {**THE_SCENARIO, **EVERY_DAY, "steps": STEPS})
    server = await listen("127.0.0.1", 0, tmp_path / "mailbox")
    async with server, working(client, engine, f"smtp://127.0.0.1:{port_of(server)}"):
        story = await opened(client, engine, tmp_path / "mailbox", an_intake())
        await story.forward(7)
        assert await story.outcomes() == [("reminder_1", "sent")]
        assert await story.ask("make_promise", promised_on=day(12).isoformat()) == "applied"
        yield story
        if await story.runs():
            await story.handle.terminate()


def day(ahead: int) -> date:
    """The claim's own day after so many days of the story."""
    return (datetime.now(ZoneInfo("Europe/Paris")) + timedelta(days=ahead)).date()


async def state_of(story: Story) -> str:
    return (await story.claim()).promises[-1].state.value


async def test_a_promise_that_is_kept_is_followed_up_on_its_day_and_the_claim_closes(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    async with promised(client, engine, tmp_path) as story:
        await story.forward(6)  # its day is over: somebody was asked to look
        (task,) = (await story.claim()).open_tasks
        assert (task.kind.value, task.action_type) == ("do_action", "promise_check")
        assert {reason["code"] for reason in task.why} >= {"promise_follow_up"}
        await story.pay("1000.00", day(13))
        await story.until(story.runs, lambda runs: not runs)
        claim = await story.claim()
        assert (claim.stage.value, claim.ending and claim.ending.value) == ("closed", "paid")
        assert (await state_of(story), claim.open_tasks) == ("kept", ())
        assert len(story.mails()) == 1  # nothing was chased meanwhile


async def test_of_a_promise_kept_in_part_the_rest_is_asked_and_the_scenario_goes_on(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    async with promised(client, engine, tmp_path) as story:
        await story.forward(2)
        await story.pay("400.00", day(9))
        await story.forward(8)  # the promised day, its three days of tolerance, and the next
        assert await state_of(story) == "partial"
        tasks = [(t.kind.value, t.action_type, t.why[0]["facts"]["rest"]) for t in (await story.claim()).open_tasks]
        assert tasks == [("do_action", "call", "600.00")]
        assert (await story.outcomes())[0:1] == [("reminder_1", "sent")]
        assert ("reminder_2", "sent") in await story.outcomes()  # it resumed where it stood
        assert "promise_partial" in await story.timeline()


async def test_a_broken_promise_is_a_task_and_the_scenario_resumes_at_its_step(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    async with promised(client, engine, tmp_path) as story:
        await story.forward(7)  # two days after the promised day: it may still come
        assert await state_of(story) == "open"
        assert len(story.mails()) == 1
        await story.forward(3)
        claim = await story.claim()
        assert await state_of(story) == "broken"
        assert [(t.kind.value, t.why[0]["code"]) for t in claim.open_tasks] == [("broken_promise", "promise_broken")]
        chased = [(action, outcome) for action, outcome in await story.outcomes() if action.startswith("reminder")]
        assert chased == [("reminder_1", "sent"), ("reminder_2", "sent")]
        assert len(story.mails()) == 2
