"""The standard litigation status: given to the open undisputed items of a claim that goes to litigation, gone when it comes back.

A promise of such an item ends with it; an arrangement does not: what was agreed goes on whatever the stage.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from domain.catalogue import Catalogue
from domain.claim import Claim, Item, Stage, StatusCategory
from domain.covered_items import LITIGATION_STATUS, arranged_items
from domain.effects import today
from domain.statement import statement

DEFAULT_FOLLOW_UP_DAYS = 7


def items_of_stage(claim: Claim, stage: Stage, catalogue: Catalogue, as_of: datetime) -> tuple[Item, ...]:
    """The items as they stand once the claim has entered that stage."""
    if stage is Stage.AMICABLE:
        return tuple(_back(item) for item in claim.items)
    day = today(claim, as_of)
    now = statement(claim, day)
    known = catalogue.statuses.get(LITIGATION_STATUS)
    follow_up_on = day + timedelta(days=known.follow_up_days if known else DEFAULT_FOLLOW_UP_DAYS)
    arranged = arranged_items(claim)
    given = {"status": LITIGATION_STATUS, "status_category": StatusCategory.LITIGATION, "follow_up_on": follow_up_on}
    return tuple(
        replace(item, **given, promised_on=None)
        if _goes_along(item) and item.reference not in arranged and now.owed(item.id)
        else item
        for item in claim.items
    )


def _goes_along(item: Item) -> bool:
    """Not what is disputed, what a person left out, or what is in litigation already."""
    return not item.excluded and item.status_category not in (StatusCategory.DISPUTE, StatusCategory.LITIGATION)


def _back(item: Item) -> Item:
    if item.status_category is not StatusCategory.LITIGATION:
        return item
    return replace(item, status=None, status_category=None, follow_up_on=None)
