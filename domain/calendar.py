"""When anything may leave: sending days and hours in the claim's own time zone. Start with `sending_instant`.

Days are local dates, instants are UTC; hours are laid out on the day's real length, so a change of clock moves nothing.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from hashlib import blake2b
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.catalogue import Calendar, Scenario
from domain.steps import PlanImpossible

DAY = timedelta(days=1)
LONGEST_CLOSURE = 400  # days without one sending day: then the calendar is wrong
SPREAD_STEPS = 1 << 32
SPREAD_SHARE = 0.9  # what leaves last still has a tenth of the hours for its retries


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo:
    """The time zone of that IANA name; PlanImpossible when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PlanImpossible("unknown_time_zone", {"time_zone": name}) from None


def local_day(instant: datetime, time_zone: str) -> date:
    return instant.astimezone(zone(time_zone)).date()


def start_of_day(day: date, time_zone: str) -> datetime:
    """The first instant of the day, UTC."""
    return _instant(day, time(0), time_zone)


def is_sending_day(day: date, scenario: Scenario, calendar: Calendar) -> bool:
    if day.weekday() not in scenario.sending_days:
        return False
    return not (scenario.public_holidays and day in calendar.holidays)


def first_sending_day(day: date, scenario: Scenario, calendar: Calendar) -> date:
    """The day itself, or the first one after it on which the scenario sends; PlanImpossible when there is none."""
    candidate = day
    for _ in range(LONGEST_CLOSURE):
        if is_sending_day(candidate, scenario, calendar):
            return candidate
        candidate += DAY
    raise PlanImpossible("no_sending_day", {"scenario": scenario.code, "from": day.isoformat()})


def opening_instant(day: date, scenario: Scenario, time_zone: str) -> datetime:
    """The start of the sending hours: the moment a step of that day falls due."""
    return _instant(day, scenario.sending_hours[0], time_zone)


def closing_instant(day: date, scenario: Scenario, time_zone: str) -> datetime:
    return _instant(day, scenario.sending_hours[1], time_zone)


def sending_instant(day: date, claim_number: str, scenario: Scenario, time_zone: str) -> datetime:
    """When this claim's steps of that day leave: spread within the hours by the claim's number, always alike."""
    opens = opening_instant(day, scenario, time_zone)
    seconds = (closing_instant(day, scenario, time_zone) - opens).total_seconds()
    return opens + timedelta(seconds=int(max(seconds, 0) * SPREAD_SHARE * _spread(claim_number)))


def next_sending_instant(
    after: datetime, claim_number: str, scenario: Scenario, calendar: Calendar, time_zone: str
) -> datetime:
    """`after` itself within the hours of a sending day, else the claim's instant of the next sending day."""
    day = local_day(after, time_zone)
    if is_sending_day(day, scenario, calendar):
        if after < opening_instant(day, scenario, time_zone):
            return sending_instant(day, claim_number, scenario, time_zone)
        if after < closing_instant(day, scenario, time_zone):
            return after
    following = first_sending_day(day + DAY, scenario, calendar)
    return sending_instant(following, claim_number, scenario, time_zone)


@lru_cache(maxsize=4096)
def _instant(day: date, clock: time, time_zone: str) -> datetime:
    return datetime.combine(day, clock, zone(time_zone)).astimezone(UTC)


@lru_cache(maxsize=4096)
def _spread(claim_number: str) -> float:
    digest = blake2b(claim_number.encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") / SPREAD_STEPS
