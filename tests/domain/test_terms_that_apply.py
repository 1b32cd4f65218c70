"""Which terms apply: the item's own, else the creditor's, else the law of the debtor's own country; without, none."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.catalogue import CountryPack, Dated, Rate
from domain.claim import ItemKind, LegalEvent, Stage, Takeover
from domain.interest import accrued, contract_interest, periods_of
from domain.money import LARGEST, LARGEST_STATED
from domain.reading import Reading
from domain.stated_terms import read_stated
from domain.statement import rate_missing, statement
from tests.builders import a_claim, a_debtor, an_id, an_item, at, money
from tests.money_builders import A_PERSON, TUNISIAN, by_law, figures, periods, the_packs, the_rates, under

DUE = date(2025, 3, 15)
A_MONTH_LATER = date(2025, 4, 14)  # 30 days
LAW = "10.81"  # 1,000 x 13.15 x 30 / 36500 = 10.808


def interest_of(terms: Any, own: Any = None, **facts: Any) -> tuple[str, str]:
    claim = a_claim(an_item(due_on=DUE, terms=own or {}, kind=facts.pop("kind", ItemKind.INVOICE)), **facts)
    found = statement(under(terms, claim), A_MONTH_LATER)
    return str(found.interest), str(found.indemnities)


@pytest.mark.parametrize(
    ("case", "terms", "own", "expected"),
    [
        ("the law of the debtor's country", None, None, (LAW, "40.00")),
        ("the creditor waives both", {"interest": "none", "indemnity": "none"}, None, ("0.00", "0.00")),
        ("the creditor waives one", {"indemnity": "none"}, None, (LAW, "0.00")),
        ("the creditor's rate", {"interest": {"rate": "18"}}, None, ("14.79", "40.00")),  # 14.795
        ("the item's rate wins", {"interest": {"rate": "18"}}, {"interest": {"rate": "15"}}, ("12.33", "40.00")),  # 12.329
        ("the item's waiver wins", {"interest": {"rate": "18"}}, {"interest": "none"}, ("0.00", "40.00")),
        ("the item's indemnity wins", {"indemnity": "none"}, {"indemnity": "25.00"}, (LAW, "25.00")),
        ("ECB + 8 agreed, above the floor of 11.13", {"interest": {"reference": "ecb", "points": "8"}}, None, ("9.16", "40.00")),
        ("5 % agreed is raised to 3 x 3.71 %", {"interest": {"rate": "5"}}, None, ("9.15", "40.00")),  # 9.148
    ],
)  # fmt: skip
def test_the_first_that_says_something_applies(case: str, terms: Any, own: Any, expected: tuple[str, str]) -> None:
    assert interest_of(terms, own) == expected, case


@pytest.mark.parametrize(
    ("case", "facts", "expected"),
    [
        ("another country has no law here", {"debtor": a_debtor(country="DE")}, ("0.00", "0.00")),
        ("nor has an unknown one", {"debtor": a_debtor(country="")}, ("0.00", "0.00")),
        ("Tunisia has no rate of its own", {"debtor": TUNISIAN}, ("0.00", "0.00")),
        ("a person never owes the indemnity", {"debtor": A_PERSON}, ("0.00", "0.00")),
        ("a loan is no commercial debt", {"kind": ItemKind.LOAN_INSTALMENT}, ("0.00", "0.00")),
        ("a bill bears interest, and no indemnity", {"kind": ItemKind.BILL}, (LAW, "0.00")),
    ],
)
def test_the_law_is_that_of_the_debtor_and_the_debt(case: str, facts: Any, expected: tuple[str, str]) -> None:
    assert interest_of(None, **facts) == expected, case


def test_the_indemnity_is_in_euros_only() -> None:
    claim = by_law(a_claim(an_item(due_on=DUE, currency="USD"), currency="USD"))
    assert figures(statement(claim, A_MONTH_LATER))[2] == "0.00"


def test_a_contract_rate_against_a_person_waits_for_the_notice_unless_the_contract_says_otherwise() -> None:
    waits, runs = {"interest": {"rate": "6"}}, {"interest": {"rate": "6", "from": "due_date"}}
    assert interest_of(waits, debtor=A_PERSON) == ("0.00", "0.00")
    assert interest_of(runs, debtor=A_PERSON) == ("4.93", "0.00")  # 1,000 x 6 x 30 / 36500 = 4.932


def test_a_notice_served_by_a_bailiff_counts_for_the_item_it_names_once_it_is_due() -> None:
    def event(day: date, item: str) -> LegalEvent:
        return LegalEvent(an_id("event", day), "formal_notice", day, at(day), "claire", item)

    items = (an_item("F-1", due_on=DUE), an_item("F-2", due_on=DUE))
    events = (event(date(2025, 3, 1), "F-1"), event(date(2025, 4, 4), "F-1"))  # the first came before the due date
    found = statement(by_law(a_claim(*items, debtor=A_PERSON, legal_events=events)), A_MONTH_LATER)
    assert periods(found) == [("05.04.2025", "14.04.2025", 10, "3.71", "1.02")]  # 1,000 x 3.71 x 10 / 36500
    assert periods(found, 1) == []


def test_a_notice_of_those_who_collected_before_counts() -> None:
    before = Takeover(Stage.AMICABLE, last_action_type="formal_notice", last_action_on=date(2025, 4, 4))
    claim = by_law(a_claim(an_item(due_on=DUE), debtor=A_PERSON, takeover=before))
    assert str(statement(claim, A_MONTH_LATER).interest) == "1.02"


def test_the_default_rate_has_no_floor_only_an_agreed_one_has() -> None:
    """L441-10 II: in 2024 ECB + 10 (14.50 %) was below three times the legal rate (15.21 %), and is the law all the same."""
    claim = a_claim(an_item(due_on=date(2024, 1, 31)))
    on = date(2024, 2, 29)
    assert periods(statement(by_law(claim), on)) == [("01.02.2024", "29.02.2024", 29, "14.50", "11.52")]
    agreed = {"interest": {"reference": "ecb", "points": "10"}}
    assert periods(statement(under(agreed, claim), on)) == [("01.02.2024", "29.02.2024", 29, "15.21", "12.08")]


def test_a_reference_that_nobody_set_up_is_missing_from_the_first_day() -> None:
    claim = under({"interest": {"reference": "euribor", "points": "2"}}, a_claim(an_item(due_on=DUE)))
    found = statement(claim, A_MONTH_LATER)
    assert figures(found) == ("1000.00", "0.00", "40.00", "1040.00")
    assert rate_missing(found)["F-1"][0].rate == "euribor"


def test_a_reference_of_the_law_that_nobody_set_up_is_missing_too() -> None:
    claim = under(None, a_claim(an_item(due_on=DUE)), rates={})
    found = statement(claim, A_MONTH_LATER)
    assert found.interest == money("0.00")
    assert rate_missing(found)["F-1"][0].rate == "ecb_refinancing"


@pytest.mark.parametrize(("amount", "rate"), [("10000", "100"), ("999999999999999.99", "1000")])
def test_interest_that_compounds_beyond_measure_is_counted_all_the_same(amount: str, rate: str) -> None:
    """Interest on interest stops growing where the capitalised part passes the largest amount that can be stated."""
    terms = {"interest": {"rate": rate, "compounding": "yearly"}, "indemnity": "none"}
    claim = under(terms, a_claim(an_item(amount=amount, due_on=date(1900, 1, 1))))
    assert LARGEST_STATED < statement(claim, date(2199, 12, 31)).balance_due.amount < LARGEST


def test_a_changed_parameter_acts_from_its_date_on() -> None:
    """Points go from 10 to 12 on 1 April: 17 days at 13.15 %, then 13 at 15.15 %."""
    changed = (
        Dated("10", date(2009, 1, 1), date(2025, 3, 31), "old law"),
        Dated("12", date(2025, 4, 1), None, "new law"),
    )
    pack = CountryPack("FR", {**the_packs()["FR"].parameters, "interest_company_points": changed})
    claim = under(None, a_claim(an_item(due_on=date(2025, 3, 14))), packs={"FR": pack})
    assert periods(statement(claim, date(2025, 4, 13))) == [
        ("15.03.2025", "31.03.2025", 17, "13.15", "6.12"),
        ("01.04.2025", "13.04.2025", 13, "15.15", "5.40"),
    ]


def test_a_changed_reference_acts_from_its_date_on() -> None:
    other = Rate("other", {}, (Dated("1.00", date(2020, 1, 1), None, "other"),), "half_year")
    references = (
        Dated("ecb_refinancing", date(2009, 1, 1), date(2025, 6, 30), "old law"),
        Dated("other", date(2025, 7, 1), None, "new law"),
    )
    pack = CountryPack("FR", {**the_packs()["FR"].parameters, "interest_company_reference": references})
    claim = under(
        None, a_claim(an_item(due_on=date(2025, 6, 29))), packs={"FR": pack}, rates={**the_rates(), "other": other}
    )
    assert [period[3] for period in periods(statement(claim, date(2025, 7, 31)))] == ["13.15", "11.00"]


def test_interest_is_simple_unless_whole_years_are_agreed_to_compound() -> None:
    """C. civ. 1343-2. 1,000 at 10 %: 731 days are 200.27; compounding, 100.00 and then 366 days of 1,100.00 = 110.30."""
    item = an_item(due_on=date(2022, 12, 31))
    on = date(2024, 12, 31)
    simple = {"interest": {"rate": "10"}}
    yearly = {"interest": {"rate": "10", "compounding": "yearly"}}
    abroad = a_claim(item, debtor=a_debtor(country="TN"))
    assert str(statement(under(simple, abroad), on).interest) == "200.27"
    assert periods(statement(under(yearly, abroad), on)) == [
        ("01.01.2023", "31.12.2023", 365, "10", "100.00"),
        ("01.01.2024", "31.12.2024", 366, "10", "110.30"),
    ]
    assert str(statement(under(yearly, abroad), date(2023, 12, 30)).interest) == "99.73"  # no whole year yet


def test_a_leap_year_is_counted_by_365() -> None:
    terms = contract_interest("10", None)
    of = (terms, date(2023, 12, 31), date(2024, 12, 31), money("1000").amount, money("0.01").amount)
    assert ([period.segment.days for period in periods_of(*of)], str(accrued(*of))) == ([366], "100.27")


@pytest.mark.parametrize(
    ("terms", "wrong"),
    [
        ({"interest": "some"}, "interest"),
        ({"interest": {}}, "interest"),
        ({"interest": {"rate": "5", "reference": "ecb"}}, "interest"),
        ({"interest": {"rate": "-1"}}, "interest.rate"),
        ({"interest": {"rate": 1.5}}, "interest.rate"),
        ({"interest": {"reference": "ecb", "points": "many"}}, "interest.points"),
        ({"interest": {"rate": "5", "compounding": "monthly"}}, "interest.compounding"),
        ({"interest": {"rate": "5", "from": "yesterday"}}, "interest.from"),
        ({"indemnity": "forty"}, "indemnity"),
        ({"indemnity": "40.001"}, "indemnity"),
        ({"allocation": ["principal"]}, "allocation"),
        ({"allocation": "mine"}, "allocation"),
    ],
)
def test_terms_that_cannot_be_read_say_where(terms: Any, wrong: str) -> None:
    reading = Reading(terms)
    read_stated(reading)
    assert [refusal.path for refusal in reading.refusals] == [wrong]
