"""The qualification rate (taux de qualification): how much of what is overdue carries a status, by amount and by count."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from domain.statement import Statement

PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Qualification:
    """Shares from 0 to 1, to four places; None when nothing is overdue."""

    by_amount: Decimal | None
    by_count: Decimal | None


def qualification(now: Statement) -> Qualification:
    """Of the items that are overdue and still owed, the share that carries a status."""
    overdue = [line for line in now.lines if line.overdue and line.outstanding]
    qualified = [line for line in overdue if line.item.status is not None]
    return Qualification(
        by_amount=share(
            sum((line.outstanding.amount for line in qualified), Decimal(0)),
            sum((line.outstanding.amount for line in overdue), Decimal(0)),
        ),
        by_count=share(Decimal(len(qualified)), Decimal(len(overdue))),
    )


def share(part: Decimal, whole: Decimal) -> Decimal | None:
    """A part of a whole, from 0 to 1; None of nothing."""
    return None if whole <= 0 else (part / whole).quantize(PLACES, ROUND_HALF_UP)
