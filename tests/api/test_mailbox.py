"""The mailbox page's JSON: thousands of mails, any mail, and nothing of a mail that runs."""

from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from api.app import create_app
from api.surroundings import ApiSettings
from db import people
from embedded.maildir import Maildir
from tests.api.conftest import KEY, client_of


def a_mail(n: int = 1, *, claim: str = "R26-0000001") -> EmailMessage:
    mail = EmailMessage()
    mail["Message-ID"] = f"<claim-{claim}-{n}@recouvra.example>"
    mail["From"] = "Électro Sud <recouvrement@recouvra.example>"
    mail["To"] = "comptes@debtor.example"
    mail["Date"] = "Mon, 23 Nov 2026 09:30:15 +0100"
    mail["Subject"] = f"Votre compte – référence {claim} ({n})"
    mail["X-Recouvra-Claim"] = claim
    mail.set_content("Bonjour, à régler.\n")
    mail.add_alternative("<p>À régler</p><script>alert(1)</script>", subtype="html")
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="../../lettre é.pdf")
    return mail


@pytest.fixture
def maildir(tmp_path: Path) -> Maildir:
    return Maildir(tmp_path / "mailbox")


@pytest.fixture
async def mailbox(engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    async with engine.begin() as connection:
        await people.write_key(connection, name="test", secret=KEY, role="everything")
    async with client_of(create_app(ApiSettings(mailbox=tmp_path / "mailbox"), engine), KEY) as client:
        yield client


def keep(maildir: Maildir, mail: EmailMessage | bytes) -> None:
    content = mail if isinstance(mail, bytes) else mail.as_bytes()
    maildir.keep(content, sender="recouvrement@recouvra.example", recipients=["comptes@debtor.example"])


async def test_mails_are_listed_newest_first_page_by_page(mailbox: httpx2.AsyncClient, maildir: Maildir) -> None:
    for n in range(2_000):
        keep(maildir, f"Message-ID: <{n}@x>\r\nSubject: {n}\r\n\r\n".encode())
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        page = (await mailbox.get("/dev/mailbox/messages", params={"limit": 200, "cursor": cursor})).json()
        seen += [item["subject"] for item in page["items"]]
        assert page["total"] == 2_000
        cursor = page["next_cursor"]
    assert seen == [str(n) for n in reversed(range(2_000))]


async def test_a_claim_finds_its_own_mails(mailbox: httpx2.AsyncClient, maildir: Maildir) -> None:
    for n in range(5):
        keep(maildir, a_mail(n, claim=f"R26-000000{n % 2}"))
    page = (await mailbox.get("/dev/mailbox/messages", params={"claim": "R26-0000001"})).json()
    assert [item["claim"] for item in page["items"]] == ["R26-0000001"] * 2
    assert page["next_cursor"] is None


async def test_one_mail_shows_its_headers_texts_and_attachments(mailbox: httpx2.AsyncClient, maildir: Maildir) -> None:
    keep(maildir, a_mail())
    (line,) = (await mailbox.get("/dev/mailbox/messages")).json()["items"]
    mail = (await mailbox.get(f"/dev/mailbox/messages/{line['id']}")).json()
    assert mail["subject"] == "Votre compte – référence R26-0000001 (1)"
    assert mail["sent_at"] == "2026-11-23T09:30:15+01:00"
    assert mail["from"] == "Électro Sud <recouvrement@recouvra.example>"
    assert ["Delivered-To", "comptes@debtor.example"] in mail["headers"]
    assert mail["text"].strip() == "Bonjour, à régler."
    (attachment,) = mail["attachments"]
    assert attachment["name"] == "_.._lettre é.pdf"
    download = await mailbox.get(attachment["url"])
    assert download.content == b"%PDF-1.7"
    assert download.headers["content-disposition"].startswith("attachment;")
    source = await mailbox.get(mail["source_url"])
    assert b"X-Recouvra-Claim: R26-0000001" in source.content


async def test_the_html_of_a_mail_may_run_nothing_and_load_nothing(
    mailbox: httpx2.AsyncClient, maildir: Maildir
) -> None:
    keep(maildir, a_mail())
    (line,) = (await mailbox.get("/dev/mailbox/messages")).json()["items"]
    answer = await mailbox.get(f"/dev/mailbox/messages/{line['id']}/html")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "allow-scripts" not in policy


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"\x00\xff\xfe no header at all",
        b"Subject: =?x-unknown?Q?=FF?=\r\nContent-Type: text/html; charset=nonsense\r\n\r\n<p>\xe9</p>",
        b"Subject: =?utf-8?B?!!!?=\r\nFrom: <<<>>>\r\nDate: never\r\nContent-Type: multipart/mixed\r\n\r\n--x",
        b'Content-Type: text/plain; charset="\xe9"\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!',
        b"Content-Disposition: attachment; filename*=utf-8''%FF%00..%2F\r\nContent-Type: image/png\r\n\r\nx",
    ],
)
async def test_any_mail_at_all_can_be_shown(mailbox: httpx2.AsyncClient, maildir: Maildir, junk: bytes) -> None:
    keep(maildir, junk)
    (line,) = (await mailbox.get("/dev/mailbox/messages")).json()["items"]
    for part in ("", "/html", "/source"):
        assert (await mailbox.get(f"/dev/mailbox/messages/{line['id']}{part}")).status_code == 200


@pytest.mark.parametrize(
    "name", ["%2e%2e", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "tmp", "x" * 300, "1.M1H.recouvra", ".hidden"]
)
async def test_nothing_outside_the_mailbox_is_read(mailbox: httpx2.AsyncClient, maildir: Maildir, name: str) -> None:
    keep(maildir, a_mail())
    answer = await mailbox.get(f"/dev/mailbox/messages/{name}")
    assert answer.status_code in (200, 404)
    assert "root:" not in answer.text


async def test_there_is_no_mailbox_where_mails_really_leave(api: httpx2.AsyncClient) -> None:
    assert (await api.get("/dev/mailbox/messages")).status_code == 404


async def test_nobody_reads_mails_without_signing_in(engine: AsyncEngine, tmp_path: Path) -> None:
    async with client_of(create_app(ApiSettings(mailbox=tmp_path), engine)) as stranger:
        assert (await stranger.get("/dev/mailbox/messages")).status_code == 401
