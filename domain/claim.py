"""The claim as its facts stand: what the planner reads and an inbox entry changes. Start with `Claim`.

Everything is frozen: an entry or an effect gives a new claim, and db/claims.py writes the difference.
`_on` is a date in the claim's time zone, `_at` an aware instant (UTC).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from domain.actions import Action, Letter, ReturnedMail, Task
from domain.agreements import Arrangement, Dispute, Instalment, Offer, Promise
from domain.debt_terms import BEARS_NOTHING, ClaimTerms
from domain.debts import Correction, Cost, Item, Payment
from domain.legal import ClockMark, Guarantee, Hearing, LegalEvent, Procedure
from domain.money import Money
from domain.parties import Address, Contact, Debtor
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
    "Arrangement",
    "Channel",
    "Claim",
    "ClockMark",
    "Contact",
    "Correction",
    "Cost",
    "Debtor",
    "Decision",
    "Dispute",
    "DocumentState",
    "Ending",
    "Guarantee",
    "Hearing",
    "Hold",
    "Instalment",
    "Item",
    "ItemKind",
    "LegalEvent",
    "Letter",
    "Mode",
    "Offer",
    "OnExpiry",
    "Origin",
    "Outcome",
    "Payment",
    "Procedure",
    "Promise",
    "ReturnedMail",
    "Stage",
    "StatusCategory",
    "Suspension",
    "Takeover",
    "Task",
    "TaskKind",
    "TaskState",
    "Values",
    "WriteOff",
]


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
class Hold:
    """The debtor's legal situation as the claim last heard of it: what it stops is in domain/legal_holds.py."""

    situation: str  # insolvency | deceased | ceased
    since: date

    @property
    def stops_chasing(self) -> bool:
        return self.situation in ("insolvency", "deceased")


@dataclass(frozen=True, slots=True)
class WriteOff:
    """The loss as two people agreed to it. The debt itself stands: what comes later is recovered after the loss."""

    amount: Money  # the balance due on that day
    paid: Money  # until then
    on: date
    reason: str
    asked_by: str
    approved_by: str


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
    corrections: tuple[Correction, ...] = ()
    promises: tuple[Promise, ...] = ()
    arrangements: tuple[Arrangement, ...] = ()
    offers: tuple[Offer, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    guarantees: tuple[Guarantee, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    legal_events: tuple[LegalEvent, ...] = ()
    clock_marks: tuple[ClockMark, ...] = ()
    returned: tuple[ReturnedMail, ...] = ()
    takeover: Takeover | None = None
    suspended: Suspension | None = None
    ending: Ending | None = None
    closed_on: date | None = None
    closing: Ending | None = None  # a person asked for this ending
    closed_from: Stage | None = None  # where it goes back to when it is reopened
    closed_from_sub_stage: str = ""
    written_off: WriteOff | None = None
    hold: Hold | None = None
    sequence: int = 0  # the last one used up
    waiting_for: str = "date"
    waiting_since: datetime | None = None
    terms: ClaimTerms = BEARS_NOTHING  # what its items bear, as the catalogue has it when the claim is loaded
    contacts_elsewhere: tuple[datetime, ...] = ()  # with its debtor, on his other claims; read only when a cap is set

    @property
    def open_tasks(self) -> tuple[Task, ...]:
        return tuple([t for t in self.tasks if t.state is TaskState.OPEN]) if self.tasks else ()

    def key(self, sequence: int) -> str:
        """The key of an effect: claim/<number>/<sequence>."""
        return f"claim/{self.number}/{sequence}"

    def id_for(self, *path: object) -> UUID:
        """An id of something of this claim: the same facts give the same id on every retry."""
        return uuid5(self.id, "/".join(str(p) for p in path))
