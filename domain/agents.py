"""Agents (intervenants: bailiff, lawyer, officer): what is given to one waits for them. Start with `waits` and `due`.

On its reminder date the agent is reminded, again and again until something comes back (a note on the action, a
document, another date, its execution); past its planned end somebody is asked, then the supervisor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from domain.asking import ask_about
from domain.calendar import sending_instant
from domain.catalogue import ActionType, Catalogue
from domain.claim import Action, ActionState, Channel, Claim, Decision, Mode, Outcome, Task, TaskKind
from domain.effects import Changed, action_of, left, new_action, today, with_action
from domain.endings import withdraw
from domain.events import Event
from domain.ground import Ground
from domain.inbox import postponed_to
from domain.mail_address import usable_email
from domain.refusals import Refused
from domain.steps import Reason, Step, StepKind

AGENT_REMINDER = "agent_reminder"
REMINDER_DAYS = 8  # of a type without a reminder delay
SUBJECT = "agent"


def agent_of(claim: Claim, catalogue: Catalogue, kind: ActionType, given: str | None) -> str:
    """The code of the agent it is given to: the one named, else the type's own where they act for this claim ("": nobody).

    Raises Refused unknown_agent for one who does not exist, is not active any more or does not act for this claim.
    """
    if given is None:
        usual = catalogue.agents.get(kind.default_agent or "")
        return usual.code if usual and usual.acts_for(claim.creditor, claim.country) else ""
    refuse_unknown_agent(claim, catalogue, given)
    return given


def refuse_unknown_agent(claim: Claim, catalogue: Catalogue, code: str) -> None:
    """Raises Refused for an agent whom this claim cannot be given to; "" is nobody."""
    agent = catalogue.agents.get(code)
    if code and (agent is None or not agent.acts_for(claim.creditor, claim.country)):
        raise Refused("unknown_agent", agent=code)


def is_agents_own(action: Action) -> bool:
    """A legal act given to an agent: theirs to do from its start, nobody of ours is asked."""
    return bool(action.agent) and action.channel is Channel.LEGAL_ACT and action.step is None


def waits(action: Action, catalogue: Catalogue) -> bool:
    """Whether it is with its agent, who has not come back (what was written to them) or not finished (their act)."""
    if not action.agent:
        return False
    if action.state is ActionState.WITH_AGENT:
        return True
    if action.state is ActionState.PROPOSED:
        return action.channel is Channel.LEGAL_ACT
    kind = catalogue.action_types.get(action.action_type)
    dated = action.reminder_on is not None or action.planned_end_on is not None
    written = action.outcome is Outcome.SENT and action.reached and action.returned_on is None and dated
    return written and kind is not None and kind.is_for_agent and kind.code != AGENT_REMINDER


def waits_for_agent(on: Ground) -> bool:
    return any(waits(action, on.catalogue) for action in on.claim.actions if action.agent)


def due(on: Ground) -> Iterator[Step]:
    """The start of what is given to an agent, the agent's next reminder, and the day after the planned end."""
    for action in on.claim.actions:
        if not action.agent:
            continue
        if action.state is ActionState.PLANNED and is_agents_own(action):
            yield _step(on, action, "start", action.planned_on or on.today)
        elif waits(action, on.catalogue):
            if action.reminder_on is not None:
                yield _step(on, action, "reminder", action.reminder_on)
            late_on = _late_on(action, on.catalogue)
            if late_on is not None:
                yield _step(on, action, "overdue", late_on)


def _late_on(action: Action, catalogue: Catalogue) -> date | None:
    """The day on which somebody is asked: after the planned end; one who came back later has their delay once more."""
    if action.planned_end_on is None:
        return None
    late_on = action.planned_end_on + timedelta(days=1)
    if action.returned_on is not None and action.returned_on >= late_on:
        late_on = action.returned_on + _delay(action, catalogue)
    return None if action.overdue_on is not None and action.overdue_on >= late_on else late_on


def _delay(action: Action, catalogue: Catalogue) -> timedelta:
    kind = catalogue.action_types.get(action.action_type)
    days = kind.reminder_days if kind else None
    return timedelta(days=REMINDER_DAYS if days is None else max(1, days))


def _step(on: Ground, action: Action, what: str, day: date) -> Step:
    at = sending_instant(day, on.claim.number, on.catalogue.scenario, on.claim.time_zone)
    code = {"start": "agent_starts", "reminder": "agent_is_reminded", "overdue": "agent_is_late"}[what]
    facts: dict[str, str | int | list[str]] = {
        "agent": action.agent,
        "action_type": action.action_type,
        "on": day.isoformat(),
    }
    return Step(
        StepKind.CHECK,
        due_at=max(at, on.as_of),
        key=f"{on.claim.key(action.sequence)}/agent/{what}/{day.isoformat()}",
        plan_kind="follow_up",
        action_type=action.action_type,
        due_on=day,
        mode=action.mode,
        channel=action.channel,
        subject=f"{SUBJECT}/{action.id}/{what}",
        why=(Reason(code, facts),),
    )


def check(claim: Claim, catalogue: Catalogue, step: Step, as_of: datetime) -> Changed:
    """What the day brings to an action that is given to an agent."""
    _, identity, what = step.subject.split("/")
    action = action_of(claim, UUID(identity))
    if what == "start":
        return given(claim, action, as_of)
    return (_remind if what == "reminder" else _report)(claim, catalogue, action, as_of)


def given(claim: Claim, action: Action, as_of: datetime) -> Changed:
    """It is with the agent from now on."""
    facts = {"action_type": action.action_type, "agent": action.agent, "planned_end_on": _iso(action.planned_end_on)}
    event = Event("given_to_agent", as_of, facts=facts, action_id=action.id)
    with_agent = replace(action, state=ActionState.WITH_AGENT, planned_at=None)
    return Changed(with_action(claim, with_agent), (event,))


def _remind(claim: Claim, catalogue: Catalogue, action: Action, as_of: datetime) -> Changed:
    """An e-mail to the agent, or a call where they have no e-mail; one at a time, the next after the same delay."""
    day = today(claim, as_of)
    next_on = day + _delay(action, catalogue)
    claim = with_action(claim, replace(action, reminded_on=day, reminder_on=next_on))
    facts = {"action_type": action.action_type, "agent": action.agent, "again_on": next_on.isoformat()}
    changed = Changed(claim, (Event("agent_reminded", as_of, facts=facts, action_id=action.id),))
    if _reminders_under_way(claim, action):
        return changed
    kind = catalogue.action_types.get(AGENT_REMINDER)
    if kind is None or not kind.active:
        return changed.then(_report(claim, catalogue, action_of(claim, action.id), as_of))
    agent = catalogue.agents.get(action.agent)
    by_mail = agent is not None and bool(usable_email(agent.email))
    claim, reminder = new_action(
        claim,
        catalogue,
        AGENT_REMINDER,
        Channel.INTERNAL_EMAIL if by_mail else Channel.CALL,
        mode=Mode.AUTOMATIC if by_mail else Mode.MANUAL,
        state=ActionState.CONFIRMED if by_mail else ActionState.PLANNED,
        author="",
        agent=action.agent,
        object=action.object,
        subject=_subject(action),
        starts_on=day,
        planned_on=day,
        planned_at=None if by_mail else as_of,
    )
    return Changed(with_action(claim, replace(reminder, category=claim.stage)), changed.events)


def _reminders_under_way(claim: Claim, action: Action) -> list[Action]:
    return [a for a in claim.actions if a.is_open and a.action_type == AGENT_REMINDER and a.subject == _subject(action)]


def _report(claim: Claim, catalogue: Catalogue, action: Action, as_of: datetime) -> Changed:
    """The collector is asked about an agent who is late; the task's own clock brings it to the supervisor."""
    marked = with_action(claim, replace(action, overdue_on=today(claim, as_of)))
    agent = catalogue.agents.get(action.agent)
    facts = {
        "agent": agent.name if agent else action.agent,
        "action_type": action.action_type,
        "planned_end_on": _iso(action.planned_end_on),
        "reminded_on": _iso(action.reminded_on),
    }
    proposed = {
        "channel": Channel.CALL.value,
        "recipient": (agent.phone or agent.email) if agent else "",
        "subject": "",
        "text": "",
    }
    return ask_about(
        marked,
        TaskKind.AGENT_OVERDUE,
        _subject(action),
        as_of,
        why=({"code": "agent_overdue", "facts": facts},),
        proposed=proposed,
        action=action,
    )


def came_back(claim: Claim, catalogue: Catalogue, action: Action, as_of: datetime) -> Changed:
    """Something came back from the agent: the reminders begin anew after their delay, nobody is asked any more."""
    if not waits(action, catalogue):
        return Changed(claim)
    day = today(claim, as_of)
    next_on = day + _delay(action, catalogue)
    reminder_on = None if action.reminder_on is None else max(action.reminder_on, next_on)
    back = replace(action, returned_on=day, reminder_on=reminder_on)
    facts = {"action_type": action.action_type, "agent": action.agent}
    event = Event("agent_came_back", as_of, facts=facts, action_id=action.id)
    return Changed(with_action(claim, back), (event,)).then(_no_longer_chased(with_action(claim, back), back, as_of))


def _no_longer_chased(claim: Claim, action: Action, as_of: datetime) -> Changed:
    """Reminders that have not left, and questions about the agent, are taken back."""
    reminders = [a for a in _reminders_under_way(claim, action) if a.state is not ActionState.SENDING]
    about = {a.id for a in reminders}
    tasks = [
        t
        for t in claim.open_tasks
        if t.action_id in about or (t.kind is TaskKind.AGENT_OVERDUE and t.subject == _subject(action))
    ]
    return withdraw(claim, as_of, reason="agent_came_back", tasks=tasks, actions=reminders)


def after_news(claim: Claim, catalogue: Catalogue, as_of: datetime) -> Changed:
    """An action that is done, given up or taken from its agent is chased no more."""
    changed = Changed(claim)
    for subject in {t.subject for t in claim.open_tasks if t.kind is TaskKind.AGENT_OVERDUE} | {
        a.subject for a in claim.actions if a.is_open and a.action_type == AGENT_REMINDER
    }:
        action = next((a for a in claim.actions if _subject(a) == subject), None)
        if action is not None and not waits(action, catalogue):
            changed = changed.then(_no_longer_chased(changed.claim, action, as_of))
    return changed


def decide(
    claim: Claim,
    task: Task,
    decision: Decision,
    body: Mapping[str, Any],
    author: str,
    catalogue: Catalogue,
    as_of: datetime,
) -> Changed:
    """The agent who is late: it is done after all, has until another day, or is given up. Raises Refused."""
    action = next(a for a in claim.actions if a.id == task.action_id)
    if decision is Decision.POSTPONE:
        to = postponed_to(claim, body.get("postpone_to"), as_of)
        return Changed(with_action(claim, replace(action, planned_end_on=to)))
    if not action.is_open:  # what was written to them: nobody waits for the answer any more
        return Changed(with_action(claim, replace(action, returned_on=today(claim, as_of))))
    if decision is Decision.SKIP:
        return give_up(claim, action, author, as_of, reason=body.get("comment") or "")
    asked = [t for t in claim.open_tasks if t.action_id == action.id]  # a step's own question goes with it
    ended = withdraw(claim, as_of, reason="done", tasks=asked)
    done = with_action(ended.claim, replace(action, decided_by=author, reason=body.get("result") or ""))
    return Changed(done, ended.events).then(
        left(done, catalogue, action.id, as_of, outcome=Outcome.DONE, author=author)
    )


def give_up(claim: Claim, action: Action, author: str, as_of: datetime, *, reason: str) -> Changed:
    """A person gives an action up: it costs nothing, and its tasks go with it."""
    tasks = [task for task in claim.open_tasks if task.action_id == action.id]
    changed = withdraw(claim, as_of, reason="given_up", tasks=tasks)
    ended = replace(
        action,
        state=ActionState.FINISHED,
        outcome=Outcome.SKIPPED,
        done_at=as_of,
        decided_by=author,
        reason=reason,
        planned_at=None,
    )
    event = Event("action_given_up", as_of, author, {"action_type": action.action_type, "reason": reason}, action.id)
    return changed.then(Changed(with_action(changed.claim, ended), (event,)))


def _subject(action: Action) -> str:
    return f"{SUBJECT}/{action.id}"


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()
