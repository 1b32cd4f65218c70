"""A portfolio import on the real server: every row counted once, every claim running, also after a kill."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from db import imports, tables
from db.imports import ImportRow
from tests.portfolio.world import World, a_world, eventually
from workflows.jobs import start_job

HEADER = "claim_reference,creditor,debtor_reference,debtor_name,debtor_email,item_reference,issued_on,due_on,amount,currency,disputed,preferred_channel"


def a_row(n: int, claim: str = "", **changes: str) -> str:
    cells = {
        "claim_reference": claim or f"C{n}", "creditor": "ACME", "debtor_reference": f"D{n % 7}", "debtor_name": "Société Générique",
        "debtor_email": "x@d.example", "item_reference": f"F{n}", "issued_on": "2026-01-01", "due_on": "2026-02-01",
        "amount": "12.50", "currency": "EUR", "disputed": "no", "preferred_channel": "email", **changes,
    }  # fmt: skip
    return ",".join(cells.values())


async def put(world: World, rows: list[str], **mapping: object) -> UUID:
    content = "\n".join([HEADER, *rows]).encode()
    async with world.engine.begin() as connection:
        key = await imports.add(connection, file_name="f.csv", content=content, mapping=dict(mapping), author="test")
    await start_job(world.client, "PortfolioImport", key)
    return key


async def state(world: World, key: UUID) -> ImportRow:
    async with world.engine.connect() as connection:
        row = await imports.one(connection, key)
    assert row is not None
    return row


async def done(world: World, key: UUID) -> ImportRow:
    async def over() -> bool:
        return (await state(world, key)).state in {"done", "failed"}

    await eventually(over, 60)
    return await state(world, key)


async def test_good_rows_go_on_and_bad_ones_are_rejected_with_their_reason(
    engine: AsyncEngine, temporal_address: str
) -> None:
    async with a_world(engine, temporal_address) as world, world.working():
        rows = [
            a_row(1),
            a_row(2, "C1", debtor_reference="D1"),
            a_row(3, amount="-1"),
            a_row(4, due_on="soon"),
            a_row(1),
            a_row(5, currency="EURO"),
            a_row(6, disputed="yes"),
        ]
        key = await put(world, rows)
        row = await done(world, key)
        assert (row.state, row.rows, row.accepted, row.unchanged, row.rejected, row.claims_started) == (
            "done",
            7,
            3,
            1,
            3,
            2,
        )
        async with engine.connect() as connection:
            errors = await imports.errors(connection, key)
        assert [(e.line, e.column, e.value, e.code) for e in errors] == [
            (4, "amount", "-1", "not_positive"), (5, "due_on", "soon", "not_a_date"), (7, "currency", "EURO", "unknown_currency"),
        ]  # fmt: skip
        item = tables.item
        assert await world.value(select(item.c.status).where(item.c.reference == "F6")) == "disputed_commercial"
        number = await world.value(select(tables.claim.c.number).where(tables.claim.c.reference == "C1"))
        assert (await world.client.get_workflow_handle(f"claim/{number}").describe()).status.name == "RUNNING"


async def test_the_same_file_again_changes_nothing_and_a_corrected_row_is_added(
    engine: AsyncEngine, temporal_address: str
) -> None:
    async with a_world(engine, temporal_address) as world, world.working():
        await done(world, await put(world, [a_row(1), a_row(2, "C1", debtor_reference="D1", amount="x")]))
        row = await done(world, await put(world, [a_row(1), a_row(2, "C1", debtor_reference="D1")]))
        assert (row.accepted, row.unchanged, row.rejected) == (1, 1, 0)
        added = (
            select(func.count())
            .select_from(tables.entry)
            .where(tables.entry.c.kind == "items_added", tables.entry.c.state == "applied")
        )

        async def applied() -> bool:
            return await world.value(added) == 1

        await eventually(applied)


async def test_the_same_file_twice_at_once_is_taken_once(engine: AsyncEngine, temporal_address: str) -> None:
    async with a_world(engine, temporal_address) as world, world.working():
        rows = [a_row(n) for n in range(200)]
        keys = [await put(world, rows), await put(world, rows)]
        imports_done = [await done(world, key) for key in keys]
        assert sorted((row.accepted + row.unchanged, row.rejected) for row in imports_done) == [(200, 0), (200, 0)]
        assert sum(row.accepted for row in imports_done) == 200


async def test_a_reference_of_another_claim_and_unknown_codes_are_rejected(
    engine: AsyncEngine, temporal_address: str
) -> None:
    async with a_world(engine, temporal_address) as world, world.working():
        await world.a_claim(reference="TAKEN")
        rows = [a_row(1, "TAKEN"), a_row(2, "R26-0000001"), a_row(3)]
        key = await put(world, rows, defaults={"scenario": "unheard_of"})
        row = await done(world, key)
        async with engine.connect() as connection:
            codes = [error.code for error in await imports.errors(connection, key)]
        assert (row.accepted, row.rejected) == (0, 3)
        assert codes == ["reference_taken", "reserved_reference", "unknown_scenario"]


async def test_a_file_that_is_none_fails_the_import_and_says_why(engine: AsyncEngine, temporal_address: str) -> None:
    async with a_world(engine, temporal_address) as world, world.working():
        async with engine.begin() as connection:
            key = await imports.add(
                connection, file_name="f.xlsx", content=b"PK\x03\x04no workbook", mapping={}, author="test"
            )
        await start_job(world.client, "PortfolioImport", key)
        row = await done(world, key)
        assert (row.state, row.rows) == ("failed", 0)
        assert "XLSX" in row.detail


async def test_a_worker_that_dies_in_the_middle_counts_no_row_twice(engine: AsyncEngine, temporal_address: str) -> None:
    async with a_world(engine, temporal_address, at_once=5) as world:
        async with world.working():
            key = await put(world, [a_row(n) for n in range(120)])

            async def begun() -> bool:
                return (await state(world, key)).claims_started > 10

            await eventually(begun)
        async with world.working():
            row = await done(world, key)
        assert (row.accepted, row.unchanged, row.rejected, row.claims_total, row.claims_started) == (
            120,
            0,
            0,
            120,
            120,
        )
        assert row.progress == 1.0
        assert await world.value(select(func.count()).select_from(tables.claim)) == 120


async def test_dates_move_to_the_day_on_which_the_file_came(engine: AsyncEngine, temporal_address: str) -> None:
    async with a_world(engine, temporal_address) as world, world.working():
        rows = [
            a_row(1, issued_on="2013-03-05", due_on="2013-04-04"),
            a_row(2, issued_on="2013-03-01", due_on="2013-03-31"),
        ]
        await done(world, await put(world, rows, shift_dates_to_today=True))
        today = datetime.now(UTC).date()
        item = tables.item
        assert await world.value(select(item.c.issued_on).where(item.c.reference == "F2")) == today
        assert await world.value(select(item.c.due_on).where(item.c.reference == "F1")) == today + timedelta(days=34)


async def test_nothing_of_the_file_stands_in_the_history(engine: AsyncEngine, temporal_address: str) -> None:
    async with a_world(engine, temporal_address) as world, world.working():
        key = await put(world, [a_row(1), a_row(2, amount="x")])
        await done(world, key)
        await asyncio.sleep(0.2)
        events = world.client.get_workflow_handle(f"import/{key}").fetch_history_events()
        history = "".join([str(event) async for event in events])  # its JSON form hides the words in base64
        assert not any(word in history for word in ("rique", "d.example", '"C1', '"F1', "ACME"))
        assert "rows" in history  # it does say how far it came
