"""Moving a claim to another scenario or version: what changes, seen first; and the move itself. Start with `moved`.

A claim keeps its version until a supervisor moves it. It then goes on after the last step whose action it has had already
(domain/scenario_steps.py), so nothing is repeated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from domain.catalogue import Catalogue, Scenario, ScenarioStep
from domain.claim import Action, ActionState, Claim, Task, TaskKind
from domain.effects import Changed
from domain.endings import withdraw
from domain.events import Event
from domain.ground import ground
from domain.planner import next_step
from domain.steps import Decided, Step, StepKind

ACTS = frozenset({StepKind.SEND_EMAIL, StepKind.SEND_LETTER, StepKind.ASK})


@dataclass(frozen=True, slots=True)
class StepChange:
    """One step in the old and in the new scenario; None where it is not. Indices from 0."""

    old_index: int | None
    new_index: int | None
    old: ScenarioStep | None
    new: ScenarioStep | None

    @property
    def action_type(self) -> str:
        step = self.new or self.old
        return step.action_type if step else ""

    @property
    def kind(self) -> str:
        """added | removed | changed | unchanged: its place in the order is no change by itself."""
        if self.old is None:
            return "added"
        if self.new is None:
            return "removed"
        return "unchanged" if self.old == self.new else "changed"


def step_changes(old: Scenario, new: Scenario) -> tuple[StepChange, ...]:
    """The steps of both, matched by action type: the first reminder_1 with the first, the second with the second."""
    before, after = _numbered(old.steps), _numbered(new.steps)
    changes = [
        StepChange(before.get(name), index, old.steps[before[name]] if name in before else None, new.steps[index])
        for name, index in after.items()
    ]
    gone = [
        StepChange(index, None, old.steps[index], None) for name, index in before.items() if name not in after
    ]  # fmt: skip
    return (*changes, *gone)


def _numbered(steps: Iterable[ScenarioStep]) -> dict[tuple[str, int], int]:
    seen: Counter[str] = Counter()
    found = {}
    for index, step in enumerate(steps):
        found[step.action_type, seen[step.action_type]] = index
        seen[step.action_type] += 1
    return found


@dataclass(frozen=True, slots=True)
class Move:
    """What a move would do to one claim: the claim after it, what is withdrawn, and the plan on both sides.

    `before` is None when the claim cannot be planned as it stands. `at_once` is what would leave (or be asked) now, and
    would not without the move.
    """

    after: Claim
    withdrawn: tuple[Task, ...]
    before: Decided | None
    then: Decided
    at_once: Step | None


def foreseen(claim: Claim, here: Catalogue | None, there: Catalogue, as_of: datetime) -> Move:
    """The move of a claim from its scenario in `here` (None: it has none that can be read) to that of `there`.

    Raises PlanImpossible when either plan cannot be computed.
    """
    after = moved(claim, there.scenario, as_of, "").claim
    open_then = {task.id for task in after.open_tasks}
    before = None if here is None else next_step(claim, here, as_of)
    then = next_step(after, there, as_of)
    today = ground(claim, there, as_of).today
    due_now = [
        each.step
        for each in (before, then)
        if each is not None and each.step.kind in ACTS and each.step.due_on is not None and each.step.due_on <= today
    ]
    same = before is not None and before.step in due_now and before.step.action_type == then.step.action_type
    at_once = then.step if then.step in due_now and not same else None
    return Move(after, tuple(t for t in claim.open_tasks if t.id not in open_then), before, then, at_once)


def moved(claim: Claim, target: Scenario, as_of: datetime, author: str) -> Changed:
    """The claim in its new scenario; proposals of a step that the new one does not have are withdrawn, the others stay."""
    kept = {step.action_type for step in target.steps}
    actions = [action for action in claim.actions if _waits(action) and action.action_type not in kept]
    gone = {action.id for action in actions}
    tasks = [task for task in claim.open_tasks if task.action_id in gone or _searches(task)]
    withdrawn = withdraw(claim, as_of, reason="scenario_moved", tasks=tasks, actions=actions)
    facts = {"scenario": target.code, "version": target.version}
    there = replace(withdrawn.claim, scenario=target.code, scenario_version=target.version)
    return withdrawn.then(Changed(there, (Event("scenario_moved", as_of, author, facts),)))


def _waits(action: Action) -> bool:
    """A step of the scenario that is proposed, or postponed to a day; what a person released leaves."""
    return (
        action.is_open and action.step is not None and action.state in (ActionState.PROPOSED, ActionState.PLANNED)
    )  # fmt: skip


def _searches(task: Task) -> bool:
    """A search for an address that a step waits for: the new scenario asks for it anew where it needs one."""
    return task.kind is TaskKind.FIND_ADDRESS and task.step is not None
