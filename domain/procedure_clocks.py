"""Deadlines of procedures under way: service and opposition of an order, a title's life, a seizure, an insolvency.

The parameter is the one in force on the day the deadline begins: the law of February 2026 shortens the service of the
orders made from its day on, not of those made before. Each entry of `CLOCKS` is one rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from domain.clock_terms import Clock, ClockState, Law
from domain.legal_facts import ENFORCES, PAYMENT_ORDER, THIRD_PARTY_SEIZURE, Seen, first_after
from domain.legal_time import days_later, end_of_limitation, months_later, on_a_working_day, years_later
from domain.steps import Reason

TITLE = "title"
TITLE_YEARS = "title_years"
LATER = {"days": days_later, "months": months_later, "years": years_later}
BEFORE_ENFORCEMENT = frozenset({"payment_order_opposition", "service_before_enforcement"})
Rule = Callable[[Law], Iterator[Clock]]


def procedure_clocks(law: Law) -> Iterator[Clock]:
    """Every deadline that an event has begun, met or not."""
    for rule in CLOCKS:
        yield from rule(law)


def _deadline(law: Law, parameter: str, start: Seen, *, waiting: bool = False, moved: bool = True) -> Clock | None:
    """The deadline that the parameter (…_days, …_months, …_years) gives from that event; None where the law has none."""
    value = law.pack.value(parameter, start.on)
    if value is None:
        return None
    code, unit = parameter.rsplit("_", 1)
    last = LATER[unit](start.on, int(value))
    facts: dict[str, str | int | list[str]] = {"legal_event": start.kind, "since": start.on.isoformat()}
    return Clock(
        code=code,
        source=law.pack.source(parameter, start.on),
        starts_on=start.on,
        runs_out_on=on_a_working_day(last, law.calendar) if moved else last,
        item=start.item,
        procedure_id=start.procedure_id,
        why=(Reason("clock_since_event", facts),),
        is_waiting=waiting,
    )


def _met(clock: Clock, by: Seen | None) -> Clock:
    if by is None:
        return clock
    facts: dict[str, str | int | list[str]] = {"legal_event": by.kind, "on": by.on.isoformat()}
    return clock._replace(state=ClockState.MET, why=(*clock.why, Reason("clock_met", facts)))


def _of_order(law: Law) -> Iterator[Clock]:
    """The order must be served in time (CPC 1411); the service opens the debtor's month of opposition (CPC 1416)."""
    for order in _each(law.events, PAYMENT_ORDER):
        to_serve = _deadline(law, "payment_order_service_months", order)
        served = _service_of(law, order, to_serve)
        if to_serve is None:
            continue
        yield _met(to_serve, served)
        opposed = served and _deadline(law, "payment_order_opposition_months", served, waiting=True)
        if served and opposed:
            opposition = first_after(law.events, served, {"opposition"}, until=opposed.runs_out_on)
            yield _met(opposed, opposition)


def _service_of(law: Law, order: Seen, to_serve: Clock | None) -> Seen | None:
    return first_after(law.events, order, {"service"}, until=None if to_serve is None else to_serve.runs_out_on)


def services_of_orders(law: Law) -> frozenset[Seen]:
    """The services by which a payment order was brought to the debtor in time: each is the demand in court."""
    orders = _each(law.events, PAYMENT_ORDER)
    found = (_service_of(law, order, _deadline(law, "payment_order_service_months", order)) for order in orders)
    return frozenset(served for served in found if served is not None)


def _of_seizure(law: Law) -> Iterator[Clock]:
    """The debtor is told within days or the seizure is void (CPCE R211-3); then he has a month to contest (R211-11)."""
    for seizure in _each(law.events, THIRD_PARTY_SEIZURE):
        to_tell = _deadline(law, "third_party_seizure_notice_days", seizure)
        if to_tell is None:
            continue
        told = first_after(law.events, seizure, {"seizure_notice"}, until=to_tell.runs_out_on)
        yield _met(to_tell, told)
        contest = told and _deadline(law, "third_party_seizure_contest_months", told, waiting=True)
        if told and contest:
            yield _met(contest, first_after(law.events, told, {"seizure_contested"}, until=contest.runs_out_on))


def _of_insolvency(law: Law) -> Iterator[Clock]:
    """Our claim is declared within the time that the publication opens (C. com. L622-24, R622-24)."""
    for opened in _each(law.events, "insolvency_opened"):
        to_declare = _deadline(law, "insolvency_declaration_months", opened)
        if to_declare is not None:
            done = first_after(law.events, opened, {"insolvency_declared"}, until=to_declare.runs_out_on)
            yield _met(to_declare, done)


def _of_instance(law: Law) -> Iterator[Clock]:
    """A case in which nobody does anything lapses (CPC 386): from the last step that carried it on, prudently."""
    for begun in (*_each(law.events, "summons"), *_each(law.events, "opposition")):
        ended = first_after(law.events, begun, {"judgment", "title", "instance_ended", "action_failed"})
        steps = [e for e in law.events if e.kind == "diligence" and e.on >= begun.on and e.concerns(begun)]
        clock = _deadline(law, "instance_lapse_years", steps[-1] if steps else begun, moved=False)
        if clock is not None:
            yield _met(clock, ended)


def _of_title(law: Law) -> Iterator[Clock]:
    """A title can be enforced for years (CPCE L111-4), again from each act of enforcement before they are over."""
    versions = law.pack.parameters.get(TITLE_YEARS, ())
    for title in _one_of_each_procedure(law.events):
        since, why = title.on, Reason("clock_since_event", {"legal_event": title.kind, "since": title.on.isoformat()})
        found = end_of_limitation(versions, since)
        for act in law.events:
            if found is not None and act.kind in ENFORCES and since <= act.on <= found[0]:
                since, found = act.on, end_of_limitation(versions, act.on)
                why = Reason("clock_interrupted", {"legal_event": act.kind, "on": act.on.isoformat()})
        if found is not None:
            end, version = found
            yield Clock(TITLE, version.source, since, end, item=title.item, procedure_id=title.procedure_id, why=(why,))


def _of_service(law: Law) -> Iterator[Clock]:
    """What is served must be left to the debtor for some days before it is enforced (TN: CPCC 287)."""
    for served in _each(law.events, "service"):
        wait = _deadline(law, "service_before_enforcement_days", served, waiting=True, moved=False)
        if wait is not None:
            yield wait


CLOCKS: tuple[Rule, ...] = (_of_order, _of_seizure, _of_insolvency, _of_instance, _of_title, _of_service)


def _each(events: tuple[Seen, ...], kind: str) -> Iterator[Seen]:
    return (event for event in events if event.kind == kind)


def _one_of_each_procedure(events: tuple[Seen, ...]) -> list[Seen]:
    """A judgment is the title itself until one is named: the earlier of the two days counts, prudently."""
    first: dict[tuple[object, str], Seen] = {}
    for event in events:
        if event.kind in {"judgment", "title"}:
            first.setdefault((event.procedure_id, event.item), event)
    return list(first.values())
