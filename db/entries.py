"""The inbox of a claim: append-only; only the claim's own workflow applies it, in the order of `n`.

Appending waits for a plan or a gate of the same claim that is just writing (its foreign key meets their row lock), so
an entry that is stored is seen by every gate after it; never for a letter that is being rendered or a mail on its way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import entry


class KeyUsedForAnotherBody(Exception):
    """The same idempotency key came before with another body."""

    def __init__(self, entry_id: UUID) -> None:
        super().__init__("this key was used before for another body")
        self.entry_id = entry_id


@dataclass(frozen=True, slots=True)
class Appended:
    entry_id: UUID
    repeated: bool


@dataclass(frozen=True, slots=True)
class EntryRow:
    id: UUID
    claim_id: UUID
    kind: str
    payload: dict[str, Any]
    author: str
    key: str | None
    received_at: datetime
    state: str  # received | applied | refused
    outcome: dict[str, Any] | None
    reason: str


async def append(
    connection: AsyncConnection,
    *,
    claim_id: UUID,
    kind: str,
    payload: Mapping[str, Any],
    author: str,
    key: str | None = None,
    fingerprint: str = "",
) -> Appended:
    """Put an entry in the claim's inbox once per key; a repeat answers the first entry.

    Raises KeyUsedForAnotherBody when the key stands for a body with another fingerprint.
    """
    if key is None:
        entry_id = (await connection.execute(select(func.gen_random_uuid()))).scalar_one()
    else:
        entry_id = uuid5(claim_id, f"entry/{key}")
    row = {
        "id": entry_id,
        "claim_id": claim_id,
        "kind": kind,
        "payload": dict(payload),
        "author": author,
        "key": key,
        "fingerprint": fingerprint,
    }
    written = await connection.execute(insert(entry).values(row).on_conflict_do_nothing().returning(entry.c.id))
    if written.scalar_one_or_none() is not None:
        return Appended(entry_id, repeated=False)
    first = (
        await connection.execute(
            select(entry.c.id, entry.c.fingerprint).where(entry.c.claim_id == claim_id, entry.c.key == key)
        )
    ).one()
    if first.fingerprint != fingerprint:
        raise KeyUsedForAnotherBody(first.id)
    return Appended(first.id, repeated=True)


async def entry_of(connection: AsyncConnection, claim_id: UUID, entry_id: UUID) -> EntryRow | None:
    """One entry with its outcome, or None when this claim has no such entry."""
    rows = await connection.execute(select(entry).where(entry.c.claim_id == claim_id, entry.c.id == entry_id))
    row = rows.mappings().one_or_none()
    return None if row is None else _read(row)


async def unapplied(connection: AsyncConnection, claim_id: UUID) -> list[EntryRow]:
    """What waits to be applied to this claim, in order of arrival."""
    query = select(entry).where(entry.c.claim_id == claim_id, entry.c.state == "received").order_by(entry.c.n)
    return [_read(row) for row in (await connection.execute(query)).mappings()]


async def has_unapplied(connection: AsyncConnection, claim_id: UUID) -> bool:
    """Whether news waits that nobody has read yet: then nothing leaves."""
    waiting = exists().where(entry.c.claim_id == claim_id, entry.c.state == "received")
    return bool((await connection.execute(select(waiting))).scalar_one())


async def close_entry(
    connection: AsyncConnection,
    entry_id: UUID,
    *,
    applied_at: datetime,
    state: str,
    outcome: Mapping[str, Any],
    reason: str,
) -> None:
    """Write what became of an entry; its caller reads the answer from here."""
    await connection.execute(
        update(entry)
        .where(entry.c.id == entry_id)
        .values(state=state, applied_at=applied_at, outcome=dict(outcome), reason=reason)
    )


async def outcomes(connection: AsyncConnection, entry_ids: Sequence[UUID]) -> list[EntryRow]:
    """Those of the entries that have been applied or refused, whenever that was."""
    query = select(entry).where(entry.c.id.in_(entry_ids), entry.c.state != "received")
    return [_read(row) for row in (await connection.execute(query)).mappings()]


def _read(row: Any) -> EntryRow:
    return EntryRow(**{name: row[name] for name in EntryRow.__dataclass_fields__})
