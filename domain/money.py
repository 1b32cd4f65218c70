"""Money: an amount in a currency with that currency's own decimals; never a float, no millime is lost."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache

from babel.numbers import get_currency_precision, list_currencies

CURRENCIES = frozenset(list_currencies())
LARGEST_STATED = Decimal(10) ** 15  # one amount that somebody states
LARGEST = Decimal(10) ** 21  # the sum of thousands of them with a century of interest; what the database keeps
_WRITTEN = re.compile(r"-?[0-9]+(?:\.([0-9]+))?")


class NotAnAmount(ValueError):
    """The text is not an amount of this currency; the message says why."""


def decimals_of(currency: str) -> int:
    """The decimals of an ISO 4217 currency: TND 3, EUR 2, JPY 0."""
    if currency not in CURRENCIES:
        raise NotAnAmount(f"{currency!r} is not an ISO 4217 currency")
    return get_currency_precision(currency)


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An exact amount; arithmetic refuses another currency."""

    amount: Decimal
    currency: str

    @classmethod
    def of(cls, amount: Decimal | str | int, currency: str) -> Money:
        """Exactly this amount; more decimals than the currency has are refused (NotAnAmount)."""
        try:
            value = Decimal(amount)
        except InvalidOperation:
            raise NotAnAmount(f"{amount!r} is not a number") from None
        if not value.is_finite():
            raise NotAnAmount(f"{amount!r} is not a finite amount")
        unit = unit_of(currency)
        exact = value.quantize(unit) if abs(value) < LARGEST else None
        if exact is None:
            raise NotAnAmount(f"{amount} is too large an amount")
        if exact != value:
            raise NotAnAmount(f"{amount} has more decimals than {currency} ({decimals_of(currency)})")
        return cls(exact + 0, currency)

    @classmethod
    def stated(cls, amount: Decimal | str | int, currency: str) -> Money:
        """An amount as somebody states it, below 10^15, so that every sum of such amounts can be kept (NotAnAmount)."""
        money = cls.of(amount, currency)
        if abs(money.amount) >= LARGEST_STATED:
            raise NotAnAmount(f"{amount} is too large an amount")
        return money

    @classmethod
    def written(cls, text: str, currency: str) -> Money:
        """The amount in a text of the contract: plain digits, at most the currency's decimals, "1.0000" TND has too many."""
        form = _WRITTEN.fullmatch(text)
        if form is None:
            raise NotAnAmount(f"{text[:40]!r} is not an amount, like 1234.50")
        if len(form[1] or "") > decimals_of(currency):
            raise NotAnAmount(f"{text[:40]} has more decimals than {currency} ({decimals_of(currency)})")
        return cls.stated(text, currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        return cls(Decimal(0).quantize(unit_of(currency)), currency)

    @classmethod
    def total(cls, amounts: Iterable[Money], currency: str) -> Money:
        """The sum of the amounts, zero of the currency when there are none."""
        result = cls.zero(currency)
        for amount in amounts:
            result += amount
        return result

    def times(self, factor: Decimal) -> Money:
        """Rounded half up to the currency's decimals."""
        return Money((self.amount * factor).quantize(unit_of(self.currency), ROUND_HALF_UP), self.currency)

    def _same(self, other: Money) -> Decimal:
        if other.currency != self.currency:
            raise NotAnAmount(f"{other.currency} does not mix with {self.currency}")
        return other.amount

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.amount >= self._same(other)

    def __bool__(self) -> bool:
        return self.amount != 0

    def __str__(self) -> str:
        """The amount as the API writes it, with the currency's own decimals: "1234.500"."""
        return f"{self.amount:f}"


def split(total: Money, weights: Sequence[Decimal]) -> tuple[Money, ...]:
    """Parts in proportion to the weights that add up to the total (largest remainder); weights ≥ 0, one > 0."""
    whole = sum(weights, Decimal(0))
    if whole <= 0 or min(weights) < 0:
        raise ValueError("a split needs weights of zero or more, one of them above zero")
    unit = unit_of(total.currency)
    shares = [total.amount * weight / whole for weight in weights]
    floors = [share.quantize(unit, "ROUND_FLOOR") for share in shares]
    odd_units = int((total.amount - sum(floors, Decimal(0))) / unit)
    by_remainder = sorted(range(len(shares)), key=lambda n: (floors[n] - shares[n], n))
    for n in by_remainder[:odd_units]:
        floors[n] += unit
    return tuple(Money(part, total.currency) for part in floors)


@cache
def unit_of(currency: str) -> Decimal:
    """The smallest amount of a currency: 0.001 for TND, 0.01 for EUR, 1 for JPY."""
    return Decimal(1).scaleb(-decimals_of(currency))
