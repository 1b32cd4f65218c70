"""What a claim lives through in the recorded histories of collection: each is told to one claim on the real server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from db.catalogue import write
from domain.claim import TaskKind
from domain.legal_time import years_later
from tests.activities.story import THE_SCENARIO, Story, an_intake
from tests.stories.test_stages import agreed, debtor_is, said_by, task_of

EVERY_DAY = {"sending_days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "sending_hours": ["00:00", "23:59"]}
REMINDED = {**THE_SCENARIO, **EVERY_DAY, "steps": THE_SCENARIO["steps"][:2]}  # type: ignore[index]
QUIET = {**THE_SCENARIO, "minimum_amount": "5000.00"}  # nothing is ever chased: the law's calendar is left
BAILIFF = {"name": "Étude Zarathoustra", "kind": "bailiff", "email": "zarathoustra@bailiff.example"}


@dataclass(frozen=True)
class Life:
    tell: Callable[[Story], Awaitable[None]]
    scenario: Mapping[str, Any] = field(default_factory=lambda: REMINDED)
    intake: Callable[[], dict[str, Any]] = an_intake

    @property
    def name(self) -> str:
        return self.tell.__name__


def day(ahead: int) -> date:
    return datetime.now(UTC).date() + timedelta(days=ahead)


async def promise_kept(story: Story) -> None:
    await story.ask("make_promise", promised_on=day(4).isoformat(), comment="by transfer")
    await story.forward(5)
    await story.pay("1000.00", day(5))
    await story.handle.result()


async def promise_broken_then_paid(story: Story) -> None:
    await story.ask("make_promise", amount="600.00", promised_on=day(2).isoformat())
    await story.forward(8)
    await agreed(story, "leila", TaskKind.BROKEN_PROMISE, "done", result="reached")
    await story.pay("1000.00", day(8))
    await story.handle.result()


async def arrangement_breached(story: Story) -> None:
    plan = {"count": 2, "every": "two_weeks", "first_due_on": day(4).isoformat(), "missed_allowed": 0}
    race = {"remind_days_before": 2, "remind_days_after": 1, "tolerance_days": 2, "supervises": True}
    await story.ask("agree_arrangement", **plan, **race)
    await story.forward(8)
    await agreed(story, "karim", TaskKind.STAGE_CHANGE, "skip", comment="once more amicably")
    await story.ask("close", ending="withdrawn", reason="the creditor withdrew it")
    await story.handle.result()


async def dispute_resolved(story: Story) -> None:
    told = {"kind": "disputed_price", "text": "agreed at 800", "owner": "sales", "owner_email": "sales@acme.example"}
    await story.ask("raise_dispute", items=["F-1"], **told)
    await story.forward(1)
    await agreed(story, "leila", TaskKind.CONFIRM_ACTION)
    await story.forward(4)
    (dispute,) = (await story.claim()).disputes
    await story.ask("resolve_dispute", dispute_id=str(dispute.id), outcome="partly", credit="200.00")
    await story.forward(2)
    await story.pay("800.00", day(6))
    await story.handle.result()


async def stage_changed_by_two_people(story: Story) -> None:
    await said_by(story, "leila", "change_stage", stage="litigation", reason="no answer to anything")
    await agreed(story, "karim", TaskKind.SECOND_APPROVAL)
    await said_by(story, "leila", "change_stage", stage="amicable", reason="the debtor offers to pay")
    await said_by(story, "leila", "close", ending="written_off", reason="no assets")
    await agreed(story, "karim", TaskKind.SECOND_APPROVAL)
    await story.handle.result()


async def limitation_warned_then_interrupted(story: Story) -> None:
    await story.forward(12)
    await story.forward(30)
    await story.pay("100.00", day(41))
    await story.forward(40)
    await story.pay("900.00", day(80), "P-2")
    await story.handle.result()


async def agent_chased(story: Story) -> None:
    async with story.engine.begin() as connection:
        await write(connection, "agents", "bailiff", BAILIFF, "test")
    await story.ask("plan_action", action_type="service", agent="bailiff", object="the title of 2 March")
    await story.forward(16)
    await story.forward(17)
    (action, *_) = (await story.claim()).actions
    await story.ask("execute_action", action=str(action.id), comment="served at the study")
    await story.pay("1000.00", day(33))
    await story.handle.result()


async def insolvency_held(story: Story) -> None:
    await story.forward(6)
    await debtor_is(story, "insolvency")
    await story.forward(12)
    task = task_of(await story.claim(), TaskKind.DO_ACTION)
    await said_by(story, "leila", "decide", task_id=str(task.id), decision="done", version=task.version)
    await debtor_is(story, "active")
    await story.forward(2)
    await story.pay("1000.00", day(20))
    await story.handle.result()


def near_its_limitation() -> dict[str, Any]:
    intake = an_intake()
    intake["items"][0]["due_on"] = years_later(day(70), -5).isoformat()
    return intake


def in_enforcement() -> dict[str, Any]:
    return {**an_intake(), "takeover": {"stage": "enforcement"}}


LIVES = (
    Life(promise_kept),
    Life(promise_broken_then_paid),
    Life(arrangement_breached),
    Life(dispute_resolved),
    Life(stage_changed_by_two_people),
    Life(limitation_warned_then_interrupted, QUIET, near_its_limitation),
    Life(agent_chased, QUIET, in_enforcement),
    Life(insolvency_held),
)
