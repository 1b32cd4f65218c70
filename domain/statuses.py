"""Statuses of items: what a person says of an invoice, its follow-up date, and what takes it off the scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.catalogue import Catalogue
from domain.claim import Claim
from domain.effects import Changed
from domain.events import Event
from domain.inbox import Entry, Outcome, Rule, day_or_none, days_later, refuse_unknown_items, refuse_when_closed
from domain.refusals import Refused


def _give_status(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    refuse_when_closed(claim)
    return with_status(claim, entry.payload, entry.author, catalogue, as_of), {}


def with_status(claim: Claim, body: Mapping[str, Any], author: str, catalogue: Catalogue, as_of: datetime) -> Changed:
    status = catalogue.statuses.get(body["status"])
    if status is None or not status.active:
        raise Refused("unknown_status", status=body["status"])
    references = list(body["items"])
    refuse_unknown_items(claim, references)
    promised_on = day_or_none(body.get("promised_on"))
    follow_up_on = (
        day_or_none(body.get("follow_up_on")) or promised_on or days_later(claim, as_of, status.follow_up_days)
    )
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


FACTS: dict[str, Rule] = {}
REQUESTS: dict[str, Rule] = {"give_status": _give_status}
