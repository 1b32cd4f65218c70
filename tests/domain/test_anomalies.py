"""Anomalies: each is raised by its facts and cleared by what answers it; the sentences hold their facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.anomalies import NO_DUPLICATES, Duplicates, alerts, standing_on
from domain.claim import Claim, ClockMark, ItemKind, Stage, TaskKind, TaskState
from domain.statement import statement
from domain.terms import PromiseState
from tests.anomaly_builders import a_promise, a_return, an_arrangement
from tests.builders import (
    DUE_ON,
    a_claim,
    a_contact,
    a_debtor,
    a_disputed,
    a_payment,
    a_promised,
    a_task,
    an_action,
    an_address,
    an_item,
    at,
    money,
)
from wording import sentence

TODAY = DUE_ON + timedelta(days=40)


def raised(
    claim: Claim,
    on: date = TODAY,
    *,
    stored: Sequence[Mapping[str, Any]] = (),
    duplicates: Duplicates = NO_DUPLICATES,
) -> dict[str, Mapping[str, Any]]:
    """What stands on the day, by code."""
    found = alerts(claim, statement(claim, on), on, stored=stored, duplicates=duplicates)
    return {alert["code"]: alert for alert in standing_on(found, on)}


def a_quiet_claim(**facts: Any) -> Claim:
    """Nothing is due yet, and something is planned."""
    return a_claim(an_item(due_on=TODAY + timedelta(days=60)), **facts)


def test_a_claim_in_order_has_no_alert() -> None:
    assert raised(a_quiet_claim()) == {}


CASES: list[tuple[str, Claim, Claim]] = [
    ("item_without_due_date", a_claim(an_item(due_on=None)), a_quiet_claim()),
    ("no_planned_action", a_quiet_claim(waiting_for="nothing", waiting_since=at(DUE_ON)), a_quiet_claim()),
    ("missing_contact", a_quiet_claim(debtor=a_debtor(addresses=(), contacts=())), a_quiet_claim()),
    (
        "missing_contact",
        a_quiet_claim(debtor=a_debtor(contacts=(), addresses=(an_address(valid_until=DUE_ON),))),
        a_quiet_claim(debtor=a_debtor(contacts=(), addresses=(an_address(valid_until=TODAY),))),
    ),
    (
        "bad_contact",
        a_quiet_claim(debtor=a_debtor(contacts=(a_contact(valid=False),))),
        a_quiet_claim(debtor=a_debtor(contacts=(a_contact(valid=False), a_contact(email="new@debtor.example")))),
    ),
    (
        "bad_contact",
        a_quiet_claim(debtor=a_debtor(identifiers={"siren": "404833047"})),
        a_quiet_claim(debtor=a_debtor(identifiers={"siren": "404833048"})),
    ),
    (
        "bad_contact",
        a_quiet_claim(debtor=a_debtor(addresses=(an_address(valid=False),))),
        a_quiet_claim(debtor=a_debtor(addresses=(an_address(valid=False), an_address(use="billing")))),
    ),
    (
        "payment_due_soon",
        a_claim(promises=(a_promise(promised_on=TODAY + timedelta(days=7)),)),
        a_claim(promises=(a_promise(promised_on=TODAY + timedelta(days=8)),)),
    ),
    (
        "payment_due_soon",
        a_claim(arrangements=(an_arrangement(TODAY, TODAY + timedelta(days=30)),)),
        a_claim(arrangements=(an_arrangement(TODAY, TODAY + timedelta(days=30)),), payments=(a_payment(amount="500"),)),
    ),
    ("payment_overdue", a_claim(), a_claim(a_disputed(an_item()))),
    (
        "payment_overdue",
        a_claim(a_promised(an_item(), TODAY - timedelta(days=1))),
        a_claim(a_promised(an_item(), TODAY)),
    ),
    (
        "payment_overdue",
        a_claim(arrangements=(an_arrangement(TODAY - timedelta(days=1), TODAY + timedelta(days=30)),)),
        a_claim(
            arrangements=(an_arrangement(TODAY - timedelta(days=1), TODAY + timedelta(days=30)),),
            payments=(a_payment(amount="500"),),
        ),
    ),
    (
        "broken_promise_unanswered",
        a_quiet_claim(promises=(a_promise(state=PromiseState.BROKEN, settled_on=TODAY),)),
        a_quiet_claim(
            promises=(a_promise(state=PromiseState.BROKEN, settled_on=TODAY),), actions=(an_action(done_at=at(TODAY)),)
        ),
    ),
    (
        "broken_promise_unanswered",
        a_quiet_claim(tasks=(a_task(kind=TaskKind.BROKEN_PROMISE),)),
        a_quiet_claim(tasks=(a_task(kind=TaskKind.BROKEN_PROMISE, state=TaskState.DECIDED),)),
    ),
    (
        "limitation_near",
        a_quiet_claim(clock_marks=(ClockMark("limitation", TODAY + timedelta(days=30), (60, 30)),)),
        a_quiet_claim(clock_marks=()),  # an interruption took the mark away
    ),
    ("returned_letter_unhandled", a_quiet_claim(returned=(a_return(),)), a_quiet_claim(returned=(a_return(handled_on=TODAY),))),
    (
        "returned_letter_unhandled",
        a_quiet_claim(returned=(a_return(),), actions=(an_action(done_at=at(DUE_ON)),)),
        a_quiet_claim(returned=(a_return(),), actions=(an_action(done_at=at(TODAY)),)),
    ),
    (
        "returned_letter_unhandled",
        a_quiet_claim(returned=(a_return(),)),
        a_quiet_claim(
            returned=(a_return(),),
            tasks=(a_task(kind=TaskKind.FIND_ADDRESS, state=TaskState.DECIDED, closed_at=at(TODAY)),),
        ),
    ),
    ("task_overdue", a_quiet_claim(tasks=(a_task(escalated_at=at(TODAY)),)), a_quiet_claim(tasks=(a_task(),))),
    ("plan_impossible", a_quiet_claim(tasks=(a_task(kind=TaskKind.ANOMALY),)), a_quiet_claim()),
    ("no_usable_address", a_quiet_claim(tasks=(a_task(kind=TaskKind.FIND_ADDRESS),)), a_quiet_claim()),
    (
        "duplicate_item",
        a_claim(an_item(), an_item("F-2")),
        a_claim(an_item(), an_item("F-2", due_on=DUE_ON + timedelta(days=1))),
    ),
    (
        "duplicate_item",
        a_claim(an_item(), an_item("F-2")),
        a_claim(
            an_item(), an_item("F-2"), payments=(a_payment(amount="1000", directed=(("F-2", money("1000")),)),)
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("code", "with_it", "without"), CASES, ids=[f"{n}-{case[0]}" for n, case in enumerate(CASES)])
def test_an_anomaly_is_raised_by_its_facts_and_cleared_by_what_answers_it(
    code: str, with_it: Claim, without: Claim
) -> None:
    assert code in raised(with_it)
    assert code not in raised(without)


def test_a_payment_larger_than_the_debt_stands_on_the_closed_claim_until_it_went_back() -> None:
    paid = a_claim(payments=(a_payment(amount="1200.50"),), stage=Stage.CLOSED, debtor=a_debtor(contacts=()))
    assert [(a["code"], a["amount"]) for a in raised(paid).values()] == [("payment_larger_than_debt", "200.50")]
    back = replace(paid, payments=(a_payment(amount="1200.50", reversed_on=TODAY),))
    assert "payment_larger_than_debt" not in raised(back)


def test_duplicates_that_the_database_found_are_named() -> None:
    claim = a_claim(an_item(), an_item("F-2", amount="5"))
    known = Duplicates((("C-7", ("siren",)),), (("F-1", "R26-0000007"), ("F-9", "R26-0000008")))
    found = raised(claim, duplicates=known)
    assert found["duplicate_debtor"]["debtors"] == ["C-7"]
    assert (found["duplicate_item"]["items"], found["duplicate_item"]["claims"]) == (["F-1"], ["R26-0000007"])
    assert sentence("duplicate_debtor", found["duplicate_debtor"], "fr") == "Même SIREN que le débiteur C-7."


def test_an_alert_keeps_the_day_it_was_first_raised_while_it_stands() -> None:
    claim = a_claim(an_item(due_on=None))
    first = alerts(claim, statement(claim, TODAY), TODAY)
    later = raised(claim, TODAY + timedelta(days=3), stored=first)
    assert later["item_without_due_date"]["since"] == TODAY.isoformat()
    again = raised(claim, TODAY + timedelta(days=5), stored=[])  # it was cleared in between
    assert again["item_without_due_date"]["since"] == (TODAY + timedelta(days=5)).isoformat()


def test_what_comes_with_the_calendar_is_foreseen_and_stands_on_its_days_without_another_plan() -> None:
    promised_on = TODAY + timedelta(days=20)
    stored = alerts(claim := a_claim(promises=(a_promise(promised_on=promised_on),)), statement(claim, TODAY), TODAY)

    def codes(day: date) -> list[str]:
        return [str(alert["code"]) for alert in standing_on(stored, day)]

    assert codes(TODAY) == []
    assert codes(promised_on - timedelta(days=8)) == []
    assert codes(promised_on - timedelta(days=7)) == codes(promised_on) == ["payment_due_soon"]
    assert codes(promised_on + timedelta(days=1)) == ["payment_overdue"]


def test_a_foreseen_alert_that_stands_at_the_next_plan_began_on_its_own_day() -> None:
    claim = a_claim(an_item(due_on=TODAY + timedelta(days=2)))
    stored = alerts(claim, statement(claim, TODAY), TODAY)
    later = raised(claim, TODAY + timedelta(days=9), stored=stored)
    assert later["payment_overdue"]["since"] == (TODAY + timedelta(days=3)).isoformat()


def test_a_loan_instalment_is_due_soon_and_an_invoice_is_not() -> None:
    soon = TODAY + timedelta(days=3)
    assert "payment_due_soon" in raised(a_claim(an_item(kind=ItemKind.LOAN_INSTALMENT, due_on=soon)))
    assert "payment_due_soon" not in raised(a_claim(an_item(due_on=soon)))


def test_the_clock_that_was_warned_of_says_when_it_runs_out() -> None:
    marks = (ClockMark("limitation", TODAY + timedelta(days=30), (60, 30)), ClockMark("limitation", DUE_ON, (60,)))
    claim = a_quiet_claim(tasks=(a_task(kind=TaskKind.CLOCK, subject="clock/limitation"),), clock_marks=marks)
    alert = raised(claim)["limitation_near"]
    assert alert["runs_out_on"] == (TODAY + timedelta(days=30)).isoformat()
    assert sentence("limitation_near", alert, "en") == "A legal deadline runs out on 23 March 2026."


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{case[0]}" for n, case in enumerate(CASES)])
def test_every_alert_has_a_sentence_with_its_facts(language: str, case: tuple[str, Claim, Claim]) -> None:
    code, with_it, _ = case
    said = sentence(code, raised(with_it)[code], language)
    assert said != code
    assert "{" not in said
