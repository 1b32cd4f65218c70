"""The priority is a sum of parts that can each be read."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from domain.claim import Claim, ClockMark, Stage, TaskKind
from domain.priority import Priority, priority
from domain.statement import statement
from domain.terms import PromiseState
from tests.anomaly_builders import a_promise
from tests.builders import DUE_ON, OPENED_ON, a_claim, a_debtor, a_payment, a_task, an_action, an_item, at


def found(claim: Claim, days_late: int = 40) -> Priority:
    on = DUE_ON + timedelta(days=days_late)
    return priority(claim, statement(claim, on), on)


def points(given: Priority) -> dict[str, int]:
    return {part.code: part.points for part in given.parts}


def test_the_score_is_the_sum_of_its_parts() -> None:
    given = found(a_claim(tasks=(a_task(),)))
    assert points(given) == {
        "priority_amount": 11,
        "priority_age": 8,
        "priority_waiting": 4,
        "priority_never_contacted": 2,
    }
    assert given.score == 25 == sum(part.points for part in given.parts)


@pytest.mark.parametrize(("amount", "score"), [("99", 0), ("100", 5), ("499.99", 5), ("500", 11), ("60000", 30)])
def test_more_money_weighs_more(amount: str, score: int) -> None:
    assert points(found(a_claim(an_item(amount=amount)))).get("priority_amount", 0) == score


@pytest.mark.parametrize(("days", "score"), [(0, 0), (1, 3), (29, 3), (30, 8), (400, 20)])
def test_an_older_debt_weighs_more(days: int, score: int) -> None:
    assert points(found(a_claim(), days)).get("priority_age", 0) == score


@pytest.mark.parametrize(
    ("facts", "code", "score"),
    [
        ({"stage": Stage.ENFORCEMENT}, "priority_stage", 8),
        ({"tasks": (a_task(escalated_at=at(OPENED_ON)),)}, "priority_escalated", 10),
        ({"debtor": a_debtor(addresses=(), contacts=())}, "priority_no_address", 2),
    ],
)
def test_what_needs_a_person_weighs(facts: dict[str, Any], code: str, score: int) -> None:
    assert points(found(a_claim(**facts)))[code] == score
    assert code not in points(found(a_claim()))


def test_an_item_without_a_due_date_weighs() -> None:
    assert points(found(a_claim(an_item(due_on=None))))["priority_undated"] == 2


def test_a_claim_that_owes_nothing_or_is_closed_has_no_priority() -> None:
    assert found(a_claim(payments=(a_payment(amount="1000"),))) == Priority(0, ())
    assert found(a_claim(stage=Stage.CLOSED)) == Priority(0, ())


def test_a_broken_promise_weighs_most_while_nobody_has_answered_it() -> None:
    once = (a_promise(state=PromiseState.BROKEN),)
    twice = (*once, a_promise("second", state=PromiseState.BROKEN))
    asked = (a_task(kind=TaskKind.BROKEN_PROMISE),)
    assert points(found(a_claim(promises=once)))["priority_promises_broken"] == 4
    assert points(found(a_claim(promises=twice)))["priority_promises_broken"] == 7
    assert points(found(a_claim(promises=twice, tasks=asked)))["priority_promise_unanswered"] == 10
    assert "priority_promises_broken" not in points(found(a_claim(promises=(a_promise(state=PromiseState.KEPT),))))


@pytest.mark.parametrize(("days_left", "score"), [(8, 12), (9, 9), (30, 9), (60, 6), (61, None)])
def test_the_nearest_clock_of_the_law_weighs_by_the_days_left(days_left: int, score: int | None) -> None:
    runs_out_on = DUE_ON + timedelta(days=40 + days_left)
    warned = a_claim(
        tasks=(a_task(kind=TaskKind.CLOCK, subject="clock/limitation"),),
        clock_marks=(ClockMark("limitation", runs_out_on, (60,)), ClockMark("limitation", DUE_ON, (60, 30))),
    )
    assert points(found(warned)).get("priority_clock") == score


def test_silence_weighs_from_the_last_contact_and_a_payment_says_that_the_debtor_pays() -> None:
    spoken = a_claim(actions=(an_action(done_at=at(DUE_ON + timedelta(days=39))),))
    assert "priority_silence" not in points(found(spoken))
    assert points(found(spoken, 130))["priority_silence"] == 3
    paid = a_claim(payments=(a_payment(amount="100"),))
    assert points(found(paid))["priority_pays"] == 3
    assert "priority_pays" not in points(found(paid, 100))


def test_everything_at_once_is_at_most_a_hundred() -> None:
    worst = a_claim(
        an_item(amount="90000"), an_item("F-2", due_on=None), stage=Stage.ENFORCEMENT,
        debtor=a_debtor(addresses=(), contacts=()), payments=(a_payment(value_date=DUE_ON + timedelta(days=450)),),
        tasks=(
            a_task(escalated_at=at(date(2026, 3, 1))),
            a_task(kind=TaskKind.BROKEN_PROMISE),
            a_task(kind=TaskKind.CLOCK, subject="clock/limitation"),
        ),
        clock_marks=(ClockMark("limitation", DUE_ON + timedelta(days=505)),),
    )  # fmt: skip
    assert found(worst, 500).score == 100 == sum(points(found(worst, 500)).values())
