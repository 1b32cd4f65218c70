"""Builders for promises, arrangements and offers: what a person asks of a claim, and the days that come of themselves."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from json import loads
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from domain.agreement_terms import AgreementTerms
from domain.catalogue import Catalogue
from domain.catalogue_bodies import read
from domain.checks import check, due
from domain.claim import Arrangement, Claim, Item, Offer, Promise
from domain.consequences import consequences
from domain.entries import Applied, Entry, apply
from domain.ground import ground
from tests.builders import DUE_ON, a_catalogue, a_claim, a_creditor, an_id, an_item

MADE_ON = DUE_ON + timedelta(days=8)  # Tuesday 20 January 2026
STANDARD = Path(__file__).parent.parent / "catalogue"
PARIS = ZoneInfo("Europe/Paris")


@cache
def standard(kind: str) -> dict[str, Any]:
    bodies = loads((STANDARD / f"{kind}.json").read_text("utf-8"))
    return {body["code"]: read(kind, body["code"], body) for body in bodies}


def a_desk(tolerance_amount: str = "", **terms: Any) -> Catalogue:
    """The standard statuses and action types; `terms` are the creditor's (AgreementTerms), the amount is in euros."""
    if tolerance_amount:
        terms["tolerance_amounts"] = {"EUR": Decimal(tolerance_amount)}
    return a_catalogue(
        action_types=standard("action-types").values(),
        statuses=standard("statuses"),
        creditor=a_creditor(agreements=AgreementTerms(**terms)),
    )


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), PARIS)


def days(count: int) -> date:
    """So many days after the day on which things are agreed."""
    return MADE_ON + timedelta(days=count)


def three_invoices() -> Claim:
    """F-1 of 300 and F-2 of 200, both due; F-3 of 500 due in a month."""
    return a_claim(
        an_item("F-1", amount="300.00"),
        an_item("F-2", amount="200.00", due_on=DUE_ON + timedelta(days=2)),
        an_item("F-3", amount="500.00", due_on=DUE_ON + timedelta(days=40)),
    )


def asked(claim: Claim, kind: str, /, *, on: date = MADE_ON, desk: Catalogue | None = None, **body: Any) -> Applied:
    """What a person (or a machine) sends, applied; raises Refused."""
    entry = Entry(an_id(kind, on, str(body)), kind, body, "leila", noon(on))
    return apply(claim, entry, desk or a_desk(), noon(on))


def promised(claim: Claim | None = None, *, on: date = MADE_ON, desk: Catalogue | None = None, **body: Any) -> Claim:
    """A promise for ten days later unless said otherwise."""
    body = {"promised_on": days(10).isoformat(), **body}
    return asked(claim or a_claim(), "make_promise", on=on, desk=desk, **body).claim


def arranged(claim: Claim | None = None, *, desk: Catalogue | None = None, **body: Any) -> Claim:
    """Four monthly instalments of 250 from ten days later on, unless said otherwise; a supervisor agrees."""
    if "instalments" not in body:
        body = {"count": 4, "first_due_on": days(10).isoformat(), "every": "month", **body}
    return asked(claim or a_claim(), "agree_arrangement", desk=desk, supervises=True, **body).claim


def paid(
    claim: Claim, amount: str, on: date, *, arrives: date | None = None, desk: Catalogue | None = None, **more: Any
) -> Claim:
    """Money with this value date, known on the day it `arrives`."""
    body = {"external_id": f"P-{len(claim.payments)}", "amount": amount, "value_date": on.isoformat(), **more}
    return asked(claim, "payment_received", on=arrives or on, desk=desk, **body).claim


def gone_back(claim: Claim, on: date, which: str = "P-0", desk: Catalogue | None = None) -> Claim:
    body = {"external_id": which, "value_date": on.isoformat(), "reason": "no funds"}
    return asked(claim, "payment_reversed", on=on, desk=desk, **body).claim


def lived(claim: Claim, until: date, *, since: date = MADE_ON, desk: Catalogue | None = None) -> Claim:
    """The claim at noon of that day, after every day that came of itself, each looked at as soon as it had come."""
    desk = desk or a_desk()
    for n in range((until - since).days + 1):
        at = noon(since + timedelta(days=n))
        for _ in range(10):
            step = next((s for s in due(ground(claim, desk, at)) if s.due_at and s.due_at <= at), None)
            if step is None:
                break
            after = check(claim, desk, step, at).claim
            claim = consequences(after, desk, at).claim
        else:
            raise AssertionError("the claim turns in circles")
    return claim


def the_promise(claim: Claim) -> Promise:
    return claim.promises[-1]


def the_arrangement(claim: Claim) -> Arrangement:
    return claim.arrangements[-1]


def the_offer(claim: Claim) -> Offer:
    return claim.offers[-1]


def item_of(claim: Claim, reference: str = "F-1") -> Item:
    return next(item for item in claim.items if item.reference == reference)


def open_tasks(claim: Claim) -> list[str]:
    return sorted(task.kind.value for task in claim.open_tasks)
