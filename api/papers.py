"""Documents: attach a file to a claim, fetch what left or was attached, byte for byte."""

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Annotated, Literal
from urllib.parse import quote
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, File, Form, Query, UploadFile
from fastapi.responses import JSONResponse, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from api.action_json import document_json
from api.answers import answer_once
from api.fields import Ref, found, not_after_today
from api.inbox import IdempotencyKey, News, append, tell_if_new
from api.problems import FieldError, Problem, invalid
from api.security import Reader, Worker
from api.surroundings import Around
from db import actions, documents, legal, portfolio, timeline
from db.documents import NewDocument
from db.portfolio import Found, uuid_or_none
from domain.reading import Reading, Refused

router = APIRouter(tags=["documents"])

_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"PK\x03\x04", "application/zip"),
)
_OFFICE = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}
_SHOWN_INLINE = frozenset({"application/pdf", "image/png", "image/jpeg", "image/gif", "text/plain"})


@dataclass(frozen=True, slots=True)
class Attached:
    """What a file is, and what it belongs to."""

    action: Annotated[str, Form(max_length=36)] = ""
    procedure: Annotated[str, Form(max_length=36)] = ""
    cost: Annotated[str, Form(max_length=36)] = ""
    kind: Annotated[Literal["file", "deed", "judgment", "title", "invoice"], Form()] = "file"
    dated_on: Annotated[str, Form(max_length=10, description="The day that a deed bears")] = ""


@router.post("/api/claims/{ref}/documents", status_code=201, summary="Attach a file")
async def post_document(
    ref: Ref,
    who: Worker,
    around: Around,
    file: Annotated[UploadFile, File()],
    to: Annotated[Attached, Depends()],
    key: IdempotencyKey = None,
) -> JSONResponse:
    """To the claim, or to one of its actions, procedures or costs; a deed on an action says that its agent came back."""
    content = await file.read()
    if not content:
        raise invalid(FieldError("file", "empty_file"))
    if len(content) > around.settings.document_limit:
        raise Problem(413, "too_large")
    async with around.engine.begin() as connection:
        claim = found(await portfolio.find(connection, ref, who.scope))
        await _known(connection, claim, to)
        day = _day(to.dated_on, claim.today(around.now()))
        name = safe_name(file.filename or "")
        digest = hashlib.sha256(content).hexdigest()
        body = {"claim": str(claim.id), "name": name, **asdict(to), "sha256": digest}
        first = await answer_once(connection, who, key, "document", body)
        if first.given is not None:
            return first.given
        new = NewDocument(
            id=uuid4(),
            claim_id=claim.id,
            kind=to.kind,
            media_type=media_type_of(content, name),
            name=name,
            content=content,
            state="attached",
            created_at=claim.now(around.now()),
            action_id=uuid_or_none(to.action),
            author=who.author,
            procedure_id=uuid_or_none(to.procedure),
            cost_id=uuid_or_none(to.cost),
            dated_on=day,
        )
        news = await _keep(connection, claim, new)
        appended = await append(connection, claim, news, who.author) if news else None
        answer = document_json(found(await documents.one(connection, new.id)))
        await first.remember(201, answer)
    if news and appended:
        await tell_if_new(around, claim, news, appended)
    return JSONResponse(answer, 201, headers={"Location": answer["url"]})


async def _known(connection: AsyncConnection, claim: Found, to: Attached) -> None:
    """Raises Problem 422 for what it is attached to and is not of this claim."""
    belongs: Mapping[str, Callable[[AsyncConnection, UUID | None, UUID], Awaitable[bool]]] = {
        "action": actions.belongs_to,
        "procedure": legal.has_procedure,
        "cost": legal.has_cost,
    }
    for field, is_of in belongs.items():
        identity = getattr(to, field)
        if identity and not await is_of(connection, uuid_or_none(identity), claim.id):
            raise invalid(FieldError(field, f"unknown_{field}"))


def _day(text: str, today: date) -> date | None:
    reading = Reading({"dated_on": text})
    day = reading.day("dated_on")
    if reading.refusals:
        raise Refused(reading.refusals)
    if day is not None:
        not_after_today("dated_on", day, today)
    return day


async def _keep(connection: AsyncConnection, claim: Found, new: NewDocument) -> News | None:
    """Store it, and what the claim is told when it changes something: an agent came back, a cost has its document."""
    await documents.keep(connection, new)
    facts = {"document": str(new.id), "media_type": new.media_type}
    await timeline.note(
        connection, claim.id, at=new.created_at, kind="document_attached", author=new.author, facts=facts
    )
    if new.action_id is None and new.cost_id is None:
        return None
    about = {"document": str(new.id), "kind": new.kind, "action": new.action_id, "cost": new.cost_id}
    payload = {name: None if value is None else str(value) for name, value in about.items()}
    return News("document_attached", payload, payload)


@router.get(
    "/api/documents/{document_id}", summary="Fetch a document, byte for byte as it left", response_class=Response
)
async def get_document(
    document_id: str, who: Reader, around: Around, inline: Annotated[bool, Query()] = False
) -> Response:
    """An attachment, so that no browser runs it; `inline` shows PDFs, images and plain text in place."""
    identity = found(uuid_or_none(document_id))
    async with around.engine.connect() as connection:
        paper = found(await documents.one(connection, identity))
        found(await portfolio.find_by_id(connection, paper.claim_id, who.scope))
        content = found(await documents.content_of(connection, identity))
    shown = inline and paper.media_type in _SHOWN_INLINE
    headers = {
        "Content-Disposition": f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(paper.name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; object-src 'self'; frame-ancestors 'self'"
        if shown
        else "default-src 'none'; sandbox",
        "ETag": f'"{paper.sha256}"',
        "Cache-Control": "private, no-cache",
    }
    return Response(content, media_type=paper.media_type, headers=headers)


def safe_name(given: str) -> str:
    """A file's own name: no folders, no control characters, at most 150 characters."""
    last = PurePosixPath(given.replace("\\", "/")).name
    clean = re.sub(r'[\x00-\x1f\x7f\ud800-\udfff"<>|:*?]', "_", last).strip(". ")
    return clean[-150:] or "file"


def media_type_of(content: bytes, name: str) -> str:
    """What the bytes are, whatever the sender says; unknown ones are a stream of bytes."""
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return _OFFICE.get(PurePosixPath(name.lower()).suffix, kind) if kind == "application/zip" else kind
    try:
        text = content[:4096].decode("utf-8", errors="strict" if len(content) <= 4096 else "ignore")
    except UnicodeDecodeError:
        return "application/octet-stream"
    return "application/octet-stream" if "\x00" in text else "text/plain"
