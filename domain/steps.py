"""What the planner answers: the next step of a claim, with its reasons; and the words the workflow exchanges with activities.

These types travel in workflow histories: ids, codes, dates and amounts only, never anything personal.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from domain.claim import Channel, Mode


class PlanImpossible(Exception):
    """The plan of a claim cannot be computed: a rule's code and the facts that stand in the way, nothing personal."""

    def __init__(self, code: str, facts: dict[str, str | int | list[str]]) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class StepKind(StrEnum):
    CLOSE = "close"  # nothing is owed any more, or a person ended it
    WAIT = "wait"  # for news, or for a date when `due_at` is set
    SEND_EMAIL = "send_email"
    SEND_LETTER = "send_letter"
    ASK = "ask"  # open a task: a person confirms, does, finds
    TASK_CLOCK = "task_clock"  # an open task's reminder, escalation or expiry is due
    CHECK = "check"  # the day of a promise, an instalment, an offer, an agent or a legal clock has come


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that was applied and the facts it used; wording/ turns it into a sentence."""

    code: str
    facts: dict[str, str | int | list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """The next step. `due_at` None: only news can move the claim. Due in the past means: now."""

    kind: StepKind
    due_at: datetime | None = None
    key: str = ""  # claim/<number>/<sequence>, empty for CLOSE and WAIT
    plan_kind: str = "scenario_step"  # scenario_step|follow_up|promise_check|instalment|clock|task_deadline
    action_type: str = ""
    scenario_step: int | None = None  # 0-based
    due_on: date | None = None
    mode: Mode | None = None
    channel: Channel | None = None
    action_id: str = ""  # an action that exists already (confirmed, postponed, sending)
    task_id: str = ""
    task_kind: str = ""  # for ASK
    ending: str = ""  # for CLOSE
    subject: str = ""  # for CHECK, what is looked at: promise/<id>, arrangement/<id>, clock/<code>, ...
    passes_over: tuple[int, ...] = ()  # scenario steps left out by catching up
    waiting_for: str = "date"  # date|person|agent|nothing
    why: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A step that would be due but for a rule; `held_until` None: until news."""

    step: Step
    held_until: date | None
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """The answer of the planner: what comes next, and what does not, and why not now."""

    step: Step
    not_now: tuple[HeldBack, ...] = ()


# ---- between the workflow and its activities -------------------------------------------------


@dataclass
class ClaimRun:
    """What one run of a claim hands to the next: its identity and what is already shown; never the facts."""

    claim_id: str
    number: str
    resumes_at: datetime | None = None  # training: the claim's own time, reached before anything is planned
    stage: str = ""  # as last written to the search attributes
    waiting_for: str = ""


@dataclass(frozen=True)
class PlanAsk:
    claim_id: str
    as_of: datetime
    asked: list[str] = field(default_factory=list)  # entries whose callers wait
    in_vain: int = 0  # takes running that came to nothing


@dataclass(frozen=True)
class Answer:
    accepted: bool
    text: str = ""  # a code; the words are in the inbox entry


@dataclass(frozen=True)
class Order:
    """What the workflow asks an activity to do, and what its history shows of it."""

    claim_id: str
    kind: StepKind
    key: str
    as_of: datetime


@dataclass(frozen=True)
class Plan:
    """The plan as the workflow needs it: when, what, and the lines a supervisor reads."""

    kind: StepKind
    due_at: datetime | None
    key: str
    summary: str  # one line: "e-mail reminder_1, sequence 3"
    details: str  # markdown: stage, balance due, next step and why, what it waits for
    stage: str
    waiting_for: str
    ending: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
