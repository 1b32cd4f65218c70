"""A creditor's `approvals`: the amounts, by currency, above which two people agree and up to which a collector decides."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from domain.catalogue import Approvals
from domain.money import CURRENCIES
from domain.reading import Reading

PARTS = ("above", "collector_limit")


def read_approvals(reading: Reading) -> Approvals:
    """{"above": {"EUR": "10000.00"}, "collector_limit": {"EUR": "5000.00"}}; a limit that nobody set is no limit."""
    for name in reading.fields:
        if name not in PARTS:
            reading.refuse(name, "not_allowed", f"must be one of {', '.join(PARTS)}")
    return Approvals(*(_amounts(reading, part) for part in PARTS))


def _amounts(reading: Reading, name: str) -> Mapping[str, Decimal]:
    given, amounts = reading.inner(name), {}
    for currency in given.fields:
        if currency not in CURRENCIES:
            given.refuse(currency, "unknown_currency", "is not an ISO 4217 currency")
        elif (amount := given.amount(currency, currency, zero=True)) is not None:
            amounts[currency] = amount.amount
    return amounts
