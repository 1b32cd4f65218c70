"""What people say about a claim's course: notes, statuses of items, suspension, closure, who collects it."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import Field

from api.fields import Body, Code, Comment, Day, Ref, Several, Words, all_known, found
from api.inbox import IdempotencyKey, News, key_of, state_fact
from api.languages import language_of
from api.problems import FieldError, invalid
from api.requests import ask_claim
from api.security import Supervisor, Who, Worker
from api.surroundings import Around, Surroundings
from db import actions, catalogue, debts, people, portfolio
from db.portfolio import Found, uuid_or_none

router = APIRouter(prefix="/api/claims/{ref}", tags=["course"])


class NoteBody(Body):
    text: Words
    action: Annotated[str | None, Field(max_length=36, description="The id of an action: the note updates it")] = None


class StatusBody(Body):
    items: Several
    status: Code
    comment: Comment = ""
    follow_up_on: Day | None = None
    promised_on: Day | None = None


class FollowUpBody(Body):
    items: Several
    follow_up_on: Day
    comment: Comment | None = None


class SuspensionBody(Body):
    reason: Words
    until: Day | None = None


class ClosureBody(Body):
    ending: Literal["paid", "written_off", "withdrawn", "irrecoverable"]
    reason: Words


class AssignmentBody(Body):
    collector: Annotated[str, Field(max_length=64, description='A person\'s code; "" for nobody')]


@router.post("/notes", status_code=202, summary="Add a note, to the claim or to one of its actions")
async def post_note(ref: Ref, body: NoteBody, who: Worker, around: Around, key: IdempotencyKey = None) -> JSONResponse:
    async with around.engine.connect() as connection:
        claim = found(await portfolio.find(connection, ref, who.scope))
        if body.action is not None and not await actions.belongs_to(connection, uuid_or_none(body.action), claim.id):
            raise invalid(FieldError("action", "unknown_action"))
    payload = body.model_dump(mode="json", exclude_none=True)
    appended = await state_fact(around, claim, News("note_added", payload, payload, key_of(key)), who.author)
    return JSONResponse({"entry": str(appended.entry_id)}, 202)


@router.post(
    "/statuses",
    summary="Qualify items",
    responses={202: {"description": "Taken, the claim answers later"}, 409: {"description": "Refused"}},
)
async def post_status(
    ref: Ref, body: StatusBody, request: Request, who: Worker, around: Around, key: IdempotencyKey = None
) -> JSONResponse:
    """The follow-up date is the given one, else the promise's, else the status's own delay."""
    async with around.engine.connect() as connection:
        claim = found(await portfolio.find(connection, ref, who.scope))
        all_known("items", body.items, await debts.item_references(connection, claim.id))
        status = await catalogue.one(connection, "statuses", body.status)
        if status is None or not status.active:
            raise invalid(FieldError("status", "unknown_status"))
    for field, day in (("follow_up_on", body.follow_up_on), ("promised_on", body.promised_on)):
        _not_in_the_past(field, day, claim.today(around.now()))
    return await _ask(around, claim, _news("give_status", body, key), who, request)


@router.patch(
    "/statuses",
    summary="Move the follow-up of items that have a status",
    responses={202: {"description": "Taken, the claim answers later"}, 409: {"description": "Refused"}},
)
async def patch_status(
    ref: Ref, body: FollowUpBody, request: Request, who: Worker, around: Around, key: IdempotencyKey = None
) -> JSONResponse:
    """The status stays; what it planned is done on the new day."""
    async with around.engine.connect() as connection:
        claim = found(await portfolio.find(connection, ref, who.scope))
        all_known("items", body.items, await debts.item_references(connection, claim.id))
    _not_in_the_past("follow_up_on", body.follow_up_on, claim.today(around.now()))
    return await _ask(around, claim, _news("change_follow_up", body, key), who, request)


@router.post("/suspension", summary="Nothing leaves until it is lifted, or until a day")
async def post_suspension(
    ref: Ref, body: SuspensionBody, request: Request, who: Worker, around: Around, key: IdempotencyKey = None
) -> JSONResponse:
    claim = await _addressed(around, ref, who)
    if body.until is not None and body.until <= claim.today(around.now()):
        raise invalid(FieldError("until", "date_not_in_the_future"))
    return await _ask(around, claim, _news("suspend", body, key), who, request)


@router.delete("/suspension", summary="Let things leave again")
async def delete_suspension(
    ref: Ref, request: Request, who: Worker, around: Around, key: IdempotencyKey = None
) -> JSONResponse:
    claim = await _addressed(around, ref, who)
    return await _ask(around, claim, News("resume", {}, {}, key_of(key)), who, request)


@router.post(
    "/closure",
    summary="End the claim",
    responses={
        202: {"description": "A second person is asked, or the claim answers later"},
        409: {"description": "Refused"},
    },
)
async def post_closure(
    ref: Ref, body: ClosureBody, request: Request, who: Supervisor, around: Around, key: IdempotencyKey = None
) -> JSONResponse:
    """A write-off needs two people, and so does any ending but "paid" above the creditor's amount: 202 with the task."""
    claim = await _addressed(around, ref, who)
    return await _ask(around, claim, _news("close", body, key), who, request)


@router.post("/assignment", summary="Give the claim to a collector")
async def post_assignment(
    ref: Ref, body: AssignmentBody, request: Request, who: Supervisor, around: Around, key: IdempotencyKey = None
) -> JSONResponse:
    async with around.engine.connect() as connection:
        claim = found(await portfolio.find(connection, ref, who.scope))
        if body.collector and not await people.collects(connection, body.collector):
            raise invalid(FieldError("collector", "unknown_collector"))
    return await _ask(around, claim, _news("assign", body, key), who, request)


def _not_in_the_past(field: str, day: date | None, today: date) -> None:
    if day is not None and day < today:
        raise invalid(FieldError(field, "in_the_past", {"today": today.isoformat()}))


async def _addressed(around: Surroundings, ref: str, who: Who) -> Found:
    async with around.engine.connect() as connection:
        return found(await portfolio.find(connection, ref, who.scope))


async def _ask(around: Surroundings, claim: Found, news: News, who: Who, request: Request) -> JSONResponse:
    return await ask_claim(around, claim, news, who, language_of(request))


def _news(kind: str, body: Body, key: str | None) -> News:
    payload: dict[str, Any] = body.model_dump(mode="json")
    return News(kind, payload, payload, key_of(key))
