"""Which scenario step comes next and when it leaves: sending days and hours, spacing, minimum, catching up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from domain.calendar import (
    first_sending_day,
    is_sending_day,
    local_day,
    next_sending_instant,
    opening_instant,
    sending_instant,
)
from domain.claim import Mode, TaskKind
from domain.contacts import capped
from domain.ground import CONTACT, Ground, last_contact_on, left_out
from domain.routing import choose_channel, way_out
from domain.scenario_steps import Candidate, remaining, why_then
from domain.steps import Decided, HeldBack, Reason, Step, StepKind

MODE_REASON = {Mode.AUTOMATIC: "step_automatic", Mode.TO_CONFIRM: "step_to_confirm", Mode.MANUAL: "step_manual"}


class Departure(NamedTuple):
    """A step with its instant; `held` are the rules that moved it beyond its own day, with that day."""

    candidate: Candidate
    at: datetime
    day: date
    passes_over: tuple[int, ...] = ()
    held: tuple[Reason, ...] = ()
    overtaken: tuple[Departure, ...] = ()  # steps whose day has come, held so long that a further one fits the age


def next_of_scenario(on: Ground) -> Decided:
    """The next scenario step, due now or later; a WAIT without a date when the scenario has nothing to do."""
    candidates, held = remaining(on)
    if not candidates:
        waits = Step(StepKind.WAIT, waiting_for="nothing", why=(_nothing_to_do(on, held),))
        return Decided(waits, (*held, *left_out(on, waits)))
    departure = _depart(on, candidates)
    if departure is None:
        candidate = candidates[0]
        asleep = Step(StepKind.WAIT, waiting_for="nothing", why=(_below_minimum(on),))
        kept_back = HeldBack(_planned(candidate, candidate.day, None), None, asleep.why)
        return Decided(asleep, (kept_back, *held, *left_out(on, asleep)))
    step = _step(on, departure)
    before = [found for found in held if (found.step.scenario_step or 0) < departure.candidate.index]
    before += [HeldBack(_planned(each.candidate, each.day, None), each.day, each.held) for each in departure.overtaken]
    if departure.held and departure.candidate.day <= on.today:
        before.append(HeldBack(step, departure.day, departure.held))
    return Decided(step, (*before, *left_out(on, step)))


def _depart(on: Ground, candidates: Sequence[Candidate]) -> Departure | None:
    """The last step whose day has come when something may leave; those before it are passed over.

    Waiting (for the spacing, a sending day, an amount) may let a further step fall due: then that one fits the age.
    """
    chosen = candidates[0]
    overtaken: tuple[Departure, ...] = ()
    while True:
        departure = _departure_of(on, chosen)
        if departure is None:
            return None
        fits = _fitting(on, candidates, departure.at)
        if fits.index <= chosen.index:
            passed = tuple(candidate.index for candidate in candidates if candidate.index < chosen.index)
            return departure._replace(passes_over=passed, overtaken=overtaken) if passed else departure
        if departure.held and chosen.day <= on.today < fits.day:
            overtaken = (*overtaken, departure)
        chosen = fits


def _fitting(on: Ground, candidates: Sequence[Candidate], at: datetime) -> Candidate:
    """The step that fits the age at an instant: of the latest day that has come, the first in order.

    One that counts from the step before it never fits while that step is still to come: it has no day of its own yet.
    """
    scenario, zone = on.catalogue.scenario, on.claim.time_zone
    fits = candidates[0]
    for candidate in candidates[1:]:
        waits = candidate.step.after == "previous_step"
        if not waits and candidate.day > fits.day and opening_instant(candidate.day, scenario, zone) <= at:
            fits = candidate
    return fits


def _departure_of(on: Ground, candidate: Candidate) -> Departure | None:
    """When this step leaves; None while what it would ask stays nothing or below the scenario's minimum."""
    scenario, calendar, claim = on.catalogue.scenario, on.catalogue.calendar, on.claim
    held: list[Reason] = []
    day = candidate.day
    spaced = _spacing(on, candidate)
    if spaced is not None and spaced[0] > max(day, on.today):
        day = first_sending_day(spaced[0], scenario, calendar)
        held.append(spaced[1])
    enough = on.asks_enough_from(max(day, on.today), scenario.minimum_amount, _ahead(candidate))
    if enough is None:
        return None
    if enough > max(day, on.today):
        day = first_sending_day(enough, scenario, calendar)
        held.append(_below_minimum(on))
    over = capped(on, max(day, on.today)) if _is_contact(candidate) else None
    if over is not None:
        day = over[0]
        held.append(over[1])
    at = sending_instant(day, claim.number, scenario, claim.time_zone)
    if at < on.as_of:
        at = next_sending_instant(on.as_of, claim.number, scenario, calendar, claim.time_zone)
    return Departure(candidate, at, day, held=tuple(held))


def _spacing(on: Ground, candidate: Candidate) -> tuple[date, Reason] | None:
    """The first day on which the debtor may be contacted again."""
    days = on.catalogue.scenario.minimum_days_between_contacts
    if days <= 0 or not _is_contact(candidate):
        return None
    last = last_contact_on(on)
    if last is None:
        return None
    until = last + timedelta(days=days)
    return until, Reason("spacing", {"last_contact_on": last.isoformat(), "days": days, "until": until.isoformat()})


def _is_contact(candidate: Candidate) -> bool:
    """Whether the debtor is contacted by it, by whichever of its channels."""
    return not CONTACT.isdisjoint(candidate.step.channels or candidate.kind.channels)


def _step(on: Ground, departure: Departure) -> Step:
    """The step as it will be taken, with every rule that made it so."""
    candidate = departure.candidate
    channel, by = choose_channel(on.claim.debtor, candidate.step.channels or candidate.kind.channels)
    why = [why_then(on, candidate), *_moved(on, departure), *departure.held]
    if departure.passes_over:
        why.append(Reason("catching_up", {"steps": [str(index + 1) for index in departure.passes_over]}))
    why.append(_asked(on, candidate, local_day(departure.at, on.claim.time_zone)))
    if channel is None:
        return _find_address(on, _planned(candidate, departure.day, departure.at), (*why, by))
    kind, task_kind = way_out(candidate.step.mode, channel)
    return Step(
        kind,
        due_at=departure.at,
        key=on.claim.key(on.claim.sequence + 1 + len(departure.passes_over)),
        action_type=candidate.step.action_type,
        scenario_step=candidate.index,
        due_on=departure.day,
        mode=candidate.step.mode,
        channel=channel,
        task_kind=task_kind,
        passes_over=departure.passes_over,
        why=(*why, by, Reason(MODE_REASON[candidate.step.mode], {"step": candidate.index})),
    )


def _find_address(on: Ground, planned: Step, why: tuple[Reason, ...]) -> Step:
    """A person looks for the address, once; the step itself goes on when there is one."""
    if any(task.kind is TaskKind.FIND_ADDRESS for task in on.open_tasks):
        return Step(StepKind.WAIT, waiting_for="person", why=why)
    return replace(
        planned,
        kind=StepKind.ASK,
        task_kind=TaskKind.FIND_ADDRESS.value,
        key=on.claim.key(on.claim.sequence + 1),
        action_type="find_address",
        mode=Mode.MANUAL,
        why=why,
    )


def _planned(
    candidate: Candidate, day: date, at: datetime | None, *, kind: StepKind = StepKind.WAIT, **taken: Any
) -> Step:
    """The step on its day; `taken` are the fields of one that is carried out."""
    return Step(
        kind,
        due_at=at,
        action_type=candidate.step.action_type,
        scenario_step=candidate.index,
        due_on=day,
        mode=candidate.step.mode,
        waiting_for="date",
        **taken,
    )


def _moved(on: Ground, departure: Departure) -> list[Reason]:
    """What moved the departure: a day without sending, a missed day, the sending hours."""
    candidate, scenario = departure.candidate, on.catalogue.scenario
    reasons: list[Reason] = []
    if candidate.day != candidate.nominal:
        facts: dict[str, str | int | list[str]] = {
            "from": candidate.nominal.isoformat(),
            "to": candidate.day.isoformat(),
        }
        reasons.append(Reason("moved_to_sending_day", facts))
    leaves_on = local_day(departure.at, on.claim.time_zone)
    if departure.day < on.today:
        reasons.append(Reason("late", {"due_on": departure.day.isoformat(), "leaves_on": leaves_on.isoformat()}))
    if departure.day <= on.today and (
        leaves_on > on.today or not is_sending_day(on.today, scenario, on.catalogue.calendar)
    ):
        opens, closes = (hour.strftime("%H:%M") for hour in scenario.sending_hours)
        reasons.append(
            Reason("held_to_sending_hours", {"opens": opens, "closes": closes, "leaves_on": leaves_on.isoformat()})
        )
    return reasons


def _ahead(candidate: Candidate) -> int:
    """A step before the due date asks what comes due within its days."""
    return max(0, -candidate.step.days) if candidate.step.after == "due_date" else 0


def _asked(on: Ground, candidate: Candidate, day: date) -> Reason:
    ahead = _ahead(candidate)
    amount, items = on.asked(day, ahead)
    facts: dict[str, str | int | list[str]] = {
        "amount": f"{amount:f}",
        "currency": on.claim.currency,
        "items": items,
    }
    return Reason("coming_due" if ahead else "amount_due", facts)


def _below_minimum(on: Ground) -> Reason:
    facts: dict[str, str | int | list[str]] = {
        "amount": f"{on.asked(on.today)[0]:f}",
        "minimum": f"{on.catalogue.scenario.minimum_amount:f}",
        "currency": on.claim.currency,
    }
    return Reason("minimum_amount", facts)


def _nothing_to_do(on: Ground, held: Sequence[HeldBack]) -> Reason:
    if on.leading is None:
        return Reason("nothing_to_chase", {"amount": str(on.owed.balance_due), "currency": on.claim.currency})
    steps = len(on.catalogue.scenario.steps)
    return Reason("scenario_finished", {"scenario": on.claim.scenario, "steps": steps, "left_out": len(held)})
