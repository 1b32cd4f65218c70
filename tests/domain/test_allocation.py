"""Where money goes: between debts by C. civ. 1342-10, inside one by 1343-1 or the contract; and counter entries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.claim import Claim
from domain.statement import statement
from tests.builders import a_claim, a_cost, a_payment, an_item, money
from tests.money_builders import a_correction, allocated, by_law, figures, under

DUE, EARLIER, LATER = date(2025, 3, 15), date(2025, 2, 15), date(2025, 12, 15)
PAID_ON = date(2025, 4, 14)  # 30 days after DUE; ECB + 10 is 13.15 %
NO_INTEREST = {"interest": "none", "indemnity": "none"}


def of(*items: Any, amount: str, terms: Any = NO_INTEREST, **facts: Any) -> list[tuple[str, str, str]]:
    claim = under(terms, a_claim(*items, payments=(a_payment(amount=amount, value_date=PAID_ON),), **facts))
    return allocated(statement(claim, PAID_ON))


def test_due_debts_come_before_those_to_come() -> None:
    items = (an_item("F-1", amount="100", due_on=LATER), an_item("F-2", amount="100", due_on=DUE))
    assert of(*items, amount="150") == [("F-2", "principal", "100.00"), ("F-1", "principal", "50.00")]


def test_of_due_debts_the_dearest_comes_before_the_oldest() -> None:
    """1342-10: those he has most interest to clear."""
    dear = {"interest": {"rate": "20"}}
    items = (an_item("F-1", due_on=EARLIER), an_item("F-2", due_on=DUE, terms=dear))
    assert [item for item, *_ in of(*items, amount="500")] == ["F-2", "F-2"]  # its interest, then its principal


def test_of_equal_interest_the_oldest_comes_first() -> None:
    items = (an_item("F-1", due_on=DUE), an_item("F-2", due_on=EARLIER))
    assert of(*items, amount="100") == [("F-2", "principal", "100.00")]


def test_all_things_equal_it_is_laid_in_proportion_and_no_cent_is_lost() -> None:
    items = [an_item(f"F-{n}", amount="100", due_on=DUE) for n in (1, 2, 3)]
    parts = of(*items, amount="100")
    assert parts == [("F-1", "principal", "33.34"), ("F-2", "principal", "33.33"), ("F-3", "principal", "33.33")]
    assert of(*items[::-1], amount="100") == parts  # whichever came first


COST = a_cost("service", amount="30", chargeable_to_debtor=True, incurred_on=DUE)
IN_ORDER = {  # 1,000 x 13.15 x 30 / 36500 = 10.81
    "cost": ("service", "cost", "30.00"),
    "interest": ("F-1", "interest", "10.81"),
    "indemnity": ("F-1", "indemnity", "40.00"),
}


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (None, [*IN_ORDER.values(), ("F-1", "principal", "119.19")]),
        ("legal", [*IN_ORDER.values(), ("F-1", "principal", "119.19")]),
        (["principal", "interest", "indemnity", "cost"], [("F-1", "principal", "200.00")]),
        (["indemnity", "interest", "principal", "cost"], [IN_ORDER["indemnity"], IN_ORDER["interest"], ("F-1", "principal", "149.19")]),
    ],
)  # fmt: skip
def test_inside_a_debt_accessories_come_first_or_the_contracts_order(order: Any, expected: Any) -> None:
    terms = None if order is None else {"allocation": order}
    assert of(an_item(due_on=DUE), amount="200", terms=terms, costs=(COST,)) == expected


def test_by_a_contract_that_lays_costs_last_they_are_paid_all_the_same() -> None:
    terms = {**NO_INTEREST, "allocation": ["principal", "interest", "indemnity", "cost"]}
    assert of(an_item(due_on=DUE), amount="1030", terms=terms, costs=(COST,))[-1] == IN_ORDER["cost"]


def test_the_debtors_choice_pays_the_interest_of_his_item_before_its_principal() -> None:
    items = (an_item("F-1", due_on=EARLIER), an_item("F-2", due_on=DUE))
    chosen = a_payment(amount="50.81", value_date=PAID_ON, directed=(("F-2", money("50.81")),))
    found = statement(by_law(a_claim(*items, payments=(chosen,))), PAID_ON)
    assert allocated(found) == [("F-2", "interest", "10.81"), ("F-2", "indemnity", "40.00")]


def test_a_backdated_payment_takes_back_the_interest_it_stops() -> None:
    late = by_law(a_claim(an_item(due_on=DUE)))
    assert figures(statement(late, PAID_ON)) == ("1000.00", "10.81", "40.00", "1050.81")
    backdated = replace(late, payments=(a_payment(amount="1000", value_date=DUE),))
    assert figures(statement(backdated, PAID_ON)) == ("0.00", "0.00", "0.00", "0.00")


def test_a_bounced_cheque_was_no_payment_and_interest_ran_all_the_while() -> None:
    """CMF L131-67: a cheque pays only when it is honoured."""
    cheque = a_payment(amount="1000", value_date=DUE, reversed_on=date(2025, 3, 25))
    claim = by_law(a_claim(an_item(due_on=DUE), payments=(cheque,)))
    assert str(statement(claim, date(2025, 3, 24)).balance_due) == "0.00"
    assert figures(statement(claim, PAID_ON)) == ("1000.00", "10.81", "40.00", "1050.81")


# ---- counter entries -------------------------------------------------------------------------


def corrected(*corrections: Any, paid: str = "", **facts: Any) -> Claim:
    payments = (a_payment(amount=paid, value_date=PAID_ON),) if paid else ()
    return by_law(a_claim(an_item(due_on=DUE), payments=payments, corrections=corrections, **facts))


ON: dict[str, Any] = {"on": PAID_ON}


@pytest.mark.parametrize(
    ("case", "claim", "expected"),
    [
        ("interest", corrected(a_correction("interest", amount="5", **ON)), ("1000.00", "5.81", "40.00", "1045.81")),
        ("the indemnity", corrected(a_correction("indemnity", amount="40", **ON)), ("1000.00", "10.81", "0.00", "1010.81")),
        ("principal", corrected(a_correction("principal", amount="100", item="F-1", **ON)), ("900.00", "10.81", "40.00", "950.81")),
        ("not before its day", corrected(a_correction("interest", amount="5", on=date(2025, 4, 15))), ("1000.00", "10.81", "40.00", "1050.81")),
    ],
)  # fmt: skip
def test_a_counter_entry_reduces_what_was_charged_from_its_day(case: str, claim: Claim, expected: Any) -> None:
    assert figures(statement(claim, PAID_ON)) == expected, case


def test_what_had_paid_a_mistake_is_laid_anew_and_a_payment_still_adds_up() -> None:
    claim = corrected(a_correction("indemnity", amount="40", on=date(2025, 4, 15)), paid="60.81")
    found = statement(claim, date(2025, 4, 15))
    assert allocated(found) == [("F-1", "interest", "10.81"), ("F-1", "principal", "10.00"), ("F-1", "interest", "0.36"), ("F-1", "principal", "39.64")]  # fmt: skip
    assert (str(found.corrected), str(found.principal)) == ("40.00", "950.36")


def test_a_waiver_ends_what_is_owed_and_gives_nothing_back() -> None:
    waived = a_correction("indemnity", amount="40", kind="waiver", on=date(2025, 4, 15))
    found = statement(corrected(waived, paid="1050.81"), date(2025, 4, 20))
    assert (figures(found), str(found.overpaid)) == (("0.00", "0.00", "0.00", "0.00"), "0.00")


def test_a_mistake_that_was_paid_makes_the_claim_overpaid() -> None:
    mistaken = a_correction("indemnity", amount="40", on=date(2025, 4, 15))
    found = statement(corrected(mistaken, paid="1050.81"), date(2025, 4, 20))
    assert (str(found.balance_due), str(found.overpaid), str(found.unapplied)) == ("0.00", "40.00", "40.00")


def test_a_cost_charged_by_mistake_is_reversed_and_stays_on_record() -> None:
    reversed_ = a_correction("cost", amount="30", cost_id=COST.id, on=date(2025, 4, 1))
    found = statement(corrected(reversed_, costs=(COST,)), PAID_ON)
    assert (str(found.costs_incurred), str(found.costs_chargeable), str(found.corrected)) == ("30.00", "0.00", "30.00")
