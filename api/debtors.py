"""Debtors: who owes, a change with its author, their claims, how they were reached."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Query, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from api.claim_json import debtor_of
from api.fields import found
from api.inbox import News, append, tell_if_new
from api.intake_form import DEBTOR
from api.languages import language_of
from api.listed import ClaimsPaged, checked, claim_line, page_json
from api.problems import FieldError, invalid
from api.security import Reader, Worker
from api.surroundings import Around
from db import actions, agreements, debtors, listing, portfolio
from db.listing import ClaimFilter
from db.portfolio import uuid_or_none
from domain.debtor_intake import DebtorIntake, read_debtor_fields
from domain.reading import Reading, Refused

router = APIRouter(prefix="/api/debtors/{debtor_id}", tags=["debtors"])

MOST_CONTACTS = 500
CHANGEABLE = frozenset(DEBTOR["properties"]) - {"reference"}


@router.get("", summary="The debtor")
async def get_debtor(debtor_id: str, who: Reader, around: Around) -> dict[str, Any]:
    identity = found(uuid_or_none(debtor_id))
    async with around.engine.connect() as connection:
        found(await portfolio.debtor_row(connection, identity, who.scope))
        return await _shown(connection, identity)


@router.patch("", summary="Change the given fields; their claims hear of it")
async def patch_debtor(
    debtor_id: str, body: Annotated[dict[str, Any], Body()], who: Worker, around: Around
) -> dict[str, Any]:
    """Lists (addresses, contacts, bank accounts) are replaced as a whole; the short form changes the first of each."""
    identity = found(uuid_or_none(debtor_id))
    given = _changes(body)
    async with around.engine.begin() as connection:
        row = found(await portfolio.debtor_row(connection, identity, who.scope))
        intake = DebtorIntake(row["reference"], given.get("name", row["name"]), given)
        after = (
            await debtors.upsert(
                connection,
                [debtors.GivenDebtor(row["creditor"], intake, row["language"], row["country"])],
                author=who.author,
                tell_claims=False,
            )
        )[identity]
        changed = sorted(name for name in after if name != "updated_at" and after[name] != row[name])
        news = News("debtor_changed", {"fields": changed}, {"fields": changed})
        open_claims = await portfolio.open_claims_of(connection, identity) if changed else []
        told = [(claim, await append(connection, claim, news, who.author)) for claim in open_claims]
    for claim, appended in told:
        await tell_if_new(around, claim, news, appended)
    async with around.engine.connect() as connection:
        return await _shown(connection, identity)


async def _shown(connection: AsyncConnection, debtor_id: UUID) -> dict[str, Any]:
    """The debtor, and how their promises were kept over all their claims."""
    kept = await agreements.reliability(connection, debtor_id)
    return {**await debtor_of(connection, debtor_id), "reliability": kept}


def _changes(body: dict[str, Any]) -> dict[str, Any]:
    """The fields that change, read; raises Refused or Problem 422 for what cannot be changed."""
    unknown = [FieldError(field[:100], "extra_forbidden") for field in body if field not in CHANGEABLE]
    if unknown:
        raise invalid(*unknown[:50])
    reading = Reading(body)
    name, given = reading.text("name"), read_debtor_fields(reading)
    if reading.refusals:
        raise Refused(reading.refusals)
    return {**given, "name": name} if name else given


@router.get("/claims", summary="The debtor's claims, page by page")
async def get_debtor_claims(
    debtor_id: str, request: Request, paged: Annotated[ClaimsPaged, Query()], who: Reader, around: Around
) -> dict[str, Any]:
    identity = found(uuid_or_none(debtor_id))
    order = checked(lambda: listing.claims_ordered(paged.sort, paged.cursor), listing.SORTS)
    language = language_of(request)
    async with around.engine.connect() as connection:
        found(await portfolio.debtor_row(connection, identity, who.scope))
        page = await listing.claims_page(connection, ClaimFilter(debtor_id=identity), who.scope, order, paged.limit)
    return page_json(page, lambda row: claim_line(row, language, around.now()))


@router.get("/contacts-log", summary="How the debtor was reached, over all claims, the last first")
async def get_contacts_log(debtor_id: str, who: Reader, around: Around) -> dict[str, Any]:
    identity = found(uuid_or_none(debtor_id))
    async with around.engine.connect() as connection:
        found(await portfolio.debtor_row(connection, identity, who.scope))
        rows = await actions.contacts_of(connection, identity, limit=MOST_CONTACTS, scope=who.scope)
    items = [
        {
            "action": str(row["id"]),
            "claim": row["number"],
            "action_type": row["action_type"],
            "channel": row["channel"],
            "outcome": row["outcome"],
            "result": row["reason"],
            "at": row["done_at"] and row["done_at"].isoformat(),
        }
        for row in rows
    ]
    return {"items": items, "next_cursor": None, "total": len(items), "total_is_exact": len(items) < MOST_CONTACTS}
