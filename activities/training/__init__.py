"""Fast-forward (training only): each claim's own time is moved on the server, many claims at once.

The server decides every instant; nothing here tells a claim what time it is. A claim has arrived when its time is
there and everything that this caused is done; only then its `clock_ahead` is written.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from datetime import time as day_time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from activities.training.virtual_time import Clock, Overtaken, VirtualTime, pause, wall_clock
from db import journeys, telling
from db.journeys import Journey, Traveller
from db.telling import ClaimToTell
from domain.progress import JourneyProgress

IN_PARALLEL = 16  # claims under way; more only makes each of them slower on two cores
A_WHILE = 60.0  # seconds before the workflow hears of it
TOO_LONG = 300.0  # seconds for one claim to come to rest
PATIENCE = 3.0  # seconds for what is overdue and does not begin
SHORTEST_HOP = timedelta(minutes=10)
NEARBY = timedelta(seconds=3)  # waited for, not skipped to

Tell = Callable[[ClaimToTell], Awaitable[None]]


class NoRest(Exception):
    """A claim's workflow is still busy after a long time."""


class Training:
    """The fast-forward's activity; `tell` starts a claim's workflow that does not run (workflows/clock.py)."""

    def __init__(self, engine: AsyncEngine, client: Client, tell: Tell) -> None:
        self._engine = engine
        self._client = client
        self._tell = tell
        self._places = asyncio.Semaphore(IN_PARALLEL)  # for all journeys together

    @activity.defn
    async def advance(self, journey_id: str) -> JourneyProgress:
        """Move the journey's claims for a while; `finished` when none is left."""
        key = UUID(journey_id)
        async with self._engine.begin() as connection:
            journey = await journeys.one(connection, key)
            if journey is None:
                raise ApplicationError("there is no such fast-forward", type="UnknownJourney", non_retryable=True)
            await journeys.begin(connection, key)
        began, moving = time.monotonic(), dict[UUID, asyncio.Task[None]]()
        try:
            while True:
                if time.monotonic() - began < A_WHILE:
                    await self._set_out(journey, moving)
                if not moving and await self._is_over(journey, late=time.monotonic() - began >= A_WHILE):
                    return await self._progress(key)
                await asyncio.wait(moving.values(), timeout=1) if moving else await pause(0.2)
                activity.heartbeat(len(moving))
                for claim_id in [claim_id for claim_id, task in moving.items() if task.done()]:
                    moving.pop(claim_id).result()
        finally:
            for task in moving.values():
                task.cancel()

    async def _set_out(self, journey: Journey, moving: dict[UUID, asyncio.Task[None]]) -> None:
        """Let claims leave while there is room; one that an earlier journey still moves waits."""
        if len(moving) >= IN_PARALLEL:
            return
        async with self._engine.connect() as connection:
            some = await journeys.ready(connection, journey, without=moving, limit=IN_PARALLEL - len(moving))
        for traveller in some:
            moving[traveller.claim_id] = asyncio.create_task(self._move(journey, traveller))

    async def _is_over(self, journey: Journey, *, late: bool) -> bool:
        """Nothing is under way: either all is done, or it is time to let the workflow hear of it."""
        if late:
            return True
        async with self._engine.connect() as connection:
            tally = await journeys.tally(connection, journey.id)
        return tally.arrived + tally.stopped + len(tally.failed) == tally.total

    async def _progress(self, key: UUID) -> JourneyProgress:
        async with self._engine.begin() as connection:
            tally = await journeys.tally(connection, key)
            failed = len(tally.failed)
            finished = tally.arrived + tally.stopped + failed == tally.total
            if finished:
                await journeys.finish(connection, key)
        return JourneyProgress(tally.total, tally.arrived, tally.stopped, failed, finished)

    # ---- one claim -------------------------------------------------------------------------------

    async def _move(self, journey: Journey, traveller: Traveller) -> None:
        """Carry one claim to where it is going; what goes wrong with it stops no other."""
        virtual = VirtualTime(self._client, f"claim/{traveller.number}")
        try:
            async with self._places, asyncio.timeout(TOO_LONG):
                state, detail, ahead = await self._travel(journey, traveller, virtual)
        except (NoRest, TimeoutError):
            state, detail, ahead = "failed", f"did not come to rest within {TOO_LONG:.0f} seconds", None
        except (RPCError, RuntimeError) as error:
            state, detail, ahead = "failed", f"the Temporal server refused: {error}", None
        except SQLAlchemyError as error:
            activity.logger.warning("a claim could not be moved: %s", type(error).__name__)
            raise
        async with self._engine.begin() as connection:
            await journeys.arrive(
                connection, journey.id, traveller.claim_id, state=state, detail=detail, clock_ahead=ahead
            )

    async def _travel(
        self, journey: Journey, traveller: Traveller, virtual: VirtualTime
    ) -> tuple[str, str, timedelta | None]:
        """State, detail, and how far its time is ahead of ours."""
        clock = await self._running(traveller, virtual)
        if not clock.running:
            return "arrived", "closed", None
        target_at = traveller.target_at or await self._aim(journey, traveller, clock.now)
        hops = 0
        while True:
            clock = await self._at_rest(traveller, virtual)
            if not clock.running:
                return "arrived", "closed on the way", clock.now - wall_clock()
            if journey.stop_at_task and await self._asks_a_person(traveller):
                return "stopped", "a person is asked", clock.now - wall_clock()
            if clock.now >= target_at:
                return "arrived", "", clock.now - wall_clock()
            hop_to = await self._next_stop(traveller, clock.now, target_at)
            hops += 1
            if hop_to - clock.now < NEARBY:
                await pause((hop_to - clock.now).total_seconds())
                continue
            try:
                await virtual.move(hop_to - clock.now, key=f"{journey.id}/{activity.info().attempt}/{hops}")
            except Overtaken:
                continue

    async def _running(self, traveller: Traveller, virtual: VirtualTime) -> Clock:
        """Its workflow, started first when there is none though the claim is open."""
        clock = await virtual.clock()
        if clock.running or traveller.stage == "closed":
            return clock
        async with self._engine.connect() as connection:
            claims = await telling.these(connection, [traveller.claim_id])
        for claim in claims:
            await self._tell(claim)
        return await virtual.clock()

    async def _aim(self, journey: Journey, traveller: Traveller, now: datetime) -> datetime:
        """Fixed once, so that an activity that is repeated does not move the claim twice."""
        if journey.until is not None:
            aim = datetime.combine(journey.until, day_time(0), ZoneInfo(traveller.time_zone)).astimezone(UTC)
        else:
            aim = now + timedelta(days=journey.days or 0)
        async with self._engine.begin() as connection:
            await journeys.set_target(connection, journey.id, traveller.claim_id, aim)
        return aim

    async def _asks_a_person(self, traveller: Traveller) -> bool:
        async with self._engine.connect() as connection:
            return (await journeys.where_it_stands(connection, traveller.claim_id)).asks_a_person

    async def _next_stop(self, traveller: Traveller, now: datetime, target_at: datetime) -> datetime:
        """The instant at which something is due next, never beyond it.

        The server (1.32.0) skips to the *next timer* when a fast-forward's target has gone by while work was under
        way: a claim moved by four days lived six. Targets where nothing else can be under way are safe: the instant
        of the next timer itself, or one before it.
        """
        async with self._engine.connect() as connection:
            stands = await journeys.where_it_stands(connection, traveller.claim_id)
        if stands.next_at is None:
            return target_at
        if stands.next_at <= now:  # held back, or its timer is a little late
            return min(target_at, now + SHORTEST_HOP)
        return min(target_at, stands.next_at)

    async def _at_rest(self, traveller: Traveller, virtual: VirtualTime) -> Clock:
        """Wait until nothing is under way: twice in a row no pending activity or workflow task, nothing due, no news.

        A timer that is due has not always become a workflow task when the time is there, so what the claim's plan
        calls due is waited for as well; not for ever: a step that is held back stays due.
        """
        quiet, began, wait = 0, time.monotonic(), 0.02
        waited_for_due = 0.0
        while time.monotonic() - began < TOO_LONG:
            clock = await virtual.clock()
            if not clock.running:
                return clock
            quiet = 0 if clock.busy else quiet + 1
            if quiet >= 2:
                if waited_for_due >= PATIENCE or not await self._is_due(traveller, clock.now):
                    return clock
                quiet, waited_for_due = 0, waited_for_due + wait
            await pause(wait)
            wait = min(wait * 1.5, 0.3)
        raise NoRest

    async def _is_due(self, traveller: Traveller, now: datetime) -> bool:
        async with self._engine.connect() as connection:
            stands = await journeys.where_it_stands(connection, traveller.claim_id)
        due = stands.next_at is not None and stands.next_at <= now
        return not stands.closed and (due or stands.has_news)
