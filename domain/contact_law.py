"""How often, on which days and at which hours a debtor may be contacted at all: the creditor's rule and the country's law.

Everything is off unless it is set: `contact_cap` in the creditor's body; `contact_cap`, `contact_days`, `quiet_hours` and
`contact_on_holidays` among the dated parameters of the country pack. Of several rules the strictest holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Any

from domain.catalogue import Catalogue, ContactCap, CountryPack, Scenario
from domain.steps import PlanImpossible

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CAP = re.compile(r"([1-9]\d{0,2})/([1-9]\d{0,3})")
_HOURS = re.compile(r"((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d)")
LAST_MINUTE = time(23, 59)


# ---- the forms of the parameters -------------------------------------------------------------


@lru_cache(maxsize=64)
def cap_of(text: str) -> ContactCap | None:
    """ "2/7": two contacts in any seven days; None when it is no cap."""
    found = _CAP.fullmatch(text)
    return None if found is None else ContactCap(int(found[1]), int(found[2]))


@lru_cache(maxsize=64)
def days_of(text: str) -> frozenset[int] | None:
    """ "mon,tue,wed,thu,fri,sat" as weekdays, Monday 0; None when it names no day or an unknown one."""
    named = [day.strip() for day in text.split(",")]
    return frozenset(WEEKDAYS.index(day) for day in named) if named and set(named) <= set(WEEKDAYS) else None


@lru_cache(maxsize=64)
def hours_of(text: str) -> tuple[time, time] | None:
    """The hours left by the quiet ones: "20:00-08:00" leaves 08:00 to 20:00. None when the night is not within them."""
    found = _HOURS.fullmatch(text)
    if found is None:
        return None
    begins, ends = time.fromisoformat(found[1]), time.fromisoformat(found[2])
    return (ends, begins) if ends < begins else None


@lru_cache(maxsize=8)
def yes_or_no(text: str) -> str | None:
    return text if text in ("yes", "no") else None


CONTACT_PARAMETERS: Mapping[str, Callable[[str], Any]] = {
    "contact_cap": cap_of,
    "contact_days": days_of,
    "quiet_hours": hours_of,
    "contact_on_holidays": yes_or_no,
}
EXAMPLES = {
    "contact_cap": "2/7 (contacts/days)",
    "contact_days": "mon,tue,wed,thu,fri",
    "quiet_hours": "20:00-08:00",
    "contact_on_holidays": "yes or no",
}


def _read(pack: CountryPack, name: str, day: date) -> Any:
    """The parameter in force that day, read; None where the law says nothing. Raises PlanImpossible for one in no known form."""
    text = pack.value(name, day) if name in pack.parameters else None
    if text is None:
        return None
    found = CONTACT_PARAMETERS[name](text)
    if found is None:
        raise PlanImpossible("unreadable_parameter", {"country": pack.country, "parameter": name, "value": text})
    return found


# ---- how often -------------------------------------------------------------------------------


def caps(catalogue: Catalogue, country: str, day: date) -> Iterator[ContactCap]:
    """The caps in force that day: the creditor's own, and the country's."""
    if catalogue.creditor.contact_cap is not None:
        yield catalogue.creditor.contact_cap
    pack = catalogue.countries.get(country)
    if pack is not None and "contact_cap" in pack.parameters:
        of_law = _read(pack, "contact_cap", day)
        if of_law is not None:
            yield of_law


def is_capped(catalogue: Catalogue, country: str) -> bool:
    """Whether some cap may be in force: else nobody asks for the debtor's other claims."""
    if catalogue.creditor.contact_cap is not None:
        return True
    pack = catalogue.countries.get(country)
    return pack is not None and "contact_cap" in pack.parameters


def first_free_day(day: date, contacts: Sequence[date], cap: ContactCap) -> date:
    """The first day, from `day`, on which one more contact leaves no window of `cap.days` days with too many.

    Contacts after the day count as well: another claim of the debtor may be ahead in its own time.
    """
    known = sorted(contacts)
    for first in range(len(known) - cap.contacts + 1):
        window = known[first : first + cap.contacts]
        if max(window[-1], day) - min(window[0], day) < timedelta(days=cap.days):
            day = max(day, window[0] + timedelta(days=cap.days))
    return day


# ---- on which days and at which hours --------------------------------------------------------


def within_the_law(catalogue: Catalogue, country: str, day: date) -> Catalogue:
    """The catalogue with the scenario's sending days and hours narrowed to what the country's law leaves."""
    pack = catalogue.countries.get(country)
    if pack is None or not CONTACT_PARAMETERS.keys() & pack.parameters.keys():
        return catalogue
    scenario = catalogue.scenario
    lawful = lawful_hours(scenario, pack, day)
    if lawful is None:
        return catalogue
    opens = max(scenario.sending_hours[0], lawful.sending_hours[0])
    closes = min(scenario.sending_hours[1], lawful.sending_hours[1])
    if opens >= closes:
        raise PlanImpossible("no_sending_hours", {"scenario": scenario.code, "country": country})
    narrowed = replace(
        scenario,
        sending_days=scenario.sending_days & lawful.sending_days,
        sending_hours=(opens, closes),
        public_holidays=scenario.public_holidays or lawful.public_holidays,
    )
    return replace(catalogue, scenario=narrowed)


def lawful_hours(scenario: Scenario, pack: CountryPack, day: date) -> Scenario | None:
    """Days and hours of the law alone, in the form of a scenario's; None when the law sets none."""
    days, hours = _read(pack, "contact_days", day), _read(pack, "quiet_hours", day)
    on_holidays = _read(pack, "contact_on_holidays", day)
    if days is None and hours is None and on_holidays is None:
        return None
    return replace(
        scenario,
        sending_days=frozenset(range(7)) if days is None else days,
        sending_hours=(time(0), LAST_MINUTE) if hours is None else hours,
        public_holidays=on_holidays == "no",
    )
