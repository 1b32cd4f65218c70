"""Catalogue bodies as the HTTP contract writes them, read into domain.catalogue: `read` is the only door.

Everything that is wrong is said at once (NotACatalogueBody). A person's answer is never made up where the law or the
debtor would feel it: `on_expiry` "send" is refused for formal notices and for litigation and enforcement.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

from domain.agreement_terms import read_agreement_terms
from domain.approval_bodies import read_approvals
from domain.catalogue import ActionType, Conditions, ContactCap, Creditor, Fee, Scenario, ScenarioStep, Status
from domain.claim import Channel, Mode, OnExpiry, Stage, StatusCategory
from domain.contact_law import WEEKDAYS
from domain.law_bodies import read_agent, read_countries, read_country, read_rate, read_sub_stage
from domain.money import CURRENCIES
from domain.reading import Reading, Refused
from domain.stated_terms import read_stated

CODE = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]{0,59}")
CREDITOR_CODE = re.compile(r"[^\x00-\x1f]{1,64}")  # a creditor's own code is theirs to choose
ANCHORS = ("due_date", "previous_step", "stage")
HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
LONGEST_DAYS = 3650

Code = TypeVar("Code", bound=StrEnum)


class NotACatalogueBody(Refused):
    """The body cannot be an entry of the catalogue; `refusals` says everything that is wrong."""


@dataclass(frozen=True, slots=True)
class CalendarCorrections:
    """What the operator adds to or takes from a country's public holidays (feasts by moon sighting)."""

    country: str
    add: frozenset[date]
    remove: frozenset[date]


def read(
    kind: str,
    code: str,
    body: Mapping[str, Any],
    *,
    version: int = 1,
    action_types: Mapping[str, ActionType] | None = None,
) -> Any:
    """The entry of that kind; without `action_types`, references to them are not checked. Raises NotACatalogueBody."""
    reading = Reading(body)
    pattern = CREDITOR_CODE if kind == "creditors" else CODE
    if not pattern.fullmatch(code):
        reading.refuse("code", "not_a_code", "must be a short code of letters, digits, _ . and -")
    if kind == "scenarios":
        found: Any = _scenario(reading, code, version, action_types)
    else:
        reader = READERS.get(kind)
        found = reader(reading, code) if reader else dict(body)
        if isinstance(found, Status) and found.specific_action and action_types is not None:
            _known_action(reading, found.specific_action, action_types)
    if reading.refusals:
        raise NotACatalogueBody(reading.refusals)
    return found


# ---- one reader for each kind ----------------------------------------------------------------


def _action_type(reading: Reading, code: str) -> ActionType:
    proposes = reading.inner("proposes")
    if proposes.fields:  # a claim is closed by a closure, never by an action
        _code(proposes, "stage", Stage, Stage.LITIGATION, allowed=set(Stage) - {Stage.CLOSED}, required=True)
    return ActionType(
        code=code,
        label=_label(reading),
        category=_code(reading, "category", Stage, Stage.AMICABLE, allowed=set(Stage) - {Stage.CLOSED}),
        type=reading.text("type") or "reminder",
        channels=_channels(reading, required=True),
        template=reading.text("template") or None,
        mode=_code(reading, "mode", Mode, Mode.MANUAL),
        duration_days=_days(reading, "duration_days"),
        reminder_days=_days(reading, "reminder_days"),
        automatic_fee=reading.text("automatic_fee") or None,
        proposes={key: str(value) for key, value in proposes.fields.items()} or None,
        default_agent=reading.text("default_agent") or None,
        active=_yes(reading, "active", default=True),
        countries=read_countries(reading),
    )


def _status(reading: Reading, code: str) -> Status:
    mode = _code(reading, "mode", Mode, Mode.MANUAL) if reading.has("mode") else None
    return Status(
        code=code,
        label=_label(reading),
        category=_code(reading, "category", StatusCategory, StatusCategory.IN_PROGRESS, required=True),
        follow_up_days=_days(reading, "follow_up_days", 7) or 0,
        active=_yes(reading, "active", default=True),
        specific_action=reading.text("specific_action") or None,
        mode=mode,
        internal_email=_yes(reading, "internal_email", default=False),
    )


def _known_action(reading: Reading, code: str, types: Mapping[str, ActionType]) -> None:
    if code not in types:
        reading.refuse("specific_action", "unknown_action_type", "is not an action type of the catalogue")


def _fee(reading: Reading, code: str) -> Fee:
    amounts: dict[str, Decimal] = {}
    given = reading.inner("amounts", required=True)
    for currency in given.fields:
        if currency not in CURRENCIES:
            given.refuse(currency, "unknown_currency", "is not an ISO 4217 currency")
        elif (amount := given.amount(currency, currency)) is not None:
            amounts[currency] = amount.amount
    return Fee(
        code=code,
        label=_label(reading),
        amounts=amounts,
        chargeable_to_debtor=_yes(reading, "chargeable_to_debtor", default=False),
        billed_to_creditor=_yes(reading, "billed_to_creditor", default=True),
    )


def _creditor(reading: Reading, code: str) -> Creditor:
    address = reading.inner("address")
    return Creditor(
        code=code,
        name=reading.text("name", required=True),
        country=reading.text("country", longest=2),
        time_zone=reading.text("time_zone", longest=60),
        language=reading.text("language", longest=8) or "fr",
        address={
            "lines": "\n".join(address.texts("lines")),
            "postal_code": address.text("postal_code"),
            "city": address.text("city"),
            "country": address.text("country"),
        }
        if address.fields
        else {},
        email=reading.email("email"),
        phone=reading.text("phone"),
        iban=reading.text("iban"),
        bic=reading.text("bic"),
        agreements=read_agreement_terms(reading),
        terms=read_stated(reading.inner("terms")) if reading.has("terms") else None,
        approvals=read_approvals(reading.inner("approvals")),
        contact_cap=_contact_cap(reading.inner("contact_cap")) if reading.has("contact_cap") else None,
    )


def _contact_cap(cap: Reading) -> ContactCap:
    """{"contacts": 2, "days": 7}: at most two contacts in any seven days."""
    for name in ("contacts", "days"):
        if not cap.has(name):
            cap.refuse(name, "missing", "is needed: a whole number above zero")
    return ContactCap(_days(cap, "contacts", 1, least=1) or 1, _days(cap, "days", 1, least=1) or 1)


def _calendar(reading: Reading, code: str) -> CalendarCorrections:
    return CalendarCorrections(
        country=reading.text("country", longest=2) or code,
        add=_dates(reading, "add"),
        remove=_dates(reading, "remove"),
    )


def _scenario(reading: Reading, code: str, version: int, types: Mapping[str, ActionType] | None) -> Scenario:
    steps = tuple(_step(step, n, types) for n, step in enumerate(reading.each("steps", most=100)))
    if not steps:
        reading.refuse("steps", "missing", "a scenario needs at least one step")
    return Scenario(
        code=code,
        version=version,
        label=_label(reading),
        steps=steps,
        minimum_amount=_decimal(reading, "minimum_amount"),
        ignore_items_below=_decimal(reading, "ignore_items_below"),
        minimum_days_between_contacts=_days(reading, "minimum_days_between_contacts", 0) or 0,
        sending_days=_sending_days(reading),
        sending_hours=_sending_hours(reading),
        public_holidays=_yes(reading, "public_holidays", default=True),
    )


def _step(step: Reading, n: int, types: Mapping[str, ActionType] | None) -> ScenarioStep:
    """A step that names no mode has its action type's."""
    after, days = _anchor(step)
    action_type = step.text("action_type", required=True)
    kind = (types or {}).get(action_type)
    if action_type and types is not None and kind is None:
        step.refuse("action_type", "unknown_action_type", "is not an action type of the catalogue")
    on_expiry = _code(step, "on_expiry", OnExpiry, OnExpiry.WITHDRAW)
    if on_expiry is OnExpiry.SEND and kind is not None and needs_a_person(kind):
        step.refuse("on_expiry", "needs_a_person", "a formal notice, litigation and enforcement never leave unanswered")
    conditions = step.inner("if")
    if n == 0 and after == "previous_step":
        step.refuse("after", "no_previous_step", "the first step has no step before it")
    return ScenarioStep(
        action_type=action_type,
        mode=_code(step, "mode", Mode, kind.mode if kind else Mode.MANUAL),
        after=after,
        days=days,
        conditions=Conditions(
            minimum_balance=_decimal(conditions, "minimum_balance") if conditions.has("minimum_balance") else None,
            debtor_kind=conditions.one_of("debtor_kind", ("company", "person")) or None,
            language=conditions.text("language", longest=8) or None,
            has_email=_yes(conditions, "has_email", default=True) if conditions.has("has_email") else None,
        ),
        channels=_channels(step),
        expires_after_days=_days(step, "expires_after_days", 6, least=1) or 6,
        on_expiry=on_expiry,
    )


def needs_a_person(kind: ActionType) -> bool:
    """Whether silence may never send it: a formal notice, and everything of litigation or enforcement."""
    return kind.category is not Stage.AMICABLE or kind.type == "notice" or kind.code == "formal_notice"


READERS: dict[str, Callable[[Reading, str], Any]] = {
    "action-types": _action_type,
    "statuses": _status,
    "fees": _fee,
    "creditors": _creditor,
    "calendars": _calendar,
    "rates": read_rate,
    "countries": read_country,
    "agents": read_agent,
    "sub-stages": read_sub_stage,
}


# ---- fields ----------------------------------------------------------------------------------


def _label(reading: Reading) -> dict[str, str]:
    """At least one language; the other one falls back to it."""
    label = reading.inner("label", required=True)
    texts = {language: label.text(language) for language in label.fields}
    found = {language: text for language, text in texts.items() if text}
    if isinstance(reading.fields.get("label"), Mapping) and not found:
        reading.refuse("label", "missing", "needs a text in a language")
    return found


def _code(
    reading: Reading,
    name: str,
    codes: type[Code],
    default: Code,
    *,
    allowed: Collection[Code] | None = None,
    required: bool = False,
) -> Code:
    if required and not reading.has(name):
        reading.refuse(name, "missing", "is needed")
    return codes(reading.one_of(name, [code.value for code in allowed or codes], default.value))


def _channels(reading: Reading, *, required: bool = False) -> tuple[Channel, ...]:
    found = reading.texts("channels")
    known = tuple(Channel(code) for code in found if code in set(Channel))
    if len(known) != len(found):
        reading.refuse("channels", "not_allowed", f"must be among {', '.join(sorted(Channel))}")
    elif required and not found:
        reading.refuse("channels", "missing", "needs at least one channel")
    return known


def _days(reading: Reading, name: str, default: int | None = None, *, least: int = 0) -> int | None:
    value = reading.fields.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= LONGEST_DAYS:
        reading.refuse(name, "not_a_number_of_days", f"must be a whole number from {least} to {LONGEST_DAYS}")
        return default
    return value


def _anchor(step: Reading) -> tuple[str, int]:
    """`after`: exactly one of its three forms."""
    after = step.inner("after", required=True)
    given = [name for name in ANCHORS if after.fields.get(name) is not None]
    if len(given) != 1 or len(after.fields) != 1:
        if isinstance(step.fields.get("after"), Mapping):  # else it is refused already
            step.refuse("after", "not_allowed", f"must hold exactly one of {', '.join(ANCHORS)}")
        return "due_date", 0
    least = -LONGEST_DAYS if given[0] == "due_date" else 0
    return given[0], _days(after, given[0], 0, least=least) or 0


def _decimal(reading: Reading, name: str) -> Decimal:
    value = reading.fields.get(name)
    if value is None:
        return Decimal(0)
    try:
        amount = Decimal(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else None
    except InvalidOperation:
        amount = None
    if amount is None or not amount.is_finite() or not 0 <= amount < Decimal(10) ** 15:
        reading.refuse(name, "not_an_amount", 'must be an amount in a string, like "10.00"')
        return Decimal(0)
    return amount


def _yes(reading: Reading, name: str, *, default: bool) -> bool:
    value = reading.fields.get(name, default)
    if not isinstance(value, bool):
        reading.refuse(name, "not_a_truth", "must be true or false")
        return default
    return value


def _sending_days(reading: Reading) -> frozenset[int]:
    if not reading.has("sending_days"):
        return frozenset(range(5))
    named = reading.texts("sending_days")
    found = frozenset(WEEKDAYS.index(day) for day in named if day in WEEKDAYS)
    if not found or any(day not in WEEKDAYS for day in named):
        reading.refuse("sending_days", "not_allowed", f"must be one or more of {', '.join(WEEKDAYS)}")
    return found or frozenset(range(5))


def _sending_hours(reading: Reading) -> tuple[time, time]:
    if not reading.has("sending_hours"):
        return time(9), time(18)
    hours = reading.texts("sending_hours")
    if len(hours) != 2 or not all(HOUR.fullmatch(hour) for hour in hours) or hours[0] >= hours[1]:
        reading.refuse("sending_hours", "not_allowed", 'must be two hours in order, like ["09:00", "18:00"]')
        return time(9), time(18)
    return time.fromisoformat(hours[0]), time.fromisoformat(hours[1])


def _dates(reading: Reading, name: str) -> frozenset[date]:
    found: set[date] = set()
    for n, text in enumerate(reading.texts(name, most=400)):
        day = Reading({str(n): text}, f"{reading.path}{name}.", reading.refusals).day(str(n))
        if day is not None:
            found.add(day)
    return frozenset(found)
