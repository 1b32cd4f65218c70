"""How money received is allocated: which item, and inside a debt costs, then interest, then principal.

Source: Code civil 1342-10 (between debts: the debtor's choice, else those due, the oldest first) and 1343-1
(inside a debt: accessories before principal). Computed from the facts at every statement and stored nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from domain.claim import Cost, Item, Payment
from domain.money import Money

ZERO = Decimal(0)
COST, INTEREST, INDEMNITY, PRINCIPAL = "cost", "interest", "indemnity", "principal"


@dataclass(frozen=True, slots=True)
class Allocation:
    """A part of one payment; `payment_id` None: paid before the claim was taken over."""

    payment_id: UUID | None
    item: str  # the item's reference, the cost's kind
    to: str  # cost | interest | indemnity | principal
    amount: Money


@dataclass(slots=True)
class Ledger:
    """What is still owed while money is laid on it, oldest debt first; amounts in the claim's currency."""

    currency: str
    debts: Sequence[Item]  # no credit notes
    costs: Sequence[Cost] = ()  # those chargeable to the debtor
    owed: list[Decimal] = field(init=False)  # by debt
    credited: list[Decimal] = field(init=False)
    paid: list[Decimal] = field(init=False)
    costs_owed: list[Decimal] = field(init=False)
    oldest_first: Sequence[int] = field(init=False)
    allocations: list[Allocation] = field(default_factory=list)
    unallocated: dict[UUID, Money] = field(default_factory=dict)
    unapplied: Decimal = ZERO
    corrected: Decimal = ZERO

    def __post_init__(self) -> None:
        self.owed = [debt.amount.amount for debt in self.debts]
        self.credited = [ZERO] * len(self.owed)
        self.paid = [ZERO] * len(self.owed)
        self.costs_owed = [cost.amount.amount for cost in self.costs]
        self.oldest_first = (
            sorted(range(len(self.owed)), key=lambda n: (self.debts[n].due_on or date.max, self.debts[n].position))
            if len(self.owed) > 1
            else range(len(self.owed))
        )

    def credit(self, amount: Decimal) -> None:
        """A credit note reduces principal, the oldest debt first."""
        left = amount
        for n in self.oldest_first:
            part = min(left, self.owed[n])
            self.owed[n] -= part
            self.credited[n] += part
            left -= part
        self.unapplied += left

    def correct(self, reference: str, amount: Decimal) -> None:
        """A counter entry reduces the principal of its own debt."""
        n = next((n for n, debt in enumerate(self.debts) if debt.reference == reference), None)
        part = ZERO if n is None else min(amount, self.owed[n])
        if n is not None:
            self.owed[n] -= part
            self.credited[n] += part
        self.corrected += amount
        self.unapplied += amount - part

    def receive(self, payment: Payment) -> None:
        """The debtor's choice for what the item owes, the rest by rule; what nothing owes stays unapplied."""
        left = payment.amount.amount
        for reference, chosen in payment.directed:
            n = next((n for n, debt in enumerate(self.debts) if debt.reference == reference), None)
            if n is not None:
                left -= self._pay(n, min(left, chosen.amount), payment.id)
        left = self._pay_by_rule(left, payment.id, payment.value_date)
        if left:
            self.unallocated[payment.id] = Money(left, self.currency)
            self.unapplied += left

    def receive_before_takeover(self, amount: Decimal) -> None:
        """Paid where the claim was collected before: no cost of ours existed then."""
        self.unapplied += self._pay_by_rule(amount, None, date.min)

    def _pay_by_rule(self, amount: Decimal, payment_id: UUID | None, value_date: date) -> Decimal:
        left = amount
        for n, cost in enumerate(self.costs):
            if left and cost.incurred_on <= value_date:
                part = min(left, self.costs_owed[n])
                self.costs_owed[n] -= part
                left -= part
                self._note(payment_id, cost.kind, COST, part)
        for n in self.oldest_first:
            if not left:
                break
            left -= self._pay(n, left, payment_id)
        return left

    def _pay(self, n: int, amount: Decimal, payment_id: UUID | None) -> Decimal:
        """Interest and indemnities of the debt come before its principal; there are none without terms."""
        part = min(amount, self.owed[n])
        self.owed[n] -= part
        self.paid[n] += part
        self._note(payment_id, self.debts[n].reference, PRINCIPAL, part)
        return part

    def _note(self, payment_id: UUID | None, item: str, to: str, amount: Decimal) -> None:
        if amount:
            self.allocations.append(Allocation(payment_id, item, to, Money(amount, self.currency)))


def in_order_of_value(payments: Iterable[Payment]) -> list[Payment]:
    """By value date, then by name: the order in which they arrived changes nothing."""
    return sorted(payments, key=lambda payment: (payment.value_date, payment.external_id))
