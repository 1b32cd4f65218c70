"""Debtors: who owes, a change with its author, their claims, who looks the same, how they were reached."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Header, Query, Request
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import AsyncConnection

from api.claim_json import debtor_of
from api.fields import found
from api.inbox import News, append, tell_if_new
from api.intake_form import DEBTOR
from api.languages import language_of
from api.listed import ClaimsPaged, Paged, checked, claim_line, page_json
from api.problems import FieldError, Problem, invalid
from api.security import Reader, Worker
from api.surroundings import Around
from db import actions, agreements, debtors, duplicates, listing, portfolio
from db.listing import ClaimFilter
from db.portfolio import uuid_or_none
from domain.debtor_intake import DebtorIntake, read_debtor_change
from domain.reading import Reading, Refused

router = APIRouter(prefix="/api/debtors/{debtor_id}", tags=["debtors"])

CHANGEABLE = frozenset(DEBTOR["properties"]) - {"reference"}
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=100,
        description="The ETag (or `updated_at`) of the debtor that was read: 409 when somebody changed it since.",
    ),
]


@router.get("", summary="The debtor, and who looks the same")
async def get_debtor(debtor_id: str, who: Reader, around: Around) -> JSONResponse:
    identity = found(uuid_or_none(debtor_id))
    async with around.engine.connect() as connection:
        found(await portfolio.debtor_row(connection, identity, who.scope))
        body = await _shown(connection, identity)
        alike = await duplicates.lookalikes(connection, identity, who.scope)
    body["duplicates"] = [
        {"id": str(each.id), "reference": each.reference, "creditor": each.creditor, "why": list(each.why)}
        for each in alike
    ]
    return _tagged(body)


@router.patch(
    "",
    summary="Change the given fields; their claims hear of it",
    responses={409: {"description": "Somebody changed the debtor since it was read (If-Match)"}},
)
async def patch_debtor(
    debtor_id: str, body: Annotated[dict[str, Any], Body()], who: Worker, around: Around, if_match: IfMatch = None
) -> JSONResponse:
    """What is not given stays as it is, also when two change the debtor at once: the fields are put together under its lock.

    Lists (addresses, contacts, bank accounts) are replaced as a whole, identifiers one by one (null takes one away), and
    the short form changes the first of each.
    """
    identity = found(uuid_or_none(debtor_id))
    _refuse_unknown(body)
    async with around.engine.begin() as connection:
        found(await portfolio.debtor_row(connection, identity, who.scope))
        row = found(await debtors.locked(connection, identity))
        given = _changes(body, row["country"])
        _refuse_overtaken(if_match, row["updated_at"])
        intake = DebtorIntake(row["reference"], given.get("name", row["name"]), given)
        after = (
            await debtors.upsert(
                connection,
                [debtors.GivenDebtor(row["creditor"], intake, row["language"], row["country"])],
                author=who.author,
                tell_claims=False,
            )
        )[identity]
        changed = sorted(
            name for name in after if name not in ("updated_at", "identity_keys") and after[name] != row[name]
        )
        news = News("debtor_changed", {"fields": changed}, {"fields": changed})
        open_claims = await portfolio.open_claims_of(connection, identity) if changed else []
        told = [(claim, await append(connection, claim, news, who.author)) for claim in open_claims]
    for claim, appended in told:
        await tell_if_new(around, claim, news, appended)
    async with around.engine.connect() as connection:
        return _tagged(await _shown(connection, identity))


async def _shown(connection: AsyncConnection, debtor_id: UUID) -> dict[str, Any]:
    """The debtor, and how their promises were kept over all their claims."""
    kept = await agreements.reliability(connection, debtor_id)
    return {**await debtor_of(connection, debtor_id), "reliability": kept}


def _tagged(body: dict[str, Any]) -> JSONResponse:
    return JSONResponse(body, headers={"ETag": f'"{body["updated_at"]}"'})


def _refuse_unknown(body: Mapping[str, Any]) -> None:
    unknown = [FieldError(field[:100], "extra_forbidden") for field in body if field not in CHANGEABLE]
    if unknown:
        raise invalid(*unknown[:50])


def _changes(body: Mapping[str, Any], country: str) -> dict[str, Any]:
    """The fields that change, read; raises Refused."""
    reading = Reading(body)
    given = read_debtor_change(reading, country)
    if reading.refusals:
        raise Refused(reading.refusals)
    return given


def _refuse_overtaken(if_match: str | None, updated_at: datetime) -> None:
    """Raises Problem 409 when the debtor is not as the caller read it."""
    if if_match is None or if_match.strip() == "*":
        return
    seen = if_match.strip().removeprefix("W/").strip('"')
    if seen != updated_at.isoformat():
        raise Problem(409, "changed_meanwhile", more={"updated_at": updated_at.isoformat()})


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
async def get_contacts_log(
    debtor_id: str, paged: Annotated[Paged, Query()], who: Reader, around: Around
) -> dict[str, Any]:
    """Every letter, e-mail, message, call and visit that left or was done, with who decided it ("system": nobody)."""
    identity = found(uuid_or_none(debtor_id))
    order = checked(lambda: actions.contacts_newest_first(paged.cursor), ("at",))
    async with around.engine.connect() as connection:
        found(await portfolio.debtor_row(connection, identity, who.scope))
        page = await actions.contacts_page(connection, identity, who.scope, order, paged.limit)
    return page_json(page, _contact_json)


def _contact_json(row: Any) -> dict[str, Any]:
    return {
        "action": str(row.id),
        "claim": row.number,
        "at": row.done_at.isoformat(),
        "channel": row.channel,
        "action_type": row.action_type,
        "outcome": row.outcome,
        "result": row.reason or None,
        "by": row.decided_by or "system",
    }


@router.get("/changes", summary="What was changed of the debtor, by whom, the last first")
async def get_changes(debtor_id: str, paged: Annotated[Paged, Query()], who: Reader, around: Around) -> dict[str, Any]:
    identity = found(uuid_or_none(debtor_id))
    order = checked(lambda: debtors.changes_newest_first(paged.cursor), ("n",))
    async with around.engine.connect() as connection:
        found(await portfolio.debtor_row(connection, identity, who.scope))
        page = await debtors.changes_page(connection, identity, order, paged.limit)
    return page_json(page, _change_json)


def _change_json(row: Any) -> dict[str, Any]:
    return {
        "at": row.changed_at.isoformat(),
        "author": row.author,
        "fields": sorted(row.after),
        "before": row.before,
        "after": row.after,
    }
