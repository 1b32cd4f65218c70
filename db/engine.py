"""One way to reach PostgreSQL: psycopg 3 under SQLAlchemy, JSON that keeps exact amounts as text."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine


def engine_for(url: str, **options: Any) -> AsyncEngine:
    """An engine for any PostgreSQL URL; the driver in it is ours to choose.

    Errors are told without the values of the statement: they end in logs and, from an activity, in histories.
    """
    address = make_url(url).set(drivername="postgresql+psycopg")
    fixed = {"json_serializer": _json, "pool_pre_ping": True, "hide_parameters": True}
    return create_async_engine(address, **fixed, **{"pool_size": 8, **options})


@asynccontextmanager
async def at_one_moment(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection on which every question sees the same moment: a payment applied between two of them is not lost to both."""
    async with engine.connect() as connection:
        yield await connection.execution_options(isolation_level="REPEATABLE READ")


def _json(value: Any) -> str:
    return json.dumps(value, default=_text, ensure_ascii=False)


def _text(value: Any) -> str:
    if isinstance(value, Decimal | UUID):
        return str(value)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    raise TypeError(f"{type(value).__name__} has no place in JSON")
