"""Where a claim stands in its scenario: the steps that are left, each with the day it falls due.

Position counts, not the item: every step is taken at most once in a claim's life, whichever item leads. Each stage has a
position of its own, so a claim that goes to litigation and comes back goes on where its amicable steps stopped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from domain.calendar import first_sending_day, local_day
from domain.catalogue import ActionType, ScenarioStep
from domain.claim import Action, Mode, Outcome, Stage
from domain.ground import Ground
from domain.routing import opted_out_of_all
from domain.steps import HeldBack, PlanImpossible, Reason, Step, StepKind

ORDER = {Stage.AMICABLE: 0, Stage.LITIGATION: 1, Stage.ENFORCEMENT: 2, Stage.CLOSED: 3}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A step that may fall due: `nominal` by the scenario, counted from `start`; `day` the first sending day from then on."""

    index: int
    step: ScenarioStep
    kind: ActionType
    start: date
    nominal: date
    day: date


def remaining(on: Ground) -> tuple[list[Candidate], list[HeldBack]]:
    """The steps still to come whose conditions hold, in order, and those that do not fall due, with the reason.

    Of those of other stages the first stands for all: a plan says that they exist, not each of them.
    """
    candidates: list[Candidate] = []
    held: list[HeldBack] = []
    scenario, types = on.catalogue.scenario, on.catalogue.action_types
    elsewhere: HeldBack | None = None
    stage, actions = on.claim.stage, taken(on)
    behind = positions(on, actions)
    last, previous = behind.of(stage), _previous_day(on, actions, behind)
    for index, step in enumerate(scenario.steps):
        if index <= behind.least:
            continue
        kind = types.get(step.action_type)
        if kind is None or not (step.channels or kind.channels):
            raise _impossible(on, step, index, kind)
        if kind.category is not stage:
            if elsewhere is None and index > behind.of(kind.category):
                elsewhere = _of_other_stage(index, step.action_type, step.mode, kind.category, stage)
            continue
        if index <= last:
            continue
        against = _against(on, step, kind)
        if against is not None:
            held.append(HeldBack(scenario_step(StepKind.WAIT, step, index), None, (against,)))
            continue
        start = _start(on, step, index, previous)
        if start is None:
            continue
        nominal = start + timedelta(days=step.days)
        day = first_sending_day(nominal, scenario, on.catalogue.calendar)
        candidates.append(Candidate(index, step, kind, start, nominal, day))
        previous = max(day, on.today)  # not taken yet: what follows it counts from today at the earliest
    return candidates, held if elsewhere is None else [*held, elsewhere]


@lru_cache(maxsize=1024)  # most plans say it, and it is the same for every claim at the same stage of a scenario
def _of_other_stage(index: int, action_type: str, mode: Mode, category: Stage, stage: Stage) -> HeldBack:
    facts: dict[str, str | int | list[str]] = {"category": category.value, "stage": stage.value}
    why = Reason("other_stage", {"action_type": action_type, **facts})
    return HeldBack(Step(StepKind.WAIT, action_type=action_type, scenario_step=index, mode=mode), None, (why,))


# ---- the position ----------------------------------------------------------------------------


class Positions(NamedTuple):
    """The highest index that is behind the claim: `least` whatever the stage, and of each stage."""

    least: int
    highest: dict[Stage, int]
    behind: Stage | None = None  # what was collected elsewhere up to a later stage left this and earlier stages behind

    def of(self, stage: Stage) -> int:
        if self.behind is not None and ORDER[stage] < ORDER[self.behind]:
            return 10**6
        return self.highest.get(stage, -1)


def taken(on: Ground) -> list[Action]:
    """The actions by which a step of this or an earlier scenario was taken, in order; one withdrawn before it left was not."""
    return [a for a in on.claim.actions if a.step is not None and a.outcome is not Outcome.WITHDRAWN]


def positions(on: Ground, actions: Sequence[Action]) -> Positions:
    """What is behind in each stage: the steps taken under this scenario, what an earlier one took, and what a takeover names."""
    highest: dict[Stage, int] = {}
    if not actions and on.claim.takeover is None:
        return Positions(-1, highest)
    steps, types = on.catalogue.scenario.steps, on.catalogue.action_types
    for index in _indices(on, actions):
        kind = types.get(steps[index].action_type) if index < len(steps) else None
        stage = on.claim.stage if kind is None else kind.category
        highest[stage] = max(highest.get(stage, -1), index)
    takeover = on.claim.takeover
    if takeover is None:
        return Positions(-1, highest)
    last = takeover.last_action_type
    least = next((n for n, step in enumerate(steps) if last and step.action_type == last), -1)
    return Positions(least, highest, takeover.stage)


def _indices(on: Ground, actions: Sequence[Action]) -> Iterator[int]:
    """The indices of this scenario's steps that were taken.

    After a move: its own steps, and of each action type as many of its steps, from the first, as were taken under all
    scenarios together. So nothing is repeated, and a scenario that reminds twelve times is not at its end after one.
    """
    claim = on.claim
    own = [a for a in actions if _belongs(a, claim.scenario, claim.scenario_version)]
    for action in own:
        assert action.step is not None  # noqa: S101  taken() keeps those with a step
        yield action.step
    if len(own) == len(actions):
        return
    times = Counter(
        action_type
        for _, _, _, action_type in {(a.scenario, a.scenario_version, a.step, a.action_type) for a in actions}
    )
    for index, step in enumerate(on.catalogue.scenario.steps):
        if times[step.action_type] > 0:
            times[step.action_type] -= 1
            yield index


def _belongs(action: Action, scenario: str, version: int) -> bool:
    """Actions recorded before the scenario was noted on them are of the claim's own."""
    return (not action.scenario or action.scenario == scenario) and action.scenario_version in (None, version)


# ---- what a step stands on -------------------------------------------------------------------


def _impossible(on: Ground, step: ScenarioStep, index: int, kind: ActionType | None) -> PlanImpossible:
    code = "unknown_action_type" if kind is None else "no_channel"
    return PlanImpossible(code, {"scenario": on.claim.scenario, "step": index, "action_type": step.action_type})


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
    channels = step.channels or kind.channels
    if opted_out_of_all(claim.debtor, channels):
        return Reason("opted_out", {"action_type": kind.code, "channels": [channel.value for channel in channels]})
    return None


def _start(on: Ground, step: ScenarioStep, index: int, previous: date) -> date | None:
    """The day that the step counts from; None when no item gives one."""
    leading = on.leading
    if leading is None or leading.due_on is None:
        return None
    match step.after:
        case "due_date":
            return leading.due_on
        case "previous_step":
            return previous
        case "stage":
            return on.claim.stage_since
        case _:
            raise PlanImpossible("unknown_anchor", {"scenario": on.claim.scenario, "step": index, "after": step.after})


def why_then(on: Ground, candidate: Candidate) -> Reason:
    """The rule that gives a step its nominal date."""
    step, start = candidate.step, candidate.start.isoformat()
    facts: dict[str, str | int | list[str]] = {
        "step": candidate.index,
        "action_type": step.action_type,
        "days": abs(step.days),
    }
    match step.after:
        case "previous_step":
            return Reason("step_after_previous", {**facts, "previous_on": start})
        case "stage":
            return Reason("step_after_stage", {**facts, "stage": on.claim.stage.value, "since": start})
        case _:
            leading = on.leading
            code = "step_before_due_date" if step.days < 0 else "step_after_due_date"
            return Reason(code, {**facts, "item": leading.reference if leading else "", "due_on": start})


def _previous_day(on: Ground, actions: Sequence[Action], behind: Positions) -> date:
    """The day of the last step taken (or of what replaced it); before the first one, the entry into it.

    Back in a stage that had begun before, never earlier than the return: years in court are no reason to act at once.
    """
    claim = on.claim
    if actions:
        last = max(actions, key=_sequence)
        replacement = next((a for a in claim.actions if a.replaces is not None and a.replaces == last.id), last)
        day = _day_of(on, replacement) or claim.opened_on
        return max(day, claim.stage_since) if claim.stage in behind.highest else day
    takeover = claim.takeover
    before = takeover.last_action_on if takeover and takeover.stage is claim.stage else None
    return before or claim.stage_since


def _day_of(on: Ground, action: Action) -> date | None:
    if action.done_at is not None:
        return local_day(action.done_at, on.claim.time_zone)
    return action.planned_on or action.starts_on


def _sequence(action: Action) -> int:
    return action.sequence
