"""What one plan stands on: the claim, the catalogue, the instant, and what may be asked. Built once by the planner."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from domain.allocation import ZERO
from domain.calendar import local_day, zone
from domain.catalogue import Catalogue
from domain.claim import Action, Channel, Claim, Item, Stage, Task
from domain.contact_law import within_the_law
from domain.statement import Line, Statement, statement
from domain.steps import HeldBack, Reason, Step
from domain.terms import ArrangementState

CONTACT = frozenset(
    {Channel.EMAIL, Channel.LETTER, Channel.REGISTERED_LETTER, Channel.SMS, Channel.CALL, Channel.VISIT}
)
A_YEAR = timedelta(days=366)
WHY_OFF_SCENARIO = {
    "promise": "promised",
    "dispute": "disputed",
    "litigation": "in_litigation",
    "specific_action": "specific_action",
    "excluded": "excluded",
}


class Ground(NamedTuple):
    """Amounts are in the claim's currency; `today` is the claim's own date."""

    claim: Claim
    catalogue: Catalogue
    as_of: datetime
    today: date
    owed: Statement
    chased: tuple[Line, ...]  # what the scenario may ask, oldest due date first
    off: tuple[Line, ...]  # promised, disputed, in litigation, excluded...: still owed, not asked
    undated: tuple[Line, ...]  # no due date: an anomaly, never chased
    ignored: tuple[Line, ...]  # smaller than what the scenario asks for at all
    open_actions: tuple[Action, ...]  # without an outcome yet
    open_tasks: tuple[Task, ...]

    @property
    def leading(self) -> Item | None:
        """The oldest item that may be asked, due or to come."""
        return self.chased[0].item if self.chased else None

    def local(self, instant: datetime) -> str:
        """The instant as the claim's people read it, to the minute, with its offset."""
        return instant.astimezone(zone(self.claim.time_zone)).isoformat(timespec="minutes")

    def asked(self, on: date, ahead: int = 0) -> tuple[Decimal, list[str]]:
        """What a letter of that day would ask, and for which items; `ahead` days before the due date count too."""
        until = on + timedelta(days=ahead)
        lines = [line for line in self.chased if _due(line) <= until]
        return sum([line.owed.amount for line in lines], ZERO), [line.item.reference for line in lines]

    def asks_enough_from(self, on: date, least: Decimal, ahead: int = 0) -> date | None:
        """The first day, from `on`, when what is asked is something and reaches `least`; None when it never does."""
        asked, found = ZERO, None
        for n, line in enumerate(self.chased):
            asked += line.owed.amount
            if asked > 0 and asked >= least:
                found = max(on, _due(line) - timedelta(days=ahead))
                if n == 0:
                    return found
                break
        if not self.claim.terms.by_kind or not self.chased:
            return found
        return self._grown_from(on, least, found or max(on, _due(self.chased[-1])) + A_YEAR, ahead) or found

    def _grown_from(self, on: date, least: Decimal, last: date, ahead: int) -> date | None:
        """The first day up to `last` on which interest and indemnities to come have made it enough."""
        first = on
        if self._will_ask(last, ahead) < least:
            return None
        while first < last:
            between = first + (last - first) // 2
            if self._will_ask(between, ahead) >= least:
                last = between
            else:
                first = between + timedelta(days=1)
        return first

    def _will_ask(self, on: date, ahead: int) -> Decimal:
        then, until = statement(self.claim, on), on + timedelta(days=ahead)
        return sum((then.owed(line.item.id).amount for line in self.chased if _due(line) <= until), ZERO)


def ground(claim: Claim, catalogue: Catalogue, as_of: datetime) -> Ground:
    today = local_day(as_of, claim.time_zone)
    if (debtor := claim.debtor.on(today)) is not claim.debtor:  # an address whose validity has a limit
        claim = replace(claim, debtor=debtor)
    catalogue = within_the_law(catalogue, claim.country, today)
    owed = statement(claim, today)
    chased, off, undated, ignored = [], [], [], []
    least = catalogue.scenario.ignore_items_below
    for line in owed.lines:
        if line.owed.amount <= 0:
            continue
        if is_off(line.item, claim.stage):
            off.append(line)
        elif line.item.due_on is None:
            undated.append(line)
        elif line.owed.amount >= least:
            chased.append(line)
        else:
            ignored.append(line)
    if len(chased) > 1:
        chased.sort(key=lambda line: (_due(line), line.item.position))
    return Ground(
        claim,
        catalogue,
        as_of,
        today,
        owed,
        tuple(chased),
        tuple(off),
        tuple(undated),
        tuple(ignored),
        open_actions=tuple([action for action in claim.actions if action.outcome is None]),
        open_tasks=claim.open_tasks,
    )


def left_out(on: Ground, step: Step) -> list[HeldBack]:
    """The items that the next step leaves out, and why: one entry for each rule."""
    if not (on.off or on.undated or on.ignored):
        return []
    held = []
    for category, code in WHY_OFF_SCENARIO.items():
        lines = [line for line in on.off if line.item.off_scenario == category]
        if category == "promise":
            agreed = [line for line in lines if _in_instalments(on.claim, line)]
            held += [_held_items(on, step, "in_instalments", agreed)] if agreed else []
            lines = [line for line in lines if line not in agreed]
        if lines:
            held.append(_held_items(on, step, code, lines))
    if on.undated:
        held.append(_held_items(on, step, "no_due_date", list(on.undated)))
    if on.ignored:
        held.append(_held_items(on, step, "item_too_small", list(on.ignored)))
    return held


def _in_instalments(claim: Claim, line: Line) -> bool:
    """An arrangement keeps its items off the scenario as a promise does, with days of its own."""
    active = (a for a in claim.arrangements if a.state is ArrangementState.ACTIVE)
    return any(line.item.reference in arrangement.items for arrangement in active)


def last_contact_on(on: Ground) -> date | None:
    """The day the debtor was last contacted, by us or where the claim was collected before."""
    reached = [a.done_at for a in on.claim.actions if a.done_at and a.reached and _reached_debtor(on, a)]
    latest = max(reached) if reached else None
    day = None if latest is None else local_day(latest, on.claim.time_zone)
    before = on.claim.takeover.last_action_on if on.claim.takeover else None
    return max((known for known in (day, before) if known is not None), default=None)


def _reached_debtor(on: Ground, action: Action) -> bool:
    """What goes to a bailiff or a lawyer is no contact with the debtor."""
    kind = on.catalogue.action_types.get(action.action_type)
    return action.channel in CONTACT and not (kind is not None and kind.is_for_agent)


def _held_items(on: Ground, step: Step, code: str, lines: list[Line]) -> HeldBack:
    amount = sum((line.owed.amount for line in lines), ZERO)
    facts: dict[str, str | int | list[str]] = {
        "items": [line.item.reference for line in lines],
        "amount": f"{amount:f}",
        "currency": on.claim.currency,
    }
    promised = [line.item.promised_on for line in lines if line.item.promised_on]
    until = min(promised) if code == "promised" and promised else None
    if until is not None:
        facts["promised_on"] = until.isoformat()
    if code == "item_too_small":
        facts["minimum"] = f"{on.catalogue.scenario.ignore_items_below:f}"
    if code == "specific_action":
        of_items = {line.item.specific_action for line in lines}
        facts["actions"] = sorted({a.action_type for a in on.claim.actions if a.id in of_items})
    return HeldBack(step, until, (Reason(code, facts),))


def may_be_asked(item: Item, stage: Stage) -> bool:
    """Whether the debtor may be asked for it by an action of its own: its specific action is what asks for it."""
    why = item.off_scenario
    return not item.excluded and (why in (None, "specific_action") or not is_off(item, stage))


def is_off(item: Item, stage: Stage) -> bool:
    """Items in litigation are what a claim in litigation is about."""
    why = item.off_scenario
    return why is not None and not (why == "litigation" and stage in {Stage.LITIGATION, Stage.ENFORCEMENT})


def _due(line: Line) -> date:
    assert line.item.due_on is not None  # noqa: S101  undated items are kept apart
    return line.item.due_on
