"""Entries about the course of a claim: opening, notes, decisions, who collects it, its scenario."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from domain.agents import came_back
from domain.catalogue import Catalogue
from domain.claim import Claim
from domain.decisions import decide
from domain.effects import Changed, action_of, with_action
from domain.events import Event
from domain.guarantees import with_guarantees
from domain.inbox import Entry, Outcome, Rule, refuse_when_closed
from domain.refusals import Refused
from domain.returned_mail import handled
from domain.scenario_moves import moved
from domain.statuses import followed_up, with_status


def _opened(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    """From the start as it goes on: what came with a status gets that status' follow-up, as if a person had given it."""
    claim = with_guarantees(claim, entry, as_of)
    events = [Event("claim_opened", as_of, entry.author, {"items": len(claim.items)})]
    if claim.takeover is not None:
        facts = {"stage": claim.takeover.stage.value, "last_action_type": claim.takeover.last_action_type}
        events.append(Event("taken_over", as_of, entry.author, facts))
    opened = Changed(claim, tuple(events))
    return opened.then(followed_up(claim, [i.reference for i in claim.items], entry.author, catalogue, as_of)), {}


def _note_added(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    text, on_action = entry.payload["text"], entry.payload.get("action")
    if not on_action:
        return Changed(claim, (Event("note_added", as_of, entry.author, {"text": text}),)), {}
    action = next((a for a in claim.actions if str(a.id) == str(on_action)), None)
    if action is None:
        raise Refused("unknown_action")
    note = {"text": text, "author": entry.author, "at": as_of.isoformat()}
    event = Event("note_added", as_of, entry.author, {"text": text}, action.id)
    noted = Changed(with_action(claim, replace(action, notes=(*action.notes, note))), (event,))
    return noted.then(came_back(noted.claim, catalogue, action_of(noted.claim, action.id), as_of)), {}


def _document_attached(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    """A file of a person's: a deed on an action means that its agent came back, a cost gets its document."""
    body = entry.payload
    if body.get("cost"):
        document = UUID(body["document"])
        costs = tuple(replace(c, document_id=document) if str(c.id) == body["cost"] else c for c in claim.costs)
        claim = replace(claim, costs=costs)
    action = next((a for a in claim.actions if str(a.id) == body.get("action")), None)
    return Changed(claim) if action is None else came_back(claim, catalogue, action, as_of), {}


def _debtor_changed(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    fields = list(entry.payload.get("fields") or ())
    event = Event("debtor_changed", as_of, entry.author, {"fields": fields})
    if claim.returned and not entry.payload.get("because"):  # a mark that a return itself left is no answer to it
        claim = handled(claim, frozenset(fields), as_of)
    return Changed(claim, (event,)), {}


def _decide(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    changed, outcome = decide(claim, entry.payload, entry.author, catalogue, as_of)
    statuses = entry.payload.get("statuses")
    if statuses:  # a call qualifies the items in the same act
        for status in statuses:
            changed = changed.then(with_status(changed.claim, status, entry.author, catalogue, as_of))
    return changed, outcome


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


FACTS: dict[str, Rule] = {
    "opened": _opened,
    "note_added": _note_added,
    "debtor_changed": _debtor_changed,
    "document_attached": _document_attached,
}
REQUESTS: dict[str, Rule] = {
    "decide": _decide,
    "assign": _assign,
    "move_scenario": _move_scenario,
}
