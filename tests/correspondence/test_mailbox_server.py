"""The embedded mail server: a mail is on disk before its 250, once, whatever happens between."""

import asyncio
import mailbox
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from correspondence.smtp import RefusedForGood, RefusedForNow, deliver
from embedded.mailbox import LARGEST, listen, port_of
from embedded.maildir import Maildir

ROOT = Path(__file__).parents[2]


def a_mail(message_id: str = "<claim-R26-0000001-1@recouvra.example>", to: str = "x@debtor.example") -> EmailMessage:
    mail = EmailMessage()
    mail["Message-ID"] = message_id
    mail["From"] = "Recouvra <recouvrement@recouvra.example>"
    mail["To"] = to
    mail["Subject"] = "Votre compte – référence R26-0000001"
    mail.set_content("Madame, Monsieur,\n\nÀ régler : 100,00 €\n")
    return mail


def kept(folder: Path) -> list[mailbox.MaildirMessage]:
    return list(mailbox.Maildir(folder, create=False))


@pytest.fixture
async def smtp_url(tmp_path: Path) -> AsyncIterator[str]:
    server = await listen("127.0.0.1", 0, tmp_path / "mailbox")
    yield f"smtp://127.0.0.1:{port_of(server)}"
    server.close()
    await server.wait_closed()


async def test_a_mail_is_kept_whole_in_a_real_maildir(smtp_url: str, tmp_path: Path) -> None:
    await deliver(a_mail(), smtp_url)
    (mail,) = kept(tmp_path / "mailbox")
    assert mail["Message-ID"] == "<claim-R26-0000001-1@recouvra.example>"
    assert mail["Delivered-To"] == "x@debtor.example"
    assert mail["Return-Path"] == "<recouvrement@recouvra.example>"
    assert "À régler : 100,00 €" in str(mail.get_payload(decode=True), "utf-8")
    assert not list((tmp_path / "mailbox" / "tmp").iterdir())


async def test_a_repeat_with_the_same_message_id_is_taken_and_dropped(smtp_url: str, tmp_path: Path) -> None:
    await asyncio.gather(*(deliver(a_mail(), smtp_url) for _ in range(8)))
    await deliver(a_mail("<claim-R26-0000001-2@recouvra.example>"), smtp_url)
    assert sorted(mail["Message-ID"] for mail in kept(tmp_path / "mailbox")) == [
        "<claim-R26-0000001-1@recouvra.example>",
        "<claim-R26-0000001-2@recouvra.example>",
    ]


async def test_a_repeat_is_known_after_a_restart_and_after_the_reader_has_seen_it(tmp_path: Path) -> None:
    folder = tmp_path / "mailbox"
    first = Maildir(folder)
    assert first.keep(a_mail().as_bytes(), sender="", recipients=["x@debtor.example"])
    (seen,) = (folder / "new").iterdir()
    seen.rename(folder / "cur" / f"{seen.name}:2,S")
    assert not Maildir(folder).keep(a_mail().as_bytes(), sender="", recipients=["x@debtor.example"])


async def test_half_written_mail_of_a_killed_server_is_cleared(tmp_path: Path) -> None:
    Maildir(tmp_path)
    (tmp_path / "tmp" / "1.M1P1Habc.recouvra").write_bytes(b"half")
    Maildir(tmp_path)
    assert not list((tmp_path / "tmp").iterdir())


async def test_names_sort_by_arrival(tmp_path: Path) -> None:
    maildir = Maildir(tmp_path)
    for n in range(20):
        maildir.keep(a_mail(f"<{n}@x>").as_bytes(), sender="", recipients=[])
    in_order = [
        mailbox.MaildirMessage(path.read_bytes())["Message-ID"] for path in sorted((tmp_path / "new").iterdir())
    ]
    assert in_order == [f"<{n}@x>" for n in range(20)]


async def test_bounce_is_refused_for_good_and_busy_for_now(smtp_url: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedForGood) as for_good:
        await deliver(a_mail(to="bounce@debtor.example"), smtp_url)
    with pytest.raises(RefusedForNow) as for_now:
        await deliver(a_mail(to="busy+7@debtor.example"), smtp_url)
    assert (for_good.value.code, for_now.value.code) == (550, 451)
    assert kept(tmp_path / "mailbox") == []


async def test_a_mail_beyond_the_limit_is_refused_for_good(smtp_url: str, tmp_path: Path) -> None:
    mail = a_mail()
    mail.set_content("x" * 70 + "\n", cte="7bit")
    mail.set_payload(("x" * 70 + "\n") * (LARGEST // 71 + 10))
    with pytest.raises(RefusedForGood) as refused:
        await deliver(mail, smtp_url)
    assert refused.value.code == 552
    assert kept(tmp_path / "mailbox") == []


SERVE = """
import asyncio, sys
from pathlib import Path
from embedded.mailbox import serve
asyncio.run(serve("127.0.0.1", int(sys.argv[1]), Path(sys.argv[2])))
"""


def started(port: int, folder: Path) -> "subprocess.Popen[bytes]":
    server = subprocess.Popen([sys.executable, "-c", SERVE, str(port), str(folder)], cwd=ROOT)
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server
        time.sleep(0.05)
    server.kill()
    raise AssertionError("the mail server did not start")


async def test_what_was_answered_250_outlives_kill_9_and_sigterm_ends_it(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url, folder = f"smtp://127.0.0.1:{port}", tmp_path / "mailbox"
    server = await asyncio.to_thread(started, port, folder)
    await asyncio.gather(*(deliver(a_mail(f"<{n}@x>"), url) for n in range(10)))
    os.kill(server.pid, signal.SIGKILL)
    server.wait()
    server = await asyncio.to_thread(started, port, folder)
    await asyncio.gather(*(deliver(a_mail(f"<{n}@x>"), url) for n in range(5, 15)))
    assert sorted(mail["Message-ID"] for mail in kept(folder)) == sorted(f"<{n}@x>" for n in range(15))
    server.terminate()
    assert server.wait(timeout=10) == 0
