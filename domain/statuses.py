"""Statuses of items: what a person says of an invoice, its follow-up date, and what takes it off the scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from domain.catalogue import Catalogue, Status
from domain.claim import Claim, StatusCategory
from domain.effects import Changed, today, with_action
from domain.events import Event
from domain.follow_ups import move_follow_ups, plan_follow_up, set_aside, specific_action_of
from domain.inbox import Entry, Outcome, Rule, day_or_none, days_later, refuse_unknown_items, refuse_when_closed
from domain.refusals import Refused


def _give_status(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    refuse_when_closed(claim)
    changed = with_status(claim, entry.payload, entry.author, catalogue, as_of)
    given = next(item for item in changed.claim.items if item.reference in entry.payload["items"])
    follow_up_on = given.follow_up_on.isoformat() if given.follow_up_on else None
    return changed, {"status": given.status, "follow_up_on": follow_up_on}


def with_status(claim: Claim, body: Mapping[str, Any], author: str, catalogue: Catalogue, as_of: datetime) -> Changed:
    """The items with this status, their follow-up planned in place of the one they had.

    `body`: items, status, comment?, follow_up_on?, promised_on? (ISO days). Raises Refused: unknown_status, unknown_item.
    A promise date stays on the items: what becomes of the promise itself is for domain/promises.py.
    """
    status = catalogue.statuses.get(body["status"])
    if status is None or not status.active:
        raise Refused("unknown_status", status=body["status"])
    items = tuple(dict.fromkeys(body["items"]))
    refuse_unknown_items(claim, list(items))
    qualified = qualify(claim, status, items, author, as_of, body)
    planned_on = _planned_on(claim, catalogue, status, body, as_of)
    if planned_on is None:
        return qualified
    planned, follow_up = plan_follow_up(qualified.claim, catalogue, status, items, planned_on)
    if follow_up is not None and status.category is StatusCategory.PROMISE:
        planned = with_action(planned, replace(follow_up, decided_by=author))  # whose word the promise is
    return qualified.then(Changed(planned))


def followed_up(claim: Claim, items: Sequence[str], author: str, catalogue: Catalogue, as_of: datetime) -> Changed:
    """Items that came with a status (an import says: disputed) get its follow-up; one that the catalogue lost has none."""
    changed = Changed(claim)
    given = [item for item in claim.items if item.status and item.reference in items and item.follow_up_on is None]
    for code in dict.fromkeys(item.status for item in given):
        status = catalogue.statuses.get(code or "")
        if status is not None and status.active:
            body = {"items": [item.reference for item in given if item.status == code], "status": code}
            changed = changed.then(with_status(changed.claim, body, author, catalogue, as_of))
    return changed


def qualify(
    claim: Claim, status: Status, items: Sequence[str], author: str, as_of: datetime, body: Mapping[str, Any]
) -> Changed:
    """The items with this status and its dates, without any follow-up; the ones they had are withdrawn."""
    promised_on = day_or_none(body.get("promised_on"))
    follow_up_on = follow_up_day(claim, status, body, as_of)
    free = set_aside(claim, items, as_of, reason="other_status")
    given: dict[str, Any] = {
        "status": status.code,
        "status_category": status.category,
        "comment": body.get("comment") or "",
        "promised_on": promised_on,
        "follow_up_on": follow_up_on,
    }
    after = tuple(replace(item, **given) if item.reference in items else item for item in free.claim.items)
    facts = {"status": status.code, "items": list(items), "follow_up_on": follow_up_on.isoformat()}
    return free.then(Changed(replace(free.claim, items=after), (Event("status_given", as_of, author, facts),)))


def follow_up_day(claim: Claim, status: Status, body: Mapping[str, Any], as_of: datetime) -> date:
    """The day a person gave, else the promise's, else now + the status' follow-up days."""
    given = day_or_none(body.get("follow_up_on")) or day_or_none(body.get("promised_on"))
    return given or days_later(claim, as_of, status.follow_up_days)


def _planned_on(
    claim: Claim, catalogue: Catalogue, status: Status, body: Mapping[str, Any], as_of: datetime
) -> date | None:
    """The follow-up's day, which is the item's; a stage is proposed at once, for until then nothing would be done.

    None: no follow-up days and no action of its own are nothing to come back to.
    """
    on = follow_up_day(claim, status, body, as_of)
    specific = specific_action_of(claim, catalogue, status)
    if specific is None:
        dated = status.follow_up_days > 0 or body.get("follow_up_on") or body.get("promised_on")
        return on if dated else None
    at_once = status.category is StatusCategory.LITIGATION and specific.proposes and not body.get("follow_up_on")
    return today(claim, as_of) if at_once else on


def _change_follow_up(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    """Another date (and comment) for items that have a status; without an open follow-up, a new one is planned."""
    refuse_when_closed(claim)
    items, on = tuple(dict.fromkeys(entry.payload["items"])), date.fromisoformat(entry.payload["follow_up_on"])
    refuse_unknown_items(claim, list(items))
    bare = [item.reference for item in claim.items if item.reference in items and item.status is None]
    if bare:
        raise Refused("no_status", items=bare)
    claim, moved = move_follow_ups(claim, items, on, as_of)
    changed = Changed(claim).then(set_aside(claim, set(items) - moved, as_of, reason="other_date"))
    for code in dict.fromkeys(i.status for i in claim.items if i.reference in items and i.reference not in moved):
        alike = [i.reference for i in claim.items if i.reference in set(items) - moved and i.status == code]
        status = catalogue.statuses.get(code or "")
        if status is not None:
            changed = changed.then(Changed(plan_follow_up(changed.claim, catalogue, status, alike, on)[0]))
    comment = entry.payload.get("comment")
    after = tuple(
        replace(i, follow_up_on=on, comment=i.comment if comment is None else comment) if i.reference in items else i
        for i in changed.claim.items
    )
    event = Event("follow_up_changed", as_of, entry.author, {"items": list(items), "follow_up_on": on.isoformat()})
    return changed.then(Changed(replace(changed.claim, items=after), (event,))), {"follow_up_on": on.isoformat()}


def _exclude(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    """Owed, and never asked for while it is excluded."""
    refuse_when_closed(claim)
    items, excluded = list(dict.fromkeys(entry.payload["items"])), bool(entry.payload["excluded"])
    refuse_unknown_items(claim, items)
    after = tuple(replace(i, excluded=excluded) if i.reference in items else i for i in claim.items)
    facts = {"items": items, "note": entry.payload.get("reason") or ""}
    event = Event("items_excluded" if excluded else "items_included", as_of, entry.author, facts)
    return Changed(replace(claim, items=after), (event,)), {"items": items, "excluded": excluded}


FACTS: dict[str, Rule] = {}
REQUESTS: dict[str, Rule] = {
    "give_status": _give_status,
    "change_follow_up": _change_follow_up,
    "exclude": _exclude,
}
