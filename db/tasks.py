"""Tasks as people see them: one, a claim's, and the inbox. What the claim's workflow writes is read here, never changed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.paging import COUNTED, Key, Order, Page, amount_value, instant_value, ordered, small_number, uuid_value
from db.portfolio import EVERYTHING, Scope
from db.tables import claim, debtor, task


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task with what its card shows of the claim."""

    id: UUID
    version: int
    state: str
    kind: str
    claim_id: UUID
    action_id: UUID | None
    action_type: str
    step: int | None
    role: str
    assignee: str
    opened_at: datetime
    due_at: datetime | None
    reminds_at: datetime | None
    escalates_at: datetime | None
    expires_at: datetime | None
    on_expiry: str
    allowed: list[str]
    proposed: dict[str, Any]
    why: list[dict[str, Any]]
    reminded_at: datetime | None
    escalated_at: datetime | None
    closed_at: datetime | None
    decision: dict[str, Any] | None
    priority: int
    number: str
    reference: str
    creditor: str
    debtor: str
    balance_due: Decimal
    currency: str
    time_zone: str
    clock_ahead: timedelta

    def now(self, wall_clock: datetime) -> datetime:
        """The claim's own time: in training it may be ahead of ours."""
        return wall_clock + self.clock_ahead


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an inbox shows; empty means: no limit."""

    assignee: str = ""
    role: str = ""
    kind: str = ""
    state: str = ""
    claim_id: UUID | None = None
    due_to: date | None = None
    creditor: str = ""
    due_before: datetime | None = None  # on the wall clock: each claim's own time is as far ahead as it is

    def conditions(self) -> list[ColumnElement[bool]]:
        given: list[tuple[Any, ColumnElement[bool]]] = [
            (self.assignee, task.c.assignee == self.assignee),
            (self.role, task.c.role == self.role),
            (self.kind, task.c.kind == self.kind),
            (self.state, task.c.state == self.state),
            (self.claim_id, task.c.claim_id == self.claim_id),
            (self.creditor, claim.c.creditor == self.creditor),
        ]
        if self.due_to is not None:  # in the claim's own calendar
            given.append((True, func.date(func.timezone(claim.c.time_zone, task.c.due_at)) <= self.due_to))
        if self.due_before is not None:
            given.append((True, task.c.due_at - claim.c.clock_ahead < self.due_before))
        return [condition for wanted, condition in given if wanted]


_LAST = text("'9999-12-31 00:00:00+00'::timestamptz")  # tasks without a deadline come last

SORTS = {
    "priority": Key(task.c.priority, small_number),
    "opened_at": Key(task.c.opened_at, instant_value),
    "due_at": Key(func.coalesce(task.c.due_at, _LAST), instant_value),
    "balance_due": Key(claim.c.balance_due, amount_value),
}
DEFAULT_SORT = "-priority"
_OF_CLAIM = ("number", "reference", "creditor", "balance_due", "currency", "time_zone", "clock_ahead")


def _query() -> Select[Any]:
    own = [task.c[name] for name in TaskRow.__dataclass_fields__ if name in task.c]
    of_claim = [claim.c[name] for name in _OF_CLAIM]
    joined = task.join(claim, claim.c.id == task.c.claim_id).join(debtor, debtor.c.id == claim.c.debtor_id)
    return select(*own, *of_claim, debtor.c.name.label("debtor")).select_from(joined)


async def one(connection: AsyncConnection, task_id: UUID, scope: Scope = EVERYTHING) -> TaskRow | None:
    """This task, when its claim exists for the scope."""
    row = (await connection.execute(_query().where(task.c.id == task_id, *scope.conditions()))).one_or_none()
    return None if row is None else read(row)


async def of_claim(connection: AsyncConnection, claim_id: UUID) -> list[TaskRow]:
    """All tasks of a claim, the oldest first."""
    query = _query().where(task.c.claim_id == claim_id).order_by(task.c.opened_at, task.c.id)
    return [read(row) for row in await connection.execute(query)]


async def page(connection: AsyncConnection, wanted: Wanted, scope: Scope, order: Order, limit: int) -> Page:
    """One page of an inbox; its rows read as TaskRow."""
    return await order.page(connection, _query().where(*wanted.conditions(), *scope.conditions()), limit)


async def open_count(connection: AsyncConnection, scope: Scope) -> int:
    """How many tasks are open, exact up to COUNTED: every page shows it."""
    query = select(task.c.id).where(task.c.state == "open")
    if conditions := scope.conditions():
        query = query.join(claim, claim.c.id == task.c.claim_id).where(*conditions)
    capped = query.limit(COUNTED).subquery()
    return int((await connection.execute(select(func.count()).select_from(capped))).scalar_one())


def tasks_ordered(sort: str, cursor: str | None) -> Order:
    """An inbox's order by a name of SORTS; raises KeyError or BadCursor."""
    return ordered(sort, SORTS, task.c.id, uuid_value, cursor)


def read(row: Any) -> TaskRow:
    """A row of a page."""
    return TaskRow(**{name: getattr(row, name) for name in TaskRow.__dataclass_fields__})
