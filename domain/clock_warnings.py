"""People are warned before a clock of the law runs out: 60, 30 and 8 days before (the pack says when), and when it is over.

`due` is the next day of a warning, `check` gives it, `after_news` takes it back when an interruption moved the clock.
What is counted, and from when, stands in domain/legal_clocks.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from domain.asking import ask_about, with_task
from domain.calendar import start_of_day
from domain.catalogue import Catalogue, Dated
from domain.claim import Claim, ClockMark, Stage, Task, TaskKind
from domain.clock_terms import Clock, ClockState
from domain.effects import Changed, today
from domain.endings import withdraw
from domain.events import SYSTEM, Event
from domain.ground import Ground
from domain.legal_clocks import clocks_of, nearest_clocks, warning_days
from domain.legal_time import end_of_limitation
from domain.limitation import LIMITATION, is_owed, limitation_code
from domain.steps import Reason, Step, StepKind

RAN_OUT = 0  # the mark of a clock whose last day has passed
CHASES = frozenset({StepKind.SEND_EMAIL, StepKind.SEND_LETTER, StepKind.ASK})


class Warned(NamedTuple):
    """The clocks of one code that run out on one day, and the warnings that are given of them, the earliest first."""

    code: str
    runs_out_on: date
    items: tuple[str, ...]
    source: str
    is_waiting: bool
    stages: tuple[int, ...]  # days before; RAN_OUT last
    given: tuple[int, ...]

    def day_of(self, stage: int) -> date:
        """The day of that warning; a clock has run out on the day after its last one."""
        return self.runs_out_on + timedelta(days=1) if stage == RAN_OUT else self.runs_out_on - timedelta(days=stage)

    @property
    def to_come(self) -> tuple[int, ...]:
        return tuple([stage for stage in self.stages if stage not in self.given]) if self.given else self.stages


def due(on: Ground, before: datetime | None = None) -> Iterator[Step]:
    """The next day on which somebody is warned; nothing where no clock runs.

    `before`: the plan has something else to do then. What cannot come before that is not counted: most limitations are
    years away, and every plan asks.
    """
    if on.claim.stage is Stage.CLOSED or on.claim.country not in on.catalogue.countries:
        return
    if before is not None and _not_before(on) > before.date() + timedelta(days=1):
        return
    clocks = nearest_clocks(on.claim, on.catalogue, on.today, on.owed)
    to_come = [w for w in _warned(on.claim, on.catalogue, on.today, clocks) if w.to_come]
    if not to_come:
        return
    first = to_come[0]
    if len(to_come) > 1:
        first = min(to_come, key=lambda w: (w.day_of(w.to_come[0]), w.code, w.runs_out_on))
    stage = first.to_come[0]
    day = first.day_of(stage)
    yield Step(
        StepKind.CHECK,
        due_at=max(start_of_day(day, on.claim.time_zone), on.as_of),
        key=f"claim/{on.claim.number}/clock/{first.code}/{first.runs_out_on.isoformat()}/{stage}",
        plan_kind="clock",
        due_on=day,
        subject=f"clock/{first.code}",
        why=(_reason(first, stage),),
    )


def _not_before(on: Ground) -> date:
    """No warning comes before this day: an interruption only moves a limitation away."""
    claim, pack = on.claim, on.catalogue.countries[on.claim.country]
    if claim.legal_events or claim.procedures or claim.clock_marks:
        return date.min
    days = [line.item.due_on for line in on.owed.lines if line.item.due_on is not None and is_owed(line)]
    if not days:
        return date.max
    versions = pack.parameters.get(limitation_code(claim, pack), ())
    return _first_warning(versions, warning_days(pack, on.today), min(days))


@lru_cache(maxsize=65536)
def _first_warning(versions: tuple[Dated, ...], before: tuple[int, ...], since: date) -> date:
    found = end_of_limitation(versions, since)
    return date.max if found is None else found[0] - timedelta(days=max(before, default=RAN_OUT))


def _warned(claim: Claim, catalogue: Catalogue, day: date, clocks: tuple[Clock, ...]) -> list[Warned]:
    """The clocks that still run or have run out, by code and last day; a time of the debtor's that was over before the
    claim came here is nobody's news."""
    together: dict[tuple[str, date], list[Clock]] = {}
    for clock in clocks:
        if clock.is_waiting and clock.runs_out_on is not None and clock.runs_out_on < claim.opened_on:
            continue
        if clock.runs_out_on is not None and clock.state not in {ClockState.MET, ClockState.STOPPED}:
            together.setdefault((clock.code, clock.runs_out_on), []).append(clock)
    before = warning_days(catalogue.pack(claim.country), day)
    given = {(mark.clock, mark.runs_out_on): mark.warned for mark in claim.clock_marks}
    return [
        Warned(
            code=code,
            runs_out_on=last,
            items=tuple(sorted({clock.item for clock in alike if clock.item})),
            source=alike[0].source,
            is_waiting=alike[0].is_waiting,
            stages=_stages(alike[0], last, before),
            given=given.get((code, last), ()),
        )
        for (code, last), alike in together.items()
    ]


def _stages(clock: Clock, last: date, before: tuple[int, ...]) -> tuple[int, ...]:
    """Of a short deadline the warnings that fit in, at least the last one; of a time of the debtor's only its end."""
    if clock.is_waiting:
        return (RAN_OUT,)
    fitting = tuple([days for days in before if last - timedelta(days=days) >= clock.starts_on])
    return (*(fitting or before[-1:]), RAN_OUT)


def check(claim: Claim, catalogue: Catalogue, step: Step, as_of: datetime) -> Changed:  # noqa: ARG001
    """Give every warning whose day has come, each once: of those missed meanwhile only the most pressing one is said."""
    day = today(claim, as_of)
    passed: dict[str, list[tuple[int, Warned]]] = {}
    for each in _warned(claim, catalogue, day, clocks_of(claim, catalogue, day)):
        come = [stage for stage in each.to_come if each.day_of(stage) <= day]
        if come:
            claim = _marked(claim, each, come)
            passed.setdefault(each.code, []).append((min(come), each))
    changed = Changed(claim)
    for come_now in passed.values():
        stage = min(stage for stage, _ in come_now)
        pressing = [each for at, each in come_now if at == stage]
        changed = changed.then(_warn(changed.claim, catalogue, pressing, stage, day, as_of))
    return changed


def _marked(claim: Claim, each: Warned, come: list[int]) -> Claim:
    mark = ClockMark(each.code, each.runs_out_on, (*each.given, *come))
    others = (m for m in claim.clock_marks if (m.clock, m.runs_out_on) != (each.code, each.runs_out_on))
    return replace(claim, clock_marks=(*others, mark))


def _warn(
    claim: Claim, catalogue: Catalogue, pressing: list[Warned], stage: int, day: date, as_of: datetime
) -> Changed:
    """A task for the collector; for the supervisor at the last warning and when it is over. An open one is raised."""
    nearest = min(pressing, key=lambda each: each.runs_out_on)
    items = tuple(sorted({item for each in pressing for item in each.items}))
    nearest = nearest._replace(items=items)
    left = max((nearest.runs_out_on - day).days, 0)
    reason = _reason(nearest, stage, left)
    event = Event("clock_warned" if stage else "clock_ran_out", as_of, SYSTEM, {**reason.facts})
    last = warning_days(catalogue.pack(claim.country), day)[-1:] or (RAN_OUT,)
    role = "collector" if nearest.is_waiting or stage > last[0] else "supervisor"
    why = ({"code": reason.code, "facts": reason.facts},)
    subject = f"clock/{nearest.code}"
    known = next((t for t in claim.open_tasks if t.kind is TaskKind.CLOCK and t.subject == subject), None)
    if known is not None:
        raised = _raised(known, role, why, nearest, claim, as_of)
        return Changed(with_task(claim, raised), (event,))
    asked = ask_about(claim, TaskKind.CLOCK, subject, as_of, role=role, days=max(left, 1), why=why)
    task = asked.claim.tasks[-1]
    own_clock = replace(task, reminds_at=None, escalates_at=None)  # its reminders are the clock's own further warnings
    return asked.then(Changed(with_task(asked.claim, own_clock), (event,)))


def _raised(
    task: Task, role: str, why: tuple[dict[str, Any], ...], nearest: Warned, claim: Claim, as_of: datetime
) -> Task:
    """The open task says how little time is left; once with the supervisor it stays there."""
    goes_up = role == "supervisor" and task.role != "supervisor"
    return replace(
        task,
        version=task.version + 1,
        why=why,
        due_at=max(start_of_day(nearest.runs_out_on + timedelta(days=1), claim.time_zone), as_of),
        reminded_at=as_of,
        role="supervisor" if goes_up else task.role,
        assignee="" if goes_up else task.assignee,
        escalated_at=as_of if goes_up else task.escalated_at,
    )


def _reason(each: Warned, stage: int, left: int | None = None) -> Reason:
    facts: dict[str, str | int | list[str]] = {
        "clock": each.code,
        "runs_out_on": each.runs_out_on.isoformat(),
        "source": each.source,
        "items": list(each.items),
    }
    if each.is_waiting:
        return Reason("clock_waited_for", facts)
    if stage == RAN_OUT:
        return Reason("limitation_over" if each.code == LIMITATION else "clock_over", facts)
    return Reason("clock_warning", {**facts, "days": stage if left is None else left})


# ---- what news brings -------------------------------------------------------------------------


def after_news(claim: Claim, catalogue: Catalogue, as_of: datetime) -> Changed:
    """A clock that was warned of has moved, stands still or is met: its task goes by itself, its warnings begin anew."""
    if not claim.clock_marks or claim.stage is Stage.CLOSED:
        return Changed(claim)
    day = today(claim, as_of)
    standing = _warned(claim, catalogue, day, clocks_of(claim, catalogue, day))
    kept = tuple(
        m for m in claim.clock_marks if any((w.code, w.runs_out_on) == (m.clock, m.runs_out_on) for w in standing)
    )
    gone = {mark.clock for mark in claim.clock_marks} - {mark.clock for mark in kept}
    if len(kept) == len(claim.clock_marks):
        return Changed(claim)
    claim = replace(claim, clock_marks=kept)
    subjects = {f"clock/{code}" for code in gone}
    moot = [t for t in claim.open_tasks if t.kind is TaskKind.CLOCK and t.subject in subjects]
    events = tuple(_moved(code, standing, as_of) for code in sorted(gone))
    withdrawn = withdraw(claim, as_of, reason="clock_moved", tasks=moot)
    return withdrawn.then(Changed(withdrawn.claim, events))


def _moved(code: str, standing: list[Warned], as_of: datetime) -> Event:
    """From now on it runs to another day, or does not run."""
    last = min((w.runs_out_on for w in standing if w.code == code), default=None)
    facts: dict[str, Any] = {"clock": code, "runs_out_on": last.isoformat() if last else ""}
    return Event("clock_moved", as_of, SYSTEM, facts)


# ---- what the plan says -----------------------------------------------------------------------


def said_of_limitation(claim: Claim, step: Step) -> Step:
    """Chasing goes on amicably when the limitation has run out, and says so."""
    if step.kind not in CHASES or not claim.clock_marks:
        return step
    over = [m.runs_out_on for m in claim.clock_marks if m.clock == LIMITATION and RAN_OUT in m.warned]
    if not over:
        return step
    return replace(step, why=(*step.why, Reason("only_amicably", {"since": max(over).isoformat()})))
