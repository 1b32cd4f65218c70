"""How the law counts: each line with its source."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.legal_time import days_later, end_of_limitation, months_later, on_a_working_day
from tests.builders import a_calendar
from tests.law_builders import dated

DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-03-10", 1, "2026-04-10"),  # CPC 641, 2: the same day of the month
        ("2026-01-31", 1, "2026-02-28"),  # CPC 641, 2: for want of the same day, the last of the month
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2024-02-29", 60, "2029-02-28"),  # a limitation that began on 29 February
        ("2026-12-05", 2, "2027-02-05"),
    ],
)
def test_months_run_from_day_to_day(start: str, months: int, end: str) -> None:
    assert months_later(date.fromisoformat(start), months).isoformat() == end


def test_the_day_of_the_act_does_not_count_in_days() -> None:
    assert days_later(date(2026, 3, 2), 8) == date(2026, 3, 10)  # CPC 641, 1


@pytest.mark.parametrize(
    ("day", "moved_to"),
    [
        ("2026-05-08", "2026-05-11"),  # CPC 642: a holiday on a Friday, then a week-end
        ("2026-05-09", "2026-05-11"),  # a Saturday
        ("2026-05-12", "2026-05-12"),
    ],
)
def test_a_deadline_of_procedure_ends_on_a_working_day(day: str, moved_to: str) -> None:
    calendar = a_calendar(date(2026, 5, 8))
    assert on_a_working_day(date.fromisoformat(day), calendar).isoformat() == moved_to


@pytest.mark.parametrize(
    ("since", "end"),
    [
        ("2001-03-01", "2011-03-01"),  # the former term ends first: never later than it would have
        ("2005-03-01", "2013-06-19"),  # the shorter term from its own first day
        ("2010-03-01", "2015-03-01"),
        ("1995-03-01", "2010-09-21"),  # before anything we know
    ],
)
def test_a_shorter_limitation_runs_from_its_own_first_day(since: str, end: str) -> None:
    """Code civil 2222, as for the law of 17 June 2008 (ten years became five)."""
    versions = (dated("10", "2000-09-21", "2008-06-18"), dated("5", "2008-06-19"))
    found = end_of_limitation(versions, date.fromisoformat(since))
    assert found is not None
    assert found[0].isoformat() == end


def test_a_longer_limitation_counts_what_has_run() -> None:
    versions = (dated("2", "2008-06-19"), dated("3", "2026-07-01", source="the longer one"))
    found = end_of_limitation(versions, date(2025, 1, 15))
    assert found is not None
    assert (found[0], found[1].source) == (date(2028, 1, 15), "the longer one")


def test_what_has_run_out_is_not_revived_by_a_longer_limitation() -> None:
    versions = (dated("2", "2008-06-19"), dated("3", "2026-07-01"))
    found = end_of_limitation(versions, date(2024, 1, 15))
    assert found is not None
    assert found[0] == date(2026, 1, 15)


def test_without_a_law_there_is_no_end() -> None:
    assert end_of_limitation((), date(2026, 1, 1)) is None
    assert end_of_limitation((dated("5", "2008-06-19", "2020-01-01"),), date(2026, 1, 1)) is None


@given(earlier=DAYS, later=DAYS)
def test_what_begins_later_never_ends_earlier(earlier: date, later: date) -> None:
    versions = (dated("10", "2000-09-21", "2008-06-18"), dated("5", "2008-06-19"), dated("2", "2030-01-01"))
    first, second = (end_of_limitation(versions, day) for day in sorted((earlier, later)))
    assert first is not None
    assert second is not None
    assert first[0] <= second[0]
