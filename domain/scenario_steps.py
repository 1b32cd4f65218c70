"""Where a claim stands in its scenario: the steps that are left, each with the day it falls due.

Position counts, not the item: every step is taken at most once in a claim's life, whichever item leads. Each stage has its
own position: a claim that comes back to amicable has neither lost its steps there nor takes them again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from domain.calendar import first_sending_day, local_day
from domain.catalogue import ActionType, ScenarioStep
from domain.claim import Action, Outcome
from domain.ground import Ground
from domain.steps import HeldBack, PlanImpossible, Reason, Step, StepKind


@dataclass(frozen=True, slots=True)
class Candidate:
    """A step that may fall due: `nominal` by the scenario, `day` the first sending day from then on."""

    index: int
    step: ScenarioStep
    kind: ActionType
    nominal: date
    day: date
    why: Reason


def position(on: Ground) -> int:
    """The index of the next step of this stage: after the highest one recorded in it, or the one a takeover names."""
    taken = max((a.step for a in _taken(on) if a.step is not None), default=-1)
    return max(taken, _taken_over(on)) + 1


def remaining(on: Ground) -> tuple[list[Candidate], list[HeldBack]]:
    """The steps still to come whose conditions hold, in order, and those that do not fall due, with the reason.

    Of those of other stages the first stands for all: a plan says that they exist, not each of them.
    """
    candidates: list[Candidate] = []
    held: list[HeldBack] = []
    scenario = on.catalogue.scenario
    elsewhere: HeldBack | None = None
    previous = _previous_day(on)
    for index in range(position(on), len(scenario.steps)):
        step = scenario.steps[index]
        kind = action_type_of(on, step, index)
        if kind.category is not on.claim.stage:
            elsewhere = elsewhere or HeldBack(
                scenario_step(StepKind.WAIT, step, index), None, (_other_stage(on, kind),)
            )
            continue
        against = _against(on, step, kind)
        if against is not None:
            held.append(HeldBack(scenario_step(StepKind.WAIT, step, index), None, (against,)))
            continue
        dated = _dated(on, step, index, previous)
        if dated is None:
            continue
        nominal, why = dated
        day = first_sending_day(nominal, scenario, on.catalogue.calendar)
        candidates.append(Candidate(index, step, kind, nominal, day, why))
        previous = max(day, on.today)  # not taken yet: what follows it counts from today at the earliest
    return candidates, held if elsewhere is None else [*held, elsewhere]


def _other_stage(on: Ground, kind: ActionType) -> Reason:
    facts: dict[str, str | int | list[str]] = {"category": kind.category.value, "stage": on.claim.stage.value}
    return Reason("other_stage", {"action_type": kind.code, **facts})


def action_type_of(on: Ground, step: ScenarioStep, index: int) -> ActionType:
    kind = on.catalogue.action_types.get(step.action_type)
    if kind is None or not (step.channels or kind.channels):
        code = "unknown_action_type" if kind is None else "no_channel"
        raise PlanImpossible(code, {"scenario": on.claim.scenario, "step": index, "action_type": step.action_type})
    return kind


def scenario_step(kind: StepKind, step: ScenarioStep, index: int) -> Step:
    return Step(kind, action_type=step.action_type, scenario_step=index, mode=step.mode)


def _against(on: Ground, step: ScenarioStep, kind: ActionType) -> Reason | None:
    """The condition that keeps a step from falling due at all, if any."""
    claim, conditions = on.claim, step.conditions
    balance = on.owed.balance_due
    if conditions.minimum_balance is not None and balance.amount < conditions.minimum_balance:
        facts: dict[str, str | int | list[str]] = {
            "amount": str(balance),
            "minimum": f"{conditions.minimum_balance:f}",
            "currency": claim.currency,
        }
        return Reason("balance_below_condition", facts)
    if conditions.debtor_kind and conditions.debtor_kind != claim.debtor.kind:
        return Reason("other_debtor_kind", {"debtor_kind": claim.debtor.kind, "wanted": conditions.debtor_kind})
    if conditions.language and conditions.language != claim.debtor.language:
        return Reason("other_language", {"language": claim.debtor.language, "wanted": conditions.language})
    if conditions.has_email is not None and conditions.has_email is not bool(claim.debtor.email()):
        return Reason("email_wanted" if conditions.has_email else "email_not_wanted", {"action_type": kind.code})
    return None


def _dated(on: Ground, step: ScenarioStep, index: int, previous: date) -> tuple[date, Reason] | None:
    """The step's nominal date and the rule that gives it; None when no item gives one."""
    leading = on.leading
    if leading is None or leading.due_on is None:
        return None
    facts: dict[str, str | int | list[str]] = {"step": index, "action_type": step.action_type, "days": abs(step.days)}
    match step.after:
        case "due_date":
            code = "step_before_due_date" if step.days < 0 else "step_after_due_date"
            facts |= {"item": leading.reference, "due_on": leading.due_on.isoformat()}
            start = leading.due_on
        case "previous_step":
            code, start = "step_after_previous", previous
            facts["previous_on"] = previous.isoformat()
        case "stage":
            code, start = "step_after_stage", on.claim.stage_since
            facts |= {"stage": on.claim.stage.value, "since": start.isoformat()}
        case _:
            raise PlanImpossible("unknown_anchor", {"scenario": on.claim.scenario, "step": index, "after": step.after})
    return start + timedelta(days=step.days), Reason(code, facts)


def _counts(action: Action) -> bool:
    """A step withdrawn before it left was not taken: it is still to come for what remains."""
    return action.outcome is not Outcome.WITHDRAWN


def _taken(on: Ground) -> list[Action]:
    """The steps of the claim's stage that were taken."""
    stage = on.claim.stage
    return [a for a in on.claim.actions if a.step is not None and a.category is stage and _counts(a)]


def _taken_over(on: Ground) -> int:
    takeover = on.claim.takeover
    last = takeover.last_action_type if takeover and takeover.stage is on.claim.stage else ""
    return next((n for n, step in enumerate(on.catalogue.scenario.steps) if last and step.action_type == last), -1)


def _previous_day(on: Ground) -> date:
    """The day of the last step taken in this stage (or of what replaced it); before the first one, the entry into it."""
    taken = _taken(on)
    if taken:
        last = max(taken, key=lambda action: (action.step or 0, action.sequence))
        replacement = next((a for a in on.claim.actions if a.replaces == last.id), last)
        return _day_of(on, replacement) or on.claim.opened_on
    takeover = on.claim.takeover
    before = takeover.last_action_on if takeover and takeover.stage is on.claim.stage else None
    return before or on.claim.stage_since


def _day_of(on: Ground, action: Action) -> date | None:
    if action.done_at is not None:
        return local_day(action.done_at, on.claim.time_zone)
    return action.planned_on or action.starts_on
