"""Scenarios on the real server: an outage caught up, a scenario edited while claims run, one voice for one debtor."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from db.catalogue import write
from db.intake import open_claim
from domain.claim import Action
from domain.intake import read_intake
from embedded.mailbox import listen, port_of
from tests.activities.story import Story, an_intake, opened, prepare, working
from workflows.clock import ToldClaim, tell
from workflows.connection import Address, connect

AT_ANY_HOUR: dict[str, Any] = {
    "label": {"fr": "Essai", "en": "Trial"},
    "sending_days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
    "sending_hours": ["00:00", "23:59"],
    "public_holidays": False,
}
RUNNING_CLAIMS = 50


def a_scenario(*steps: tuple[str, int], spacing: int = 0) -> dict[str, Any]:
    """Automatic reminders, each some days after the due date."""
    return {
        **AT_ANY_HOUR,
        "minimum_days_between_contacts": spacing,
        "steps": [{"action_type": kind, "after": {"due_date": days}, "mode": "automatic"} for kind, days in steps],
    }


@pytest.fixture
async def client(temporal_address: str) -> Client:
    return await connect(Address(temporal_address))


@asynccontextmanager
async def at_work(client: Client, engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[Path]:
    """A worker and a mail server; answers where its mails arrive."""
    maildir = tmp_path / "mailbox"
    server = await listen("127.0.0.1", 0, maildir)
    async with server, working(client, engine, f"smtp://127.0.0.1:{port_of(server)}"):
        yield maildir


def day_of(instant: datetime | None) -> date:
    """The claims' own day."""
    assert instant is not None
    return instant.astimezone(ZoneInfo("Europe/Paris")).date()


def left_on(action: Action) -> date:
    return day_of(action.done_at)


# ---- an outage ---------------------------------------------------------------------------------


async def a_claim_of_ten_days_ago(client: Client, engine: AsyncEngine, maildir: Path) -> Story:
    """It was opened when nobody worked any more: three reminders have fallen due since."""
    then = datetime.now(UTC) - timedelta(days=10)
    intake = an_intake(due_in_days=-14)
    async with engine.begin() as connection:
        new = await open_claim(connection, read_intake(intake), author="test", now=then)
    story = Story(client, engine, ToldClaim(new.claim_id, new.number, "ACME", "EUR", "amicable"), maildir)
    await tell(client, story.told, "opened", new.entry_id, now=then)
    return story


async def test_an_outage_of_ten_days_is_caught_up_without_a_burst(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    steps = (("reminder_1", 5), ("reminder_2", 9), ("last_reminder", 13), ("reminder_2", 17))
    await prepare(engine, a_scenario(*steps, spacing=5))
    story = await a_claim_of_ten_days_ago(client, engine, tmp_path / "mailbox")
    await asyncio.sleep(0.3)
    assert await story.outcomes() == []  # nobody works
    async with at_work(client, engine, tmp_path):
        caught_up = [("reminder_1", "skipped"), ("reminder_2", "skipped"), ("last_reminder", "sent")]
        await story.until(story.outcomes, lambda found: found == caught_up)
        await story.forward(4)  # the fourth falls due in three days, and keeps its distance from the third
        assert await story.outcomes() == caught_up
        assert len(story.mails()) == 1
        await story.forward(3)
        claim = await story.claim()
        assert [action.reason for action in claim.actions[:2]] == ["caught_up", "caught_up"]
        assert await story.outcomes() == [*caught_up, ("reminder_2", "sent")]
        assert left_on(claim.actions[3]) - left_on(claim.actions[2]) == timedelta(days=5)
        assert len(story.mails()) == 2
        await story.handle.terminate()


# ---- a scenario that is edited -----------------------------------------------------------------


async def test_a_scenario_edited_while_fifty_claims_run_moves_none_but_the_one_that_a_supervisor_moves(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    await prepare(engine, a_scenario(("reminder_1", 5), ("reminder_2", 15)))
    async with at_work(client, engine, tmp_path) as maildir:
        stories = [await opened(client, engine, maildir, an_intake(), start=False) for _ in range(RUNNING_CLAIMS)]
        noted = [story.tell("note_added", text="at work") for story in stories]
        await asyncio.gather(*noted)
        before = [(await story.claim(), await story.next_due()) for story in stories]
        async with engine.begin() as connection:
            edited = a_scenario(("reminder_1", 9), ("last_reminder", 20))
            assert await write(connection, "scenarios", "trial", edited, "test") == 2
        await asyncio.gather(*(story.tell("note_added", text="planned anew") for story in stories))
        after = [(await story.claim(), await story.next_due()) for story in stories]
        assert [due for _, due in after] == [due for _, due in before]
        assert {(claim.scenario, claim.scenario_version) for claim, _ in after} == {("trial", 1)}

        first, second, *_ = stories
        assert await first.ask("move_scenario", scenario="trial", version=9) == "unknown_scenario"
        assert await first.ask("move_scenario", scenario="trial", version=2) == "applied"
        assert await first.ask("move_scenario", scenario="trial", version=2) == "same_scenario"
        assert day_of(await first.next_due()) - day_of(before[0][1]) == timedelta(days=4)
        assert (await second.claim()).scenario_version == 1
        await asyncio.gather(first.forward(10), second.forward(7))
        assert await first.outcomes() == await second.outcomes() == [("reminder_1", "sent")]
        (of_first,), (of_second,) = (await first.claim()).actions, (await second.claim()).actions
        assert left_on(of_first) - left_on(of_second) == timedelta(days=4)
        assert (of_first.scenario_version, of_second.scenario_version) == (2, 1)
        await asyncio.gather(*(story.handle.terminate() for story in stories))


# ---- one debtor = one voice --------------------------------------------------------------------


async def test_of_two_claims_of_one_debtor_due_the_same_minute_only_one_leaves(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    await prepare(engine, a_scenario(("reminder_1", 5), ("reminder_2", 9)))
    async with engine.begin() as connection:
        creditor = {"name": "ACME", "country": "FR", "contact_cap": {"contacts": 1, "days": 7}}
        await write(connection, "creditors", "ACME", creditor, "test")
    stories = [
        await opened(client, engine, tmp_path / "mailbox", an_intake(due_in_days=-6), start=False) for _ in range(2)
    ]
    async with at_work(client, engine, tmp_path):
        await asyncio.gather(*(story.tell("note_added", text="both at once") for story in stories))
        await stories[0].until(lambda: both(stories), lambda found: sum(map(len, found)) == 1)
        await asyncio.sleep(1)  # the other one has had its chance
        found = await both(stories)
        assert sorted(found) == [[], [("reminder_1", "sent")]]
        held = stories[found.index([])]
        assert len(held.mails()) == 1
        assert await held.open_anomalies() == []
        (sent,) = (await stories[1 - found.index([])].claim()).actions
        assert day_of(await held.next_due()) - left_on(sent) == timedelta(days=7)
        await held.forward(9)
        assert await held.outcomes() == [("reminder_1", "skipped"), ("reminder_2", "sent")]  # caught up, once
        assert len(held.mails()) == 2
        await asyncio.gather(*(story.handle.terminate() for story in stories))


async def both(stories: list[Story]) -> list[list[tuple[str, str | None]]]:
    return [await story.outcomes() for story in stories]
