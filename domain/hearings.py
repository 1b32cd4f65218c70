"""Hearings (audiences) of a procedure: prepared some days before, their outcome asked for once they have been held."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from domain.asking import ask_about
from domain.calendar import sending_instant
from domain.catalogue import Catalogue
from domain.claim import Claim, Hearing, Procedure, TaskKind
from domain.effects import Changed, today
from domain.endings import withdraw
from domain.ground import Ground
from domain.steps import Reason, Step, StepKind

PREPARED_DAYS = 8  # before the hearing, unless the country's pack says hearing_reminder_days
PARAMETER = "hearing_reminder_days"
SUBJECT = "hearing"


def reminder_days(claim: Claim, catalogue: Catalogue, on: date) -> int:
    """How many days before a hearing it is prepared: the country's parameter in force that day."""
    given = catalogue.pack(claim.country).value(PARAMETER, on)
    return int(given) if given and given.isdecimal() else PREPARED_DAYS


def due(on: Ground) -> Iterator[Step]:
    """For each hearing of an open procedure the day it is prepared, then the day after it."""
    for procedure in on.claim.procedures:
        for hearing in procedure.hearings if procedure.state == "open" else ():
            if hearing.outcome:
                continue
            if hearing.reminded_on is None and on.today < hearing.on:
                days = reminder_days(on.claim, on.catalogue, hearing.on)
                yield _step(on, procedure, hearing, "prepare", hearing.on - timedelta(days=days))
            elif hearing.asked_on is None:
                yield _step(on, procedure, hearing, "outcome", hearing.on + timedelta(days=1))


def _step(on: Ground, procedure: Procedure, hearing: Hearing, what: str, day: date) -> Step:
    code = "hearing_near" if what == "prepare" else "hearing_held"
    at = sending_instant(day, on.claim.number, on.catalogue.scenario, on.claim.time_zone)
    return Step(
        StepKind.CHECK,
        due_at=max(at, on.as_of),
        key=f"claim/{on.claim.number}/hearing/{hearing.id}/{what}/{day.isoformat()}",
        plan_kind="clock",
        action_type=procedure.kind,
        due_on=day,
        subject=f"{SUBJECT}/{hearing.id}/{what}",
        why=(Reason(code, _facts(procedure, hearing)),),
    )


def _facts(procedure: Procedure, hearing: Hearing) -> dict[str, str | int | list[str]]:
    return {"procedure": procedure.kind, "hearing_on": hearing.on.isoformat()}


def check(claim: Claim, catalogue: Catalogue, step: Step, as_of: datetime) -> Changed:
    """Somebody prepares it, or says what came out of it; each is asked once."""
    _, identity, what = step.subject.split("/")
    procedure, hearing = next((p, h) for p in claim.procedures for h in p.hearings if str(h.id) == identity)
    day = today(claim, as_of)
    if what == "prepare":
        marked, code = replace(hearing, reminded_on=day), "hearing_near"
        days = max((hearing.on - day).days, 1)
    else:
        marked, code, days = replace(hearing, asked_on=day), "hearing_held", PREPARED_DAYS
    claim = with_hearing(claim, procedure, marked)
    proposed = {"channel": None, "recipient": procedure.court, "subject": procedure.number, "text": hearing.purpose}
    why = ({"code": code, "facts": _facts(procedure, hearing)},)
    return ask_about(claim, TaskKind.CLOCK, step.subject, as_of, days=days, why=why, proposed=proposed)


def with_hearing(claim: Claim, procedure: Procedure, hearing: Hearing) -> Claim:
    """The claim with this hearing of its procedure in place of its earlier self."""
    hearings = tuple(hearing if h.id == hearing.id else h for h in procedure.hearings)
    changed = replace(procedure, hearings=hearings)
    return replace(claim, procedures=tuple(changed if p.id == procedure.id else p for p in claim.procedures))


def after_news(claim: Claim, catalogue: Catalogue, as_of: datetime) -> Changed:
    """Questions about a hearing that has its outcome, or whose procedure has ended, are taken back."""
    if not claim.procedures:
        return Changed(claim)
    waiting = {str(h.id) for p in claim.procedures if p.state == "open" for h in p.hearings if not h.outcome}
    moot = [
        t for t in claim.open_tasks if t.subject.startswith(f"{SUBJECT}/") and t.subject.split("/")[1] not in waiting
    ]
    return withdraw(claim, as_of, reason="hearing_settled", tasks=moot)
