"""How urgent a claim is, 0 to 100, as parts that add up and can each be read. Start with `priority`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from domain.claim import Claim, Stage, Task
from domain.statement import Statement

# Thresholds in units of a strong currency; a dinar or a euro of debt are the same kind of money here.
AMOUNT_STEPS = ((Decimal(100), 5), (Decimal(500), 12), (Decimal(2000), 20), (Decimal(10000), 28), (Decimal(50000), 35))
AGE_STEPS = ((1, 5), (30, 12), (90, 20), (180, 25), (365, 30))  # days past the oldest due date
STAGE_POINTS = {Stage.AMICABLE: 0, Stage.LITIGATION: 8, Stage.ENFORCEMENT: 10, Stage.CLOSED: 0}
ESCALATED_POINTS = 15
WAITING_POINTS = 5
UNDATED_POINTS = 5
NO_ADDRESS_POINTS = 5


@dataclass(frozen=True, slots=True)
class Part:
    """One component of the score: a code, its points and the facts behind them."""

    code: str
    points: int
    facts: dict[str, str | int | list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Priority:
    score: int
    parts: tuple[Part, ...]


def priority(claim: Claim, owed: Statement, on: date) -> Priority:
    """Amount 35, age 30, stage 10, a person who does not answer 15, what is missing 10: together at most 100."""
    if claim.stage is Stage.CLOSED or not owed.balance_due:
        return Priority(0, ())
    parts = [_amount(owed), _age(owed, on), _stage(claim), _tasks(claim.open_tasks), *_alerts(claim, owed)]
    counted = tuple(part for part in parts if part.points)
    return Priority(min(100, sum(part.points for part in counted)), counted)


def _amount(owed: Statement) -> Part:
    points = _points(owed.balance_due.amount, AMOUNT_STEPS)
    return Part("priority_amount", points, {"amount": str(owed.balance_due), "currency": owed.currency})


def _age(owed: Statement, on: date) -> Part:
    overdue = [line.item.due_on for line in owed.lines if line.overdue and line.owed and line.item.due_on]
    if not overdue:
        return Part("priority_age", 0)
    days = (on - min(overdue)).days
    return Part("priority_age", _points(days, AGE_STEPS), {"days": days, "due_on": min(overdue).isoformat()})


def _stage(claim: Claim) -> Part:
    return Part("priority_stage", STAGE_POINTS[claim.stage], {"stage": claim.stage.value})


def _tasks(tasks: Sequence[Task]) -> Part:
    escalated = sum(1 for task in tasks if task.escalated_at is not None)
    if escalated:
        return Part("priority_escalated", ESCALATED_POINTS, {"tasks": escalated})
    return Part("priority_waiting", WAITING_POINTS if tasks else 0, {"tasks": len(tasks)})


def _alerts(claim: Claim, owed: Statement) -> list[Part]:
    undated = [line.item.reference for line in owed.lines if line.owed and line.item.due_on is None]
    unreachable = not claim.debtor.email() and claim.debtor.postal_address() is None
    return [
        Part("priority_undated", UNDATED_POINTS if undated else 0, {"items": undated}),
        Part("priority_no_address", NO_ADDRESS_POINTS if unreachable else 0),
    ]


def _points(value: Decimal | int, steps: Sequence[tuple[Decimal | int, int]]) -> int:
    reached = bisect_right([threshold for threshold, _ in steps], value)
    return steps[reached - 1][1] if reached else 0
