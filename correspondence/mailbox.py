"""Reads the Maildir of the embedded mail server for the mailbox page: by names, newest first, one mail at a time.

Anything may have been mailed to it, so nothing here trusts a header, a charset or a file name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import Path

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._=-]{0,199}")
_ARRIVAL = re.compile(r"(\d{1,11})\.M(\d+)")
_HEAD = 16 * 1024  # bytes of a mail that are read for its line in the list
_LOOKED_AT = 5_000  # mails read at most for one page of one claim


@dataclass(frozen=True, slots=True)
class MailLine:
    """One line of the list."""

    name: str
    arrived_at: datetime | None
    sent_at: datetime | None  # as the mail says: in training, the claim's own time
    sender: str
    to: str
    subject: str
    message_id: str
    claim: str
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    line: MailLine
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    attachments: tuple[Attachment, ...]
    source: bytes


@dataclass(frozen=True, slots=True)
class MailPage:
    lines: tuple[MailLine, ...]
    older: str  # the cursor of the next page, "" at the end
    total: int  # of all mails kept


def newest(folder: Path, *, limit: int, before: str = "", claim: str = "") -> MailPage:
    """The newest mails, or those older than the cursor `before`; of one claim when it is named."""
    kept = sorted(_kept(folder).items(), reverse=True)
    older = [(name, path) for name, path in kept if not before or name < before]
    lines: list[MailLine] = []
    last = ""
    for looked_at, (name, path) in enumerate(older, 1):
        line = _line(name, path)
        last = name
        if line is not None and (not claim or line.claim == claim):
            lines.append(line)
        if len(lines) == limit or looked_at == _LOOKED_AT:
            break
    at_the_end = not older or last == older[-1][0]
    return MailPage(tuple(lines), "" if at_the_end else last, len(kept))


def opened(folder: Path, name: str) -> Mail | None:
    """One mail, whole; None when there is none of that name."""
    path = _kept(folder).get(name) if _NAME.fullmatch(name) else None
    line = _line(name, path) if path else None
    if path is None or line is None:
        return None
    source = path.read_bytes()
    message = message_from_bytes(source)
    parts = [part for part in message.walk() if not part.is_multipart()]
    shown = [part for part in parts if not _is_attached(part)]
    return Mail(
        line=line,
        headers=tuple((field, _readable(value)) for field, value in message.items()),
        text=_first(shown, "text/plain"),
        html=_first(shown, "text/html"),
        attachments=tuple(_attachment(n, part) for n, part in enumerate(parts) if _is_attached(part)),
        source=source,
    )


def _kept(folder: Path) -> dict[str, Path]:
    """Every mail by its name, without the flags a reader may have added."""
    places = (place for name in ("new", "cur") if (place := folder / name).is_dir())
    return {path.name.partition(":")[0]: path for place in places for path in place.iterdir()}


def _line(name: str, path: Path) -> MailLine | None:
    try:
        with path.open("rb") as file:
            head, size = file.read(_HEAD), path.stat().st_size
    except FileNotFoundError:  # another reader moved it between two looks
        return None
    message = BytesHeaderParser().parsebytes(head)
    arrival = _ARRIVAL.match(name)
    return MailLine(
        name=name,
        arrived_at=datetime.fromtimestamp(int(arrival[1]), UTC) if arrival else None,
        sent_at=_instant(_readable(message.get("Date", ""))),
        sender=_readable(message.get("From", "")),
        to=", ".join(_readable(value) for value in message.get_all("To", []) or message.get_all("Delivered-To", [])),
        subject=_readable(message.get("Subject", "")),
        message_id=_readable(message.get("Message-ID", "")),
        claim=_readable(message.get("X-Recouvra-Claim", "")),
        size=size,
    )


def _readable(value: object) -> str:
    try:
        return " ".join(str(make_header(decode_header(str(value)))).split())
    except (LookupError, ValueError, HeaderParseError):
        return " ".join(str(value).split())


def _instant(date_header: str) -> datetime | None:
    try:
        sent_at = parsedate_to_datetime(date_header)
    except (ValueError, OverflowError):
        return None
    return sent_at if sent_at.tzinfo else sent_at.replace(tzinfo=UTC)


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or part.get_content_maintype() != "text"


def _first(parts: Iterable[Message], media_type: str) -> str:
    return next(_texts(parts, media_type), "")


def _texts(parts: Iterable[Message], media_type: str) -> Iterator[str]:
    for part in parts:
        if part.get_content_type() == media_type:
            content = _content(part)
            try:
                yield content.decode(part.get_content_charset("utf-8"), "replace")
            except LookupError:
                yield content.decode("utf-8", "replace")


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _attachment(n: int, part: Message) -> Attachment:
    name = re.sub(r"[^\w.() -]", "_", _readable(part.get_filename() or ""))[-120:].strip(". ")
    return Attachment(name or f"attachment-{n}", part.get_content_type(), _content(part))
