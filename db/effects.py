"""The gate every effect passes: with the claim locked, is this still the next step, and is no news unread?

Both in the transaction that records it. Without the look at the inbox a letter left after its payment.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.catalogue import catalogue_for
from db.claims import load
from db.entries import has_unapplied
from db.scenarios import lock_debtor_if_capped
from db.tables import claim
from domain.catalogue import Catalogue
from domain.claim import Claim
from domain.planner import next_step
from domain.steps import Order, PlanImpossible, Step

SENT = "sent"
NOT_SENT = "not sent"  # the loop plans again, and slows down when that comes to nothing several times running
NEWS_FIRST = "news came first"  # the loop plans again: nothing is wrong, however often it happens


@dataclass(frozen=True, slots=True)
class Due:
    """The claim as it stands under its lock, and the step that may be taken now."""

    claim: Claim
    catalogue: Catalogue
    step: Step


async def due_step(connection: AsyncConnection, order: Order, *, lock: bool = True) -> Due | str:
    """The ordered step if it is still the next one, due, and nothing in the inbox could change it; else why it is not taken.

    News that is unread, or was planned after the order, is no failure: three requests within a second, while a step was
    due, counted as three takes in vain, and the claim paused for ten minutes.
    """
    claim_id = UUID(order.claim_id)
    if lock:
        await lock_debtor_if_capped(connection, claim_id)
    found = await load(connection, claim_id, lock=lock)
    if found is None:
        return NOT_SENT
    if await has_unapplied(connection, claim_id):
        return NEWS_FIRST
    catalogue = await catalogue_for(connection, found)
    try:
        step = next_step(found, catalogue, order.as_of).step
    except PlanImpossible:
        return NOT_SENT
    is_due = step.due_at is None or step.due_at <= order.as_of
    if is_due and (step.kind, step.key) == (order.kind, order.key):
        return Due(found, catalogue, step)
    return NEWS_FIRST if await _was_planned_since(connection, order) else NOT_SENT


async def _was_planned_since(connection: AsyncConnection, order: Order) -> bool:
    planned_at = select(claim.c.planned_at).where(claim.c.id == UUID(order.claim_id))
    last = (await connection.execute(planned_at)).scalar_one()
    return last is not None and last > order.as_of
