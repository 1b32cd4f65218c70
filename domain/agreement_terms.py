"""What a creditor grants without being asked: the tolerance of a promise, the discount a collector may give.

Read from the creditor's catalogue body: `promises: {"tolerance_days": 3, "tolerance_percent": "1"}` or
`promises: {"tolerance_days": 3, "tolerance_amount": {"EUR": "5.00"}}`, and `negotiation: {"discount_percent": "10"}`.
Without them: three calendar days (a transfer between banks takes that over a weekend), not a cent less, no discount.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from domain.money import CURRENCIES, Money
from domain.reading import Reading

TOLERANCE_DAYS = 3
MOST_TOLERANCE_DAYS = 60
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class AgreementTerms:
    """`tolerance_amounts` by currency go before the percentage; percentages are of the amount promised or owed."""

    tolerance_days: int = TOLERANCE_DAYS
    tolerance_percent: Decimal = Decimal(0)
    tolerance_amounts: Mapping[str, Decimal] = field(default_factory=dict)
    discount_percent: Decimal = Decimal(0)  # that a collector may grant alone

    def tolerance_of(self, amount: Money) -> Money:
        """How much may be missing of that amount, never all of it."""
        fixed = self.tolerance_amounts.get(amount.currency)
        if fixed is None:
            return amount.times(self.tolerance_percent / HUNDRED)
        return min(Money.of(fixed, amount.currency), amount)


def read_agreement_terms(creditor: Reading) -> AgreementTerms:
    """The creditor's own; what is wrong with them is noted in the reading."""
    promises, negotiation = creditor.inner("promises"), creditor.inner("negotiation")
    return AgreementTerms(
        tolerance_days=_days(promises),
        tolerance_percent=_percent(promises, "tolerance_percent"),
        tolerance_amounts=_amounts(promises),
        discount_percent=_percent(negotiation, "discount_percent"),
    )


def _days(promises: Reading) -> int:
    value = promises.fields.get("tolerance_days")
    if value is None:
        return TOLERANCE_DAYS
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_TOLERANCE_DAYS:
        promises.refuse(
            "tolerance_days", "not_a_number_of_days", f"must be a whole number from 0 to {MOST_TOLERANCE_DAYS}"
        )
        return TOLERANCE_DAYS
    return value


def _percent(reading: Reading, name: str) -> Decimal:
    text = reading.text(name, longest=20)
    try:
        percent = Decimal(text or 0)
    except InvalidOperation:
        percent = Decimal("NaN")
    if not percent.is_finite() or not 0 <= percent <= HUNDRED:
        reading.refuse(name, "not_a_percentage", 'must be a percentage in a string, from "0" to "100"')
        return Decimal(0)
    return percent


def _amounts(promises: Reading) -> dict[str, Decimal]:
    given, found = promises.inner("tolerance_amount"), {}
    for currency in given.fields:
        if currency not in CURRENCIES:
            given.refuse(currency, "unknown_currency", "is not an ISO 4217 currency")
        elif (amount := given.amount(currency, currency, zero=True)) is not None:
            found[currency] = amount.amount
    return found
