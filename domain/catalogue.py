"""The catalogue: what users set up (scenarios, action types, statuses, fees, calendars, creditors).

Bodies travel as the JSON of the HTTP contract; these are the same things, read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal

from domain.agreement_terms import AgreementTerms
from domain.claim import Channel, Mode, OnExpiry, Stage, StatusCategory
from domain.stated_terms import Stated

AGENT_TYPES = frozenset({"legal", "agent"})


@dataclass(frozen=True, slots=True)
class ActionType:
    code: str
    label: Mapping[str, str]
    category: Stage
    type: str  # reminder | notice | call | task | legal | agent
    channels: tuple[Channel, ...]  # in order of preference
    template: str | None
    mode: Mode
    duration_days: int | None = None
    reminder_days: int | None = None
    automatic_fee: str | None = None  # code of a fee
    proposes: Mapping[str, str] | None = None  # {"stage": ..., "sub_stage": ...}
    default_agent: str | None = None
    active: bool = True
    countries: tuple[str, ...] = ()  # whose procedures know it; none: everywhere

    @property
    def is_for_agent(self) -> bool:
        """Whether it speaks to a bailiff or a lawyer, never to the debtor."""
        return self.type in AGENT_TYPES


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
class Dated:
    """A value with the days it is in force (`until` None: until another one takes over) and where it comes from."""

    value: str
    since: date
    until: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Rate:
    """A reference rate (ECB, legal rate, TMM) as its publisher gave it: percent a year, by day of validity."""

    code: str
    label: Mapping[str, str]
    values: tuple[Dated, ...]  # in order of `since`
    applies: str = (
        "day"  # half_year, month: the value of a period's first day holds for all of it; day: from its date on
    )

    def on(self, day: date) -> Dated | None:
        """The value in force that day; None is a missing rate, never a guess."""
        return in_force(self.values, day)


@dataclass(frozen=True, slots=True)
class CountryPack:
    """The law of a country as dated parameters with their source: limitation, deadlines, interest, indemnity."""

    country: str
    parameters: Mapping[str, tuple[Dated, ...]]

    def value(self, code: str, day: date) -> str | None:
        """The parameter as it is in force that day; None where the law (as set up) says nothing."""
        found = in_force(self.parameters.get(code, ()), day)
        return None if found is None else found.value

    def source(self, code: str, day: date) -> str:
        found = in_force(self.parameters.get(code, ()), day)
        return "" if found is None else found.source


def in_force(values: tuple[Dated, ...], day: date) -> Dated | None:
    """The last one that has begun and has not ended."""
    for dated in reversed(values):
        if dated.since <= day and (dated.until is None or day <= dated.until):
            return dated
    return None


@dataclass(frozen=True, slots=True)
class Agent:
    """Who acts for the creditor: bailiff, lawyer, in-house officer."""

    code: str
    name: str
    kind: str  # bailiff | lawyer | officer | other
    email: str = ""
    phone: str = ""
    active: bool = True
    address: Mapping[str, str] = field(default_factory=dict)  # lines (\n), postal_code, city, country
    creditors: tuple[str, ...] = ()  # for whom they act; none: for all
    countries: tuple[str, ...] = ()

    def acts_for(self, creditor: str, country: str) -> bool:
        """Whether a claim of this creditor, in this country ("" when unknown), may be given to them."""
        for_creditor = not self.creditors or creditor in self.creditors
        return self.active and for_creditor and (not self.countries or not country or country in self.countries)


@dataclass(frozen=True, slots=True)
class SubStage:
    code: str
    stage: Stage
    label: Mapping[str, str]
    position: int = 0
    active: bool = True


@dataclass(frozen=True, slots=True)
class Approvals:
    """Amounts by currency: `above` it an act needs two people; up to `collector_limit` a collector decides. Absent: off."""

    above: Mapping[str, Decimal] = field(default_factory=dict)
    collector_limit: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ContactCap:
    """At most so many contacts with one debtor in so many days, on all the claims against him together."""

    contacts: int
    days: int


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
    agreements: AgreementTerms = field(default_factory=AgreementTerms)
    terms: Stated | None = None  # interest, indemnity, allocation as its contracts have them
    approvals: Approvals = Approvals()
    contact_cap: ContactCap | None = None  # off unless set


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
    rates: Mapping[str, Rate] = field(default_factory=dict)
    countries: Mapping[str, CountryPack] = field(default_factory=dict)
    agents: Mapping[str, Agent] = field(default_factory=dict)
    sub_stages: Mapping[str, SubStage] = field(default_factory=dict)
    moving_to: Scenario | None = None  # while a claim is being moved: where to, None when there is no such version

    def pack(self, country: str) -> CountryPack:
        """The country's law as it is set up; an empty one for a country that nobody set up."""
        return self.countries.get(country) or CountryPack(country, {})
