"""Arrangements (échéanciers): each instalment a race between its date and its payment; tolerance, breach, completion.

Agreed and cancelled here, looked at on their days and after a payment in domain/arrangement_course.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.arrangement_course import restart
from domain.arrangement_endings import ended
from domain.catalogue import Catalogue
from domain.claim import Arrangement, Claim, Instalment
from domain.covered_items import covered, owed_for
from domain.effects import Changed, today
from domain.events import Event
from domain.follow_ups import set_aside
from domain.inbox import Entry, Outcome, Rule, refuse_when_closed
from domain.instalments import paid_of, read_instalments
from domain.money import Money
from domain.refusals import Refused
from domain.settlements import refuse_discount
from domain.statement import statement
from domain.terms import ArrangementState

REMIND_DAYS_BEFORE = 3
REMIND_DAYS_AFTER = 1


def _agree(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    """`{instalments | count, first_due_on, every?, amount?, waiver?, items?, tolerance...}`; refused as `agreed` says."""
    refuse_when_closed(claim)
    changed, arrangement = agreed(
        claim, catalogue, entry.payload, claim.id_for("arrangement", entry.id), entry.author, as_of
    )
    return changed, {"arrangement": told(arrangement, ())}


def agreed(
    claim: Claim,
    catalogue: Catalogue,
    body: Mapping[str, Any],
    arrangement_id: UUID,
    author: str,
    as_of: datetime,
    offer_id: UUID | None = None,
) -> tuple[Changed, Arrangement]:
    """The claim with this arrangement: its items off the scenario, the instalments their only dates.

    What is to be paid is fixed now: what the items owe less the waiver. Raises Refused: arrangement_sum (saying what it
    must be), waiver_above_owed, discount_above_limit, no_instalments, the dates', and as `covered`.
    """
    on = today(claim, as_of)
    now = statement(claim, on)
    items = covered(claim, body.get("items") or (), now, over_promises=True)
    owed = owed_for(now, items)
    must = _to_pay(claim, catalogue, body, owed)
    instalments = read_instalments(body, must, on)
    if not instalments:
        raise Refused("no_instalments")
    _refuse_another_sum(instalments, body, must, owed)
    arrangement = Arrangement(
        id=arrangement_id,
        agreed_at=as_of,
        agreed_on=on,
        instalments=instalments,
        author=author,
        items=items,
        waiver=owed - must,
        **_race(claim, catalogue, body, instalments),
        comment=body.get("comment") or "",
        offer_id=offer_id,
        payments_before=tuple(payment.id for payment in claim.payments),
    )
    facts = {
        "amount": str(must),
        "waiver": str(owed - must),
        "currency": claim.currency,
        "instalments": len(instalments),
        "due_on": instalments[0].due_on.isoformat(),
        "last_due_on": instalments[-1].due_on.isoformat(),
    }
    event = Event("arrangement_agreed", as_of, author, facts)
    free = set_aside(claim, items, as_of, reason="other_status")
    after = replace(free.claim, arrangements=(*free.claim.arrangements, arrangement))
    return free.then(Changed(restart(after, arrangement), (event,))), arrangement


def _to_pay(claim: Claim, catalogue: Catalogue, body: Mapping[str, Any], owed: Money) -> Money:
    waiver = Money.of(body["waiver"], claim.currency) if body.get("waiver") else Money.zero(claim.currency)
    if not owed:
        raise Refused("nothing_to_agree_on")
    if waiver >= owed:
        raise Refused("waiver_above_owed", waiver=str(waiver), owed=str(owed), currency=claim.currency)
    refuse_discount(catalogue, waiver, owed, supervises=bool(body.get("supervises")))
    return owed - waiver


def _refuse_another_sum(instalments: tuple[Instalment, ...], body: Mapping[str, Any], must: Money, owed: Money) -> None:
    """The instalments, and the amount where one is given, are exactly what is owed less the waiver."""
    given = Money.of(body["amount"], must.currency) if body.get("amount") else must
    added_up = Money.total((each.amount for each in instalments), must.currency)
    for amount in (given, added_up):
        if amount != must:
            facts = {"expected": str(must), "owed": str(owed), "waiver": str(owed - must), "currency": must.currency}
            raise Refused("arrangement_sum", amount=str(amount), **facts)


def _race(
    claim: Claim, catalogue: Catalogue, body: Mapping[str, Any], instalments: tuple[Instalment, ...]
) -> dict[str, Any]:
    """The rules of the race: as given, else the creditor's tolerance, a reminder before and one after, none missed."""
    terms = catalogue.creditor.agreements
    smallest = min((each.amount for each in instalments), key=lambda amount: amount.amount)
    tolerance = body.get("tolerance_amount")
    tolerated = Money.of(tolerance, claim.currency) if tolerance is not None else terms.tolerance_of(smallest)
    if tolerated >= smallest:
        raise Refused("tolerance_above_instalment", amount=str(tolerated), currency=claim.currency)
    return {
        "tolerance_days": _number(body, "tolerance_days", terms.tolerance_days),
        "tolerance_amount": tolerated,
        "missed_allowed": _number(body, "missed_allowed", 0),
        "remind_days_before": _number(body, "remind_days_before", REMIND_DAYS_BEFORE),
        "remind_days_after": _number(body, "remind_days_after", REMIND_DAYS_AFTER),
    }


def _number(body: Mapping[str, Any], name: str, otherwise: int) -> int:
    given = body.get(name)
    return otherwise if given is None else int(given)


def _cancel(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    """`{arrangement_id, reason}`: the whole is due again, the waiver is void. Raises Refused: unknown_arrangement, arrangement_not_active."""
    wanted = str(entry.payload["arrangement_id"])
    arrangement = next((a for a in claim.arrangements if str(a.id) == wanted), None)
    if arrangement is None:
        raise Refused("unknown_arrangement")
    if arrangement.state is not ArrangementState.ACTIVE:
        raise Refused("arrangement_not_active", arrangement_state=arrangement.state.value)
    changed = ended(claim, catalogue, arrangement, ArrangementState.CANCELLED, as_of)
    facts = {"currency": claim.currency, "note": entry.payload.get("reason") or "", "amount": str(arrangement.total)}
    event = Event("arrangement_cancelled", as_of, entry.author, facts)
    after = next(a for a in changed.claim.arrangements if a.id == arrangement.id)
    return changed.then(Changed(changed.claim, (event,))), {"arrangement": told(after, ())}


def told(arrangement: Arrangement, came: Any) -> dict[str, Any]:
    """The arrangement as its caller and the whole claim show it; `came`: what has come for it so far."""
    paid = paid_of(arrangement, came)
    return {
        "id": str(arrangement.id),
        "state": arrangement.state.value,
        "agreed_on": arrangement.agreed_on.isoformat(),
        "amount": str(arrangement.total),
        "currency": arrangement.total.currency,
        "waiver": str(arrangement.waiver) if arrangement.waiver is not None else None,
        "items": list(arrangement.items),
        "instalments": [
            {
                "due_on": each.due_on.isoformat(),
                "amount": str(each.amount),
                "paid": str(part),
                "state": _state_of(each, part),
                "missed_on": each.missed_on.isoformat() if each.missed_on else None,
            }
            for each, part in zip(arrangement.instalments, paid, strict=True)
        ],
        "tolerance_days": arrangement.tolerance_days,
        "tolerance_amount": str(arrangement.tolerance_amount) if arrangement.tolerance_amount is not None else None,
        "missed_allowed": arrangement.missed_allowed,
        "remind_days_before": arrangement.remind_days_before,
        "remind_days_after": arrangement.remind_days_after,
        "author": arrangement.author,
        "comment": arrangement.comment,
        "offer": str(arrangement.offer_id) if arrangement.offer_id else None,
        "ended_on": arrangement.ended_on.isoformat() if arrangement.ended_on else None,
    }


def _state_of(instalment: Instalment, paid: Money) -> str:
    """to_come | paid | partial | missed; one that was missed and then paid is paid, and says when it was missed."""
    if paid >= instalment.amount or instalment.settled_on is not None:
        return "paid"
    if instalment.missed_on is not None:
        return "missed"
    return "partial" if paid else "to_come"


FACTS: dict[str, Rule] = {}
REQUESTS: dict[str, Rule] = {"agree_arrangement": _agree, "cancel_arrangement": _cancel}
