"""The gate tells what is wrong from what only came later: news that arrives while a step is due is no take in vain."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from db.catalogue import catalogue_for
from db.effects import NEWS_FIRST, NOT_SENT, Due, due_step
from domain.planner import next_step
from domain.steps import Order
from tests.activities.planned import Planned, an_item, planned
from tests.activities.story import prepare


async def order_of(claim: Planned) -> Order:
    """The order of its next step, at the instant at which it is due."""
    facts = await claim.claim()
    async with claim.engine.begin() as connection:
        step = next_step(facts, await catalogue_for(connection, facts), claim.as_of).step
    assert step.due_at is not None
    claim.days = (step.due_at - claim.as_of).days + 1
    return Order(str(claim.id), step.kind, step.key, step.due_at)


async def at_the_gate(claim: Planned, order: Order) -> Due | str:
    async with claim.engine.begin() as connection:
        return await due_step(connection, order)


async def test_news_before_a_step_leaves_is_no_take_in_vain(engine: AsyncEngine) -> None:
    await prepare(engine)
    claim = await planned(engine, items=[an_item(due_in_days=1)])
    order = await order_of(claim)
    assert isinstance(await at_the_gate(claim, order), Due)
    await claim.tell("suspend", reason="waits for the bank")
    assert await at_the_gate(claim, order) == NEWS_FIRST  # unread
    await claim.plan()
    assert await at_the_gate(claim, order) == NEWS_FIRST  # read since the order, and it changed what comes next


async def test_a_step_that_is_not_next_without_any_news_is(engine: AsyncEngine) -> None:
    await prepare(engine)
    claim = await planned(engine, items=[an_item(due_in_days=1)])
    order = await order_of(claim)
    too_early = Order(order.claim_id, order.kind, order.key, order.as_of - timedelta(hours=1))
    assert await at_the_gate(claim, too_early) == NOT_SENT
    assert await at_the_gate(claim, Order(order.claim_id, order.kind, "claim/R26-0000000/99", order.as_of)) == NOT_SENT
