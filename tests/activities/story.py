"""A whole claim under test: real rows, the real workflow and worker, a real SMTP conversation into a real Maildir.

`Story` tells a claim what happens and moves its own time ahead on the real server.
"""

import asyncio
import mailbox
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.worker import Worker

from activities.checks import Checks
from activities.emails import Emails
from activities.letters import Letters
from activities.planning import Planning
from activities.tasks import Tasks
from activities.training.virtual_time import VirtualTime
from db import tables
from db.catalogue import ensure_standard, write
from db.claims import load
from db.entries import append, entry_of
from db.intake import open_claim
from domain.claim import Claim
from domain.intake import read_intake
from workflows.clock import ToldClaim, ask, tell
from workflows.registry import RUNNER, WORKFLOWS

SENDER = "Recouvra <recouvrement@recouvra.example>"
SHORT = timedelta(seconds=10)
WAIVED = {"interest": "none", "indemnity": "none"}
THE_SCENARIO = {
    "label": {"fr": "Essai", "en": "Trial"},
    "minimum_amount": "0.00",
    "ignore_items_below": "0.00",
    "minimum_days_between_contacts": 0,
    "sending_days": ["mon", "tue", "wed", "thu", "fri"],
    "sending_hours": ["09:00", "18:00"],
    "public_holidays": False,
    "steps": [
        {"action_type": "reminder_1", "after": {"due_date": 5}, "mode": "automatic"},
        {"action_type": "reminder_2", "after": {"due_date": 15}, "mode": "automatic"},
        {"action_type": "formal_notice", "after": {"due_date": 30}, "mode": "to_confirm", "expires_after_days": 6},
    ],
}


@dataclass
class Story:
    """One claim, told as the API tells it, and read as a supervisor or a debtor does."""

    client: Client
    engine: AsyncEngine
    told: ToldClaim
    maildir: Path

    @property
    def handle(self) -> WorkflowHandle[Any, Any]:
        return self.client.get_workflow_handle(self.told.workflow_id)

    async def claim(self) -> Claim:
        async with self.engine.begin() as connection:
            claim = await load(connection, self.told.id)
        assert claim is not None
        return claim

    async def put(self, kind: str, /, **payload: Any) -> UUID:
        """Into the inbox, and not a word to the workflow."""
        async with self.engine.begin() as connection:
            return (
                await append(connection, claim_id=self.told.id, kind=kind, payload=payload, author="leila")
            ).entry_id

    async def tell(self, kind: str, /, **payload: Any) -> UUID:
        """A fact, and the wait until it is applied."""
        entry_id = await self.put(kind, **payload)
        await tell(self.client, self.told, kind, entry_id, now=datetime.now(UTC))
        await self.until(lambda: self.state_of(entry_id), lambda state: state != "received")
        return entry_id

    async def ask(self, kind: str, /, **payload: Any) -> str:
        """A request; the code of its refusal when it is refused."""
        entry_id = await self.put(kind, **payload)
        try:
            return await ask(self.client, self.told, kind, entry_id, now=datetime.now(UTC), deadline=SHORT)
        except WorkflowUpdateFailedError as refused:
            return str(getattr(refused.cause, "message", refused.cause))

    async def pay(self, amount: str, on: date, external_id: str = "P-1") -> UUID:
        return await self.tell("payment_received", external_id=external_id, amount=amount, value_date=on.isoformat())

    async def state_of(self, entry_id: UUID) -> str:
        async with self.engine.begin() as connection:
            row = await entry_of(connection, self.told.id, entry_id)
        assert row is not None
        return row.state

    async def forward(self, days: float) -> None:
        """Move the claim's own time ahead, from one due instant to the next, as the training mode does."""
        virtual = VirtualTime(self.client, self.told.workflow_id)
        target = (await virtual.clock()).now + timedelta(days=days)
        while (clock := await virtual.clock()).running and clock.now < target:
            due = await self.next_due()
            goal = target if due is None or due > target else max(due, clock.now + timedelta(seconds=3))
            if goal - clock.now > timedelta(seconds=3):
                await virtual.move(goal - clock.now, key=str(uuid4()))
            await self.until(partial(self.settled, virtual, goal), bool, within=60)

    async def settled(self, virtual: VirtualTime, goal: datetime) -> bool:
        """Nothing under way, and nothing due that has not begun; or its time is up to the goal and all is done."""
        clock, due = await virtual.clock(), await self.next_due()
        return not clock.running or (not clock.busy and clock.now >= goal and (due is None or due > clock.now))

    async def runs(self) -> bool:
        return (await self.handle.describe()).status is WorkflowExecutionStatus.RUNNING

    async def next_due(self) -> datetime | None:
        async with self.engine.begin() as connection:
            query = select(tables.claim.c.next_action_at).where(tables.claim.c.id == self.told.id)
            return (await connection.execute(query)).scalar_one()

    async def at_rest(self) -> bool:
        raw = (await self.handle.describe()).raw_description
        return not raw.pending_activities and not raw.HasField("pending_workflow_task")

    async def until(self, question: Any, holds: Any, within: float = 15) -> Any:
        for _ in range(int(within / 0.03)):
            if holds(answer := await question()):
                return answer
            await asyncio.sleep(0.03)
        raise AssertionError(f"it did not happen in {within} s: {answer!r}")

    async def outcomes(self) -> list[tuple[str, str | None]]:
        claim = await self.claim()
        return [(a.action_type, a.outcome and a.outcome.value) for a in claim.actions]

    async def timeline(self) -> list[str]:
        async with self.engine.begin() as connection:
            kinds = select(tables.timeline.c.kind).where(tables.timeline.c.claim_id == self.told.id)
            return list((await connection.execute(kinds.order_by(tables.timeline.c.n))).scalars())

    async def alerts(self) -> list[str]:
        async with self.engine.begin() as connection:
            query = select(tables.claim.c.alerts).where(tables.claim.c.id == self.told.id)
            return [alert["code"] for alert in (await connection.execute(query)).scalar_one()]

    async def open_anomalies(self) -> list[Any]:
        """The reasons of the open anomaly tasks, read without the claim."""
        task = tables.task.c
        query = select(task.why).where(task.claim_id == self.told.id, task.kind == "anomaly", task.state == "open")
        async with self.engine.begin() as connection:
            return list((await connection.execute(query)).scalars())

    async def documents(self) -> list[tuple[str, str, bytes]]:
        async with self.engine.begin() as connection:
            rows = await connection.execute(
                select(tables.document.c.kind, tables.document.c.state, tables.document_content.c.content)
                .join(tables.document_content)
                .where(tables.document.c.claim_id == self.told.id)
                .order_by(tables.document.c.created_at)
            )
            return [(row.kind, row.state, row.content) for row in rows]

    def mails(self) -> list[Any]:
        return list(mailbox.Maildir(self.maildir, create=False)) if self.maildir.exists() else []


def an_intake(*, due_in_days: int = 0, amount: str = "1000.00", **debtor: Any) -> dict[str, Any]:
    """A claim of one invoice for a French company; `debtor` replaces its fields."""
    due_on = datetime.now(UTC).date() + timedelta(days=due_in_days)
    return {
        "creditor": "ACME",
        "reference": f"DOS-{uuid4().hex[:8]}",
        "currency": "EUR",
        "scenario": "trial",
        "items": [{"reference": "F-1", "kind": "invoice", "due_on": due_on.isoformat(), "amount": amount}],
        "debtor": {
            "reference": "C-100",
            "kind": "company",
            "name": "Menuiserie Zarathoustra",
            "language": "fr",
            "country": "FR",
            "email": "zarathoustra@debtor.example",
            "address": "12 rue Introuvable",
            "postal_code": "69003",
            "city": "Lyonville",
            **debtor,
        },
    }


@asynccontextmanager
async def working(client: Client, engine: AsyncEngine, smtp_url: str, **fakes: Any) -> AsyncIterator[None]:
    """The product's own activities on their queues."""
    tasks = Tasks(engine)
    emails = fakes.get("emails") or Emails(engine, smtp_url=smtp_url, sender=SENDER)
    letters = fakes.get("letters") or Letters(engine)
    of_claims = [Planning(engine, language="en").plan, tasks.ask, tasks.task_clock, Checks(engine).check]
    strict: dict[str, Any] = {"workflow_runner": RUNNER, "workflow_failure_exception_types": [Exception]}
    async with (
        Worker(client, task_queue="claims", workflows=WORKFLOWS, activities=of_claims, **strict),
        Worker(client, task_queue="emails", activities=[emails.send_email]),
        Worker(client, task_queue="letters", activities=[letters.send_letter]),
    ):
        yield


async def prepare(
    engine: AsyncEngine, scenario: dict[str, Any] | None = None, *, terms: dict[str, Any] | None = WAIVED
) -> None:
    """The standard catalogue, a scenario, and claim numbers that no other test's database has given.

    The creditor waives interest and indemnity, so that a story about something else pays round amounts; `terms` None
    leaves them to the law of the debtor's country.
    """
    async with engine.begin() as connection:
        await connection.execute(
            text("SELECT setval('claim_number_seq', :first)"), {"first": uuid4().int % 9_000_000 + 1}
        )
        await ensure_standard(connection)
        await write(connection, "scenarios", "trial", scenario or THE_SCENARIO, "test")
        await write(connection, "creditors", "ACME", {"name": "ACME", **({"terms": terms} if terms else {})}, "test")


async def opened(
    client: Client, engine: AsyncEngine, maildir: Path, intake: dict[str, Any], *, start: bool = True
) -> Story:
    """Intake as the API does it: one transaction, then the signal."""
    now = datetime.now(UTC)
    async with engine.begin() as connection:
        new = await open_claim(connection, read_intake(intake), author="test", now=now)
    told = ToldClaim(new.claim_id, new.number, intake["creditor"], intake["currency"], "amicable")
    story = Story(client, engine, told, maildir)
    if start:
        await tell(client, told, "opened", new.entry_id, now=now)
        await story.until(lambda: story.state_of(new.entry_id), lambda state: state == "applied")
    return story
