"""Record the histories that must replay for ever: `pytest tests/workflows/record.py --override-ini python_files=record.py`.

One per way a claim lives and ends, named for what it guards. A recorded history is never recorded again: when the
loop changes, the old ones must replay, and the new way gets a file of its own.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from db.tables import claim
from embedded.mailbox import listen, port_of
from tests.activities.story import THE_SCENARIO, Story, an_intake, opened, prepare, working
from tests.workflows.lives import LIVES, Life
from workflows.connection import Address, connect

HISTORIES = Path(__file__).parent / "histories"
OF_THE_MACHINE = frozenset({"stackTrace", "identity"})


def without_places(history: str) -> str:
    """Small, and without stack traces and identities: they name the machine it was recorded on, and no replay reads them."""

    def kept(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: kept(each) for name, each in value.items() if name not in OF_THE_MACHINE}
        return [kept(each) for each in value] if isinstance(value, list) else value

    return json.dumps(kept(json.loads(history)), separators=(",", ":"), ensure_ascii=False)


@pytest.fixture
async def client(temporal_address: str) -> Client:
    return await connect(Address(temporal_address))


async def reminded_then_paid(story: Story) -> None:
    await story.forward(25)
    await story.pay("1000.00", datetime.now(UTC).date())
    await story.handle.result()


async def confirmed_then_closed_by_a_person(story: Story) -> None:
    await story.forward(33)
    (task,) = (await story.claim()).open_tasks
    await story.ask("decide", task_id=str(task.id), decision="confirm", version=task.version)
    await story.forward(3)
    await story.ask("close", ending="withdrawn", reason="the creditor withdrew it")
    await story.handle.result()


async def refused_postponed_and_expired(story: Story) -> None:
    await story.forward(33)
    (task,) = (await story.claim()).open_tasks
    await story.ask("decide", task_id=str(task.id), decision="confirm", version=99)
    to = (datetime.now(UTC).date().replace(day=1)).replace(year=datetime.now(UTC).year + 1).isoformat()
    await story.ask("decide", task_id=str(task.id), decision="postpone", version=task.version, postpone_to=to)
    await story.forward(400)


async def suspended_and_resumed(story: Story) -> None:
    await story.ask("suspend", reason="holiday", until=None)
    await story.forward(20)
    await story.ask("resume")
    await story.forward(10)


async def anomaly_that_waits(story: Story) -> None:
    async with story.engine.begin() as connection:  # a fault planted: no entry of the inbox could do this
        await connection.execute(update(claim).where(claim.c.id == story.told.id).values(scenario="gone"))
    await story.tell("note_added", text="what now?")
    await story.tell("note_added", text="still waiting")


STORIES = [
    reminded_then_paid,
    confirmed_then_closed_by_a_person,
    refused_postponed_and_expired,
    suspended_and_resumed,
    anomaly_that_waits,
]


@pytest.mark.parametrize("story_of", STORIES, ids=lambda story_of: story_of.__name__)
async def test_record(story_of: object, client: Client, engine: AsyncEngine, tmp_path: Path) -> None:
    path = HISTORIES / f"{story_of.__name__}.json"
    if path.exists():
        pytest.fail(f"{path.name} is recorded already; a new way of living gets a new name")
    await prepare(engine)
    server = await listen("127.0.0.1", 0, tmp_path / "mailbox")
    async with server, working(client, engine, f"smtp://127.0.0.1:{port_of(server)}"):
        story = await opened(client, engine, tmp_path / "mailbox", an_intake())
        await story_of(story)
        path.write_text(without_places((await story.handle.fetch_history()).to_json()))


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.name)
async def test_record_life(life: Life, client: Client, engine: AsyncEngine, tmp_path: Path) -> None:
    path = HISTORIES / f"{life.name}.json"
    if path.exists():
        pytest.fail(f"{path.name} is recorded already; a new way of living gets a new name")
    await prepare(engine, dict(life.scenario))
    server = await listen("127.0.0.1", 0, tmp_path / "mailbox")
    async with server, working(client, engine, f"smtp://127.0.0.1:{port_of(server)}"):
        story = await opened(client, engine, tmp_path / "mailbox", life.intake())
        await life.tell(story)
        path.write_text(without_places((await story.handle.fetch_history()).to_json()))


async def test_record_long_life(client: Client, engine: AsyncEngine, tmp_path: Path) -> None:
    """A run that ends by continue-as-new."""
    path = HISTORIES / "long_life_continued_as_new.json"
    if path.exists():
        pytest.fail(f"{path.name} is recorded already")
    steps = [{"action_type": "reminder_1", "after": {"due_date": 1 + 3 * n}, "mode": "automatic"} for n in range(40)]
    await prepare(engine, {**THE_SCENARIO, "steps": steps})
    server = await listen("127.0.0.1", 0, tmp_path / "mailbox")
    async with server, working(client, engine, f"smtp://127.0.0.1:{port_of(server)}"):
        story = await opened(client, engine, tmp_path / "mailbox", an_intake())
        await story.forward(150)
        runs = [run async for run in client.list_workflows(f"WorkflowId='{story.told.workflow_id}'")]
        first = min(runs, key=lambda run: run.start_time)
        assert len(runs) > 1
        history = await client.get_workflow_handle(first.id, run_id=first.run_id).fetch_history()
        path.write_text(without_places(history.to_json()))
        await story.handle.terminate()
