"""Applying the inbox: each kind of entry is one function from the claim to the claim, or a refusal with its reason.

Facts (a payment, a note) are never refused for what they are; requests (a decision, a suspension) may be.
`apply` is the only door; what it withdraws, catches or reopens in consequence is in domain/consequences.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.catalogue import Catalogue
from domain.claim import Claim, Cost, Ending, Item, ItemKind, Payment, Stage, StatusCategory, Suspension
from domain.consequences import consequences
from domain.decisions import decide
from domain.effects import Changed, today, with_action
from domain.events import Event
from domain.money import Money
from domain.refusals import Refused
from domain.statement import statement

FACTS = frozenset(
    {"opened", "payment_received", "payment_reversed", "note_added", "items_added", "cost_added", "debtor_changed"}
)
REQUESTS = frozenset({"decide", "give_status", "suspend", "resume", "close", "assign", "move_scenario"})


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the inbox as the claim reads it; amounts in the payload are text in the claim's currency."""

    id: UUID
    kind: str
    payload: Mapping[str, Any]
    author: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Applied:
    """The claim after the entry, what the caller is told, and what the timeline keeps."""

    claim: Claim
    outcome: dict[str, Any]
    events: tuple[Event, ...]


def apply(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Applied:
    """The claim with this entry in it. Raises Refused, with the reason, when the state of things is against it."""
    rule = _RULES.get(entry.kind)
    if rule is None:
        raise Refused("unknown_kind", kind=entry.kind)
    try:
        changed, outcome = rule(claim, entry, catalogue, as_of)
    except (LookupError, TypeError, ValueError, ArithmeticError) as error:  # else the plan would try for ever
        raise Refused("malformed", field=str(error)[:100]) from error
    after = changed.then(consequences(changed.claim, as_of))
    events = tuple(replace(event, entry_id=entry.id) for event in after.events)
    return Applied(after.claim, outcome, events)


Outcome = tuple[Changed, dict[str, Any]]


def _opened(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    events = [Event("claim_opened", as_of, entry.author, {"items": len(claim.items)})]
    if claim.takeover is not None:
        facts = {"stage": claim.takeover.stage.value, "last_action_type": claim.takeover.last_action_type}
        events.append(Event("taken_over", as_of, entry.author, facts))
    return Changed(claim, tuple(events)), {}


def _payment_received(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    body = entry.payload
    payment = Payment(
        id=claim.id_for("payment", body["external_id"]),
        external_id=body["external_id"],
        amount=Money.of(body["amount"], claim.currency),
        value_date=date.fromisoformat(body["value_date"]),
        received_at=entry.received_at,
        method=body.get("method") or "",
        payer=body.get("payer") or "",
        directed=tuple(
            (reference, Money.of(amount, claim.currency)) for reference, amount in body.get("directed") or ()
        ),
    )
    outcome = {"payment_id": str(payment.id)}
    if any(known.id == payment.id for known in claim.payments):
        return Changed(claim), outcome
    facts = {"amount": str(payment.amount), "currency": claim.currency, "value_date": body["value_date"]}
    event = Event("payment_received", as_of, entry.author, facts)
    return Changed(replace(claim, payments=(*claim.payments, payment)), (event,)), outcome


def _payment_reversed(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    body = entry.payload
    payment = next((p for p in claim.payments if p.external_id == body["external_id"]), None)
    if payment is None:
        raise Refused("unknown_payment")
    if payment.reversed_on is not None:
        return Changed(claim), {"payment_id": str(payment.id)}
    back = replace(
        payment, reversed_on=date.fromisoformat(body["value_date"]), reversal_reason=body.get("reason") or ""
    )
    payments = tuple(back if p.id == payment.id else p for p in claim.payments)
    facts = {"amount": str(payment.amount), "currency": claim.currency, "value_date": body["value_date"]}
    event = Event("payment_reversed", as_of, entry.author, facts)
    return Changed(replace(claim, payments=payments), (event,)), {"payment_id": str(payment.id)}


def _note_added(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    text, on_action = entry.payload["text"], entry.payload.get("action")
    if not on_action:
        return Changed(claim, (Event("note_added", as_of, entry.author, {"text": text}),)), {}
    action = next((a for a in claim.actions if str(a.id) == str(on_action)), None)
    if action is None:
        raise Refused("unknown_action")
    note = {"text": text, "author": entry.author, "at": as_of.isoformat()}
    event = Event("note_added", as_of, entry.author, {"text": text}, action.id)
    return Changed(with_action(claim, replace(action, notes=(*action.notes, note))), (event,)), {}


def _items_added(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    known = {item.reference for item in claim.items}
    items = list(claim.items)
    for body in entry.payload["items"]:
        if body["reference"] in known:
            continue
        known.add(body["reference"])
        items.append(
            Item(
                id=claim.id_for("item", body["reference"]),
                position=len(items),
                reference=body["reference"],
                kind=ItemKind(body["kind"]),
                issued_on=_date(body.get("issued_on")),
                due_on=_date(body.get("due_on")),
                amount=Money.of(body["amount"], claim.currency),
                terms=body.get("terms") or {},
                status=body.get("status"),
                status_category=StatusCategory(body["status_category"]) if body.get("status_category") else None,
            )
        )
    added = [item.reference for item in items[len(claim.items) :]]
    event = Event("items_added", as_of, entry.author, {"items": added})
    return Changed(replace(claim, items=tuple(items)), (event,) if added else ()), {"items": added}


def _cost_added(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    body = entry.payload
    cost = Cost(
        id=UUID(body["cost_id"]),
        kind=body["kind"],
        amount=Money.of(body["amount"], claim.currency),
        incurred_on=date.fromisoformat(body["incurred_on"]),
        chargeable_to_debtor=bool(body.get("chargeable_to_debtor")),
        billed_to_creditor=bool(body.get("billed_to_creditor")),
        advance=bool(body.get("advance")),
        agent=body.get("agent") or "",
    )
    if any(known.id == cost.id for known in claim.costs):
        return Changed(claim), {}
    facts = {"kind": cost.kind, "amount": str(cost.amount), "currency": claim.currency}
    event = Event("cost_added", as_of, entry.author, facts)
    return Changed(replace(claim, costs=(*claim.costs, cost)), (event,)), {"cost_id": str(cost.id)}


def _debtor_changed(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    event = Event("debtor_changed", as_of, entry.author, {"fields": list(entry.payload.get("fields") or ())})
    return Changed(claim, (event,)), {}


def _decide(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    changed, outcome = decide(claim, entry.payload, entry.author, catalogue, as_of)
    statuses = entry.payload.get("statuses")
    if statuses:  # a call qualifies the items in the same act
        for status in statuses:
            changed = changed.then(_with_status(changed.claim, status, entry.author, catalogue, as_of))
    return changed, outcome


def _give_status(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    _refuse_when_closed(claim)
    return _with_status(claim, entry.payload, entry.author, catalogue, as_of), {}


def _with_status(claim: Claim, body: Mapping[str, Any], author: str, catalogue: Catalogue, as_of: datetime) -> Changed:
    status = catalogue.statuses.get(body["status"])
    if status is None or not status.active:
        raise Refused("unknown_status", status=body["status"])
    references = list(body["items"])
    unknown = [r for r in references if all(item.reference != r for item in claim.items)]
    if unknown:
        raise Refused("unknown_item", items=unknown)
    promised_on = _date(body.get("promised_on"))
    follow_up_on = _date(body.get("follow_up_on")) or promised_on or _days_later(claim, as_of, status.follow_up_days)
    items = tuple(
        replace(
            item,
            status=status.code,
            status_category=status.category,
            comment=body.get("comment") or "",
            promised_on=promised_on,
            follow_up_on=follow_up_on,
        )
        if item.reference in references
        else item
        for item in claim.items
    )
    facts = {"status": status.code, "items": references, "follow_up_on": follow_up_on.isoformat()}
    return Changed(replace(claim, items=items), (Event("status_given", as_of, author, facts),))


def _suspend(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    _refuse_when_closed(claim)
    until = _date(entry.payload.get("until"))
    if until is not None and until <= today(claim, as_of):
        raise Refused("date_not_in_the_future", date=until.isoformat())
    suspended = Suspension(entry.payload["reason"], until)
    event = Event("suspended", as_of, entry.author, {"until": entry.payload.get("until")})
    return Changed(replace(claim, suspended=suspended), (event,)), {}


def _resume(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    if claim.suspended is None:
        raise Refused("not_suspended")
    return Changed(replace(claim, suspended=None), (Event("resumed", as_of, entry.author),)), {}


def _close(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    _refuse_when_closed(claim)
    owed = statement(claim, today(claim, as_of)).balance_due
    if entry.payload["ending"] == Ending.PAID and owed.amount > 0:
        raise Refused("still_owed", amount=str(owed.amount), currency=claim.currency)
    event = Event("closure_asked", as_of, entry.author, {"ending": entry.payload["ending"]})
    return Changed(replace(claim, closing=Ending(entry.payload["ending"])), (event,)), {}


def _assign(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    collector = entry.payload["collector"]
    tasks = tuple(
        replace(t, assignee=collector) if t in claim.open_tasks and t.role == "collector" else t for t in claim.tasks
    )
    event = Event("assigned", as_of, entry.author, {"collector": collector})
    return Changed(replace(claim, collector=collector, tasks=tasks), (event,)), {}


def _move_scenario(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    """The new scenario version is read at the next plan: this one still planned with the old."""
    _refuse_when_closed(claim)
    code, version = entry.payload["scenario"], int(entry.payload["version"])
    event = Event("scenario_moved", as_of, entry.author, {"scenario": code, "version": version})
    return Changed(replace(claim, scenario=code, scenario_version=version), (event,)), {}


def _refuse_when_closed(claim: Claim) -> None:
    if claim.stage is Stage.CLOSED:
        raise Refused("claim_closed", ending=claim.ending or "")


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _days_later(claim: Claim, as_of: datetime, days: int) -> date:
    return date.fromordinal(today(claim, as_of).toordinal() + days)


_RULES: dict[str, Callable[[Claim, Entry, Catalogue, datetime], Outcome]] = {
    "opened": _opened,
    "payment_received": _payment_received,
    "payment_reversed": _payment_reversed,
    "note_added": _note_added,
    "items_added": _items_added,
    "cost_added": _cost_added,
    "debtor_changed": _debtor_changed,
    "decide": _decide,
    "give_status": _give_status,
    "suspend": _suspend,
    "resume": _resume,
    "close": _close,
    "assign": _assign,
    "move_scenario": _move_scenario,
}
