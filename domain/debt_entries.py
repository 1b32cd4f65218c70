"""Entries that change the debt: payments, their reversals, items and costs are facts; a correction is a request."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from domain.agreed_terms import setting_of, terms_of
from domain.catalogue import Catalogue
from domain.claim import Claim, Correction, Cost, Item, ItemKind, Payment, StatusCategory
from domain.corrections import correctable
from domain.debt_terms import COST
from domain.effects import Changed, today
from domain.events import Event
from domain.inbox import Entry, Outcome, Rule, day_or_none
from domain.money import Money
from domain.refusals import Refused
from domain.statement import debts_of, statement
from domain.statuses import followed_up
from domain.titles import has_title


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
                issued_on=day_or_none(body.get("issued_on")),
                due_on=day_or_none(body.get("due_on")),
                amount=Money.of(body["amount"], claim.currency),
                terms=body.get("terms") or {},
                status=body.get("status"),
                status_category=StatusCategory(body["status_category"]) if body.get("status_category") else None,
            )
        )
    added = [item.reference for item in items[len(claim.items) :]]
    event = Event("items_added", as_of, entry.author, {"items": added})
    changed = replace(claim, items=tuple(items))
    if any(item.terms for item in items[len(claim.items) :]):
        setting = setting_of(claim, catalogue.creditor, catalogue.rates, catalogue.countries)
        changed = replace(changed, terms=terms_of(changed, setting))
    followed = followed_up(changed, added, entry.author, catalogue, as_of)
    return Changed(changed, (event,) if added else ()).then(followed), {"items": added}


def _cost_added(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    body, chargeable = entry.payload, entry.payload.get("chargeable_to_debtor")
    incurred_on = date.fromisoformat(body["incurred_on"])
    cost = Cost(
        id=UUID(body["cost_id"]),
        kind=body["kind"],
        amount=Money.of(body["amount"], claim.currency),
        incurred_on=incurred_on,
        chargeable_to_debtor=has_title(claim, incurred_on) if chargeable is None else bool(chargeable),
        billed_to_creditor=bool(body.get("billed_to_creditor")),
        advance=bool(body.get("advance")),
        agent=body.get("agent") or "",
        document_id=UUID(body["document"]) if body.get("document") else None,
    )
    if any(known.id == cost.id for known in claim.costs):
        return Changed(claim), {}
    facts = {"kind": cost.kind, "amount": str(cost.amount), "currency": claim.currency}
    event = Event("cost_added", as_of, entry.author, facts)
    return Changed(replace(claim, costs=(*claim.costs, cost)), (event,)), {"cost_id": str(cost.id)}


def _correct(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    """A counter entry: what was charged stays on record, and is reduced from a day on. Never by more than was charged."""
    body = entry.payload
    correction = Correction(
        id=claim.id_for("correction", entry.id),
        kind=body.get("kind") or "correction",
        to=body["to"],
        amount=Money.of(body["amount"], claim.currency),
        on=date.fromisoformat(body["on"]),
        reason=body["reason"],
        author=entry.author,
        item=body.get("item") or "",
        cost_id=UUID(body["cost"]) if body.get("cost") else None,
    )
    if any(known.id == correction.id for known in claim.corrections):
        return Changed(claim), {"correction": str(correction.id)}
    _refuse_unknown(claim, correction)
    charged = correctable(claim, correction)
    if correction.amount > charged:
        raise Refused(
            "above_charged",
            charge=correction.to,
            amount=str(correction.amount),
            charged=str(charged),
            currency=claim.currency,
        )
    facts = {
        "charge": correction.to,
        "amount": str(correction.amount),
        "currency": claim.currency,
        "on": body["on"],
        "correction": correction.kind,
        "comment": correction.reason,
    }
    event = Event("correction_made", as_of, entry.author, facts)
    corrected = replace(claim, corrections=(*claim.corrections, correction))
    return Changed(corrected, (event,)), {"correction": str(correction.id)}


def _refuse_unknown(claim: Claim, correction: Correction) -> None:
    if correction.to == COST and all(cost.id != correction.cost_id for cost in claim.costs):
        raise Refused("unknown_cost")
    known = {item.reference for item in debts_of(claim)}
    if correction.item and correction.item not in known:
        raise Refused("unknown_item", items=[correction.item])


def _rules_changed(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    """`{owed}`: what was owed by the rules before. That the same facts owe something else now stands in the timeline."""
    now = statement(claim, today(claim, as_of))
    before = Money.of(Decimal(entry.payload["owed"]).normalize(), claim.currency)
    if now.balance_due == before:
        return Changed(claim), {}
    facts = {
        "owed": str(before),
        "amount": str(now.balance_due),
        "interest": str(now.interest),
        "indemnities": str(now.indemnities),
        "currency": claim.currency,
    }
    return Changed(claim, (Event("rules_changed", as_of, entry.author, facts),)), {}


FACTS: dict[str, Rule] = {
    "payment_received": _payment_received,
    "payment_reversed": _payment_reversed,
    "items_added": _items_added,
    "cost_added": _cost_added,
    "rules_changed": _rules_changed,
}
REQUESTS: dict[str, Rule] = {"correct": _correct}
