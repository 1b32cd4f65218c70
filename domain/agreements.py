"""What is agreed or argued with the debtor: promises, arrangements, offers, disputes.

Items are named by their references; none means the whole claim. Amounts are in the claim's currency.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from domain.money import Money
from domain.terms import (
    ArrangementState,
    DisputeOutcome,
    DisputeState,
    OfferSide,
    OfferState,
    PromiseState,
)


@dataclass(frozen=True, slots=True)
class Promise:
    """The debtor said: this amount, by that day. Broken only when the day and its tolerance have passed."""

    id: UUID
    made_at: datetime
    made_on: date
    promised_on: date
    amount: Money
    author: str
    items: tuple[str, ...] = ()
    tolerance_days: int = 0
    tolerance_amount: Money | None = None
    comment: str = ""
    state: PromiseState = PromiseState.OPEN
    received: Money | None = None  # what came for it, once it is settled
    settled_on: date | None = None
    action_id: UUID | None = None  # its follow-up
    payments_before: tuple[UUID, ...] = ()  # known when it was made: they are not what was promised

    @property
    def last_on(self) -> date:
        """The last day on which money for it still counts."""
        return self.promised_on + timedelta(days=self.tolerance_days)


@dataclass(frozen=True, slots=True)
class Instalment:
    due_on: date
    amount: Money
    reminded_before_on: date | None = None
    reminded_after_on: date | None = None
    missed_on: date | None = None
    settled_on: date | None = None  # its last day passed, and it was paid by then


@dataclass(frozen=True, slots=True)
class Arrangement:
    """An instalment plan (échéancier). `waiver` is given up when it is completed, and only then."""

    id: UUID
    agreed_at: datetime
    agreed_on: date
    instalments: tuple[Instalment, ...]
    author: str
    items: tuple[str, ...] = ()
    waiver: Money | None = None
    tolerance_days: int = 0
    tolerance_amount: Money | None = None
    missed_allowed: int = 0  # how many may be missed before it is breached
    remind_days_before: int = 0  # 0: no reminder before
    remind_days_after: int = 0
    comment: str = ""
    offer_id: UUID | None = None
    state: ArrangementState = ArrangementState.ACTIVE
    ended_on: date | None = None
    payments_before: tuple[UUID, ...] = ()  # known when it was agreed: they fill no instalment

    @property
    def total(self) -> Money:
        """What is to be paid: the instalments together, fixed when it was agreed."""
        return Money.total((each.amount for each in self.instalments), self.instalments[0].amount.currency)

    def last_on(self, instalment: Instalment) -> date:
        """The last day on which money for that instalment still counts."""
        return instalment.due_on + timedelta(days=self.tolerance_days)


@dataclass(frozen=True, slots=True)
class Offer:
    """A step of a negotiation: `amount` settles the claim (or its items) when it is paid as the instalments say."""

    id: UUID
    made_at: datetime
    made_on: date
    by: OfferSide
    amount: Money
    instalments: tuple[Instalment, ...]
    author: str
    items: tuple[str, ...] = ()
    answer_by: date | None = None
    answers: UUID | None = None  # the offer that this one counters
    comment: str = ""
    state: OfferState = OfferState.OPEN
    answered_on: date | None = None


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute about some items; the rest of the claim goes on."""

    id: UUID
    opened_at: datetime
    opened_on: date
    items: tuple[str, ...]
    kind: str  # the code of a status of the category dispute
    text: str
    author: str
    owner: str = ""  # who answers it: a person's code, a department
    owner_email: str = ""  # where the owner is asked, when known
    answer_due_on: date | None = None
    state: DisputeState = DisputeState.OPEN
    outcome: DisputeOutcome | None = None
    credit: Money | None = None
    resolved_on: date | None = None
    action_id: UUID | None = None  # the question to whoever answers it
    chased_on: date | None = None  # nothing had come back: a supervisor was asked
