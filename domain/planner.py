"""What comes next for a claim, when and why: `next_step`. Pure: the same facts and instant give the same answer.

Rules in order: the end, what is leaving, then whichever comes first of the tasks' clocks, the planned actions and the
scenario. domain/scenario_steps.py says where the claim stands, domain/departure.py when a step leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain import clock_warnings
from domain.agents import waits_for_agent
from domain.calendar import start_of_day
from domain.catalogue import Catalogue
from domain.checks import due
from domain.claim import Claim, Ending, Stage
from domain.departure import next_of_scenario
from domain.ground import Ground, ground
from domain.legal_holds import chasing_is_held
from domain.open_work import blocks_scenario, confirmed, is_of_step, planned, sending, task_clocks, task_open
from domain.steps import Decided, HeldBack, PlanImpossible, Reason, Step, StepKind

__all__ = ["PlanImpossible", "next_step"]


def next_step(claim: Claim, catalogue: Catalogue, as_of: datetime) -> Decided:
    """The next step at that instant, with its reasons; raises PlanImpossible when the facts allow no answer."""
    on = ground(claim, catalogue, as_of)
    if (end := _end(on)) is not None:  # before what is unsettled: a payment stops even a repetition
        return Decided(end)
    if (unsettled := sending(on)) is not None:
        return Decided(unsettled)
    if _is_suspended(on):
        return _while_suspended(on)
    ahead = [step for step in (confirmed(on), *due(on), *planned(on), *task_clocks(on)) if step is not None]
    chased = next_of_scenario(on)
    if blocks_scenario(on):
        return _first(on, ahead, _blocked(on, chased))
    return _first(on, [*ahead, chased.step], chased)


def _end(on: Ground) -> Step | None:
    """A person ended it, or nothing is owed; what a closed claim owes again reopens it before the plan."""
    claim = on.claim
    if claim.closing is not None:
        return _close(claim.closing, Reason("ended_by_a_person", {"ending": claim.closing.value}))
    if on.owed.balance_due.amount <= 0:
        facts: dict[str, str | int | list[str]] = {
            "amount": str(on.owed.amount),
            "paid": str(on.owed.paid),
            "currency": claim.currency,
        }
        return _close(claim.ending or Ending.PAID, Reason("nothing_owed", facts))
    if claim.stage is Stage.CLOSED and claim.ending is not None:
        return _close(claim.ending, Reason("already_closed", {"ending": claim.ending.value}))
    return None


def _close(ending: Ending, why: Reason) -> Step:
    return Step(StepKind.CLOSE, ending=ending.value, waiting_for="nothing", why=(why,))


def _is_suspended(on: Ground) -> bool:
    if chasing_is_held(on.claim):
        return True
    suspended = on.claim.suspended
    return suspended is not None and (suspended.until is None or suspended.until > on.today)


def _while_suspended(on: Ground) -> Decided:
    """Nothing leaves; people may still answer what is open, and its clock runs."""
    is_held = chasing_is_held(on.claim)
    until = on.claim.suspended.until if on.claim.suspended and not is_held else None
    facts: dict[str, str | int | list[str]] = {} if until is None else {"until": until.isoformat()}
    why = (Reason("held", {"situation": on.claim.debtor.legal_situation}) if is_held else Reason("suspended", facts),)
    resumes = Step(
        StepKind.WAIT,
        due_at=None if until is None else start_of_day(until, on.claim.time_zone),
        waiting_for=_waiting_for(on, "nothing" if until is None else "date"),
        why=why,
    )
    held = [step for step in (confirmed(on), *planned(on)) if step is not None]
    chased = next_of_scenario(on)
    held += [] if blocks_scenario(on) else [chased.step]
    kept_back = (
        *(HeldBack(step, until, why) for step in held if step.kind is not StepKind.WAIT),
        *chased.not_now,
    )
    return _first(on, [*due(on), *task_clocks(on), resumes], Decided(resumes, kept_back))


def _blocked(on: Ground, chased: Decided) -> Decided:
    """The scenario waits for what is under way: a person's answer or a postponed step."""
    why = tuple([task_open(on, task) for task in on.open_tasks]) or (_under_way(on),)
    waits = Step(StepKind.WAIT, waiting_for=_waiting_for(on, "date"), why=why)
    blocked = () if chased.step.kind is StepKind.WAIT else (HeldBack(chased.step, None, why),)
    return Decided(waits, (*blocked, *chased.not_now))


def _under_way(on: Ground) -> Reason:
    action = next(a for a in on.open_actions if is_of_step(on.claim, a))
    return Reason("step_under_way", {"action_type": action.action_type, "sequence": action.sequence})


def _first(on: Ground, steps: Sequence[Step], otherwise: Decided) -> Decided:
    """Whichever is due first; on a tie the order given; without any date, wait for news."""
    dated = [step for step in steps if step.due_at is not None]
    first = min(dated, key=_due_at) if dated else otherwise.step
    for warning in clock_warnings.due(on, first.due_at if dated else None):
        if not dated or _due_at(warning) < _due_at(first):
            first = warning
        dated.append(warning)
    why, waiting_for = first.why, first.waiting_for
    if dated and all(map(_is_clock_of_law, dated)):  # the law's own calendar is no plan of ours
        why, waiting_for = (*why, *otherwise.step.why), otherwise.step.waiting_for
    waiting_for = _waiting_for(on, waiting_for)
    if waiting_for != first.waiting_for or why is not first.why:
        first = replace(first, waiting_for=waiting_for, why=why)
    first = clock_warnings.said_of_limitation(on.claim, first)
    return otherwise if first is otherwise.step else Decided(first, otherwise.not_now)


def _waiting_for(on: Ground, otherwise: str) -> str:
    if on.open_tasks:
        return "person"
    return "agent" if waits_for_agent(on) else otherwise


def _due_at(step: Step) -> datetime:
    assert step.due_at is not None  # noqa: S101  the caller keeps those with a date
    return step.due_at


def _is_clock_of_law(step: Step) -> bool:
    return step.kind is StepKind.CHECK and step.plan_kind == "clock"
