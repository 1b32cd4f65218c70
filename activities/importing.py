"""Importing a portfolio: the file's rows are taken in small transactions, then the claims' workflows are started.

How far it came stands in portfolio_import and is written in the transaction of the work itself, so an activity that
is killed goes on at the same group, and a repeated one does nothing twice. Histories see counts only.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from temporalio import activity
from temporalio.exceptions import ApplicationError

from db import imports, portfolio_intake, telling
from db.imports import ImportRow
from db.telling import ClaimToTell
from domain.file_mapping import FileMapping, read_mapping
from domain.portfolio_file import Portfolio, read_portfolio
from domain.progress import ImportProgress
from domain.reading import Refused
from domain.table_file import read_table

GROUPS_AT_ONCE = 100  # claims in one transaction
STARTED_AT_ONCE = 200  # claims between two notes of how far we are
IN_PARALLEL = 16  # starts on their way to the server
A_WHILE = 8.0  # seconds of work before the workflow hears of it
SHORTLY = timedelta(0)

Tell = Callable[[ClaimToTell], Awaitable[None]]


class Importing:
    """The import's activities; `tell` starts a claim's workflow or wakes it (workflows/clock.py)."""

    def __init__(
        self, engine: AsyncEngine, tell: Tell, *, groups: int = GROUPS_AT_ONCE, starts: int = STARTED_AT_ONCE
    ) -> None:
        self._engine = engine
        self._tell = tell
        self._groups, self._starts = groups, starts
        self._read: tuple[UUID, Portfolio, FileMapping] | None = None

    @activity.defn
    async def take_rows(self, import_id: str) -> ImportProgress:
        """Take rows for a while; `finished` when all are taken, `failed` when the file cannot be read at all."""
        key = UUID(import_id)
        try:
            portfolio, mapping = await self._portfolio(key)
        except Refused as refused:
            return await self._fail(key, refused)
        began = asyncio.get_running_loop().time()
        while True:
            row = await self._take_some(key, portfolio, mapping)
            activity.heartbeat(row.taken)
            finished = (row.taken or 0) >= len(portfolio.groups)
            if finished or asyncio.get_running_loop().time() - began > A_WHILE:
                return _progress(row, finished=finished)

    @activity.defn
    async def start_claims(self, import_id: str) -> ImportProgress:
        """Start workflows for a while, the claims by number; then wake known claims that got items."""
        key = UUID(import_id)
        began = asyncio.get_running_loop().time()
        while asyncio.get_running_loop().time() - began < A_WHILE:
            async with self._engine.connect() as connection:
                row = await _of(connection, key)
                some = await telling.claims_of_import(connection, key, after=row.told, limit=self._starts)
            if not some:
                await self._wake(key)
                return await self._finish(key)
            await self._tell_all(some)
            async with self._engine.begin() as connection:
                row = await _of(connection, key, lock=True)
                if row.told < some[-1].number:
                    await imports.change(
                        connection, key, told=some[-1].number, claims_started=row.claims_started + len(some)
                    )
        return _progress(row, finished=False)

    async def _portfolio(self, key: UUID) -> tuple[Portfolio, FileMapping]:
        """The file, read once on each worker that comes to it; raises Refused."""
        if self._read is None or self._read[0] != key:
            async with self._engine.connect() as connection:
                row = await _of(connection, key)
                content = await imports.content(connection, key)
            portfolio, mapping = await asyncio.to_thread(_portfolio_in, content, row.mapping, row.created_at)
            self._read = (key, portfolio, mapping)
        return self._read[1], self._read[2]

    async def _take_some(self, key: UUID, portfolio: Portfolio, mapping: FileMapping) -> ImportRow:
        """One transaction: some groups, their counts and errors, and how far we are."""
        async with self._engine.begin() as connection:
            row = await _of(connection, key, lock=True)
            if row.taken is None:
                await imports.reject(connection, key, portfolio.errors)
                start = {
                    "taken": 0,
                    "rows": portfolio.rows,
                    "unchanged": portfolio.repeated,
                    "rejected": portfolio.rejected,
                }
                await imports.change(connection, key, state="running", **start)
                return await _of(connection, key)
            groups = portfolio.groups[row.taken : row.taken + self._groups]
            taken = await portfolio_intake.take(
                connection,
                groups,
                one_claim_per=mapping.one_claim_per,
                import_id=key,
                author=row.author,
                now=_wall_clock(),
            )
            await imports.reject(connection, key, taken.errors)
            await imports.change(
                connection, key, taken=row.taken + len(groups), accepted=row.accepted + taken.accepted,
                unchanged=row.unchanged + taken.unchanged, rejected=row.rejected + taken.rejected,
                claims_total=row.claims_total + len(taken.opened),
            )  # fmt: skip
            return await _of(connection, key)

    async def _tell_all(self, claims: Sequence[ClaimToTell]) -> None:
        slots = asyncio.Semaphore(IN_PARALLEL)

        async def one(claim: ClaimToTell) -> None:
            async with slots:
                await self._tell(claim)
                activity.heartbeat()

        await asyncio.gather(*(one(claim) for claim in claims))

    async def _wake(self, key: UUID) -> None:
        """Known claims that this import added items to."""
        after: UUID | None = None
        while True:
            async with self._engine.connect() as connection:
                some = await telling.unread(
                    connection, older_than=SHORTLY, limit=STARTED_AT_ONCE, after=after, keys_from=f"import/{key}/"
                )
            if not some:
                return
            await self._tell_all(some)
            after = some[-1].id

    async def _finish(self, key: UUID) -> ImportProgress:
        async with self._engine.begin() as connection:
            await imports.change(connection, key, state="done")
            row = await _of(connection, key)
        self._read = None
        return _progress(row, finished=True)

    async def _fail(self, key: UUID, refused: Refused) -> ImportProgress:
        async with self._engine.begin() as connection:
            await imports.change(connection, key, state="failed", detail=str(refused)[:1000])
            row = await _of(connection, key)
        return _progress(row, finished=False)


def _portfolio_in(content: bytes, mapping: dict[str, object], created_at: datetime) -> tuple[Portfolio, FileMapping]:
    """`today`, for dates that are moved, is the day on which the file came, however long the import takes."""
    table = read_table(content)
    today = mapping.get("today")
    fitted = read_mapping(mapping).for_headers(table.headers)
    day = date.fromisoformat(today) if isinstance(today, str) else created_at.astimezone(UTC).date()
    return read_portfolio(table, fitted, today=day), fitted


async def _of(connection: AsyncConnection, key: UUID, *, lock: bool = False) -> ImportRow:
    row = await imports.one(connection, key, lock=lock)
    if row is None:
        raise ApplicationError("there is no such import", type="UnknownImport", non_retryable=True)
    return row


def _progress(row: ImportRow, *, finished: bool) -> ImportProgress:
    return ImportProgress(
        row.rows, row.accepted, row.unchanged, row.rejected, row.claims_started, row.claims_total,
        finished=finished, failed=row.state == "failed",
    )  # fmt: skip


def _wall_clock() -> datetime:
    """When a claim is opened: intake happens in our time, virtual time belongs to claims that run."""
    return datetime.now(UTC)
