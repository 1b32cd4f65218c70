"""Clocks of the law: the legal events that start, interrupt and end them, recorded and retracted, never deleted.

What runs is counted in domain/legal_clocks.py; who is warned stands in domain/clock_warnings.py.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.catalogue import Catalogue
from domain.claim import Claim, LegalEvent
from domain.effects import Changed
from domain.events import Event
from domain.inbox import Entry, Outcome, Rule, refuse_unknown_items
from domain.legal_facts import EVENTS
from domain.refusals import Refused


def _record(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    """{kind, on, item?, procedure?, comment?}: what happened in law. The same event twice is one."""
    body = entry.payload
    if body["kind"] not in EVENTS:
        raise Refused("unknown_legal_event", legal_event=body["kind"])
    item, procedure = body.get("item") or "", body.get("procedure")
    if item:
        refuse_unknown_items(claim, [item])
    if procedure and all(str(p.id) != procedure for p in claim.procedures):
        raise Refused("unknown_procedure")
    event = LegalEvent(
        id=claim.id_for("legal_event", entry.id),
        kind=body["kind"],
        on=date.fromisoformat(body["on"]),
        recorded_at=as_of,
        author=entry.author,
        item=item,
        procedure_id=UUID(procedure) if procedure else None,
        comment=body.get("comment") or "",
    )
    same = next((e for e in claim.legal_events if e.stands and _what(e) == _what(event)), None)
    if same is not None:
        return Changed(claim), {"outcome": "known", "id": str(same.id)}
    told = Event("legal_event_recorded", as_of, entry.author, _told(event))
    events = tuple(sorted((*claim.legal_events, event), key=lambda e: (e.on, e.recorded_at, str(e.id))))
    return Changed(replace(claim, legal_events=events), (told,)), {"outcome": "recorded", "id": str(event.id)}


def _retract(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    """{event_id, reason}: it was recorded by mistake. It stays readable and moves no clock any more."""
    event = next((e for e in claim.legal_events if str(e.id) == entry.payload["event_id"]), None)
    if event is None:
        raise Refused("no_such_legal_event")
    if not event.stands:
        raise Refused("retracted_already", by=event.retracted_by)
    reason = entry.payload["reason"]
    gone = replace(event, retracted_at=as_of, retracted_by=entry.author, retraction_reason=reason)
    events = tuple(gone if e.id == event.id else e for e in claim.legal_events)
    told = Event("legal_event_retracted", as_of, entry.author, {**_told(event), "comment": reason})
    return Changed(replace(claim, legal_events=events), (told,)), {"outcome": "retracted", "id": str(event.id)}


def _what(event: LegalEvent) -> tuple[str, date, str, UUID | None]:
    return event.kind, event.on, event.item, event.procedure_id


def _told(event: LegalEvent) -> dict[str, Any]:
    return {"legal_event": event.kind, "on": event.on.isoformat(), "items": [event.item] if event.item else []}


FACTS: dict[str, Rule] = {}
REQUESTS: dict[str, Rule] = {"record_legal_event": _record, "retract_legal_event": _retract}
