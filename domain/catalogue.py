"""The catalogue: what users set up (scenarios, action types, statuses, fees, calendars, creditors).

Bodies travel as the JSON of the HTTP contract; these are the same things, read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal

from domain.claim import Channel, Mode, OnExpiry, Stage, StatusCategory


@dataclass(frozen=True, slots=True)
class ActionType:
    code: str
    label: Mapping[str, str]
    category: Stage
    type: str  # reminder | notice | call | task | legal
    channels: tuple[Channel, ...]  # in order of preference
    template: str | None
    mode: Mode
    duration_days: int | None = None
    reminder_days: int | None = None
    automatic_fee: str | None = None  # code of a fee
    proposes: Mapping[str, str] | None = None  # {"stage": ..., "sub_stage": ...}
    default_agent: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Conditions:
    minimum_balance: Decimal | None = None
    debtor_kind: str | None = None
    language: str | None = None
    has_email: bool | None = None


@dataclass(frozen=True, slots=True)
class ScenarioStep:
    """One step; `after` is exactly one of: days after the leading item's due date, after the previous step, after entering the stage."""

    action_type: str
    mode: Mode
    after: str  # due_date | previous_step | stage
    days: int
    conditions: Conditions = Conditions()
    channels: tuple[Channel, ...] = ()  # the type's when empty
    expires_after_days: int = 6
    on_expiry: OnExpiry = OnExpiry.WITHDRAW


@dataclass(frozen=True, slots=True)
class Scenario:
    code: str
    version: int
    label: Mapping[str, str]
    steps: tuple[ScenarioStep, ...]
    minimum_amount: Decimal = Decimal(0)
    ignore_items_below: Decimal = Decimal(0)
    minimum_days_between_contacts: int = 0
    sending_days: frozenset[int] = frozenset(range(5))  # Monday is 0
    sending_hours: tuple[time, time] = (time(9), time(18))
    public_holidays: bool = True


@dataclass(frozen=True, slots=True)
class Status:
    code: str
    label: Mapping[str, str]
    category: StatusCategory
    follow_up_days: int = 7
    active: bool = True
    specific_action: str | None = None
    mode: Mode | None = None
    internal_email: bool = False


@dataclass(frozen=True, slots=True)
class Fee:
    code: str
    label: Mapping[str, str]
    amounts: Mapping[str, Decimal]  # by currency
    chargeable_to_debtor: bool = False
    billed_to_creditor: bool = True


@dataclass(frozen=True, slots=True)
class Creditor:
    code: str
    name: str
    country: str = ""
    time_zone: str = ""
    language: str = "fr"
    address: Mapping[str, str] = field(default_factory=dict)  # lines (\n), postal_code, city, country
    email: str = ""
    phone: str = ""
    iban: str = ""
    bic: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Public holidays of a country, with the operator's own corrections (feasts by moon sighting) in."""

    country: str
    holidays: frozenset[date]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What one claim's planning needs of the catalogue: its own scenario version, all action types."""

    scenario: Scenario
    action_types: Mapping[str, ActionType]
    statuses: Mapping[str, Status]
    fees: Mapping[str, Fee]
    creditor: Creditor
    calendar: Calendar
