"""Intakes at the same moment, and beside claims that are being planned."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.catalogue import ensure_standard, entries, one, write
from db.intake import Opened, open_claim, open_claims
from db.tables import claim
from domain.intake import read_intake
from domain.reading import Refused


def a_body(reference: str) -> dict[str, Any]:
    return {
        "creditor": "ACME",
        "reference": reference,
        "currency": "EUR",
        "debtor": {"reference": "D1", "name": "Dupont"},
        "items": [{"reference": "F1", "due_on": "2026-01-01", "amount": "10"}],
    }


async def open_one(connection: AsyncConnection, reference: str) -> Opened:
    return await open_claim(connection, read_intake(a_body(reference)), author="test", now=datetime.now(UTC))


async def test_without_a_standard_scenario_only_the_claims_that_need_it_are_refused(engine: AsyncEngine) -> None:
    """It stopped the whole import, which then tried for ever."""
    now, without = datetime.now(UTC), a_body("ONE")
    async with engine.begin() as connection:
        await ensure_standard(connection)
        own = await one(connection, "scenarios", "standard")
        assert own is not None
        await write(connection, "scenarios", "ours", own.body, "test")
        for each in await entries(connection, "scenarios"):
            if each.code != "ours":
                await write(connection, "scenarios", each.code, {**each.body, "active": False}, "test")
        intakes = [read_intake(without), read_intake({**a_body("TWO"), "scenario": "ours"})]
        refused, taken = await open_claims(connection, intakes, author="test", now=now)
    assert isinstance(refused, Refused)
    assert refused.refusals[0].code == "unknown_scenario"
    assert isinstance(taken, Opened)


async def test_a_claim_is_planned_while_another_of_its_debtor_comes_in(engine: AsyncEngine) -> None:
    """Seen as a deadlock, and a 503, when the same claim was posted several times at once."""
    async with engine.begin() as connection:
        await ensure_standard(connection)
        first = await open_one(connection, "ONE")
    async with engine.begin() as intake, engine.begin() as plan:
        await open_one(intake, "TWO")
        await plan.execute(text("SET LOCAL lock_timeout = '2s'"))
        for balance in ("9", "8"):  # as a plan does: what changed, then what lists show
            row = update(claim).where(claim.c.id == first.claim_id)
            await plan.execute(row.values(balance_due=Decimal(balance), next_action=f"call {balance}"))
