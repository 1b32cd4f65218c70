"""Writing to a claim: the entry goes to its inbox in one transaction, then its workflow is told. Nothing is lost on the way."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Header
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import AsyncConnection

from api.problems import FieldError, Problem, invalid
from api.surroundings import Surroundings
from db import entries
from db.portfolio import Found
from workflows.clock import ToldClaim

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        description="The same key and body has one effect and the first answer; another body, 409.",
    ),
]


@dataclass(frozen=True, slots=True)
class News:
    """What is to be put into a claim's inbox; `body` is what a repeat must equal."""

    kind: str
    payload: Mapping[str, Any]
    body: Mapping[str, Any]
    key: str | None = None


def fingerprint(kind: str, body: Mapping[str, Any]) -> str:
    """The same for the same content, however its JSON was written."""
    text = json.dumps([kind, body], sort_keys=True, default=str, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def key_of(header: str | None) -> str | None:
    """The entry's key for an Idempotency-Key header."""
    if header is None:
        return None
    if not header.strip() or not header.isprintable():
        raise invalid(FieldError("Idempotency-Key", "malformed"))
    return f"key/{header}"


def told(claim: Found) -> ToldClaim:
    """What the workflow's start needs of a claim."""
    return ToldClaim(claim.id, claim.number, claim.creditor, claim.currency, claim.stage, claim.clock_ahead)


async def append(connection: AsyncConnection, claim: Found, news: News, author: str) -> entries.Appended:
    """Put news into the inbox; raises Problem 409 when its key stands for another content."""
    try:
        return await entries.append(
            connection,
            claim_id=claim.id,
            kind=news.kind,
            payload=news.payload,
            author=author,
            key=news.key,
            fingerprint=fingerprint(news.kind, news.body),
        )
    except entries.KeyUsedForAnotherBody as error:
        raise Problem(409, "key_reused", more={"entry": str(error.entry_id)}) from None


async def state_fact(around: Surroundings, claim: Found, news: News, author: str) -> entries.Appended:
    """Store a fact and tell the claim; it is taken even while Temporal is down."""
    async with around.engine.begin() as connection:
        appended = await append(connection, claim, news, author)
    await tell_if_new(around, claim, news, appended)
    return appended


async def tell_if_new(around: Surroundings, claim: Found, news: News, appended: entries.Appended) -> None:
    """Tell the claim of a fact that was stored (and committed) just now."""
    if not appended.repeated:
        await around.telling.fact(told(claim), news.kind, appended.entry_id, now=around.now())


async def make_request(around: Surroundings, claim: Found, news: News, author: str) -> entries.EntryRow:
    """Store a request and wait a moment for the claim's answer; the entry says `received` when there is none yet.

    A claim that did not answer is told by a signal too: unlike an update, the server keeps it when no worker runs.
    """
    async with around.engine.begin() as connection:
        appended = await append(connection, claim, news, author)
        row = await _row(connection, claim, appended.entry_id)
    if row.state != "received":
        return row
    deadline = around.settings.answer_deadline
    await around.telling.request(told(claim), news.kind, row.id, now=around.now(), deadline=deadline)
    async with around.engine.connect() as connection:
        row = await _row(connection, claim, row.id)
    if row.state == "received":
        await around.telling.fact(told(claim), news.kind, row.id, now=around.now())
    return row


async def _row(connection: AsyncConnection, claim: Found, entry_id: UUID) -> entries.EntryRow:
    row = await entries.entry_of(connection, claim.id, entry_id)
    if row is None:
        raise LookupError("entries are never deleted")
    return row


def late(claim: Found, entry_id: UUID) -> JSONResponse:
    """202: it is in the inbox and will be applied; where to ask."""
    address = f"/api/claims/{claim.number}/entries/{entry_id}"
    return JSONResponse(
        {"entry": str(entry_id), "state": "received", "url": address}, 202, headers={"Location": address}
    )
