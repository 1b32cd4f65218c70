"""Each anomaly is raised and cleared by the planning activity itself, on a real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from db import tables
from db.debtors import mark_email_unusable
from domain.asking import ask_about, with_task
from domain.claim import Claim, ClockMark, Promise, TaskKind
from domain.money import Money
from domain.terms import PromiseState
from tests.activities.planned import NOW, Planned, an_item, planned
from tests.activities.story import THE_SCENARIO, prepare

PAYMENTS = {"payment_due_soon", "payment_overdue"}


@pytest.fixture
async def desk(engine: AsyncEngine) -> AsyncEngine:
    await prepare(engine, {**THE_SCENARIO, "minimum_amount": "100.00"})
    return engine


async def decided(claim: Planned, kind: TaskKind) -> None:
    (task,) = [t for t in (await claim.claim()).open_tasks if t.kind is kind]
    entry = await claim.tell("decide", task_id=str(task.id), decision="done", version=task.version)
    await claim.plan()
    assert await claim.outcome(entry) == "applied"


def asked(kind: TaskKind, subject: str) -> Any:
    return lambda claim: ask_about(claim, kind, subject, NOW).claim


async def paid(claim: Planned, amount: str, **payload: Any) -> None:
    payload = {"external_id": "P-1", "amount": amount, "value_date": claim.as_of.date().isoformat(), **payload}
    await claim.tell("payment_received", **payload)


async def test_a_claim_in_order_has_no_alert(desk: AsyncEngine) -> None:
    claim = await planned(desk)
    assert await claim.codes() == set()


async def test_no_planned_action_until_there_is_enough_to_chase(desk: AsyncEngine) -> None:
    claim = await planned(desk, items=[an_item(amount="40.00")])
    assert "no_planned_action" in await claim.codes(1)
    since = (await claim.alerts())["no_planned_action"]["since"]
    assert "no_planned_action" in await claim.codes(4)
    assert (await claim.alerts())["no_planned_action"]["since"] == since == NOW.date().isoformat()
    await claim.tell("items_added", items=[an_item("F-2", amount="500.00")])
    assert await claim.codes() == set()


async def test_a_promised_payment_is_due_soon_then_overdue_then_paid(desk: AsyncEngine) -> None:
    claim = await planned(desk)
    promised_on = (NOW + timedelta(days=20)).date().isoformat()
    await claim.tell("give_status", items=["F-1"], status="promise", comment="", promised_on=promised_on)
    assert not PAYMENTS & await claim.codes(1)
    claim.days = 13
    assert {"payment_due_soon"} == set(await claim.alerts()) & PAYMENTS  # foreseen: nobody planned it again
    claim.days = 21
    assert {"payment_overdue"} == set(await claim.alerts()) & PAYMENTS
    assert "payment_overdue" in await claim.codes()
    assert (await claim.alerts())["payment_overdue"]["due_on"] == promised_on
    await paid(claim, "1000.00")
    assert await claim.codes() == set()


async def test_an_overdue_invoice_is_raised_and_a_dispute_clears_it(desk: AsyncEngine) -> None:
    claim = await planned(desk, items=[an_item(due_in_days=-3)])
    assert await claim.codes() == {"payment_overdue"}
    await claim.tell("give_status", items=["F-1"], status="disputed_price", comment="")
    assert "payment_overdue" not in await claim.codes()


async def test_contact_data_that_is_missing_or_bad_until_a_person_gives_another(desk: AsyncEngine) -> None:
    nowhere = await planned(desk, reference="C-200", email="", address="", postal_code="", city="")
    assert await nowhere.codes() == {"missing_contact"}
    await nowhere.debtor(email="found@debtor.example")
    assert await nowhere.codes() == set()
    async with desk.begin() as connection:
        await mark_email_unusable(connection, nowhere.id, "found@debtor.example")
    assert await nowhere.codes() == {"missing_contact", "bad_contact"}
    assert (await nowhere.alerts())["bad_contact"]["wrong"] == ["email"]
    await nowhere.debtor(email="other@debtor.example")
    assert await nowhere.codes() == set()


async def test_an_identifier_that_fails_its_check_is_bad_contact_data(desk: AsyncEngine) -> None:
    claim = await planned(desk)
    of_debtor = update(tables.debtor).values(identifiers={"siren": "404833047"})  # stored before it was checked
    async with desk.begin() as connection:
        await connection.execute(of_debtor)
    assert await claim.codes() == {"bad_contact"}
    await claim.debtor(identifiers={"siren": "404833048"})
    assert await claim.codes() == set()


async def test_a_broken_promise_stands_until_somebody_answers_it(desk: AsyncEngine) -> None:
    claim = await planned(desk)
    broken = Promise(
        uuid4(), NOW, NOW.date(), NOW.date(), Money.of("1000.00", "EUR"), "leila", state=PromiseState.BROKEN,
        settled_on=NOW.date() + timedelta(days=1),
    )  # fmt: skip
    await claim.change(lambda before: replace(before, promises=(broken,)))
    await claim.change(asked(TaskKind.BROKEN_PROMISE, f"promise/{broken.id}"))
    assert await claim.codes(2) == {"broken_promise_unanswered"}
    await decided(claim, TaskKind.BROKEN_PROMISE)
    assert "broken_promise_unanswered" not in await claim.alerts()


async def test_a_payment_larger_than_the_debt_stands_on_the_closed_claim_until_it_goes_back(desk: AsyncEngine) -> None:
    claim = await planned(desk)
    await paid(claim, "1200.00")
    assert (await claim.plan()).ending == "paid"
    assert (await claim.alerts())["payment_larger_than_debt"]["amount"] == "200.00"
    await claim.tell("payment_reversed", external_id="P-1", reason="refunded", value_date=NOW.date().isoformat())
    assert await claim.codes() == set()


async def test_limitation_near_until_an_interruption_moves_it(desk: AsyncEngine) -> None:
    claim = await planned(desk)
    runs_out_on = NOW.date() + timedelta(days=30)
    await claim.change(lambda before: replace(before, clock_marks=(ClockMark("limitation", runs_out_on, (60, 30)),)))
    await claim.plan()
    assert (await claim.alerts())["limitation_near"]["runs_out_on"] == runs_out_on.isoformat()
    await paid(claim, "10.00")  # a part payment acknowledges the debt: the five years begin anew
    assert "limitation_near" not in await claim.codes()


async def test_an_item_without_a_due_date_until_it_is_paid(desk: AsyncEngine) -> None:
    claim = await planned(desk, items=[an_item(), an_item("F-2", due_in_days=None, amount="50.00")])
    assert (await claim.alerts())["item_without_due_date"]["items"] == ["F-2"]
    await paid(claim, "50.00", directed=[["F-2", "50.00"]])
    assert await claim.codes() == set()


async def test_a_task_left_without_an_answer_until_it_is_decided(desk: AsyncEngine) -> None:
    claim = await planned(desk)

    def escalated(before: Claim) -> Claim:
        after = asked(TaskKind.REPLY, "reply/1")(before)
        return with_task(after, replace(after.open_tasks[0], escalated_at=NOW, role="supervisor"))

    await claim.change(escalated)
    assert await claim.codes() == {"task_overdue"}
    await decided(claim, TaskKind.REPLY)
    assert await claim.alerts() == {}


async def test_a_plan_that_cannot_be_computed_until_it_can(desk: AsyncEngine) -> None:
    claim = await planned(desk)
    await claim.change(lambda before: replace(before, scenario_version=99))
    assert await claim.codes() == {"plan_impossible"}
    await claim.change(lambda before: replace(before, scenario_version=1))
    assert await claim.codes() == set()


async def test_the_same_debtor_twice_until_the_numbers_differ(desk: AsyncEngine) -> None:
    first = await planned(desk, identifiers={"siren": "404833048"})
    other = await planned(desk, items=[an_item("F-8")], reference="C-101", identifiers={"siren": "404 833 048"})
    assert await first.codes() == await other.codes() == {"duplicate_debtor"}
    alert = (await first.alerts())["duplicate_debtor"]
    assert (alert["debtors"], alert["same"]) == (["C-101"], ["name", "siren"])
    await other.debtor(identifiers={"siren": "552008443"})  # two companies of one name at one postal code
    assert await first.codes() == await other.codes() == set()


async def test_the_same_item_on_two_open_claims_until_one_is_closed(desk: AsyncEngine) -> None:
    first = await planned(desk)
    other = await planned(desk, reference="C-101", name="Somebody Else")
    assert await first.codes() == {"duplicate_item"}
    assert (await first.alerts())["duplicate_item"]["claims"] == [other.number]
    await other.tell("close", ending="withdrawn", reason="opened twice")
    assert (await other.plan()).ending == "withdrawn"
    assert await first.codes() == set()
