"""Builders about the law: the standard packs FR and TN as they are delivered, events and procedures."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from domain.catalogue import Calendar, Catalogue, CountryPack, Dated
from domain.catalogue_bodies import read
from domain.claim import Arrangement, Claim, Instalment, LegalEvent, Procedure
from domain.clock_terms import Clock
from domain.legal_clocks import clocks_of
from tests.builders import a_catalogue, a_debtor, an_id, at, money

STANDARD = Path(__file__).parent.parent / "catalogue" / "countries.json"


@cache
def standard_packs() -> dict[str, CountryPack]:
    return {body["code"]: read("countries", body["code"], body) for body in json.loads(STANDARD.read_text("utf-8"))}


def the_law(*, calendar: Calendar | None = None, **changed: tuple[Dated, ...]) -> Catalogue:
    """The builders' catalogue with the standard packs; parameters of FR can be replaced by their code."""
    packs = dict(standard_packs())
    packs["FR"] = CountryPack("FR", {**packs["FR"].parameters, **changed})
    catalogue = a_catalogue() if calendar is None else a_catalogue(calendar=calendar)
    return replace(catalogue, countries=packs)


def dated(value: str, since: str, until: str | None = None, source: str = "a law") -> Dated:
    return Dated(value, date.fromisoformat(since), None if until is None else date.fromisoformat(until), source)


def an_event(kind: str, on: str, **facts: Any) -> LegalEvent:
    given = {"id": an_id("legal_event", kind, on, facts.get("item", "")), "recorded_at": at(on), "author": "leila"}
    return LegalEvent(**{**given, **facts}, kind=kind, on=date.fromisoformat(on))


def a_procedure(kind: str = "payment_order", **facts: Any) -> Procedure:
    given: dict[str, Any] = {"id": an_id("procedure", kind), "opened_on": date(2026, 1, 5), "author": "leila"}
    days = {name: date.fromisoformat(value) for name, value in facts.items() if name.endswith("_on")}
    return Procedure(**{**given, **facts, **days}, kind=kind)


def an_arrangement(on: str, *items: str) -> Arrangement:
    day = date.fromisoformat(on)
    return Arrangement(
        id=an_id("arrangement", on),
        agreed_at=at(day),
        agreed_on=day,
        instalments=(Instalment(day, money("100.00")),),
        author="leila",
        items=items,
    )


def a_consumer() -> Any:
    return a_debtor(kind="person")


def clocks(claim: Claim, on: str, law: Catalogue | None = None) -> dict[str, Clock]:
    """The clocks of that day by their code, of several the nearest."""
    found: dict[str, Clock] = {}
    for clock in clocks_of(claim, law or the_law(), date.fromisoformat(on)):
        found.setdefault(clock.code, clock)
    return found


def last_day(claim: Claim, on: str, code: str = "limitation", law: Catalogue | None = None) -> str | None:
    """The last day of that clock; None when it stands still. KeyError when there is none."""
    day = clocks(claim, on, law)[code].runs_out_on
    return None if day is None else day.isoformat()
