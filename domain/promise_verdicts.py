"""What became of a promise, and what that brings: items given back, a person asked. Start with `over`.

Kept: the rest (if any) is recoverable. In part: what came is kept, somebody asks for the rest. Broken: the collector is
told. In each case the scenario resumes where it stood, at the step that fits the age.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from domain.asking import ask_about
from domain.catalogue import Catalogue
from domain.claim import Action, ActionState, Channel, Claim, Decision, Mode, Origin, Promise, Task, TaskKind
from domain.covered_items import released
from domain.effects import Changed, new_action, today, with_action
from domain.endings import withdraw
from domain.events import SYSTEM, Event
from domain.inbox import postponed_to
from domain.money import Money
from domain.refusals import Refused
from domain.terms import PromiseState

CALL = "call"  # the standard action type by which a person asks for the rest


def verdict(promise: Promise, came: Money, on: date) -> PromiseState:
    """Kept as soon as all of it came; before its last day is over, nothing else is said."""
    if came >= promise.amount:
        return PromiseState.KEPT
    if on <= promise.last_on:
        return PromiseState.OPEN
    tolerated = promise.tolerance_amount or Money.zero(came.currency)
    if came and came >= promise.amount - tolerated:
        return PromiseState.KEPT
    return PromiseState.PARTIAL if came else PromiseState.BROKEN


def over(
    claim: Claim, catalogue: Catalogue, promise: Promise, found: PromiseState, came: Money, as_of: datetime
) -> Changed:
    """The promise with its verdict; what an earlier verdict asked of a person is withdrawn."""
    done = replace(promise, state=found, received=came, settled_on=today(claim, as_of))
    changed = without_follow_up(claim, promise, as_of)
    changed = changed.then(without_tasks(changed.claim, promise, as_of, reason="promise_settled"))
    free = released(changed.claim, catalogue, promise.items, promise.action_id)
    free = replace(free, promises=tuple(done if p.id == done.id else p for p in free.promises))
    facts = _facts(done, came)
    event = _said(found, as_of, facts)
    changed = changed.then(Changed(free, (event,)))
    if found is PromiseState.BROKEN:
        return changed.then(_tell_the_collector(changed.claim, done, facts, as_of))
    if found is PromiseState.PARTIAL:
        return changed.then(_ask_for_the_rest(changed.claim, catalogue, done, facts, as_of))
    return changed


def _said(found: PromiseState, as_of: datetime, facts: dict[str, Any]) -> Event:
    if found is PromiseState.KEPT:
        return Event("promise_kept", as_of, SYSTEM, facts)
    if found is PromiseState.PARTIAL:
        return Event("promise_partial", as_of, SYSTEM, facts)
    return Event("promise_broken", as_of, SYSTEM, facts)


def _facts(promise: Promise, came: Money) -> dict[str, Any]:
    return {
        "amount": str(promise.amount),
        "received": str(came),
        "rest": str(promise.amount - min(came, promise.amount)),
        "currency": promise.amount.currency,
        "promised_on": promise.promised_on.isoformat(),
        "items": list(promise.items),
    }


def _tell_the_collector(claim: Claim, promise: Promise, facts: dict[str, Any], as_of: datetime) -> Changed:
    why = ({"code": "promise_broken", "facts": facts},)
    return ask_about(claim, TaskKind.BROKEN_PROMISE, f"promise/{promise.id}", as_of, why=why)


def _ask_for_the_rest(
    claim: Claim, catalogue: Catalogue, promise: Promise, facts: dict[str, Any], as_of: datetime
) -> Changed:
    """A call to make at once; where the catalogue has no such action, the collector is told like of a broken one."""
    subject, why = f"promise/{promise.id}", ({"code": "promise_partial", "facts": facts},)
    if CALL not in catalogue.action_types:
        return ask_about(claim, TaskKind.BROKEN_PROMISE, subject, as_of, why=why)
    claim, action = _call(claim, catalogue, subject, today(claim, as_of), ActionState.PROPOSED, "")
    proposed = {
        "channel": action.channel.value,
        "recipient": next((c.phone for c in claim.debtor.contacts if c.phone and c.valid), ""),
        "subject": "",
        "text": "",
        "balance_due": facts["rest"],
        "items": [],
        "fee": None,
        "stage": None,
    }
    return ask_about(claim, TaskKind.DO_ACTION, subject, as_of, why=why, proposed=proposed, action=action)


def _call(
    claim: Claim, catalogue: Catalogue, subject: str, on: date, state: ActionState, author: str
) -> tuple[Claim, Action]:
    channels = catalogue.action_types[CALL].channels
    claim, action = new_action(
        claim,
        catalogue,
        CALL,
        Channel.CALL if Channel.CALL in channels else channels[0],
        mode=Mode.MANUAL,
        state=state,
        author=author,
        starts_on=on,
        planned_on=on,
        subject=subject,
    )
    action = replace(action, origin=Origin.PROMISE)
    return with_action(claim, action), action


def decide(
    claim: Claim,
    task: Task,
    decision: Decision,
    body: Mapping[str, Any],
    author: str,
    catalogue: Catalogue,
    as_of: datetime,
) -> Changed:
    """The collector has read it, or will call on another day. Raises Refused: postpone_needs_a_date, date_not_in_the_future."""
    if decision is not Decision.POSTPONE:
        return Changed(claim)
    to = postponed_to(claim, body.get("postpone_to"), as_of)
    if CALL not in catalogue.action_types:
        raise Refused("unknown_action_type", action_type=CALL)
    return Changed(_call(claim, catalogue, task.subject, to, ActionState.PLANNED, author)[0])


def without_follow_up(claim: Claim, promise: Promise, as_of: datetime) -> Changed:
    """Its follow-up goes by itself, with the task in which a person was asked."""
    tasks = [t for t in claim.open_tasks if promise.action_id is not None and t.action_id == promise.action_id]
    actions = [
        a for a in claim.actions if a.id == promise.action_id and a.is_open and a.state is not ActionState.SENDING
    ]
    return withdraw(claim, as_of, reason="promise_settled", tasks=tasks, actions=actions)


def without_tasks(claim: Claim, promise: Promise, as_of: datetime, *, reason: str) -> Changed:
    """What was asked of a person about it, and the call that was planned."""
    subject = f"promise/{promise.id}"
    tasks = [t for t in claim.open_tasks if t.subject == subject]
    actions = [
        a
        for a in claim.actions
        if a.subject == subject and a.is_open and a.state in (ActionState.PLANNED, ActionState.PROPOSED)
    ]
    return withdraw(claim, as_of, reason=reason, tasks=tasks, actions=actions)
