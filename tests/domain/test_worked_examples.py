"""Worked examples, computed by hand from the published rates. Each table says where its rule comes from.

ECB main refinancing rate: 3.15 % on 1 January 2025, 2.15 % on 1 July 2025 and on 1 January 2026. French legal rate of all
other cases: 3.71 % and 2.76 % in 2025. TMM: 7.91 % in March 2025, 7.50 % in April 2025.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.claim import Claim, Outcome
from domain.statement import rate_missing, statement
from tests.builders import a_claim, a_payment, an_action, an_item, at
from tests.money_builders import A_PERSON, TUNISIAN, allocated, by_law, figures, periods, under

# EUR 10,000 due 15 March 2025, paid in parts. C. com. L441-10 II, D441-5; C. civ. 1343-1.
IN_PARTS = by_law(
    a_claim(
        an_item(amount="10000", due_on=date(2025, 3, 15)),
        payments=(
            a_payment("P-1", amount="4000", value_date=date(2025, 5, 30)),
            a_payment("P-2", amount="5000", value_date=date(2025, 9, 15)),
        ),
    )
)


def test_ten_thousand_euros_paid_in_parts_through_two_half_years() -> None:
    # from, to, days, ECB + 10, amount = principal x rate x days / 36500
    table = [
        ("16.03.2025", "30.05.2025", 76, "13.15", "273.81"),  # 10,000.00 x 13.15 x 76 / 36500 = 273.808
        ("31.05.2025", "30.06.2025", 31, "13.15", "70.52"),  # 6,313.81 x 13.15 x 31 / 36500 = 70.516
        ("01.07.2025", "15.09.2025", 77, "12.15", "161.83"),  # 6,313.81 x 12.15 x 77 / 36500 = 161.832
        ("16.09.2025", "31.12.2025", 107, "12.15", "55.07"),  # 1,546.16 x 12.15 x 107 / 36500 = 55.071
    ]
    found = statement(IN_PARTS, date(2025, 12, 31))
    assert periods(found) == table
    assert allocated(found) == [
        ("F-1", "interest", "273.81"),
        ("F-1", "indemnity", "40.00"),
        ("F-1", "principal", "3686.19"),  # 4,000.00 - 273.81 - 40.00
        ("F-1", "interest", "232.35"),  # 70.52 + 161.83
        ("F-1", "principal", "4767.65"),  # 5,000.00 - 232.35
    ]
    assert figures(found) == ("1546.16", "55.07", "0.00", "1601.23")


@pytest.mark.parametrize(
    ("on", "principal", "interest", "indemnity", "balance"),
    [
        (date(2025, 3, 15), "10000.00", "0.00", "0.00", "10000.00"),  # the due date bears nothing
        (date(2025, 3, 16), "10000.00", "3.60", "40.00", "10043.60"),  # 10,000 x 13.15 x 1 / 36500 = 3.603
        (date(2025, 5, 29), "10000.00", "270.21", "40.00", "10310.21"),  # 75 days = 270.205
        (date(2025, 5, 30), "6313.81", "0.00", "0.00", "6313.81"),  # paid: the value date is charged, no day after
        (date(2025, 7, 1), "6313.81", "72.62", "0.00", "6386.43"),  # 70.52 + 6,313.81 x 12.15 / 36500 = 2.102
        (date(2026, 3, 31), "1546.16", "101.39", "0.00", "1647.55"),  # 55.07 + 90 days at 12.15 = 46.321
    ],
)
def test_the_same_debt_at_any_date(on: date, principal: str, interest: str, indemnity: str, balance: str) -> None:
    assert figures(statement(IN_PARTS, on)) == (principal, interest, indemnity, balance)


def test_a_half_year_without_a_rate_is_said_and_not_guessed() -> None:
    found = statement(IN_PARTS, date(2026, 7, 31))
    assert periods(found)[-2:] == [
        ("01.01.2026", "30.06.2026", 181, "12.15", "93.16"),  # 1,546.16 x 12.15 x 181 / 36500 = 93.157
        ("01.07.2026", "31.07.2026", 31, "missing", "0.00"),
    ]
    assert rate_missing(found) == {"F-1": ((date(2026, 7, 1), date(2026, 7, 31), "ecb_refinancing"),)}
    assert figures(found) == ("1546.16", "148.23", "0.00", "1694.39")


# C. com. D441-5: EUR 40 for each late invoice, once.
@pytest.mark.parametrize(
    ("case", "paid", "paid_on", "on", "indemnity"),
    [
        ("not late yet", None, None, date(2025, 3, 15), "0.00"),
        ("late", None, None, date(2025, 3, 16), "40.00"),
        ("paid on the due date", "100", date(2025, 3, 15), date(2025, 4, 1), "0.00"),
        ("part-paid before: still late, once", "60", date(2025, 3, 10), date(2025, 9, 1), "40.00"),
        (
            "paid late, for less than all: it is owed once, and no second time",
            "30",
            date(2025, 4, 1),
            date(2026, 1, 1),
            "10.61",
        ),
    ],
)
def test_the_indemnity_of_an_invoice(
    case: str, paid: str | None, paid_on: date | None, on: date, indemnity: str
) -> None:
    # Last row: 17 days of 100.00 at 13.15 % are 0.61 (0.612) of interest and come first; 30 - 0.61 = 29.39 of the 40 is
    # paid, 10.61 is left.
    payments = () if paid is None else (a_payment(amount=paid, value_date=paid_on),)
    claim = by_law(a_claim(an_item(amount="100", due_on=date(2025, 3, 15)), payments=payments))
    assert str(statement(claim, on).indemnities) == indemnity, case


# Tunisia: contract rate, or monthly TMM + margin; amounts to the millime.
@pytest.mark.parametrize(
    ("terms", "amount", "due_on", "on", "table", "balance"),
    [
        (
            {"interest": {"rate": "12.0"}},
            "1234.567",
            date(2025, 1, 10),
            date(2025, 3, 31),
            [("11.01.2025", "31.03.2025", 80, "12.0", "32.471")],  # 1,234.567 x 12 x 80 / 36500 = 32.4708
            "1267.038",
        ),
        (
            {"interest": {"reference": "tmm", "points": "3"}},
            "1000.000",
            date(2025, 2, 28),
            date(2025, 4, 30),
            [
                ("01.03.2025", "31.03.2025", 31, "10.91", "9.266"),  # 1,000 x (7.91 + 3) x 31 / 36500 = 9.2660
                ("01.04.2025", "30.04.2025", 30, "10.50", "8.630"),  # 1,000 x (7.50 + 3) x 30 / 36500 = 8.6301
            ],
            "1017.896",
        ),
        (None, "1000.000", date(2025, 2, 28), date(2025, 4, 30), [], "1000.000"),  # no rate agreed: none
    ],
)
def test_dinars_have_three_decimals(terms: Any, amount: str, due_on: date, on: date, table: Any, balance: str) -> None:
    item = an_item(amount=amount, currency="TND", due_on=due_on)
    claim = under(terms, a_claim(item, currency="TND", debtor=TUNISIAN, country="TN"))
    found = statement(claim, on)
    assert (periods(found), str(found.balance_due), str(found.indemnities)) == (table, balance, "0.000")


# C. civ. 1231-6 and CMF L313-2: the legal rate (professional creditor), from the formal notice; no indemnity.
def a_consumers_claim(**facts: Any) -> Claim:
    return by_law(a_claim(an_item(amount="500", due_on=date(2025, 1, 10)), debtor=A_PERSON, **facts))


A_NOTICE = an_action(1, action_type="formal_notice", outcome=Outcome.SENT, done_at=at("2025-03-10"))


def test_a_consumer_owes_the_legal_rate_from_the_formal_notice() -> None:
    found = statement(a_consumers_claim(actions=(A_NOTICE,)), date(2025, 7, 31))
    assert periods(found) == [
        ("11.03.2025", "30.06.2025", 112, "3.71", "5.69"),  # 500 x 3.71 x 112 / 36500 = 5.692
        ("01.07.2025", "31.07.2025", 31, "2.76", "1.17"),  # 500 x 2.76 x 31 / 36500 = 1.172
    ]
    assert figures(found) == ("500.00", "6.86", "0.00", "506.86")


def test_without_a_formal_notice_a_consumer_owes_no_interest() -> None:
    assert figures(statement(a_consumers_claim(), date(2025, 7, 31))) == ("500.00", "0.00", "0.00", "500.00")


def test_an_interest_only_remainder_stays_owed_and_bears_nothing() -> None:
    # 1,000 x 13.15 x 31 / 36500 = 11.168: the debtor pays the invoice's amount a month late. Interest and indemnity come
    # first (1343-1): of 1,000.00 are left 51.17 of principal. He pays 51.17: one day of 51.17 (0.02) is left.
    paid = (
        a_payment("P-1", amount="1000", value_date=date(2025, 4, 15)),
        a_payment("P-2", amount="51.17", value_date=date(2025, 4, 16)),
    )
    due = an_item(amount="1000", due_on=date(2025, 3, 15))
    found = statement(by_law(a_claim(due, payments=paid)), date(2025, 12, 31))
    assert figures(found) == ("0.02", "0.00", "0.00", "0.02")
    # Where the contract lays money on principal first, interest and indemnity alone are left, and bear nothing.
    contract = {"allocation": ["principal", "interest", "indemnity", "cost"]}
    late = under(contract, a_claim(due, payments=paid[:1]))
    for on in (date(2025, 4, 15), date(2026, 3, 31)):
        assert figures(statement(late, on)) == ("0.00", "11.17", "40.00", "51.17")
