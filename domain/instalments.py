"""Instalments: equal parts on regular days, and how far what came has filled them, in their order. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import Any

from domain.agreements import Arrangement, Instalment
from domain.covered_items import Came, sum_of
from domain.legal_time import months_later
from domain.money import Money, split
from domain.refusals import Refused

WEEKS = {"week": 1, "two_weeks": 2}
MONTHS = {"month": 1, "quarter": 3}
RHYTHMS = (*WEEKS, *MONTHS)
LAST_YEAR = 2199


def equal_parts(total: Money, count: int) -> tuple[Money, ...]:
    """`count` parts that add up to the total; the first ones carry the odd units of the currency."""
    return split(total, [Decimal(1)] * count)


def days_of(first: date, count: int, every: str) -> tuple[date, ...]:
    """`count` days from the first on; a month without that day takes its last one, and the next keeps the first's day."""
    if every in WEEKS:
        return tuple(first + timedelta(weeks=WEEKS[every] * n) for n in range(count))
    return tuple(months_later(first, MONTHS[every] * n) for n in range(count))


def read_instalments(body: Mapping[str, Any], total: Money, today: date) -> tuple[Instalment, ...]:
    """Those listed, or `count` equal ones from `first_due_on` `every` so often; none of both: none.

    Raises Refused: dates_not_in_order, date_in_the_past, too_many_instalments.
    """
    if body.get("instalments"):
        found = tuple(
            Instalment(date.fromisoformat(each["due_on"]), Money.of(each["amount"], total.currency))
            for each in body["instalments"]
        )
    elif body.get("count"):
        found = _regular(body, total)
    else:
        return ()
    days = [each.due_on for each in found]
    if any(later <= earlier for earlier, later in pairwise(days)):
        raise Refused("dates_not_in_order")
    if days[0] < today:
        raise Refused("date_in_the_past", date=days[0].isoformat())
    return found


def _regular(body: Mapping[str, Any], total: Money) -> tuple[Instalment, ...]:
    count, first = int(body["count"]), date.fromisoformat(body["first_due_on"])
    parts = equal_parts(total, count)
    if not parts[-1] or first.year + count // 4 + 1 > LAST_YEAR:
        raise Refused("too_many_instalments", instalments=count)
    days = days_of(first, count, body.get("every") or "month")
    return tuple(Instalment(day, part) for day, part in zip(days, parts, strict=True))


# ---- how far they are filled -------------------------------------------------------------------


def sums_up_to(arrangement: Arrangement) -> tuple[Money, ...]:
    """For each instalment what must have come by its day: it and those before it."""
    return tuple(accumulate(each.amount for each in arrangement.instalments))


def paid_of(arrangement: Arrangement, came: Sequence[Came]) -> tuple[Money, ...]:
    """What of each instalment is paid: money fills them in their order, whenever it came."""
    left, found = sum_of(came, arrangement.total.currency), []
    for instalment in arrangement.instalments:
        part = min(left, instalment.amount)
        found.append(part)
        left -= part
    return tuple(found)


def came_in_time(arrangement: Arrangement, came: Collection[Came], n: int) -> bool:
    """Whether enough had come (by value date) for instalment `n` on its last day, the tolerance off."""
    needed = sums_up_to(arrangement)[n]
    in_time = sum_of(came, needed.currency, arrangement.last_on(arrangement.instalments[n]))
    return in_time >= needed - tolerated(arrangement)


def tolerated(arrangement: Arrangement) -> Money:
    return arrangement.tolerance_amount or Money.zero(arrangement.total.currency)


def missed(arrangement: Arrangement) -> int:
    return sum(1 for each in arrangement.instalments if each.missed_on is not None)
