"""The kinds of values that stand in many bodies; and the checks that need the claim (its currency, its own today)."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, TypeVar

from fastapi import Path
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from api.problems import FieldError, Problem, invalid
from domain.money import Money, NotAnAmount, decimals_of
from domain.reading import FIRST_DAY, LAST_DAY

T = TypeVar("T")


def _text_of_amount(value: Any) -> Any:
    """An amount is a string; a JSON number is read as it was written."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError('must be an amount in a string, like "1234.50"')  # noqa: TRY004 - pydantic reads ValueError
    return repr(value) if isinstance(value, float) else str(value)


def _is_possible(value: Any) -> Any:
    """A date that a claim can have: between 1900 and 2200."""
    if value is None or isinstance(value, date):
        return value
    if not isinstance(value, str) or len(value) != 10:
        raise ValueError("must be a date YYYY-MM-DD")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise ValueError("must be a date YYYY-MM-DD") from None
    if not FIRST_DAY <= day < LAST_DAY:
        raise ValueError("must be a date between 1900 and 2200")
    return day


AmountText = Annotated[
    str,
    BeforeValidator(_text_of_amount),
    StringConstraints(strip_whitespace=True, min_length=1, max_length=40),
    WithJsonSchema({"type": "string", "description": "An amount with at most the currency's decimals, like 1234.50"}),
]
Day = Annotated[date, BeforeValidator(_is_possible), WithJsonSchema({"type": "string", "format": "date"})]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]
Comment = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}$")]
Ref = Annotated[str, Path(description="The claim's number, reference or id")]
Several = Annotated[list[Name], Field(min_length=1, max_length=5000)]


class Body(BaseModel):
    """A request's body: a field that nobody knows is a mistake worth hearing of."""

    model_config = ConfigDict(extra="forbid")


def amount_in(field: str, text: str, currency: str) -> Money:
    """The amount above zero in this currency; raises Problem 422."""
    try:
        money = Money.written(text, currency)
    except NotAnAmount:
        code = "too_many_decimals" if _is_number(text) else "not_an_amount"
        raise invalid(FieldError(field, code, {"currency": currency, "decimals": decimals_of(currency)})) from None
    if money.amount <= 0:
        raise invalid(FieldError(field, "not_positive"))
    return money


def same_currency(given: str, currency: str) -> None:
    """Raises Problem 422 when a body is in another currency than its claim."""
    if given != currency:
        raise invalid(FieldError("currency", "wrong_currency", {"currency": currency}))


def not_after_today(field: str, day: date, today: date) -> None:
    """Raises Problem 422 for a day after the claim's own today."""
    if day > today:
        raise invalid(FieldError(field, "in_the_future", {"today": today.isoformat()}))


def all_known(field: str, given: Iterable[str], known: Iterable[str]) -> None:
    """Raises Problem 422 naming the items that the claim does not have."""
    there = set(known)
    unknown = [
        FieldError(f"{field}[{n}]", "unknown_item") for n, reference in enumerate(given) if reference not in there
    ]
    if unknown:
        raise invalid(*unknown[:50])


def found(thing: T | None) -> T:
    """What was looked for; raises Problem 404 when there is none (for this caller)."""
    if thing is None:
        raise Problem(404, "not_found")
    return thing


def _is_number(text: str) -> bool:
    """Whether only its decimals can be what is wrong with it."""
    whole, _, decimals = text.removeprefix("-").partition(".")
    return whole.isdecimal() and decimals.isdecimal() and len(whole) <= 15
