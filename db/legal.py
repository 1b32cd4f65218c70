"""What the checks of a write need to know of a claim's country, guarantees, procedures and costs."""

from datetime import date
from uuid import UUID

from sqlalchemy import Table, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import claim, cost, guarantee, legal_event, procedure


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


async def has_title(connection: AsyncConnection, claim_id: UUID, on: date) -> bool:
    """Whether the claim has an enforceable title on that day, as domain/titles.py says it of the facts."""
    of_procedures = select(procedure.c.id).where(procedure.c.claim_id == claim_id, procedure.c.title_on <= on)
    of_events = select(legal_event.c.id).where(
        legal_event.c.claim_id == claim_id,
        legal_event.c.kind == "title",
        legal_event.c.on <= on,
        legal_event.c.retracted_at.is_(None),
    )
    taken_over = select(claim.c.id).where(claim.c.id == claim_id, claim.c.takeover["stage"].astext == "enforcement")
    any_of_them = of_procedures.union_all(of_events, taken_over)
    return (await connection.execute(select(exists(any_of_them)))).scalar_one()


async def _is_of(connection: AsyncConnection, table: Table, identity: UUID | None, claim_id: UUID) -> bool:
    if identity is None:
        return False
    query = select(table.c.id).where(table.c.id == identity, table.c.claim_id == claim_id)
    return (await connection.execute(query)).scalar_one_or_none() is not None
