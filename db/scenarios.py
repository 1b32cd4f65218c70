"""Scenarios by version, the claims that follow one, and whether a contact cap is set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db import tables
from db.catalogue import one
from db.portfolio import Scope
from domain.catalogue import ActionType, Scenario
from domain.catalogue_bodies import NotACatalogueBody, read
from domain.claim import Outcome
from domain.ground import CONTACT
from domain.refusals import Refused


async def to_move_to(
    connection: AsyncConnection, code: str, version: int, action_types: Mapping[str, ActionType]
) -> Scenario:
    """That version of the scenario. Raises Refused for one that does not exist, is retired, or cannot be read any more."""
    scenario = await version_of(connection, code, version, action_types)
    current = await one(connection, "scenarios", code)
    if current is None or not current.active:
        raise Refused("inactive_scenario", scenario=code)
    return scenario


async def version_of(
    connection: AsyncConnection, code: str, version: int, action_types: Mapping[str, ActionType]
) -> Scenario:
    """That version, retired or not. Raises Refused for one that does not exist, or cannot be read any more."""
    found = await one(connection, "scenarios", code, version)
    if found is None:
        raise Refused("unknown_scenario", scenario=code, version=version)
    try:
        scenario: Scenario = read("scenarios", code, found.body, version=version, action_types=action_types)
    except NotACatalogueBody as unreadable:
        fields = [refusal.path for refusal in unreadable.refusals]
        raise Refused("unreadable_scenario", scenario=code, version=version, fields=fields) from unreadable
    return scenario


def _following(code: str, version: int, creditor: str | None, scope: Scope) -> list[ColumnElement[bool]]:
    claim = tables.claim.c
    here = [claim.scenario == code, claim.scenario_version != version, claim.stage != "closed", *scope.conditions()]
    return here if creditor is None else [*here, claim.creditor == creditor]


async def count_to_move(
    connection: AsyncConnection, code: str, version: int, creditor: str | None, scope: Scope
) -> dict[int, int]:
    """How many open claims follow another version of the scenario, by version."""
    claim = tables.claim.c
    query = select(claim.scenario_version, func.count()).where(*_following(code, version, creditor, scope))
    rows = await connection.execute(query.group_by(claim.scenario_version).order_by(claim.scenario_version))
    return {number: count for number, count in rows}  # noqa: C416  rows are no pairs to mypy


async def ids_to_move(
    connection: AsyncConnection, code: str, version: int, creditor: str | None, scope: Scope, limit: int
) -> Sequence[UUID]:
    """The first of those claims, by number."""
    claim = tables.claim.c
    query = select(claim.id).where(*_following(code, version, creditor, scope)).order_by(claim.number).limit(limit)
    return (await connection.execute(query)).scalars().all()


# ---- the contact cap over all claims of a debtor ---------------------------------------------


def cap_is_set() -> ColumnElement[bool]:
    """Whether the claim's creditor or its debtor's country sets a cap: a question about rows of `claim`."""
    entry, claim = tables.catalogue.alias("cap").c, tables.claim.c
    of_creditor = and_(entry.kind == "creditors", entry.code == claim.creditor, entry.body.has_key("contact_cap"))
    of_country = and_(
        entry.kind == "countries", entry.code == claim.country, entry.body["parameters"].has_key("contact_cap")
    )
    return exists().where(entry.current, or_(of_creditor, of_country))


async def contacts_elsewhere(connection: AsyncConnection, claim_id: UUID, debtor_id: UUID) -> tuple[datetime, ...]:
    """When the debtor was contacted on his other claims, oldest first; what is leaving counts at the instant it was due."""
    action, claim = tables.action.c, tables.claim.c
    leaving = func.greatest(claim.next_action_at, claim.planned_at)
    contact = action.channel.in_([channel.value for channel in sorted(CONTACT)])
    reached = and_(action.outcome.in_((Outcome.SENT.value, Outcome.DONE.value)), action.caught_on.is_(None))
    left = or_(reached, action.state == "sending")
    at = func.coalesce(action.done_at, leaving).label("at")
    query = (
        select(at)
        .join_from(tables.action, tables.claim, action.claim_id == claim.id)
        .where(claim.debtor_id == debtor_id, claim.id != claim_id, contact, left, at.is_not(None))
    )
    return tuple(sorted((await connection.execute(query)).scalars().all()))


async def lock_debtor_if_capped(connection: AsyncConnection, claim_id: UUID) -> None:
    """Debtors are locked before claims: of two claims of one debtor that would leave together, the second one sees the first."""
    claim, debtor = tables.claim.c, tables.debtor.c
    query = select(claim.debtor_id).where(claim.id == claim_id, cap_is_set())
    debtor_id = (await connection.execute(query)).scalar_one_or_none()
    if debtor_id is not None:
        await connection.execute(select(debtor.id).where(debtor.id == debtor_id).with_for_update(key_share=True))
