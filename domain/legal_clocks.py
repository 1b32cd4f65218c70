"""The clocks of the law that run on a claim, computed from its facts alone. Start with `clocks_of`.

domain/limitation.py counts how long the debt can be sued for, domain/procedure_clocks.py the deadlines of procedures
under way. Every number comes from the country's pack, with its source; a country without a pack has no clocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache

from domain.catalogue import ActionType, Catalogue, CountryPack
from domain.claim import Claim, Stage
from domain.clock_terms import Clock, ClockState, Law
from domain.legal_facts import SEIZURES, THIRD_PARTY_SEIZURE, seen_by_law
from domain.limitation import LIMITATION, is_owed, limitation_clocks
from domain.procedure_clocks import BEFORE_ENFORCEMENT, TITLE, procedure_clocks
from domain.refusals import Refused
from domain.statement import Line, Statement, statement
from domain.steps import Reason

EXECUTES = (SEIZURES | {THIRD_PARTY_SEIZURE}) - {"precautionary_seizure"}
WARNING_DAYS = "clock_warning_days"
NO_WARNINGS: tuple[int, ...] = ()


def clocks_of(claim: Claim, catalogue: Catalogue, day: date, owed: Statement | None = None) -> tuple[Clock, ...]:
    """Every clock of the law on that day (the claim's own), those still running first, the nearest first.

    `owed` is the statement of that day, where the caller has it. A closed claim and a country without a pack have none.
    Each clock says its parameter's source, from when it runs and why, its last day (None while it stands still), and its
    state: running, warned (within the pack's warning days), run_out, stopped, met.
    """
    owed = owed or statement(claim, day)
    return _clocks(claim, catalogue, day, owed, owed.lines)


def nearest_clocks(claim: Claim, catalogue: Catalogue, day: date, owed: Statement) -> tuple[Clock, ...]:
    """As `clocks_of`; of a claim on which only due dates have begun a clock, those of the oldest items owed alone.

    For the planner, which asks at every plan: nothing moves the others before these.
    """
    moved = claim.payments or claim.legal_events or claim.procedures or claim.arrangements or claim.clock_marks
    if moved or len(owed.lines) == 1:
        return _clocks(claim, catalogue, day, owed, owed.lines)
    dated = [line for line in owed.lines if line.item.due_on is not None and is_owed(line)]
    oldest = min((line.item.due_on for line in dated if line.item.due_on is not None), default=None)
    return _clocks(claim, catalogue, day, owed, [line for line in dated if line.item.due_on == oldest])


def _clocks(claim: Claim, catalogue: Catalogue, day: date, owed: Statement, lines: Sequence[Line]) -> tuple[Clock, ...]:
    pack = catalogue.countries.get(claim.country)
    if pack is None or claim.stage is Stage.CLOSED:
        return ()
    law = Law(pack, catalogue.calendar, seen_by_law(claim, day))
    warnings = warning_days(pack, day)
    found = [*limitation_clocks(claim, law, owed, lines)]
    if law.events:
        found.extend(procedure_clocks(law))
    return tuple(sorted((_as_of(clock, day, warnings) for clock in found), key=_nearest_first))


def warning_days(pack: CountryPack, day: date) -> tuple[int, ...]:
    """How many days before its end a clock is warned of, the most first (60, 30, 8); none where nobody set any."""
    value = pack.value(WARNING_DAYS, day)
    return NO_WARNINGS if value is None else _numbers(value)


@lru_cache(maxsize=64)
def _numbers(text: str) -> tuple[int, ...]:
    return tuple(sorted({int(part) for part in text.split()}, reverse=True))


def _as_of(clock: Clock, day: date, warnings: tuple[int, ...]) -> Clock:
    """The clock with its state on that day; what is met or stands still stays so."""
    if clock.state is not ClockState.RUNNING or clock.runs_out_on is None:
        return clock
    if day > clock.runs_out_on:
        return clock._replace(state=ClockState.RUN_OUT)
    if warnings and not clock.is_waiting and day >= clock.runs_out_on - timedelta(days=warnings[0]):
        return clock._replace(state=ClockState.WARNED)
    return clock


ORDER = {
    ClockState.WARNED: 0,
    ClockState.RUNNING: 0,
    ClockState.RUN_OUT: 0,
    ClockState.STOPPED: 1,
    ClockState.MET: 2,
}


def _nearest_first(clock: Clock) -> tuple[int, date, str, str]:
    return ORDER[clock.state], clock.runs_out_on or date.max, clock.code, clock.item


# ---- what the law forbids ---------------------------------------------------------------------


def obstacles(claim: Claim, catalogue: Catalogue, kind: ActionType, day: date) -> tuple[Reason, ...]:
    """Why such an act cannot be done on that day; () for what is no legal act, and when no clock stands in its way.

    The limitation of everything that is owed has run out; or, for an execution on the debtor's goods, the title itself is
    too old, or it is too early after the service (TN: 20 days; FR: the month of opposition to an order). A precautionary
    seizure need not wait (CPCC 287, second paragraph).
    """
    if kind.type != "legal" or kind.category is Stage.AMICABLE:
        return ()
    clocks = clocks_of(claim, catalogue, day)
    found = list(_too_late(clocks, LIMITATION))
    if kind.code in EXECUTES:
        found += _too_late(clocks, TITLE)
        wait = enforcement_not_before(claim, catalogue, day)
        if wait is not None:
            found.append(Reason("enforcement_too_early", {"since": wait.isoformat()}))
    return tuple(found)


def refuse_when_law_forbids(claim: Claim, catalogue: Catalogue, kind: ActionType, day: date) -> None:
    """Raises Refused with the first obstacle: for whoever plans or does an act of litigation or enforcement."""
    for reason in obstacles(claim, catalogue, kind, day):
        raise Refused(reason.code, **reason.facts)


def enforcement_not_before(claim: Claim, catalogue: Catalogue, day: date) -> date | None:
    """The first day on which enforcement may begin after a service; None when nothing has to be waited for."""
    waits = [
        clock.runs_out_on
        for clock in clocks_of(claim, catalogue, day)
        if clock.code in BEFORE_ENFORCEMENT and clock.state is ClockState.RUNNING and clock.runs_out_on is not None
    ]
    return max(waits) + timedelta(days=1) if waits else None


def _too_late(clocks: tuple[Clock, ...], code: str) -> Iterator[Reason]:
    """When every clock of that code has run out."""
    of_code = [clock for clock in clocks if clock.code == code]
    if of_code and all(clock.state is ClockState.RUN_OUT for clock in of_code):
        last = max(of_code, key=lambda clock: clock.runs_out_on or date.min)
        assert last.runs_out_on is not None  # noqa: S101  a clock that has run out has a last day
        facts: dict[str, str | int | list[str]] = {"clock": code, "runs_out_on": last.runs_out_on.isoformat()}
        yield Reason("too_late_in_law", {**facts, "source": last.source})
