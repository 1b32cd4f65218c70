"""Events that move a clock of the law: recorded by people, retracted when they were recorded by mistake, never deleted."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection

from api.fields import Body, Comment, Day, Name, Ref, Words, all_known, found, not_after_today
from api.inbox import IdempotencyKey, News, key_of, make_request
from api.languages import language_of
from api.problems import FieldError, Problem, invalid
from api.requests import answer_of, ask_claim
from api.security import Worker
from api.surroundings import Around
from db import claims, debts, portfolio
from db.portfolio import Found, uuid_or_none
from domain.claim import Claim
from domain.legal_facts import EVENTS

router = APIRouter(prefix="/api/claims/{ref}/legal-events", tags=["law"])

ANSWERS: dict[int | str, dict[str, Any]] = {
    202: {"description": "Taken, the claim answers later"},
    409: {"description": "Refused"},
}


class LegalEventBody(Body):
    kind: Annotated[str, Field(max_length=40, description=" | ".join(EVENTS))]
    on: Day
    item: Annotated[Name | None, Field(description="A reference; none: the whole claim")] = None
    procedure: Annotated[UUID | None, Field(description="The procedure it belongs to")] = None
    comment: Comment = ""


class RetractionBody(Body):
    reason: Words


@router.post(
    "",
    status_code=201,
    summary="Record an event that moves a clock of the law",
    responses={**ANSWERS, 200: {"description": "Known already: the same event is recorded once"}},
)
async def post_legal_event(
    ref: Ref, body: LegalEventBody, request: Request, who: Worker, around: Around, key: IdempotencyKey = None
) -> JSONResponse:
    """An acknowledgement, a summons, a service...: the clocks are counted anew from it, from its own day."""
    async with around.engine.connect() as connection:
        claim = found(await portfolio.find(connection, ref, who.scope))
        not_after_today("on", body.on, claim.today(around.now()))
        await _check(connection, claim, body)
    payload = body.model_dump(mode="json")
    row = await make_request(around, claim, News("record_legal_event", payload, payload, key_of(key)), who.author)
    answer = answer_of(claim, row, language_of(request))
    if row.state != "applied":
        return answer
    outcome = dict(row.outcome or {})
    return JSONResponse({**payload, **outcome, "entry": str(row.id)}, 200 if outcome.get("outcome") == "known" else 201)


async def _check(connection: AsyncConnection, claim: Found, body: LegalEventBody) -> None:
    """Raises Problem 422 for a kind, an item or a procedure that does not exist."""
    if body.kind not in EVENTS:
        raise invalid(FieldError("kind", "unknown_legal_event", {"kinds": ", ".join(EVENTS)}))
    if body.item is not None:
        all_known("item", [body.item], await debts.item_references(connection, claim.id))
    if body.procedure is not None:
        procedures = (await _whole(connection, claim)).procedures
        if all(procedure.id != body.procedure for procedure in procedures):
            raise invalid(FieldError("procedure", "unknown_procedure"))


@router.post("/{event}/retraction", summary="An event was recorded by mistake", responses=ANSWERS)
async def post_retraction(
    ref: Ref,
    event: str,
    body: RetractionBody,
    request: Request,
    who: Worker,
    around: Around,
    key: IdempotencyKey = None,
) -> JSONResponse:
    """It stays readable, with who retracted it and why, and moves no clock any more."""
    async with around.engine.connect() as connection:
        claim = found(await portfolio.find(connection, ref, who.scope))
        event_id = uuid_or_none(event)
        if all(known.id != event_id for known in (await _whole(connection, claim)).legal_events):
            raise Problem(404, "not_found")
    payload = {"event_id": str(event_id), "reason": body.reason}
    return await ask_claim(
        around, claim, News("retract_legal_event", payload, payload, key_of(key)), who, language_of(request)
    )


async def _whole(connection: AsyncConnection, claim: Found) -> Claim:
    return found(await claims.load(connection, claim.id))
