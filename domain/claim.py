"""The claim as its facts stand: what the planner reads and an inbox entry changes. Start with `Claim`.

Everything is frozen: an entry or an effect gives a new claim, and db/claims.py writes the difference.
`_on` is a date in the claim's time zone, `_at` an aware instant (UTC).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from domain.mail_address import usable_email
from domain.money import Money
from domain.terms import (
    ActionState,
    Channel,
    Decision,
    DocumentState,
    Ending,
    ItemKind,
    Mode,
    OnExpiry,
    Origin,
    Outcome,
    Stage,
    StatusCategory,
    TaskKind,
    TaskState,
    Values,
)

__all__ = [
    "Action",
    "ActionState",
    "Address",
    "Channel",
    "Claim",
    "Contact",
    "Cost",
    "Debtor",
    "Decision",
    "DocumentState",
    "Ending",
    "Item",
    "ItemKind",
    "Letter",
    "Mode",
    "OnExpiry",
    "Origin",
    "Outcome",
    "Payment",
    "Stage",
    "StatusCategory",
    "Suspension",
    "Takeover",
    "Task",
    "TaskKind",
    "TaskState",
    "Values",
]


@dataclass(frozen=True, slots=True)
class Address:
    id: UUID
    use: str  # main | billing | registered
    lines: tuple[str, ...]
    postal_code: str
    city: str
    country: str
    valid: bool = True


@dataclass(frozen=True, slots=True)
class Contact:
    id: UUID
    name: str
    role: str
    email: str
    phone: str
    valid: bool = True
    opted_out: tuple[str, ...] = ()  # channels


@dataclass(frozen=True, slots=True)
class Debtor:
    id: UUID
    reference: str
    kind: str  # company | person
    name: str
    language: str
    country: str
    preferred_channel: str  # "" when none
    addresses: tuple[Address, ...] = ()
    contacts: tuple[Contact, ...] = ()
    legal_situation: str = "active"

    def email(self) -> str:
        """The first e-mail address that servers take, is valid and not opted out of e-mail; "" when there is none."""
        reached = (c.email for c in self.contacts if c.valid and Channel.EMAIL not in c.opted_out)
        return next((email for email in reached if usable_email(email)), "")

    def postal_address(self) -> Address | None:
        """Where letters go: a valid billing address, else the main one, else any valid one."""
        order = {"billing": 0, "main": 1}
        usable = [a for a in self.addresses if a.valid and (a.lines or a.city)]
        return min(usable, key=lambda a: order.get(a.use, 2), default=None)


@dataclass(frozen=True, slots=True)
class Item:
    id: UUID
    position: int  # order of arrival within the claim, from 0
    reference: str
    kind: ItemKind
    issued_on: date | None
    due_on: date | None  # None: an anomaly, never chased
    amount: Money  # > 0, a credit note too
    terms: dict[str, Any] = field(default_factory=dict)
    status: str | None = None
    status_category: StatusCategory | None = None
    comment: str = ""
    follow_up_on: date | None = None
    promised_on: date | None = None

    @property
    def is_credit(self) -> bool:
        return self.kind is ItemKind.CREDIT_NOTE

    @property
    def off_scenario(self) -> str | None:
        """Why the scenario leaves this item alone: "promise", "dispute", "litigation", or None."""
        match self.status_category:
            case StatusCategory.PROMISE | StatusCategory.DISPUTE | StatusCategory.LITIGATION:
                return self.status_category.value
            case _:
                return None


@dataclass(frozen=True, slots=True)
class Payment:
    id: UUID
    external_id: str
    amount: Money
    value_date: date
    received_at: datetime
    method: str = ""
    payer: str = ""
    directed: tuple[tuple[str, Money], ...] = ()  # the debtor's choice: (item reference, amount)
    reversed_on: date | None = None
    reversal_reason: str = ""


@dataclass(frozen=True, slots=True)
class Cost:
    """A cost incurred. Before an enforceable title it stays with the creditor (CPCE L111-8)."""

    id: UUID
    kind: str
    amount: Money
    incurred_on: date
    chargeable_to_debtor: bool = False
    billed_to_creditor: bool = False
    advance: bool = False
    agent: str = ""
    action_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Action:
    id: UUID
    sequence: int  # of the claim; the effect's key is claim/<number>/<sequence>
    action_type: str
    category: Stage
    origin: Origin
    mode: Mode
    channel: Channel
    state: ActionState
    step: int | None = None  # 0-based in the scenario, None off scenario
    scenario_version: int | None = None
    starts_on: date | None = None
    planned_end_on: date | None = None
    reminder_on: date | None = None
    planned_on: date | None = None
    planned_at: datetime | None = None  # not before this instant (postponed, or a retry after a refusal that passes)
    done_at: datetime | None = None
    outcome: Outcome | None = None
    reason: str = ""
    fee: Money | None = None
    agent: str = ""
    object: str = ""
    observations: str = ""
    decided_by: str = ""
    replaces: UUID | None = None
    attempts: int = 0
    notes: tuple[dict[str, Any], ...] = ()
    draft: dict[str, Any] | None = None  # what a person agreed to: recipient, subject, text; sent as it was seen

    @property
    def is_open(self) -> bool:
        return self.outcome is None


@dataclass(frozen=True, slots=True)
class Task:
    id: UUID
    kind: TaskKind
    version: int
    state: TaskState
    action_id: UUID | None
    action_type: str
    step: int | None
    role: str  # collector | supervisor
    assignee: str  # a person's code, "" when none
    opened_at: datetime
    due_at: datetime | None
    reminds_at: datetime | None  # a third of its time
    escalates_at: datetime | None  # two thirds
    expires_at: datetime | None
    on_expiry: OnExpiry
    allowed: tuple[Decision, ...]
    proposed: dict[str, Any]  # frozen: channel, recipient, subject, text, balance_due, items, fee, stage
    why: tuple[dict[str, Any], ...]
    reminded_at: datetime | None = None
    escalated_at: datetime | None = None
    closed_at: datetime | None = None
    decision: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that may still be caught: rendered, and not yet with the printer."""

    id: UUID
    action_id: UUID | None
    state: DocumentState
    posts_at: datetime  # the day's print run


@dataclass(frozen=True, slots=True)
class Takeover:
    """A claim that was collected elsewhere goes on from there."""

    stage: Stage
    sub_stage: str = ""
    last_action_type: str = ""
    last_action_on: date | None = None
    paid: Money | None = None


@dataclass(frozen=True, slots=True)
class Suspension:
    reason: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    id: UUID
    number: str
    reference: str
    creditor: str  # its code
    currency: str
    values: Values
    global_amounts: dict[str, str]
    time_zone: str  # IANA
    country: str  # ISO 3166, "" when unknown: no public holidays then
    opened_at: datetime
    opened_on: date
    stage: Stage
    sub_stage: str
    stage_since: date
    scenario: str
    scenario_version: int
    collector: str  # a person's code, "" when none
    debtor: Debtor
    items: tuple[Item, ...] = ()
    payments: tuple[Payment, ...] = ()
    costs: tuple[Cost, ...] = ()
    actions: tuple[Action, ...] = ()
    tasks: tuple[Task, ...] = ()
    letters: tuple[Letter, ...] = ()  # those that may still be caught
    takeover: Takeover | None = None
    suspended: Suspension | None = None
    ending: Ending | None = None
    closed_on: date | None = None
    closing: Ending | None = None  # a person asked for this ending
    closed_from: Stage | None = None  # where it goes back to when it is reopened
    sequence: int = 0  # the last one used up
    waiting_for: str = "date"
    waiting_since: datetime | None = None

    @property
    def open_tasks(self) -> tuple[Task, ...]:
        return tuple(t for t in self.tasks if t.state is TaskState.OPEN)

    def key(self, sequence: int) -> str:
        """The key of an effect: claim/<number>/<sequence>."""
        return f"claim/{self.number}/{sequence}"

    def id_for(self, *path: object) -> UUID:
        """An id of something of this claim: the same facts give the same id on every retry."""
        return uuid5(self.id, "/".join(str(p) for p in path))
