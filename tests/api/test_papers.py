"""Files and debtors: byte for byte, under a safe name, and every change has an author."""

from uuid import UUID

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from db import entries
from tests.api.stories import opened


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("reçu.pdf", b"%PDF-1.7 etc", "application/pdf"),
        ("../../etc/passwd", b"root:x:0:0", "text/plain; charset=utf-8"),
        ("page.html", b"<script>alert(1)</script>", "text/plain; charset=utf-8"),
        ("noise", bytes(range(256)), "application/octet-stream"),
    ],
)
async def test_a_file_comes_back_byte_for_byte_and_runs_nowhere(
    api: httpx2.AsyncClient, name: str, content: bytes, media_type: str
) -> None:
    claim = await opened(api)
    answer = await api.post(f"/api/claims/{claim['number']}/documents", files={"file": (name, content, "text/html")})
    assert answer.status_code == 201, answer.text
    fetched = await api.get(answer.json()["url"])
    assert fetched.content == content
    assert fetched.headers["content-type"] == media_type
    assert fetched.headers["content-disposition"].startswith("attachment")
    assert "/" not in fetched.headers["content-disposition"].partition("filename")[2]
    assert "sandbox" in fetched.headers["content-security-policy"]
    assert [d["name"] for d in (await api.get(f"/api/claims/{claim['number']}")).json()["documents"]] == [
        answer.json()["name"]
    ]


async def test_a_file_is_attached_once_per_key_and_never_empty(api: httpx2.AsyncClient) -> None:
    claim = await opened(api)
    path = f"/api/claims/{claim['number']}/documents"
    twice = [
        await api.post(path, files={"file": ("a.txt", b"one")}, headers={"Idempotency-Key": "k"}) for _ in range(2)
    ]
    assert twice[0].json() == twice[1].json()
    assert (
        await api.post(path, files={"file": ("a.txt", b"two")}, headers={"Idempotency-Key": "k"})
    ).status_code == 409
    assert (await api.post(path, files={"file": ("a.txt", b"")})).status_code == 422
    assert (await api.post(path, data={"file": "not a file"})).status_code == 422
    assert (await api.get("/api/documents/00000000-0000-4000-8000-000000000000")).status_code == 404


async def test_a_file_that_is_too_large_is_refused_and_nothing_kept(api: httpx2.AsyncClient) -> None:
    claim = await opened(api)
    huge = b"0" * (26 * 1024 * 1024)
    answer = await api.post(f"/api/claims/{claim['number']}/documents", files={"file": ("huge", huge)})
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too_large")
    assert (await api.get(f"/api/claims/{claim['number']}")).json()["documents"] == []


async def test_a_debtor_is_changed_with_an_author(api: httpx2.AsyncClient, engine: AsyncEngine) -> None:
    claim = await opened(api)
    debtor = (await api.get(f"/api/claims/{claim['number']}")).json()["debtor"]
    path = f"/api/debtors/{debtor['id']}"
    changed = await api.patch(path, json={"name": "Perrin SARL", "phone": "+33102030405"})
    assert (changed.status_code, changed.json()["name"]) == (200, "Perrin SARL")
    async with engine.begin() as connection:
        told = await entries.unapplied(connection, UUID(claim["id"]))
    assert [(entry.kind, entry.payload) for entry in told if entry.kind != "opened"] == [
        ("debtor_changed", {"fields": ["contacts", "name"]})
    ]
    assert changed.json()["contacts"][0]["phone"] == "+33102030405"
    assert (await api.get("/api/claims", params={"q": "perrin sarl"})).json()["total"] == 1
    assert (await api.patch(path, json={"email": "nonsense"})).status_code == 422
    assert [c["reference"] for c in (await api.get(f"{path}/claims")).json()["items"]] == ["ACME-1"]
    assert (await api.get(f"{path}/contacts-log")).json()["items"] == []
    assert (await api.get("/api/debtors/nobody")).status_code == 404
