"""Who may do what, signing in and out, and what a stolen cookie, another site or a guesser meets."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from api.security import COOKIE
from api.signing_in import MOST_BY_EMAIL, hash_password
from db import people
from db.tables import login_attempt, session
from tests.api.conftest import client_of
from tests.api.stories import an_intake, opened

PASSWORD = "correct horse battery staple"


@pytest.fixture(scope="module")
def password_hash() -> str:
    return hash_password(PASSWORD)


async def add(engine: AsyncEngine, code: str, role: str, password_hash: str, **given: Any) -> None:
    async with engine.begin() as connection:
        await people.write_person(
            connection,
            code=code,
            email=f"{code}@office.example",
            name=code.title(),
            role=role,
            password_hash=password_hash,
            **given,
        )


async def signed_in(app: FastAPI, code: str) -> httpx2.AsyncClient:
    client = client_of(app)
    answer = await client.post("/api/session", json={"email": f"{code.upper()}@office.example", "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return client


async def test_a_person_signs_in_and_out(app: FastAPI, engine: AsyncEngine, password_hash: str) -> None:
    await add(engine, "leila", "supervisor", password_hash)
    leila = await signed_in(app, "leila")
    assert (await leila.get("/api/session")).json()["code"] == "leila"
    cookie = leila.cookies[COOKIE]
    assert (await leila.delete("/api/session")).status_code == 204
    leila.cookies.set(COOKIE, cookie)
    assert (await leila.get("/api/session")).status_code == 401


async def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(
    app: FastAPI, engine: AsyncEngine, password_hash: str
) -> None:
    await add(engine, "leila", "supervisor", password_hash)
    async with client_of(app) as client:
        answer = await client.post("/api/session", json={"email": "leila@office.example", "password": PASSWORD})
    header = answer.headers["set-cookie"].lower()
    assert "httponly" in header
    assert "samesite=lax" in header
    async with engine.connect() as connection:
        kept = (await connection.execute(select(session.c.token_sha256))).scalar_one()
    assert kept not in header


async def test_a_write_from_another_site_is_refused(app: FastAPI, engine: AsyncEngine, password_hash: str) -> None:
    await add(engine, "leila", "supervisor", password_hash)
    leila = await signed_in(app, "leila")
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        answer = await leila.post("/api/claims", json=an_intake(), headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/foreign_origin")
    own = await leila.post("/api/claims", json=an_intake(), headers={"Sec-Fetch-Site": "same-origin"})
    assert own.status_code == 201


async def test_a_session_ends_when_it_is_idle_or_old(app: FastAPI, engine: AsyncEngine, password_hash: str) -> None:
    await add(engine, "leila", "supervisor", password_hash)
    for old in (
        {"seen_at": session.c.seen_at - timedelta(hours=9)},
        {"expires_at": session.c.expires_at - timedelta(days=8)},
    ):
        leila = await signed_in(app, "leila")
        async with engine.begin() as connection:
            await connection.execute(update(session).values(old))
        assert (await leila.get("/api/session")).status_code == 401


async def test_guessing_is_slowed_down_and_keeps_no_address(
    app: FastAPI, engine: AsyncEngine, password_hash: str
) -> None:
    await add(engine, "leila", "supervisor", password_hash)
    async with client_of(app) as guesser:
        for attempt in range(MOST_BY_EMAIL + 1):
            answer = await guesser.post(
                "/api/session", json={"email": "leila@office.example", "password": f"guess {attempt}"}
            )
            assert answer.status_code == (401 if attempt < MOST_BY_EMAIL else 429)
        right = await guesser.post("/api/session", json={"email": "leila@office.example", "password": PASSWORD})
    assert right.status_code == 429
    async with engine.connect() as connection:
        kept = (await connection.execute(select(login_attempt.c.subject_sha256))).scalars().all()
    assert all(len(subject) == 64 and "leila" not in subject for subject in kept)


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("collector", {"read", "intake", "settings"}),
        ("supervisor", {"read", "intake", "settings", "close"}),
        ("manager", {"read", "intake", "settings", "close", "set up"}),
        ("administrator", {"read", "settings", "set up"}),
        ("reader", {"read", "settings"}),
        ("creditor", {"read"}),
    ],
)
async def test_a_role_allows_what_it_says(
    app: FastAPI, api: httpx2.AsyncClient, engine: AsyncEngine, password_hash: str, role: str, allowed: set[str]
) -> None:
    await add(engine, "sam", role, password_hash, creditors=["ACME"] if role == "creditor" else [])
    claim = await opened(api, "ROLE-1", collector="sam" if role == "collector" else "")
    sam = await signed_in(app, "sam")
    path = f"/api/claims/{claim['number']}"
    status = {"code": "busy", "label": {"en": "Busy", "fr": "Occupé"}, "category": "in_progress"}
    tried = {
        "read": await sam.get(path),
        "intake": await sam.post("/api/claims", json=an_intake("ROLE-2")),
        "settings": await sam.get("/api/catalogue/statuses"),
        "close": await sam.post(f"{path}/closure", json={"ending": "withdrawn", "reason": "test"}),
        "set up": await sam.post("/api/catalogue/statuses", json=status),
    }
    refused = {name for name, answer in tried.items() if answer.status_code == 403}
    assert {
        name: answer.status_code for name, answer in tried.items() if answer.status_code >= 400 and name in allowed
    } == {}
    assert refused == set(tried) - allowed


async def test_a_collector_has_their_own_claims(
    app: FastAPI, api: httpx2.AsyncClient, engine: AsyncEngine, password_hash: str
) -> None:
    await add(engine, "sam", "collector", password_hash)
    mine = await opened(api, "MINE", collector="sam")
    other = await opened(api, "OTHER")
    sam = await signed_in(app, "sam")
    assert [c["reference"] for c in (await sam.get("/api/claims")).json()["items"]] == ["MINE"]
    assert (await sam.get(f"/api/claims/{mine['number']}")).status_code == 200
    for path in (
        f"/api/claims/{other['number']}",
        f"/api/claims/{other['number']}/timeline",
        f"/api/claims/{other['id']}/plan",
    ):
        assert (await sam.get(path)).status_code == 404
