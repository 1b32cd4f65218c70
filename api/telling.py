"""The way to the claims' workflows. Without it everything is still taken: the inbox keeps it, the sweep tells it again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from temporalio.client import Client
from temporalio.exceptions import TemporalError

from workflows.clock import ToldClaim, ask, tell
from workflows.jobs import start_job

_log = logging.getLogger(__name__)

MOST_IN_FLIGHT = 200  # signals still on their way; what comes on top is left to the sweep
SIGNAL_LIMIT = timedelta(seconds=10)
PATIENCE = 0.25  # seconds a writer waits for its signal to be stored
BETWEEN_ATTEMPTS = (0.2, 0.5, 1.0, 2.0, 5.0)  # seconds, the last one again and again

Connect = Callable[[], Awaitable[Client]]


class Telling:
    """A client of the Temporal server that may not be there yet, or not any more."""

    def __init__(self, client: Client | None = None, connect: Connect | None = None) -> None:
        self.client = client
        self._connect = connect
        self._connecting: asyncio.Task[None] | None = None
        self._on_their_way: set[asyncio.Task[None]] = set()

    def begin(self) -> None:
        """Connect in the background until it succeeds."""
        if self.client is None and self._connect is not None:
            self._connecting = asyncio.create_task(self._keep_trying(self._connect))

    async def end(self) -> None:
        """Stop connecting; signals on their way get a moment to arrive."""
        if self._connecting is not None:
            self._connecting.cancel()
            with suppress(asyncio.CancelledError):
                await self._connecting
        if self._on_their_way:
            _, late = await asyncio.wait(self._on_their_way, timeout=2)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def fact(self, claim: ToldClaim, kind: str, entry_id: UUID, *, now: datetime) -> None:
        """Tell a claim that a fact stands in its inbox; returns when that is stored, or after a moment anyway."""
        if self.client is None or len(self._on_their_way) >= MOST_IN_FLIGHT:
            return
        task = asyncio.create_task(self._tell(self.client, claim, kind, entry_id, now))
        self._on_their_way.add(task)
        task.add_done_callback(self._on_their_way.discard)
        await asyncio.wait({task}, timeout=PATIENCE)

    async def job(self, kind: str, job_id: UUID) -> None:
        """Start the workflow of an import or a fast-forward; without the server the sweep does it later."""
        if self.client is None:
            return
        task = asyncio.create_task(self._start_job(self.client, kind, job_id))
        self._on_their_way.add(task)
        task.add_done_callback(self._on_their_way.discard)
        await asyncio.wait({task}, timeout=PATIENCE)

    async def request(self, claim: ToldClaim, kind: str, entry_id: UUID, *, now: datetime, deadline: timedelta) -> None:
        """Ask a claim to decide on an entry, and wait for that until the deadline; the outcome stands in the inbox."""
        if self.client is None:
            return
        try:
            async with asyncio.timeout(deadline.total_seconds() + 0.2):
                await ask(self.client, claim, kind, entry_id, now=now, deadline=deadline)
        except (TemporalError, RuntimeError, TimeoutError) as error:  # refused, late or lost: the inbox knows
            _log.info("%s did not answer to %s: %s", claim.workflow_id, kind, type(error).__name__)

    async def _tell(self, client: Client, claim: ToldClaim, kind: str, entry_id: UUID, now: datetime) -> None:
        try:
            await tell(client, claim, kind, entry_id, now=now, deadline=SIGNAL_LIMIT)
        except (TemporalError, RuntimeError) as error:
            _log.warning("%s was not told of %s, the sweep will: %s", claim.workflow_id, kind, type(error).__name__)

    async def _start_job(self, client: Client, kind: str, job_id: UUID) -> None:
        try:
            await start_job(client, kind, job_id)
        except (TemporalError, RuntimeError) as error:
            _log.warning("%s was not started, the sweep will: %s", kind, type(error).__name__)

    async def _keep_trying(self, connect: Connect) -> None:
        for attempt in range(10**9):
            try:
                self.client = await connect()
            except (TemporalError, RuntimeError, OSError, ValueError) as error:
                _log.info("the Temporal server is not reached yet: %s", type(error).__name__)
                await asyncio.sleep(BETWEEN_ATTEMPTS[min(attempt, len(BETWEEN_ATTEMPTS) - 1)])
            else:
                return
