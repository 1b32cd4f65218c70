"""Keyset paging: a list goes on after the last row shown, wherever that is by now; never OFFSET."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

MOST = 200
DEFAULT = 50
COUNTED = 10_000  # totals are exact up to here


class BadCursor(ValueError):
    """The text is not a cursor of this list in this order."""


@dataclass(frozen=True, slots=True)
class Key:
    """What a list can be sorted by: an expression that is never NULL, and how its value is read from a cursor."""

    expression: ColumnElement[Any]
    read: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a list, where the next page begins (None: nowhere), and how many there are in all."""

    rows: Sequence[Any]
    next_cursor: str | None
    total: int
    total_is_exact: bool


@dataclass(frozen=True, slots=True)
class Order:
    """A sort with its position: the key, then the id, both in the same direction."""

    name: str  # "-priority": descending
    key: Key
    identity: ColumnElement[Any]
    read_identity: Callable[[Any], Any]
    after: tuple[Any, Any] | None = None

    @property
    def _descending(self) -> bool:
        return self.name.startswith("-")

    async def page(self, connection: AsyncConnection, query: Select[Any], limit: int) -> Page:
        """The rows after the position, with the total of the whole list."""
        total = int((await connection.execute(_counted(query))).scalar_one())
        rows = (await connection.execute(self._apply(query, limit))).all()
        more = len(rows) > limit
        shown = rows[:limit]
        cursor = self._cursor(shown[-1]) if more else None
        return Page(shown, cursor, min(total, COUNTED), total <= COUNTED)

    def _apply(self, query: Select[Any], limit: int) -> Select[Any]:
        place = (self.key.expression, self.identity)
        query = query.add_columns(self.key.expression.label("sort_key"), self.identity.label("sort_id"))
        if self.after is not None:
            here = tuple_(*place)
            query = query.where(here < self.after if self._descending else here > self.after)
        return query.order_by(*(part.desc() if self._descending else part.asc() for part in place)).limit(limit + 1)

    def _cursor(self, row: Any) -> str:
        text = json.dumps([self.name, _text(row.sort_key), _text(row.sort_id)], ensure_ascii=False)
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def ordered(
    name: str,
    keys: Mapping[str, Key],
    identity: ColumnElement[Any],
    read_identity: Callable[[Any], Any],
    cursor: str | None,
) -> Order:
    """The order by this name, from the cursor's position. Raises KeyError for an unknown name, BadCursor for a bad cursor."""
    order = Order(name, keys[name.removeprefix("-")], identity, read_identity)
    if not cursor:
        return order
    return Order(name, order.key, identity, read_identity, _position(order, cursor))


def _position(order: Order, cursor: str) -> tuple[Any, Any]:
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        name, key, identity = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if name != order.name:
            raise BadCursor(cursor)
        return order.key.read(key), order.read_identity(identity)
    except (ValueError, TypeError, InvalidOperation, RecursionError) as error:
        raise BadCursor(cursor) from error


def _counted(query: Select[Any]) -> Select[Any]:
    """Counting stops just above what is shown as exact."""
    return select(func.count()).select_from(
        query.with_only_columns(func.now()).order_by(None).limit(COUNTED + 1).subquery()
    )


def whole_number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**63:
        raise BadCursor(value)
    return value


def small_number(value: Any) -> int:
    if abs(whole_number(value)) >= 2**31:
        raise BadCursor(value)
    return whole_number(value)


def text_value(value: Any) -> str:
    if not isinstance(value, str) or "\x00" in value or any("\ud800" <= c <= "\udfff" for c in value):
        raise BadCursor(value)
    return value


def amount_value(value: Any) -> Decimal:
    number = Decimal(text_value(value))
    if not number.is_finite() or abs(number) >= 10**15:
        raise BadCursor(value)
    return number


def day_value(value: Any) -> date:
    return date.fromisoformat(text_value(value))


def instant_value(value: Any) -> datetime:
    at = datetime.fromisoformat(text_value(value))
    if at.tzinfo is None:
        raise BadCursor(value)
    return at


def uuid_value(value: Any) -> UUID:
    return UUID(text_value(value))


def _text(value: Any) -> Any:
    return value if isinstance(value, int) else value.isoformat() if isinstance(value, date) else str(value)
