"""Counter entries: how much of what was charged may still be corrected. Start with `correctable`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from domain.allocation import ZERO
from domain.claim import Claim, Correction
from domain.debt_terms import COST, INTEREST, PRINCIPAL
from domain.money import Money
from domain.statement import Line, statement


def correctable(claim: Claim, correction: Correction) -> Money:
    """What was charged up to the correction's day of what it names, less every correction of it that stands then.

    A later one counts too: together they never take more than was charged. One that a fallen settlement took back does not.
    """
    standing = (c for c in claim.corrections if c.reversed_on is None or c.reversed_on > correction.on)
    earlier = sum((each.amount.amount for each in standing if _is_of(each, correction)), ZERO)
    left = _charged(claim, correction) - earlier
    return Money(max(Money.zero(claim.currency).amount, left), claim.currency)


def _charged(claim: Claim, correction: Correction) -> Decimal:
    """In the claim's currency; a cost that stays with the creditor was never charged to the debtor."""
    if correction.to == COST:
        borne = [c for c in claim.costs if c.id == correction.cost_id and c.chargeable_to_debtor and not c.advance]
        return sum((cost.amount.amount for cost in borne if cost.incurred_on <= correction.on), ZERO)
    found = statement(claim, correction.on)
    lines = [line for line in found.lines if correction.item in ("", line.item.reference)]
    return sum((_of_line(line, correction.to, correction.on) for line in lines), ZERO)


def _of_line(line: Line, to: str, on: date) -> Decimal:
    if to == PRINCIPAL:
        return line.item.amount.amount - line.charged.opening - line.charged.credited
    return line.charged.accrued_on(on) if to == INTEREST else line.charged.charged


def _is_of(known: Correction, correction: Correction) -> bool:
    """Whether both reduce the same charge; one of the whole claim touches every item."""
    if known.to != correction.to:
        return False
    if known.to == COST:
        return known.cost_id == correction.cost_id
    return "" in (known.item, correction.item) or known.item == correction.item
