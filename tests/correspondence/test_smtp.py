"""Delivery to real mail servers that accept, refuse, hang up and are not there."""

import asyncio
import logging
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from correspondence import smtp
from correspondence.smtp import DeliveryUnknown, MailServer, RecipientRefused, RefusedForGood, RefusedForNow, deliver

CERTIFICATE = Path(__file__).with_name("localhost.pem")  # of localhost, and of no use anywhere else
TO = "amel.benyoussef@debtor.example"


def a_mail() -> EmailMessage:
    mail = EmailMessage()
    mail["Message-ID"] = "<claim-R26-0000001-1@recouvra.example>"
    mail["From"] = "Électro Sud <recouvrement@recouvra.example>"
    mail["To"] = TO
    mail["Subject"] = "Votre compte – référence R26-0000001"
    mail.set_content("À régler : 100,00 €\n.\nUne ligne d’un point seul précède.\n")
    return mail


class Server:
    """Answers as told; keeps what it took."""

    def __init__(
        self, *, rcpt: str = "250 OK", data: str = "250 OK", mail: str = "250 OK", hangs_up: bool = False
    ) -> None:
        self.rcpt, self.data, self.mail, self.hangs_up = rcpt, data, mail, hangs_up
        self.taken: list[Envelope] = []

    async def handle_MAIL(  # noqa: N802 - aiosmtpd looks the method up by the SMTP verb
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.mail

    async def handle_RCPT(  # noqa: N802 - aiosmtpd looks the method up by the SMTP verb
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.taken.append(envelope)
        if self.hangs_up:
            assert server.transport is not None
            server.transport.abort()
        return self.data


@asynccontextmanager
async def serving(conversation: Callable[[], asyncio.Protocol]) -> AsyncIterator[str]:
    server = await asyncio.get_running_loop().create_server(conversation, "127.0.0.1", 0)
    try:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


def answering(server: Server, **options: object) -> AbstractAsyncContextManager[str]:
    return serving(lambda: SMTP(server, hostname="test", **options))


async def test_a_mail_arrives_byte_for_byte() -> None:
    server, mail = Server(), a_mail()
    async with answering(server) as url:
        await deliver(mail, url)
    (envelope,) = server.taken
    assert envelope.rcpt_tos == [TO]
    assert envelope.mail_from == "recouvrement@recouvra.example"
    assert envelope.content == mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


@pytest.mark.parametrize(
    ("told", "expected", "code"),
    [
        ({"rcpt": "550 no such user"}, RecipientRefused, 550),
        ({"rcpt": "553 not a name"}, RecipientRefused, 553),
        ({"rcpt": "451 greylisted"}, RefusedForNow, 451),
        ({"rcpt": "452 full"}, RefusedForNow, 452),
        ({"rcpt": "530 log in first"}, RefusedForNow, 530),
        ({"data": "554 looks like spam"}, RefusedForGood, 554),
        ({"data": "421 going down"}, RefusedForNow, 421),
        ({"mail": "550 who are you"}, RefusedForNow, 550),
        ({"mail": "451 later"}, RefusedForNow, 451),
    ],
)
async def test_a_refusal_says_whether_to_try_again(told: dict[str, str], expected: type[Exception], code: int) -> None:
    async with answering(Server(**told)) as url:
        with pytest.raises(expected) as refused:
            await deliver(a_mail(), url)
    assert type(refused.value) is expected
    assert refused.value.code == code  # type: ignore[attr-defined]


async def test_a_connection_lost_after_data_leaves_delivery_unknown() -> None:
    server = Server(hangs_up=True)
    async with answering(server) as url:
        with pytest.raises(DeliveryUnknown):
            await deliver(a_mail(), url)
    assert len(server.taken) == 1  # it had arrived: only the answer was lost


async def test_nobody_there_is_a_refusal_for_now() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(RefusedForNow) as refused:
            await deliver(a_mail(), f"smtp://127.0.0.1:{unused.getsockname()[1]}")
    assert not isinstance(refused.value, DeliveryUnknown)


class Silent(asyncio.Protocol):
    """Takes the connection and never says a word."""


async def test_a_server_that_says_nothing_is_given_up() -> None:
    async with serving(Silent) as url:
        with pytest.raises(RefusedForNow):
            await deliver(a_mail(), url, seconds=0.3)


def knows(*asked: object) -> AuthResult:
    """aiosmtpd gives the login last."""
    return AuthResult(success=asked[-1] == LoginPassword(b"user@x", b"p:ss/word"), handled=False)


async def test_it_logs_in_with_the_urls_user_and_password() -> None:
    server = Server()
    async with answering(server, authenticator=knows, auth_require_tls=False) as url:
        address = url.removeprefix("smtp://")
        await deliver(a_mail(), f"smtp://user%40x:p%3Ass%2Fword@{address}")
        with pytest.raises(RefusedForNow) as refused:
            await deliver(a_mail(), f"smtp://user%40x:wrong@{address}")
    assert refused.value.code == 535
    assert len(server.taken) == 1


def certified() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    return context


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This machine trusts the test's certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    smtp._trusted.cache_clear()
    yield
    smtp._trusted.cache_clear()


@pytest.mark.usefixtures("trusting")
async def test_it_encrypts_when_the_server_offers_to() -> None:
    server = Server()
    async with answering(server, tls_context=certified(), require_starttls=True) as url:
        await deliver(a_mail(), url)
    assert len(server.taken) == 1


@pytest.mark.usefixtures("trusting")
async def test_smtps_is_encrypted_from_the_first_byte() -> None:
    server = Server()
    listening = await asyncio.get_running_loop().create_server(
        lambda: SMTP(server, hostname="test"), "127.0.0.1", 0, ssl=certified()
    )
    async with listening:
        await deliver(a_mail(), f"smtps://127.0.0.1:{listening.sockets[0].getsockname()[1]}")
    assert len(server.taken) == 1


async def test_a_server_that_cannot_prove_who_it_is_gets_no_mail() -> None:
    server = Server()
    async with answering(server, tls_context=certified()) as url:
        with pytest.raises(RefusedForNow):
            await deliver(a_mail(), url)
    assert server.taken == []


@pytest.mark.parametrize(
    ("url", "host", "port", "tls"),
    [
        ("smtp://mail.example", "mail.example", 25, False),
        ("smtp://u:p@mail.example", "mail.example", 587, False),
        ("smtps://mail.example", "mail.example", 465, True),
        ("smtp://[::1]:2525", "::1", 2525, False),
    ],
)
def test_the_url_names_the_server(url: str, host: str, port: int, tls: bool) -> None:
    server = MailServer.at(url)
    assert (server.host, server.port, server.tls) == (host, port, tls)


@pytest.mark.parametrize("url", ["", "mail.example:25", "http://mail.example", "smtp://", "smtp://:secret@"])
def test_what_is_no_mail_server_is_said_without_repeating_a_password(url: str) -> None:
    with pytest.raises(ValueError, match="SMTP_URL") as wrong:
        MailServer.at(url)
    assert "secret" not in str(wrong.value)


async def test_no_error_and_no_log_names_the_recipient(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for told in ({"rcpt": f"550 <{TO}> unknown"}, {"data": f"554 {TO}"}, {"rcpt": f"451 {TO}"}):
        async with answering(Server(**told)) as url:
            with pytest.raises((RefusedForGood, RefusedForNow)) as refused:
                await deliver(a_mail(), url)
        assert TO not in str(refused.value)
        assert refused.value.__cause__ is None
        assert refused.value.__suppress_context__
    ours = [record for record in caplog.records if record.name.startswith(("correspondence", "aiosmtplib"))]
    assert not [record for record in ours if TO in record.getMessage()]
