"""Amounts that nobody owes: each is below 10^15, their sum with a century of interest is not, and is kept all the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.testing import ActivityEnvironment

from activities.planning import UNFORESEEN_TRIES, Planning
from db import tables
from domain.money import LARGEST, LARGEST_STATED, Money, NotAnAmount
from domain.steps import PlanAsk
from tests.activities.planned import NOW, an_item, planned
from tests.activities.story import prepare

HUGE = "999999999999999.99"


def a_huge_item(reference: str) -> dict[str, object]:
    return {**an_item(reference, amount=HUGE), "due_on": "1900-01-01"}


def test_an_amount_is_stated_below_a_limit_and_sums_go_beyond_it() -> None:
    assert Money.stated(HUGE, "EUR") == Money.of(HUGE, "EUR")
    assert Money.of(LARGEST_STATED, "EUR").amount == LARGEST_STATED
    with pytest.raises(NotAnAmount):
        Money.stated(LARGEST_STATED, "EUR")
    with pytest.raises(NotAnAmount):
        Money.of(LARGEST, "EUR")


async def test_a_sum_of_the_largest_amounts_is_planned_kept_and_read_again(engine: AsyncEngine) -> None:
    await prepare(engine, terms={"interest": {"rate": "12"}, "indemnity": "none"})
    claim = await planned(engine, items=[a_huge_item("F-1"), a_huge_item("F-2")])
    promised = await claim.tell("make_promise", promised_on=(NOW + timedelta(days=9)).date().isoformat())
    await claim.plan()
    assert await claim.outcome(promised) == "applied"
    async with engine.begin() as connection:
        query = select(tables.claim.c.balance_due).where(tables.claim.c.id == claim.id)
        assert (await connection.execute(query)).scalar_one() > LARGEST_STATED * 2
    assert [p.amount.amount > LARGEST_STATED for p in (await claim.claim()).promises] == [True]


async def test_what_the_database_refuses_to_keep_becomes_an_anomaly_and_is_not_tried_for_ever(
    engine: AsyncEngine,
) -> None:
    await prepare(engine)
    claim = await planned(engine)
    async with engine.begin() as connection:  # no rule of ours gives such a sum any more
        await connection.execute(
            update(tables.item).where(tables.item.c.claim_id == claim.id).values(amount=LARGEST - 1, due_on=NOW.date())
        )
    await claim.tell(
        "items_added", items=[{**an_item("F-2"), "amount": str(LARGEST - 1), "kind": "invoice", "due_on": None}]
    )
    trying = ActivityEnvironment()
    trying.info = trying.default_info()
    trying.info = type(trying.info)(**{**vars(trying.info), "attempt": UNFORESEEN_TRIES})
    plan = await trying.run(Planning(engine, language="en").plan, PlanAsk(str(claim.id), claim.as_of))
    assert plan.waiting_for == "person"
    assert plan.due_at is None
