"""What an effect leaves behind in the claim's facts: recorded before it leaves, marked after.

Each takes the claim and gives it back changed, with the events for its timeline. Money and dates only; no I/O.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.catalogue import Catalogue, ScenarioStep
from domain.claim import (
    Action,
    ActionState,
    Channel,
    Claim,
    Cost,
    Decision,
    DocumentState,
    Ending,
    Mode,
    OnExpiry,
    Origin,
    Outcome,
    Stage,
    Task,
    TaskKind,
    TaskState,
)
from domain.events import SYSTEM, Event
from domain.money import Money
from domain.steps import Step

DEFAULT_ANSWER_DAYS = 6  # of a task that no scenario step stands behind
DECISIONS = {
    TaskKind.CONFIRM_ACTION: (Decision.CONFIRM, Decision.OVERRIDE, Decision.POSTPONE, Decision.SKIP),
    TaskKind.DO_ACTION: (Decision.DONE, Decision.OVERRIDE, Decision.POSTPONE, Decision.SKIP),
    TaskKind.FIND_ADDRESS: (Decision.DONE, Decision.SKIP),
    TaskKind.ANOMALY: (Decision.DONE,),
}


@dataclass(frozen=True, slots=True)
class Changed:
    """The claim after, and what its timeline keeps of it."""

    claim: Claim
    events: tuple[Event, ...] = ()

    def then(self, next_change: Changed) -> Changed:
        return Changed(next_change.claim, self.events + next_change.events)


def today(claim: Claim, as_of: datetime) -> Any:
    """The claim's own date at an instant."""
    return as_of.astimezone(ZoneInfo(claim.time_zone)).date()


def begin(
    claim: Claim, catalogue: Catalogue, step: Step, as_of: datetime, state: ActionState
) -> tuple[Changed, Action]:
    """Record the step's action (and those that catching up passes over) before it leaves or is asked."""
    if step.action_id:
        action = replace(action_of(claim, UUID(step.action_id)), state=state)
        if step.channel is not None:
            action = replace(action, channel=step.channel)
        return Changed(with_action(claim, action)), action
    passed = _pass_over(claim, catalogue, step, as_of)
    sequence = passed.claim.sequence + 1
    kind = catalogue.action_types[step.action_type]
    day = today(claim, as_of)
    assert step.channel is not None and step.mode is not None  # noqa: S101, PT018  the planner sets both for every action
    action = Action(
        id=claim.id_for("action", sequence),
        sequence=sequence,
        action_type=step.action_type,
        category=kind.category,
        origin=Origin.SCENARIO if step.scenario_step is not None else Origin.STATUS,
        mode=step.mode,
        channel=step.channel,
        state=state,
        step=step.scenario_step,
        scenario_version=claim.scenario_version if step.scenario_step is not None else None,
        starts_on=day,
        planned_end_on=None if kind.duration_days is None else day + timedelta(days=kind.duration_days),
        reminder_on=None if kind.reminder_days is None else day + timedelta(days=kind.reminder_days),
        planned_on=step.due_on,
        fee=fee_of(claim, catalogue, step.action_type),
        agent=kind.default_agent or "",
    )
    return Changed(with_action(replace(passed.claim, sequence=sequence), action), passed.events), action


def _pass_over(claim: Claim, catalogue: Catalogue, step: Step, as_of: datetime) -> Changed:
    """Steps that catching up leaves out: recorded as skipped, so that none is missed or repeated."""
    events: list[Event] = []
    for index in step.passes_over:
        passed = catalogue.scenario.steps[index]
        claim, action = _skipped_step(claim, catalogue, passed, index, as_of, reason="caught_up")
        facts = {"action_type": passed.action_type, "step": index, "reason": "caught_up"}
        events.append(Event("action_skipped", as_of, SYSTEM, facts, action.id))
    return Changed(claim, tuple(events))


def _skipped_step(
    claim: Claim,
    catalogue: Catalogue,
    step: ScenarioStep,
    index: int,
    as_of: datetime,
    *,
    reason: str,
    decided_by: str = "",
) -> tuple[Claim, Action]:
    kind = catalogue.action_types[step.action_type]
    sequence = claim.sequence + 1
    action = Action(
        id=claim.id_for("action", sequence),
        sequence=sequence,
        action_type=step.action_type,
        category=kind.category,
        origin=Origin.SCENARIO,
        mode=step.mode,
        channel=(step.channels or kind.channels)[0],
        state=ActionState.FINISHED,
        step=index,
        scenario_version=claim.scenario_version,
        planned_on=today(claim, as_of),
        done_at=as_of,
        outcome=Outcome.SKIPPED,
        reason=reason,
        decided_by=decided_by,
    )
    return with_action(replace(claim, sequence=sequence), action), action


def skip_step(
    claim: Claim, catalogue: Catalogue, index: int, as_of: datetime, *, reason: str, decided_by: str
) -> Claim:
    """A person gives up a scenario step that has no action yet (no address was found)."""
    step = catalogue.scenario.steps[index]
    return _skipped_step(claim, catalogue, step, index, as_of, reason=reason, decided_by=decided_by)[0]


def left(
    claim: Claim, catalogue: Catalogue, action_id: UUID, as_of: datetime, *, outcome: Outcome, author: str = SYSTEM
) -> Changed:
    """The action is out (sent) or done: mark it, charge the fee it causes."""
    action = replace(
        action_of(claim, action_id), state=ActionState.FINISHED, outcome=outcome, done_at=as_of, planned_at=None
    )
    claim = with_action(claim, action)
    if outcome is Outcome.DONE:
        kind = "action_done"
    else:
        kind = "email_sent" if action.channel in (Channel.EMAIL, Channel.INTERNAL_EMAIL) else "letter_sent"
    facts = {"action_type": action.action_type, "step": action.step, "sequence": action.sequence}
    events = [Event(kind, as_of, author, facts, action.id)]
    if action.fee:
        fee = catalogue.fees[catalogue.action_types[action.action_type].automatic_fee or ""]
        cost = Cost(
            id=claim.id_for("fee", action.sequence),
            kind=fee.code,
            amount=action.fee,
            incurred_on=today(claim, as_of),
            chargeable_to_debtor=fee.chargeable_to_debtor,
            billed_to_creditor=fee.billed_to_creditor,
            action_id=action.id,
        )
        if all(known.id != cost.id for known in claim.costs):
            claim = replace(claim, costs=(*claim.costs, cost))
            events.append(
                Event(
                    "fee_charged",
                    as_of,
                    SYSTEM,
                    {"fee": fee.code, "amount": str(action.fee), "currency": claim.currency},
                    action.id,
                )
            )
    return Changed(claim, tuple(events))


def not_left(claim: Claim, action_id: UUID, as_of: datetime, *, retry_at: datetime, reason: str) -> Changed:
    """Refused for now: the same action tries again later, under the same key."""
    action = action_of(claim, action_id)
    again = replace(
        action, state=ActionState.CONFIRMED, planned_at=retry_at, attempts=action.attempts + 1, reason=reason
    )
    facts = {"action_type": action.action_type, "reason": reason, "again_at": retry_at.isoformat()}
    return Changed(with_action(claim, again), (Event("send_failed", as_of, SYSTEM, facts, action.id),))


def given_up(claim: Claim, action_id: UUID, as_of: datetime, *, reason: str) -> Changed:
    """It could not be sent at all: the action failed, and the scenario goes on."""
    action = action_of(claim, action_id)
    failed = replace(action, state=ActionState.FINISHED, outcome=Outcome.FAILED, done_at=as_of, reason=reason)
    facts = {"action_type": action.action_type, "reason": reason, "again_at": ""}
    return Changed(with_action(claim, failed), (Event("send_failed", as_of, SYSTEM, facts, action.id),))


def refused_for_good(claim: Claim, catalogue: Catalogue, action_id: UUID, as_of: datetime, *, reason: str) -> Changed:
    """The address does not exist: the same action goes by letter where there is an address, else it failed."""
    action = action_of(claim, action_id)
    by_post = [
        c
        for c in catalogue.action_types[action.action_type].channels
        if c in (Channel.LETTER, Channel.REGISTERED_LETTER)
    ]
    if not by_post or claim.debtor.postal_address() is None:
        return given_up(claim, action_id, as_of, reason=reason)
    again = not_left(claim, action_id, as_of, retry_at=as_of, reason=reason)
    return Changed(
        with_action(again.claim, replace(action_of(again.claim, action_id), channel=by_post[0])), again.events
    )


def open_task(
    claim: Claim, catalogue: Catalogue, step: Step, action: Action | None, as_of: datetime, proposed: dict[str, Any]
) -> Changed:
    """Ask a person, with what they see frozen; a reminder after a third of the time, the supervisor after two thirds."""
    kind = TaskKind(step.task_kind)
    days, on_expiry = DEFAULT_ANSWER_DAYS, OnExpiry.WAIT
    if step.scenario_step is not None and kind is not TaskKind.FIND_ADDRESS:
        of_scenario = catalogue.scenario.steps[step.scenario_step]
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


def withdraw(
    claim: Claim, as_of: datetime, *, reason: str, tasks: Iterable[Task] = (), actions: Iterable[Action] = ()
) -> Changed:
    """Take back what has not left: proposals whose ground is gone, and actions that wait."""
    events: list[Event] = []
    for task in tasks:
        claim = with_task(claim, replace(task, state=TaskState.WITHDRAWN, closed_at=as_of))
        facts = {"task": task.kind.value, "action_type": task.action_type, "reason": reason}
        events.append(Event("task_withdrawn", as_of, SYSTEM, facts, task.action_id))
    for action in actions:
        gone = replace(action, state=ActionState.FINISHED, outcome=Outcome.WITHDRAWN, reason=reason, done_at=as_of)
        claim = with_action(claim, gone)
        events.append(
            Event("action_withdrawn", as_of, SYSTEM, {"action_type": action.action_type, "reason": reason}, action.id)
        )
    return Changed(claim, tuple(events))


def catch_letters(claim: Claim, as_of: datetime, *, reason: str) -> Changed:
    """Letters that have not gone to the printer yet are withdrawn; the action stays sent, its letter does not leave."""
    letters, events = [], []
    for letter in claim.letters:
        if letter.state is DocumentState.RENDERED and letter.posts_at > as_of:
            letters.append(replace(letter, state=DocumentState.WITHDRAWN))
            events.append(Event("letter_withdrawn", as_of, SYSTEM, {"reason": reason}, letter.action_id))
        else:
            letters.append(letter)
    return Changed(replace(claim, letters=tuple(letters)), tuple(events))


def close(claim: Claim, ending: Ending, as_of: datetime) -> Changed:
    """The end: whatever is still open is withdrawn with it."""
    if claim.stage is Stage.CLOSED:
        return Changed(claim)
    waiting = [a for a in claim.actions if a.is_open and a.state is not ActionState.SENDING]
    done = withdraw(claim, as_of, reason=ending.value, tasks=claim.open_tasks, actions=waiting)
    done = done.then(catch_letters(done.claim, as_of, reason=ending.value))
    for action in [a for a in done.claim.actions if a.is_open]:
        # Recorded as leaving, and nobody knows whether it left: it never leaves again after the end. One that is
        # leaving at this very moment is marked as sent by its own effect.
        unknown = given_up(done.claim, action.id, as_of, reason="not_known_whether_it_left")
        done = done.then(unknown)
    closed = replace(
        done.claim,
        stage=Stage.CLOSED,
        closed_from=claim.stage,
        ending=ending,
        closed_on=today(claim, as_of),
        closing=None,
        suspended=None,
    )
    return done.then(Changed(closed, (Event("claim_closed", as_of, SYSTEM, {"ending": ending.value}),)))


def end_suspension(claim: Claim, as_of: datetime) -> Changed:
    """A suspension that had an end is over when its day has come."""
    until = claim.suspended.until if claim.suspended else None
    if until is None or until > today(claim, as_of):
        return Changed(claim)
    return Changed(replace(claim, suspended=None), (Event("resumed", as_of),))


def reopen(claim: Claim, as_of: datetime) -> Changed:
    """Something is owed again (a returned payment, a new item): the claim goes on where it was."""
    stage = claim.closed_from or Stage.AMICABLE
    opened = replace(claim, stage=stage, closed_from=None, ending=None, closed_on=None)
    return Changed(opened, (Event("claim_reopened", as_of, SYSTEM, {"stage": stage.value}),))


def fee_of(claim: Claim, catalogue: Catalogue, action_type: str) -> Money | None:
    """The fee that choosing this action type causes, in the claim's currency; None when there is none."""
    code = catalogue.action_types[action_type].automatic_fee
    amount = catalogue.fees[code].amounts.get(claim.currency) if code else None
    return None if amount is None else Money.of(amount, claim.currency)


def action_of(claim: Claim, action_id: UUID) -> Action:
    return next(a for a in claim.actions if a.id == action_id)


def with_action(claim: Claim, action: Action) -> Claim:
    """The claim with this action in place of its earlier self, or added."""
    if all(a.id != action.id for a in claim.actions):
        return replace(claim, actions=(*claim.actions, action))
    return replace(claim, actions=tuple(action if a.id == action.id else a for a in claim.actions))


def with_task(claim: Claim, task: Task) -> Claim:
    return replace(claim, tasks=tuple(task if t.id == task.id else t for t in claim.tasks))


def new_action(
    claim: Claim,
    catalogue: Catalogue,
    action_type: str,
    channel: Channel,
    *,
    mode: Mode,
    state: ActionState,
    author: str,
    **facts: Any,
) -> tuple[Claim, Action]:
    """An action that a person chose, with its own sequence."""
    sequence = claim.sequence + 1
    action = Action(
        id=claim.id_for("action", sequence),
        sequence=sequence,
        action_type=action_type,
        category=catalogue.action_types[action_type].category,
        origin=Origin.MANUAL,
        mode=mode,
        channel=channel,
        state=state,
        fee=fee_of(claim, catalogue, action_type),
        decided_by=author,
        **facts,
    )
    return with_action(replace(claim, sequence=sequence), action), action
