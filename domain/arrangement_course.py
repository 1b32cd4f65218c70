"""The course of an arrangement: what each day and each payment does to it. Start with `check` and `after_news`.

An instalment is missed only when its last day (due date and tolerance) has passed without its money; one that is caught
up by an earlier value date is not missed any more. What a day has done is marked, so that it is done once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from domain.arrangement_endings import breach, complete, reinstate, reopen, without_reminders
from domain.calendar import DAY, start_of_day
from domain.catalogue import Catalogue
from domain.claim import ActionState, Arrangement, Claim, Ending, Instalment, Origin, Stage
from domain.covered_items import ARRANGEMENT_STATUS, Came, bounced, came_for, held, owed_for, sum_of
from domain.effects import Changed, new_action, today, with_action
from domain.events import SYSTEM, Event
from domain.ground import Ground
from domain.instalments import came_in_time, missed, paid_of, tolerated
from domain.routing import choose_channel
from domain.statement import Statement, statement
from domain.steps import Reason, Step, StepKind
from domain.terms import ArrangementState

DUE_SOON, OVERDUE = "instalment_due", "instalment_missed"  # standard action types: the reminders before and after


def restart(claim: Claim, arrangement: Arrangement, came: tuple[Came, ...] = ()) -> Claim:
    """The items under the arrangement, to be looked at on the day of the first instalment that is not paid."""
    paid = paid_of(arrangement, came)
    open_ones = [i for i, part in zip(arrangement.instalments, paid, strict=True) if part < i.amount]
    next_one = (open_ones or arrangement.instalments[-1:])[0]
    return held(claim, arrangement.items, ARRANGEMENT_STATUS, next_one.due_on)


# ---- what follows from any news ----------------------------------------------------------------


def after_news(claim: Claim, catalogue: Catalogue, as_of: datetime) -> Changed:
    """Completed as soon as all is paid; a bounced or a backdated payment changes what was marked."""
    changed = Changed(claim)
    if not claim.arrangements or (claim.stage is Stage.CLOSED and claim.ending is not Ending.PAID):
        return changed
    now = statement(claim, today(claim, as_of))
    for arrangement in claim.arrangements:
        came = came_for(claim, now, arrangement.items, arrangement.payments_before)
        changed = changed.then(_after_news(changed.claim, catalogue, arrangement, came, now, as_of))
    return changed


def _after_news(
    claim: Claim,
    catalogue: Catalogue,
    arrangement: Arrangement,
    came: tuple[Came, ...],
    now: Statement,
    as_of: datetime,
) -> Changed:
    paid = sum_of(came, claim.currency)
    match arrangement.state:
        case ArrangementState.ACTIVE:
            if paid >= arrangement.total or not owed_for(now, arrangement.items):
                return complete(claim, catalogue, arrangement, paid, as_of)
            return _still_open(claim, _marks_undone(arrangement, came), came, as_of)
        case ArrangementState.COMPLETED:
            short = paid < arrangement.total - tolerated(arrangement)
            if short and bounced(claim, arrangement.payments_before, now.on):
                again = reopen(claim, arrangement, as_of)
                open_again = next(a for a in again.claim.arrangements if a.id == arrangement.id)
                return again.then(_still_open(again.claim, _marks_undone(open_again, came), came, as_of))
        case ArrangementState.BREACHED:
            in_time = _marks_undone(arrangement, came)
            ran_out = now.on > in_time.last_on(in_time.instalments[-1])
            if in_time != arrangement and missed(in_time) <= in_time.missed_allowed and not ran_out:
                again = reinstate(claim, in_time, as_of)
                if again.events:
                    return again.then(_still_open(again.claim, in_time, came, as_of))
    return Changed(claim)


def _still_open(claim: Claim, arrangement: Arrangement, came: tuple[Came, ...], as_of: datetime) -> Changed:
    """Its marks, its items' next day, and no reminder of what is paid."""
    active = replace(arrangement, state=ArrangementState.ACTIVE, ended_on=None)
    claim = restart(with_arrangement(claim, active), active, came)
    paid = paid_of(active, came)
    done = [n for n, (each, part) in enumerate(zip(active.instalments, paid, strict=True)) if part >= each.amount]
    return without_reminders(claim, active, as_of, reason="paid", only=done)


def _marks_undone(arrangement: Arrangement, came: tuple[Came, ...]) -> Arrangement:
    """A missed instalment whose money came in time after all, a settled one whose money went back: neither is marked."""
    instalments = tuple(
        replace(
            each,
            missed_on=None if each.missed_on and came_in_time(arrangement, came, n) else each.missed_on,
            settled_on=each.settled_on if each.settled_on and came_in_time(arrangement, came, n) else None,
        )
        for n, each in enumerate(arrangement.instalments)
    )
    return arrangement if instalments == arrangement.instalments else replace(arrangement, instalments=instalments)


# ---- its days ----------------------------------------------------------------------------------


def due(on: Ground) -> Iterator[Step]:
    """For each active arrangement the next of its days: a reminder before, one after, the last day of an instalment."""
    for arrangement in on.claim.arrangements:
        if arrangement.state is not ArrangementState.ACTIVE:
            continue
        came = came_for(on.claim, on.owed, arrangement.items, arrangement.payments_before)
        days = list(_days(arrangement, came))
        if days:
            day, what, n = min(days)
            yield _look(on, arrangement, day, what, n)


def _days(arrangement: Arrangement, came: tuple[Came, ...]) -> Iterator[tuple[date, str, int]]:
    """Days that have done nothing yet, each with what it is about and the instalment's place."""
    paid = paid_of(arrangement, came)
    for n, instalment in enumerate(arrangement.instalments):
        if paid[n] < instalment.amount:
            before = _remind_before_on(arrangement, instalment)
            if before is not None and instalment.reminded_before_on is None:
                yield before, "before", n
            after = _remind_after_on(arrangement, instalment)
            if after is not None and instalment.reminded_after_on is None:
                yield after, "after", n
        if instalment.missed_on is None and instalment.settled_on is None and _is_watched(arrangement, came, paid, n):
            yield arrangement.last_on(instalment) + DAY, "missed", n


def _is_watched(arrangement: Arrangement, came: tuple[Came, ...], paid: tuple[object, ...], n: int) -> bool:
    """Its last day decides, unless all of it is paid and in time; the last instalment's decides about the whole."""
    instalment = arrangement.instalments[n]
    return paid[n] != instalment.amount or not came_in_time(arrangement, came, n)


def _remind_before_on(arrangement: Arrangement, instalment: Instalment) -> date | None:
    """Not on the day of the agreement or before: the debtor knows."""
    day = instalment.due_on - timedelta(days=arrangement.remind_days_before)
    return day if arrangement.remind_days_before and day > arrangement.agreed_on else None


def _remind_after_on(arrangement: Arrangement, instalment: Instalment) -> date | None:
    days = arrangement.remind_days_after
    return instalment.due_on + timedelta(days=days) if days else None


def _look(on: Ground, arrangement: Arrangement, day: date, what: str, n: int) -> Step:
    instalment = arrangement.instalments[n]
    facts: dict[str, str | int | list[str]] = {
        "amount": str(instalment.amount),
        "currency": on.claim.currency,
        "due_on": instalment.due_on.isoformat(),
        "instalment": n + 1,
        "instalments": len(arrangement.instalments),
    }
    why = {
        "before": Reason("instalment_reminded_before", facts),
        "after": Reason("instalment_reminded_after", facts),
        "missed": Reason("instalment_last_day", {**facts, "days": arrangement.tolerance_days}),
    }[what]
    return Step(
        StepKind.CHECK,
        due_at=max(start_of_day(day, on.claim.time_zone), on.as_of),
        key=f"claim/{on.claim.number}/arrangement/{arrangement.id}/{n}/{what}",
        plan_kind="instalment",
        subject=f"arrangement/{arrangement.id}",
        due_on=day,
        why=(why,),
    )


def check(claim: Claim, catalogue: Catalogue, step: Step, as_of: datetime) -> Changed:
    """All that its days up to now bring: reminders, instalments missed or paid, and the end when the last day is over."""
    arrangement = next((a for a in claim.arrangements if f"arrangement/{a.id}" == step.subject), None)
    if arrangement is None or arrangement.state is not ArrangementState.ACTIVE:
        return Changed(claim)
    on = today(claim, as_of)
    came = came_for(claim, statement(claim, on), arrangement.items, arrangement.payments_before)
    changed = Changed(claim)
    for n in range(len(arrangement.instalments)):
        changed = changed.then(_reminded(changed.claim, catalogue, arrangement.id, came, n, as_of))
        changed = changed.then(_decided(changed.claim, arrangement.id, came, n, as_of))
    after = next(a for a in changed.claim.arrangements if a.id == arrangement.id)
    paid = sum_of(came, claim.currency)
    if missed(after) > after.missed_allowed:
        return changed.then(breach(changed.claim, catalogue, after, paid, as_of))
    if on <= after.last_on(after.instalments[-1]):
        return changed
    if paid >= after.total - tolerated(after):
        return changed.then(complete(changed.claim, catalogue, after, paid, as_of))
    return changed.then(breach(changed.claim, catalogue, after, paid, as_of))


def _reminded(
    claim: Claim, catalogue: Catalogue, arrangement_id: object, came: tuple[Came, ...], n: int, as_of: datetime
) -> Changed:
    """The reminders whose day has come, once each; the one before is of no use after the due date."""
    on = today(claim, as_of)
    arrangement = next(a for a in claim.arrangements if a.id == arrangement_id)
    instalment = arrangement.instalments[n]
    if paid_of(arrangement, came)[n] >= instalment.amount:
        return Changed(claim)
    before, after = _remind_before_on(arrangement, instalment), _remind_after_on(arrangement, instalment)
    if before is not None and before <= on and instalment.reminded_before_on is None:
        instalment = replace(instalment, reminded_before_on=on)
        if on <= instalment.due_on:
            claim = _plan_reminder(claim, catalogue, arrangement, instalment, n, DUE_SOON, on)
    if after is not None and after <= on and instalment.reminded_after_on is None:
        instalment = replace(instalment, reminded_after_on=on)
        claim = _plan_reminder(claim, catalogue, arrangement, instalment, n, OVERDUE, on)
    return Changed(with_arrangement(claim, _with_instalment(arrangement, n, instalment)))


def _decided(claim: Claim, arrangement_id: object, came: tuple[Came, ...], n: int, as_of: datetime) -> Changed:
    """An instalment whose last day is over: paid in time, or missed."""
    on = today(claim, as_of)
    arrangement = next(a for a in claim.arrangements if a.id == arrangement_id)
    instalment = arrangement.instalments[n]
    if on <= arrangement.last_on(instalment) or instalment.missed_on or instalment.settled_on:
        return Changed(claim)
    if came_in_time(arrangement, came, n):
        settled = replace(instalment, settled_on=on)
        return Changed(with_arrangement(claim, _with_instalment(arrangement, n, settled)))
    facts = {
        "amount": str(instalment.amount),
        "received": str(paid_of(arrangement, came)[n]),
        "currency": claim.currency,
        "due_on": instalment.due_on.isoformat(),
        "instalment": n + 1,
        "instalments": len(arrangement.instalments),
    }
    gone = _with_instalment(arrangement, n, replace(instalment, missed_on=on))
    return Changed(with_arrangement(claim, gone), (Event("instalment_missed", as_of, SYSTEM, facts),))


def _plan_reminder(
    claim: Claim,
    catalogue: Catalogue,
    arrangement: Arrangement,
    instalment: Instalment,
    n: int,
    action_type: str,
    on: date,
) -> Claim:
    """An action that the planner takes at the next sending hours; none where the catalogue has no such action type."""
    kind = catalogue.action_types.get(action_type)
    if kind is None or not kind.active:
        return claim
    claim, action = new_action(
        claim,
        catalogue,
        action_type,
        choose_channel(claim.debtor, kind.channels)[0] or kind.channels[0],
        mode=kind.mode,
        state=ActionState.PLANNED,
        author="",
        starts_on=on,
        planned_on=on,
        due_on=instalment.due_on,
        subject=f"arrangement/{arrangement.id}/{n}",
    )
    return with_action(claim, replace(action, origin=Origin.PROMISE))


def _with_instalment(arrangement: Arrangement, n: int, instalment: Instalment) -> Arrangement:
    parts = arrangement.instalments
    return replace(arrangement, instalments=(*parts[:n], instalment, *parts[n + 1 :]))


def with_arrangement(claim: Claim, arrangement: Arrangement) -> Claim:
    return replace(claim, arrangements=tuple(arrangement if a.id == arrangement.id else a for a in claim.arrangements))
