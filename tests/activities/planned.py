"""A claim on a real database that only its planning activity moves: told, planned at an instant, and read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.testing import ActivityEnvironment

from activities.planning import Planning
from db import debtors, tables
from db.claims import load, save
from db.debtors import GivenDebtor
from db.entries import append, entry_of
from db.intake import open_claim
from domain.anomalies import standing_on
from domain.claim import Claim
from domain.debtor_intake import DebtorIntake, read_debtor_fields
from domain.intake import read_intake
from domain.reading import Reading
from domain.steps import Plan, PlanAsk
from tests.activities.story import an_intake

NOW = datetime.combine(datetime.now(UTC).date(), time(11, 0), UTC)


@dataclass
class Planned:
    engine: AsyncEngine
    id: UUID
    number: str
    days: int = 0  # since it was opened
    told: list[UUID] = field(default_factory=list)

    @property
    def as_of(self) -> datetime:
        return NOW + timedelta(days=self.days)

    async def tell(self, kind: str, **payload: Any) -> UUID:
        async with self.engine.begin() as connection:
            appended = await append(connection, claim_id=self.id, kind=kind, payload=payload, author="leila")
        return appended.entry_id

    async def plan(self, days: int | None = None) -> Plan:
        """The real activity, that many days after the opening."""
        self.days = self.days if days is None else days
        return await ActivityEnvironment().run(
            Planning(self.engine, language="en").plan, PlanAsk(str(self.id), self.as_of)
        )

    async def outcome(self, entry_id: UUID) -> str:
        async with self.engine.begin() as connection:
            row = await entry_of(connection, self.id, entry_id)
        assert row is not None
        return row.state

    async def claim(self) -> Claim:
        async with self.engine.begin() as connection:
            claim = await load(connection, self.id)
        assert claim is not None
        return claim

    async def change(self, into: Callable[[Claim], Claim]) -> None:
        """What a rule of another subject would leave in the facts."""
        async with self.engine.begin() as connection:
            before = await load(connection, self.id, lock=True)
            assert before is not None
            await save(connection, before, into(before))

    async def debtor(self, **given: Any) -> None:
        """A person changes the debtor, as the API does."""
        claim = await self.claim()
        intake = DebtorIntake(claim.debtor.reference, claim.debtor.name, read_debtor_fields(Reading(given)))
        async with self.engine.begin() as connection:
            await debtors.upsert(connection, [GivenDebtor(claim.creditor, intake, "fr", "FR")], author="leila")

    async def alerts(self) -> dict[str, dict[str, Any]]:
        """What stands at its time, by code."""
        async with self.engine.begin() as connection:
            query = select(tables.claim.c.alerts).where(tables.claim.c.id == self.id)
            stored = (await connection.execute(query)).scalar_one()
        return {alert["code"]: dict(alert) for alert in standing_on(stored, self.as_of.date())}

    async def codes(self, days: int | None = None) -> set[str]:
        """What stands after a plan."""
        await self.plan(days)
        return set(await self.alerts())


async def planned(engine: AsyncEngine, *, items: list[dict[str, Any]] | None = None, **intake: Any) -> Planned:
    """A claim of one invoice that falls due in sixty days, unless its items are given."""
    body = an_intake(due_in_days=60, **intake)
    if items is not None:
        body["items"] = items
    async with engine.begin() as connection:
        new = await open_claim(connection, read_intake(body), author="test", now=NOW)
    claim = Planned(engine, new.claim_id, new.number)
    await claim.plan()
    return claim


def an_item(reference: str = "F-1", *, due_in_days: int | None = 60, **facts: Any) -> dict[str, Any]:
    due_on = None if due_in_days is None else (NOW + timedelta(days=due_in_days)).date().isoformat()
    return {"reference": reference, "kind": "invoice", "due_on": due_on, "amount": "1000.00", **facts}
