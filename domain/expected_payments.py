"""What should come in, and when: promises, instalments, and items on their due date. Earliest first.

An item under a promise or an arrangement is expected on the agreed day, not on its own; a disputed or excluded one is not
expected at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.claim import Arrangement, Claim, ItemKind, StatusCategory
from domain.covered_items import arranged_items, came_for, promised_items, sum_of
from domain.instalments import paid_of
from domain.money import Money
from domain.statement import Statement
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
    covered = set(arranged_items(claim) | promised_items(claim))
    whole = any(not arrangement.items for arrangement in _active(claim))
    for promise in claim.promises:
        if promise.state is PromiseState.OPEN:
            whole = whole or not promise.items
            came = sum_of(came_for(claim, owed, promise.items, promise.payments_before), claim.currency)
            yield Expected(promise.promised_on, promise.amount - min(came, promise.amount), agreed=True)
    for line in owed.lines:
        item = line.item
        if (
            item.promised_on
            and item.status_category is StatusCategory.PROMISE
            and item.reference not in covered
            and not whole
        ):
            yield Expected(item.promised_on, line.outstanding, agreed=True)


def _instalments(claim: Claim, owed: Statement) -> Iterator[Expected]:
    """What is left of each instalment."""
    for arrangement in _active(claim):
        paid = paid_of(arrangement, came_for(claim, owed, arrangement.items, arrangement.payments_before))
        for instalment, part in zip(arrangement.instalments, paid, strict=True):
            yield Expected(instalment.due_on, instalment.amount - part, agreed=True)


def _items(claim: Claim, owed: Statement) -> Iterator[Expected]:
    agreed_on_items = arranged_items(claim) | promised_items(claim)
    if any(not arrangement.items for arrangement in _active(claim)):
        return
    if any(p.state is PromiseState.OPEN and not p.items for p in claim.promises):
        return
    for line in owed.lines:
        item = line.item
        agreed_otherwise = item.reference in agreed_on_items
        if item.due_on is not None and item.off_scenario in (None, "litigation") and not agreed_otherwise:
            yield Expected(item.due_on, line.outstanding, agreed=item.kind is ItemKind.LOAN_INSTALMENT)


def _active(claim: Claim) -> list[Arrangement]:
    return [a for a in claim.arrangements if a.state is ArrangementState.ACTIVE]
