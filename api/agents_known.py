"""Whether an agent or an action type of a body is one that this claim can take; else 422 before the claim is asked."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from api.problems import FieldError, invalid
from db import catalogue, legal
from db.portfolio import Found
from domain.catalogue import ActionType, Agent
from domain.catalogue_bodies import NotACatalogueBody, read


async def known_agent(connection: AsyncConnection, claim: Found, code: str | None, field: str = "agent") -> None:
    """Raises Problem 422 for an agent who is not in the catalogue, not active, or does not act for this claim."""
    if not code:
        return
    agent: Agent | None = await _read(connection, "agents", code)
    country = await legal.country_of(connection, claim.id)
    if agent is None or not agent.acts_for(claim.creditor, country):
        raise invalid(FieldError(field, "unknown_agent"))


async def known_type(connection: AsyncConnection, code: str, field: str = "action_type") -> ActionType:
    """The active action type of this code; raises Problem 422."""
    kind: ActionType | None = await _read(connection, "action-types", code)
    if kind is None or not kind.active:
        raise invalid(FieldError(field, "unknown_action_type"))
    return kind


async def _read(connection: AsyncConnection, kind: str, code: str) -> Any:
    entry = await catalogue.one(connection, kind, code)
    if entry is None:
        return None
    try:
        return read(kind, code, {**entry.body, "active": entry.active}, version=entry.version)
    except NotACatalogueBody:
        return None
