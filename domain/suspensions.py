"""Suspension: nothing leaves until a person lifts it, or until its day; the clocks of people and of the law run on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.catalogue import Catalogue
from domain.claim import Claim, Suspension
from domain.effects import Changed, today
from domain.endings import keep_back_letters
from domain.events import Event
from domain.inbox import Entry, Outcome, Rule, day_or_none, refuse_when_closed
from domain.refusals import Refused


def _suspend(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    """A second suspension replaces the first. A letter that the printer has not taken does not leave either."""
    refuse_when_closed(claim)
    until, reason = day_or_none(entry.payload.get("until")), entry.payload["reason"]
    if until is not None and until <= today(claim, as_of):
        raise Refused("date_not_in_the_future", date=until.isoformat())
    event = Event("suspended", as_of, entry.author, {"until": entry.payload.get("until"), "reason": reason})
    suspended = replace(claim, suspended=Suspension(reason, until))
    return Changed(suspended, (event,)).then(keep_back_letters(suspended, as_of, reason="suspended")), {}


def _resume(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    """A hold by the debtor's legal situation is not lifted so: it ends with the situation."""
    if claim.suspended is None:
        if claim.hold is not None and claim.hold.stops_chasing:
            raise Refused("held", situation=claim.hold.situation)
        raise Refused("not_suspended")
    return Changed(replace(claim, suspended=None), (Event("resumed", as_of, entry.author),)), {}


FACTS: dict[str, Rule] = {}
REQUESTS: dict[str, Rule] = {"suspend": _suspend, "resume": _resume}
