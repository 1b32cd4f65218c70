"""What the checks of a write need to know of a claim's debt, before its workflow has applied all of the inbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import entry, item, payment
from domain.claim import Values

_CHANGES_THE_DEBT = ("payment_received", "items_added")


@dataclass(frozen=True, slots=True)
class Waiting:
    """News of the inbox that changes the debt and is not applied yet."""

    kind: str
    payload: Mapping[str, Any]
    received_at: datetime


async def waiting(connection: AsyncConnection, claim_id: UUID) -> list[Waiting]:
    """Payments and items that were taken and wait for the workflow, in order of arrival."""
    query = select(entry.c.kind, entry.c.payload, entry.c.received_at).where(
        entry.c.claim_id == claim_id, entry.c.state == "received", entry.c.kind.in_(_CHANGES_THE_DEBT)
    )
    return [Waiting(*row) for row in await connection.execute(query.order_by(entry.c.n))]


async def item_references(connection: AsyncConnection, claim_id: UUID) -> set[str]:
    """The references of the claim's items, also of those that wait in the inbox."""
    known = set((await connection.execute(select(item.c.reference).where(item.c.claim_id == claim_id))).scalars())
    for news in await waiting(connection, claim_id):
        known |= {str(each["reference"]) for each in news.payload.get("items", ())}
    return known


async def payment_value_date(connection: AsyncConnection, claim_id: UUID, external_id: str) -> date | None:
    """The value date of a payment, applied or waiting; None when there is no such payment."""
    query = select(payment.c.value_date).where(payment.c.claim_id == claim_id, payment.c.external_id == external_id)
    applied: date | None = (await connection.execute(query)).scalar_one_or_none()
    if applied is not None:
        return applied
    for news in await waiting(connection, claim_id):
        if news.payload.get("external_id") == external_id:
            return date.fromisoformat(news.payload["value_date"])
    return None


GLOBAL_ITEM = "global"  # what a claim with global values owes is one debt by this name


async def payable_items(connection: AsyncConnection, claim_id: UUID, values: Values) -> set[str]:
    """What a payment may be directed at."""
    return {GLOBAL_ITEM} if values is Values.GLOBAL else await item_references(connection, claim_id)
