"""A small world for imports, fast-forwards and sweeps: real PostgreSQL and Temporal, claims that only send letters.

The claims' planning is invented (a letter every 15 days, a question after the third where asked), so that what is
tested here is how they are started, moved and told, not what they decide.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio import activity
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import Worker

from activities.importing import Importing
from activities.sweeping import Sweeping
from activities.training import Training
from db import catalogue, tables
from db.intake import Opened, open_claim
from db.telling import ClaimToTell
from domain.intake import read_intake
from domain.steps import Order, Plan, PlanAsk, StepKind
from workflows.clock import ToldClaim, tell
from workflows.connection import Address, connect
from workflows.fast_forward import TRAINING_QUEUE
from workflows.jobs import start_job
from workflows.registry import RUNNER, WORKFLOWS

EVERY = timedelta(days=15)


@dataclass
class LetterClaims:
    """Plans and effects of every claim of a test; `sent` keeps (due_at, as_of) of each letter."""

    engine: AsyncEngine
    letters: int = 10**6
    asks_after: int = 10**6  # letters, then a person is asked
    slowness: float = 0.0  # seconds a letter takes
    closes_after: int = 10**6
    sent: dict[str, list[tuple[datetime, datetime]]] = field(default_factory=dict)
    opened: dict[str, datetime] = field(default_factory=dict)

    @activity.defn
    async def plan(self, ask: PlanAsk) -> Plan:
        claim = tables.claim
        async with self.engine.begin() as connection:
            row = (
                await connection.execute(select(claim).where(claim.c.id == UUID(ask.claim_id)).with_for_update())
            ).one()
            applied = update(tables.entry).where(tables.entry.c.claim_id == row.id, tables.entry.c.state == "received")
            await connection.execute(applied.values(state="applied", applied_at=ask.as_of))
            sent = self.sent.setdefault(row.number, [])
            first = self.opened.setdefault(row.number, ask.as_of)
            kind, due_at = StepKind.SEND_LETTER, first + EVERY * (len(sent) + 1)
            if len(sent) >= self.closes_after:
                kind = StepKind.CLOSE
            elif len(sent) >= min(self.letters, self.asks_after):
                kind = StepKind.WAIT
            due = due_at if kind is StepKind.SEND_LETTER else None
            stage = "closed" if kind is StepKind.CLOSE else row.stage
            await connection.execute(
                update(claim).where(claim.c.id == row.id).values(next_action_at=due, planned_at=ask.as_of, stage=stage)
            )
            if len(sent) == self.asks_after:
                await connection.execute(tables.task.insert().values(_a_task(row.id, ask.as_of)))
        return Plan(
            kind=kind, due_at=due, key=f"claim/{row.number}/{len(sent) + 1}", summary="letter", details="", stage=stage,
            waiting_for="date", ending="paid" if stage == "closed" else "",
        )  # fmt: skip

    @activity.defn
    async def send_letter(self, order: Order) -> str:
        await asyncio.sleep(self.slowness)
        number = order.key.split("/")[1]
        sent = self.sent[number]
        if len(sent) + 1 == int(order.key.split("/")[2]):
            sent.append((self.opened[number] + EVERY * (len(sent) + 1), order.as_of))
        return "sent"


def _a_task(claim_id: UUID, at: datetime) -> dict[str, Any]:
    return {
        "id": uuid4(), "claim_id": claim_id, "kind": "confirm_action", "version": 1, "state": "open", "role": "collector",
        "opened_at": at, "on_expiry": "withdraw", "allowed": [], "proposed": {}, "why": [],
    }  # fmt: skip


@dataclass
class World:
    engine: AsyncEngine
    client: Client
    claims: LetterClaims
    activities: list[Callable[..., Any]]
    training: Callable[..., Any]

    async def a_claim(self, number_of_items: int = 1, **changes: Any) -> Opened:
        """Opened and told, as the API does."""
        reference = str(uuid4().int)[:12]
        body = {
            "creditor": "ACME", "reference": reference, "currency": "EUR", "debtor": {"reference": reference, "name": "Dupont", "country": "FR"},
            "items": [{"reference": f"F{n}", "due_on": "2026-01-01", "amount": "10"} for n in range(number_of_items)], **changes,
        }  # fmt: skip
        async with self.engine.begin() as connection:
            opened = await open_claim(connection, read_intake(body), author="test", now=datetime.now(UTC))
        await self.tell(
            ClaimToTell(
                opened.claim_id, opened.number, "ACME", "EUR", "amicable", timedelta(0), "opened", opened.entry_id
            )
        )
        return opened

    async def tell(self, claim: ClaimToTell) -> None:
        await _tell(self.client, claim)

    async def value(self, query: Any) -> Any:
        async with self.engine.connect() as connection:
            return (await connection.execute(query)).scalar_one()

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """A worker runs."""
        async with (
            Worker(
                self.client,
                task_queue="claims",
                workflows=WORKFLOWS,
                activities=[self.claims.plan, *self.activities],
                workflow_runner=RUNNER,
            ),
            Worker(self.client, task_queue="letters", activities=[self.claims.send_letter]),
            Worker(self.client, task_queue=TRAINING_QUEUE, activities=[self.training]),
        ):
            yield


async def _tell(client: Client, claim: ClaimToTell) -> None:
    told = ToldClaim(claim.id, claim.number, claim.creditor, claim.currency, claim.stage, claim.clock_ahead)
    await tell(client, told, claim.kind, claim.entry_id, now=datetime.now(UTC), bulk=True)


@asynccontextmanager
async def a_world(
    engine: AsyncEngine, temporal_address: str, *, at_once: int = 100, **claims: Any
) -> AsyncIterator[World]:
    """Claim numbers start anywhere, because all tests share one Temporal server; what still runs is ended afterwards."""
    client = await connect(Address(temporal_address))
    async with engine.begin() as connection:
        await connection.execute(
            text(f"alter sequence claim_number_seq restart with {uuid4().int % 8_000_000 + 1_000_000}")
        )
        await catalogue.ensure_standard(connection)
    training = Training(engine, client, partial(_tell, client))
    world = World(engine, client, LetterClaims(engine, **claims), [], training.advance)
    importing = Importing(engine, world.tell, groups=at_once, starts=at_once)
    sweeping = Sweeping(engine, client, world.tell, partial(start_job, client))
    world.activities = [importing.take_rows, importing.start_claims, sweeping.sweep]
    try:
        yield world
    finally:
        async with engine.connect() as connection:
            numbers = (await connection.execute(select(tables.claim.c.number))).scalars().all()
        for number in numbers:
            await _end(client, f"claim/{number}")


async def _end(client: Client, workflow_id: str) -> None:
    try:
        await client.get_workflow_handle(workflow_id).terminate()
    except RPCError:
        return


async def eventually(truth: Callable[[], Any], within: float = 30) -> None:
    """Wait until the awaitable truth holds."""
    for _ in range(int(within / 0.05)):
        if await truth():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not happen in time")
