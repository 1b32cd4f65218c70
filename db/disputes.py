"""Disputes as the API's checks need them, and how much of a portfolio carries a status."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Numeric, Uuid, and_, case, cast, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.portfolio import Scope
from db.tables import claim, dispute, item
from domain.statement import Statement


async def known(connection: AsyncConnection, dispute_id: UUID | None, claim_id: UUID) -> bool:
    """Whether the claim has this dispute."""
    if dispute_id is None:
        return False
    query = select(dispute.c.id).where(dispute.c.id == dispute_id, dispute.c.claim_id == claim_id)
    return (await connection.execute(query)).first() is not None


async def show_outstanding(connection: AsyncConnection, now: Statement) -> None:
    """Write what each item still owes, where it has changed: reports over a portfolio cannot compute every statement."""
    ids = [line.item.id for line in now.lines]
    if not ids:
        return
    amounts = [line.outstanding.amount for line in now.lines]
    fresh = (
        func.unnest(cast(ids, ARRAY(Uuid)), cast(amounts, ARRAY(Numeric)))
        .table_valued("id", "amount")
        .render_derived("fresh")
    )
    changed = and_(item.c.id == fresh.c.id, item.c.outstanding.is_distinct_from(fresh.c.amount))
    await connection.execute(update(item).where(changed).values(outstanding=fresh.c.amount))


@dataclass(frozen=True, slots=True)
class Qualified:
    """What is overdue in one currency, and how much of it carries a status; amounts of principal."""

    currency: str
    overdue_items: int
    qualified_items: int
    overdue_amount: Decimal
    qualified_amount: Decimal


async def qualification_of_portfolio(
    connection: AsyncConnection, scope: Scope, at: datetime, *, creditor: str = "", collector: str = ""
) -> Sequence[Qualified]:
    """By currency, over the claims that live and exist for the scope; overdue on each claim's own day."""
    wanted: list[Any] = [claim.c.stage != "closed", *scope.conditions()]
    if creditor:
        wanted.append(claim.c.creditor == creditor)
    if collector:
        wanted.append(claim.c.collector == collector)
    owed = func.coalesce(item.c.outstanding, item.c.amount)  # not planned since it arrived: all of it
    own_day = func.date(func.timezone(claim.c.time_zone, at + claim.c.clock_ahead))
    overdue = [
        item.c.kind != "credit_note",
        item.c.due_on < own_day,
        or_(item.c.outstanding.is_(None), item.c.outstanding > 0),
    ]
    has_status = item.c.status.is_not(None)
    query = (
        select(
            claim.c.currency,
            func.count(),
            func.count().filter(has_status),
            func.sum(owed),
            func.sum(case((has_status, owed), else_=0)),
        )
        .select_from(claim.join(item, item.c.claim_id == claim.c.id))
        .where(*wanted, *overdue)
        .group_by(claim.c.currency)
        .order_by(claim.c.currency)
    )
    return [Qualified(*row) for row in await connection.execute(query)]
