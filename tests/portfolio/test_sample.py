"""The sample portfolio: invented, varied, the same for a seed; it arrives once, also when it is interrupted."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from db import imports, tables
from db.catalogue import catalogue_for, ensure_standard
from db.claims import load
from db.intake import open_claim
from db.telling import ClaimToTell
from domain.checks import check
from domain.claim import Stage
from domain.planner import next_step
from domain.steps import StepKind
from sample.arrival import SAMPLE, arrive
from sample.portfolio import portfolio
from tests.portfolio.world import a_world

TODAY = date(2026, 11, 23)


def test_the_same_seed_and_day_give_the_same_portfolio_and_another_seed_another() -> None:
    assert list(portfolio(7, today=TODAY)) == list(portfolio(7, today=TODAY))
    assert list(portfolio(7, today=TODAY)) != list(portfolio(8, today=TODAY))


def test_it_shows_every_age_stage_currency_and_kind_of_debtor() -> None:
    claims = [each.intake for each in portfolio(today=TODAY)]
    assert len(claims) >= 300
    assert len({claim.reference for claim in claims}) == len(claims)
    assert len({claim.creditor for claim in claims}) >= 4
    stages = Counter(claim.takeover.stage if claim.takeover else "new" for claim in claims)
    assert min(stages["new"], stages[Stage.AMICABLE], stages[Stage.LITIGATION], stages[Stage.ENFORCEMENT]) >= 20
    facts = [
        {claim.currency for claim in claims} == {"EUR", "TND"},
        {claim.debtor.given["kind"] for claim in claims} == {"company", "person"},
        {claim.debtor.country for claim in claims} == {"FR", "TN"},
        any("email" not in claim.debtor.given for claim in claims),
        any("address" not in claim.debtor.given for claim in claims),
        any(item.status for claim in claims for item in claim.items),
        any(item.kind == "credit_note" for claim in claims for item in claim.items),
        any(claim.global_amounts for claim in claims),
        any(claim.items and min(i.due_on for i in claim.items if i.due_on) > TODAY for claim in claims),
        all(claim.debtor.given.get("email", "@x.example").endswith(".example") for claim in claims),
    ]
    assert all(facts), facts


async def test_claims_taken_over_in_litigation_or_enforcement_are_not_idle(engine: AsyncEngine) -> None:
    later = [
        replace(each.intake, collector="")
        for each in portfolio(today=TODAY)
        if each.intake.takeover
        and each.intake.takeover.stage in (Stage.LITIGATION, Stage.ENFORCEMENT)
        and "legal_situation" not in each.intake.debtor.given  # that comes first then
    ]
    now = datetime(2026, 11, 23, 10, tzinfo=UTC)
    nexts: Counter[tuple[str, str]] = Counter()
    async with engine.begin() as connection:
        await ensure_standard(connection)
        for intake in later:
            new = await open_claim(connection, intake, author="test", now=now)
            claim = await load(connection, new.claim_id)
            assert claim is not None
            catalogue = await catalogue_for(connection, claim)
            step = next_step(claim, catalogue, now).step
            if step.kind is StepKind.CHECK and step.due_at and step.due_at <= now:  # a legal deadline is warned of
                step = next_step(check(claim, catalogue, step, now).claim, catalogue, now).step
            owed = any(item.off_scenario != "dispute" for item in claim.items) or claim.global_amounts
            if owed and step.kind is not StepKind.CLOSE:
                nexts[claim.stage.value, step.action_type or (step.plan_kind if step.due_at else "")] += 1
    assert len(nexts) >= 5
    assert {(stage, action) for stage, action in nexts if not action} == set(), nexts


async def test_it_arrives_once_each_claim_with_its_workflow(engine: AsyncEngine, temporal_address: str) -> None:
    async with a_world(engine, temporal_address) as world, world.working():
        assert await arrive(engine, world.tell, lambda: datetime.now(UTC), size=30)
        assert not await arrive(engine, world.tell, lambda: datetime.now(UTC), size=30)
        async with engine.connect() as connection:
            row = await imports.one(connection, SAMPLE)
        assert row is not None
        assert (row.state, row.rows, row.accepted, row.claims_started) == ("done", 30, 30, 30)
        assert await world.value(select(func.count()).select_from(tables.claim)) == 30


async def test_stopped_on_the_way_it_goes_on_and_brings_no_claim_twice(
    engine: AsyncEngine, temporal_address: str
) -> None:
    async with a_world(engine, temporal_address) as world, world.working():
        told: list[str] = []

        async def tell_until_the_power_fails(claim: ClaimToTell) -> None:
            if len(told) == 17:
                raise ConnectionError("the power failed")
            told.append(claim.number)
            await world.tell(claim)

        with pytest.raises(ConnectionError):
            await arrive(engine, tell_until_the_power_fails, lambda: datetime.now(UTC), size=40)
        assert await arrive(engine, world.tell, lambda: datetime.now(UTC) + timedelta(days=1), size=40)
        claims = select(func.count()).select_from(tables.claim)
        assert await world.value(claims) == 40
        running = 0
        for _ in range(50):
            running = (
                await world.client.count_workflows(
                    f"WorkflowType='Claim' AND ExecutionStatus='Running' AND WorkflowId IN ({await _ids(world.engine)})"
                )
            ).count
            if running == 40:
                break
            await asyncio.sleep(0.2)
        assert running == 40


async def _ids(engine: AsyncEngine) -> str:
    async with engine.connect() as connection:
        numbers = (await connection.execute(select(tables.claim.c.number))).scalars().all()
    return ", ".join(f"'claim/{number}'" for number in numbers)
