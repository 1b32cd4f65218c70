"""Facts of the domain as rows, by their own type hints: money, days, codes and nested parts there and back.

`row_of(fact)` is what is written, `fact_of(kind, row, currency)` what was. Nested parts (instalments, hearings) are JSON.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

from domain.money import Money

Fact = TypeVar("Fact")


def fact_of(kind: type[Fact], row: Mapping[Any, Any], currency: str) -> Fact:
    """The fact in this row; amounts are in the claim's currency."""
    hints = _hints(kind)  # type: ignore[arg-type]  # a class is hashable
    return kind(**{name: _read(hints[name], row[name], currency) for name in hints if name in row})


def row_of(fact: Any) -> dict[str, Any]:
    """The columns of a fact; parts inside it become JSON."""
    return {f.name: _column(getattr(fact, f.name)) for f in fields(fact)}


@cache
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {f.name: hints[f.name] for f in fields(kind)}


def _read(kind: Any, value: Any, currency: str) -> Any:
    if value is None:
        return None
    if isinstance(kind, UnionType):
        kind = next(part for part in get_args(kind) if part is not NoneType)
    if get_origin(kind) is tuple:
        parts = get_args(kind)
        kinds = parts if parts[-1] is not ... else parts[:1] * len(value)
        return tuple(_read(each, part, currency) for each, part in zip(kinds, value, strict=True))
    if not isinstance(kind, type):
        return value
    if kind is Money:
        return Money.of(value, currency)
    if is_dataclass(kind):
        return fact_of(kind, value, currency)
    if issubclass(kind, Enum):
        return kind(value)
    if isinstance(value, str) and kind in (date, datetime):
        return kind.fromisoformat(value)
    return UUID(value) if kind is UUID and isinstance(value, str) else value


def _column(value: Any) -> Any:
    match value:
        case Money():
            return value.amount
        case tuple():
            return [json_of(part) for part in value]
        case Enum():
            return value.value
        case _:
            return value


def json_of(value: Any) -> Any:
    """A part of a fact as JSON: money and ids as text, parts inside it as objects."""
    if is_dataclass(value) and not isinstance(value, Money | type):
        return {f.name: json_of(getattr(value, f.name)) for f in fields(value)}
    match value:
        case Money():
            return str(value)
        case Enum():
            return value.value
        case UUID() | Decimal():
            return str(value)
        case date():
            return value.isoformat()
        case tuple():
            return [json_of(part) for part in value]
        case _:
            return value
