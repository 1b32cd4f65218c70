"""Promises: made, kept, kept in part, broken; what each does to the scenario and asks of a person.

Start with `check` (the day after the last one) and `after_news` (a payment, a reversal, a status). A verdict is a
question to the facts: what came for the items, with a value date up to the promised date and its tolerance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.calendar import DAY, start_of_day
from domain.catalogue import Catalogue
from domain.claim import Action, ActionState, Claim, Ending, Item, Mode, Origin, Promise, Stage, StatusCategory
from domain.covered_items import (
    PROMISE_STATUS,
    arranged_items,
    bounced,
    came_for,
    covered,
    held,
    owed_for,
    released,
    sum_of,
)
from domain.effects import Changed, new_action, today, with_action
from domain.events import SYSTEM, Event
from domain.follow_ups import set_aside
from domain.ground import Ground
from domain.inbox import Entry, Outcome, Rule, refuse_when_closed
from domain.money import Money
from domain.promise_verdicts import over, verdict, without_follow_up, without_tasks
from domain.refusals import Refused
from domain.statement import Statement, statement
from domain.steps import Reason, Step, StepKind
from domain.terms import ArrangementState, PromiseState

FOLLOW_UP = "promise_check"  # the standard action type of the follow-up


def _make(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    """`{amount?, promised_on, items?, comment?}`. Raises Refused: claim_closed, date_in_the_past, above_owed, and as `covered`."""
    refuse_when_closed(claim)
    body, on = entry.payload, today(claim, as_of)
    promised_on = date.fromisoformat(body["promised_on"])
    if promised_on < on:
        raise Refused("date_in_the_past", date=promised_on.isoformat())
    now = statement(claim, on)
    items = covered(claim, body.get("items") or (), now)
    owed = owed_for(now, items)
    amount = Money.of(body["amount"], claim.currency) if body.get("amount") else owed
    if amount > owed:
        raise Refused("above_owed", amount=str(amount), owed=str(owed), currency=claim.currency)
    if not amount:
        raise Refused("nothing_to_agree_on")
    made = _promise(claim, catalogue, claim.id_for("promise", entry.id), items, amount, promised_on, as_of)
    made = replace(made, author=entry.author, comment=body.get("comment") or "")
    free = set_aside(claim, items, as_of, reason="other_status")
    return free.then(_taken(free.claim, catalogue, made, as_of)), {"promise": told(made)}


def _promise(
    claim: Claim,
    catalogue: Catalogue,
    promise_id: UUID,
    items: tuple[str, ...],
    amount: Money,
    promised_on: date,
    as_of: datetime,
) -> Promise:
    terms = catalogue.creditor.agreements
    return Promise(
        id=promise_id,
        made_at=as_of,
        made_on=today(claim, as_of),
        promised_on=promised_on,
        amount=amount,
        author=SYSTEM,
        items=items,
        tolerance_days=terms.tolerance_days,
        tolerance_amount=terms.tolerance_of(amount),
        payments_before=tuple(payment.id for payment in claim.payments),
    )


def _taken(claim: Claim, catalogue: Catalogue, promise: Promise, as_of: datetime) -> Changed:
    """Off the scenario with its items, a follow-up on the promised date."""
    claim, promise = _with_follow_up(claim, catalogue, promise, promise.promised_on)
    claim = held(claim, promise.items, _status_of(claim, promise), promise.promised_on, promise.comment)
    facts = {
        "amount": str(promise.amount),
        "currency": claim.currency,
        "promised_on": promise.promised_on.isoformat(),
        "items": list(promise.items),
    }
    event = Event("promise_made", as_of, promise.author, facts)
    return Changed(replace(claim, promises=(*claim.promises, promise)), (event,))


def _status_of(claim: Claim, promise: Promise) -> str:
    """A status of the category promise that a person gave stays; else the standard one."""
    given = [i.status for i in claim.items if i.reference in promise.items and _is_promised(i, promise.promised_on)]
    return next((status for status in given if status), PROMISE_STATUS)


def _with_follow_up(claim: Claim, catalogue: Catalogue, promise: Promise, on: date) -> tuple[Claim, Promise]:
    """The follow-up a status brought becomes the promise's; else one is planned, where the catalogue has its type."""
    apart = {item.specific_action for item in claim.items if item.reference in promise.items}
    given = next((a for a in claim.actions if a.id in apart and a.is_open and a.action_type == FOLLOW_UP), None)
    kind = catalogue.action_types.get(FOLLOW_UP)
    if given is None and kind is None:
        return claim, promise
    if given is None and kind is not None:
        claim, given = new_action(
            claim,
            catalogue,
            FOLLOW_UP,
            kind.channels[0],
            mode=Mode.MANUAL,
            state=ActionState.PLANNED,
            author="",
            starts_on=on,
        )
    assert given is not None  # noqa: S101  one of the two cases above
    followed = replace(
        given,
        origin=Origin.PROMISE,
        planned_on=given.planned_on or on,
        items=promise.items,
        subject=f"promise/{promise.id}",
    )
    author = given.decided_by if promise.author == SYSTEM else promise.author  # of a status: who gave it
    return with_action(claim, followed), replace(promise, action_id=given.id, author=author or SYSTEM)


def _cancel(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    """`{promise_id, reason}`. Raises Refused: unknown_promise, promise_not_open."""
    promise = promise_of(claim, entry.payload["promise_id"])
    if promise is None:
        raise Refused("unknown_promise")
    if promise.state is not PromiseState.OPEN:
        raise Refused("promise_not_open", promise_state=promise.state.value)
    changed = _cancelled(claim, catalogue, promise, as_of, author=entry.author, note=entry.payload.get("reason") or "")
    after = promise_of(changed.claim, promise.id)
    return changed, {"promise": told(after or promise)}


def _cancelled(
    claim: Claim, catalogue: Catalogue, promise: Promise, as_of: datetime, *, author: str = SYSTEM, note: str = ""
) -> Changed:
    """Neither kept nor broken: its items are recoverable again unless something else holds them."""
    changed = without_follow_up(claim, promise, as_of)
    elsewhere = arranged_items(claim)
    mine = [i.reference for i in claim.items if i.reference not in elsewhere and _is_promised(i, promise.promised_on)]
    free = released(changed.claim, catalogue, set(mine) & set(promise.items), promise.action_id)
    gone = replace(promise, state=PromiseState.CANCELLED, settled_on=today(claim, as_of))
    facts = {"amount": str(promise.amount), "currency": claim.currency, "promised_on": promise.promised_on.isoformat()}
    event = Event("promise_cancelled", as_of, author, {**facts, "note": note})
    return changed.then(Changed(_with_promise(free, gone), (event,)))


# ---- what follows from any news ----------------------------------------------------------------


def after_news(claim: Claim, catalogue: Catalogue, as_of: datetime) -> Changed:
    """Kept at once when it is paid; looked at again when a payment bounced or came with an earlier value date."""
    stated = any(item.promised_on is not None for item in claim.items)
    if not stated and not claim.promises:
        return Changed(claim)
    if claim.stage is Stage.CLOSED and claim.ending is not Ending.PAID:
        return Changed(claim)
    changed = Changed(claim)
    for promise in claim.promises:
        changed = changed.then(_looked_at(changed.claim, catalogue, promise, as_of))
    if stated and claim.stage is not Stage.CLOSED:
        changed = changed.then(_of_statuses(changed.claim, catalogue, as_of))
    return changed


def _looked_at(claim: Claim, catalogue: Catalogue, promise: Promise, as_of: datetime) -> Changed:
    on = today(claim, as_of)
    now = statement(claim, on)
    came = sum_of(came_for(claim, now, promise.items, promise.payments_before), claim.currency, promise.last_on)
    owed = _still_promised(claim, now, promise)
    found = verdict(promise, came, on)
    match promise.state:
        case PromiseState.OPEN:
            if found is PromiseState.KEPT or (came and not owed):
                return over(claim, catalogue, promise, PromiseState.KEPT, came, as_of)
            if not owed or _is_superseded(claim, promise):
                return _cancelled(claim, catalogue, promise, as_of)
        case PromiseState.KEPT:
            if owed and found is not PromiseState.KEPT and bounced(claim, promise.payments_before, on):
                if found is PromiseState.OPEN:
                    return _open_again(claim, catalogue, promise, as_of)
                return over(claim, catalogue, promise, found, came, as_of)
        case PromiseState.PARTIAL | PromiseState.BROKEN:
            if found not in (promise.state, PromiseState.OPEN):
                return over(claim, catalogue, promise, found, came, as_of)
            if not owed:
                paid = not owed_for(now, promise.items)
                return without_tasks(claim, promise, as_of, reason="paid" if paid else "nothing_asked")
    return Changed(claim)


def _still_promised(claim: Claim, now: Statement, promise: Promise) -> Money:
    """What its items still owe; nobody is held to a promise about what is disputed by now."""
    if not promise.items:
        return now.balance_due
    disputed = {i.reference for i in claim.items if i.status_category is StatusCategory.DISPUTE}
    free = [reference for reference in promise.items if reference not in disputed]
    return owed_for(now, free) if free else Money.zero(claim.currency)


def _is_superseded(claim: Claim, promise: Promise) -> bool:
    """Its items are under another status, another date or an arrangement by now."""
    if not promise.items:
        return any(a.state is ArrangementState.ACTIVE for a in claim.arrangements)
    arranged = arranged_items(claim)
    return not any(
        item.reference in promise.items and item.reference not in arranged and _is_promised(item, promise.promised_on)
        for item in claim.items
    )


def _is_promised(item: Item, promised_on: date) -> bool:
    return item.status_category is StatusCategory.PROMISE and item.promised_on == promised_on


def _open_again(claim: Claim, catalogue: Catalogue, promise: Promise, as_of: datetime) -> Changed:
    """The payment that kept it has bounced, and there is still time."""
    waits = replace(promise, state=PromiseState.OPEN, received=None, settled_on=None)
    claim, waits = _with_follow_up(claim, catalogue, waits, max(promise.promised_on, today(claim, as_of)))
    owing = statement(claim, today(claim, as_of))
    items = [i.reference for i in claim.items if i.reference in promise.items and owing.owed(i.id)]
    claim = held(claim, items, PROMISE_STATUS, promise.promised_on)
    facts = {"amount": str(promise.amount), "currency": claim.currency, "promised_on": promise.promised_on.isoformat()}
    return Changed(_with_promise(claim, waits), (Event("promise_reopened", as_of, SYSTEM, facts),))


def _of_statuses(claim: Claim, catalogue: Catalogue, as_of: datetime) -> Changed:
    """A status with a promised date is a promise too: of what its items owe, one for each date."""
    now, arranged = statement(claim, today(claim, as_of)), arranged_items(claim)
    open_ones = {(p.promised_on, r) for p in claim.promises if p.state is PromiseState.OPEN for r in p.items}
    by_day: dict[date, list[str]] = {}
    for item in claim.items:
        day = item.promised_on
        if day is None or item.reference in arranged or not _is_promised(item, day):
            continue
        if (day, item.reference) not in open_ones and now.owed(item.id):
            by_day.setdefault(day, []).append(item.reference)
    changed = Changed(claim)
    for day, references in by_day.items():
        claim, items = changed.claim, tuple(references)
        name = claim.id_for("promise", "status", day, len(claim.promises))
        made = _promise(claim, catalogue, name, items, owed_for(now, items), day, as_of)
        changed = changed.then(_taken(claim, catalogue, made, as_of))
    return changed


# ---- its day -----------------------------------------------------------------------------------


def due(on: Ground) -> Iterator[Step]:
    """The day after the last one on which money for it counts: calendar days, whatever the sending days."""
    for promise in on.claim.promises:
        if promise.state is not PromiseState.OPEN:
            continue
        facts: dict[str, str | int | list[str]] = {
            "amount": str(promise.amount),
            "currency": on.claim.currency,
            "promised_on": promise.promised_on.isoformat(),
            "days": promise.tolerance_days,
        }
        yield Step(
            StepKind.CHECK,
            due_at=max(start_of_day(promise.last_on + DAY, on.claim.time_zone), on.as_of),
            key=f"claim/{on.claim.number}/promise/{promise.id}/{promise.last_on.isoformat()}",
            plan_kind="promise_check",
            subject=f"promise/{promise.id}",
            due_on=promise.last_on + DAY,
            why=(Reason("promise_checked", facts),),
        )


def check(claim: Claim, catalogue: Catalogue, step: Step, as_of: datetime) -> Changed:
    """What became of it: kept (within the tolerance), kept in part, or broken."""
    promise = promise_of(claim, step.subject.partition("/")[2])
    on = today(claim, as_of)
    if promise is None or promise.state is not PromiseState.OPEN or on <= promise.last_on:
        return Changed(claim)
    now = statement(claim, on)
    came = sum_of(came_for(claim, now, promise.items, promise.payments_before), claim.currency, promise.last_on)
    return over(claim, catalogue, promise, verdict(promise, came, on), came, as_of)


def follow_up_of(claim: Claim, action: Action) -> tuple[Reason, ...]:
    """What an action that follows up a promise is about; nothing of any other."""
    promise = next((p for p in claim.promises if p.action_id == action.id), None)
    if promise is None:
        return ()
    facts: dict[str, str | int | list[str]] = {
        "amount": str(promise.amount),
        "currency": claim.currency,
        "promised_on": promise.promised_on.isoformat(),
        "items": list(promise.items),
    }
    return (Reason("promise_follow_up", facts),)


def received_for(claim: Claim, promise: Promise, now: Statement) -> Money:
    """What has come for it so far (or came, when it is over)."""
    if promise.received is not None:
        return promise.received
    return sum_of(came_for(claim, now, promise.items, promise.payments_before), claim.currency, promise.last_on)


def promise_of(claim: Claim, promise_id: object) -> Promise | None:
    return next((p for p in claim.promises if str(p.id) == str(promise_id)), None)


def told(promise: Promise) -> dict[str, Any]:
    """The promise as its caller and the whole claim show it."""
    return {
        "id": str(promise.id),
        "amount": str(promise.amount),
        "currency": promise.amount.currency,
        "promised_on": promise.promised_on.isoformat(),
        "items": list(promise.items),
        "state": promise.state.value,
        "made_on": promise.made_on.isoformat(),
        "author": promise.author,
        "comment": promise.comment,
        "tolerance_days": promise.tolerance_days,
        "tolerance_amount": str(promise.tolerance_amount) if promise.tolerance_amount is not None else None,
        "settled_on": promise.settled_on.isoformat() if promise.settled_on else None,
    }


def _with_promise(claim: Claim, promise: Promise) -> Claim:
    return replace(claim, promises=tuple(promise if p.id == promise.id else p for p in claim.promises))


FACTS: dict[str, Rule] = {}
REQUESTS: dict[str, Rule] = {"make_promise": _make, "cancel_promise": _cancel}
