"""What is done about a claim: actions, the tasks by which a person is asked, and letters that may still be caught."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.money import Money
from domain.terms import (
    ActionState,
    Channel,
    Decision,
    DocumentState,
    Mode,
    OnExpiry,
    Origin,
    Outcome,
    Stage,
    TaskKind,
    TaskState,
)


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
    items: tuple[str, ...] = ()  # references it is about; none: the claim
    due_on: date | None = None  # the last day to do it, when there is one
    scenario: str = ""  # the code of the scenario its step belongs to
    subject: str = ""  # what it follows up: promise/<id>, dispute/<id>, procedure/<id>, ...
    reminded_on: date | None = None  # the agent was last reminded
    proposes: dict[str, Any] | None = None  # the stage (and sub-stage) it proposes, frozen when it was done
    returned_on: date | None = None  # the agent last came back: a note, a deed, another date
    overdue_on: date | None = None  # somebody was last asked about an agent who is late
    caught_on: date | None = None  # its letter was withdrawn before posting: the outcome stays sent, nobody got it

    @property
    def is_open(self) -> bool:
        return self.outcome is None

    @property
    def reached(self) -> bool:
        """Whether it came to whom it was for: sent and not caught before posting, or done."""
        return self.outcome in (Outcome.SENT, Outcome.DONE) and self.caught_on is None


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
    subject: str = ""  # what it is about, when not an action: promise/<id>, clock/<code>, ...


@dataclass(frozen=True, slots=True)
class ReturnedMail:
    """A letter or an e-mail that came back: a person has to look, unless something else was done since."""

    id: UUID
    document_id: UUID
    kind: str  # letter | registered_letter | email
    reason: str  # unknown_at_address | refused | unclaimed | refused_by_server
    returned_on: date
    recorded_at: datetime
    author: str
    action_id: UUID | None = None
    handled_on: date | None = None  # a person changed how the debtor is reached


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that may still be caught: rendered, and not yet with the printer."""

    id: UUID
    action_id: UUID | None
    state: DocumentState
    posts_at: datetime  # the day's print run
    items: tuple[str, ...] = ()  # references of what it asks for
