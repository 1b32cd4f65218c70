"""A claim of before interest and indemnities hears of the new rules: planned anew, and its timeline says the difference."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from db import tables
from tests.activities.planned import Planned, an_item, planned
from tests.activities.story import prepare


async def told(claim: Planned) -> list[dict[str, Any]]:
    event = tables.timeline.c
    query = select(event.facts).where(event.claim_id == claim.id, event.kind == "rules_changed")
    async with claim.engine.begin() as connection:
        return [dict(facts) for facts in (await connection.execute(query)).scalars()]


async def test_that_the_same_facts_owe_more_stands_in_the_timeline(engine: AsyncEngine) -> None:
    await prepare(engine, terms={"interest": "none", "indemnity": "40.00"})
    claim = await planned(engine, items=[an_item(due_in_days=-10)])
    entry = await claim.tell("rules_changed", owed="1000.000")
    await claim.plan()
    assert await claim.outcome(entry) == "applied"
    assert await told(claim) == [
        {"owed": "1000.00", "amount": "1040.00", "interest": "0.00", "indemnities": "40.00", "currency": "EUR"}
    ]


async def test_a_claim_that_owes_what_it_did_has_nothing_to_tell(engine: AsyncEngine) -> None:
    await prepare(engine)
    claim = await planned(engine, items=[an_item(due_in_days=-10)])
    entry = await claim.tell("rules_changed", owed="1000.000")
    await claim.plan()
    assert await claim.outcome(entry) == "applied"
    assert await told(claim) == []
