"""The portfolio's list: filters and orders over the columns that the plan writes for it."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Text, cast, func, select, text
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.ext.asyncio import AsyncConnection

from db.paging import Key, Order, Page, amount_value, day_value, ordered, small_number, text_value, uuid_value
from db.portfolio import Scope
from db.tables import claim, debtor
from domain.searching import plain

_LAST_DAY = text("'9999-12-31'::date")  # claims without the date come last

SORTS = {
    "priority": Key(claim.c.priority, small_number),
    "reference": Key(claim.c.reference, text_value),
    "number": Key(claim.c.number, text_value),
    "debtor": Key(claim.c.debtor_norm.collate("C"), text_value),
    "balance_due": Key(claim.c.balance_due, amount_value),
    "oldest_due_on": Key(func.coalesce(claim.c.oldest_due_on, _LAST_DAY), day_value),
    "next_action_on": Key(func.coalesce(claim.c.next_action_on, _LAST_DAY), day_value),
    "opened_on": Key(claim.c.opened_on, day_value),
}
DEFAULT_SORT = "-priority"
LEAST_LETTERS = 3  # a search inside names with fewer would read every claim

# an alert that is only foreseen is not shown before its day (domain/anomalies.py, `standing_on`)
_STANDS = "$[*] ? (@.code == $code && !(@.since > $on) && !(@.until < $on))"

_SHOWN = [
    "id",
    "number",
    "reference",
    "creditor",
    "stage",
    "sub_stage",
    "statuses",
    "suspended",
    "hold",
    "balance_due",
    "currency",
    "oldest_due_on",
    "next_action",
    "next_action_on",
    "next_action_at",
    "waiting_for",
    "waiting_since",
    "priority",
    "alerts",
    "collector",
    "opened_on",
    "closed_on",
    "time_zone",
    "clock_ahead",
    "ending",
]


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """What a list shows; empty means: no limit. Amounts compare in each claim's own currency."""

    creditors: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    sub_stages: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()  # codes or categories: some item has one of them
    collectors: tuple[str, ...] = ()
    alert: str = ""
    q: str = ""
    contains: bool = False
    min_balance: Decimal | None = None
    max_balance: Decimal | None = None
    created_from: date | None = None
    created_to: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    debtor_id: UUID | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        c = claim.c
        named = [
            (column.in_(values))
            for column, values in (
                (c.creditor, self.creditors),
                (c.stage, self.stages),
                (c.sub_stage, self.sub_stages),
                (c.collector, self.collectors),
            )
            if values
        ]
        bounds: list[tuple[ColumnElement[Any], Callable[[Any, Any], ColumnElement[bool]], Any]] = [
            (c.balance_due, operator.ge, self.min_balance),
            (c.balance_due, operator.le, self.max_balance),
            (c.opened_on, operator.ge, self.created_from),
            (c.opened_on, operator.le, self.created_to),
            (c.oldest_due_on, operator.ge, self.due_from),
            (c.oldest_due_on, operator.le, self.due_to),
            (c.debtor_id, operator.eq, self.debtor_id),
        ]
        found = [*named, *(compare(column, value) for column, compare, value in bounds if value is not None)]
        if self.statuses:
            found.append(c.statuses.op("&&")(cast(list(self.statuses), ARRAY(Text))))
        if self.alert:
            found.append(c.alerts.contains([{"code": self.alert}]))
            found.append(func.jsonb_path_exists(c.alerts, cast(_STANDS, JSONPATH), _on_its_own_day(self.alert)))
        if sought := plain(self.q):
            found.append(c.search_norm.contains(sought if self.contains else f"\n{sought}", autoescape=True))
        return found


def _on_its_own_day(code: str) -> ColumnElement[Any]:
    """What the path above asks for: the code, and the claim's own date (in training it may be ahead of ours)."""
    own = func.timezone(claim.c.time_zone, func.now() + claim.c.clock_ahead)
    return func.jsonb_build_object("code", cast(code, Text), "on", func.to_char(own, "YYYY-MM-DD"))


def claims_ordered(sort: str, cursor: str | None) -> Order:
    """The list's order by a name of SORTS; raises KeyError or BadCursor."""
    return ordered(sort, SORTS, claim.c.id, uuid_value, cursor)


async def claims_page(connection: AsyncConnection, wanted: ClaimFilter, scope: Scope, order: Order, limit: int) -> Page:
    """One page of the list, with the debtor's name."""
    return await order.page(connection, _listed(wanted, scope), limit)


async def sort_name(connection: AsyncConnection, claim_id: UUID) -> str:
    """What the list sorts this claim by when it is sorted by the debtor."""
    found = await connection.execute(select(claim.c.debtor_norm).where(claim.c.id == claim_id))
    return str(found.scalar_one())


def _listed(wanted: ClaimFilter, scope: Scope) -> Select[Any]:
    shown = [claim.c[name] for name in _SHOWN]
    joined = claim.join(debtor, debtor.c.id == claim.c.debtor_id)
    return (
        select(*shown, debtor.c.name.label("debtor"))
        .select_from(joined)
        .where(*wanted.conditions(), *scope.conditions())
    )
