"""Fast-forward on the real server: claims arrive with everything done, in order, and nothing late."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from db import journeys, tables
from domain.progress import JourneyProgress
from tests.portfolio.world import World, a_world, eventually
from workflows.jobs import start_job

A_MINUTE = timedelta(minutes=1)  # the wall clock goes on while a claim is moved


async def forward(world: World, claims: list[UUID], **request: object) -> JourneyProgress:
    async with world.engine.begin() as connection:
        key = await journeys.add(
            connection, {"days": None, "until": None, "stop_at_task": False, **request}, claims, author="test"
        )
    await start_job(world.client, "FastForward", key)
    handle = world.client.get_workflow_handle(f"fast-forward/{key}", result_type=JourneyProgress)
    return await asyncio.wait_for(handle.result(), 60)


async def ahead(world: World, claim_id: UUID) -> timedelta:
    return await world.value(select(tables.claim.c.clock_ahead).where(tables.claim.c.id == claim_id))


async def test_when_a_claim_has_arrived_all_it_had_to_do_is_done_and_nothing_was_late(
    engine: AsyncEngine, temporal_address: str
) -> None:
    async with a_world(engine, temporal_address, slowness=0.1) as world, world.working():
        some = [await world.a_claim() for _ in range(5)]
        progress = await forward(world, [claim.claim_id for claim in some], days=100)
        at_arrival = {number: len(sent) for number, sent in world.claims.sent.items()}
        await asyncio.sleep(1.5)
        assert progress == JourneyProgress(total=5, arrived=5, finished=True)
        assert at_arrival == {claim.number: 6 for claim in some}
        assert at_arrival == {number: len(sent) for number, sent in world.claims.sent.items()}
        late = [as_of - due_at for sent in world.claims.sent.values() for due_at, as_of in sent]
        assert max(late) < timedelta(seconds=30)
        for claim in some:
            assert abs(await ahead(world, claim.claim_id) - timedelta(days=100)) < A_MINUTE


async def test_a_long_way_over_several_runs_of_the_workflow_leaves_nothing_out(
    engine: AsyncEngine, temporal_address: str
) -> None:
    async with a_world(engine, temporal_address) as world, world.working():
        claim = await world.a_claim()
        await forward(world, [claim.claim_id], days=15 * 100 + 1)
        sent = world.claims.sent[claim.number]
        assert len(sent) == 100
        assert max(as_of - due_at for due_at, as_of in sent) < timedelta(minutes=1)


async def test_journeys_of_one_claim_follow_each_other(engine: AsyncEngine, temporal_address: str) -> None:
    async with a_world(engine, temporal_address, slowness=0.1) as world, world.working():
        claim = await world.a_claim()
        await asyncio.gather(*(forward(world, [claim.claim_id], days=20) for _ in range(4)))
        assert len(world.claims.sent[claim.number]) == 5
        assert abs(await ahead(world, claim.claim_id) - timedelta(days=80)) < A_MINUTE


async def test_until_a_date_is_the_start_of_that_day_where_the_claim_lives(
    engine: AsyncEngine, temporal_address: str
) -> None:
    async with a_world(engine, temporal_address) as world, world.working():
        reference = str(uuid4().int)[:12]
        debtor = {"reference": reference, "name": "Dupont", "country": "FR", "time_zone": "Pacific/Noumea"}
        claim = await world.a_claim(debtor=debtor)
        until = datetime.now(UTC).date() + timedelta(days=40)
        await forward(world, [claim.claim_id], until=until.isoformat())
        reached = datetime.now(UTC) + await ahead(world, claim.claim_id)
        start = datetime(until.year, until.month, until.day, tzinfo=UTC) - timedelta(hours=11)
        assert start <= reached < start + timedelta(minutes=1)


async def test_it_stops_where_a_person_is_asked(engine: AsyncEngine, temporal_address: str) -> None:
    async with a_world(engine, temporal_address, asks_after=3) as world, world.working():
        claim = await world.a_claim()
        progress = await forward(world, [claim.claim_id], days=365, stop_at_task=True)
        assert progress == JourneyProgress(total=1, stopped=1, finished=True)
        assert abs(await ahead(world, claim.claim_id) - timedelta(days=45)) < A_MINUTE
        assert len(world.claims.sent[claim.number]) == 3


async def test_a_claim_that_closes_on_the_way_is_not_waited_for(engine: AsyncEngine, temporal_address: str) -> None:
    async with a_world(engine, temporal_address, closes_after=2) as world, world.working():
        claim = await world.a_claim()
        progress = await forward(world, [claim.claim_id], days=365)
        assert progress == JourneyProgress(total=1, arrived=1, finished=True)
        assert await ahead(world, claim.claim_id) > timedelta(days=29)
        again = await forward(world, [claim.claim_id], days=10)
        assert again == JourneyProgress(total=1, arrived=1, finished=True)


async def test_a_worker_that_dies_on_the_way_moves_no_claim_twice(engine: AsyncEngine, temporal_address: str) -> None:
    async with a_world(engine, temporal_address, slowness=0.3) as world:
        async with world.working():
            some = [await world.a_claim() for _ in range(3)]
            moving = asyncio.create_task(forward(world, [claim.claim_id for claim in some], days=100))

            async def on_its_way() -> bool:
                return any(world.claims.sent.values())

            await eventually(on_its_way)
        async with world.working():
            assert (await moving).arrived == 3
        for claim in some:
            assert len(world.claims.sent[claim.number]) == 6
            assert abs(await ahead(world, claim.claim_id) - timedelta(days=100)) < A_MINUTE
