"""What is argued about items: disputes and their resolution; items that are owed and never asked for."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncConnection

from api.fields import AmountText, Body, Code, Comment, Ref, Several, Words, all_known, amount_in, found
from api.inbox import IdempotencyKey, News, key_of
from api.languages import language_of
from api.problems import FieldError, invalid
from api.requests import ask_claim
from api.security import Worker
from api.surroundings import Around
from api.tasks import decoded
from db import catalogue, debts, disputes, people, portfolio
from db.portfolio import uuid_or_none
from domain.claim import StatusCategory
from domain.mail_address import usable_email
from domain.terms import DisputeOutcome

router = APIRouter(prefix="/api/claims/{ref}", tags=["disputes"])

LONGEST_CODE = 64
TAKEN_LATER: dict[int | str, dict[str, Any]] = {
    202: {"description": "Taken, the claim answers later"},
    409: {"description": "Refused"},
}


class DisputeBody(Body):
    items: Several
    kind: Annotated[Code, Field(description="The code of an active status of the category dispute")]
    text: Words
    owner: Annotated[
        str,
        StringConstraints(strip_whitespace=True, max_length=200),
        Field(description="Who answers it: a person's code, an agent's code, an e-mail address, a department"),
    ] = ""


class ResolutionBody(Body):
    outcome: DisputeOutcome
    credit: Annotated[
        AmountText | None, Field(description="Needed when partly accepted; accepted without one: all that is owed")
    ] = None
    comment: Comment = ""


class ExclusionBody(Body):
    items: Several
    excluded: bool
    reason: Words


@router.post("/disputes", status_code=201, summary="Dispute items: the others go on", responses=TAKEN_LATER)
async def post_dispute(
    ref: Ref, body: DisputeBody, request: Request, who: Worker, around: Around, key: IdempotencyKey = None
) -> JSONResponse:
    """The items leave the scenario, the owner is asked at once and is to answer within the status' response time."""
    async with around.engine.connect() as connection:
        claim = found(await portfolio.find(connection, ref, who.scope))
        all_known("items", body.items, await debts.item_references(connection, claim.id))
        kind = await catalogue.one(connection, "statuses", body.kind)
        if kind is None or not kind.active or kind.body.get("category") != StatusCategory.DISPUTE:
            raise invalid(FieldError("kind", "unknown_dispute_kind"))
        owner_email = await _address_of(connection, body.owner)
    content = body.model_dump(mode="json")
    news = News("raise_dispute", {**content, "owner_email": owner_email}, content, key_of(key))
    answer = await ask_claim(around, claim, news, who, language_of(request))
    if answer.status_code != 200:
        return answer
    return JSONResponse({**decoded(answer), "outcome": None}, 201)  # the dispute's own, which it has not yet


async def _address_of(connection: AsyncConnection, owner: str) -> str:
    """Where the owner is written to; "" for a department: the question goes to the creditor then."""
    if not owner or "@" in owner:
        return usable_email(owner)
    return await people.email_of(connection, owner) or await _of_agent(connection, owner)


async def _of_agent(connection: AsyncConnection, code: str) -> str:
    agent = await catalogue.one(connection, "agents", code) if len(code) <= LONGEST_CODE else None
    return usable_email(str(agent.body.get("email") or "")) if agent is not None else ""


@router.post("/disputes/{dispute_id}/resolution", summary="End a dispute", responses=TAKEN_LATER)
async def post_resolution(
    ref: Ref,
    dispute_id: str,
    body: ResolutionBody,
    request: Request,
    who: Worker,
    around: Around,
    key: IdempotencyKey = None,
) -> JSONResponse:
    """Its items are recoverable again, for what a credit leaves of them."""
    async with around.engine.connect() as connection:
        claim = found(await portfolio.find(connection, ref, who.scope))
        found(await disputes.known(connection, uuid_or_none(dispute_id), claim.id) or None)
    credit = None if body.credit is None else str(amount_in("credit", body.credit, claim.currency))
    if body.outcome is DisputeOutcome.PARTLY and credit is None:
        raise invalid(FieldError("credit", "needs_text"))
    if body.outcome is DisputeOutcome.REJECTED and credit is not None:
        raise invalid(FieldError("credit", "no_credit_when_rejected"))
    content = {
        "dispute_id": dispute_id.lower(),
        "outcome": body.outcome.value,
        "credit": credit,
        "comment": body.comment,
    }
    return await ask_claim(
        around, claim, News("resolve_dispute", content, content, key_of(key)), who, language_of(request)
    )


@router.post("/exclusions", summary="Leave items out of all chasing, or take them in again", responses=TAKEN_LATER)
async def post_exclusion(
    ref: Ref, body: ExclusionBody, request: Request, who: Worker, around: Around, key: IdempotencyKey = None
) -> JSONResponse:
    """An excluded item is still owed, and never asked for."""
    async with around.engine.connect() as connection:
        claim = found(await portfolio.find(connection, ref, who.scope))
        all_known("items", body.items, await debts.item_references(connection, claim.id))
    content = body.model_dump(mode="json")
    return await ask_claim(around, claim, News("exclude", content, content, key_of(key)), who, language_of(request))
