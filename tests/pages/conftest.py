"""The workbench over a real database, spoken to in process by somebody who is signed in."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from api.app import create_app
from api.signing_in import hash_password
from api.surroundings import ApiSettings
from db.catalogue import ensure_standard
from db.people import write_key, write_person

PASSWORD = "a long enough password"


@pytest.fixture
async def app(engine: AsyncEngine) -> FastAPI:
    async with engine.begin() as connection:
        await ensure_standard(connection)
        await write_key(connection, name="test", secret="rk_test_everything", role="everything")
        await write_person(
            connection,
            code="leila",
            email="leila@recouvra.example",
            name="Leïla Trabelsi",
            role="supervisor",
            password_hash=hash_password(PASSWORD),
        )
    return create_app(ApiSettings(training=True), engine)


@pytest.fixture
async def visitor(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser that nobody has signed in with yet."""
    transport = httpx2.ASGITransport(app=app)
    headers = {"Accept": "text/html", "Accept-Language": "en", "Sec-Fetch-Site": "same-origin"}
    async with httpx2.AsyncClient(transport=transport, base_url="http://recouvra.example", headers=headers) as client:
        yield client


@pytest.fixture
async def desk(visitor: httpx2.AsyncClient) -> httpx2.AsyncClient:
    """Leïla's browser."""
    answer = await visitor.post("/login", data={"email": "leila@recouvra.example", "password": PASSWORD})
    assert answer.status_code == 303
    return visitor
