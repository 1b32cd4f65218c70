"""Late interest: simple, on 365 days, on the principal alone. Start with `accrued`; `reference_interest` makes a rate over time.

A day counts when the principal is still owed on it: the first is the day after the due date, the last the value date of
the payment. Sources: C. com. L441-10 II and D441-5 (between professionals), C. civ. 1231-6 and 1343-2.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from domain.catalogue import Dated, Rate, in_force
from domain.debt_terms import CONTRACT, InterestTerms, Span

ZERO = Decimal(0)
A_DAY = timedelta(days=1)
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
PERCENT_DAYS = Decimal(36500)  # percent a year, on 365 days whatever the year
MONTHS_OF = {"half_year": 6, "month": 1}


class Segment(NamedTuple):
    """Days of one rate, both ends included; `weight` is rate x days, exactly."""

    since: date
    until: date
    days: int
    rate: Decimal | None  # percent a year; None: missing
    weight: Decimal
    source: str
    code: str


class Period(NamedTuple):
    """Interest of one principal over one segment, rounded to the currency's decimals; nothing where the rate is missing."""

    base: Decimal
    segment: Segment
    amount: Decimal


def accrued(terms: InterestTerms, after: date, until: date, base: Decimal, unit: Decimal) -> Decimal:
    """Interest on `base` from the day after `after` up to and including `until`: the sum of its periods, each rounded."""
    total = ZERO
    for segment in segments(terms, after, until):
        total += _amount(base, segment, unit)
    return total


def periods_of(terms: InterestTerms, after: date, until: date, base: Decimal, unit: Decimal) -> tuple[Period, ...]:
    """The periods of that interest, for whoever wants to check it."""
    return tuple(Period(base, each, _amount(base, each, unit)) for each in segments(terms, after, until))


def _amount(base: Decimal, segment: Segment, unit: Decimal) -> Decimal:
    return (base * segment.weight / PERCENT_DAYS).quantize(unit, ROUND_HALF_UP)


@lru_cache(maxsize=65536)
def segments(terms: InterestTerms, after: date, until: date) -> tuple[Segment, ...]:
    """The days after `after` up to and including `until`, cut where the rate may change."""
    found, first = [], after + A_DAY
    for n in range(bisect_left(_ends(terms), first), len(terms.spans)):
        span = terms.spans[n]
        if span.since > until:
            break
        start, last = max(first, span.since), min(until, span.until)
        days = (last - start).days + 1
        found.append(Segment(start, last, days, span.value, (span.value or ZERO) * days, span.source, span.code))
    return tuple(found)


@lru_cache(maxsize=1024)
def _ends(terms: InterestTerms) -> tuple[date, ...]:
    return tuple(span.until for span in terms.spans)


def rate_on(terms: InterestTerms, day: date) -> Decimal:
    """The yearly rate in force that day; zero where it is missing (to compare debts, never to compute)."""
    n = bisect_left(_ends(terms), day)
    return (terms.spans[n].value or ZERO) if n < len(terms.spans) else ZERO


# ---- rates over time -------------------------------------------------------------------------


class Floor(NamedTuple):
    """The least that parties may agree on: so many times a legal rate (C. com. L441-10 II: three times)."""

    values: tuple[Dated, ...]  # of the legal rate
    applies: str
    times: tuple[Dated, ...]


@lru_cache(maxsize=512)
def contract_interest(
    rate: str, floor: Floor | None, *, from_notice: bool = False, compounding: bool = False
) -> InterestTerms:
    """The agreed yearly rate, as it is written, raised to the floor in the periods for which that is known to be higher."""
    starts = {FIRST_DAY} if floor is None else {FIRST_DAY, *_changes(floor.values, floor.applies, floor.times)}
    spans = [_raised(Span(first, last, Decimal(rate), CONTRACT), floor) for first, last in _between(starts)]
    return InterestTerms(rate, tuple(_joined(spans)), from_notice, compounding)


@lru_cache(maxsize=512)
def reference_interest(
    code: str,
    values: tuple[Dated, ...],
    applies: str,
    points: tuple[Dated, ...],
    floor: Floor | None = None,
    *,
    from_notice: bool = False,
    compounding: bool = False,
) -> InterestTerms:
    """The reference rate of each period's first day plus points; `applies`: half_year, month or day.

    L441-10 II: in the first half-year the rate in force on 1 January, in the second that of 1 July.
    """
    starts = {FIRST_DAY, *_changes(values, applies, points)}
    if floor is not None:
        starts |= set(_changes(floor.values, floor.applies, floor.times))
    spans = [
        _raised(_reference_span(code, values, applies, points, first, last), floor) for first, last in _between(starts)
    ]
    return InterestTerms(f"{code}+{points[-1].value if points else 0}", tuple(_joined(spans)), from_notice, compounding)


def _reference_span(
    code: str, values: tuple[Dated, ...], applies: str, points: tuple[Dated, ...], first: date, last: date
) -> Span:
    known, added = in_force(values, period_start(first, applies)), in_force(points, first)
    if known is None or added is None:
        return Span(first, last, None, "", code)
    plus = Decimal(added.value)
    source = f"{known.value} % ({known.source})" + (f" + {plus} ({added.source})" if plus else "")
    return Span(first, last, max(ZERO, Decimal(known.value) + plus), source, code)


def _raised(span: Span, floor: Floor | None) -> Span:
    """The floor only ever raises what is known: where the floor is missing, the agreed rate is owed all the same."""
    if floor is None or span.value is None:
        return span
    legal, times = in_force(floor.values, period_start(span.since, floor.applies)), in_force(floor.times, span.since)
    if legal is None or times is None or Decimal(legal.value) * Decimal(times.value) <= span.value:
        return span
    least = Decimal(legal.value) * Decimal(times.value)
    source = f"{times.value} x {legal.value} % ({legal.source}; {times.source})"
    return Span(span.since, span.until, least, source, span.code)


def period_start(day: date, applies: str) -> date:
    """The first day of the half-year or month that a day is in; the day itself where values act from their date."""
    months = MONTHS_OF.get(applies)
    return day if months is None else date(day.year, (day.month - 1) // months * months + 1, 1)


def _changes(values: tuple[Dated, ...], applies: str, *dated: tuple[Dated, ...]) -> Iterator[date]:
    """Every day on which the rate may change, from the first value known to the last."""
    for each in (value for series in ((values,) if applies not in MONTHS_OF else ()) + dated for value in series):
        yield from _within((each.since, each.until + A_DAY if each.until else FIRST_DAY))
    if values and applies in MONTHS_OF:
        last = values[-1].until or LAST_DAY
        day = period_start(values[0].since, applies)
        while day <= last:
            yield day
            day = _next_period(day, MONTHS_OF[applies])
        yield from _within((day,))


def _within(days: Iterable[date]) -> Iterator[date]:
    return (day for day in days if FIRST_DAY <= day <= LAST_DAY)


def _next_period(day: date, months: int) -> date:
    month = day.month + months
    return date(day.year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _between(starts: Iterable[date]) -> list[tuple[date, date]]:
    days = [*sorted(starts), LAST_DAY + A_DAY]
    return [(first, following - A_DAY) for first, following in pairwise(days)]


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Neighbours without a rate, or of one agreed rate, are one span; half-years stay apart."""
    last: Span | None = None
    for span in spans:
        alike = last is not None and last.value == span.value and last.source == span.source
        if last is not None and alike and (span.value is None or span.code == CONTRACT):
            last = Span(last.since, span.until, last.value, last.source, last.code)
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last


def rate_interest(rate: Rate, points: tuple[Dated, ...], floor: Floor | None = None, **how: bool) -> InterestTerms:
    """The interest of a reference rate of the catalogue."""
    return reference_interest(rate.code, rate.values, rate.applies, points, floor, **how)
