"""Limitation (prescription): how long each item can still be sued for, from its due date, through all that interrupts it.

Order of arrival does not matter: facts are taken by their own day. An act interrupts only before the last day has
passed; after that nothing revives the debt but the debtor's own waiver.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from domain.catalogue import CountryPack, Dated
from domain.claim import Claim
from domain.clock_terms import Clock, ClockState, Law
from domain.legal_facts import (
    ACKNOWLEDGEMENT,
    COURT,
    EVENTS,
    INSOLVENCY,
    PAYMENT,
    WAIVER,
    Seen,
    first_after,
)
from domain.legal_time import end_of_limitation
from domain.procedure_clocks import TITLE_YEARS, services_of_orders
from domain.statement import GLOBAL, Line, Statement, counts
from domain.steps import Reason

LIMITATION = "limitation"
ENDS_INSTANCE = frozenset({"judgment", "title", "instance_ended"})
ENDS = {COURT: ENDS_INSTANCE, INSOLVENCY: frozenset({"insolvency_closed"})}  # what a standstill ends with


class Act(NamedTuple):
    """What may interrupt a limitation: its day, its cause (the pack says whether it interrupts), the event behind it."""

    on: date
    cause: str
    kind: str
    until: date | None = None  # of a cause that lasts: the day it ended, None while it lasts
    lasts: bool = False


@dataclass(slots=True)
class _Running:
    """One limitation on its way: `since` its last beginning, `end` its last day (None while it stands still)."""

    since: date
    end: date | None
    version: Dated
    why: Reason
    sources: list[str] = field(default_factory=list)


def limitation_code(claim: Claim, pack: CountryPack) -> str:
    """The parameter that governs this debtor: consumers and businesses apart, or the country's general one."""
    own = "limitation_consumer_years" if claim.debtor.kind == "person" else "limitation_b2b_years"
    return own if own in pack.parameters else "limitation_general_years"


def is_owed(line: Line) -> bool:
    return line.outstanding.amount > 0 or line.interest.amount > 0 or line.indemnity.amount > 0


def limitation_clocks(claim: Claim, law: Law, owed: Statement, lines: Sequence[Line]) -> Iterator[Clock]:
    """One clock for each of these lines of the statement that is owed and has a due date."""
    pack = law.pack
    versions = pack.parameters.get(limitation_code(claim, pack), ())
    if not versions:
        return
    common, own = _acts(claim, law, owed)
    titles = _titles(law)
    for line in lines:
        if line.item.due_on is None or not is_owed(line):
            continue
        reference = line.item.reference
        clock = _of_item(line, versions, pack, sorted([*common, *own.get(reference, ())], key=_by_day))
        if clock is not None:
            yield _met_by_title(clock, titles) if titles else clock


def _of_item(line: Line, versions: tuple[Dated, ...], pack: CountryPack, acts: Iterable[Act]) -> Clock | None:
    """The limitation of one item; None where the law (as set up) says nothing."""
    due_on, item = line.item.due_on, line.item.reference
    assert due_on is not None  # noqa: S101  undated items have no clock
    first = end_of_limitation(versions, due_on)
    if first is None:
        return None
    why = Reason("clock_since_opening" if item == GLOBAL else "clock_since_due", {"since": due_on.isoformat()})
    running = _Running(due_on, first[0], first[1], why)
    for act in acts:
        _interrupt(running, act, versions, pack)
    stopped = running.end is None
    return Clock(
        code=LIMITATION,
        source="; ".join([running.version.source, *running.sources]),
        starts_on=running.since,
        runs_out_on=running.end,
        state=ClockState.STOPPED if stopped else ClockState.RUNNING,
        item=item,
        why=(running.why,),
    )


def _interrupt(running: _Running, act: Act, versions: tuple[Dated, ...], pack: CountryPack) -> None:
    """A new beginning, when the act comes while the limitation runs; a cause that lasts makes it stand still."""
    if running.end is None or act.on < running.since or (act.on > running.end and act.cause != WAIVER):
        return
    again_on = act.until if act.lasts else act.on
    facts: dict[str, str | int | list[str]] = {"legal_event": act.kind, "on": act.on.isoformat()}
    running.sources = [source] if (source := pack.source(_interruption(act.cause), act.on)) else []
    if again_on is None:
        running.since, running.end, running.why = act.on, None, Reason("clock_stands_still", facts)
        return
    end = end_of_limitation(versions, again_on)
    if end is not None:
        running.since, (running.end, running.version) = again_on, end
        running.why = Reason("clock_interrupted", facts)


def _interruption(cause: str) -> str:
    return f"interruption_by_{cause}"


# ---- what interrupts ---------------------------------------------------------------------------


def _acts(claim: Claim, law: Law, owed: Statement) -> tuple[list[Act], dict[str, list[Act]]]:
    """What interrupts the limitation of every item, and of single ones by their reference."""
    common: list[Act] = []
    own: dict[str, list[Act]] = {}
    if not (law.events or claim.arrangements or claim.payments):
        return common, own
    for act, items in (*_of_events(law), *_of_arrangements(claim, owed.on), *_of_payments(claim, owed)):
        if law.pack.value(_interruption(act.cause), act.on) != "yes" and act.cause != WAIVER:
            continue
        if not items:
            common.append(act)
        for item in items:
            own.setdefault(item, []).append(act)
    return common, own


def _of_events(law: Law) -> Iterator[tuple[Act, tuple[str, ...]]]:
    """Demands in court last until their end; those given up, lapsed or rejected count for nothing (C. civ. 2242, 2243)."""
    events, of_orders = law.events, services_of_orders(law) if law.events else frozenset()
    for event in events:
        items = (event.item,) if event.item else ()
        cause = COURT if event in of_orders else EVENTS[event.kind]
        if not cause or (cause == COURT and first_after(events, event, {"action_failed"}) is not None):
            continue
        if cause == INSOLVENCY or event.kind in {"summons", "opposition"}:
            ended = first_after(events, event, ENDS[cause])
            yield Act(event.on, cause, event.kind, until=None if ended is None else ended.on, lasts=True), items
        else:
            yield Act(event.on, cause, event.kind), items


def _of_arrangements(claim: Claim, day: date) -> Iterator[tuple[Act, tuple[str, ...]]]:
    """An instalment plan that was agreed is an acknowledgement; a promise made on the telephone is none."""
    for arrangement in claim.arrangements:
        if arrangement.agreed_on <= day:
            yield Act(arrangement.agreed_on, ACKNOWLEDGEMENT, "arrangement"), arrangement.items


def _of_payments(claim: Claim, owed: Statement) -> Iterator[tuple[Act, tuple[str, ...]]]:
    """A payment acknowledges what it was laid on; a guarantor's, a returned one, one before a takeover do not."""
    if not claim.payments:
        return
    guarantors = {str(g.person.get("name", "")).casefold() for g in claim.guarantees} - {""}
    days: dict[UUID, date] = {
        payment.id: payment.value_date
        for payment in claim.payments
        if counts(payment, owed.on) and payment.payer.casefold() not in guarantors
    }
    for part in owed.allocations:
        on = None if part.payment_id is None else days.get(part.payment_id)
        if on is not None and part.to != "cost":
            yield Act(on, PAYMENT, "payment"), (part.item,)


def _by_day(act: Act) -> tuple[date, str, str]:
    return act.on, act.cause, act.kind


# ---- what takes its place ----------------------------------------------------------------------


def _titles(law: Law) -> list[Seen]:
    """Judgments and titles, in a country whose law gives them a time of their own."""
    titles = (event for event in law.events if event.kind in {"judgment", "title"})
    return [title for title in titles if law.pack.value(TITLE_YEARS, title.on) is not None]


def _met_by_title(clock: Clock, titles: list[Seen]) -> Clock:
    """A title obtained in time has its own clock: the limitation of the debt is done with."""
    for title in titles:
        in_time = clock.runs_out_on is None or title.on <= clock.runs_out_on
        if in_time and title.item in {"", clock.item}:
            facts: dict[str, str | int | list[str]] = {"legal_event": title.kind, "on": title.on.isoformat()}
            why = (*clock.why, Reason("clock_met", facts))
            return clock._replace(state=ClockState.MET, procedure_id=title.procedure_id, why=why)
    return clock
