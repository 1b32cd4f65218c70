"""Terms as a contract states them, on an item or for all items of a creditor: `read_stated` reads and checks the form.

{"interest": "none" | {"rate": "12.0"} | {"reference": "ecb_refinancing", "points": "10"}, "indemnity": "none" | "40.00"},
with "from" (due_date, formal_notice) and "compounding" ("yearly") inside the interest where the contract says so, and
"allocation": "legal" or an order of cost, interest, indemnity and principal (of a creditor).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from domain.debt_terms import LEGAL_ORDER
from domain.reading import Reading

ZERO = Decimal(0)
NONE = "none"
LEGAL = "legal"
INDEMNITY_CURRENCY = "EUR"  # D441-5 fixes it in euros, and in no other currency
MOST_PERCENT = Decimal(1000)


@dataclass(frozen=True, slots=True)
class AgreedInterest:
    """What a contract says of interest: a yearly rate, or a reference and points; neither: no interest."""

    rate: Decimal | None = None
    reference: str = ""
    points: Decimal = ZERO
    from_notice: bool | None = None  # None: as the law of the debtor's country has it
    compounding: bool = False


@dataclass(frozen=True, slots=True)
class Stated:
    """Terms as stated; None where they say nothing. An indemnity of zero waives it."""

    interest: AgreedInterest | None = None
    indemnity: Decimal | None = None
    order: tuple[str, ...] = LEGAL_ORDER


def read_stated(reading: Reading) -> Stated:
    """The terms in this object; notes what is wrong. Fields of other meanings are left alone."""
    return Stated(_interest(reading), _indemnity(reading), _order(reading))


def _interest(reading: Reading) -> AgreedInterest | None:
    given = reading.fields.get("interest")
    if given is None:
        return None
    if given == NONE:
        return AgreedInterest()
    if not isinstance(given, Mapping):
        reading.refuse("interest", "not_allowed", 'must be "none", {"rate"} or {"reference", "points"}')
        return None
    inner = reading.inner("interest")
    if inner.has("rate") == inner.has("reference"):
        reading.refuse("interest", "either_or", "needs a yearly rate or a reference rate, one of them")
    starts = inner.one_of("from", ("due_date", "formal_notice"))
    return AgreedInterest(
        rate=_percent(inner, "rate") if inner.has("rate") else None,
        reference=inner.line("reference", longest=60),
        points=_percent(inner, "points", least=-MOST_PERCENT) if inner.has("points") else ZERO,
        from_notice=None if not starts else starts == "formal_notice",
        compounding=inner.one_of("compounding", ("yearly",)) == "yearly",
    )


def _percent(reading: Reading, name: str, least: Decimal = ZERO) -> Decimal:
    value = reading.fields.get(name)
    try:
        percent = Decimal(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else None
    except InvalidOperation:
        percent = None
    if percent is None or not percent.is_finite() or not least <= percent <= MOST_PERCENT or _decimals(percent) > 6:
        reading.refuse(name, "not_a_rate", 'must be percent a year in a string, like "12.5"')
        return ZERO
    return percent


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _indemnity(reading: Reading) -> Decimal | None:
    given = reading.fields.get("indemnity")
    if given is None:
        return None
    if given == NONE:
        return ZERO
    amount = reading.amount("indemnity", INDEMNITY_CURRENCY, zero=True)
    return None if amount is None else amount.amount


def _order(reading: Reading) -> tuple[str, ...]:
    """`allocation`: "legal", or cost, interest, indemnity and principal in the contract's order."""
    given = reading.fields.get("allocation")
    if given is None or given == LEGAL:
        return LEGAL_ORDER
    order = reading.texts("allocation") if isinstance(given, list | tuple) else ()
    if sorted(order) != sorted(LEGAL_ORDER):
        reading.refuse("allocation", "not_allowed", f'must be "legal" or an order of {", ".join(LEGAL_ORDER)}')
        return LEGAL_ORDER
    return order
