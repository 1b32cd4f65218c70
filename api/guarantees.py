"""Guarantees and guarantors over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection

from api.fields import AmountText, Body, Comment, Day, Line, Name, Ref, found, not_after_today, same_currency
from api.inbox import IdempotencyKey, News, key_of
from api.made import CREATED, make, news_of
from api.problems import Problem
from api.security import Who, Worker
from api.surroundings import Around
from db import legal, portfolio
from db.portfolio import Found, uuid_or_none
from domain.guarantees import read_guarantee
from domain.reading import Reading, Refused

router = APIRouter(prefix="/api/claims/{ref}/guarantees", tags=["guarantees"])


class Guarantor(Body):
    name: Name
    lines: Annotated[list[Line], Field(default_factory=list, max_length=20)]
    postal_code: Line = ""
    city: Line = ""
    country: Annotated[str, Field(max_length=2)] = ""
    phone: Line = ""
    email: Line = ""
    identifiers: Annotated[dict[str, str], Field(default_factory=dict, description="cin, rc, mf, siren, vat")]


class GuaranteeChange(Body):
    kind: Annotated[
        str | None,
        Field(description="surety, joint_surety, mortgage, pledge, retention_of_title, bill_guarantee, deposit, ..."),
    ] = None
    amount: AmountText | None = None
    currency: Annotated[str, Field(max_length=3)] | None = None
    rank: Annotated[int | None, Field(ge=1, le=99)] = None
    valid_from: Day | None = None
    valid_until: Annotated[Day | None, Field(description="Somebody is told 60 days before")] = None
    person: Annotated[Guarantor | None, Field(description="The guarantor")] = None
    description: Comment = ""


class GuaranteeBody(GuaranteeChange):
    kind: Annotated[str, Field(min_length=1, max_length=40)]


class ReleaseBody(Body):
    on: Day | None = None
    reason: Comment = ""


@router.post("", status_code=201, summary="A guarantee or a guarantor", responses=CREATED)
async def post_guarantee(
    ref: Ref, body: GuaranteeBody, request: Request, who: Worker, around: Around, key: IdempotencyKey = None
) -> JSONResponse:
    async with around.engine.connect() as connection:
        claim = found(await portfolio.find(connection, ref, who.scope))
    payload = _checked(claim, body)
    return await make(around, claim, News("add_guarantee", payload, payload, key_of(key)), who, request)


@router.patch("/{guarantee_id}", summary="What is known of it", responses=CREATED)
async def patch_guarantee(
    ref: Ref,
    guarantee_id: str,
    body: GuaranteeChange,
    request: Request,
    who: Worker,
    around: Around,
    key: IdempotencyKey = None,
) -> JSONResponse:
    """A field that is given replaces what was known; null clears it."""
    async with around.engine.connect() as connection:
        claim = await _with_guarantee(connection, ref, guarantee_id, who)
    checked = _checked(claim, body)
    given = {name: value for name, value in checked.items() if name in body.model_fields_set}
    payload = {**given, "guarantee": guarantee_id}
    news = News("change_guarantee", payload, payload, key_of(key))
    return await make(around, claim, news, who, request, status=200)


@router.post("/{guarantee_id}/release", summary="It is given back (mainlevée)", responses=CREATED)
async def post_release(
    ref: Ref,
    guarantee_id: str,
    request: Request,
    who: Worker,
    around: Around,
    body: ReleaseBody | None = None,
    key: IdempotencyKey = None,
) -> JSONResponse:
    async with around.engine.connect() as connection:
        claim = await _with_guarantee(connection, ref, guarantee_id, who)
    told = body or ReleaseBody()
    if told.on is not None:
        not_after_today("on", told.on, claim.today(around.now()))
    news = news_of("release_guarantee", told, key, guarantee=guarantee_id)
    return await make(around, claim, news, who, request, status=200)


def _checked(claim: Found, body: GuaranteeChange) -> dict[str, Any]:
    """The guarantee as the claim reads it; raises Refused (422) with everything that is wrong."""
    if body.currency is not None:
        same_currency(body.currency, claim.currency)
    reading = Reading(body.model_dump(mode="json", exclude_none=True))
    checked = read_guarantee(reading, claim.currency)
    if reading.refusals:
        raise Refused(reading.refusals)
    return checked


async def _with_guarantee(connection: AsyncConnection, ref: str, guarantee_id: str, who: Who) -> Found:
    """The claim, when the guarantee is one of its own; raises Problem 404."""
    claim = found(await portfolio.find(connection, ref, who.scope))
    if not await legal.has_guarantee(connection, uuid_or_none(guarantee_id), claim.id):
        raise Problem(404, "not_found")
    return claim
