"""The portfolio as lists and addresses: which claim a reference means, and who may see it. Start with `find` and `page`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import catalogue, claim, debtor


@dataclass(frozen=True, slots=True)
class Scope:
    """Which claims exist for somebody; None means no limit."""

    creditors: frozenset[str] | None = None
    collector: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.creditors is not None:
            found.append(claim.c.creditor.in_(sorted(self.creditors)))
        if self.collector is not None:
            found.append(claim.c.collector == self.collector)
        return found


EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class Found:
    """A claim as the API addresses it: enough to check a write and to tell its workflow."""

    id: UUID
    number: str
    reference: str
    creditor: str
    collector: str
    currency: str
    stage: str
    values: str
    time_zone: str
    clock_ahead: timedelta

    def now(self, wall_clock: datetime) -> datetime:
        """The claim's own time: in training it may be ahead of ours."""
        return wall_clock + self.clock_ahead

    def today(self, wall_clock: datetime) -> date:
        """The claim's own date, in its time zone."""
        return own_day(self.time_zone, self.clock_ahead, wall_clock)


def own_day(time_zone: str, clock_ahead: timedelta, wall_clock: datetime) -> date:
    """A claim's own date: lists and agenda use it, for in training each claim may be at another one."""
    return (wall_clock + clock_ahead).astimezone(ZoneInfo(time_zone)).date()


_ADDRESS = tuple(claim.c[name] for name in Found.__dataclass_fields__)


async def find(connection: AsyncConnection, ref: str, scope: Scope = EVERYTHING) -> Found | None:
    """The claim with this number, reference or id, when it exists for this scope."""
    if "\x00" in ref or len(ref) > 200:
        return None
    named: list[ColumnElement[bool]] = [claim.c.number == ref, claim.c.reference == ref]
    identity = uuid_or_none(ref)
    if identity is not None:
        named.append(claim.c.id == identity)
    row = (await connection.execute(select(*_ADDRESS).where(or_(*named), *scope.conditions()).limit(1))).one_or_none()
    return None if row is None else Found(*row)


async def find_all(connection: AsyncConnection, refs: Sequence[str], scope: Scope = EVERYTHING) -> dict[str, Found]:
    """The claims with these numbers, references or ids, by what each was called; unknown ones are left out."""
    found: dict[str, Found] = {}
    by_name: dict[str, Found] = {}
    for first in range(0, len(refs), 1000):
        some = [ref for ref in refs[first : first + 1000] if "\x00" not in ref]
        identities = [identity for ref in some if (identity := uuid_or_none(ref)) is not None]
        named = or_(claim.c.number.in_(some), claim.c.reference.in_(some), claim.c.id.in_(identities))
        for row in await connection.execute(select(*_ADDRESS).where(named, *scope.conditions())):
            for name in (row.number, row.reference, str(row.id)):
                by_name[name] = Found(*row)
        found.update({ref: by_name[name] for ref in some for name in (ref, ref.lower()) if name in by_name})
    return found


async def open_ones(connection: AsyncConnection, scope: Scope = EVERYTHING) -> list[Found]:
    """Every claim that is not closed."""
    query = select(*_ADDRESS).where(claim.c.stage != "closed", *scope.conditions()).order_by(claim.c.number)
    return [Found(*row) for row in await connection.execute(query)]


async def find_by_id(connection: AsyncConnection, claim_id: UUID, scope: Scope = EVERYTHING) -> Found | None:
    """The claim with this id, when it exists for this scope."""
    row = (await connection.execute(select(*_ADDRESS).where(claim.c.id == claim_id, *scope.conditions()))).one_or_none()
    return None if row is None else Found(*row)


async def open_claims_of(connection: AsyncConnection, debtor_id: UUID) -> list[Found]:
    """The claims of a debtor that are not closed."""
    query = select(*_ADDRESS).where(claim.c.debtor_id == debtor_id, claim.c.stage != "closed").order_by(claim.c.id)
    return [Found(*row) for row in await connection.execute(query)]


def uuid_or_none(text: Any) -> UUID | None:
    """A UUID in its usual form, or None."""
    try:
        return UUID(text) if isinstance(text, str) and len(text) == 36 else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Listed:
    """What the last plan wrote for lists, and the creditor's name."""

    creditor_name: str
    alerts: list[dict[str, Any]]


async def row_of(connection: AsyncConnection, claim_id: UUID) -> Listed:
    """The list's view of one claim."""
    creditor = catalogue.c.body["name"].as_string()
    joined = claim.outerjoin(
        catalogue, and_(catalogue.c.kind == "creditors", catalogue.c.code == claim.c.creditor, catalogue.c.current)
    )
    query = select(creditor, claim.c.creditor, claim.c.alerts).select_from(joined).where(claim.c.id == claim_id)
    name, code, alerts = (await connection.execute(query)).one()
    return Listed(name or code, alerts)


async def debtor_row(connection: AsyncConnection, debtor_id: UUID, scope: Scope = EVERYTHING) -> dict[str, Any] | None:
    """All that is known of a debtor, when one of its claims exists for the scope."""
    query = select(debtor).where(debtor.c.id == debtor_id)
    if scope is not EVERYTHING:
        query = query.where(exists().where(claim.c.debtor_id == debtor.c.id, *scope.conditions()))
    row = (await connection.execute(query)).mappings().one_or_none()
    return None if row is None else dict(row)
