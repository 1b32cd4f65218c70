"""What a promise, an arrangement or an offer is about: which items, what they owe, and what has come in for them.

Items are named by their references. A claim of global values has none: () stands for the whole of it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from domain.allocation import COST, ZERO
from domain.catalogue import Catalogue
from domain.claim import Claim, Item, Stage, StatusCategory, Values
from domain.money import Money
from domain.refusals import Refused
from domain.statement import GLOBAL, Statement
from domain.terms import ArrangementState, PromiseState

ARRANGEMENT_STATUS = "arrangement"
PROMISE_STATUS = "promise"
LITIGATION_STATUS = "in_litigation"
IN_COURT = frozenset({Stage.LITIGATION, Stage.ENFORCEMENT})


@dataclass(frozen=True, slots=True)
class Came:
    """Money that came for some items: its value date, and how much of it went to them."""

    on: date
    amount: Money


def covered(claim: Claim, given: Sequence[str], now: Statement, *, over_promises: bool = False) -> tuple[str, ...]:
    """The items meant: those given, else all that are owed, undisputed and free.

    `over_promises`: an arrangement may take the place of a promise. Raises Refused: unknown_item, item_owes_nothing,
    item_disputed, item_promised, item_in_arrangement, nothing_to_agree_on.
    """
    if claim.values is Values.GLOBAL:
        return _whole(claim, given, over_promises=over_promises)
    wanted = tuple(dict.fromkeys(given))
    owing = {line.item.reference: line.item for line in now.lines if line.owed.amount > 0}
    promised, arranged = promised_items(claim), arranged_items(claim)
    if not wanted:
        free = [item for item in owing.values() if not _is_disputed(item) and item.reference not in arranged]
        wanted = tuple(item.reference for item in free if over_promises or item.reference not in promised)
    if not wanted:
        raise Refused("nothing_to_agree_on")
    known = {item.reference: item for item in claim.items}
    _refuse("unknown_item", [reference for reference in wanted if reference not in known])
    _refuse("item_owes_nothing", [reference for reference in wanted if reference not in owing])
    _refuse("item_disputed", [reference for reference in wanted if _is_disputed(known[reference])])
    _refuse("item_in_arrangement", [reference for reference in wanted if reference in arranged])
    if not over_promises:
        _refuse("item_promised", [reference for reference in wanted if reference in promised])
    return wanted


def _whole(claim: Claim, given: Sequence[str], *, over_promises: bool) -> tuple[str, ...]:
    _refuse("unknown_item", [reference for reference in given if reference != GLOBAL])
    if any(a.state is ArrangementState.ACTIVE for a in claim.arrangements):
        raise Refused("item_in_arrangement", items=[GLOBAL])
    if not over_promises and any(p.state is PromiseState.OPEN for p in claim.promises):
        raise Refused("item_promised", items=[GLOBAL])
    return ()


def _refuse(code: str, references: list[str]) -> None:
    if references:
        raise Refused(code, items=references)


def _is_disputed(item: Item) -> bool:
    return item.status_category is StatusCategory.DISPUTE


def promised_items(claim: Claim) -> frozenset[str]:
    return frozenset(r for p in claim.promises if p.state is PromiseState.OPEN for r in p.items)


def arranged_items(claim: Claim) -> frozenset[str]:
    return frozenset(r for a in claim.arrangements if a.state is ArrangementState.ACTIVE for r in a.items)


# ---- what they owe, and what came --------------------------------------------------------------


def owed_for(now: Statement, items: Collection[str]) -> Money:
    """What these items owe; with every debt among them, the balance due of the claim (costs and money at hand in it)."""
    if covers_all(now, items):
        return now.balance_due
    return Money(sum((line.owed.amount for line in now.lines if line.item.reference in items), ZERO), now.currency)


def covers_all(now: Statement, items: Collection[str]) -> bool:
    return not items or all(line.item.reference in items for line in now.lines if line.owed.amount > 0)


def came_for(claim: Claim, now: Statement, items: Collection[str], before: Collection[UUID]) -> tuple[Came, ...]:
    """Payments that count at the statement's date and arrived since (`before`: those known then), by value date.

    Of each counts what did not go to other items: accessories that the law puts first are part of keeping one's word.
    """
    known, found = frozenset(before), []
    for payment in sorted(claim.payments, key=lambda each: (each.value_date, each.external_id)):
        went = now.of_payment(payment.id)
        counts = bool(went) or payment.id in now.unallocated
        if payment.id in known or not counts:
            continue
        others = [part for part in went if items and part.to != COST and part.item not in items]
        if others and len(others) == sum(1 for part in went if part.to != COST):
            continue  # it went elsewhere
        elsewhere = Money.total((part.amount for part in others), claim.currency)
        found.append(Came(payment.value_date, payment.amount - elsewhere))
    return tuple(found)


def sum_of(came: Collection[Came], currency: str, until: date | None = None) -> Money:
    return Money.total((each.amount for each in came if until is None or each.on <= until), currency)


def bounced(claim: Claim, before: Collection[UUID], on: date) -> bool:
    """Whether a payment that arrived since has gone back."""
    return any(p.reversed_on is not None and p.reversed_on <= on and p.id not in before for p in claim.payments)


# ---- what it does to the items -----------------------------------------------------------------


def held(claim: Claim, items: Collection[str], status: str, promised_on: date, comment: str = "") -> Claim:
    """The items with a status of the category promise: off the scenario, to be looked at on that day.

    Disputed ones stay disputed.
    """
    after = tuple(
        replace(
            item,
            status=status,
            status_category=StatusCategory.PROMISE,
            promised_on=promised_on,
            follow_up_on=item.follow_up_on if item.promised_on == promised_on else promised_on,
            comment=comment or item.comment,
        )
        if item.reference in items and not _is_disputed(item)
        else item
        for item in claim.items
    )
    return claim if after == claim.items else replace(claim, items=after)


def released(claim: Claim, catalogue: Catalogue, items: Collection[str], action_id: UUID | None = None) -> Claim:
    """The items are recoverable again (in litigation, they have its status again); what has another status keeps it."""
    litigation = catalogue.statuses.get(LITIGATION_STATUS) if claim.stage in IN_COURT else None
    after = tuple(
        replace(
            item,
            status=litigation.code if litigation else None,
            status_category=litigation.category if litigation else None,
            promised_on=None,
            follow_up_on=None,
            specific_action=None if item.specific_action == action_id else item.specific_action,
        )
        if item.reference in items and item.status_category is StatusCategory.PROMISE
        else item
        for item in claim.items
    )
    return claim if after == claim.items else replace(claim, items=after)
