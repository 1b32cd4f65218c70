"""The catalogue in the database: versions of what users set up, and what one claim's planning reads of it.

A row is never changed, a new version is written; so what is read is kept in memory by version, for each engine.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import holidays
from sqlalchemy import Row, and_, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or
from sqlalchemy.ext.asyncio import AsyncConnection

from db.catalogue_use import is_in_use
from db.tables import catalogue
from domain.agreed_terms import setting_of, terms_of
from domain.catalogue import (
    ActionType,
    Agent,
    Calendar,
    Catalogue,
    CountryPack,
    Creditor,
    Fee,
    Rate,
    Scenario,
    Status,
    SubStage,
)
from domain.catalogue_bodies import CalendarCorrections, NotACatalogueBody, read
from domain.claim import Claim
from domain.reading import Refusal
from domain.steps import PlanImpossible

STANDARD_SET = Path(__file__).parent.parent / "catalogue"
# fmt: off
KINDS = (
    "statuses", "action-types", "scenarios", "templates", "fees", "rates", "calendars", "agents", "creditors",
    "countries", "sub-stages",
)
# fmt: on
SHARED = (
    "action-types",
    "statuses",
    "fees",
    "calendars",
    "rates",
    "countries",
    "agents",
    "sub-stages",
)  # every claim's plan reads all of these
YEARS_BEFORE, YEARS_AFTER = 1, 15  # of a claim's opening: the holidays that its planning may meet


class UnknownEntry(LookupError):
    """No entry of that kind has this code (or this version)."""


class EntryInUse(Exception):
    """Claims refer to the entry: it can only be made inactive."""


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One version of one entry, with its body as the HTTP contract writes it."""

    kind: str
    code: str
    version: int
    body: dict[str, Any]
    active: bool
    current: bool
    author: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class _Shared:
    action_types: Mapping[str, ActionType]
    statuses: Mapping[str, Status]
    fees: Mapping[str, Fee]
    calendars: Mapping[str, CalendarCorrections]
    rates: Mapping[str, Rate]
    countries: Mapping[str, CountryPack]
    agents: Mapping[str, Agent]
    sub_stages: Mapping[str, SubStage]
    single: dict[tuple[Any, ...], Any] = field(default_factory=dict)  # scenarios and creditors, by version


# What each database holds, read once: by engine, then by the versions in force.
_known: WeakKeyDictionary[Any, dict[frozenset[Any], _Shared]] = WeakKeyDictionary()


async def catalogue_for(connection: AsyncConnection, claim_: Claim, *, scenario_needed: bool = True) -> Catalogue:
    """What this claim's planning needs: its own scenario version, all the rest as it stands.

    Raises PlanImpossible without that scenario; news can be applied without (`scenario_needed` False: one of no steps).
    """
    marks = await _marks(connection, claim_)
    shared = await _shared(connection, marks)
    scenario = await _read_one(connection, marks, "scenarios", claim_.scenario, shared)
    if scenario is None:
        if scenario_needed:
            raise PlanImpossible("unknown_scenario", {"scenario": claim_.scenario, "version": claim_.scenario_version})
        scenario = Scenario(claim_.scenario, claim_.scenario_version, {}, ())
    creditor = await _read_one(connection, marks, "creditors", claim_.creditor, shared)
    return Catalogue(
        scenario=scenario,
        action_types=shared.action_types,
        statuses=shared.statuses,
        fees=shared.fees,
        creditor=creditor or Creditor(claim_.creditor, claim_.creditor),
        calendar=_calendar(claim_, shared),
        rates=shared.rates,
        countries=shared.countries,
        agents=shared.agents,
        sub_stages=shared.sub_stages,
    )


async def with_terms(connection: AsyncConnection, claim_: Claim) -> Claim:
    """The claim with what its items bear: their own terms, the creditor's, or those of the debtor's country."""
    marks = await _marks(connection, claim_)
    shared = await _shared(connection, marks)
    with suppress(PlanImpossible):  # an unreadable creditor is the plan's anomaly; the claim can still be read
        creditor = await _read_one(connection, marks, "creditors", claim_.creditor, shared)
        known = creditor or Creditor(claim_.creditor, claim_.creditor)
        return replace(claim_, terms=terms_of(claim_, setting_of(claim_, known, shared.rates, shared.countries)))
    return claim_


async def entries(connection: AsyncConnection, kind: str, *, active_only: bool = False) -> Sequence[CatalogueEntry]:
    """The current version of every entry of that kind, by code."""
    query = select(catalogue).where(catalogue.c.kind == kind, catalogue.c.current).order_by(catalogue.c.code)
    if active_only:
        query = query.where(catalogue.c.active)
    return [_entry(row) for row in await connection.execute(query)]


async def one(connection: AsyncConnection, kind: str, code: str, version: int | None = None) -> CatalogueEntry | None:
    """The current version, or the one asked for."""
    which = catalogue.c.current if version is None else catalogue.c.version == version
    row = (
        await connection.execute(select(catalogue).where(catalogue.c.kind == kind, catalogue.c.code == code, which))
    ).first()
    return None if row is None else _entry(row)


async def creditor(connection: AsyncConnection, code: str) -> Creditor:
    """The creditor as it is set up now; one with its code alone where nobody set it up, or its body cannot be read."""
    found = await one(connection, "creditors", code)
    if found is not None:
        with suppress(NotACatalogueBody):
            read_body: Creditor = read("creditors", code, found.body)
            return read_body
    return Creditor(code, code)


async def write(connection: AsyncConnection, kind: str, code: str, body: Mapping[str, Any], author: str) -> int:
    """Write a new version and make it the current one; answers its number. Raises NotACatalogueBody."""
    kept = {name: value for name, value in body.items() if name not in {"code", "version", "active"}}
    active = bool(body.get("active", True))
    types = await action_types(connection) if kind in ("scenarios", "statuses") else None
    found = read(kind, code, kept, action_types=types)
    if isinstance(found, ActionType):
        await _refuse_unknown_codes(connection, found)
    here = and_(catalogue.c.kind == kind, catalogue.c.code == code)
    await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"catalogue/{kind}/{code}", 0))))
    last = (await connection.execute(select(func.coalesce(func.max(catalogue.c.version), 0)).where(here))).scalar_one()
    version = int(last) + 1
    await connection.execute(update(catalogue).where(here, catalogue.c.current).values(current=False))
    await connection.execute(
        insert(catalogue).values(
            kind=kind, code=code, version=version, body=kept, active=active, current=True, author=author
        )
    )
    return version


async def _refuse_unknown_codes(connection: AsyncConnection, kind: ActionType) -> None:
    """Raises NotACatalogueBody for an agent or a fee that the catalogue does not have."""
    named = (("default_agent", "agents", kind.default_agent), ("automatic_fee", "fees", kind.automatic_fee))
    refusals = [
        Refusal(field, code, f"unknown_{field.rpartition('_')[2]}", f"is not among the {where} of the catalogue")
        for field, where, code in named
        if code and await one(connection, where, code) is None
    ]
    if refusals:
        raise NotACatalogueBody(refusals)


async def remove(connection: AsyncConnection, kind: str, code: str) -> None:
    """Delete an entry that nothing refers to. Raises UnknownEntry, or EntryInUse."""
    if await one(connection, kind, code) is None:
        raise UnknownEntry(code)
    if await is_in_use(connection, kind, code):
        raise EntryInUse(code)
    await connection.execute(delete(catalogue).where(catalogue.c.kind == kind, catalogue.c.code == code))


async def ensure_standard(connection: AsyncConnection) -> None:
    """Insert the standard set where nothing stands yet; what users changed stays theirs."""
    rows = [
        {"kind": path.stem, "code": body["code"], "version": 1, "body": _without_code(body), "author": "standard set"}
        for path in sorted(STANDARD_SET.glob("*.json"))
        for body in json.loads(path.read_text(encoding="utf-8"))
    ]
    await connection.execute(insert_or(catalogue).on_conflict_do_nothing(), rows)


# ---- reading ---------------------------------------------------------------------------------


async def _marks(connection: AsyncConnection, claim_: Claim) -> list[tuple[Any, ...]]:
    """Which versions are in force: one small query, the bodies are known already."""
    mine = or_(
        and_(catalogue.c.current, catalogue.c.kind.in_(SHARED)),
        and_(catalogue.c.current, catalogue.c.kind == "creditors", catalogue.c.code == claim_.creditor),
        and_(
            catalogue.c.kind == "scenarios",
            catalogue.c.code == claim_.scenario,
            catalogue.c.version == claim_.scenario_version,
        ),
    )
    columns = (catalogue.c.kind, catalogue.c.code, catalogue.c.version, catalogue.c.written_at)
    return [tuple(row) for row in await connection.execute(select(*columns).where(mine))]


async def _shared(connection: AsyncConnection, marks: Sequence[tuple[Any, ...]]) -> _Shared:
    """What every claim's plan reads, from memory while the same versions are in force."""
    known = _known.setdefault(connection.engine.sync_engine, {})
    in_force = frozenset(mark for mark in marks if mark[0] in SHARED)
    shared = known.get(in_force)
    if shared is None:
        shared = await _read_shared(connection)
        known.clear()  # one set is in force at a time; older ones are not met again
        known[in_force] = shared
    return shared


async def _read_shared(connection: AsyncConnection) -> _Shared:
    query = select(catalogue).where(catalogue.c.current, catalogue.c.kind.in_(SHARED))
    found: dict[str, dict[str, Any]] = {kind: {} for kind in SHARED}
    for row in await connection.execute(query):
        body = {**row.body, "active": row.active}
        with suppress(NotACatalogueBody):  # written under older rules: the claims that need it say so, the others go on
            found[row.kind][row.code] = read(row.kind, row.code, body, version=row.version)
    return _Shared(
        action_types=found["action-types"],
        statuses=found["statuses"],
        fees=found["fees"],
        calendars=found["calendars"],
        rates=found["rates"],
        countries=found["countries"],
        agents=found["agents"],
        sub_stages=found["sub-stages"],
    )


async def _read_one(
    connection: AsyncConnection, marks: Sequence[tuple[Any, ...]], kind: str, code: str, shared: _Shared
) -> Any:
    mark = next((mark for mark in marks if mark[0] == kind and mark[1] == code), None)
    if mark is None:
        return None
    if mark not in shared.single:
        found = await one(connection, kind, code, mark[2])
        assert found is not None  # noqa: S101  just seen in this transaction
        types = shared.action_types if kind == "scenarios" else None
        try:
            shared.single[mark] = read(kind, code, found.body, version=found.version, action_types=types)
        except NotACatalogueBody as unreadable:
            fields = [f"{refusal.path} ({refusal.code})" for refusal in unreadable.refusals]
            raise PlanImpossible("unreadable_entry", {"entry": kind, "code": code, "fields": fields}) from unreadable
    return shared.single[mark]


async def action_types(connection: AsyncConnection) -> dict[str, ActionType]:
    """The action types in their current version."""
    return {
        found.code: read("action-types", found.code, found.body) for found in await entries(connection, "action-types")
    }


def _calendar(claim_: Claim, shared: _Shared) -> Calendar:
    """The country's public holidays with the operator's corrections; none for a country that is not known."""
    first = claim_.opened_on.year - YEARS_BEFORE
    days = public_holidays(claim_.country, first, claim_.opened_on.year + YEARS_AFTER)
    corrections = shared.calendars.get(claim_.country)
    if corrections is not None:
        days = (days | corrections.add) - corrections.remove
    return Calendar(claim_.country, days)


@lru_cache(maxsize=512)
def public_holidays(country: str, first_year: int, last_year: int) -> frozenset[date]:
    """Public holidays of a country (ISO 3166) in those years; empty where the library knows none."""
    try:
        return frozenset(holidays.country_holidays(country, years=range(first_year, last_year + 1)))
    except (NotImplementedError, KeyError):
        return frozenset()


def _entry(row: Row[Any]) -> CatalogueEntry:
    return CatalogueEntry(
        row.kind, row.code, row.version, row.body, row.active, row.current, row.author, row.written_at
    )


def _without_code(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in {"code", "active"}}
