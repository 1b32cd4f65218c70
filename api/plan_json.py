"""The plan as the HTTP contract shows it: steps to come and why, steps held back and why not now."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.claim import Claim
from domain.statement import Statement


def sentence(code: str, facts: Mapping[str, Any], language: str) -> str:
    return code


def reasons(why: Sequence[Mapping[str, Any]], language: str) -> list[dict[str, Any]]:
    """Reasons as they were stored, with their sentence in this language."""
    return [
        {"code": r["code"], "text": sentence(r["code"], r.get("facts", {}), language), "facts": r.get("facts", {})}
        for r in why
    ]


async def next_step_and_priority(
    connection: AsyncConnection, claim: Claim, now: Statement, as_of: datetime, language: str
) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    return None, {"score": 0, "parts": []}
