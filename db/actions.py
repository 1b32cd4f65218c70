"""Actions of claims as others than their workflow read them."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.portfolio import Scope
from db.tables import action, claim


async def belongs_to(connection: AsyncConnection, action_id: UUID | None, claim_id: UUID) -> bool:
    """Whether this is an action of this claim."""
    query = select(action.c.id).where(action.c.id == action_id, action.c.claim_id == claim_id)
    return (await connection.execute(query)).scalar_one_or_none() is not None


async def contacts_of(
    connection: AsyncConnection, debtor_id: UUID, *, limit: int, scope: Scope
) -> list[dict[str, Any]]:
    """How the debtor was reached, over all claims, the last first."""
    columns = (
        action.c.id,
        action.c.action_type,
        action.c.channel,
        action.c.outcome,
        action.c.reason,
        action.c.done_at,
        claim.c.number,
    )
    query = select(*columns).join(claim, claim.c.id == action.c.claim_id)
    reached = query.where(claim.c.debtor_id == debtor_id, action.c.outcome.in_(("sent", "done")), *scope.conditions())
    rows = await connection.execute(reached.order_by(action.c.done_at.desc(), action.c.id).limit(limit))
    return [dict(row) for row in rows.mappings()]
