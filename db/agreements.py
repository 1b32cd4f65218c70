"""What is agreed with debtors, asked of the tables: is it of this claim, and how did a debtor keep their word."""

from uuid import UUID

from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import arrangement, claim, offer, promise
from domain.terms import PromiseState

SETTLED = (PromiseState.KEPT, PromiseState.PARTIAL, PromiseState.BROKEN)


async def has_promise(connection: AsyncConnection, claim_id: UUID, promise_id: UUID | None) -> bool:
    return await _has(connection, promise, claim_id, promise_id)


async def has_arrangement(connection: AsyncConnection, claim_id: UUID, arrangement_id: UUID | None) -> bool:
    return await _has(connection, arrangement, claim_id, arrangement_id)


async def has_offer(connection: AsyncConnection, claim_id: UUID, offer_id: UUID | None) -> bool:
    return await _has(connection, offer, claim_id, offer_id)


async def _has(connection: AsyncConnection, table: Table, claim_id: UUID, row_id: UUID | None) -> bool:
    query = select(table.c.id).where(table.c.id == row_id, table.c.claim_id == claim_id)
    return row_id is not None and (await connection.execute(query)).first() is not None


async def reliability(connection: AsyncConnection, debtor_id: UUID) -> dict[str, int]:
    """How many promises, over all the debtor's claims, were kept, kept in part and broken."""
    query = (
        select(promise.c.state, func.count().label("promises"))
        .join(claim, claim.c.id == promise.c.claim_id)
        .where(claim.c.debtor_id == debtor_id)
        .group_by(promise.c.state)
    )
    counted = {row.state: row.promises for row in await connection.execute(query)}
    return {state.value: counted.get(state.value, 0) for state in SETTLED}
