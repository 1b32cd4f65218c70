"""Instalments: no split loses a unit of the currency, no month loses its day, money fills them in order."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.agreements import Arrangement, Instalment
from domain.covered_items import Came
from domain.instalments import MONTHS, RHYTHMS, days_of, equal_parts, paid_of
from domain.money import Money, decimals_of
from domain.refusals import Refused
from tests.agreement_builders import arranged, days
from tests.builders import an_id, at, money

CURRENCIES = st.sampled_from(["EUR", "TND", "JPY", "MAD"])
COUNTS = st.integers(1, 240)
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@given(CURRENCIES, st.integers(1, 10**9), COUNTS)
def test_equal_parts_add_up_to_the_last_unit_and_differ_by_one_at_most(currency: str, units: int, count: int) -> None:
    unit = Decimal(1).scaleb(-decimals_of(currency))
    parts = equal_parts(Money.of(units * unit, currency), count)
    assert sum(part.amount for part in parts) == units * unit
    assert list(parts) == sorted(parts, key=lambda part: -part.amount)  # the odd units are on the first ones
    assert parts[0].amount - parts[-1].amount <= unit


@given(DAYS, COUNTS, st.sampled_from(RHYTHMS))
def test_days_go_on_in_order_and_a_months_day_is_the_firsts_or_its_last(first: date, count: int, every: str) -> None:
    found = days_of(first, count, every)
    assert found[0] == first
    assert list(found) == sorted(set(found))
    if every in MONTHS:
        assert all(day.day == first.day or (day + timedelta(days=1)).day == 1 for day in found)
    else:
        assert {later - earlier for earlier, later in pairwise(found)} <= {
            timedelta(days=7),
            timedelta(days=14),
        }


@pytest.mark.parametrize(
    ("first", "every", "expected"),
    [
        (date(2026, 1, 31), "month", (date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30))),
        (date(2027, 11, 30), "quarter", (date(2027, 11, 30), date(2028, 2, 29), date(2028, 5, 30), date(2028, 8, 30))),
        (date(2026, 12, 28), "two_weeks", (date(2026, 12, 28), date(2027, 1, 11), date(2027, 1, 25), date(2027, 2, 8))),
    ],
)
def test_month_ends_are_clamped_and_the_day_comes_back(first: date, every: str, expected: tuple[date, ...]) -> None:
    assert days_of(first, 4, every) == expected


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=12), st.lists(st.integers(1, 10**6), max_size=12))
def test_what_came_fills_the_instalments_in_order_and_nothing_is_lost(owed: list[int], came: list[int]) -> None:
    instalments = tuple(
        Instalment(date(2026, 1, 1) + timedelta(days=n), money(f"{cents / 100:.2f}")) for n, cents in enumerate(owed)
    )
    arrangement = Arrangement(an_id("arrangement"), at("2026-01-01"), date(2026, 1, 1), instalments, "leila")
    filled = paid_of(arrangement, [Came(date(2026, 1, 1), money(f"{cents / 100:.2f}")) for cents in came])
    assert sum(part.amount for part in filled) == min(Decimal(sum(owed)), Decimal(sum(came))) / 100
    short = [n for n, part in enumerate(filled) if part < instalments[n].amount]
    assert all(not filled[n] for n in short[1:])  # only the first one that is not full may hold something


def test_more_instalments_than_cents_are_refused() -> None:
    with pytest.raises(Refused, match="too_many_instalments"):
        arranged(count=240, waiver="999.00", first_due_on=days(1).isoformat())
    with pytest.raises(Refused, match="too_many_instalments"):
        arranged(count=240, first_due_on="2199-01-01")
