"""Documents: attach a file to a claim, fetch what left or was attached, byte for byte."""

import hashlib
import re
from pathlib import PurePosixPath
from typing import Annotated
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter, File, Form, Query, UploadFile
from fastapi.responses import JSONResponse, Response

from api.action_json import document_json
from api.answers import answer_once
from api.fields import Ref, found
from api.inbox import IdempotencyKey
from api.problems import FieldError, Problem, invalid
from api.security import Reader, Worker
from api.surroundings import Around
from db import actions, documents, portfolio, timeline
from db.documents import NewDocument
from db.portfolio import uuid_or_none

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


@router.post("/api/claims/{ref}/documents", status_code=201, summary="Attach a file")
async def post_document(
    ref: Ref,
    who: Worker,
    around: Around,
    file: Annotated[UploadFile, File()],
    action: Annotated[str, Form(max_length=36)] = "",
    key: IdempotencyKey = None,
) -> JSONResponse:
    content = await file.read()
    if not content:
        raise invalid(FieldError("file", "empty_file"))
    if len(content) > around.settings.document_limit:
        raise Problem(413, "too_large")
    name = safe_name(file.filename or "")
    async with around.engine.begin() as connection:
        claim = found(await portfolio.find(connection, ref, who.scope))
        on_action = uuid_or_none(action)
        if action and not await actions.belongs_to(connection, on_action, claim.id):
            raise invalid(FieldError("action", "unknown_action"))
        body = {"claim": str(claim.id), "name": name, "action": action, "sha256": hashlib.sha256(content).hexdigest()}
        first = await answer_once(connection, who, key, "document", body)
        if first.given is not None:
            return first.given
        new = NewDocument(
            id=uuid4(),
            claim_id=claim.id,
            kind="file",
            media_type=media_type_of(content, name),
            name=name,
            content=content,
            state="attached",
            created_at=claim.now(around.now()),
            action_id=on_action,
            author=who.author,
        )
        await documents.keep(connection, new)
        facts = {"document": str(new.id), "media_type": new.media_type}
        await timeline.note(
            connection, claim.id, at=new.created_at, kind="document_attached", author=who.author, facts=facts
        )
        answer = document_json(found(await documents.one(connection, new.id)))
        await first.remember(201, answer)
    return JSONResponse(answer, 201, headers={"Location": answer["url"]})


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
