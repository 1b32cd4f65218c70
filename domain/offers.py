"""Negotiation: an offer, a counter-offer, an answer; an accepted one becomes an arrangement with a discount.

One offer is open at a time: whoever answers accepts it, refuses it, or counters it with another one. An offer whose day
has passed expires by itself. While it is open the scenario goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from domain import arrangements
from domain.calendar import DAY, start_of_day
from domain.catalogue import Catalogue
from domain.claim import Claim, Instalment, Offer
from domain.covered_items import covered, owed_for
from domain.effects import Changed, today
from domain.events import SYSTEM, Event
from domain.ground import Ground
from domain.inbox import Entry, Outcome, Rule, day_or_none, refuse_when_closed
from domain.instalments import read_instalments
from domain.money import Money
from domain.refusals import Refused
from domain.settlements import refuse_discount
from domain.statement import statement
from domain.steps import Reason, Step, StepKind
from domain.terms import OfferSide, OfferState

PAYMENT_DAYS = 30  # from its acceptance, for an offer that names no date of payment
OTHER_SIDE = {OfferSide.DEBTOR: OfferSide.CREDITOR, OfferSide.CREDITOR: OfferSide.DEBTOR}


def _make(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    """`{by, amount, instalments? | count.., answer_by?, items?, comment?, answers?}`; refused as `_offered` says."""
    refuse_when_closed(claim)
    body = entry.payload
    countered = None
    if body.get("answers"):
        countered = _open_offer(claim, body["answers"], today(claim, as_of))
        if countered.by is OfferSide(body["by"]):
            raise Refused("offer_of_the_same_side")
        body = {**body, "items": body.get("items") or list(countered.items)}
    changed, offer = _offered(claim, entry, catalogue, body, countered, as_of)
    return changed, {"offer": told(offer)}


def _offered(
    claim: Claim, entry: Entry, catalogue: Catalogue, body: Mapping[str, Any], countered: Offer | None, as_of: datetime
) -> tuple[Changed, Offer]:
    """Raises Refused: offer_open, above_owed, offer_sum, date_in_the_past, discount_above_limit, and as `covered`."""
    on, by = today(claim, as_of), OfferSide(body["by"])
    waiting = [o for o in claim.offers if o.state is OfferState.OPEN and (countered is None or o.id != countered.id)]
    if waiting:
        raise Refused("offer_open", side=waiting[0].by.value)
    now = statement(claim, on)
    items = covered(claim, body.get("items") or (), now, over_promises=True)
    amount, owed = Money.of(body["amount"], claim.currency), owed_for(now, items)
    if amount > owed or not owed:
        raise Refused("above_owed", amount=str(amount), owed=str(owed), currency=claim.currency)
    answer_by = day_or_none(body.get("answer_by"))
    if answer_by is not None and answer_by < on:
        raise Refused("date_in_the_past", date=answer_by.isoformat())
    if by is OfferSide.CREDITOR:  # what we offer binds us
        refuse_discount(catalogue, owed - amount, owed, supervises=bool(body.get("supervises")))
    offer = Offer(
        id=claim.id_for("offer", entry.id),
        made_at=as_of,
        made_on=on,
        by=by,
        amount=amount,
        instalments=_instalments(body, amount, on),
        author=entry.author,
        items=items,
        answer_by=answer_by,
        answers=countered.id if countered else None,
        comment=body.get("comment") or "",
    )
    facts = {"amount": str(amount), "owed": str(owed), "currency": claim.currency, "side": by.value}
    event = Event("offer_made", as_of, entry.author, facts | ({"answer_by_on": str(answer_by)} if answer_by else {}))
    if countered is not None:
        claim = _with_offer(claim, replace(countered, state=OfferState.COUNTERED, answered_on=on))
    return Changed(replace(claim, offers=(*claim.offers, offer)), (event,)), offer


def _instalments(body: Mapping[str, Any], amount: Money, on: date) -> tuple[Instalment, ...]:
    instalments = read_instalments(body, amount, on)
    added_up = Money.total((each.amount for each in instalments), amount.currency)
    if instalments and added_up != amount:
        raise Refused("offer_sum", amount=str(added_up), expected=str(amount), currency=amount.currency)
    return instalments


def _answer(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    """`{offer_id, answer, counter?, reason?}`. Raises Refused: unknown_offer, offer_not_open, offer_expired, and what it brings."""
    refuse_when_closed(claim)
    body, on = entry.payload, today(claim, as_of)
    offer = _open_offer(claim, body["offer_id"], on)
    match body["answer"]:
        case "accepted":
            return _accepted(claim, entry, catalogue, offer, as_of)
        case "countered":
            return _countered(claim, entry, catalogue, offer, as_of)
    refused = replace(offer, state=OfferState.REFUSED, answered_on=on)
    event = Event("offer_refused", as_of, entry.author, {**_facts(offer), "note": body.get("reason") or ""})
    return Changed(_with_offer(claim, refused), (event,)), {"offer": told(refused)}


def _countered(claim: Claim, entry: Entry, catalogue: Catalogue, offer: Offer, as_of: datetime) -> Outcome:
    counter = {**(entry.payload.get("counter") or {}), "supervises": entry.payload.get("supervises")}
    body = {**counter, "by": OTHER_SIDE[offer.by].value, "items": list(offer.items)}
    changed, made = _offered(claim, entry, catalogue, body, offer, as_of)
    answered = next(o for o in changed.claim.offers if o.id == offer.id)
    return changed, {"offer": told(answered), "counter": told(made)}


def _accepted(claim: Claim, entry: Entry, catalogue: Catalogue, offer: Offer, as_of: datetime) -> Outcome:
    """An arrangement of the offered amount; what is owed beyond it is waived when it is paid, and only then."""
    on = today(claim, as_of)
    now = statement(claim, on)
    items = covered(claim, offer.items, now, over_promises=True)
    owed = owed_for(now, items)
    if offer.amount > owed:
        raise Refused("above_owed", amount=str(offer.amount), owed=str(owed), currency=claim.currency)
    parts = offer.instalments or (Instalment(on + timedelta(days=PAYMENT_DAYS), offer.amount),)
    body = {
        "instalments": [{"due_on": each.due_on.isoformat(), "amount": str(each.amount)} for each in parts],
        "waiver": str(owed - offer.amount) if owed > offer.amount else None,
        "items": list(items),
        "comment": offer.comment,
        # what the creditor offered was granted when it was offered
        "supervises": offer.by is OfferSide.CREDITOR or entry.payload.get("supervises"),
    }
    name = claim.id_for("arrangement", entry.id)
    accepted = replace(offer, state=OfferState.ACCEPTED, answered_on=on)
    event = Event("offer_accepted", as_of, entry.author, _facts(offer))
    changed = Changed(_with_offer(claim, accepted), (event,))
    agreed, arrangement = arrangements.agreed(changed.claim, catalogue, body, name, entry.author, as_of, offer.id)
    return changed.then(agreed), {"offer": told(accepted), "arrangement": arrangements.told(arrangement, ())}


def _open_offer(claim: Claim, offer_id: object, on: date) -> Offer:
    offer = next((o for o in claim.offers if str(o.id) == str(offer_id)), None)
    if offer is None:
        raise Refused("unknown_offer")
    if offer.state is not OfferState.OPEN:
        raise Refused("offer_not_open", offer_state=offer.state.value)
    if offer.answer_by is not None and offer.answer_by < on:
        raise Refused("offer_expired", date=offer.answer_by.isoformat())
    return offer


# ---- its last day ------------------------------------------------------------------------------


def due(on: Ground) -> Iterator[Step]:
    """The day after the last one for an answer."""
    for offer in on.claim.offers:
        if offer.state is not OfferState.OPEN or offer.answer_by is None:
            continue
        facts: dict[str, str | int | list[str]] = {
            "amount": str(offer.amount),
            "currency": on.claim.currency,
            "answer_by_on": offer.answer_by.isoformat(),
        }
        yield Step(
            StepKind.CHECK,
            due_at=max(start_of_day(offer.answer_by + DAY, on.claim.time_zone), on.as_of),
            key=f"claim/{on.claim.number}/offer/{offer.id}/expiry",
            plan_kind="follow_up",
            subject=f"offer/{offer.id}",
            due_on=offer.answer_by + DAY,
            why=(Reason("offer_expires", facts),),
        )


def check(claim: Claim, catalogue: Catalogue, step: Step, as_of: datetime) -> Changed:
    """Nobody answered in time."""
    offer = next((o for o in claim.offers if f"offer/{o.id}" == step.subject and o.state is OfferState.OPEN), None)
    if offer is None:
        return Changed(claim)
    expired = replace(offer, state=OfferState.EXPIRED, answered_on=today(claim, as_of))
    return Changed(_with_offer(claim, expired), (Event("offer_expired", as_of, SYSTEM, _facts(offer)),))


def _facts(offer: Offer) -> dict[str, Any]:
    facts = {"amount": str(offer.amount), "currency": offer.amount.currency, "side": offer.by.value}
    return facts | ({"date": offer.answer_by.isoformat()} if offer.answer_by else {})


def told(offer: Offer) -> dict[str, Any]:
    """The offer as its caller and the whole claim show it."""
    return {
        "id": str(offer.id),
        "by": offer.by.value,
        "amount": str(offer.amount),
        "currency": offer.amount.currency,
        "instalments": [{"due_on": each.due_on.isoformat(), "amount": str(each.amount)} for each in offer.instalments],
        "items": list(offer.items),
        "answer_by": offer.answer_by.isoformat() if offer.answer_by else None,
        "answers": str(offer.answers) if offer.answers else None,
        "comment": offer.comment,
        "author": offer.author,
        "made_on": offer.made_on.isoformat(),
        "state": offer.state.value,
        "answered_on": offer.answered_on.isoformat() if offer.answered_on else None,
    }


def _with_offer(claim: Claim, offer: Offer) -> Claim:
    return replace(claim, offers=tuple(offer if o.id == offer.id else o for o in claim.offers))


FACTS: dict[str, Rule] = {}
REQUESTS: dict[str, Rule] = {"make_offer": _make, "answer_offer": _answer}
