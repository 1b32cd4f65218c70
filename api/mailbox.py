"""The mailbox of the embedded default as JSON, and each mail's parts as they came: mounted when there is a Maildir.

The page is in `api/pages/mailbox.py`.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Response

from api.problems import not_found
from api.security import Permission, needs
from api.surroundings import Around
from correspondence.mailbox import Mail, MailLine, newest, opened

LONGEST_PAGE = 200
# A mail may hold anything: its HTML runs no script, loads nothing, sends nothing, and has no origin.
_CLOSED = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)

router = APIRouter(prefix="/dev/mailbox/messages", tags=["mailbox"], dependencies=[needs(Permission.READ_MAILBOX)])


def _maildir(around: Around) -> Path:
    """404 where mails really leave: there is no mailbox then."""
    if around.settings.mailbox is None:
        raise not_found()
    return around.settings.mailbox


Maildir = Annotated[Path, Depends(_maildir)]


async def a_mail(maildir: Maildir, name: str) -> Mail:
    mail = await asyncio.to_thread(opened, maildir, name)
    if mail is None:
        raise not_found()
    return mail


@router.get("")
async def mails(
    maildir: Maildir,
    cursor: Annotated[str, Query(max_length=200)] = "",
    claim: Annotated[str, Query(max_length=40)] = "",
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 50,
) -> dict[str, Any]:
    """The mails, newest first; of one claim when its number is given."""
    page = await asyncio.to_thread(newest, maildir, limit=limit, before=cursor, claim=claim)
    return {
        "items": [_line(line) for line in page.lines],
        "next_cursor": page.older or None,
        "total": page.total,
        "total_is_exact": not claim,
    }


@router.get("/{name}")
async def mail(mail: Annotated[Mail, Depends(a_mail)]) -> dict[str, Any]:
    """One mail with all its headers and texts."""
    here = f"/dev/mailbox/messages/{quote(mail.line.name)}"
    return {
        **_line(mail.line),
        "headers": [list(header) for header in mail.headers],
        "text": mail.text,
        "html": mail.html,
        "attachments": [
            {
                "name": part.name,
                "media_type": part.media_type,
                "size": len(part.content),
                "url": f"{here}/attachments/{n}",
            }
            for n, part in enumerate(mail.attachments)
        ],
        "html_url": f"{here}/html",
        "source_url": f"{here}/source",
    }


@router.get("/{name}/html")
async def html(mail: Annotated[Mail, Depends(a_mail)]) -> Response:
    """The HTML as it came, for a sandboxed frame."""
    return Response(mail.html, media_type="text/html; charset=utf-8", headers={"Content-Security-Policy": _CLOSED})


@router.get("/{name}/source")
async def source(mail: Annotated[Mail, Depends(a_mail)]) -> Response:
    """Every byte, headers first."""
    return Response(mail.source, media_type="text/plain; charset=utf-8", headers={"Content-Security-Policy": _CLOSED})


@router.get("/{name}/attachments/{n}")
async def attachment(mail: Annotated[Mail, Depends(a_mail)], n: int) -> Response:
    """Always a download: what came by mail is not shown as a page of ours."""
    if not 0 <= n < len(mail.attachments):
        raise not_found()
    part = mail.attachments[n]
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(part.name)}",
        "Content-Security-Policy": _CLOSED,
    }
    return Response(part.content, media_type="application/octet-stream", headers=headers)


def _line(line: MailLine) -> dict[str, Any]:
    return {
        "id": line.name,
        "arrived_at": line.arrived_at and line.arrived_at.isoformat(),
        "sent_at": line.sent_at and line.sent_at.isoformat(),
        "from": line.sender,
        "to": line.to,
        "subject": line.subject,
        "message_id": line.message_id,
        "claim": line.claim or None,
        "size": line.size,
    }
