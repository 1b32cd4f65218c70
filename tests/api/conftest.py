"""The API over a real database, spoken to in process; without Temporal unless a test asks for it."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from api.app import create_app
from api.surroundings import ApiSettings
from db import people
from db.catalogue import ensure_standard

KEY = "rk_test_everything"


@pytest.fixture
async def app(engine: AsyncEngine) -> FastAPI:
    """The application while Temporal is down, with one key that may do everything."""
    async with engine.begin() as connection:
        await ensure_standard(connection)
        await people.write_key(connection, name="test", secret=KEY, role="everything")
    return create_app(ApiSettings(temporal_ui_url="http://temporal.example:8233"), engine)


@pytest.fixture
async def api(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody with every right."""
    async with client_of(app, KEY) as client:
        yield client


def client_of(app: FastAPI, key: str | None = None) -> httpx2.AsyncClient:
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    return httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app), base_url="http://recouvra.example", headers=headers
    )
