"""What promises, disputes, clocks and agents cost in a history, and that nothing of theirs that is personal enters one."""

from collections import Counter
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from db.catalogue import write
from domain.claim import TaskKind
from embedded.mailbox import listen, port_of
from tests.activities.story import Story, an_intake, opened, prepare, working
from tests.stories.test_stages import agreed, debtor_is, said_by
from tests.workflows.lives import BAILIFF, REMINDED, day
from tests.workflows.test_histories import cost, events_of, names
from workflows.connection import Address, connect

PROMISE_EVENTS, PROMISE_BYTES = 43, 6_500  # made, a task on its day, paid, closed: the sum of three budgets
CHECK_EVENTS, CHECK_BYTES = 18, 2_600  # a day that comes of itself costs what a reminder does
SECRET = "Balthazar"  # it stands in every text a person can write


@pytest.fixture
async def client(temporal_address: str) -> Client:
    return await connect(Address(temporal_address))


async def test_a_promise_that_is_kept_stays_within_its_budget(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    await prepare(engine, REMINDED)
    server = await listen("127.0.0.1", 0, tmp_path / "mailbox")
    async with server, working(client, engine, f"smtp://127.0.0.1:{port_of(server)}"):
        story = await opened(client, engine, tmp_path / "mailbox", an_intake())
        before = await events_of(story)
        await story.ask("make_promise", promised_on=day(4).isoformat(), comment="by transfer")
        await story.forward(5)
        await story.pay("1000.00", day(5))
        await story.handle.result()
        count, size = spent = cost((await events_of(story))[len(before) :])
        print(f"\na promise kept: {count} events, {size} bytes")
        assert count <= PROMISE_EVENTS, Counter(names(await events_of(story)))
        assert size <= PROMISE_BYTES, spent


async def test_a_day_that_is_looked_at_stays_within_its_budget(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    await prepare(engine, REMINDED)
    server = await listen("127.0.0.1", 0, tmp_path / "mailbox")
    async with server, working(client, engine, f"smtp://127.0.0.1:{port_of(server)}"):
        story = await opened(client, engine, tmp_path / "mailbox", an_intake(due_in_days=60))
        plan = {"count": 2, "every": "month", "first_due_on": day(9).isoformat(), "tolerance_days": 0}
        await story.ask("agree_arrangement", **plan, remind_days_before=0, remind_days_after=0, missed_allowed=1)
        await story.forward(8)
        before = await events_of(story)
        await story.forward(4)
        assert "instalment_missed" in await story.timeline()
        count, size = cost((await events_of(story))[len(before) :])
        print(f"\na check: {count} events, {size} bytes")
        assert count <= CHECK_EVENTS, Counter(names((await events_of(story))[len(before) :]))
        assert size <= CHECK_BYTES
        await story.handle.terminate()


async def test_nothing_personal_of_collection_is_in_a_history(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    await prepare(engine, REMINDED)
    async with engine.begin() as connection:
        bailiff = {**BAILIFF, "name": f"Maître {SECRET}", "email": f"{SECRET}@study.example", "phone": "+33499777666"}
        await write(connection, "agents", "bailiff", bailiff, "test")
    server = await listen("127.0.0.1", 0, tmp_path / "mailbox")
    async with server, working(client, engine, f"smtp://127.0.0.1:{port_of(server)}"):
        story = await opened(client, engine, tmp_path / "mailbox", a_whole_debtor())
        await live_through_everything(story)
        lived = {"promise_broken", "dispute_settled", "stage_changed", "agent_reminded", "held", "legal_event_recorded"}
        assert lived - set(await story.timeline()) == set()
        shown = await seen_in_temporal(story)
        assert [word for word in PERSONAL if word.lower() in shown.lower()] == []
        assert "hearing to prepare, payment_order" in shown  # it does say what happened
        await story.handle.terminate()


PERSONAL = (
    SECRET,
    "552100554",
    "FR40303265045",
    "12345678",
    "FR1420041010050500013M02606",
    "+33411222333",
    "+33499777666",
)


def a_whole_debtor() -> dict[str, Any]:
    intake = an_intake(
        name=f"Garage {SECRET}",
        identifiers={"siren": "552100554", "vat": "FR40303265045", "cin": "12345678"},
        bank_accounts=[{"iban": "FR1420041010050500013M02606", "bic": ""}],
        contacts=[
            {"name": SECRET, "role": SECRET, "email": f"{SECRET.lower()}@garage.example", "phone": "+33411222333"}
        ],
        addresses=[{"use": "registered", "lines": [f"3 rue {SECRET}"], "postal_code": "69003", "city": "Lyon"}],
    )
    person = {"name": f"Jeanne {SECRET}", "address": f"4 rue {SECRET}", "email": f"jeanne@{SECRET.lower()}.example"}
    surety = {"kind": "joint_surety", "amount": "500.00", "rank": 1, "person": person}
    second = {"reference": "F-2", "kind": "invoice", "due_on": day(-3).isoformat(), "amount": "200.00"}
    return {**intake, "items": [*intake["items"], second], "guarantees": [surety]}


async def live_through_everything(story: Story) -> None:
    """Each with the secret wherever a person may write; a refusal would raise."""

    async def say(kind: str, /, **payload: Any) -> str:
        return await said_by(story, "leila", kind, **payload)

    await say("make_promise", items=["F-1"], promised_on=day(1).isoformat(), comment=f"{SECRET} on the telephone")
    told = {"text": f"{SECRET} agreed on 150", "owner": f"{SECRET} of sales", "owner_email": f"{SECRET}@acme.example"}
    await say("raise_dispute", items=["F-2"], kind="disputed_price", **told)
    await story.forward(8)
    (dispute,) = (await story.claim()).disputes
    await say("resolve_dispute", dispute_id=str(dispute.id), outcome="rejected", comment=f"{SECRET} was wrong")
    await agreed(story, "leila", TaskKind.BROKEN_PROMISE, "done", result="reached", comment=f"{SECRET} regrets")
    await say("give_status", items=["F-2"], status="promise", comment=SECRET, promised_on=day(12).isoformat())
    await say("make_offer", by="debtor", amount="900.00", answer_by=day(30).isoformat(), comment=SECRET)
    await say("change_stage", stage="litigation", reason=f"{SECRET} answers nobody")
    await agreed(story, "karim", TaskKind.SECOND_APPROVAL, comment=f"{SECRET} indeed")
    court = {"court": f"Tribunal {SECRET}", "number": SECRET, "comment": SECRET}
    await say("open_procedure", kind="payment_order", agent="bailiff", opened_on=day(8).isoformat(), **court)
    (procedure,) = (await story.claim()).procedures
    await say("set_hearing", procedure=str(procedure.id), on=day(13).isoformat(), purpose=SECRET)
    await say("record_legal_event", kind="acknowledgement", on=day(7).isoformat(), comment=SECRET)
    dates = {"reminder_on": day(11).isoformat(), "planned_end_on": day(12).isoformat()}
    texts = {"object": SECRET, "observations": f"of {SECRET}"}
    await say("plan_action", action_type="payment_order", agent="bailiff", **dates, **texts)
    cost = {"kind": SECRET, "agent": SECRET, "amount": "30.00", "incurred_on": day(8).isoformat()}
    await story.tell("cost_added", cost_id=str(uuid4()), **cost)
    await story.forward(8)
    await debtor_is(story, "insolvency")
    await say("suspend", reason=f"{SECRET} is ill", until=None)
    await story.forward(2)


async def seen_in_temporal(story: Story) -> str:
    """All that anybody with the Temporal UI can read of the claim: events, memo, search attributes, current details."""
    described = await story.handle.describe()
    memo, attributes = await described.memo(), described.search_attributes
    details = await story.handle.query("__temporal_workflow_metadata")
    return "".join(map(str, [*await events_of(story), described.raw_description, memo, attributes, details]))
