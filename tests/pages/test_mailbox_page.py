"""The mailbox page: the list, its pages, one mail, in two languages."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from api.app import create_app
from api.surroundings import ApiSettings
from db import people
from embedded.maildir import Maildir
from tests.api.conftest import KEY, client_of
from tests.api.test_mailbox import a_mail, keep


@pytest.fixture
async def mailbox(engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    async with engine.begin() as connection:
        await people.write_key(connection, name="test", secret=KEY, role="everything")
    app = create_app(ApiSettings(mailbox=tmp_path / "mailbox"), engine)
    async with client_of(app, KEY) as client:
        yield client


async def test_the_page_lists_the_newest_mails_and_leads_to_older_ones(
    mailbox: httpx2.AsyncClient, tmp_path: Path
) -> None:
    maildir = Maildir(tmp_path / "mailbox")
    for n in range(60):
        keep(maildir, a_mail(n))
    first = await mailbox.get("/dev/mailbox", headers={"Accept-Language": "fr"})
    assert "60 courriels en tout" in first.text
    assert "R26-0000001 (59)" in first.text
    assert "R26-0000001 (9)" not in first.text
    older = first.text.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    second = await mailbox.get(older.replace("&amp;", "&"), headers={"Accept-Language": "en"})
    assert "60 e-mails in all" in second.text
    assert "R26-0000001 (9)" in second.text
    assert 'rel="next"' not in second.text


async def test_one_mail_is_shown_in_a_frame_that_may_do_nothing(mailbox: httpx2.AsyncClient, tmp_path: Path) -> None:
    keep(Maildir(tmp_path / "mailbox"), a_mail())
    (name,) = (path.name for path in (tmp_path / "mailbox" / "new").iterdir())
    page = (await mailbox.get(f"/dev/mailbox/{name}")).text
    assert f'<iframe class="mail-frame" sandbox src="/dev/mailbox/messages/{name}/html"' in page
    assert "<script>alert(1)</script>" not in page
    assert "_.._lettre é.pdf" in page
    assert (await mailbox.get("/dev/mailbox/nothing")).status_code == 404


async def test_an_empty_mailbox_says_so(mailbox: httpx2.AsyncClient) -> None:
    assert "No e-mail here." in (await mailbox.get("/dev/mailbox", headers={"Accept-Language": "en"})).text
