"""Interest runs on while a promise or an arrangement does: the sum agreed is fixed, what runs up since is given up or due again."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.claim import Claim, Ending
from domain.endings import close
from domain.statement import statement
from domain.terms import ArrangementState, PromiseState
from tests.agreement_builders import (
    MADE_ON,
    arranged,
    days,
    gone_back,
    item_of,
    lived,
    noon,
    paid,
    promised,
    the_arrangement,
    the_promise,
)
from tests.builders import a_claim, a_cost, an_item, money
from tests.money_builders import by_law


def a_late_claim() -> Claim:
    """Two invoices of a French company, long overdue: interest and indemnity by law, a cost the debtor bears."""
    items = (an_item("F-1", due_on=date(2025, 3, 15)), an_item("F-2", amount="500.00", due_on=date(2025, 9, 1)))
    return by_law(a_claim(*items, costs=(a_cost(amount="30.00", chargeable_to_debtor=True),)))


def test_a_promise_without_an_amount_is_of_what_is_owed_that_day_with_its_interest() -> None:
    claim = promised(a_late_claim())
    owed = statement(claim, MADE_ON).balance_due
    assert the_promise(claim).amount == owed
    assert owed > money("1610.00")


def test_it_is_kept_by_the_sum_promised_whatever_interest_ran_up_since() -> None:
    claim = promised(a_late_claim())
    claim = paid(claim, str(the_promise(claim).amount), days(10))
    assert the_promise(claim).state is PromiseState.KEPT
    assert money("0.00") < statement(claim, days(10)).balance_due < money("10.00")
    assert item_of(claim, "F-2").off_scenario is None  # the rest goes on


def test_on_completion_what_ran_up_since_the_agreement_is_given_up() -> None:
    claim = arranged(a_late_claim(), count=2, waiver="100.00")
    total = the_arrangement(claim).total
    for n, part in enumerate(the_arrangement(claim).instalments):
        claim = paid(lived(claim, part.due_on, since=days(31 * n)), str(part.amount), part.due_on)
    assert the_arrangement(claim).state is ArrangementState.COMPLETED
    last = the_arrangement(claim).instalments[-1].due_on
    assert statement(claim, last).balance_due == money("0.00")
    given_up = sum(correction.amount.amount for correction in claim.corrections)
    assert given_up > 100
    assert statement(claim, last + timedelta(days=900)).balance_due == money("0.00")
    assert statement(claim, last).paid == total


def test_on_breach_it_is_due_again() -> None:
    claim = arranged(a_late_claim(), waiver="100.00")
    owed = statement(claim, MADE_ON).balance_due
    claim = lived(claim, days(14))
    assert the_arrangement(claim).state is ArrangementState.BREACHED
    assert statement(claim, days(14)).balance_due > owed


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 12), st.integers(0, 90_000), st.integers(1, 9))
def test_whatever_was_waived_completion_brings_the_balance_to_zero_and_a_bounce_brings_it_all_back(
    count: int, waived: int, late: int
) -> None:
    claim = a_late_claim()
    waiver = f"{waived / 100:.2f}"
    body = {"count": count, "every": "week", "waiver": waiver, "missed_allowed": count}
    claim = arranged(claim, **body, tolerance_days=60)
    plain = a_late_claim()
    end = days(10) + timedelta(weeks=count, days=late)
    claim = paid(claim, str(the_arrangement(claim).total), end)
    assert statement(claim, end).balance_due == money("0.00")
    claim = gone_back(close(claim, Ending.PAID, noon(end)).claim, end + timedelta(days=1))
    back = end + timedelta(days=1)
    assert statement(claim, back).balance_due == statement(plain, back).balance_due
