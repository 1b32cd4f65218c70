"""Mail that came back, over HTTP: taken once, the address is used no more, and what never left cannot come back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from db import documents, entries
from db.claims import load
from db.documents import NewDocument
from tests.api.stories import opened

ADDRESS = {"id": str(uuid4()), "lines": ["1 rue A"], "postal_code": "69003", "city": "Lyon"}
TODAY = datetime.now(UTC).date()


async def a_claim(api: httpx2.AsyncClient) -> dict[str, Any]:
    debtor = {
        "reference": "D-1",
        "name": "Perrin",
        "country": "FR",
        "email": "c@perrin.example",
        "addresses": [ADDRESS],
    }
    return await opened(api, debtor=debtor)


async def a_document(engine: AsyncEngine, claim: dict[str, Any], **facts: Any) -> str:
    given: dict[str, Any] = {
        "id": uuid4(),
        "claim_id": UUID(claim["id"]),
        "kind": "letter",
        "media_type": "application/pdf",
        "name": "letter.pdf",
        "content": b"%PDF-1.7",
        "state": "posted",
        "created_at": datetime.now(UTC) - timedelta(days=5),
        "address_id": UUID(ADDRESS["id"]),
    }
    new = NewDocument(**{**given, **facts})
    async with engine.begin() as connection:
        await documents.keep(connection, new)
    return f"/api/claims/{claim['number']}/documents/{new.id}/return"


def a_return(reason: str = "unknown_at_address", days_ago: int = 0) -> dict[str, str]:
    return {"reason": reason, "returned_on": (TODAY - timedelta(days=days_ago)).isoformat()}


async def waiting(engine: AsyncEngine, claim: dict[str, Any]) -> list[entries.EntryRow]:
    async with engine.begin() as connection:
        return [e for e in await entries.unapplied(connection, UUID(claim["id"])) if e.kind != "opened"]


async def test_a_letter_unknown_at_the_address_marks_it_and_tells_the_claim_once(
    api: httpx2.AsyncClient, engine: AsyncEngine
) -> None:
    claim = await a_claim(api)
    path = await a_document(engine, claim)
    answers = [await api.post(path, json=a_return()) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 200]
    assert answers[0].json() == answers[1].json()
    told = await waiting(engine, claim)
    assert [entry.kind for entry in told] == ["debtor_changed", "letter_returned"]
    assert told[0].payload == {"fields": ["addresses"], "because": "letter_returned"}
    assert set(told[1].payload) == {"document", "sent_as", "reason", "returned_on", "action"}  # nothing personal
    async with engine.begin() as connection:
        facts = await load(connection, UUID(claim["id"]))
    assert facts is not None
    assert facts.debtor.postal_address() is None
    assert (await api.post(path, json=a_return("refused"))).status_code == 409


async def test_a_letter_that_was_refused_or_not_claimed_leaves_the_address_as_it_is(
    api: httpx2.AsyncClient, engine: AsyncEngine
) -> None:
    claim = await a_claim(api)
    assert (await api.post(await a_document(engine, claim), json=a_return("unclaimed"))).status_code == 202
    assert [entry.kind for entry in await waiting(engine, claim)] == ["letter_returned"]


async def test_an_email_that_came_back_marks_the_contact(api: httpx2.AsyncClient, engine: AsyncEngine) -> None:
    claim = await a_claim(api)
    mail = b"From: r@recouvra.example\r\nTo: c@perrin.example\r\nSubject: x\r\n\r\nx"
    path = await a_document(engine, claim, kind="email", media_type="message/rfc822", content=mail, state="sent")
    assert (await api.post(path, json=a_return())).status_code == 202
    whole = (await api.get(f"/api/claims/{claim['number']}")).json()
    assert [contact["valid"] for contact in whole["debtor"]["contacts"]] == [False]


@pytest.mark.parametrize(
    "facts",
    [{"state": "withdrawn"}, {"state": "rendered", "posts_at": datetime.now(UTC) + timedelta(hours=3)}],
)
async def test_what_never_left_cannot_come_back(
    api: httpx2.AsyncClient, engine: AsyncEngine, facts: dict[str, Any]
) -> None:
    claim = await a_claim(api)
    refused = await api.post(await a_document(engine, claim, **facts), json=a_return())
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/never_left")


async def test_what_cannot_be_is_refused_by_its_field(api: httpx2.AsyncClient, engine: AsyncEngine) -> None:
    claim = await a_claim(api)
    path = await a_document(engine, claim)
    for body, field in (
        (a_return(days_ago=-3), "returned_on"),
        (a_return(days_ago=9), "returned_on"),
        (a_return("moved"), "reason"),
        ({"reason": "refused"}, "returned_on"),
    ):
        refused = await api.post(path, json=body)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)
    attached = await a_document(engine, claim, kind="file", state="attached")
    assert (await api.post(attached, json=a_return())).status_code == 404
    assert (await api.post(path.replace("/documents/", "/documents/x"), json=a_return())).status_code == 404
    assert await waiting(engine, claim) == []
