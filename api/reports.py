"""Figures over a portfolio: how much of what is overdue carries a status."""

from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.dispute_json import share_json
from api.security import Reader
from api.surroundings import Around
from db.disputes import Qualified, qualification_of_portfolio
from domain.money import Money
from domain.qualification import share

router = APIRouter(prefix="/api/reports", tags=["reports"])

Wanted = Annotated[str, Query(max_length=64)]


@router.get("/qualification", summary="The qualification rate of a portfolio, by count and by amount")
async def get_qualification(
    who: Reader, around: Around, creditor: Wanted = "", collector: Wanted = ""
) -> dict[str, Any]:
    """Of the items that are overdue and owed, the share that carries a status; amounts currency by currency."""
    async with around.engine.connect() as connection:
        rows = await qualification_of_portfolio(
            connection, who.scope, around.now(), creditor=creditor.strip(), collector=collector.strip()
        )
    overdue, qualified = sum(row.overdue_items for row in rows), sum(row.qualified_items for row in rows)
    return {
        "creditor": creditor or None,
        "collector": collector or None,
        "overdue_items": overdue,
        "qualified_items": qualified,
        "by_count": share_json(share(Decimal(qualified), Decimal(overdue))),
        "by_amount": [_of_currency(row) for row in rows],
    }


def _of_currency(row: Qualified) -> dict[str, Any]:
    return {
        "currency": row.currency,
        "overdue": str(Money.of(row.overdue_amount, row.currency)),
        "qualified": str(Money.of(row.qualified_amount, row.currency)),
        "share": share_json(share(row.qualified_amount, row.overdue_amount)),
    }
