"""The priority is a sum of parts that can each be read."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from domain.claim import Claim, Stage
from domain.priority import Priority, priority
from domain.statement import statement
from tests.builders import DUE_ON, OPENED_ON, a_claim, a_debtor, a_payment, a_task, an_item, at


def found(claim: Claim, days_late: int = 40) -> Priority:
    on = DUE_ON + timedelta(days=days_late)
    return priority(claim, statement(claim, on), on)


def points(given: Priority) -> dict[str, int]:
    return {part.code: part.points for part in given.parts}


def test_the_score_is_the_sum_of_its_parts() -> None:
    given = found(a_claim(tasks=(a_task(),)))
    assert points(given) == {"priority_amount": 12, "priority_age": 12, "priority_waiting": 5}
    assert given.score == 29


@pytest.mark.parametrize(("amount", "score"), [("99", 0), ("100", 5), ("499.99", 5), ("500", 12), ("60000", 35)])
def test_more_money_weighs_more(amount: str, score: int) -> None:
    assert points(found(a_claim(an_item(amount=amount)))).get("priority_amount", 0) == score


@pytest.mark.parametrize(("days", "score"), [(0, 0), (1, 5), (29, 5), (30, 12), (400, 30)])
def test_an_older_debt_weighs_more(days: int, score: int) -> None:
    assert points(found(a_claim(), days)).get("priority_age", 0) == score


@pytest.mark.parametrize(
    ("facts", "code", "score"),
    [
        ({"stage": Stage.ENFORCEMENT}, "priority_stage", 10),
        ({"tasks": (a_task(escalated_at=at(OPENED_ON)),)}, "priority_escalated", 15),
        ({"debtor": a_debtor(addresses=(), contacts=())}, "priority_no_address", 5),
    ],
)
def test_what_needs_a_person_weighs(facts: dict[str, Any], code: str, score: int) -> None:
    assert points(found(a_claim(**facts)))[code] == score
    assert code not in points(found(a_claim()))


def test_an_item_without_a_due_date_weighs() -> None:
    assert points(found(a_claim(an_item(due_on=None))))["priority_undated"] == 5


def test_a_claim_that_owes_nothing_or_is_closed_has_no_priority() -> None:
    assert found(a_claim(payments=(a_payment(amount="1000"),))) == Priority(0, ())
    assert found(a_claim(stage=Stage.CLOSED)) == Priority(0, ())


def test_everything_at_once_is_at_most_a_hundred() -> None:
    worst = a_claim(
        an_item(amount="90000"), an_item("F-2", due_on=None), stage=Stage.ENFORCEMENT,
        debtor=a_debtor(addresses=(), contacts=()), tasks=(a_task(escalated_at=at(date(2026, 3, 1))),),
    )  # fmt: skip
    assert found(worst, 500).score == 100
