"""What is given up: the discount somebody may grant, and the counter entries when an agreed sum is paid in full."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from uuid import UUID

from domain.agreement_terms import HUNDRED
from domain.allocation import COST, INDEMNITY, INTEREST, PRINCIPAL
from domain.catalogue import Catalogue
from domain.claim import Claim, Correction
from domain.covered_items import covers_all
from domain.events import SYSTEM
from domain.money import Money
from domain.refusals import Refused
from domain.statement import Statement

KIND = "settlement"


def refuse_discount(catalogue: Catalogue, waiver: Money, owed: Money, *, supervises: bool) -> None:
    """Raises Refused when a collector would give up more than the creditor lets one: a supervisor may."""
    limit = catalogue.creditor.agreements.discount_percent
    if supervises or waiver.amount * HUNDRED <= owed.amount * limit:
        return
    percent = (waiver.amount * HUNDRED / owed.amount).quantize(Decimal("0.1")) if owed else HUNDRED
    raise Refused("discount_above_limit", percent=f"{percent:f}", limit=f"{limit.normalize():f}")


def given_up(claim: Claim, now: Statement, items: Collection[str], of: UUID) -> tuple[Correction, ...]:
    """Counter entries for all that these items still owe; with every debt among them, for the chargeable costs too.

    Together with what was paid they bring what is owed to zero. None is of zero, and nothing is deleted.
    """
    found: list[Correction] = []
    for line in now.lines:
        if items and line.item.reference not in items:
            continue
        parts = ((PRINCIPAL, line.outstanding), (INTEREST, line.interest), (INDEMNITY, line.indemnity))
        found += [_correction(claim, now, of, to, amount, item=line.item.reference) for to, amount in parts if amount]
    if covers_all(now, items):
        found += _costs(claim, now, of)
    return tuple(found)


def _costs(claim: Claim, now: Statement, of: UUID) -> list[Correction]:
    """What is still owed on each cost that the debtor bears."""
    return [
        _correction(claim, now, of, COST, Money(charged.owed, claim.currency), cost_id=charged.cost.id)
        for charged in now.costs
        if charged.owed
    ]


def _correction(
    claim: Claim, now: Statement, of: UUID, to: str, amount: Money, *, item: str = "", cost_id: UUID | None = None
) -> Correction:
    settled_before = sum(1 for correction in claim.corrections if correction.kind == KIND)
    return Correction(
        id=claim.id_for("settlement", of, settled_before, to, item, cost_id or ""),
        kind=KIND,
        to=to,
        amount=amount,
        on=now.on,
        reason=f"arrangement/{of}",
        author=SYSTEM,
        item=item,
        cost_id=cost_id,
    )
