"""From a proposal to the loss, and through an insolvency: told on the real server, in the claim's own time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from db import tables
from db.entries import append
from domain.claim import Claim, Ending, Outcome, Stage, Task, TaskKind
from embedded.mailbox import listen, port_of
from tests.activities.story import SHORT, THE_SCENARIO, Story, an_intake, opened, prepare, working
from workflows.clock import ask
from workflows.connection import Address, connect

TO_THE_LOSS = {
    **THE_SCENARIO,
    "sending_days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
    "steps": [
        {"action_type": "reminder_1", "after": {"due_date": 5}, "mode": "automatic"},
        {"action_type": "propose_litigation", "after": {"due_date": 10}, "mode": "manual", "on_expiry": "wait"},
        {"action_type": "reminder_2", "after": {"due_date": 40}, "mode": "automatic"},
        {"action_type": "handover_lawyer", "after": {"stage": 3}, "mode": "manual", "on_expiry": "wait", "channels": ["legal_act"]},
    ],
}  # fmt: skip


@asynccontextmanager
async def telling(engine: AsyncEngine, temporal_address: str, tmp_path: Path) -> AsyncIterator[Story]:
    client: Client = await connect(Address(temporal_address))
    await prepare(engine, TO_THE_LOSS)
    server = await listen("127.0.0.1", 0, tmp_path / "mailbox")
    async with server, working(client, engine, f"smtp://127.0.0.1:{port_of(server)}"):
        yield await opened(client, engine, tmp_path / "mailbox", an_intake())


async def said_by(story: Story, who: str, kind: str, /, **payload: Any) -> str:
    """A request in somebody's name."""
    async with story.engine.begin() as connection:
        entry = await append(connection, claim_id=story.told.id, kind=kind, payload=payload, author=who)
    return await ask(story.client, story.told, kind, entry.entry_id, now=datetime.now(UTC), deadline=SHORT)


async def agreed(story: Story, who: str, kind: TaskKind, decision: str = "confirm", **more: Any) -> Claim:
    task = task_of(await story.claim(), kind)
    await said_by(story, who, "decide", task_id=str(task.id), decision=decision, version=task.version, **more)
    return await story.claim()


def task_of(claim: Claim, kind: TaskKind) -> Task:
    (task,) = [task for task in claim.open_tasks if task.kind is kind]
    return task


@pytest.mark.timeout(90)
async def test_from_a_proposal_to_litigation_and_back_and_to_a_loss_by_two_people(
    engine: AsyncEngine, temporal_address: str, tmp_path: Path
) -> None:
    async with telling(engine, temporal_address, tmp_path) as story:
        await story.forward(11)
        claim = await agreed(story, "leila", TaskKind.DO_ACTION, "done", result="no_answer")
        assert task_of(claim, TaskKind.STAGE_CHANGE).proposed["stage"]["stage"] == "litigation"
        claim = await agreed(story, "karim", TaskKind.STAGE_CHANGE)
        assert (claim.stage, claim.sub_stage, claim.items[0].status) == (
            Stage.LITIGATION,
            "preparation",
            "in_litigation",
        )
        await story.forward(4)
        assert task_of(await story.claim(), TaskKind.DO_ACTION).action_type == "handover_lawyer"
        await said_by(story, "leila", "change_stage", stage="amicable", reason="the debtor offers to pay")
        claim = await story.claim()
        assert (claim.stage, claim.items[0].status, claim.open_tasks) == (Stage.AMICABLE, None, ())
        await story.forward(30)
        assert await story.outcomes() == [  # the amicable steps go on where they were
            ("reminder_1", "sent"),
            ("propose_litigation", "done"),
            ("handover_lawyer", "withdrawn"),
            ("reminder_2", "sent"),
        ]
        await said_by(story, "leila", "close", ending="written_off", reason="no assets")
        claim = await agreed(story, "karim", TaskKind.SECOND_APPROVAL)
        await story.until(story.runs, lambda runs: not runs)
        claim = await story.claim()
        assert (claim.stage, claim.ending) == (Stage.CLOSED, Ending.WRITTEN_OFF)
        assert claim.written_off is not None
        assert (str(claim.written_off.amount), claim.written_off.approved_by) == ("1000.00", "karim")
        told = await story.timeline()
        assert [kind for kind in told if kind in ("stage_changed", "approval_asked", "approved", "written_off")] == [
            "approved",
            "stage_changed",
            "stage_changed",
            "approval_asked",
            "approved",
            "written_off",
        ]


@pytest.mark.timeout(90)
async def test_an_insolvency_holds_the_claim_and_its_end_lets_it_go_on_at_the_right_step(
    engine: AsyncEngine, temporal_address: str, tmp_path: Path
) -> None:
    async with telling(engine, temporal_address, tmp_path) as story:
        await story.forward(6)
        assert await story.outcomes() == [("reminder_1", "sent")]
        await debtor_is(story, "insolvency")
        await story.forward(60)
        claim = await story.claim()
        assert await story.outcomes() == [("reminder_1", "sent")]
        task = task_of(claim, TaskKind.DO_ACTION)
        assert (task.action_type, task.role) == ("declare_claim", "supervisor")  # nobody answered: it went up
        assert "task_overdue" in await story.alerts()
        await agreed(story, "leila", TaskKind.DO_ACTION, "done")
        await story.forward(5)
        assert await story.outcomes() == [("reminder_1", "sent")]
        await debtor_is(story, "active")
        await story.forward(2)
        claim = await story.claim()
        assert claim.hold is None
        assert [a.action_type for a in claim.actions if a.outcome is Outcome.SENT] == ["reminder_1", "reminder_2"]
        assert {"held", "hold_ended"} <= set(await story.timeline())
        await story.handle.terminate()


async def debtor_is(story: Story, situation: str) -> None:
    """The debtor changes, and the claim hears of it, as the API does it."""
    claim = await story.claim()
    async with story.engine.begin() as connection:
        row = update(tables.debtor).where(tables.debtor.c.id == claim.debtor.id)
        await connection.execute(row.values(legal_situation=situation))
    await story.tell("debtor_changed", fields=["legal_situation"])
