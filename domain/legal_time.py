"""How the law counts time: months and years from day to day, days that do not count, laws that change on the way.

A "last day" is the last one on which the act is still in time; the day after, it is too late.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from domain.catalogue import Calendar, Dated, in_force

DAY = timedelta(days=1)
SATURDAY = 5


def months_later(day: date, months: int) -> date:
    """The same day of that month; where the month is too short, its last day (CPC art. 641, second paragraph)."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def years_later(day: date, years: int) -> date:
    return months_later(day, 12 * years)


def days_later(day: date, days: int) -> date:
    """The day of the act itself does not count (CPC art. 641, first paragraph)."""
    return day + days * DAY


def on_a_working_day(day: date, calendar: Calendar) -> date:
    """A deadline of procedure that ends on a Saturday, Sunday or holiday runs to the next working day (CPC art. 642).

    A limitation does not (Cass. 2e civ., 7 April 2016, no. 15-12.960).
    """
    while day.weekday() >= SATURDAY or day in calendar.holidays:
        day += DAY
    return day


def end_of_limitation(versions: tuple[Dated, ...], since: date) -> tuple[date, Dated] | None:
    """The last day of a limitation that began on `since`, and the version of the law that says so; values are years.

    A longer term that takes over meanwhile counts what has run; a shorter one runs from its own first day, and never
    ends later than the former would have (Code civil art. 2222). Without a version in force, the first one to come counts
    from its own first day: what stood before it is not known here. None: the law (as set up) says nothing.
    """
    ruling = in_force(versions, since)
    if ruling is None:
        ruling = next((version for version in versions if version.since > since), None)
        if ruling is None:
            return None
        since = ruling.since
    end = years_later(since, int(ruling.value))
    for later in versions:
        if not ruling.since < later.since <= end:
            continue
        if int(later.value) >= int(ruling.value):
            end = years_later(since, int(later.value))
        else:
            end = min(end, years_later(later.since, int(later.value)))
        ruling = later
    return end, ruling
