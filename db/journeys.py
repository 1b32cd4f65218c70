"""Fast-forwards of the training mode: which claims go where, and how far they came."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import claim, entry, journey, journey_claim, task


@dataclass(frozen=True, slots=True)
class Journey:
    id: UUID
    state: str  # queued | running | done
    created_at: datetime
    days: int | None
    until: date | None
    stop_at_task: bool


@dataclass(frozen=True, slots=True)
class Traveller:
    """A claim on a journey."""

    claim_id: UUID
    number: str
    time_zone: str
    stage: str
    target_at: datetime | None  # None before it left


@dataclass(frozen=True, slots=True)
class WhereItStands:
    """What the database says of a claim that is being moved."""

    closed: bool
    next_at: datetime | None
    asks_a_person: bool
    has_news: bool


@dataclass(frozen=True, slots=True)
class Tally:
    total: int
    arrived: int
    stopped: int
    failed: tuple[tuple[str, str], ...]  # claim number, detail


async def add(connection: AsyncConnection, request: dict[str, Any], claim_ids: Sequence[UUID], *, author: str) -> UUID:
    """A journey of these claims."""
    row = insert(journey).values(id=func.gen_random_uuid(), request=request, author=author).returning(journey.c.id)
    journey_id: UUID = (await connection.execute(row)).scalar_one()
    if claim_ids:
        await connection.execute(
            insert(journey_claim), [{"journey_id": journey_id, "claim_id": claim_id} for claim_id in claim_ids]
        )
    return journey_id


async def one(connection: AsyncConnection, journey_id: UUID) -> Journey | None:
    row = (await connection.execute(select(journey).where(journey.c.id == journey_id))).one_or_none()
    if row is None:
        return None
    until = row.request.get("until")
    return Journey(
        row.id, row.state, row.created_at, row.request.get("days"), date.fromisoformat(until) if until else None,
        bool(row.request.get("stop_at_task")),
    )  # fmt: skip


async def unfinished(connection: AsyncConnection) -> list[UUID]:
    """Journeys whose workflow should be running."""
    query = select(journey.c.id).where(journey.c.state.in_(("queued", "running"))).order_by(journey.c.created_at)
    return list((await connection.execute(query)).scalars())


async def begin(connection: AsyncConnection, journey_id: UUID) -> None:
    changed = update(journey).where(journey.c.id == journey_id, journey.c.state == "queued")
    await connection.execute(changed.values(state="running"))


async def finish(connection: AsyncConnection, journey_id: UUID) -> None:
    await connection.execute(update(journey).where(journey.c.id == journey_id).values(state="done"))


async def ready(connection: AsyncConnection, of: Journey, *, without: Collection[UUID], limit: int) -> list[Traveller]:
    """Claims that may leave now: those that no earlier journey has still to move."""
    earlier_claim, earlier = journey_claim.alias("earlier_claim"), journey.alias("earlier")
    before = (
        select(earlier_claim.c.claim_id)
        .join(earlier, earlier.c.id == earlier_claim.c.journey_id)
        .where(
            earlier_claim.c.claim_id == journey_claim.c.claim_id,
            earlier_claim.c.state == "queued",
            tuple_(earlier.c.created_at, earlier.c.id) < tuple_(of.created_at, of.id),
        )
    )
    query = (
        select(
            claim.c.id.label("claim_id"), claim.c.number, claim.c.time_zone, claim.c.stage, journey_claim.c.target_at
        )
        .join(claim, claim.c.id == journey_claim.c.claim_id)
        .where(journey_claim.c.journey_id == of.id, journey_claim.c.state == "queued", ~before.exists())
        .where(journey_claim.c.claim_id.not_in(list(without)))
        .order_by(claim.c.number)
        .limit(limit)
    )
    return [Traveller(**row) for row in (await connection.execute(query)).mappings()]


async def set_target(connection: AsyncConnection, journey_id: UUID, claim_id: UUID, target_at: datetime) -> None:
    await connection.execute(_row(journey_id, claim_id).values(target_at=target_at))


async def arrive(
    connection: AsyncConnection,
    journey_id: UUID,
    claim_id: UUID,
    *,
    state: str,
    detail: str = "",
    clock_ahead: timedelta | None = None,
) -> None:
    """The claim is there (or stopped, or failed): the only place where the claim's clock is written."""
    if clock_ahead is not None:
        await connection.execute(update(claim).where(claim.c.id == claim_id).values(clock_ahead=clock_ahead))
    await connection.execute(_row(journey_id, claim_id).values(state=state, detail=detail[:500]))


async def where_it_stands(connection: AsyncConnection, claim_id: UUID) -> WhereItStands:
    asks = select(task.c.id).where(task.c.claim_id == claim_id, task.c.state == "open").exists()
    news = select(entry.c.id).where(entry.c.claim_id == claim_id, entry.c.state == "received").exists()
    query = select(claim.c.stage, claim.c.next_action_at, asks.label("asks"), news.label("news")).where(
        claim.c.id == claim_id
    )
    row = (await connection.execute(query)).one()
    return WhereItStands(row.stage == "closed", row.next_action_at, row.asks, row.news)


async def tally(connection: AsyncConnection, journey_id: UUID) -> Tally:
    counts = select(journey_claim.c.state, func.count()).where(journey_claim.c.journey_id == journey_id)
    by_state: dict[str, int] = {
        row[0]: row[1] for row in await connection.execute(counts.group_by(journey_claim.c.state))
    }
    failures = (
        select(claim.c.number, journey_claim.c.detail)
        .join(claim, claim.c.id == journey_claim.c.claim_id)
        .where(journey_claim.c.journey_id == journey_id, journey_claim.c.state == "failed")
        .order_by(claim.c.number)
    )
    failed = tuple((row.number, row.detail) for row in await connection.execute(failures))
    return Tally(sum(by_state.values()), by_state.get("arrived", 0), by_state.get("stopped", 0), failed)


def _row(journey_id: UUID, claim_id: UUID) -> Any:
    return update(journey_claim).where(journey_claim.c.journey_id == journey_id, journey_claim.c.claim_id == claim_id)


@dataclass(frozen=True, slots=True)
class JourneyLine:
    """A journey as the list of them shows it."""

    id: UUID
    state: str
    author: str
    created_at: datetime
    days: int | None
    until: date | None
    total: int
    arrived: int
    stopped: int
    failed: int


async def latest(connection: AsyncConnection, *, limit: int) -> list[JourneyLine]:
    """Newest first, with how far their claims came."""

    def how_many(state: str) -> Any:
        return func.count().filter(journey_claim.c.state == state).label(state)

    newest = select(journey).order_by(journey.c.created_at.desc(), journey.c.id).limit(limit).subquery()
    query = (
        select(
            newest,
            func.count(journey_claim.c.claim_id).label("total"),
            *map(how_many, ("arrived", "stopped", "failed")),
        )
        .outerjoin_from(newest, journey_claim, journey_claim.c.journey_id == newest.c.id)
        .group_by(*newest.c)
        .order_by(newest.c.created_at.desc(), newest.c.id)
    )
    return [_line(row) for row in await connection.execute(query)]


def _line(row: Any) -> JourneyLine:
    until = row.request.get("until")
    return JourneyLine(
        row.id, row.state, row.author, row.created_at, row.request.get("days"), date.fromisoformat(until) if until else None,
        row.total, row.arrived, row.stopped, row.failed,
    )  # fmt: skip


async def is_travelling(connection: AsyncConnection, claim_id: UUID) -> bool:
    """Whether a journey has still to move this claim."""
    query = select(journey_claim.c.claim_id).where(
        journey_claim.c.claim_id == claim_id, journey_claim.c.state == "queued"
    )
    return (await connection.execute(query.limit(1))).first() is not None
