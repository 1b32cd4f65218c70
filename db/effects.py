"""The gate every effect passes: with the claim locked, is this still the next step, and is no news unread?

Both in the transaction that records it. Without the look at the inbox a letter left after its payment.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from db.catalogue import catalogue_for
from db.claims import load
from db.entries import has_unapplied
from db.scenarios import lock_debtor_if_capped
from domain.catalogue import Catalogue
from domain.claim import Claim
from domain.planner import next_step
from domain.steps import Order, PlanImpossible, Step

SENT = "sent"
NOT_SENT = "not sent"  # the loop plans again


@dataclass(frozen=True, slots=True)
class Due:
    """The claim as it stands under its lock, and the step that may be taken now."""

    claim: Claim
    catalogue: Catalogue
    step: Step


async def due_step(connection: AsyncConnection, order: Order, *, lock: bool = True) -> Due | None:
    """The ordered step if it is still the next one, due, and nothing in the inbox could change it; else None."""
    claim_id = UUID(order.claim_id)
    if lock:
        await lock_debtor_if_capped(connection, claim_id)
    claim = await load(connection, claim_id, lock=lock)
    if claim is None or await has_unapplied(connection, claim_id):
        return None
    catalogue = await catalogue_for(connection, claim)
    try:
        step = next_step(claim, catalogue, order.as_of).step
    except PlanImpossible:
        return None
    if (step.kind, step.key) != (order.kind, order.key):
        return None
    if step.due_at is not None and step.due_at > order.as_of:
        return None
    return Due(claim, catalogue, step)
