"""Nothing leaves outside the sending days and hours of the claim's own time zone."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import (
    closing_instant,
    first_sending_day,
    is_sending_day,
    local_day,
    next_sending_instant,
    opening_instant,
    sending_instant,
    start_of_day,
)
from domain.steps import PlanImpossible
from tests.builders import a_calendar, a_scenario, at

PARIS = "Europe/Paris"
EASTER_MONDAY = date(2026, 4, 6)
SCENARIO = a_scenario()
CALENDAR = a_calendar(EASTER_MONDAY)


@pytest.mark.parametrize(
    ("day", "leaves_on"),
    [
        ("2026-04-03", "2026-04-03"),  # a Friday
        ("2026-04-04", "2026-04-07"),  # a Saturday before a holiday Monday
        ("2026-04-05", "2026-04-07"),
        ("2026-04-06", "2026-04-07"),  # the holiday itself
        ("2026-04-07", "2026-04-07"),
        ("2026-04-11", "2026-04-13"),  # an ordinary week-end
    ],
)
def test_a_step_falls_due_on_the_first_sending_day_at_or_after_its_date(day: str, leaves_on: str) -> None:
    assert first_sending_day(date.fromisoformat(day), SCENARIO, CALENDAR) == date.fromisoformat(leaves_on)


def test_a_scenario_may_send_on_holidays_and_saturdays() -> None:
    assert is_sending_day(EASTER_MONDAY, a_scenario(public_holidays=False), CALENDAR)
    assert is_sending_day(date(2026, 4, 4), a_scenario(sending_days=frozenset({5})), CALENDAR)


def test_a_calendar_without_a_sending_day_is_said() -> None:
    with pytest.raises(PlanImpossible) as impossible:
        first_sending_day(EASTER_MONDAY, a_scenario(sending_days=frozenset()), CALENDAR)
    assert impossible.value.code == "no_sending_day"


@pytest.mark.parametrize(
    ("day", "zone", "opens_at"),
    [
        ("2026-03-27", PARIS, "08:00"),  # winter: UTC+1
        ("2026-03-30", PARIS, "07:00"),  # the Monday after the clocks go forward
        ("2026-10-23", PARIS, "07:00"),
        ("2026-10-26", PARIS, "08:00"),  # the Monday after they go back
        ("2026-07-01", "Africa/Tunis", "08:00"),  # no summer time there
        ("2026-01-05", "Asia/Kolkata", "03:30"),
    ],
)
def test_the_hours_are_the_claims_own_through_the_change_of_clocks(day: str, zone: str, opens_at: str) -> None:
    opens = opening_instant(date.fromisoformat(day), SCENARIO, zone)
    assert opens == datetime.combine(date.fromisoformat(day), time.fromisoformat(opens_at), UTC)


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)])
def test_a_day_has_its_real_length(day: str, hours: int) -> None:
    on = date.fromisoformat(day)
    assert start_of_day(on + timedelta(days=1), PARIS) - start_of_day(on, PARIS) == timedelta(hours=hours)


def test_sending_hours_in_the_hour_that_does_not_exist_still_give_an_instant_of_that_day() -> None:
    night = a_scenario(sending_hours=(time(2), time(4)), sending_days=frozenset(range(7)))
    instant = sending_instant(date(2026, 3, 29), "R26-1", night, PARIS)
    assert local_day(instant, PARIS) == date(2026, 3, 29)
    assert instant < closing_instant(date(2026, 3, 29), night, PARIS)


@pytest.mark.parametrize(
    ("after", "leaves_on"),
    [
        ("2026-04-03T05:00", "2026-04-03"),  # Friday before the hours
        ("2026-04-03T20:00", "2026-04-07"),  # Friday evening, then a holiday Monday
        ("2026-04-03T16:00", "2026-04-07"),  # 18:00 in Paris: the hours are over
        ("2026-04-05T12:00", "2026-04-07"),
        ("2026-04-06T12:00", "2026-04-07"),
    ],
)
def test_outside_the_hours_it_waits_for_the_next_sending_day(after: str, leaves_on: str) -> None:
    instant = datetime.fromisoformat(after).replace(tzinfo=UTC)
    found = next_sending_instant(instant, "R26-1", SCENARIO, CALENDAR, PARIS)
    assert found == sending_instant(date.fromisoformat(leaves_on), "R26-1", SCENARIO, PARIS)


def test_within_the_hours_it_leaves_now() -> None:
    assert next_sending_instant(at("2026-04-03", 15), "R26-1", SCENARIO, CALENDAR, PARIS) == at("2026-04-03", 15)


def test_claims_are_spread_over_the_hours() -> None:
    day = date(2026, 4, 3)
    instants = {sending_instant(day, f"R26-{n:07}", SCENARIO, PARIS) for n in range(2000)}
    by_hour = [sum(1 for found in instants if found.astimezone(ZoneInfo(PARIS)).hour == hour) for hour in range(9, 18)]
    assert len(instants) > 1800
    assert min(by_hour[:8]) > 100


def test_the_spread_is_the_same_in_every_process() -> None:
    code = (
        "from datetime import date; from domain.calendar import sending_instant; from tests.builders import a_scenario;"
        "print(sending_instant(date(2026, 4, 3), 'R26-0000042', a_scenario(), 'Europe/Paris').isoformat())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            capture_output=True,
            text=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
        ).stdout
        for seed in ("1", "2")
    }
    assert found == {sending_instant(date(2026, 4, 3), "R26-0000042", SCENARIO, PARIS).isoformat() + "\n"}


def test_an_unknown_time_zone_is_said() -> None:
    with pytest.raises(PlanImpossible) as impossible:
        start_of_day(date(2026, 1, 1), "Mars/Olympus")
    assert impossible.value.facts == {"time_zone": "Mars/Olympus"}


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
    st.integers(0, 10_000),
    st.sampled_from([PARIS, "Africa/Tunis", "America/New_York", "Pacific/Auckland"]),
)
def test_the_next_sending_instant_is_never_past_and_always_within_the_hours(after: datetime, n: int, zone: str) -> None:
    found = next_sending_instant(after, f"R26-{n}", SCENARIO, CALENDAR, zone)
    local = found.astimezone(ZoneInfo(zone))
    assert found >= after
    assert time(9) <= local.time() < time(18)
    assert is_sending_day(local.date(), SCENARIO, CALENDAR)
    assert next_sending_instant(found, f"R26-{n}", SCENARIO, CALENDAR, zone) == found
