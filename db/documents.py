"""Documents of a claim: what left and what was attached, byte for byte."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import document, document_content


@dataclass(frozen=True, slots=True)
class NewDocument:
    id: UUID
    claim_id: UUID
    kind: str  # letter | registered_letter | email | file | deed | judgment | title | invoice
    media_type: str
    name: str
    content: bytes
    state: str
    created_at: datetime
    action_id: UUID | None = None
    template: str = ""
    version: str = ""
    key: str | None = None
    posts_at: datetime | None = None
    author: str = ""
    address_id: UUID | None = None  # the debtor's postal address that it goes to
    procedure_id: UUID | None = None
    cost_id: UUID | None = None
    dated_on: date | None = None  # the day a deed bears
    items: tuple[str, ...] = ()  # references of what a letter asks for


async def keep(connection: AsyncConnection, new: NewDocument) -> None:
    """Store a document once; the same id again changes nothing (a retry)."""
    row = {name: getattr(new, name) for name in NewDocument.__dataclass_fields__ if name != "content"}
    row["items"] = list(new.items)
    row["sha256"] = hashlib.sha256(new.content).hexdigest()
    stored = await connection.execute(insert(document).values(row).on_conflict_do_nothing().returning(document.c.id))
    if stored.scalar_one_or_none() is not None:
        await connection.execute(insert(document_content).values(document_id=new.id, content=new.content))


async def content_of(connection: AsyncConnection, document_id: UUID) -> bytes | None:
    """The bytes as they left, or None when there is no such document."""
    query = select(document_content.c.content).where(document_content.c.document_id == document_id)
    return (await connection.execute(query)).scalar_one_or_none()


async def mark(connection: AsyncConnection, document_id: UUID, state: str) -> None:
    """What became of a document: sent, withdrawn, ..."""
    await connection.execute(update(document).where(document.c.id == document_id).values(state=state))


async def belongs_to(connection: AsyncConnection, document_id: UUID, claim_id: UUID) -> bool:
    """Whether this is a document of this claim."""
    query = select(document.c.id).where(document.c.id == document_id, document.c.claim_id == claim_id)
    return (await connection.execute(query)).scalar_one_or_none() is not None


@dataclass(frozen=True, slots=True)
class Paper:
    """A document without its bytes."""

    id: UUID
    claim_id: UUID
    action_id: UUID | None
    kind: str
    template: str
    version: str
    key: str | None
    media_type: str
    name: str
    state: str
    created_at: datetime
    sha256: str
    posts_at: datetime | None
    address_id: UUID | None
    procedure_id: UUID | None = None
    cost_id: UUID | None = None
    dated_on: date | None = None


_PAPER = tuple(document.c[name] for name in Paper.__dataclass_fields__)


async def of_claim(connection: AsyncConnection, claim_id: UUID) -> list[Paper]:
    """The documents of a claim, the oldest first."""
    query = select(*_PAPER).where(document.c.claim_id == claim_id).order_by(document.c.created_at, document.c.id)
    return [Paper(*row) for row in await connection.execute(query)]


async def one(connection: AsyncConnection, document_id: UUID) -> Paper | None:
    row = (await connection.execute(select(*_PAPER).where(document.c.id == document_id))).one_or_none()
    return None if row is None else Paper(*row)
