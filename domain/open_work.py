"""What is already under way: actions that leave or wait for their date, tasks whose clock runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from domain.agents import is_agents_own
from domain.calendar import local_day, next_sending_instant, sending_instant
from domain.claim import Action, ActionState, Channel, Claim, Mode, OnExpiry, Origin, Task, TaskKind
from domain.contacts import may_leave
from domain.ground import Ground
from domain.internal_people import internal_address
from domain.promises import follow_up_of
from domain.routing import SENDS, choose_channel, is_usable, way_out
from domain.steps import PlanImpossible, Reason, Step, StepKind

SOMETHING = Decimal("0.001")  # the smallest amount of any currency here
LEAVING = frozenset({ActionState.SENDING, ActionState.CONFIRMED})
PLAN_KIND = {
    Origin.SCENARIO: "scenario_step",
    Origin.STATUS: "follow_up",
    Origin.PROMISE: "promise_check",
    Origin.CLOCK: "clock",
}


def sending(on: Ground) -> Step | None:
    """An action recorded as leaving, of which nobody knows whether it left: settled before anything else."""
    leaving = [a for a in on.open_actions if a.state is ActionState.SENDING]
    if not leaving:
        return None
    action = min(leaving, key=_sequence)
    return _of_action(on, action, on.as_of, (Reason("not_known_whether_it_left", {"sequence": action.sequence}),))


def confirmed(on: Ground) -> Step | None:
    """The first action a person or an expiry released; after a refusal it waits for its next try."""
    released = [a for a in on.open_actions if a.state is ActionState.CONFIRMED and not _is_asked_about(on, a)]
    if not released:
        return None
    (at, held), action = min(
        ((_leaves_at(on, a), a) for a in released), key=lambda each: (each[0][0], each[1].sequence)
    )
    if action.attempts:
        facts: dict[str, str | int | list[str]] = {"attempts": action.attempts, "again_at": on.local(at)}
        return _of_action(on, action, at, (Reason("tries_again", facts), *held))
    return _of_action(on, action, at, (Reason(_released_by(action), {"action_type": action.action_type}), *held))


def _released_by(action: Action) -> str:
    """A person, the deadline of a proposal, or nobody: a reminder to an agent leaves of itself."""
    if action.decided_by:
        return "confirmed"
    return "leaves_by_itself" if action.step is None and action.mode is Mode.AUTOMATIC else "released"


def planned(on: Ground) -> Iterator[Step]:
    """Actions with a date of their own: postponed or planned by a person, or the follow-up of a status."""
    scenario, claim = on.catalogue.scenario, on.claim
    for action in on.open_actions:
        if action.state is not ActionState.PLANNED or _is_asked_about(on, action):
            continue
        if is_agents_own(action):
            continue  # given to its agent on its day, nobody of ours is asked
        at = action.planned_at
        if at is None:
            if action.planned_on is None:
                continue  # a person has given it no date yet
            at = sending_instant(action.planned_on, claim.number, scenario, claim.time_zone)
        asks_from = _asks_from(on, action)
        if asks_from is None:
            continue  # nothing may be asked now: news says when
        if asks_from > on.today:
            at = max(at, sending_instant(asks_from, claim.number, scenario, claim.time_zone))
        at = max(at, on.as_of)
        if action.mode is Mode.AUTOMATIC:
            at = next_sending_instant(at, claim.number, scenario, on.catalogue.calendar, claim.time_zone)
        at, held = may_leave(on, _channel_of(on, action), at)
        yield _of_action(on, action, at, (_why_planned(on, action, at), *follow_up_of(claim, action), *held))


def _asks_from(on: Ground, action: Action) -> date | None:
    """The first day on which a scenario step that waits has something to ask; None while all is promised, disputed, to come.

    What has items of its own, or is for an agent, asks for what it was planned for.
    """
    kind = on.catalogue.action_types.get(action.action_type)
    if action.items or kind is None or kind.is_for_agent or not is_of_step(on.claim, action):
        return on.today
    before = [step for step in on.catalogue.scenario.steps if step.action_type == action.action_type]
    ahead = max((-step.days for step in before if step.after == "due_date"), default=0)
    return on.asks_enough_from(on.today, SOMETHING, max(0, ahead))


def _why_planned(on: Ground, action: Action, at: datetime) -> Reason:
    facts: dict[str, str | int | list[str]] = {"action_type": action.action_type, "planned_at": on.local(at)}
    if action.decided_by:
        return Reason("postponed", facts)
    if action.origin is Origin.STATUS and action.items:
        return Reason("follow_up", facts | {"items": list(action.items)})
    return Reason("planned", facts)


def blocks_scenario(on: Ground) -> bool:
    """A step under way (or what replaces it) comes before the next one."""
    of_step = (TaskKind.CONFIRM_ACTION, TaskKind.DO_ACTION)
    return any(is_of_step(on.claim, action) for action in on.open_actions) or any(
        task.step is not None and task.kind in of_step for task in on.open_tasks
    )


def is_of_step(claim: Claim, action: Action) -> bool:
    """Whether it is a scenario step's, or replaces one: what replaces a status' own action stops no other item."""
    if action.step is not None or action.replaces is None:
        return action.step is not None
    replaced = next((a for a in claim.actions if a.id == action.replaces), None)
    return replaced is None or is_of_step(claim, replaced)


def task_clocks(on: Ground) -> Iterator[Step]:
    """For each open task the next moment of its clock: reminder, supervisor, default."""
    for task in on.open_tasks:
        ticks = [(at, code) for at, code in _ticks(task) if at is not None]
        if not ticks:
            continue
        at, code = min(ticks)
        facts: dict[str, str | int | list[str]] = {
            "task": task.kind.value,
            "opened_at": on.local(task.opened_at),
            "at": on.local(at),
        }
        if code == "task_expires":
            facts["on_expiry"] = task.on_expiry.value
        yield Step(
            StepKind.TASK_CLOCK,
            due_at=max(at, on.as_of),
            key=f"claim/{on.claim.number}/task/{task.id}/{code.removeprefix('task_')}",
            plan_kind="task_deadline",
            action_type=task.action_type,
            scenario_step=task.step,
            due_on=local_day(at, on.claim.time_zone),
            task_id=str(task.id),
            task_kind=task.kind.value,
            waiting_for="person",
            why=(Reason(code, facts),),
        )


def task_open(on: Ground, task: Task) -> Reason:
    return Reason("task_open", {"task": task.kind.value, "opened_at": on.local(task.opened_at)})


def _ticks(task: Task) -> tuple[tuple[datetime | None, str], ...]:
    """A task that waits for ever keeps its supervisor; the others end by themselves."""
    return (
        (task.reminds_at if task.reminded_at is None and task.escalated_at is None else None, "task_reminds"),
        (task.escalates_at if task.escalated_at is None else None, "task_escalates"),
        (task.expires_at if task.on_expiry is not OnExpiry.WAIT else None, "task_expires"),
    )


def _of_action(on: Ground, action: Action, at: datetime, why: tuple[Reason, ...]) -> Step:
    channel = _channel_of(on, action)
    mode = _mode_of(on, action, channel)
    kind, task_kind = way_out(mode, channel)
    if action.state in LEAVING and channel in SENDS:
        kind, task_kind = SENDS[channel], ""
    return Step(
        kind,
        due_at=at,
        key=on.claim.key(action.sequence),
        plan_kind=_plan_kind(action),
        action_type=action.action_type,
        scenario_step=action.step,
        due_on=action.planned_on or local_day(at, on.claim.time_zone),
        mode=mode,
        channel=channel,
        action_id=str(action.id),
        task_kind=task_kind,
        why=why,
    )


def _plan_kind(action: Action) -> str:
    if action.subject.startswith("arrangement/"):
        return "instalment"
    return PLAN_KIND.get(action.origin, "scenario_step" if action.step is not None else "follow_up")


def _mode_of(on: Ground, action: Action, channel: Channel) -> Mode:
    """A question to the people inside, whose address nobody knows, is asked by a person."""
    if action.mode is Mode.MANUAL or channel is not Channel.INTERNAL_EMAIL:
        return action.mode
    if not internal_address(on.claim, on.catalogue.creditor, action):
        return Mode.MANUAL
    return action.mode


def _channel_of(on: Ground, action: Action) -> Channel:
    """A planned action whose address has gone takes another channel of its type; what was agreed stays as agreed."""
    if action.state in LEAVING or is_usable(action.channel, on.claim.debtor):
        return action.channel
    kind = on.catalogue.action_types.get(action.action_type)
    if kind is None:
        raise PlanImpossible("unknown_action_type", {"sequence": action.sequence, "action_type": action.action_type})
    if kind.is_for_agent:  # the debtor's address is not theirs
        return action.channel
    return choose_channel(on.claim.debtor, kind.channels)[0] or action.channel


def _leaves_at(on: Ground, action: Action) -> tuple[datetime, tuple[Reason, ...]]:
    """Not before its next try; what no person released (an expiry, a retry) keeps to the sending days and hours.

    The contact cap and the law's hours hold for what a person released, too.
    """
    at = max(on.as_of, action.planned_at) if action.planned_at else on.as_of
    if not action.decided_by:
        scenario, calendar, claim = on.catalogue.scenario, on.catalogue.calendar, on.claim
        at = next_sending_instant(at, claim.number, scenario, calendar, claim.time_zone)
    return may_leave(on, action.channel, at)


def _is_asked_about(on: Ground, action: Action) -> bool:
    """Whether an open task has it: then a person decides."""
    return any(task.action_id == action.id for task in on.open_tasks)


def _sequence(action: Action) -> int:
    return action.sequence
