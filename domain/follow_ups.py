"""What a status brings on its day: its specific action, or a look by the collector. Start with `plan_follow_up`.

A specific action takes its items off the scenario until it ends (domain/effects.py gives them back); a mere follow-up
does not.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from domain.asking import with_task
from domain.catalogue import ActionType, Catalogue, Status
from domain.claim import Action, ActionState, Channel, Claim, Mode, Origin, StatusCategory, TaskState
from domain.effects import Changed, fee_of, with_action
from domain.endings import withdraw
from domain.off_scenario import take_off_scenario, without_specific_action
from domain.routing import choose_channel

FOLLOW_UP = "follow_up"  # the standard action type behind a status that has no action of its own


def specific_action_of(claim: Claim, catalogue: Catalogue, status: Status) -> ActionType | None:
    """The status' own action; None where it has none, or where it would propose the stage that the claim is in."""
    kind = catalogue.action_types.get(status.specific_action or "")
    if kind is None or not kind.active:
        return None
    return None if kind.proposes and kind.proposes.get("stage") == claim.stage.value else kind


def plan_follow_up(
    claim: Claim, catalogue: Catalogue, status: Status, items: Sequence[str], on: date, *, subject: str = ""
) -> tuple[Claim, Action | None]:
    """The claim with the status' action planned on that day, or the collector's follow-up when it has none."""
    specific = specific_action_of(claim, catalogue, status)
    kind = specific or catalogue.action_types.get(FOLLOW_UP)
    if kind is None:
        return claim, None
    mode = (status.mode or kind.mode) if specific else Mode.MANUAL
    action = _of_type(claim, catalogue, kind, on)
    action = replace(action, mode=mode, channel=_channel(claim, status, kind), items=tuple(items), subject=subject)
    claim = with_action(replace(claim, sequence=action.sequence), action)
    return (take_off_scenario(claim, action) if specific else claim), action


def _channel(claim: Claim, status: Status, kind: ActionType) -> Channel:
    """Healthy items: the customer; disputed ones, and where the status says so: the people inside."""
    if status.internal_email or status.category is StatusCategory.DISPUTE:
        return Channel.INTERNAL_EMAIL
    return choose_channel(claim.debtor, kind.channels)[0] or kind.channels[0]


def _of_type(claim: Claim, catalogue: Catalogue, kind: ActionType, on: date) -> Action:
    """An action of this type for that day, with the dates that its type proposes."""
    sequence = claim.sequence + 1
    return Action(
        id=claim.id_for("action", sequence),
        sequence=sequence,
        action_type=kind.code,
        category=kind.category,
        origin=Origin.STATUS,
        mode=kind.mode,
        channel=kind.channels[0],
        state=ActionState.PLANNED,
        starts_on=on,
        planned_end_on=None if kind.duration_days is None else on + timedelta(days=kind.duration_days),
        reminder_on=None if kind.reminder_days is None else on + timedelta(days=kind.reminder_days),
        planned_on=on,
        fee=fee_of(claim, catalogue, kind.code),
        agent=kind.default_agent or "",
    )


def follow_ups_of(claim: Claim, items: Collection[str]) -> list[Action]:
    """The open follow-ups that concern these items and have not begun to leave."""
    apart = {item.specific_action for item in claim.items if item.reference in items}
    return [
        action
        for action in claim.actions
        if action.is_open
        and action.state is not ActionState.SENDING
        and (action.origin is Origin.STATUS or action.id in apart)
        and not set(action.items).isdisjoint(items)
    ]


def set_aside(claim: Claim, items: Collection[str], as_of: datetime, *, reason: str) -> Changed:
    """These items have no open follow-up any more; one that concerns others too goes on for them alone."""
    changed = Changed(claim)
    for action in follow_ups_of(claim, items):
        rest = tuple(reference for reference in action.items if reference not in items)
        if rest:
            changed = changed.then(Changed(with_action(changed.claim, replace(action, items=rest))))
            continue
        tasks = [task for task in changed.claim.open_tasks if task.action_id == action.id]
        changed = changed.then(withdraw(changed.claim, as_of, reason=reason, tasks=tasks, actions=[action]))
    return changed.then(Changed(without_specific_action(changed.claim, items)))


def move_follow_ups(claim: Claim, items: Collection[str], on: date, as_of: datetime) -> tuple[Claim, set[str]]:
    """The open follow-ups of exactly these items stand on another day; answers the items that they concern.

    What a person is being asked already is asked again on that day.
    """
    moved: set[str] = set()
    for action in follow_ups_of(claim, items):
        if not set(action.items) <= set(items) or action.state is ActionState.CONFIRMED:
            continue
        moved |= set(action.items)
        claim = with_action(claim, replace(action, state=ActionState.PLANNED, planned_on=on, planned_at=None))
        for task in claim.open_tasks:
            if task.action_id == action.id:
                claim = with_task(claim, replace(task, state=TaskState.WITHDRAWN, closed_at=as_of))
    return claim, moved
