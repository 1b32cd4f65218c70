"""What would happen until a day, if nothing arrived: the planner itself, applied again and again to what it would leave.

So the forecast cannot disagree with what is done. A person who is asked is assumed to agree at once, and it is said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from domain.calendar import start_of_day
from domain.catalogue import Catalogue
from domain.checks import Check, check
from domain.claim import Action, ActionState, Channel, Claim, Mode, Origin, Outcome, Task, TaskKind, TaskState
from domain.effects import action_of, with_action
from domain.planner import next_step
from domain.steps import Decided, HeldBack, Reason, Step, StepKind

MOST_STEPS = 100  # no scenario of a lifetime is longer: beyond it the facts go round in circles
SENDS = frozenset({StepKind.SEND_EMAIL, StepKind.SEND_LETTER})


@dataclass(frozen=True, slots=True)
class Forecast:
    """The steps until a day, in order of time, and those held back, with the reason."""

    steps: tuple[Step, ...]
    not_now: tuple[HeldBack, ...]


def forecast(
    claim: Claim,
    catalogue: Catalogue,
    as_of: datetime,
    until: date,
    *,
    decide: Callable[[Claim, Catalogue, datetime], Decided] = next_step,
    look: Check = check,
) -> Forecast:
    """Every step up to the end of that day (the claim's own); raises PlanImpossible like the planner.

    It ends whatever `decide` answers: a day that is asked for again after `look` is taken no second time.
    """
    horizon = start_of_day(until + timedelta(days=1), claim.time_zone)
    steps: list[Step] = []
    seen: set[str] = set()
    held: dict[tuple[int | None, str, str], HeldBack] = {}
    now = as_of
    for _ in range(MOST_STEPS):
        decided = decide(claim, catalogue, now)
        for found in decided.not_now:
            held.setdefault((found.step.scenario_step, found.step.action_type, found.why[0].code), found)
        step = decided.step
        if step.kind is StepKind.CLOSE or step.due_at is None or step.due_at >= horizon:
            break
        if step.kind is StepKind.CHECK and step.key in seen:
            break  # its subject still asks for the day that was looked at: what comes after is not known
        seen.add(step.key)
        now = max(now, step.due_at)
        if step.kind is not StepKind.WAIT:
            steps.append(_assumed(step))
        looked_at = step.kind is StepKind.CHECK
        claim = look(claim, catalogue, step, now).claim if looked_at else _imagined(claim, step, now)
    return Forecast(tuple(steps), tuple(held.values()))


def _assumed(step: Step) -> Step:
    """A person's part is taken as done: the reader is told so."""
    if step.kind not in (StepKind.ASK, StepKind.TASK_CLOCK):
        return step
    return replace(step, why=(*step.why, Reason("assumed_confirmed", {"task": step.task_kind})))


def _imagined(claim: Claim, step: Step, now: datetime) -> Claim:
    """The claim as if the step had been taken."""
    match step.kind:
        case StepKind.TASK_CLOCK:
            return _answered(claim, step.task_id, now)
        case StepKind.ASK if step.task_kind == TaskKind.FIND_ADDRESS.value:
            return _taken(claim, step, now, Outcome.DONE)
        case StepKind.WAIT:
            return claim
        case _:
            outcome = Outcome.SENT if step.kind in SENDS else Outcome.DONE
            if step.action_id:
                action = action_of(claim, UUID(step.action_id))
                return with_action(claim, _finished(action, outcome, now))
            return _taken(claim, step, now, outcome)


def _answered(claim: Claim, task_id: str, now: datetime) -> Claim:
    """The open task is decided and its action done."""
    task = next(t for t in claim.tasks if str(t.id) == task_id)
    tasks = tuple(replace(t, state=TaskState.DECIDED, closed_at=now) if t.id == task.id else t for t in claim.tasks)
    claim = replace(claim, tasks=tasks)
    if task.action_id is not None:
        return with_action(claim, _finished(action_of(claim, task.action_id), Outcome.DONE, now))
    if task.step is not None:
        return _taken(claim, _of_task(task), now, Outcome.DONE)
    return claim


def _of_task(task: Task) -> Step:
    return Step(StepKind.ASK, action_type=task.action_type, scenario_step=task.step)


def _taken(claim: Claim, step: Step, now: datetime, outcome: Outcome) -> Claim:
    """A new action, after those that catching up passes over; each uses up its sequence."""
    passed = [
        replace(_action(claim, n, step, now), step=index, outcome=Outcome.SKIPPED)
        for n, index in enumerate(step.passes_over, 1)
    ]
    last = len(passed) + 1
    taken = replace(_action(claim, last, step, now), outcome=outcome)
    return replace(claim, actions=(*claim.actions, *passed, taken), sequence=claim.sequence + last)


def _action(claim: Claim, offset: int, step: Step, now: datetime) -> Action:
    return Action(
        id=claim.id_for("imagined", claim.sequence + offset),
        sequence=claim.sequence + offset,
        action_type=step.action_type,
        category=claim.stage,
        origin=Origin.SCENARIO,
        mode=step.mode or Mode.MANUAL,
        channel=step.channel or Channel.INTERNAL_EMAIL,
        state=ActionState.FINISHED,
        step=step.scenario_step,
        scenario=claim.scenario,
        scenario_version=claim.scenario_version,
        planned_on=step.due_on,
        done_at=now,
    )


def _finished(action: Action, outcome: Outcome, now: datetime) -> Action:
    return replace(action, state=ActionState.FINISHED, outcome=outcome, done_at=now)
