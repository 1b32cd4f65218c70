"""The sweep: what was not told is told again, what does not run is started; what is well is left alone."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from db import entries, imports, tables
from db.intake import Opened, open_claim
from domain.intake import read_intake
from domain.progress import Swept
from tests.portfolio.world import World, a_world, eventually
from workflows.jobs import ensure_schedules
from workflows.schedules import SweepWorkflow


async def sweep(world: World, name: str) -> Swept:
    return await world.client.execute_workflow(SweepWorkflow.run, 1, id=f"sweep-test/{name}", task_queue="claims")


async def untold(world: World, reference: str) -> Opened:
    """A claim that was taken while Temporal was down, a while ago."""
    item = {"reference": "F1", "due_on": "2026-01-01", "amount": "10"}
    body = {
        "creditor": "ACME",
        "reference": reference,
        "currency": "EUR",
        "debtor": {"reference": reference, "name": "Dupont"},
        "items": [item],
    }
    async with world.engine.begin() as connection:
        opened = await open_claim(connection, read_intake(body), author="test", now=datetime.now(UTC))
        await connection.execute(update(tables.entry).values(received_at=datetime.now(UTC) - timedelta(minutes=1)))
    return opened


async def is_running(world: World, number: str) -> bool:
    found = await world.client.count_workflows(f"WorkflowId='claim/{number}' AND ExecutionStatus='Running'")
    return found.count == 1


async def is_read(world: World, claim: Opened) -> bool:
    async with world.engine.connect() as connection:
        return not await entries.has_unapplied(connection, claim.claim_id)


async def test_claims_taken_while_the_server_was_down_get_their_workflow(
    engine: AsyncEngine, temporal_address: str
) -> None:
    async with a_world(engine, temporal_address) as world, world.working():
        some = [await untold(world, f"S{n}") for n in range(3)]
        assert (await sweep(world, some[0].number)).unread == 3
        for claim in some:
            await eventually(lambda claim=claim: is_running(world, claim.number))
            await eventually(lambda claim=claim: is_read(world, claim))
        assert (await sweep(world, some[1].number)).unread == 0


async def test_an_entry_that_nobody_read_wakes_its_claim_and_a_fresh_one_is_left_alone(
    engine: AsyncEngine, temporal_address: str
) -> None:
    async with a_world(engine, temporal_address) as world, world.working():
        claim = await world.a_claim()

        async def all_read() -> bool:
            async with engine.connect() as connection:
                return not await entries.has_unapplied(connection, claim.claim_id)

        await eventually(all_read)
        async with engine.begin() as connection:
            added = await entries.append(
                connection, claim_id=claim.claim_id, kind="note_added", payload={"text": "x"}, author="test"
            )
        assert (await sweep(world, f"{claim.number}/fresh")).unread == 0
        async with engine.begin() as connection:
            old = datetime.now(UTC) - timedelta(minutes=1)
            await connection.execute(
                update(tables.entry).where(tables.entry.c.id == added.entry_id).values(received_at=old)
            )
        assert (await sweep(world, f"{claim.number}/old")).unread == 1
        await eventually(all_read)


async def test_an_open_claim_whose_workflow_is_gone_gets_another(engine: AsyncEngine, temporal_address: str) -> None:
    async with a_world(engine, temporal_address) as world, world.working():
        claim = await world.a_claim()
        await eventually(lambda: is_running(world, claim.number))
        await world.client.get_workflow_handle(f"claim/{claim.number}").terminate()

        async def gone() -> bool:
            return not await is_running(world, claim.number)

        await eventually(gone)
        others = (await world.client.count_workflows("WorkflowType='Claim' AND ExecutionStatus='Running'")).count
        async with (
            engine.begin() as connection
        ):  # as many open claims as run elsewhere on this shared server, and one more
            row = (await connection.execute(select(tables.claim))).mappings().one()
            for n in range(others):
                await connection.execute(
                    tables.claim.insert().values(
                        {**row, "id": f"00000000-0000-4000-8000-{n:012}", "number": f"X{n}", "reference": f"X{n}"}
                    )
                )
        swept = await sweep(world, claim.number)
        assert swept.missing >= 1
        await eventually(lambda: is_running(world, claim.number))


async def test_an_import_that_could_not_be_started_is_started(engine: AsyncEngine, temporal_address: str) -> None:
    async with a_world(engine, temporal_address) as world, world.working():
        content = b"creditor,debtor_reference,debtor_name,item_reference,due_on,amount,currency\nA,D,Dupont,F9,2026-01-01,1,EUR\n"
        async with engine.begin() as connection:
            key = await imports.add(connection, file_name="f.csv", content=content, mapping={}, author="test")
        await sweep(world, str(key))

        async def done() -> bool:
            async with engine.connect() as connection:
                row = await imports.one(connection, key)
            return row is not None and row.state == "done"

        await eventually(done)


async def test_the_schedule_is_created_once_and_runs_at_once(engine: AsyncEngine, temporal_address: str) -> None:
    async with a_world(engine, temporal_address) as world, world.working():
        claim = await untold(world, "SCHEDULED")
        await ensure_schedules(world.client)
        await ensure_schedules(world.client)
        try:
            await eventually(lambda: is_running(world, claim.number))
            listed = [schedule.id async for schedule in await world.client.list_schedules()]
            assert listed == ["sweep"]
        finally:
            await world.client.get_schedule_handle("sweep").delete()
