"""The standard litigation status: given to the open undisputed items of a claim that goes to litigation, gone when it comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from domain.catalogue import Catalogue
from domain.claim import Claim, Item, Stage, StatusCategory
from domain.effects import today
from domain.statement import statement

IN_LITIGATION = "in_litigation"
DEFAULT_FOLLOW_UP_DAYS = 7


def items_of_stage(claim: Claim, stage: Stage, catalogue: Catalogue, as_of: datetime) -> tuple[Item, ...]:
    """The items as they stand once the claim has entered that stage."""
    if stage is Stage.AMICABLE:
        return tuple(_back(item) for item in claim.items)
    day = today(claim, as_of)
    now = statement(claim, day)
    known = catalogue.statuses.get(IN_LITIGATION)
    follow_up_on = day + timedelta(days=known.follow_up_days if known else DEFAULT_FOLLOW_UP_DAYS)
    return tuple(
        replace(item, status=IN_LITIGATION, status_category=StatusCategory.LITIGATION, follow_up_on=follow_up_on)
        if _goes_along(item) and now.outstanding(item.id).amount > 0
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
