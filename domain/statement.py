"""The statement of the debt at a date (décompte): what every item owes, and totals that add up. Start with `statement`.

Computed from the facts alone, so any order of arrival gives the same balance. Items count whatever their date of
issue: an invoice that is known is owed, due or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache, partial
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.allocation import ZERO, Allocation, Charged, Ledger, in_order_of_value, oldest_first
from domain.claim import Claim, Cost, Item, ItemKind, Payment, StatusCategory, Values
from domain.interest import Period
from domain.money import Money, unit_of
from domain.owing import Owing
from domain.terms import ArrangementState, PromiseState

GLOBAL = "global"  # the reference of the single debt of a claim with global values
CONTRACTUAL_INTEREST = "contractual_interest"  # the part of a global claim that is no principal
FORMAL_NOTICE = "formal_notice"  # the action type, and the legal event


class Missing(NamedTuple):
    """Days for which a rate is missing: interest runs, and nobody can say how much."""

    since: date
    until: date
    rate: str  # the code of the reference rate


class Line(NamedTuple):
    """One debt at the statement's date. `owed` is all it owes; `overdue`: its due date has passed.

    amount - credited - corrected - paid is `outstanding` (principal); interest and indemnity likewise are what was
    charged less what was paid and corrected of it.
    """

    item: Item
    outstanding: Money
    interest: Money
    indemnity: Money
    owed: Money
    overdue: bool
    charged: Owing  # how all that came about
    on: date

    @property
    def credited(self) -> Money:
        return self._money(self.charged.credited)

    @property
    def corrected(self) -> Money:
        """Taken off its principal by counter entries."""
        return self._money(self.charged.corrected)

    @property
    def paid(self) -> Money:
        """Paid on its principal."""
        return self._money(self.charged.paid)

    @property
    def received(self) -> Money:
        """All that was paid on it: principal, interest and indemnity."""
        return self._money(self.charged.paid + self.charged.interest_paid + self.charged.charge_paid)

    @property
    def periods(self) -> tuple[Period, ...]:
        """Its interest, period by period."""
        return self.charged.periods_on(self.on)

    @property
    def rate_missing(self) -> tuple[Missing, ...]:
        """The days whose interest is not in the amounts, because nobody gave the rate."""
        return tuple(
            Missing(segment.since, segment.until, segment.code)
            for _, segment, _ in self.periods
            if segment.rate is None
        )

    def _money(self, amount: Decimal) -> Money:
        return Money(_nothing(self.owed.currency).amount + amount, self.owed.currency)


class Statement(NamedTuple):
    """Principal, interest, indemnities and chargeable costs less unapplied money is the balance due, never below zero."""

    on: date
    currency: str
    lines: tuple[Line, ...]
    amount: Money  # the debts less the credit notes, before any payment
    paid: Money  # payments that count at this date, and what was paid before a takeover
    principal: Money  # outstanding, due or not
    overdue: Money  # principal whose due date has passed
    interest: Money
    indemnities: Money
    costs_incurred: Money
    costs_chargeable: Money  # outstanding, of those the debtor bears
    costs_billed: Money  # billed to the creditor
    advances: Money  # on costs to come: kept apart, in none of the three
    corrected: Money  # netted already: counter entries on principal, interest, indemnities and chargeable costs
    unapplied: Money  # received or credited, and allocated to nothing
    overpaid: Money
    balance_due: Money
    allocations: tuple[Allocation, ...]
    unallocated: Mapping[UUID, Money]  # by payment
    owed_by_item: Mapping[UUID, Line]  # a claim may have thousands
    costs: tuple[Charged, ...] = ()

    def outstanding(self, item_id: UUID) -> Money:
        """The principal that the item still owes; nothing for a credit note or an unknown item."""
        line = self.owed_by_item.get(item_id)
        return _nothing(self.currency) if line is None else line.outstanding

    def owed(self, item_id: UUID) -> Money:
        """All that the item still owes: an interest-only remainder too."""
        line = self.owed_by_item.get(item_id)
        return _nothing(self.currency) if line is None else line.owed

    def of_payment(self, payment_id: UUID) -> tuple[Allocation, ...]:
        return tuple(part for part in self.allocations if part.payment_id == payment_id)


def rate_missing(found: Statement) -> dict[str, tuple[Missing, ...]]:
    """The items of which part of the interest is unknown, with the days: for an alert, and for whoever sets up rates."""
    return {line.item.reference: missing for line in found.lines if (missing := line.rate_missing)}


def counts(payment: Payment, on: date) -> bool:
    """A payment counts from its value date until it is reversed; then it was none (CMF L131-67: a cheque pays when honoured)."""
    return payment.value_date <= on and (payment.reversed_on is None or payment.reversed_on > on)


def debts_of(claim: Claim) -> Sequence[Item]:
    """The items that are owed; global amounts are one debt, due on the day the claim was opened."""
    if claim.values is Values.GLOBAL:
        return (_global_debt(claim),)
    return [item for item in claim.items if item.kind is not ItemKind.CREDIT_NOTE]


def statement(claim: Claim, on: date) -> Statement:
    """The debt as it stood, stands or will stand on that day, with what is known now."""
    known = [cost for cost in claim.costs if cost.incurred_on <= on]
    costs = [cost for cost in known if not cost.advance]
    ledger = _laid(claim, costs, on)
    currency, nothing = claim.currency, _nothing(claim.currency)
    lines = tuple([_line(debt, on, nothing) for debt in ledger.debts])
    principal = _together([line.outstanding for line in lines], nothing)
    interest = _together([line.interest for line in lines], nothing)
    indemnities = _together([line.indemnity for line in lines], nothing)
    chargeable = sum([charged.owed for charged in ledger.costs], nothing.amount)
    balance = principal.amount + interest.amount + indemnities.amount + chargeable - ledger.unapplied
    return Statement(
        on=on,
        currency=currency,
        lines=lines,
        amount=_amount(claim, ledger, nothing),
        paid=_paid(claim, on),
        principal=principal,
        overdue=_together([line.outstanding for line in lines if line.overdue], nothing),
        interest=interest,
        indemnities=indemnities,
        costs_incurred=_sum(costs, currency),
        costs_chargeable=Money(chargeable, currency) if chargeable else nothing,
        costs_billed=_sum([cost for cost in costs if cost.billed_to_creditor], currency),
        advances=_sum([cost for cost in known if cost.advance], currency),
        corrected=_corrected(ledger, nothing) if claim.corrections else nothing,
        unapplied=Money(nothing.amount + ledger.unapplied, currency) if ledger.unapplied else nothing,
        overpaid=Money(-balance, currency) if balance < 0 else nothing,
        balance_due=Money(balance, currency) if balance > 0 else nothing,
        allocations=tuple([laid.as_allocation(currency) for laid in ledger.laid if laid.amount]),
        unallocated={payment: Money(left, currency) for payment, left in ledger.unallocated.items()},
        owed_by_item={line.item.id: line for line in lines},
        costs=tuple(ledger.costs),
    )


def _laid(claim: Claim, costs: Sequence[Cost], on: date) -> Ledger:
    """Credit notes first, then what was paid elsewhere, then by day: corrections, and payments by value date."""
    ledger = Ledger(claim.currency, _owing(claim), order=claim.terms.order)
    if costs:
        borne = oldest_first(cost for cost in costs if cost.chargeable_to_debtor)
        ledger.costs.extend(Charged(cost, cost.amount.amount) for cost in borne)
    for item in claim.items:
        if item.is_credit:
            ledger.credit(item.amount.amount)
    if claim.takeover is not None and claim.takeover.paid is not None:
        ledger.receive_before_takeover(claim.takeover.paid.amount)
    if claim.payments or claim.corrections:
        for lay in _by_day(claim, ledger, on):
            lay()
    for debt in ledger.debts:
        debt.close_on(on)
    return ledger


def _by_day(claim: Claim, ledger: Ledger, on: date) -> Iterator[Callable[[], None]]:
    """What was laid on the debt, in order of its day and never of its arrival."""
    dated: list[tuple[date, int, str, Callable[[], None]]] = [
        (each.on, 0, f"{each.to}/{each.item}/{each.amount}/{each.kind}/{each.id}", partial(ledger.correct, each))
        for each in claim.corrections
        if each.on <= on and (each.reversed_on is None or each.reversed_on > on)
    ]
    counted = in_order_of_value(payment for payment in claim.payments if counts(payment, on))
    dated += [(each.value_date, 1, each.external_id, partial(ledger.receive, each)) for each in counted]
    return (lay for *_, lay in sorted(dated, key=lambda entry: entry[:3]))


def _owing(claim: Claim) -> list[Owing]:
    """Each debt as it came, with the day after which it bears interest."""
    unit, terms, notices = unit_of(claim.currency), claim.terms, None
    owing = []
    for item in debts_of(claim):
        own = terms.of(item)
        after = item.due_on
        if own.interest is not None and own.interest.from_notice:
            notices = _notices(claim) if notices is None else notices
            after = _first_notice(notices, item)
        opening = _contractual_interest(claim) if item.reference == GLOBAL and claim.global_amounts else ZERO
        principal = item.amount.amount - opening if opening else item.amount.amount
        owing.append(Owing(item, own, unit, after, principal, opening))
    return owing


def _notices(claim: Claim) -> list[tuple[date, str]]:
    """The days on which a formal notice left or was served, each with the item it is about ("": all)."""
    zone = ZoneInfo(claim.time_zone)
    sent = [
        (action.done_at.astimezone(zone).date(), about)
        for action in claim.actions
        if action.action_type == FORMAL_NOTICE and action.reached and action.done_at is not None
        for about in action.items or ("",)
    ]
    before = claim.takeover
    if before is not None and before.last_action_type == FORMAL_NOTICE and before.last_action_on is not None:
        sent.append((before.last_action_on, ""))
    return sorted(
        sent + [(event.on, event.item) for event in claim.legal_events if event.kind == FORMAL_NOTICE and event.stands]
    )


def _first_notice(notices: Sequence[tuple[date, str]], item: Item) -> date | None:
    """The first one after the item fell due: an earlier one did not put the debtor in default for it."""
    return next(
        (day for day, about in notices if about in ("", item.reference) and item.due_on and day >= item.due_on), None
    )


def _line(debt: Owing, on: date, nothing: Money) -> Line:
    item, currency, principal = debt.item, nothing.currency, debt.principal
    interest, indemnity = debt.interest_on(on), debt.charged
    if indemnity:
        indemnity = debt.indemnity_owed()
    untouched = principal is item.amount.amount  # most are: nothing was laid on them
    outstanding = owed = item.amount if untouched else Money(principal, currency)
    if interest or indemnity:
        owed = Money(principal + interest + indemnity, currency)
    return Line(
        item,
        outstanding,
        Money(interest, currency) if interest else nothing,
        Money(indemnity, currency) if indemnity else nothing,
        owed,
        item.due_on is not None and item.due_on < on,
        debt,
        on,
    )


def _amount(claim: Claim, ledger: Ledger, nothing: Money) -> Money:
    amount = _together([debt.item.amount for debt in ledger.debts], nothing)
    noted = [item.amount for item in claim.items if item.is_credit]
    return amount - _together(noted, nothing) if noted else amount


def _corrected(ledger: Ledger, nothing: Money) -> Money:
    debts = sum(
        [debt.corrected + debt.interest_corrected + debt.charge_corrected for debt in ledger.debts], nothing.amount
    )
    return Money(debts + sum([charged.corrected for charged in ledger.costs], ZERO), nothing.currency)


def _paid(claim: Claim, on: date) -> Money:
    paid = _nothing(claim.currency)
    if claim.takeover is not None and claim.takeover.paid is not None:
        paid += claim.takeover.paid
    for payment in claim.payments:
        if counts(payment, on):
            paid += payment.amount
    return paid


def _together(amounts: Sequence[Money], nothing: Money) -> Money:
    """Their sum: the one that stands alone, itself."""
    if len(amounts) == 1:
        return amounts[0]
    return Money(sum([each.amount for each in amounts], nothing.amount), nothing.currency) if amounts else nothing


def _sum(costs: Sequence[Cost], currency: str) -> Money:
    if not costs:
        return _nothing(currency)
    return Money.total((cost.amount for cost in costs), currency)


def _contractual_interest(claim: Claim) -> Decimal:
    """It came with the claim and is paid before the rest (1343-1); accessories bear no interest themselves."""
    part = claim.global_amounts.get(CONTRACTUAL_INTEREST)
    return Money.of(part, claim.currency).amount if part else ZERO


def _global_debt(claim: Claim) -> Item:
    total = sum((Decimal(part) for part in claim.global_amounts.values()), ZERO)
    promised_on = _promised_on(claim)
    return Item(
        id=claim.id_for(GLOBAL),
        position=0,
        reference=GLOBAL,
        kind=ItemKind.OTHER,
        issued_on=claim.opened_on,
        due_on=claim.opened_on,
        amount=Money.of(total, claim.currency),
        status_category=None if promised_on is None else StatusCategory.PROMISE,
        promised_on=promised_on,
    )


def _promised_on(claim: Claim) -> date | None:
    """The day for which the whole of a claim without items is promised, by a promise or an arrangement."""
    days = [p.promised_on for p in claim.promises if p.state is PromiseState.OPEN]
    days += [a.instalments[0].due_on for a in claim.arrangements if a.state is ArrangementState.ACTIVE]
    return min(days, default=None)


@cache
def _nothing(currency: str) -> Money:
    return Money.zero(currency)
