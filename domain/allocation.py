"""How money received is allocated: which item, and inside a debt costs, then interest and indemnity, then principal.

Source: Code civil 1342-10 (between debts: the debtor's choice, else those due, else those he has most interest to clear,
else the oldest, else in proportion) and 1343-1 (inside a debt: accessories before principal), or the contract's order.
Computed from the facts at every statement and stored nowhere. Start with `Ledger`; facts are laid on it by day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from domain.debt_terms import COST, INDEMNITY, INTEREST, LEGAL_ORDER, PRINCIPAL
from domain.debts import Correction, Cost, Payment
from domain.money import Money, split
from domain.owing import Owing

ZERO = Decimal(0)
ALWAYS = date.min  # the day of what was paid before the takeover
# A mistake gives back what was paid on it; what is forgiven only ends what is still owed.
GIVES_BACK = frozenset({"correction", "dispute"})


@dataclass(frozen=True, slots=True)
class Allocation:
    """A part of one payment; `payment_id` None: paid before the claim was taken over."""

    payment_id: UUID | None
    item: str  # the item's reference, the cost's kind
    to: str  # cost | interest | indemnity | principal
    amount: Money


@dataclass(slots=True)
class Charged:
    """What is left of one chargeable cost."""

    cost: Cost
    owed: Decimal
    paid: Decimal = ZERO
    corrected: Decimal = ZERO


@dataclass(slots=True)
class Laid:
    """Money laid on something; a correction may take it up again."""

    payment_id: UUID | None
    on: Owing | Charged
    to: str
    amount: Decimal

    def as_allocation(self, currency: str) -> Allocation:
        name = self.on.cost.kind if isinstance(self.on, Charged) else self.on.item.reference
        return Allocation(self.payment_id, name, self.to, Money(self.amount, currency))


@dataclass(slots=True)
class Ledger:
    """What is still owed while facts are laid on it in order of their day; amounts in the claim's currency."""

    currency: str
    debts: Sequence[Owing]  # no credit notes
    costs: list[Charged] = field(default_factory=list)  # those the debtor bears, the oldest first
    order: tuple[str, ...] = LEGAL_ORDER
    laid: list[Laid] = field(default_factory=list)
    unallocated: dict[UUID, Decimal] = field(default_factory=dict)
    unapplied: Decimal = ZERO
    by_age: list[Owing] | None = None
    by_reference: dict[str, Owing] | None = None

    def credit(self, amount: Decimal) -> None:
        """A credit note reduces principal from the start, the oldest debt first."""
        left = amount
        for debt in sorted(self.debts, key=_age):
            left -= debt.credit(left)
        self.unapplied += left

    def receive_before_takeover(self, amount: Decimal) -> None:
        """Paid where the claim was collected before: no cost of ours existed then, no day of it is known."""
        self.unapplied += self._by_rule(amount, None, ALWAYS)

    def receive(self, payment: Payment) -> None:
        """The debtor's choice for what the item owes, the rest by rule; what nothing owes stays unapplied."""
        left, day = payment.amount.amount, payment.value_date
        if payment.directed and self.by_reference is None:
            self.by_reference = {debt.item.reference: debt for debt in self.debts}
        for reference, chosen in payment.directed:
            debt = (self.by_reference or {}).get(reference)
            if debt is not None:
                left -= self._pay(debt, min(left, chosen.amount), payment.id, day)
        self._keep(self._by_rule(left, payment.id, day), payment.id)

    def correct(self, correction: Correction) -> None:
        """Reduce what was charged; never more than that. Money that had paid it is laid anew by rule."""
        left, day = correction.amount.amount, correction.on
        for each in self._corrected_by(correction):
            if isinstance(each, Charged):
                part = min(left, each.owed)
                each.owed -= part
                each.corrected += part
            else:
                part = each.correct(correction.to, left, day)
            left -= part
        if left and correction.kind in GIVES_BACK:
            for payment_id, amount in self._taken_up(correction, left):
                rest = self._by_rule(amount, payment_id, day)
                self._keep(rest, payment_id)

    def _corrected_by(self, correction: Correction) -> Sequence[Owing | Charged]:
        if correction.to == COST:
            return [each for each in self.costs if correction.cost_id in (None, each.cost.id)]
        named = [debt for debt in self.debts if correction.item in ("", debt.item.reference)]
        return sorted(named, key=_age)

    def _taken_up(self, correction: Correction, most: Decimal) -> list[tuple[UUID | None, Decimal]]:
        """Money laid on what should not have been charged, the last first, up to `most`; it is corrected instead."""
        named, left, found = self._corrected_by(correction), most, []
        for laid in reversed(self.laid):
            if not left:
                break
            if laid.to != correction.to or not any(laid.on is each for each in named):
                continue
            part = min(left, laid.amount)
            if isinstance(laid.on, Charged):
                laid.on.paid -= part
                laid.on.corrected += part
            else:
                laid.on.give_back(laid.to, part)
            laid.amount -= part
            left -= part
            found.append((laid.payment_id, part))
        return found

    def _keep(self, left: Decimal, payment_id: UUID | None) -> None:
        self.unapplied += left
        if left and payment_id is not None:
            self.unallocated[payment_id] = self.unallocated.get(payment_id, ZERO) + left

    # ---- by rule -----------------------------------------------------------------------------

    def _by_rule(self, amount: Decimal, payment_id: UUID | None, day: date) -> Decimal:
        """Costs before the items, or after them where the contract says so; answers what nothing owes."""
        left = amount
        costs_first = self.order.index(COST) < self.order.index(PRINCIPAL)
        if costs_first and self.costs:
            left = self._pay_costs(left, payment_id, day)
        for alike in self._in_turn(day) if left else ():
            left -= self._pay_alike(alike, left, payment_id, day)
            if not left:
                break
        return left if costs_first else self._pay_costs(left, payment_id, day)

    def _in_turn(self, day: date) -> Iterator[list[Owing]]:
        """Debts that stand alike together: due ones first, of these the dearest, then the oldest."""
        if self.by_age is None:
            self.by_age = sorted(self.debts, key=_age)
        if len({id(debt.terms.interest) for debt in self.debts}) == 1:  # of one rate the oldest is also the dearest
            for _, alike in groupby(self.by_age, key=_day_of):
                yield list(alike)
            return

        def turn(debt: Owing) -> tuple[bool, Decimal, tuple[date, date]]:
            is_due = debt.item.due_on is not None and debt.item.due_on <= day
            return not is_due, -debt.rate_on(day) if is_due else ZERO, _day_of(debt)

        for _, alike in groupby(sorted(self.by_age, key=turn), key=turn):
            yield list(alike)

    def _pay_alike(self, alike: Sequence[Owing], most: Decimal, payment_id: UUID | None, day: date) -> Decimal:
        """All things equal, in proportion to what each owes (1342-10); no unit of the currency is lost."""
        if len(alike) == 1:
            return self._pay(alike[0], most, payment_id, day)
        owed = [debt.owed_on(day) for debt in alike]
        whole = sum(owed, ZERO)
        if not whole:
            return ZERO
        parts = owed if most >= whole else [part.amount for part in split(Money(most, self.currency), owed)]
        return sum((self._pay(debt, part, payment_id, day) for debt, part in zip(alike, parts, strict=True)), ZERO)

    def _pay(self, debt: Owing, most: Decimal, payment_id: UUID | None, day: date) -> Decimal:
        """Interest and indemnity of the debt before its principal, or in the contract's order; answers what it took."""
        left = most
        for to in self.order:
            if left and to != COST:
                part = debt.pay(to, left, day)
                if part:
                    self.laid.append(Laid(payment_id, debt, to, part))
                    left -= part
        return most - left

    def _pay_costs(self, most: Decimal, payment_id: UUID | None, day: date) -> Decimal:
        left = most
        for charged in self.costs:
            if left and charged.owed and charged.cost.incurred_on <= day:
                part = min(left, charged.owed)
                charged.owed -= part
                charged.paid += part
                self.laid.append(Laid(payment_id, charged, COST, part))
                left -= part
        return left


def _day_of(debt: Owing) -> tuple[date, date]:
    return debt.item.due_on or date.max, debt.item.issued_on or date.max


def _age(debt: Owing) -> tuple[date, date, str]:
    """The oldest first: by due date, then by date of issue; the reference only so that arrival changes nothing."""
    return *_day_of(debt), debt.item.reference


def in_order_of_value(payments: Iterable[Payment]) -> list[Payment]:
    """By value date, then by name: the order in which they arrived changes nothing."""
    return sorted(payments, key=lambda payment: (payment.value_date, payment.external_id))


def oldest_first(costs: Iterable[Cost]) -> list[Cost]:
    return sorted(costs, key=lambda cost: (cost.incurred_on, cost.kind, cost.amount.amount, str(cost.id)))


__all__ = ["COST", "INDEMNITY", "INTEREST", "PRINCIPAL", "Allocation", "Charged", "Ledger", "in_order_of_value"]
