"""How urgent a claim is, 0 to 100, as parts that add up and can each be read. Start with `priority`.

| part | at most | says |
|---|---|---|
| amount | 30 | what is owed |
| age | 20 | days past the oldest due date |
| stage | 8 | litigation and enforcement have dates of their own |
| broken promises | 10 | how far the debtor's word goes; a broken one that nobody answered counts most |
| clock | 12 | the nearest clock of the law that a person was warned of |
| tasks | 10 | a person is waited for; the supervisor more than the collector |
| last contact | 3 | nobody has spoken to the debtor for long |
| pays | 3 | money came in lately: who pays something is likely to pay more when asked |
| what is missing | 4 | items without a due date, no usable address |
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from domain.calendar import local_day
from domain.claim import Claim, Stage, Task, TaskKind
from domain.statement import Statement, counts
from domain.terms import Channel, PromiseState

# Thresholds in units of a strong currency; a dinar or a euro of debt are the same kind of money here.
AMOUNT_STEPS = ((Decimal(100), 5), (Decimal(500), 11), (Decimal(2000), 18), (Decimal(10000), 24), (Decimal(50000), 30))
AGE_STEPS = ((1, 3), (30, 8), (90, 13), (180, 17), (365, 20))  # days past the oldest due date
STAGE_POINTS = {Stage.AMICABLE: 0, Stage.LITIGATION: 6, Stage.ENFORCEMENT: 8, Stage.CLOSED: 0}
UNANSWERED_PROMISE_POINTS, BROKEN_STEPS = 10, ((1, 4), (2, 7))
CLOCK_STEPS = ((8, 12), (30, 9), (60, 6))  # at most so many days left
UNKNOWN_CLOCK_POINTS = 6
ESCALATED_POINTS, WAITING_POINTS = 10, 4
SILENCE_STEPS = ((21, 1), (45, 2), (90, 3))  # days since the debtor was last spoken to
PAYS_WITHIN, PAYS_POINTS = timedelta(days=60), 3
UNDATED_POINTS, NO_ADDRESS_POINTS = 2, 2
SPEAKS = frozenset(Channel) - {Channel.INTERNAL_EMAIL, Channel.LEGAL_ACT}


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
    """The sum of the parts that count, which together are at most 100 (the table above)."""
    if claim.stage is Stage.CLOSED or not owed.balance_due:
        return Priority(0, ())
    parts = (
        _amount(owed),
        _age(owed, on),
        _stage(claim),
        _promises(claim),
        _clock(claim, on),
        _tasks(claim.open_tasks),
        _silence(claim, on),
        _pays(claim, on),
        *_missing(claim, owed, on),
    )
    counted = tuple(part for part in parts if part.points)
    return Priority(sum(part.points for part in counted), counted)


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


def _promises(claim: Claim) -> Part:
    broken = sum(1 for promise in claim.promises if promise.state is PromiseState.BROKEN)
    if any(task.kind is TaskKind.BROKEN_PROMISE for task in claim.open_tasks):
        return Part("priority_promise_unanswered", UNANSWERED_PROMISE_POINTS, {"promises": max(1, broken)})
    return Part("priority_promises_broken", _points(broken, BROKEN_STEPS), {"promises": broken})


def _clock(claim: Claim, on: date) -> Part:
    """The nearest clock whose warning stands open; one without a known day counts least."""
    asked = [task.subject for task in claim.open_tasks if task.kind is TaskKind.CLOCK]
    warned = [subject.removeprefix("clock/") for subject in asked if not subject.startswith(("hearing/", "guarantee/"))]
    if not warned:
        return Part("priority_clock", 0)
    days = [mark.runs_out_on for mark in claim.clock_marks if mark.clock in warned and mark.runs_out_on >= on]
    if not days:
        return Part("priority_clock", UNKNOWN_CLOCK_POINTS)
    left = (min(days) - on).days
    points = next((points for least, points in CLOCK_STEPS if left <= least), 0)
    return Part("priority_clock", points, {"days": left, "runs_out_on": min(days).isoformat()})


def _tasks(tasks: Sequence[Task]) -> Part:
    escalated = sum(1 for task in tasks if task.escalated_at is not None)
    if escalated:
        return Part("priority_escalated", ESCALATED_POINTS, {"tasks": escalated})
    return Part("priority_waiting", WAITING_POINTS if tasks else 0, {"tasks": len(tasks)})


def _silence(claim: Claim, on: date) -> Part:
    """Since the last letter, e-mail, call or visit that reached the debtor; since the opening when there was none."""
    latest = max(
        (a.done_at for a in claim.actions if a.done_at is not None and a.channel in SPEAKS and a.reached),
        default=None,
    )
    since = claim.opened_on if latest is None else local_day(latest, claim.time_zone)
    days = (on - since).days
    code = "priority_never_contacted" if latest is None else "priority_silence"
    return Part(code, _points(days, SILENCE_STEPS), {"days": days, "since": since.isoformat()})


def _pays(claim: Claim, on: date) -> Part:
    recent = [p.value_date for p in claim.payments if counts(p, on) and on - p.value_date <= PAYS_WITHIN]
    if not recent:
        return Part("priority_pays", 0)
    return Part("priority_pays", PAYS_POINTS, {"value_date": max(recent).isoformat()})


def _missing(claim: Claim, owed: Statement, on: date) -> list[Part]:
    undated = [line.item.reference for line in owed.lines if line.owed and line.item.due_on is None]
    debtor = claim.debtor.on(on)
    unreachable = not debtor.email() and debtor.postal_address() is None
    return [
        Part("priority_undated", UNDATED_POINTS if undated else 0, {"items": undated}),
        Part("priority_no_address", NO_ADDRESS_POINTS if unreachable else 0),
    ]


def _points(value: Decimal | int, steps: Sequence[tuple[Decimal | int, int]]) -> int:
    reached = bisect_right([threshold for threshold, _ in steps], value)
    return steps[reached - 1][1] if reached else 0
