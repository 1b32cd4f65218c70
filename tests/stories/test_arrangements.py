"""Stories of arrangements on the real server: one kept with its reminders by real mail, one breached."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from domain.statement import statement
from embedded.mailbox import listen, port_of
from tests.activities.story import THE_SCENARIO, Story, an_intake, opened, prepare, working
from workflows.connection import Address, connect

EVERY_DAY = {"sending_days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "sending_hours": ["00:00", "23:59"]}
STEPS = [{"action_type": "reminder_1", "after": {"due_date": 30}, "mode": "automatic"}]
RACE = {"remind_days_before": 3, "remind_days_after": 1, "tolerance_days": 3, "supervises": True}


@pytest.fixture
async def client(temporal_address: str) -> Client:
    return await connect(Address(temporal_address))


@asynccontextmanager
async def agreed(client: Client, engine: AsyncEngine, tmp_path: Path, **body: Any) -> AsyncIterator[Story]:
    """A claim of 1000 EUR due today, to be paid in two instalments, after 10 and 24 days, 100 waived."""
    await prepare(engine, {**THE_SCENARIO, **EVERY_DAY, "steps": STEPS})
    server = await listen("127.0.0.1", 0, tmp_path / "mailbox")
    async with server, working(client, engine, f"smtp://127.0.0.1:{port_of(server)}"):
        story = await opened(client, engine, tmp_path / "mailbox", an_intake())
        plan = {"count": 2, "every": "two_weeks", "first_due_on": day(10).isoformat(), "waiver": "100.00"}
        assert await story.ask("agree_arrangement", **RACE, **plan, **body) == "applied"
        yield story
        if await story.runs():
            await story.handle.terminate()


def day(ahead: int) -> date:
    return (datetime.now(ZoneInfo("Europe/Paris")) + timedelta(days=ahead)).date()


def bodies(story: Story) -> list[str]:
    return [str(mail.get_payload(0).get_payload(decode=True).decode()) for mail in story.mails()]


async def test_an_arrangement_that_is_kept_reminds_waives_and_closes(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    async with agreed(client, engine, tmp_path) as story:
        await story.forward(8)
        (reminder,) = bodies(story)
        assert "échéance 1 sur 2" in reminder
        assert "450,00" in reminder.replace("\u202f", "")
        assert "1000" not in reminder.replace("\u202f", "").replace(" ", "")  # asks for that instalment alone
        await story.pay("450.00", day(8), "P-1")
        await story.forward(7)
        assert len(story.mails()) == 1  # paid in time: no reminder after it
        await story.forward(11)  # the second day has come and gone: reminded before and after, within the tolerance
        later = [text for text in bodies(story) if "échéance 2 sur 2" in text]
        assert sorted("n’a pas été" in text for text in later) == [False, True]
        assert len(story.mails()) == 3
        await story.pay("450.00", day(26), "P-2")
        await story.until(story.runs, lambda runs: not runs)
        claim = await story.claim()
        assert (claim.arrangements[0].state.value, claim.ending and claim.ending.value) == ("completed", "paid")
        assert [(c.kind, str(c.amount)) for c in claim.corrections] == [("settlement", "100.00")]
        assert ("reminder_1", "sent") not in await story.outcomes()


async def test_a_breached_arrangement_makes_the_whole_due_again_and_proposes_the_stage(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    async with agreed(client, engine, tmp_path, missed_allowed=0) as story:
        await story.forward(12)
        assert [action for action, _ in await story.outcomes()] == ["instalment_due", "instalment_missed"]
        assert (await story.claim()).arrangements[0].state.value == "active"
        await story.forward(3)
        claim = await story.claim()
        assert claim.arrangements[0].state.value == "breached"
        assert sorted((t.kind.value, t.role) for t in claim.open_tasks) == [
            ("broken_promise", "collector"),
            ("stage_change", "supervisor"),
        ]
        assert str(statement(claim, day(15)).principal) == "1000.00"
        await story.forward(18)
        assert ("reminder_1", "sent") in await story.outcomes()
        assert {"instalment_missed", "arrangement_breached"} <= set(await story.timeline())
