"""Carries one message to its mail server, and says by its error whether to try again.

Errors hold reply codes, never an address: they end in histories and logs.
"""

from __future__ import annotations

import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import cache
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

import aiosmtplib

_SECONDS = 30.0  # for each answer of the server; the end of DATA is allowed ten times as long (RFC 5321 4.5.3.2)


class NotDelivered(Exception):
    """The server has not taken the message; `code` is its reply, 0 when it gave none."""

    def __init__(self, reason: str, code: int = 0) -> None:
        super().__init__(f"{reason} ({code})" if code else reason)
        self.code = code


class RefusedForGood(NotDelivered):
    """The server refuses this message, and always will (5xx)."""


class RecipientRefused(RefusedForGood):
    """It is the address that the server refuses, whatever the message."""


class RefusedForNow(NotDelivered):
    """Not this time: 4xx, no connection, a timeout, or a server that does not let us in. Try again later."""


class DeliveryUnknown(RefusedForNow):
    """The connection broke after DATA: the server may have taken it. Try again with the same Message-ID only."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over, read from smtp://user:password@host:port or smtps://…"""

    host: str
    port: int
    tls: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def at(cls, url: str) -> MailServer:
        """ValueError when the URL is not one; it never repeats the URL, which may hold a password."""
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("SMTP_URL must be smtp://[user:password@]host[:port] or smtps://…")
        tls = parts.scheme == "smtps"
        usual = 465 if tls else 587 if parts.username else 25
        return cls(
            parts.hostname, parts.port or usual, tls, unquote(parts.username or ""), unquote(parts.password or "")
        )

    @property
    def is_near(self) -> bool:
        """On this machine: a password may travel in the clear."""
        try:
            return self.host == "localhost" or ip_address(self.host).is_loopback
        except ValueError:
            return False


async def deliver(message: EmailMessage, smtp_url: str, seconds: float = _SECONDS) -> None:
    """Returns when the server has taken the message (250). Raises RefusedForGood (RecipientRefused), RefusedForNow, DeliveryUnknown."""
    server = MailServer.at(smtp_url)
    client = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        use_tls=server.tls,
        start_tls=False if server.tls else None,  # None: when the server offers it
        timeout=seconds,
        tls_context=_trusted(),
    )
    try:
        await _let_in(client, server)
        await _name_recipients(client, message)
        await _hand_over(client, message, seconds)
        with suppress(aiosmtplib.SMTPException, OSError):
            await client.quit()  # a courtesy: the mail has been taken
    finally:
        client.close()


@cache
def _trusted() -> ssl.SSLContext:
    """The machine's certificate authorities, read once: it takes longer than a mail."""
    return ssl.create_default_context()


async def _let_in(client: aiosmtplib.SMTP, server: MailServer) -> None:
    """A refusal here is about us and our settings, not about the message: 5xx too is for now."""
    try:
        await client.connect()
        if server.user:
            if not (_is_private(client) or server.is_near):
                raise RefusedForNow("the server offers no TLS: the password is not sent in the clear")
            await client.login(server.user, server.password)
    except aiosmtplib.SMTPResponseException as refusal:
        raise RefusedForNow("the server does not let us in", refusal.code) from None
    except (aiosmtplib.SMTPException, OSError) as failure:
        raise RefusedForNow(f"no connection: {type(failure).__name__}") from None


def _is_private(client: aiosmtplib.SMTP) -> bool:
    return client.get_transport_info("sslcontext") is not None


async def _name_recipients(client: aiosmtplib.SMTP, message: EmailMessage) -> None:
    try:
        await client.mail(message["From"].addresses[0].addr_spec)
        for address in message["To"].addresses:
            await client.rcpt(address.addr_spec)
    except aiosmtplib.SMTPSenderRefused as refusal:
        raise RefusedForNow("sender refused", refusal.code) from None
    except aiosmtplib.SMTPRecipientRefused as refusal:
        raise _by_code(RecipientRefused, "recipient refused", refusal.code) from None
    except aiosmtplib.SMTPResponseException as refusal:
        raise RefusedForNow("refused", refusal.code) from None
    except (aiosmtplib.SMTPException, OSError) as failure:
        raise RefusedForNow(f"connection lost: {type(failure).__name__}") from None


async def _hand_over(client: aiosmtplib.SMTP, message: EmailMessage, seconds: float) -> None:
    try:
        await client.data(message.as_bytes(), timeout=seconds * 10)
    except aiosmtplib.SMTPResponseException as refusal:
        raise _by_code(RefusedForGood, "message refused", refusal.code) from None
    except (aiosmtplib.SMTPException, OSError) as failure:
        raise DeliveryUnknown(f"connection lost after DATA: {type(failure).__name__}") from None


def _by_code(for_good: type[RefusedForGood], reason: str, code: int) -> NotDelivered:
    """530 to 538 ask for a login: our settings, not the recipient."""
    is_final = 500 <= code < 600 and not 530 <= code <= 538
    return for_good(reason, code) if is_final else RefusedForNow(reason, code)
