"""The timeline of a claim: all that happened, newest first; kept longer than Temporal keeps histories."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.paging import Key, Order, Page, ordered, whole_number
from db.tables import person, timeline


@dataclass(frozen=True, slots=True)
class Happened:
    n: int
    at: datetime
    kind: str
    author: str
    author_name: str | None
    facts: dict[str, Any]
    action_id: UUID | None
    entry_id: UUID | None


def newest_first(cursor: str | None) -> Order:
    """Raises BadCursor."""
    return ordered("-n", {"n": Key(timeline.c.n, whole_number)}, timeline.c.n, whole_number, cursor)


async def page(connection: AsyncConnection, claim_id: UUID, order: Order, limit: int) -> Page:
    """One page; its rows read as Happened."""
    own = [timeline.c[name] for name in Happened.__dataclass_fields__ if name in timeline.c]
    joined = timeline.outerjoin(person, person.c.code == timeline.c.author)
    query = select(*own, person.c.name.label("author_name")).select_from(joined).where(timeline.c.claim_id == claim_id)
    return await order.page(connection, query, limit)


def read(row: Any) -> Happened:
    """A row of a page."""
    return Happened(**{name: getattr(row, name) for name in Happened.__dataclass_fields__})


async def note(
    connection: AsyncConnection, claim_id: UUID, *, at: datetime, kind: str, author: str, facts: dict[str, Any]
) -> None:
    """Add what happened outside the claim's own facts: a file was attached."""
    await connection.execute(insert(timeline).values(claim_id=claim_id, at=at, kind=kind, author=author, facts=facts))
