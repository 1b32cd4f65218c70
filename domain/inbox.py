"""What an inbox entry is, and what a rule makes of it. The rules stand by subject; domain/entries.py puts them together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from domain.catalogue import Catalogue
from domain.claim import Claim, Stage
from domain.effects import Changed, today
from domain.refusals import Refused


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the inbox as the claim reads it; amounts in the payload are text in the claim's currency."""

    id: UUID
    kind: str
    payload: Mapping[str, Any]
    author: str
    received_at: datetime


Outcome = tuple[Changed, dict[str, Any]]  # the claim after, and what the caller is told
Rule = Callable[[Claim, Entry, Catalogue, datetime], Outcome]


def refuse_when_closed(claim: Claim) -> None:
    """Raises Refused for a request that only a living claim can take."""
    if claim.stage is Stage.CLOSED:
        raise Refused("claim_closed", ending=claim.ending or "")


def refuse_unknown_items(claim: Claim, references: list[str]) -> None:
    """Raises Refused naming the references that are not of this claim."""
    known = {item.reference for item in claim.items}
    unknown = [reference for reference in references if reference not in known]
    if unknown:
        raise Refused("unknown_item", items=unknown)


def day_or_none(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def postponed_to(claim: Claim, text: str | None, as_of: datetime) -> date:
    """The day to which a person postpones. Raises Refused: postpone_needs_a_date, date_not_in_the_future."""
    if not text:
        raise Refused("postpone_needs_a_date")
    day = date.fromisoformat(text)
    if day <= today(claim, as_of):
        raise Refused("date_not_in_the_future", date=text)
    return day


def days_later(claim: Claim, as_of: datetime, days: int) -> date:
    """That many days after the claim's own today."""
    day: date = today(claim, as_of)
    return day + timedelta(days=days)
