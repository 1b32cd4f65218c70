"""The sweep: whatever was not told is told again, so nothing is lost when a signal or a start did not arrive.

Claims whose inbox nobody reads, open claims without a running workflow, imports and fast-forwards that stand still.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio import activity
from temporalio.client import Client

from db import imports, journeys, telling
from db.telling import ClaimToTell
from domain.progress import Swept

UNREAD_FOR = timedelta(seconds=20)
TOLD_AT_ONCE = 100
MOST_UNREAD = 1000  # a sweep; the next one comes in a minute
LOOKED_AT = 1000  # open claims a sweep looks at when some workflow is missing
IN_ONE_QUERY = 50  # workflow ids in one question to the server
IN_PARALLEL = 8

Tell = Callable[[ClaimToTell], Awaitable[None]]
StartJob = Callable[[str, UUID], Awaitable[None]]


class Sweeping:
    """`tell` starts a claim's workflow or wakes it; `start_job` starts that of an import or a fast-forward, if none runs."""

    def __init__(self, engine: AsyncEngine, client: Client, tell: Tell, start_job: StartJob) -> None:
        self._engine = engine
        self._client = client
        self._tell = tell
        self._start_job = start_job

    @activity.defn
    async def sweep(self, after: str) -> Swept:
        """One round; `after` is where the last one stopped looking for missing workflows."""
        async with self._engine.connect() as connection:
            jobs = [("PortfolioImport", key) for key in await imports.unfinished(connection)]
            jobs += [("FastForward", key) for key in await journeys.unfinished(connection)]
        for kind, key in jobs:
            await self._start_job(kind, key)
        unread = await self._wake_unread()
        missing, looked_until = await self._start_missing(UUID(after) if after else None)
        return Swept(unread, missing, looked_until)

    async def _wake_unread(self) -> int:
        told, after = 0, None
        while told < MOST_UNREAD:
            async with self._engine.connect() as connection:
                some = await telling.unread(connection, older_than=UNREAD_FOR, limit=TOLD_AT_ONCE, after=after)
            if not some:
                break
            await self._tell_all(some)
            told, after = told + len(some), some[-1].id
        return told

    async def _start_missing(self, after: UUID | None) -> tuple[int, str]:
        """Where the server runs as many claims as are open, nothing is missing; else some claims are looked at."""
        running = await self._client.count_workflows("WorkflowType = 'Claim' AND ExecutionStatus = 'Running'")
        async with self._engine.connect() as connection:
            if running.count >= await telling.count_open(connection):
                return 0, ""
            claims = await telling.open_claims(connection, after=after, limit=LOOKED_AT)
        missing: list[ClaimToTell] = []
        for first in range(0, len(claims), IN_ONE_QUERY):
            some = claims[first : first + IN_ONE_QUERY]
            found = await self._running(some)
            missing += [claim for claim in some if f"claim/{claim.number}" not in found]
            activity.heartbeat(first)
        await self._tell_all(missing)
        return len(missing), str(claims[-1].id) if len(claims) == LOOKED_AT else ""

    async def _running(self, claims: Sequence[ClaimToTell]) -> set[str]:
        ids = ", ".join(f"'claim/{claim.number}'" for claim in claims)
        query = f"WorkflowId IN ({ids}) AND ExecutionStatus = 'Running'"
        return {found.id async for found in self._client.list_workflows(query)}

    async def _tell_all(self, claims: Sequence[ClaimToTell]) -> None:
        slots = asyncio.Semaphore(IN_PARALLEL)

        async def one(claim: ClaimToTell) -> None:
            async with slots:
                await self._tell(claim)
                activity.heartbeat()

        await asyncio.gather(*(one(claim) for claim in claims))
