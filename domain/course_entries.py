"""Entries about the course of a claim: opening, notes, decisions, suspension, closure, who collects it, its scenario."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.catalogue import Catalogue
from domain.claim import Claim, Ending, Suspension
from domain.decisions import decide
from domain.effects import Changed, today, with_action
from domain.events import Event
from domain.inbox import Entry, Outcome, Rule, day_or_none, refuse_when_closed
from domain.refusals import Refused
from domain.scenario_moves import moved
from domain.statement import statement
from domain.statuses import with_status


def _opened(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    events = [Event("claim_opened", as_of, entry.author, {"items": len(claim.items)})]
    if claim.takeover is not None:
        facts = {"stage": claim.takeover.stage.value, "last_action_type": claim.takeover.last_action_type}
        events.append(Event("taken_over", as_of, entry.author, facts))
    return Changed(claim, tuple(events)), {}


def _note_added(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    text, on_action = entry.payload["text"], entry.payload.get("action")
    if not on_action:
        return Changed(claim, (Event("note_added", as_of, entry.author, {"text": text}),)), {}
    action = next((a for a in claim.actions if str(a.id) == str(on_action)), None)
    if action is None:
        raise Refused("unknown_action")
    note = {"text": text, "author": entry.author, "at": as_of.isoformat()}
    event = Event("note_added", as_of, entry.author, {"text": text}, action.id)
    return Changed(with_action(claim, replace(action, notes=(*action.notes, note))), (event,)), {}


def _debtor_changed(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    event = Event("debtor_changed", as_of, entry.author, {"fields": list(entry.payload.get("fields") or ())})
    return Changed(claim, (event,)), {}


def _decide(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    changed, outcome = decide(claim, entry.payload, entry.author, catalogue, as_of)
    statuses = entry.payload.get("statuses")
    if statuses:  # a call qualifies the items in the same act
        for status in statuses:
            changed = changed.then(with_status(changed.claim, status, entry.author, catalogue, as_of))
    return changed, outcome


def _suspend(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    refuse_when_closed(claim)
    until = day_or_none(entry.payload.get("until"))
    if until is not None and until <= today(claim, as_of):
        raise Refused("date_not_in_the_future", date=until.isoformat())
    suspended = Suspension(entry.payload["reason"], until)
    event = Event("suspended", as_of, entry.author, {"until": entry.payload.get("until")})
    return Changed(replace(claim, suspended=suspended), (event,)), {}


def _resume(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    if claim.suspended is None:
        raise Refused("not_suspended")
    return Changed(replace(claim, suspended=None), (Event("resumed", as_of, entry.author),)), {}


def _close(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    refuse_when_closed(claim)
    owed = statement(claim, today(claim, as_of)).balance_due
    if entry.payload["ending"] == Ending.PAID and owed.amount > 0:
        raise Refused("still_owed", amount=str(owed.amount), currency=claim.currency)
    event = Event("closure_asked", as_of, entry.author, {"ending": entry.payload["ending"]})
    return Changed(replace(claim, closing=Ending(entry.payload["ending"])), (event,)), {}


def _assign(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    collector = entry.payload["collector"]
    tasks = tuple(
        replace(t, assignee=collector) if t in claim.open_tasks and t.role == "collector" else t for t in claim.tasks
    )
    event = Event("assigned", as_of, entry.author, {"collector": collector})
    return Changed(replace(claim, collector=collector, tasks=tasks), (event,)), {}


def _move_scenario(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    """Proposals that the new version has no step for go; it is planned with at once, what was taken is not repeated."""
    refuse_when_closed(claim)
    code, version = entry.payload["scenario"], int(entry.payload["version"])
    target = catalogue.moving_to
    if target is None or (target.code, target.version) != (code, version):
        raise Refused("unknown_scenario", scenario=code, version=version)
    if (claim.scenario, claim.scenario_version) == (code, version):
        raise Refused("same_scenario", scenario=code, version=version)
    return moved(claim, target, as_of, entry.author), {"scenario": code, "version": version}


FACTS: dict[str, Rule] = {"opened": _opened, "note_added": _note_added, "debtor_changed": _debtor_changed}
REQUESTS: dict[str, Rule] = {
    "decide": _decide,
    "suspend": _suspend,
    "resume": _resume,
    "close": _close,
    "assign": _assign,
    "move_scenario": _move_scenario,
}
