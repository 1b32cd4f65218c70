"""The mailbox page: every e-mail that left, newest first, where the embedded mail server keeps them."""

from __future__ import annotations

import asyncio
from typing import Annotated, Final
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Query, Response

from api.mailbox import Maildir, a_mail
from api.pages.frame import Frame, frame_for
from api.security import Permission
from correspondence.mailbox import Mail, newest

router = APIRouter(prefix="/dev/mailbox", include_in_schema=False)

PAGE: Final = 50
MailboxFrame = Annotated[Frame, Depends(frame_for(Permission.READ_MAILBOX))]


@router.get("")
async def get_mailbox(
    frame: MailboxFrame,
    maildir: Maildir,
    cursor: Annotated[str, Query(max_length=200)] = "",
    claim: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    page = await asyncio.to_thread(newest, maildir, limit=PAGE, before=cursor, claim=claim.strip())
    older = urlencode({"cursor": page.older, "claim": claim.strip()}) if page.older else ""
    return await frame.page(
        "mailbox", here="mailbox", mails=page.lines, total=page.total, older=older, cursor=cursor, claim=claim.strip()
    )


@router.get("/{name}")
async def get_mail(frame: MailboxFrame, mail: Annotated[Mail, Depends(a_mail)]) -> Response:
    parts = f"/dev/mailbox/messages/{quote(mail.line.name)}"
    return await frame.page("mail", here="mailbox", mail=mail, parts=parts)
