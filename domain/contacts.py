"""When the debtor may be contacted once more: the cap over all his claims, and the law's days and hours for what a person released."""

from __future__ import annotations

from datetime import date, datetime

from domain.calendar import first_sending_day, local_day, next_sending_instant, sending_instant
from domain.claim import Channel
from domain.contact_law import caps, first_free_day, is_capped, lawful_hours
from domain.ground import CONTACT, Ground
from domain.steps import Reason


def capped(on: Ground, day: date) -> tuple[date, Reason] | None:
    """The first sending day from `day` on which the caps allow one more contact, and the rule; None when that is `day` itself."""
    claim, catalogue = on.claim, on.catalogue
    if not is_capped(catalogue, claim.country):
        return None
    contacts = contact_days(on)
    reason: Reason | None = None
    while True:
        held = [
            (free, cap)
            for cap in caps(catalogue, claim.country, day)
            if (free := first_free_day(day, contacts, cap)) > day
        ]
        if not held:
            return None if reason is None else (day, reason)
        free, cap = max(held, key=lambda each: (each[0], each[1].days))
        day = first_sending_day(free, catalogue.scenario, catalogue.calendar)
        reason = Reason("contact_cap", {"contacts": cap.contacts, "days": cap.days, "until": day.isoformat()})


def contact_days(on: Ground) -> list[date]:
    """The days on which the debtor was contacted, on this claim and on his others, as this claim counts days."""
    zone = on.claim.time_zone
    own = (a.done_at for a in on.claim.actions if a.done_at and a.channel in CONTACT and a.reached)
    return [local_day(instant, zone) for instant in (*own, *on.claim.contacts_elsewhere)]


def may_leave(on: Ground, channel: Channel, at: datetime) -> tuple[datetime, tuple[Reason, ...]]:
    """The first instant from `at` when the caps and the law let a contact through that has a date of its own, and why then."""
    if channel not in CONTACT:
        return at, ()
    claim, catalogue = on.claim, on.catalogue
    why: list[Reason] = []
    held = capped(on, local_day(at, claim.time_zone))
    if held is not None:
        at = sending_instant(held[0], claim.number, catalogue.scenario, claim.time_zone)
        why.append(held[1])
    pack = catalogue.countries.get(claim.country)
    lawful = None if pack is None else lawful_hours(catalogue.scenario, pack, local_day(at, claim.time_zone))
    if lawful is None:
        return at, tuple(why)
    then = next_sending_instant(at, claim.number, lawful, catalogue.calendar, claim.time_zone)
    if then > at:
        opens, closes = (hour.strftime("%H:%M") for hour in lawful.sending_hours)
        why.append(Reason("lawful_hours", {"opens": opens, "closes": closes, "until": on.local(then)}))
    return then, tuple(why)
