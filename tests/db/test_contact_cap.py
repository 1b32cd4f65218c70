"""One debtor = one voice, in the database: contacts of the other claims are read when a cap is set, and gates wait in line."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from db import tables
from db.catalogue import catalogue_for, ensure_standard, write
from db.claims import load, save
from db.effects import Due, due_step
from db.entries import close_entry
from db.intake import open_claim
from domain.claim import ActionState, Claim, Outcome
from domain.effects import begin, left
from domain.intake import read_intake
from domain.planner import next_step
from domain.steps import Order
from tests.activities.story import THE_SCENARIO, an_intake

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)  # a Monday
CREDITOR = {"name": "ACME", "country": "FR", "contact_cap": {"contacts": 1, "days": 7}}


async def two_claims(engine: AsyncEngine, creditor: dict[str, Any]) -> list[UUID]:
    """Two claims against one debtor, each with a reminder that is due now; and a third against somebody else."""
    async with engine.begin() as connection:
        await ensure_standard(connection)
        await write(connection, "creditors", "ACME", creditor, "test")
        await write(connection, "scenarios", "trial", THE_SCENARIO, "test")
        found = []
        for reference in ("C-100", "C-100", "C-200"):
            intake = an_intake(reference=reference)
            intake["items"][0]["due_on"] = "2026-02-20"
            opened = await open_claim(connection, read_intake(intake), author="test", now=NOW)
            await close_entry(
                connection, opened.entry_id, applied_at=NOW, state="applied", outcome={}, reason=""
            )  # fmt: skip
            found.append(opened.claim_id)
    return found


async def read(engine: AsyncEngine, claim_id: UUID) -> Claim:
    async with engine.begin() as connection:
        claim = await load(connection, claim_id)
    assert claim is not None
    return claim


async def order_of(engine: AsyncEngine, claim_id: UUID) -> Order:
    async with engine.begin() as connection:
        claim = await load(connection, claim_id)
        assert claim is not None
        step = next_step(claim, await catalogue_for(connection, claim), NOW).step
    return Order(str(claim_id), step.kind, step.key, NOW)


async def test_of_two_claims_of_one_debtor_at_the_gate_together_only_one_leaves(engine: AsyncEngine) -> None:
    first, second, other = await two_claims(engine, CREDITOR)
    orders = {claim_id: await order_of(engine, claim_id) for claim_id in (first, second, other)}

    async def at_the_gate(claim_id: UUID) -> bool:
        async with engine.begin() as connection:
            return isinstance(await due_step(connection, orders[claim_id]), Due)

    async with engine.begin() as connection:
        due = await due_step(connection, orders[first])
        assert isinstance(due, Due)
        waiting = asyncio.create_task(at_the_gate(second))
        assert await at_the_gate(other)  # another debtor's claim is not held up
        await asyncio.sleep(0.3)
        assert not waiting.done()
        begun, _ = begin(due.claim, due.catalogue, due.step, NOW, ActionState.SENDING)
        await save(connection, due.claim, begun.claim)
        planned = update(tables.claim).where(tables.claim.c.id == first)
        await connection.execute(planned.values(next_action_at=NOW, planned_at=NOW))
    assert await waiting is False


async def test_what_left_on_one_claim_is_read_with_the_other_and_holds_it_back(engine: AsyncEngine) -> None:
    first, second, other = await two_claims(engine, CREDITOR)
    order = await order_of(engine, first)
    async with engine.begin() as connection:
        due = await due_step(connection, order)
        assert isinstance(due, Due)
        begun, action = begin(due.claim, due.catalogue, due.step, NOW, ActionState.SENDING)
        sent = left(begun.claim, due.catalogue, action.id, NOW, outcome=Outcome.SENT)
        await save(connection, due.claim, sent.claim)
    held = await read(engine, second)
    assert held.contacts_elsewhere == (NOW,)
    assert (await read(engine, first)).contacts_elsewhere == (await read(engine, other)).contacts_elsewhere == ()
    async with engine.begin() as connection:
        decided = next_step(held, await catalogue_for(connection, held), NOW)
    assert decided.step.due_at is not None
    assert decided.step.due_at.date() == (NOW + timedelta(days=7)).date()
    (kept_back,) = decided.not_now
    assert (kept_back.step.action_type, kept_back.held_until, kept_back.why[0].code) == (
        "reminder_1",
        (NOW + timedelta(days=7)).date(),
        "contact_cap",
    )


@pytest.mark.parametrize("by", ["nobody", "country"])
async def test_contacts_elsewhere_are_read_only_when_a_cap_is_set(engine: AsyncEngine, by: str) -> None:
    first, second, _ = await two_claims(engine, {"name": "ACME", "country": "FR"})
    async with engine.begin() as connection:
        if by == "country":
            law = {"contact_cap": [{"since": "2020-01-01", "value": "3/7", "source": "a decree"}]}
            await write(connection, "countries", "FR", {"parameters": law}, "test")
        before = await load(connection, first)
        assert before is not None
        catalogue = await catalogue_for(connection, before)
        begun, action = begin(before, catalogue, next_step(before, catalogue, NOW).step, NOW, ActionState.SENDING)
        sent = left(begun.claim, catalogue, action.id, NOW, outcome=Outcome.SENT)
        await save(connection, before, sent.claim)
    assert (await read(engine, second)).contacts_elsewhere == ((NOW,) if by == "country" else ())
