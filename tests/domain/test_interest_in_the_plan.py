"""The planner asks for what is owed in all: an interest-only remainder too, and what interest makes of a small debt."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from domain.claim import Ending, Stage
from domain.consequences import consequences
from domain.planner import next_step
from domain.statement import statement
from domain.steps import StepKind
from tests.builders import a_catalogue, a_claim, a_payment, a_task, an_action, an_item, at, money
from tests.domain.telling import codes, facts, leaves_on
from tests.money_builders import a_correction, by_law, under

DUE = date(2025, 3, 17)  # a Monday
CATALOGUE = a_catalogue()
PRINCIPAL_FIRST = {"allocation": ["principal", "interest", "indemnity", "cost"]}


def test_an_interest_only_remainder_is_reminded() -> None:
    paid = a_payment(amount="1000", value_date=date(2025, 3, 20))  # three days late: 1.08 and 40.00 are left
    claim = under(PRINCIPAL_FIRST, a_claim(an_item(due_on=DUE), opened_on=date(2025, 3, 10), payments=(paid,)))
    step = next_step(claim, CATALOGUE, at("2025-03-20", 18)).step
    assert (step.action_type, leaves_on(step)) == ("reminder_1", date(2025, 3, 24))
    assert facts(step, "amount_due") == {"amount": "41.08", "currency": "EUR", "items": ["F-1"]}


def test_a_waived_remainder_closes_the_claim() -> None:
    paid = a_payment(amount="1000", value_date=date(2025, 3, 20))
    waived = (
        a_correction("interest", amount="1.08", kind="waiver", on=date(2025, 3, 21)),
        a_correction("indemnity", amount="40", kind="waiver", on=date(2025, 3, 21)),
    )
    claim = under(PRINCIPAL_FIRST, a_claim(an_item(due_on=DUE), payments=(paid,), corrections=waived))
    assert next_step(claim, CATALOGUE, at("2025-03-21")).step.kind is StepKind.CLOSE


def test_a_small_invoice_is_chased_from_the_day_its_indemnity_makes_it_enough() -> None:
    claim = by_law(a_claim(an_item(amount="8", due_on=DUE), opened_on=date(2025, 3, 10)))
    least = a_catalogue(minimum_amount=Decimal(10))
    step = next_step(claim, least, at("2025-03-11")).step
    assert (step.action_type, leaves_on(step)) == ("reminder_1", date(2025, 3, 24))
    assert next_step(replace(claim, terms=a_claim().terms), least, at("2025-03-11")).step.due_at is None


def test_a_debt_below_the_minimum_wakes_up_when_its_interest_reaches_it() -> None:
    """990.00 at 12 % is 1,000.00 after 31 days: 990 x 12 x 31 / 36500 = 10.09 (9.76 after 30)."""
    agreed = {"interest": {"rate": "12"}, "indemnity": "none"}
    claim = under(agreed, a_claim(an_item(amount="990", due_on=DUE), opened_on=date(2025, 3, 10)))
    step = next_step(claim, a_catalogue(minimum_amount=Decimal(1000)), at("2025-03-24")).step
    assert leaves_on(step) == date(2025, 4, 17)
    assert "minimum_amount" in codes(step)


def test_a_proposal_is_not_moot_while_its_items_owe_interest() -> None:
    task = a_task(opened_at=at("2025-03-20"), proposed={"items": ["F-1"]}, action_id=an_action().id)
    paid = a_payment(amount="1000", value_date=date(2025, 3, 20))
    claim = under(PRINCIPAL_FIRST, a_claim(an_item(due_on=DUE), payments=(paid,), tasks=(task,)))
    assert consequences(claim, CATALOGUE, at("2025-03-21")).claim.open_tasks == (task,)
    whole = replace(claim, payments=(replace(paid, amount=money("1041.08")),))
    assert consequences(whole, CATALOGUE, at("2025-03-21")).claim.open_tasks == ()


def test_a_bounced_cheque_after_closing_reopens_the_claim_with_the_interest_since() -> None:
    cheque = a_payment(amount="1000", value_date=DUE)
    closed = by_law(
        a_claim(
            an_item(due_on=DUE),
            payments=(cheque,),
            stage=Stage.CLOSED,
            ending=Ending.PAID,
            closed_from=Stage.LITIGATION,
        )
    )
    assert consequences(closed, CATALOGUE, at("2025-03-27")).claim.stage is Stage.CLOSED
    bounced = replace(closed, payments=(replace(cheque, reversed_on=date(2025, 3, 27)),))
    again = consequences(bounced, CATALOGUE, at("2025-03-27"))
    assert (again.claim.stage, [event.kind for event in again.events]) == (Stage.LITIGATION, ["claim_reopened"])
    # 1,000 x 13.15 x 10 / 36500 = 3.60, and the indemnity: it never was paid.
    assert str(statement(again.claim, date(2025, 3, 27)).balance_due) == "1043.60"
