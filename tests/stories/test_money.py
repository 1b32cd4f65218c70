"""Money told on the real server: a cheque that bounces after the end, and a rate that is missing until somebody gives it.

36.5 % a year on 1,000 is 1.00 a day: the figures can be read off the calendar.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from db.catalogue import write
from domain.claim import Stage
from domain.statement import statement
from embedded.mailbox import listen, port_of
from tests.activities.story import Story, an_intake, opened, prepare, working
from workflows.connection import Address, connect

A_EURO_A_DAY = {"interest": {"rate": "36.5"}, "indemnity": "40.00"}


@pytest.fixture
async def client(temporal_address: str) -> Client:
    return await connect(Address(temporal_address))


@asynccontextmanager
async def claim_under(
    terms: dict[str, Any] | None, client: Client, engine: AsyncEngine, maildir: Path, **intake: Any
) -> AsyncIterator[Story]:
    await prepare(engine, terms=terms)
    server = await listen("127.0.0.1", 0, maildir)
    async with server, working(client, engine, f"smtp://127.0.0.1:{port_of(server)}"):
        yield await opened(client, engine, maildir, an_intake(**intake))


def today() -> date:
    return datetime.now(ZoneInfo("Europe/Paris")).date()


async def balance(story: Story, on: date) -> str:
    return str(statement(await story.claim(), on).balance_due)


async def test_a_cheque_that_bounces_after_the_end_reopens_the_claim_with_its_interest(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    async with claim_under(A_EURO_A_DAY, client, engine, tmp_path / "mailbox", due_in_days=-10) as story:
        on = today()
        due_on = (await story.claim()).items[0].due_on
        assert due_on is not None
        owed = f"{1040 + (on - due_on).days}.00"
        assert await balance(story, on) == owed
        await story.pay("1000.00", on, "TRANSFER")  # the amount of the invoice is not what is owed any more
        assert (await story.claim()).stage is Stage.AMICABLE
        rest = await balance(story, on)
        assert rest == f"{40 + (on - due_on).days}.00"
        await story.pay(rest, on, "CHEQUE")
        await story.until(story.claim, lambda claim: claim.stage is Stage.CLOSED)
        bounced = {"external_id": "CHEQUE", "value_date": on.isoformat(), "reason": "no funds"}
        await story.tell("payment_reversed", **bounced)
        again = await story.until(story.claim, lambda claim: claim.stage is Stage.AMICABLE)
        assert (await balance(story, on), again.ending) == (rest, None)
        kinds = await story.timeline()
        assert [k for k in kinds if k in ("claim_closed", "payment_reversed", "claim_reopened")] == [
            "claim_closed",
            "payment_reversed",
            "claim_reopened",
        ]
        await story.forward(20)
        assert ("reminder_2", "sent") in await story.outcomes()  # what is left is asked for
        await story.handle.terminate()


async def test_a_missing_rate_is_said_until_somebody_gives_it(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    agreed = {"interest": {"reference": "house_rate", "points": "0"}, "indemnity": "none"}
    async with claim_under(agreed, client, engine, tmp_path / "mailbox", due_in_days=-10) as story:
        assert "rate_missing" in await story.alerts()
        assert await balance(story, today()) == "1000.00"  # nothing is guessed
        given = [{"since": "2020-01-01", "value": "36.5", "source": "board decision of 2 January 2020"}]
        async with engine.begin() as connection:
            await write(connection, "rates", "house_rate", {"label": {"en": "House rate"}, "values": given}, "test")
        await story.tell("note_added", text="the rate is known")
        await story.until(story.alerts, lambda alerts: "rate_missing" not in alerts)
        due_on = (await story.claim()).items[0].due_on
        assert due_on is not None
        assert await balance(story, today()) == f"{1000 + (today() - due_on).days}.00"
        await story.handle.terminate()
