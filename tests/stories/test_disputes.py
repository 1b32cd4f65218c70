"""Stories of disputes and specific actions: months of a claim on the real server, real letters and e-mails."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from db.catalogue import write
from domain.claim import Claim, Decision, Outcome
from domain.terms import DisputeState
from embedded.mailbox import listen, port_of
from tests.activities.story import THE_SCENARIO, Story, an_intake, opened, prepare, working
from workflows.connection import Address, connect

EVERY_DAY = {"sending_days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "sending_hours": ["00:00", "23:59"]}
STEPS = [
    {"action_type": "reminder_1", "after": {"due_date": 5}, "mode": "automatic"},
    {"action_type": "reminder_2", "after": {"due_date": 15}, "mode": "automatic"},
    {"action_type": "last_reminder", "after": {"due_date": 30}, "mode": "automatic"},
]
CREDITOR = {"name": "ACME Fournitures", "country": "FR", "language": "fr", "email": "adv@acme.example"}
DISPUTE = {"items": ["F-1"], "kind": "disputed_price", "text": "Prix convenu : 800"}


@pytest.fixture
async def client(temporal_address: str) -> Client:
    return await connect(Address(temporal_address))


def three_invoices() -> dict[str, Any]:
    """A claim of 1000, 400 and 250 EUR, all due today."""
    due_on = datetime.now(UTC).date().isoformat()
    amounts = {"F-1": "1000.00", "F-2": "400.00", "F-3": "250.00"}
    items = [{"reference": ref, "due_on": due_on, "amount": amount} for ref, amount in amounts.items()]
    return {**an_intake(), "items": items}


@asynccontextmanager
async def told(client: Client, engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[Story]:
    """The claim of three invoices, of a creditor with an address of its own, and somebody at work on it."""
    await prepare(engine, {**THE_SCENARIO, **EVERY_DAY, "steps": STEPS})
    async with engine.begin() as connection:
        await write(connection, "creditors", "ACME", CREDITOR, "test")
        await write(connection, "statuses", "copy_sent", COPY_SENT, "test")
    server = await listen("127.0.0.1", 0, tmp_path / "mailbox")
    async with server, working(client, engine, f"smtp://127.0.0.1:{port_of(server)}"):
        story = await opened(client, engine, tmp_path / "mailbox", three_invoices())
        yield story
        await story.handle.terminate()


COPY_SENT = {
    "label": {"fr": "Duplicata envoyé"},
    "category": "in_progress",
    "follow_up_days": 12,
    "specific_action": "reminder_2",
    "mode": "automatic",
}


async def decide(story: Story, decision: Decision) -> None:
    (task,) = (await story.claim()).open_tasks
    answer = await story.ask("decide", task_id=str(task.id), decision=decision.value, version=task.version)
    assert answer == decision.value


def asked_by(story: Story, to: str) -> list[set[str]]:
    """The invoices that each mail to this address names, oldest first."""
    mails = sorted((m for m in story.mails() if to in str(m["To"])), key=lambda m: parsedate_to_datetime(m["Date"]))
    return [{ref for ref in ("F-1", "F-2", "F-3") if ref in body_of(mail)} for mail in mails]


def body_of(mail: Any) -> str:
    return str(mail.get_payload(0).get_payload(decode=True).decode())


def item(claim: Claim, reference: str = "F-1") -> Any:
    return next(each for each in claim.items if each.reference == reference)


async def test_a_dispute_on_one_of_three_invoices_while_the_others_go_on(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    async with told(client, engine, tmp_path) as story:
        await story.forward(1)
        assert (
            await story.ask("raise_dispute", **DISPUTE, owner="ventes", owner_email="ventes@acme.example") == "applied"
        )
        await story.forward(1)
        await decide(story, Decision.CONFIRM)
        await story.forward(8)  # two days without an answer, and the first reminder of the others
        assert asked_by(story, "ventes@acme.example") == [{"F-1"}]
        assert asked_by(story, "zarathoustra@debtor.example") == [{"F-2", "F-3"}]
        claim = await story.claim()
        (task,) = claim.open_tasks
        assert (task.role, task.subject) == ("supervisor", f"dispute/{claim.disputes[0].id}")
        body = {"dispute_id": str(claim.disputes[0].id), "outcome": "partly", "credit": "200.00"}
        assert await story.ask("resolve_dispute", **body) == "partly"
        claim = await story.claim()
        assert (claim.disputes[0].state, claim.open_tasks, item(claim).off_scenario) == (
            DisputeState.RESOLVED,
            (),
            None,
        )
        await story.forward(7)  # the second reminder, day 15 to 17: the step that fits, not the first one again
        assert asked_by(story, "zarathoustra@debtor.example") == [{"F-2", "F-3"}, {"F-1", "F-2", "F-3"}]
        assert any("F-1" in body_of(mail) and "800,00" in body_of(mail) for mail in story.mails())
        reminders = [(a.action_type, a.outcome) for a in (await story.claim()).actions if a.step is not None]
        assert reminders == [("reminder_1", Outcome.SENT), ("reminder_2", Outcome.SENT)]
        assert [kind for kind in await story.timeline() if kind.startswith("dispute_")] == [
            "dispute_raised",
            "dispute_unanswered",
            "dispute_settled",
        ]


async def test_a_specific_action_keeps_its_items_off_until_it_has_ended(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    async with told(client, engine, tmp_path) as story:
        assert (
            await story.ask("give_status", items=["F-1"], status="copy_sent", comment="envoyé le jour même")
            == "applied"
        )
        assert item(await story.claim()).off_scenario == "specific_action"
        await story.forward(8)
        assert asked_by(story, "zarathoustra@debtor.example") == [{"F-2", "F-3"}]
        await story.forward(5.5)  # day 12: the status' own action leaves, for its item alone
        assert asked_by(story, "zarathoustra@debtor.example") == [{"F-2", "F-3"}, {"F-1"}]
        claim = await story.claim()
        assert (item(claim).off_scenario, item(claim).status) == (None, "copy_sent")
        await story.forward(4)
        assert asked_by(story, "zarathoustra@debtor.example")[2:] == [{"F-1", "F-2", "F-3"}]
        steps = [(a.origin.value, a.action_type) for a in (await story.claim()).actions]
        assert sorted(steps) == [("scenario", "reminder_1"), ("scenario", "reminder_2"), ("status", "reminder_2")]
