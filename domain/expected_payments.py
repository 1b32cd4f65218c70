"""What should come in, and when: promises, instalments, and items on their due date. Earliest first.

An item under a promise or an arrangement is expected on the agreed day, not on its own; a disputed or excluded one is not
expected at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.claim import Arrangement, Claim, ItemKind, StatusCategory
from domain.money import Money
from domain.statement import Statement, counts
from domain.terms import ArrangementState, PromiseState


@dataclass(frozen=True, slots=True)
class Expected:
    day: date
    amount: Money
    agreed: bool  # promised, or an instalment: not just the due date of an invoice


def expected_payments(claim: Claim, owed: Statement) -> list[Expected]:
    """Amounts above zero, in the claim's currency, in order of their day."""
    found = [*_promised(claim, owed), *_instalments(claim, owed), *_items(claim, owed)]
    return sorted((each for each in found if each.amount.amount > 0), key=lambda each: each.day)


def _promised(claim: Claim, owed: Statement) -> Iterator[Expected]:
    covered: set[str] = set()
    for promise in claim.promises:
        if promise.state is PromiseState.OPEN:
            covered |= set(promise.items)
            yield Expected(promise.promised_on, promise.amount, agreed=True)
    for line in owed.lines:
        item = line.item
        if (
            item.promised_on
            and item.status_category is StatusCategory.PROMISE
            and item.reference not in covered
            and not any(p.state is PromiseState.OPEN and not p.items for p in claim.promises)
        ):
            yield Expected(item.promised_on, line.outstanding, agreed=True)


def _instalments(claim: Claim, owed: Statement) -> Iterator[Expected]:
    """What came in since the agreement pays the instalments in their order."""
    for arrangement in _active(claim):
        paid = Money.total(
            (p.amount for p in claim.payments if counts(p, owed.on) and p.value_date >= arrangement.agreed_on),
            claim.currency,
        )
        for instalment in sorted(arrangement.instalments, key=lambda i: i.due_on):
            covers = min(paid, instalment.amount)
            paid -= covers
            yield Expected(instalment.due_on, instalment.amount - covers, agreed=True)


def _items(claim: Claim, owed: Statement) -> Iterator[Expected]:
    arranged = {reference for arrangement in _active(claim) for reference in arrangement.items}
    if any(not arrangement.items for arrangement in _active(claim)):
        return
    if any(p.state is PromiseState.OPEN and not p.items for p in claim.promises):
        return
    promised = {ref for p in claim.promises if p.state is PromiseState.OPEN for ref in p.items}
    for line in owed.lines:
        item = line.item
        agreed_otherwise = item.reference in arranged or item.reference in promised
        if item.due_on is not None and item.off_scenario in (None, "litigation") and not agreed_otherwise:
            yield Expected(item.due_on, line.outstanding, agreed=item.kind is ItemKind.LOAN_INSTALMENT)


def _active(claim: Claim) -> list[Arrangement]:
    return [a for a in claim.arrangements if a.state is ArrangementState.ACTIVE]
