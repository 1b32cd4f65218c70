"""`check`: the day of a promise, an instalment, an offer, an agent or a legal clock has come; what became of it is marked."""

from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio import activity

from db.claims import record, save
from db.effects import SENT, due_step
from domain.checks import check
from domain.consequences import consequences
from domain.steps import Order


class Checks:
    """The activity about days that come of themselves."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @activity.defn
    async def check(self, order: Order) -> str:
        """Mark what the day brought and ask whom it concerns, once per key; never over news that is not read yet."""
        async with self._engine.begin() as connection:
            due = await due_step(connection, order)
            if isinstance(due, str):
                return due
            changed = check(due.claim, due.catalogue, due.step, order.as_of)
            changed = changed.then(consequences(changed.claim, due.catalogue, order.as_of))
            await save(connection, due.claim, changed.claim)
            await record(connection, due.claim.id, changed.events)
        return SENT
