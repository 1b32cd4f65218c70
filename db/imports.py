"""Imports: the file as it came, how far it was taken, the rows that were rejected, the saved mappings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import import_error, import_mapping, portfolio_import
from domain.portfolio_file import RowError


@dataclass(frozen=True, slots=True)
class ImportRow:
    id: UUID
    file_name: str
    mapping: dict[str, Any]
    state: str  # queued | running | done | failed
    rows: int
    accepted: int
    unchanged: int
    rejected: int
    claims_started: int
    claims_total: int
    taken: int | None  # groups of rows that are taken; None before the file was read
    told: str  # the number of the last claim whose workflow was started
    detail: str
    author: str
    created_at: datetime

    @property
    def progress(self) -> float:
        """From 0 to 1: taking the rows, then starting the claims' workflows."""
        if self.state == "done":
            return 1.0
        handled = (self.accepted + self.unchanged + self.rejected) / self.rows if self.rows else 0.0
        started = self.claims_started / self.claims_total if self.claims_total else 0.0
        return round(min(0.4 * handled + 0.6 * started, 0.999), 3)


_COLUMNS = tuple(portfolio_import.c[name] for name in ImportRow.__dataclass_fields__)


async def add(
    connection: AsyncConnection, *, file_name: str, content: bytes | None, mapping: dict[str, Any], author: str
) -> UUID:
    """Keep the file; its workflow reads it from here."""
    written = insert(portfolio_import).values(
        id=func.gen_random_uuid(), file_name=file_name, content=content, mapping=mapping, author=author
    )
    import_id: UUID = (await connection.execute(written.returning(portfolio_import.c.id))).scalar_one()
    return import_id


async def add_once(connection: AsyncConnection, import_id: UUID, *, file_name: str, rows: int, author: str) -> None:
    """An import without a file, known by its id: the sample."""
    row = {
        "id": import_id,
        "file_name": file_name,
        "mapping": {},
        "rows": rows,
        "taken": 0,
        "state": "running",
        "author": author,
    }
    await connection.execute(insert_or(portfolio_import).values(row).on_conflict_do_nothing())


async def one(connection: AsyncConnection, import_id: UUID, *, lock: bool = False) -> ImportRow | None:
    query = select(*_COLUMNS).where(portfolio_import.c.id == import_id)
    row = (await connection.execute(query.with_for_update() if lock else query)).one_or_none()
    return None if row is None else _read(row)


async def latest(connection: AsyncConnection, *, limit: int) -> list[ImportRow]:
    """Newest first."""
    query = select(*_COLUMNS).order_by(portfolio_import.c.created_at.desc(), portfolio_import.c.id).limit(limit)
    return [_read(row) for row in await connection.execute(query)]


async def arriving(connection: AsyncConnection) -> ImportRow | None:
    """The sample while it arrives: the running import that has no file."""
    query = (
        select(*_COLUMNS).where(portfolio_import.c.state == "running", portfolio_import.c.content.is_(None)).limit(1)
    )
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else _read(row)


async def unfinished(connection: AsyncConnection) -> list[UUID]:
    """Imports of files whose workflow should be running."""
    query = select(portfolio_import.c.id).where(
        portfolio_import.c.state.in_(("queued", "running")), portfolio_import.c.content.is_not(None)
    )
    return list((await connection.execute(query)).scalars())


async def content(connection: AsyncConnection, import_id: UUID) -> bytes:
    """The file as it came, byte for byte."""
    found = await connection.execute(select(portfolio_import.c.content).where(portfolio_import.c.id == import_id))
    return bytes(found.scalar_one() or b"")


async def change(connection: AsyncConnection, import_id: UUID, **values: Any) -> None:
    """Write the given columns."""
    await connection.execute(update(portfolio_import).where(portfolio_import.c.id == import_id).values(values))


async def reject(connection: AsyncConnection, import_id: UUID, errors: Sequence[RowError]) -> None:
    """Add rejected rows' errors, in the order in which they were found; the import's row is locked by the caller."""
    if not errors:
        return
    last = select(func.coalesce(func.max(import_error.c.n), 0)).where(import_error.c.import_id == import_id)
    first = int((await connection.execute(last)).scalar_one()) + 1
    rows = [
        {
            "import_id": import_id, "n": n, "line": error.line, "column": error.column,
            "value": error.value.replace("\x00", "")[:200], "code": error.code, "reason": error.reason,
        }
        for n, error in enumerate(errors, start=first)
    ]  # fmt: skip
    await connection.execute(insert(import_error), rows)


async def errors(connection: AsyncConnection, import_id: UUID, *, limit: int | None = None) -> list[RowError]:
    """By line."""
    e = import_error.c
    query = (
        select(e.line, e.column, e.value, e.code, e.reason)
        .where(e.import_id == import_id)
        .order_by(e.line, e.n)
        .limit(limit)
    )
    return [RowError(*row) for row in await connection.execute(query)]


async def saved_mapping(connection: AsyncConnection, name: str) -> dict[str, Any] | None:
    found = await connection.execute(select(import_mapping.c.mapping).where(import_mapping.c.name == name))
    mapping: dict[str, Any] | None = found.scalar_one_or_none()
    return mapping


async def saved_mappings(connection: AsyncConnection) -> dict[str, dict[str, Any]]:
    rows = await connection.execute(select(import_mapping).order_by(import_mapping.c.name))
    return {row.name: row.mapping for row in rows}


async def save_mapping(connection: AsyncConnection, name: str, mapping: dict[str, Any]) -> None:
    row = {"name": name, "mapping": mapping}
    written = insert_or(import_mapping).values(row)
    await connection.execute(written.on_conflict_do_update(index_elements=["name"], set_={"mapping": mapping}))


def _read(row: Row[Any]) -> ImportRow:
    return ImportRow(**row._mapping)  # noqa: SLF001  the documented way to a row's names
