"""Actions of claims as others than their workflow read them."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.paging import Key, Order, Page, instant_value, ordered, uuid_value
from db.portfolio import Scope
from db.tables import action, claim
from domain.claim import Channel


async def belongs_to(connection: AsyncConnection, action_id: UUID | None, claim_id: UUID) -> bool:
    """Whether this is an action of this claim."""
    query = select(action.c.id).where(action.c.id == action_id, action.c.claim_id == claim_id)
    return (await connection.execute(query)).scalar_one_or_none() is not None


def contacts_newest_first(cursor: str | None) -> Order:
    """Raises BadCursor."""
    return ordered("-at", {"at": Key(action.c.done_at, instant_value)}, action.c.id, uuid_value, cursor)


async def contacts_page(connection: AsyncConnection, debtor_id: UUID, scope: Scope, order: Order, limit: int) -> Page:
    """How the debtor was reached, over all claims: what left or was done by a channel that speaks to the debtor."""
    names = ("id", "action_type", "channel", "outcome", "reason", "decided_by", "done_at")
    query = select(*(action.c[name] for name in names), claim.c.number).join(claim, claim.c.id == action.c.claim_id)
    reached = query.where(
        claim.c.debtor_id == debtor_id,
        action.c.outcome.in_(("sent", "done")),
        action.c.done_at.is_not(None),
        action.c.channel.not_in((Channel.INTERNAL_EMAIL.value, Channel.LEGAL_ACT.value)),
        *scope.conditions(),
    )
    return await order.page(connection, reached, limit)
