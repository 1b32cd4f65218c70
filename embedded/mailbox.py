"""The mail server of the embedded default: takes every mail, keeps it in a Maildir, sends none on.

For trying: `bounce@…` is refused for good (550), `busy@…` for now (451). A mail is on disk before its 250, and a
repeat with the same Message-ID is taken and dropped, as a careful receiver does.
"""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from embedded.maildir import Maildir

LARGEST = 25 * 1024 * 1024  # bytes
_TRYING = {
    "bounce": "550 5.1.1 No such mailbox (bounce@ refuses for trying)",
    "busy": "451 4.3.2 Try again later (busy@ is for trying)",
}


class Mailbox:
    """What aiosmtpd asks at each step of a conversation; the names of the methods are its own."""

    def __init__(self, folder: Path) -> None:
        self._mails = Maildir(folder)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd looks the method up by the SMTP verb
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        wanted = address.partition("@")[0].partition("+")[0].lower()
        if wanted in _TRYING:
            return _TRYING[wanted]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        content = envelope.original_content or b""
        recipients = [str(address) for address in envelope.rcpt_tos]
        new = await asyncio.to_thread(
            self._mails.keep, content, sender=str(envelope.mail_from or ""), recipients=recipients
        )
        return "250 OK kept" if new else "250 OK known already"


async def listen(host: str, port: int, maildir: Path) -> asyncio.Server:
    """A server that takes mail until it is closed; port 0 takes a free one (`port_of`)."""
    mailbox = Mailbox(maildir)

    def conversation() -> SMTP:
        return SMTP(mailbox, data_size_limit=LARGEST, enable_SMTPUTF8=True, hostname="mailbox", ident="Recouvra")

    return await asyncio.get_running_loop().create_server(conversation, host, port)


def port_of(server: asyncio.Server) -> int:
    port: int = server.sockets[0].getsockname()[1]
    return port


async def serve(host: str, port: int, maildir: Path) -> None:
    """Takes mail until SIGTERM or SIGINT."""
    server = await listen(host, port, maildir)
    stop = asyncio.Event()
    for asked in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(asked, stop.set)
    async with server:
        await stop.wait()
