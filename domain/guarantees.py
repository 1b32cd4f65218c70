"""Guarantees and guarantors: added at intake or later, released, and one warning before they run out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from domain.asking import ask_about
from domain.calendar import sending_instant
from domain.catalogue import Catalogue
from domain.claim import Claim, Guarantee, TaskKind
from domain.effects import Changed, today
from domain.events import Event
from domain.ground import Ground
from domain.identifiers import IDENTIFIERS
from domain.inbox import Entry, Outcome, Rule, day_or_none, refuse_when_closed
from domain.money import Money
from domain.reading import Reading
from domain.refusals import Refused
from domain.steps import Reason, Step, StepKind

# Usual kinds: surety, joint_surety, mortgage, pledge, retention_of_title, bill_guarantee, deposit, insurance, other.
KIND = re.compile(r"[a-z][a-z0-9_]{0,39}")
PERSON = ("name", "postal_code", "city", "country", "phone")
WARN_DAYS = 60  # before it runs out
SUBJECT = "guarantee"


def read_guarantee(reading: Reading, currency: str) -> dict[str, Any]:
    """A guarantee as outside programs write it, with what is wrong noted on the reading; amounts are text."""
    amount = reading.amount("amount", currency, required=False) if currency else None
    rank = reading.fields.get("rank")
    if rank is not None and (isinstance(rank, bool) or not isinstance(rank, int) or not 1 <= rank <= 99):
        reading.refuse("rank", "not_a_rank", "must be a whole number from 1 to 99")
        rank = None
    since, until = reading.day("valid_from"), reading.day("valid_until")
    if since and until and until < since:
        reading.refuse("valid_until", "before_start", "is before valid_from")
    kind = reading.text("kind", longest=40)
    if kind and not KIND.fullmatch(kind):
        reading.refuse("kind", "not_a_code", "must be a short code in small letters, like joint_surety")
    return {
        "kind": kind or "other",
        "amount": None if amount is None else str(amount),
        "rank": rank,
        "valid_from": since and since.isoformat(),
        "valid_until": until and until.isoformat(),
        "person": _read_person(reading.inner("person")),
        "description": reading.text("description", longest=2000),
    }


def _read_person(person: Reading) -> dict[str, Any]:
    """The guarantor: a name is needed when anything is known."""
    if not person.fields:
        return {}
    known: dict[str, Any] = {name: person.line(name, required=name == "name") for name in PERSON}
    known |= {"lines": list(person.texts("lines")), "email": person.email("email")}
    identifiers = person.inner("identifiers")
    known["identifiers"] = {name: text for name in IDENTIFIERS if (text := identifiers.line(name, longest=40))}
    return {name: value for name, value in known.items() if value}


def with_guarantees(claim: Claim, entry: Entry, as_of: datetime) -> Claim:
    """Those of the intake, which was checked when it came in."""
    given = entry.payload.get("guarantees") or ()
    fresh = tuple(
        _guarantee(claim, claim.id_for("guarantee", entry.id, n), body, entry.author, as_of)
        for n, body in enumerate(given)
    )
    return replace(claim, guarantees=(*claim.guarantees, *fresh)) if fresh else claim


def _guarantee(claim: Claim, identity: UUID, body: Mapping[str, Any], author: str, as_of: datetime) -> Guarantee:
    checked = read_guarantee(Reading(body), claim.currency)
    return _filled(Guarantee(identity, "other", today(claim, as_of), author), checked, claim.currency)


def _filled(guarantee: Guarantee, body: Mapping[str, Any], currency: str) -> Guarantee:
    given: dict[str, Any] = {name: body[name] for name in ("kind", "rank", "person", "description") if name in body}
    given |= {name: day_or_none(body[name]) for name in ("valid_from", "valid_until") if name in body}
    if "amount" in body:
        given["amount"] = None if body["amount"] is None else Money.of(body["amount"], currency)
    return replace(guarantee, **given)


def _add(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    refuse_when_closed(claim)
    guarantee = _guarantee(claim, claim.id_for("guarantee", entry.id), entry.payload, entry.author, as_of)
    event = Event("guarantee_added", as_of, entry.author, {"guarantee": guarantee.kind})
    return Changed(replace(claim, guarantees=(*claim.guarantees, guarantee)), (event,)), {"id": str(guarantee.id)}


def _change(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    """What is given replaces what was known; another end is warned of anew."""
    guarantee = _standing(claim, entry.payload["guarantee"])
    changed = _filled(guarantee, entry.payload, claim.currency)
    if changed.valid_from and changed.valid_until and changed.valid_until < changed.valid_from:
        raise Refused(
            "ends_before_it_begins", valid_from=_iso(changed.valid_from), valid_until=_iso(changed.valid_until)
        )
    if changed.valid_until != guarantee.valid_until:
        changed = replace(changed, warned_on=None)
    event = Event("guarantee_changed", as_of, entry.author, {"guarantee": changed.kind})
    return Changed(_with(claim, changed), (event,)), {"id": str(guarantee.id)}


def _release(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    guarantee = _standing(claim, entry.payload["guarantee"])
    on = day_or_none(entry.payload.get("on")) or today(claim, as_of)
    facts = {"guarantee": guarantee.kind, "on": on.isoformat(), "comment": entry.payload.get("reason") or ""}
    event = Event("guarantee_released", as_of, entry.author, facts)
    return Changed(_with(claim, replace(guarantee, released_on=on)), (event,)), {"id": str(guarantee.id)}


def _standing(claim: Claim, identity: str) -> Guarantee:
    guarantee = next((g for g in claim.guarantees if str(g.id) == str(identity)), None)
    if guarantee is None:
        raise Refused("unknown_guarantee")
    if guarantee.released_on is not None:
        raise Refused("guarantee_is_released", on=guarantee.released_on.isoformat())
    return guarantee


def _with(claim: Claim, guarantee: Guarantee) -> Claim:
    return replace(claim, guarantees=tuple(guarantee if g.id == guarantee.id else g for g in claim.guarantees))


def due(on: Ground) -> Iterator[Step]:
    """The day on which somebody is told that a guarantee runs out."""
    for guarantee in on.claim.guarantees:
        if guarantee.valid_until is None or guarantee.released_on or guarantee.warned_on:
            continue
        day = guarantee.valid_until - timedelta(days=WARN_DAYS)
        facts: dict[str, str | int | list[str]] = {
            "guarantee": guarantee.kind,
            "valid_until": guarantee.valid_until.isoformat(),
        }
        yield Step(
            StepKind.CHECK,
            due_at=max(sending_instant(day, on.claim.number, on.catalogue.scenario, on.claim.time_zone), on.as_of),
            key=f"claim/{on.claim.number}/guarantee/{guarantee.id}",
            plan_kind="clock",
            due_on=day,
            subject=f"{SUBJECT}/{guarantee.id}",
            why=(Reason("guarantee_runs_out", facts),),
        )


def check(claim: Claim, catalogue: Catalogue, step: Step, as_of: datetime) -> Changed:
    """Warned once: a task for the collector, who renews it or acts on it."""
    guarantee = next(g for g in claim.guarantees if str(g.id) == step.subject.partition("/")[2])
    warned = _with(claim, replace(guarantee, warned_on=today(claim, as_of)))
    facts = {"guarantee": guarantee.kind, "valid_until": _iso(guarantee.valid_until)}
    why = ({"code": "guarantee_runs_out", "facts": facts},)
    return ask_about(warned, TaskKind.CLOCK, step.subject, as_of, why=why)


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()


FACTS: dict[str, Rule] = {}
REQUESTS: dict[str, Rule] = {"add_guarantee": _add, "change_guarantee": _change, "release_guarantee": _release}
