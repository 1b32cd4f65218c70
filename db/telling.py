"""Claims whose workflow is to be told (again) that something stands in their inbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import claim, entry


@dataclass(frozen=True, slots=True)
class ClaimToTell:
    """What starting a claim's workflow needs, and the entry to name; nothing personal."""

    id: UUID
    number: str
    creditor: str
    currency: str
    stage: str
    clock_ahead: timedelta
    kind: str  # of the entry
    entry_id: UUID


_CLAIM = (claim.c.id, claim.c.number, claim.c.creditor, claim.c.currency, claim.c.stage, claim.c.clock_ahead)


async def claims_of_import(
    connection: AsyncConnection, import_id: UUID, *, after: str, limit: int
) -> list[ClaimToTell]:
    """The claims that this import opened, by number, after the given one; each with its "opened" entry."""
    query = (
        select(*_CLAIM, entry.c.kind, entry.c.id.label("entry_id"))
        .join(entry, (entry.c.claim_id == claim.c.id) & (entry.c.key == "opened"))
        .where(claim.c.import_id == import_id, claim.c.number > after)
        .order_by(claim.c.number)
        .limit(limit)
    )
    return await _rows(connection, query)


async def unread(
    connection: AsyncConnection, *, older_than: timedelta, limit: int, after: UUID | None = None, keys_from: str = ""
) -> list[ClaimToTell]:
    """Claims with entries that nobody applied for a while, each with its oldest one; in the order of their ids.

    `keys_from`: only entries whose key begins with this.
    """
    waiting = (
        select(entry.c.claim_id, entry.c.kind, entry.c.id.label("entry_id"))
        .where(entry.c.state == "received", entry.c.received_at < func.now() - older_than)
        .ext(distinct_on(entry.c.claim_id))
        .order_by(entry.c.claim_id, entry.c.n)
    )
    if after is not None:
        waiting = waiting.where(entry.c.claim_id > after)
    if keys_from:
        waiting = waiting.where(entry.c.key.startswith(keys_from, autoescape=True))
    oldest = waiting.limit(limit).subquery()
    query = (
        select(*_CLAIM, oldest.c.kind, oldest.c.entry_id)
        .join(oldest, oldest.c.claim_id == claim.c.id)
        .order_by(claim.c.id)
    )
    return await _rows(connection, query)


async def open_claims(connection: AsyncConnection, *, after: UUID | None, limit: int) -> list[ClaimToTell]:
    """Open claims in the order of their ids: each should have a running workflow."""
    query = (
        select(*_CLAIM, entry.c.kind, entry.c.id.label("entry_id"))
        .join(entry, (entry.c.claim_id == claim.c.id) & (entry.c.key == "opened"))
        .where(claim.c.stage != "closed")
        .order_by(claim.c.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(claim.c.id > after)
    return await _rows(connection, query)


async def these(connection: AsyncConnection, claim_ids: Sequence[UUID]) -> list[ClaimToTell]:
    """These claims, each with its "opened" entry."""
    query = (
        select(*_CLAIM, entry.c.kind, entry.c.id.label("entry_id"))
        .join(entry, (entry.c.claim_id == claim.c.id) & (entry.c.key == "opened"))
        .where(claim.c.id.in_(claim_ids))
    )
    return await _rows(connection, query)


async def count_open(connection: AsyncConnection) -> int:
    return int((await connection.execute(select(func.count()).where(claim.c.stage != "closed"))).scalar_one())


async def _rows(connection: AsyncConnection, query: Select[Any]) -> list[ClaimToTell]:
    return [ClaimToTell(**row) for row in (await connection.execute(query)).mappings()]
