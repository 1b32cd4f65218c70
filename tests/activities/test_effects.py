"""Effects on real parts: what leaves, leaves once, at its date, and not after the payment."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from pypdf import PdfReader
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client, WorkflowExecutionStatus

from db import tables
from db.debtors import mark_email_unusable
from domain.claim import Ending, Stage
from embedded.mailbox import listen, port_of
from tests.activities.story import THE_SCENARIO, Story, an_intake, opened, prepare, working
from workflows.clock import tell
from workflows.connection import Address, connect


@pytest.fixture
async def client(temporal_address: str) -> Client:
    return await connect(Address(temporal_address))


@asynccontextmanager
async def a_story(
    client: Client, engine: AsyncEngine, tmp_path: Path, *, scenario: Any = None, **intake: Any
) -> AsyncIterator[Story]:
    await prepare(engine, scenario)
    maildir = tmp_path / "mailbox"
    server = await listen("127.0.0.1", 0, maildir)
    async with server, working(client, engine, f"smtp://127.0.0.1:{port_of(server)}"):
        story = await opened(client, engine, maildir, an_intake(**intake))
        yield story
        if (await story.claim()).stage is not Stage.CLOSED:
            await story.handle.terminate()


async def test_reminders_leave_at_their_dates_and_stop_at_the_payment(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    async with a_story(client, engine, tmp_path) as story:
        await story.forward(25)
        claim = await story.claim()
        assert await story.outcomes() == [("reminder_1", "sent"), ("reminder_2", "sent")]
        for action, days in zip(claim.actions, (5, 15), strict=True):
            assert action.done_at is not None
            late = action.done_at - (claim.opened_at + timedelta(days=days))
            assert timedelta(days=-1) < late < timedelta(days=4)  # its day, moved over a weekend
        await story.pay("1000.00", (datetime.now(UTC) + timedelta(days=25)).date())
        assert await story.handle.result() == "paid"
        closed = await story.claim()
        assert (closed.stage, closed.ending) == (Stage.CLOSED, Ending.PAID)
        assert len(story.mails()) == 2
        assert len({mail["Message-ID"] for mail in story.mails()}) == 2


async def test_a_letter_is_a_pdf_that_says_what_is_owed(client: Client, engine: AsyncEngine, tmp_path: Path) -> None:
    async with a_story(client, engine, tmp_path, email="", due_in_days=-6) as story:
        await story.forward(4)
        assert await story.outcomes() == [("reminder_1", "sent")]
        (kind, state, content), *others = await story.documents()
        assert (kind, state, others) == ("letter", "rendered", [])
        address = (await story.claim()).debtor.postal_address()
        async with engine.begin() as connection:
            went_to = (await connection.execute(select(tables.document.c.address_id))).scalar_one()
        assert address is not None
        assert went_to == address.id
        assert [letter.items for letter in (await story.claim()).letters] == [("F-1",)]
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
        assert story.told.number in text
        assert "1 000,00" in text.replace("\u202f", " ").replace("\xa0", " ")
        assert story.mails() == []


async def test_a_proposal_waits_and_the_confirmed_text_leaves(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    async with a_story(client, engine, tmp_path, due_in_days=-31) as story:
        await story.forward(4)
        claim = await story.claim()
        (task,) = claim.open_tasks
        assert await story.outcomes() == [("reminder_1", "skipped"), ("reminder_2", "skipped"), ("formal_notice", None)]
        assert claim.waiting_for == "person"
        assert await story.ask("decide", task_id=str(task.id), decision="confirm", version=task.version + 1) == "stale"
        answer = await story.ask("decide", task_id=str(task.id), decision="confirm", version=task.version)
        assert answer == "confirm", (await story.timeline(), (await story.claim()).tasks)
        assert await story.ask("decide", task_id=str(task.id), decision="skip", version=task.version) == "decided"
        await story.until(story.outcomes, lambda outcomes: outcomes[-1] == ("formal_notice", "sent"))


async def test_an_unanswered_proposal_is_reminded_escalated_and_expires(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    async with a_story(client, engine, tmp_path, due_in_days=-31) as story:
        await story.forward(12)
        assert (await story.outcomes())[-1] == ("formal_notice", "expired")
        assert "no_planned_action" in await story.alerts()  # the scenario is at its end, the money is not there
        kinds = [kind for kind in await story.timeline() if kind.startswith("task")]
        assert kinds == ["task_opened", "task_reminded", "task_escalated", "task_expired"]


async def test_news_moves_the_ground_under_a_proposal(client: Client, engine: AsyncEngine, tmp_path: Path) -> None:
    async with a_story(client, engine, tmp_path, due_in_days=-31) as story:
        await story.forward(4)
        before = (await story.claim()).open_tasks[0]
        await story.pay("400.00", datetime.now(UTC).date())
        after = (await story.claim()).open_tasks[0]
        assert (before.version, after.version) == (1, 2)
        assert (before.proposed["balance_due"], after.proposed["balance_due"]) == ("1000.00", "600.00")
        await story.pay("600.00", datetime.now(UTC).date(), "P-2")
        assert (await story.outcomes())[-1] == ("formal_notice", "withdrawn")
        assert await story.handle.result() == "paid"


async def test_a_proposal_whose_address_has_gone_is_taken_back_and_made_anew(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    scenario = {
        **THE_SCENARIO,
        "steps": [{"action_type": "reminder_1", "after": {"due_date": 5}, "mode": "to_confirm"}],
    }
    async with a_story(client, engine, tmp_path, scenario=scenario, due_in_days=-6) as story:
        await story.forward(4)
        (before,) = (await story.claim()).open_tasks
        async with engine.begin() as connection:
            await mark_email_unusable(connection, story.told.id, "zarathoustra@debtor.example")
        await story.tell("debtor_changed", fields=["contacts"])
        stale = await story.ask("decide", task_id=str(before.id), decision="confirm", version=before.version)
        assert stale == "closed_task"
        await story.forward(4)
        (after,) = (await story.claim()).open_tasks
        assert (before.proposed["channel"], after.proposed["channel"]) == ("email", "letter")
        assert story.mails() == []


async def test_an_address_that_does_not_exist_falls_back_to_a_letter(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    async with a_story(client, engine, tmp_path, due_in_days=-6, email="bounce@debtor.example") as story:
        await story.forward(4)
        assert await story.outcomes() == [("reminder_1", "sent")]
        assert [kind for kind, _, _ in await story.documents()] == ["email", "letter"]
        claim = await story.claim()
        assert claim.debtor.email() == ""
        assert [(r.kind, r.reason) for r in claim.returned] == [("email", "refused_by_server")]
        assert "bounced" in [state for _, state, _ in await story.documents()]
        assert "email_bounced" in await story.timeline()


async def test_a_busy_mail_server_is_tried_again_under_the_same_key(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    async with a_story(client, engine, tmp_path, due_in_days=-6, email="busy@debtor.example") as story:
        await story.forward(4)
        (action,) = (await story.claim()).actions
        assert action.attempts >= 2
        assert action.outcome in (None, "failed")


async def test_without_any_address_a_person_is_asked_and_the_address_releases_the_step(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    async with a_story(
        client, engine, tmp_path, due_in_days=-6, email="", address="", postal_code="", city=""
    ) as story:
        await story.forward(4)
        (task,) = (await story.claim()).open_tasks
        assert (task.kind, task.allowed) == ("find_address", ("done", "skip"))


async def test_a_payment_in_the_inbox_stops_what_was_about_to_leave(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    """The signal is lost; the gate reads the inbox all the same."""
    async with a_story(client, engine, tmp_path, due_in_days=-2) as story:
        await story.put(
            "payment_received", external_id="P-1", amount="1000.00", value_date=datetime.now(UTC).date().isoformat()
        )
        await story.forward(6)
        assert await story.outcomes() == []
        assert story.mails() == []
        assert (await story.claim()).ending is Ending.PAID


async def test_a_returned_payment_makes_the_claim_live_again(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    async with a_story(client, engine, tmp_path) as story:
        today = datetime.now(UTC).date()
        await story.pay("1000.00", today)
        assert await story.handle.result() == "paid"
        await story.tell("payment_reversed", external_id="P-1", reason="no funds", value_date=today.isoformat())
        assert (await story.claim()).stage is Stage.AMICABLE
        await story.forward(25)
        assert await story.outcomes() == [("reminder_1", "sent"), ("reminder_2", "sent")]


async def test_a_plan_that_cannot_be_computed_is_a_task_and_the_claim_waits(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    async with a_story(client, engine, tmp_path) as story:
        assert await story.ask("move_scenario", scenario="not-there", version=7) == "unknown_scenario"
        async with engine.begin() as connection:  # a fault planted: no entry of the inbox could do this
            await connection.execute(update(tables.claim).values(scenario="gone"))
        await story.tell("note_added", text="what now?")
        (task,) = (await story.claim()).open_tasks
        assert (task.kind, task.why[0]["code"]) == ("anomaly", "unknown_scenario")
        await story.pay("100.00", datetime.now(UTC).date())  # news is taken all the same
        assert await story.ask("move_scenario", scenario="trial", version=1) == "applied"
        assert (await story.claim()).open_tasks == ()
        assert (await story.handle.describe()).status is WorkflowExecutionStatus.RUNNING


class Filter:
    """A mail server that takes every recipient, and refuses every message."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        return "554 looks like spam"


async def test_a_refused_message_goes_by_letter_and_its_address_stays_good(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    await prepare(engine)
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(Filter(), hostname="filter"), "127.0.0.1", 0)
    async with server, working(client, engine, f"smtp://127.0.0.1:{port_of(server)}"):
        story = await opened(client, engine, tmp_path, an_intake(due_in_days=-6))
        await story.forward(4)
        assert [kind for kind, _, _ in await story.documents()] == ["email", "letter"]
        assert (await story.claim()).debtor.email() == "zarathoustra@debtor.example"
        await story.handle.terminate()


async def test_only_the_address_that_was_refused_is_given_up(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    """The mail may have gone to another address than the debtor's of today: to the creditor, or to an earlier one."""
    async with a_story(client, engine, tmp_path, due_in_days=10) as story:
        for refused, left in (
            ("office@creditor.example", "zarathoustra@debtor.example"),
            ("zarathoustra@debtor.example", ""),
        ):
            async with engine.begin() as connection:
                await mark_email_unusable(connection, story.told.id, refused)
            assert (await story.claim()).debtor.email() == left


async def test_an_error_of_the_database_names_nobody(engine: AsyncEngine) -> None:
    """It ends in logs, and from an activity in the claim's history."""
    with pytest.raises(DBAPIError) as error:
        async with engine.begin() as connection:
            await connection.execute(text("select 1 / (length(:name) - 12)"), {"name": "Zarathoustra"})
    assert "division by zero" in str(error.value)
    assert "Zarathoustra" not in str(error.value)


async def test_a_claim_that_cannot_even_be_read_is_a_supervisors_task_and_goes_on_when_it_is_mended(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    async with a_story(client, engine, tmp_path) as story:
        async with engine.begin() as connection:  # a fault planted: no entry of the inbox could do this
            await connection.execute(update(tables.item).values(kind="nonsense"))
        note = await story.put("note_added", text="what now?")
        await tell(client, story.told, "note_added", note, now=datetime.now(UTC))
        await story.until(story.open_anomalies, bool, within=60)
        assert await story.state_of(note) == "received"
        async with engine.begin() as connection:
            await connection.execute(update(tables.item).values(kind="invoice"))
        await story.tell("note_added", text="mended")
        assert await story.state_of(note) == "applied"
        assert await story.open_anomalies() == []
