"""The statement of the debt at a date (décompte): what every item owes, and totals that add up. Start with `statement`.

Computed from the facts alone, so any order of arrival gives the same balance. Items count whatever their date of
issue: an invoice that is known is owed, due or not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from uuid import UUID

from domain.allocation import PRINCIPAL, ZERO, Allocation, Ledger, in_order_of_value
from domain.claim import Claim, Cost, Item, ItemKind, Payment, Values
from domain.money import Money

GLOBAL = "global"  # the reference of the single debt of a claim with global values


@dataclass(frozen=True, slots=True)
class Line:
    """One debt at the statement's date. `overdue`: its due date has passed."""

    item: Item
    credited: Money
    paid: Money
    outstanding: Money
    interest: Money
    indemnity: Money
    overdue: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """Principal, interest, indemnities and chargeable costs less unapplied money is the balance due, never below zero."""

    on: date
    currency: str
    lines: tuple[Line, ...]
    amount: Money  # the debts less the credit notes, before any payment
    paid: Money  # payments that count at this date, and what was paid before a takeover
    principal: Money  # outstanding, due or not
    overdue: Money
    interest: Money
    indemnities: Money
    costs_incurred: Money
    costs_chargeable: Money  # outstanding, of those the debtor bears
    costs_billed: Money  # billed to the creditor
    advances: Money
    unapplied: Money  # received or credited, and allocated to nothing
    overpaid: Money
    balance_due: Money
    allocations: tuple[Allocation, ...]
    unallocated: Mapping[UUID, Money]  # by payment
    owed_by_item: Mapping[UUID, Money]  # what each debt still owes: a claim may have thousands

    def outstanding(self, item_id: UUID) -> Money:
        """What the item still owes; nothing for a credit note or an unknown item."""
        return self.owed_by_item.get(item_id) or _nothing(self.currency)

    def of_payment(self, payment_id: UUID) -> tuple[Allocation, ...]:
        return tuple(part for part in self.allocations if part.payment_id == payment_id)


def counts(payment: Payment, on: date) -> bool:
    """A payment counts from its value date until it is reversed."""
    return payment.value_date <= on and (payment.reversed_on is None or payment.reversed_on > on)


def debts_of(claim: Claim) -> Sequence[Item]:
    """The items that are owed; global amounts are one debt, due on the day the claim was opened."""
    if claim.values is Values.GLOBAL:
        return (_global_debt(claim),)
    return [item for item in claim.items if item.kind is not ItemKind.CREDIT_NOTE]


def statement(claim: Claim, on: date) -> Statement:
    """The debt as it stood, stands or will stand on that day, with what is known now."""
    costs = [cost for cost in claim.costs if cost.incurred_on <= on]
    ledger = _allocated(claim, costs, on)
    lines = tuple(_line(ledger, n, on) for n in range(len(ledger.debts)))
    currency, nothing = claim.currency, _nothing(claim.currency)
    principal = sum(ledger.owed, nothing.amount)
    chargeable = sum(ledger.costs_owed, nothing.amount)
    balance = principal + chargeable - ledger.unapplied
    credits_ = sum((i.amount.amount for i in claim.items if i.is_credit), ZERO) + ledger.corrected
    return Statement(
        on=on,
        currency=currency,
        lines=lines,
        amount=Money(sum((debt.amount.amount for debt in ledger.debts), nothing.amount) - credits_, currency),
        paid=_paid(claim, on),
        principal=Money(principal, currency),
        overdue=Money(sum((line.outstanding.amount for line in lines if line.overdue), nothing.amount), currency),
        interest=nothing,
        indemnities=nothing,
        costs_incurred=_sum(costs, currency),
        costs_chargeable=Money(chargeable, currency),
        costs_billed=_sum([cost for cost in costs if cost.billed_to_creditor], currency),
        advances=_sum([cost for cost in costs if cost.advance], currency),
        unapplied=Money(nothing.amount + ledger.unapplied, currency),
        overpaid=Money(-balance, currency) if balance < 0 else nothing,
        balance_due=Money(balance, currency) if balance > 0 else nothing,
        allocations=tuple(ledger.allocations),
        unallocated=ledger.unallocated,
        owed_by_item={line.item.id: line.outstanding for line in lines},
    )


def _allocated(claim: Claim, costs: Sequence[Cost], on: date) -> Ledger:
    """Credit notes first, then what was paid elsewhere, then the payments by value date."""
    ledger = Ledger(claim.currency, debts_of(claim), [cost for cost in costs if cost.chargeable_to_debtor])
    for correction in claim.corrections:
        if correction.on <= on and correction.to == PRINCIPAL and correction.item:
            ledger.correct(correction.item, correction.amount.amount)
    for item in claim.items:
        if item.is_credit:
            ledger.credit(item.amount.amount)
    if claim.takeover is not None and claim.takeover.paid is not None:
        ledger.receive_before_takeover(claim.takeover.paid.amount)
    if claim.payments:
        for payment in in_order_of_value(payment for payment in claim.payments if counts(payment, on)):
            ledger.receive(payment)
    return ledger


def _line(ledger: Ledger, n: int, on: date) -> Line:
    item, nothing = ledger.debts[n], _nothing(ledger.currency)
    return Line(
        item=item,
        credited=Money(ledger.credited[n], ledger.currency) if ledger.credited[n] else nothing,
        paid=Money(ledger.paid[n], ledger.currency) if ledger.paid[n] else nothing,
        outstanding=Money(ledger.owed[n], ledger.currency),
        interest=nothing,
        indemnity=nothing,
        overdue=item.due_on is not None and item.due_on < on,
    )


def _paid(claim: Claim, on: date) -> Money:
    paid = _nothing(claim.currency)
    if claim.takeover is not None and claim.takeover.paid is not None:
        paid += claim.takeover.paid
    for payment in claim.payments:
        if counts(payment, on):
            paid += payment.amount
    return paid


def _sum(costs: Sequence[Cost], currency: str) -> Money:
    if not costs:
        return _nothing(currency)
    return Money.total((cost.amount for cost in costs), currency)


def _global_debt(claim: Claim) -> Item:
    total = sum((Decimal(part) for part in claim.global_amounts.values()), ZERO)
    return Item(
        id=claim.id_for(GLOBAL),
        position=0,
        reference=GLOBAL,
        kind=ItemKind.OTHER,
        issued_on=claim.opened_on,
        due_on=claim.opened_on,
        amount=Money.of(total, claim.currency),
    )


@cache
def _nothing(currency: str) -> Money:
    return Money.zero(currency)
