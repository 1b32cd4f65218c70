"""What the checks of a write need to know of a claim's country, guarantees, procedures and costs."""

from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import claim, cost, guarantee, procedure


async def has_procedure(connection: AsyncConnection, procedure_id: UUID | None, claim_id: UUID) -> bool:
    """Whether this is a procedure of this claim."""
    return await _is_of(connection, procedure, procedure_id, claim_id)


async def has_guarantee(connection: AsyncConnection, guarantee_id: UUID | None, claim_id: UUID) -> bool:
    return await _is_of(connection, guarantee, guarantee_id, claim_id)


async def has_cost(connection: AsyncConnection, cost_id: UUID | None, claim_id: UUID) -> bool:
    """Whether this is a cost of this claim that its workflow has taken."""
    return await _is_of(connection, cost, cost_id, claim_id)


async def country_of(connection: AsyncConnection, claim_id: UUID) -> str:
    """The claim's country, "" when it is not known."""
    return str((await connection.execute(select(claim.c.country).where(claim.c.id == claim_id))).scalar_one())


async def hearings_of(connection: AsyncConnection, procedure_id: UUID | None) -> set[str]:
    """The ids of a procedure's hearings."""
    query = select(procedure.c.hearings).where(procedure.c.id == procedure_id)
    return {str(hearing["id"]) for hearing in (await connection.execute(query)).scalar_one_or_none() or ()}


async def _is_of(connection: AsyncConnection, table: Table, identity: UUID | None, claim_id: UUID) -> bool:
    if identity is None:
        return False
    query = select(table.c.id).where(table.c.id == identity, table.c.claim_id == claim_id)
    return (await connection.execute(query)).scalar_one_or_none() is not None
