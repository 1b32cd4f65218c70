"""What the law knows of a claim: guarantees, procedures, events that move a legal clock, and warnings given."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.money import Money


@dataclass(frozen=True, slots=True)
class Guarantee:
    """A guarantee (garantie) or a guarantor (caution); `person` is personal and never leaves the database."""

    id: UUID
    kind: str  # surety | joint_surety | mortgage | pledge | retention_of_title | bill_guarantee | deposit | insurance | other
    added_on: date
    author: str
    amount: Money | None = None
    rank: int | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    person: dict[str, Any] = field(default_factory=dict)
    description: str = ""
    released_on: date | None = None
    warned_on: date | None = None  # that it is running out


@dataclass(frozen=True, slots=True)
class Hearing:
    """A hearing (audience); its outcome is asked for once its day has passed."""

    id: UUID
    on: date
    purpose: str = ""
    outcome: str = ""
    reminded_on: date | None = None
    asked_on: date | None = None


@dataclass(frozen=True, slots=True)
class Procedure:
    """A court or enforcement procedure (payment order, summons, seizure...) and how far it has come."""

    id: UUID
    kind: str  # the code of a litigation or enforcement action type
    opened_on: date
    author: str
    court: str = ""
    number: str = ""  # the court's own
    agent: str = ""  # code of the catalogue
    hearings: tuple[Hearing, ...] = ()
    judged_on: date | None = None
    judgment: str = ""
    judgment_amount: Money | None = None
    title_on: date | None = None  # the enforceable title
    title: str = ""  # its kind
    served_on: date | None = None
    service_mode: str = ""  # to_person | at_home | at_study | abroad | by_notice
    state: str = "open"  # open | ended
    outcome: str = ""
    ended_on: date | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class LegalEvent:
    """Something that starts, moves or ends a clock of the law."""

    id: UUID
    kind: str
    on: date
    recorded_at: datetime
    author: str
    item: str = ""  # a reference; "": the whole claim
    procedure_id: UUID | None = None
    comment: str = ""
    retracted_at: datetime | None = None  # recorded by mistake: it stays, and moves nothing any more
    retracted_by: str = ""
    retraction_reason: str = ""

    @property
    def stands(self) -> bool:
        return self.retracted_at is None


@dataclass(frozen=True, slots=True)
class ClockMark:
    """Warnings already given of one clock running out on one day: days before (60, 30, 8), 0 when it ran out."""

    clock: str  # its code
    runs_out_on: date
    warned: tuple[int, ...] = ()
