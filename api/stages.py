"""Where a claim stands: another stage or sub-stage, and a claim that was ended and is brought back."""

from typing import Annotated, Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import Field

from api.fields import Body, Ref, Words, found
from api.inbox import IdempotencyKey, News, key_of
from api.languages import language_of
from api.problems import FieldError, invalid
from api.requests import ask_claim
from api.security import Supervisor, Worker
from api.surroundings import Around
from db import catalogue, portfolio

router = APIRouter(prefix="/api/claims/{ref}", tags=["course"])


class StageBody(Body):
    stage: Literal["amicable", "litigation", "enforcement"]
    sub_stage: Annotated[str, Field(max_length=64, description="A code of the sub-stages of this stage")] | None = None
    reason: Words


class ReopeningBody(Body):
    reason: Words


@router.post(
    "/stage",
    summary="Move the claim to another stage or sub-stage",
    responses={
        202: {"description": "A second person is asked, or the claim answers later"},
        409: {"description": "Refused"},
    },
)
async def post_stage(
    ref: Ref, body: StageBody, request: Request, who: Worker, around: Around, key: IdempotencyKey = None
) -> JSONResponse:
    """Litigation and enforcement need two people: 202 with the task that asks the second one."""
    async with around.engine.connect() as connection:
        claim = found(await portfolio.find(connection, ref, who.scope))
        if body.sub_stage:
            known = await catalogue.one(connection, "sub-stages", body.sub_stage)
            if known is None or not known.active or known.body["stage"] != body.stage:
                raise invalid(FieldError("sub_stage", "unknown_sub_stage"))
    payload = body.model_dump(mode="json")
    return await ask_claim(
        around, claim, News("change_stage", payload, payload, key_of(key)), who, language_of(request)
    )


@router.post(
    "/reopening",
    summary="Bring back a claim that was ended with money owed",
    responses={202: {"description": "Taken, the claim answers later"}, 409: {"description": "Refused"}},
)
async def post_reopening(
    ref: Ref, body: ReopeningBody, request: Request, who: Supervisor, around: Around, key: IdempotencyKey = None
) -> JSONResponse:
    """Back to its stage and sub-stage. A paid claim lives again by itself when something is owed again."""
    async with around.engine.connect() as connection:
        claim = found(await portfolio.find(connection, ref, who.scope))
    payload = body.model_dump(mode="json")
    return await ask_claim(around, claim, News("reopen", payload, payload, key_of(key)), who, language_of(request))
