"""What a history costs and what it must not hold, counted on real claims."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

from embedded.mailbox import listen, port_of
from tests.activities.story import THE_SCENARIO, Story, an_intake, opened, prepare, working
from workflows.connection import Address, connect

NOT_COUNTED = {"TIME_SKIPPING", "SEARCH_ATTRIBUTES", "OPTIONS_UPDATED"}
REMINDER_EVENTS, REMINDER_BYTES = 18, 2_500
YEAR_EVENTS, YEAR_BYTES = 600, 100_000
PERSONAL = ("Zarathoustra", "zarathoustra", "Introuvable", "Lyonville", "69003", "@debtor")


@pytest.fixture
async def client(temporal_address: str) -> Client:
    return await connect(Address(temporal_address))


async def events_of(story: Story) -> list[Any]:
    """All events of all runs, oldest first, but those of virtual time and search attributes."""
    runs = [run async for run in story.client.list_workflows(f"WorkflowId='{story.told.workflow_id}'")]
    events = []
    for run in sorted(runs, key=lambda run: run.start_time):
        handle = story.client.get_workflow_handle(run.id, run_id=run.run_id)
        events += [event async for event in handle.fetch_history_events()]
    return [e for e in events if not any(word in EventType.Name(e.event_type) for word in NOT_COUNTED)]


def cost(events: list[Any]) -> tuple[int, int]:
    return len(events), sum(event.ByteSize() for event in events)


def names(events: list[Any]) -> Iterator[str]:
    return (EventType.Name(event.event_type).removeprefix("EVENT_TYPE_") for event in events)


async def test_an_automatic_reminder_stays_within_its_budget(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    await prepare(engine)
    server = await listen("127.0.0.1", 0, tmp_path / "mailbox")
    async with server, working(client, engine, f"smtp://127.0.0.1:{port_of(server)}"):
        story = await opened(client, engine, tmp_path / "mailbox", an_intake())
        await story.forward(1)
        before = await events_of(story)
        await story.forward(9)
        after = await events_of(story)
        assert await story.outcomes() == [("reminder_1", "sent")]
        spent = after[len(before) :]
        count, size = cost(spent)
        print(f"\nan automatic reminder: {count} events, {size} bytes")
        assert count <= REMINDER_EVENTS, Counter(names(spent))
        assert size <= REMINDER_BYTES
        await story.handle.terminate()


async def test_a_year_with_24_actions_and_6_payments_stays_short(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    steps = [
        {"action_type": f"reminder_{1 + n % 2}", "after": {"due_date": 5 + 14 * n}, "mode": "automatic"}
        for n in range(24)
    ]
    await prepare(engine, {**THE_SCENARIO, "steps": steps})
    server = await listen("127.0.0.1", 0, tmp_path / "mailbox")
    async with server, working(client, engine, f"smtp://127.0.0.1:{port_of(server)}"):
        story = await opened(client, engine, tmp_path / "mailbox", an_intake(amount="700.00"))
        for month in range(6):
            await story.forward(60)
            await story.pay("100.00", (datetime.now(UTC) + timedelta(days=60 * (month + 1))).date(), f"P-{month}")
        await story.forward(5)
        assert [outcome for _, outcome in await story.outcomes()] == ["sent"] * 24
        events = await events_of(story)
        count, size = cost(events)
        print(f"\na year of 24 actions and 6 payments: {count} events, {size} bytes")
        assert count < YEAR_EVENTS
        assert size < YEAR_BYTES
        await story.handle.terminate()


async def test_nothing_personal_is_in_a_history(client: Client, engine: AsyncEngine, tmp_path: Path) -> None:
    await prepare(engine)
    server = await listen("127.0.0.1", 0, tmp_path / "mailbox")
    async with server, working(client, engine, f"smtp://127.0.0.1:{port_of(server)}"):
        story = await opened(client, engine, tmp_path / "mailbox", an_intake(due_in_days=-25))
        await story.forward(8)  # the notice is proposed after 5 to 7 days, whatever the weekday, and waits for 6
        (task,) = (await story.claim()).open_tasks
        await story.tell("note_added", text="Zarathoustra called from Lyonville")
        await story.ask(
            "decide",
            task_id=str(task.id),
            decision="confirm",
            version=task.version,
            comment="zarathoustra@debtor.example",
        )
        await story.forward(2)
        described = await story.handle.describe()
        history = "".join(str(event) for event in await events_of(story))
        shown = history + str(described.raw_description) + await _details(story)
        assert [word for word in PERSONAL if word in shown] == []
        assert "formal_notice" in shown  # it does say what happened
        await story.handle.terminate()


async def _details(story: Story) -> str:
    return str(await story.handle.query("__temporal_workflow_metadata"))


async def test_a_supervisor_reads_what_comes_next_and_why(client: Client, engine: AsyncEngine, tmp_path: Path) -> None:
    await prepare(engine)
    server = await listen("127.0.0.1", 0, tmp_path / "mailbox")
    async with server, working(client, engine, f"smtp://127.0.0.1:{port_of(server)}"):
        story = await opened(client, engine, tmp_path / "mailbox", an_intake())
        details = await _details(story)
        assert "reminder_1" in details
        assert "F-1" in details
        summaries = [
            e.user_metadata.summary.data.decode() for e in await events_of(story) if e.HasField("user_metadata")
        ]
        assert any("reminder_1, sequence 1" in summary for summary in summaries), summaries
        memo = (await story.handle.describe()).memo
        assert (await memo())["number"] == story.told.number
        await story.handle.terminate()
