"""Asking a person: the task with its clock, its default when nobody answers, and the task of an anomaly."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from domain.catalogue import Catalogue, ScenarioStep
from domain.claim import (
    Action,
    ActionState,
    Claim,
    Decision,
    OnExpiry,
    Outcome,
    Task,
    TaskKind,
    TaskState,
)
from domain.effects import Changed, action_of, with_action
from domain.events import SYSTEM, Event
from domain.steps import Step

DEFAULT_ANSWER_DAYS = 6  # of a task that no scenario step stands behind


DECISIONS = {
    TaskKind.CONFIRM_ACTION: (Decision.CONFIRM, Decision.OVERRIDE, Decision.POSTPONE, Decision.SKIP),
    TaskKind.DO_ACTION: (Decision.DONE, Decision.OVERRIDE, Decision.POSTPONE, Decision.SKIP),
    TaskKind.FIND_ADDRESS: (Decision.DONE, Decision.SKIP),
    TaskKind.ANOMALY: (Decision.DONE,),
    TaskKind.STAGE_CHANGE: (Decision.CONFIRM, Decision.SKIP),
    TaskKind.SECOND_APPROVAL: (Decision.CONFIRM, Decision.REFUSE),
    TaskKind.BROKEN_PROMISE: (Decision.DONE, Decision.POSTPONE, Decision.SKIP),
    TaskKind.REPLY: (Decision.DONE, Decision.SKIP),
    TaskKind.AGENT_OVERDUE: (Decision.DONE, Decision.POSTPONE, Decision.SKIP),
    TaskKind.CLOCK: (Decision.DONE,),
}


def open_task(
    claim: Claim, catalogue: Catalogue, step: Step, action: Action | None, as_of: datetime, proposed: dict[str, Any]
) -> Changed:
    """Ask a person, with what they see frozen; a reminder after a third of the time, the supervisor after two thirds."""
    kind = TaskKind(step.task_kind)
    days, on_expiry = DEFAULT_ANSWER_DAYS, OnExpiry.WAIT
    of_scenario = _step_of(catalogue, step)
    if of_scenario is not None and kind is not TaskKind.FIND_ADDRESS:
        days, on_expiry = of_scenario.expires_after_days, of_scenario.on_expiry
    time = timedelta(days=days)
    opened = sum(1 for t in claim.tasks if t.action_id == (action.id if action else None) and t.kind is kind)
    task = Task(
        id=claim.id_for("task", kind.value, action.sequence if action else step.key, opened),
        kind=kind,
        version=1,
        state=TaskState.OPEN,
        action_id=action.id if action else None,
        action_type=step.action_type,
        step=step.scenario_step,
        role="collector",
        assignee=claim.collector,
        opened_at=as_of,
        due_at=as_of + time,
        reminds_at=as_of + time / 3,
        escalates_at=as_of + time * 2 / 3,
        expires_at=as_of + time,
        on_expiry=on_expiry,
        allowed=DECISIONS[kind],
        proposed=proposed,
        why=tuple({"code": reason.code, "facts": reason.facts} for reason in step.why),
    )
    facts = {"task": kind.value, "action_type": step.action_type, "step": step.scenario_step}
    event = Event("task_opened", as_of, SYSTEM, facts, task.action_id)
    return Changed(replace(claim, tasks=(*claim.tasks, task)), (event,))


def _step_of(catalogue: Catalogue, step: Step) -> ScenarioStep | None:
    """The scenario's step; for one postponed under a scenario that the claim has left, the step of the same action type."""
    steps, index = catalogue.scenario.steps, step.scenario_step
    if index is None:
        return None
    if index < len(steps) and steps[index].action_type == step.action_type:
        return steps[index]
    return next((each for each in steps if each.action_type == step.action_type), None)


def ask_about(
    claim: Claim,
    kind: TaskKind,
    subject: str,
    as_of: datetime,
    *,
    role: str = "collector",
    days: int = DEFAULT_ANSWER_DAYS,
    why: tuple[dict[str, Any], ...] = (),
    proposed: dict[str, Any] | None = None,
    action: Action | None = None,
) -> Changed:
    """A task about something other than a scenario step (a broken promise, a stage, an agent, a legal clock).

    `subject` names it, like promise/<id>; one open task of a kind stands for one subject. Nobody's silence decides: it waits.
    """
    if any(t.kind is kind and t.subject == subject for t in claim.open_tasks):
        return Changed(claim)
    opened = sum(1 for t in claim.tasks if t.kind is kind and t.subject == subject)
    time = timedelta(days=days)
    task = Task(
        id=claim.id_for("task", kind.value, subject, opened),
        kind=kind,
        version=1,
        state=TaskState.OPEN,
        action_id=action.id if action else None,
        action_type=action.action_type if action else "",
        step=None,
        role=role,
        assignee=claim.collector if role == "collector" else "",
        opened_at=as_of,
        due_at=as_of + time,
        reminds_at=as_of + time / 3,
        escalates_at=as_of + time * 2 / 3,
        expires_at=as_of + time,
        on_expiry=OnExpiry.WAIT,
        allowed=DECISIONS[kind],
        proposed=proposed or {},
        why=why,
        subject=subject,
    )
    event = Event("task_opened", as_of, SYSTEM, {"task": kind.value, "action_type": task.action_type}, task.action_id)
    return Changed(replace(claim, tasks=(*claim.tasks, task)), (event,))


def run_task_clock(claim: Claim, task: Task, as_of: datetime) -> Changed:
    """An open task's time: the reminder, then the supervisor, then the step's documented default."""
    facts = {"task": task.kind.value, "action_type": task.action_type}
    if task.expires_at is not None and as_of >= task.expires_at and task.on_expiry is not OnExpiry.WAIT:
        expired = replace(task, state=TaskState.EXPIRED, closed_at=as_of)
        claim = with_task(claim, expired)
        event = Event("task_expired", as_of, SYSTEM, {**facts, "on_expiry": task.on_expiry.value}, task.action_id)
        return Changed(_after_expiry(claim, expired), (event,))
    if task.escalates_at is not None and as_of >= task.escalates_at and task.escalated_at is None:
        raised = replace(
            task, role="supervisor", assignee="", escalated_at=as_of, reminded_at=task.reminded_at or as_of
        )
        return Changed(with_task(claim, raised), (Event("task_escalated", as_of, SYSTEM, facts, task.action_id),))
    reminded = replace(task, reminded_at=as_of)
    return Changed(with_task(claim, reminded), (Event("task_reminded", as_of, SYSTEM, facts, task.action_id),))


def _after_expiry(claim: Claim, task: Task) -> Claim:
    if task.action_id is None:
        return claim
    action = action_of(claim, task.action_id)
    if task.on_expiry is OnExpiry.SEND:
        return with_action(
            claim, replace(action, state=ActionState.CONFIRMED, draft=task.proposed, reason="expired_send")
        )
    return with_action(claim, replace(action, state=ActionState.FINISHED, outcome=Outcome.EXPIRED, reason="no_answer"))


def raise_anomaly(claim: Claim, code: str, facts: dict[str, Any], as_of: datetime) -> Changed:
    """A plan that cannot be computed: one task that says why; the claim waits, its workflow never fails."""
    if any(t.kind is TaskKind.ANOMALY for t in claim.open_tasks):
        return Changed(claim)
    number = sum(1 for t in claim.tasks if t.kind is TaskKind.ANOMALY)
    task = Task(
        id=claim.id_for("task", "anomaly", number),
        kind=TaskKind.ANOMALY,
        version=1,
        state=TaskState.OPEN,
        action_id=None,
        action_type="",
        step=None,
        role="supervisor",
        assignee="",
        opened_at=as_of,
        due_at=None,
        reminds_at=None,
        escalates_at=None,
        expires_at=None,
        on_expiry=OnExpiry.WAIT,
        allowed=DECISIONS[TaskKind.ANOMALY],
        proposed={},
        why=({"code": code, "facts": facts},),
    )
    event = Event("anomaly", as_of, SYSTEM, {"code": code, **facts})
    return Changed(replace(claim, tasks=(*claim.tasks, task)), (event,))


def settle_anomaly(claim: Claim, as_of: datetime) -> Changed:
    """The plan can be computed again: the anomaly's task goes by itself."""
    for task in claim.open_tasks:
        if task.kind is TaskKind.ANOMALY:
            claim = with_task(claim, replace(task, state=TaskState.WITHDRAWN, closed_at=as_of))
    return Changed(claim)


def with_task(claim: Claim, task: Task) -> Claim:
    return replace(claim, tasks=tuple(task if t.id == task.id else t for t in claim.tasks))
