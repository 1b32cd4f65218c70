"""Actions that a person plans, changes, executes in one click or gives up. Each rule is a request of the inbox.

A planned action is taken on its day by its mode (domain/open_work.py); a legal act given to an agent waits for them
(domain/agents.py). Its automatic fee is shown from the start and charged when it is executed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from domain.agents import agent_of, came_back, give_up, given, is_agents_own, refuse_unknown_agent
from domain.asking import with_task
from domain.calendar import zone
from domain.catalogue import ActionType, Catalogue
from domain.claim import Action, ActionState, Channel, Claim, Decision, Mode, Outcome, Stage, TaskState
from domain.effects import Changed, action_of, left, new_action, today, with_action
from domain.endings import withdraw
from domain.events import Event
from domain.inbox import Entry, Rule, day_or_none, refuse_unknown_items, refuse_when_closed
from domain.inbox import Outcome as Answered
from domain.legal_clocks import refuse_when_law_forbids
from domain.off_scenario import take_off_scenario
from domain.refusals import Refused
from domain.routing import SENDS, choose_channel
from domain.statuses import with_status

ORDER = (Stage.AMICABLE, Stage.LITIGATION, Stage.ENFORCEMENT)
DATES = ("starts_on", "planned_end_on", "reminder_on", "due_on")
LEAVING = frozenset({ActionState.CONFIRMED, ActionState.SENDING})


def _plan_action(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Answered:
    """A new action; the dates left out are proposed from its type's duration and reminder delay."""
    refuse_when_closed(claim)
    body = entry.payload
    kind = _kind_of(claim, catalogue, body["action_type"])
    items = tuple(dict.fromkeys(body.get("items") or ()))
    refuse_unknown_items(claim, list(items))
    agent = agent_of(claim, catalogue, kind, body.get("agent"))
    starts_on = day_or_none(body.get("starts_on")) or today(claim, as_of)
    refuse_when_law_forbids(claim, catalogue, kind, max(starts_on, today(claim, as_of)))
    dates = _dates(kind, starts_on, body)
    _refuse_disorder(starts_on, dates)
    claim, action = new_action(
        claim,
        catalogue,
        kind.code,
        _channel(claim, kind, agent, body.get("channel")),
        mode=kind.mode,
        state=ActionState.PLANNED,
        author="",
        agent=agent,
        object=body.get("object") or "",
        observations=body.get("observations") or "",
        items=items,
        starts_on=starts_on,
        planned_on=starts_on,
        planned_at=as_of if starts_on <= today(claim, as_of) else None,
        **dates,
    )
    facts = {"action_type": kind.code, "starts_on": starts_on.isoformat(), "sequence": action.sequence}
    changed = Changed(
        take_off_scenario(claim, action), (Event("action_planned", as_of, entry.author, facts, action.id),)
    )
    if is_agents_own(action) and starts_on <= today(claim, as_of):
        changed = changed.then(given(changed.claim, action, as_of))
    return changed, shown(action_of(changed.claim, action.id))


def _kind_of(claim: Claim, catalogue: Catalogue, code: str) -> ActionType:
    """The action type, of the claim's stage or an earlier one: a call goes on during the proceedings."""
    kind = catalogue.action_types.get(code)
    if kind is None or not kind.active:
        raise Refused("unknown_action_type", action_type=code)
    if ORDER.index(kind.category) > ORDER.index(claim.stage):
        facts = {"action_type": code, "category": kind.category.value, "stage": claim.stage.value}
        raise Refused("other_stage", needed=kind.category.value, **facts)
    return kind


def _channel(claim: Claim, kind: ActionType, agent: str, wanted: str | None) -> Channel:
    """The one given; what an agent or a person does by hand stays so; else the debtor's preference."""
    if wanted:
        if wanted not in kind.channels:
            raise Refused("not_a_channel", channel=wanted, channels=[channel.value for channel in kind.channels])
        return Channel(wanted)
    if kind.is_for_agent:
        return Channel.LEGAL_ACT if agent and Channel.LEGAL_ACT in kind.channels else kind.channels[0]
    if kind.mode is Mode.MANUAL:
        return kind.channels[0]
    return choose_channel(claim.debtor, kind.channels)[0] or kind.channels[0]


def _dates(kind: ActionType, starts_on: date, body: Mapping[str, Any]) -> dict[str, date | None]:
    def proposed(days: int | None) -> date | None:
        return None if days is None else starts_on + timedelta(days=days)

    return {
        "planned_end_on": day_or_none(body.get("planned_end_on")) or proposed(kind.duration_days),
        "reminder_on": day_or_none(body.get("reminder_on")) or proposed(kind.reminder_days),
        "due_on": day_or_none(body.get("due_on")),
    }


def _refuse_disorder(starts_on: date | None, dates: Mapping[str, date | None]) -> None:
    for name, day in dates.items():
        if day is not None and starts_on is not None and day < starts_on:
            raise Refused("date_before_start", field=name, date=day.isoformat(), starts_on=starts_on.isoformat())


def _change_action(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Answered:
    """Another date, agent, object or observations for an action that is open and not leaving."""
    action, body = _open_action(claim, entry.payload["action"]), entry.payload
    if action.state in LEAVING:
        raise Refused("action_leaves", action_type=action.action_type)
    if body.get("agent"):
        refuse_unknown_agent(claim, catalogue, body["agent"])
    dates = {name: day_or_none(body[name]) for name in DATES if name in body}
    changed = Changed(claim)
    if any(day != getattr(action, name) for name, day in dates.items()):
        changed = came_back(claim, catalogue, action, as_of)  # a date moved: the agent said something
    texts = {name: body[name] or "" for name in ("agent", "object", "observations") if name in body}
    moved: dict[str, Any] = {**_proposed_anew(action, catalogue, dates), **dates, **texts}
    after = replace(action_of(changed.claim, action.id), **moved)
    _refuse_disorder(after.starts_on, {name: getattr(after, name) for name in DATES[1:]})
    fields = [name for name in moved if name in body]
    event = Event(
        "action_changed", as_of, entry.author, {"action_type": action.action_type, "fields": fields}, action.id
    )
    changed = changed.then(Changed(with_action(changed.claim, after), (event,)))
    changed = changed.then(_restarted(changed.claim, action, after, as_of))
    return changed, shown(action_of(changed.claim, action.id))


def _proposed_anew(action: Action, catalogue: Catalogue, dates: Mapping[str, date | None]) -> dict[str, date | None]:
    """When the start moves, the end and the reminder move with it, unless they are given too."""
    starts_on, kind = dates.get("starts_on"), catalogue.action_types.get(action.action_type)
    if starts_on is None or starts_on == action.starts_on or kind is None:
        return {}
    fresh = _dates(kind, starts_on, {})
    return {name: fresh[name] for name in ("planned_end_on", "reminder_on") if fresh[name] is not None}


def _restarted(claim: Claim, before: Action, after: Action, as_of: datetime) -> Changed:
    """On its new start day it is taken anew: what a person is being asked already is asked again then."""
    day = today(claim, as_of)
    moved = after.starts_on != before.starts_on and after.starts_on is not None
    taken_back = after.state is ActionState.WITH_AGENT and not is_agents_own(after)
    tasks = [task for task in claim.open_tasks if task.action_id == after.id]
    starts_on = after.starts_on or day
    if not moved and not taken_back:
        if not is_agents_own(after) or is_agents_own(before) or starts_on > day:
            return Changed(claim)
        changed = withdraw(claim, as_of, reason="given_to_agent", tasks=tasks)  # it has an agent now
        return changed.then(given(changed.claim, after, as_of))
    planned = replace(
        after,
        state=ActionState.PLANNED,
        planned_on=starts_on,
        planned_at=as_of if starts_on <= day else None,
        draft=None,
    )
    changed = withdraw(claim, as_of, reason="other_date", tasks=tasks)
    changed = changed.then(Changed(with_action(changed.claim, planned)))
    if is_agents_own(planned) and starts_on <= day:
        return changed.then(given(changed.claim, planned, as_of))
    return changed


def _execute_action(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Answered:
    """One click: what can be sent leaves now, what is done by hand is done; statuses and a comment in the same act."""
    refuse_when_closed(claim)
    body, author = entry.payload, entry.author
    action = _open_action(claim, body["action"])
    if action.state is ActionState.SENDING:
        raise Refused("action_leaves", action_type=action.action_type)
    if (kind := catalogue.action_types.get(action.action_type)) is not None:
        refuse_when_law_forbids(claim, catalogue, kind, day_or_none(body.get("done_on")) or today(claim, as_of))
    action = _with_note(action, body.get("comment") or "", author, as_of)
    leaves = _leaves(action, catalogue)
    answered = Changed(_decided(claim, action, Decision.CONFIRM if leaves else Decision.DONE, body, author, as_of))
    if leaves:
        confirmed = replace(action, state=ActionState.CONFIRMED, decided_by=author, planned_at=None)
        facts = {"action_type": action.action_type}
        event = Event("action_released", as_of, author, facts, action.id)
        changed = answered.then(Changed(with_action(answered.claim, confirmed), (event,)))
    else:
        done = replace(action, decided_by=author, reason=body.get("result") or "")
        on_day = _done_at(claim, body.get("done_on"), as_of)
        changed = answered.then(_done(with_action(answered.claim, done), catalogue, done, on_day, as_of, author))
    for status in body.get("statuses") or ():
        given_status = {**status, "promised_on": status.get("promised_on") or body.get("promised_on")}
        changed = changed.then(with_status(changed.claim, given_status, author, catalogue, as_of))
    return changed, shown(action_of(changed.claim, action.id))


def _leaves(action: Action, catalogue: Catalogue) -> bool:
    """Whether something is sent; an internal e-mail without a text of its own is a person's work (find an address)."""
    if action.channel is not Channel.INTERNAL_EMAIL:
        return action.channel in SENDS
    kind = catalogue.action_types.get(action.action_type)
    return kind is not None and kind.template is not None


def _decided(
    claim: Claim, action: Action, decision: Decision, body: Mapping[str, Any], author: str, as_of: datetime
) -> Claim:
    """The open tasks of an executed action are decided with it."""
    kept = {
        "decision": decision.value,
        "by": author,
        "at": as_of.isoformat(),
        "comment": body.get("comment") or "",
        "result": body.get("result"),
    }
    for task in claim.open_tasks:
        if task.action_id == action.id:
            claim = with_task(claim, replace(task, state=TaskState.DECIDED, closed_at=as_of, decision=kept))
    return claim


def _with_note(action: Action, text: str, author: str, as_of: datetime) -> Action:
    if not text:
        return action
    note = {"text": text, "author": author, "at": as_of.isoformat()}
    return replace(action, notes=(*action.notes, note))


def _done(
    claim: Claim, catalogue: Catalogue, action: Action, done_at: datetime, as_of: datetime, author: str
) -> Changed:
    """Done on its day, told now: its fee is of that day."""
    changed = left(claim, catalogue, action.id, done_at, outcome=Outcome.DONE, author=author)
    return Changed(changed.claim, tuple(replace(event, at=as_of) for event in changed.events))


def _done_at(claim: Claim, day: str | None, as_of: datetime) -> datetime:
    """Noon of that day, where the claim is; now when it is today. Raises Refused for a day to come."""
    on = day_or_none(day)
    if on is None or on == today(claim, as_of):
        return as_of
    if on > today(claim, as_of):
        raise Refused("date_in_the_future", date=on.isoformat())
    return datetime.combine(on, time(12), zone(claim.time_zone))


def _cancel_action(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Answered:
    """Given up: it costs nothing, and its items are the scenario's again."""
    action = _open_action(claim, entry.payload["action"])
    if action.state is ActionState.SENDING:
        raise Refused("action_leaves", action_type=action.action_type)
    changed = give_up(claim, action, entry.author, as_of, reason=entry.payload["reason"])
    return changed, shown(action_of(changed.claim, action.id))


def _open_action(claim: Claim, identity: str) -> Action:
    action = next((a for a in claim.actions if str(a.id) == str(identity)), None)
    if action is None:
        raise Refused("unknown_action")
    if action.outcome is not None:
        raise Refused("action_ended", action_type=action.action_type, result=action.outcome.value)
    return action


def shown(action: Action) -> dict[str, Any]:
    """What the caller is told of an action."""
    return {
        "id": str(action.id),
        "sequence": action.sequence,
        "action_type": action.action_type,
        "category": action.category.value,
        "origin": action.origin.value,
        "mode": action.mode.value,
        "channel": action.channel.value,
        "state": action.state.value,
        "agent": action.agent,
        "object": action.object,
        "observations": action.observations,
        "items": list(action.items),
        **{name: day.isoformat() if (day := getattr(action, name)) else None for name in DATES},
        "done_at": action.done_at.isoformat() if action.done_at else None,
        "outcome": action.outcome.value if action.outcome else None,
        "fee": None if action.fee is None else str(action.fee),
    }


FACTS: dict[str, Rule] = {}
REQUESTS: dict[str, Rule] = {
    "plan_action": _plan_action,
    "change_action": _change_action,
    "execute_action": _execute_action,
    "cancel_action": _cancel_action,
}
