"""Actions that a person plans, changes, executes in one click or gives up."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncConnection

from api.agents_known import known_agent, known_type
from api.fields import Body, Code, Comment, Day, Line, Name, Ref, Words, all_known, found, not_after_today
from api.inbox import IdempotencyKey
from api.made import CREATED, make, news_of
from api.problems import FieldError, Problem, invalid
from api.security import Who, Worker
from api.surroundings import Around
from api.tasks import GivenStatus
from db import actions, catalogue, debts, portfolio
from db.portfolio import Found, uuid_or_none
from domain.claim import Channel

router = APIRouter(prefix="/api/claims/{ref}/actions", tags=["actions"])

Agent = Annotated[
    str,
    StringConstraints(pattern=r"^([A-Za-z0-9][A-Za-z0-9_.\-]{0,63})?$"),
    Field(description="A code of the catalogue"),
]
LATER = ("planned_end_on", "reminder_on", "due_on")  # never before the start


class ActionBody(Body):
    action_type: Code
    starts_on: Day | None = None
    planned_end_on: Annotated[Day | None, Field(description="Proposed from the type's duration")] = None
    reminder_on: Annotated[Day | None, Field(description="Proposed from the type's reminder delay")] = None
    due_on: Day | None = None
    agent: Annotated[Agent | None, Field(description="The type's own when left out")] = None
    object: Line = ""
    observations: Comment = ""
    items: Annotated[
        list[Name],
        Field(default_factory=list, max_length=5000, description="They are off the scenario until the action ends"),
    ]
    channel: Channel | None = None


class ChangeBody(Body):
    starts_on: Day | None = None
    planned_end_on: Day | None = None
    reminder_on: Day | None = None
    due_on: Day | None = None
    agent: Agent | None = None
    object: Line | None = None
    observations: Comment | None = None


class ExecutionBody(Body):
    result: Literal["reached", "no_answer", "wrong_number", "refused", "promise", "dispute"] | None = None
    comment: Comment = ""
    done_on: Annotated[Day | None, Field(description="Today when left out")] = None
    statuses: Annotated[list[GivenStatus], Field(default_factory=list, max_length=100)]
    promised_on: Day | None = None


class CancellationBody(Body):
    reason: Words


@router.post("", status_code=201, summary="Plan an action", responses=CREATED)
async def post_action(
    ref: Ref, body: ActionBody, request: Request, who: Worker, around: Around, key: IdempotencyKey = None
) -> JSONResponse:
    """Taken on its start day by its mode; its automatic fee is shown, and charged when it is executed."""
    async with around.engine.connect() as connection:
        claim = found(await portfolio.find(connection, ref, who.scope))
        kind = await known_type(connection, body.action_type)
        await known_agent(connection, claim, body.agent)
        all_known("items", body.items, await debts.item_references(connection, claim.id))
    if body.channel is not None and body.channel not in kind.channels:
        raise invalid(FieldError("channel", "not_a_channel", {"channels": ", ".join(kind.channels)}))
    _in_order(body, body.starts_on or claim.today(around.now()))
    return await make(around, claim, news_of("plan_action", body, key), who, request)


@router.patch("/{action_id}", summary="Another date, agent, object or observations", responses=CREATED)
async def patch_action(
    ref: Ref,
    action_id: str,
    body: ChangeBody,
    request: Request,
    who: Worker,
    around: Around,
    key: IdempotencyKey = None,
) -> JSONResponse:
    """Only while the action is open."""
    given = body.model_fields_set
    if "starts_on" in given and body.starts_on is None:
        raise invalid(FieldError("starts_on", "needs_text"))
    if body.starts_on is not None:
        _in_order(body, body.starts_on)
    async with around.engine.connect() as connection:
        claim = await _with_action(connection, ref, action_id, who)
        await known_agent(connection, claim, body.agent)
    news = news_of("change_action", body, key, only_given=True, action=action_id)
    return await make(around, claim, news, who, request, status=200)


@router.post("/{action_id}/execution", summary="Execute it in one click", responses=CREATED)
async def post_execution(
    ref: Ref,
    action_id: str,
    request: Request,
    who: Worker,
    around: Around,
    body: ExecutionBody | None = None,
    key: IdempotencyKey = None,
) -> JSONResponse:
    """What can be sent leaves now; a call, a visit or a legal act is done, with the items' statuses in the same act."""
    told = body or ExecutionBody(statuses=[])
    async with around.engine.connect() as connection:
        claim = await _with_action(connection, ref, action_id, who)
        await _known_statuses(connection, claim, told)
    if told.done_on is not None:
        not_after_today("done_on", told.done_on, claim.today(around.now()))
    return await make(around, claim, news_of("execute_action", told, key, action=action_id), who, request, status=200)


@router.post("/{action_id}/cancellation", summary="Give it up: it costs nothing", responses=CREATED)
async def post_cancellation(
    ref: Ref,
    action_id: str,
    body: CancellationBody,
    request: Request,
    who: Worker,
    around: Around,
    key: IdempotencyKey = None,
) -> JSONResponse:
    async with around.engine.connect() as connection:
        claim = await _with_action(connection, ref, action_id, who)
    return await make(around, claim, news_of("cancel_action", body, key, action=action_id), who, request, status=200)


async def _with_action(connection: AsyncConnection, ref: str, action_id: str, who: Who) -> Found:
    """The claim, when the action is one of its own; raises Problem 404."""
    claim = found(await portfolio.find(connection, ref, who.scope))
    if not await actions.belongs_to(connection, uuid_or_none(action_id), claim.id):
        raise Problem(404, "not_found")
    return claim


async def _known_statuses(connection: AsyncConnection, claim: Found, body: ExecutionBody) -> None:
    known = await debts.item_references(connection, claim.id) if body.statuses else set()
    for n, given in enumerate(body.statuses):
        status = await catalogue.one(connection, "statuses", given.status)
        if status is None or not status.active:
            raise invalid(FieldError(f"statuses[{n}].status", "unknown_status"))
        all_known(f"statuses[{n}].items", given.items, known)


def _in_order(body: ActionBody | ChangeBody, starts_on: date) -> None:
    """Raises Problem 422 naming the dates before the start."""
    early = [
        FieldError(name, "before_start", {"starts_on": starts_on.isoformat()})
        for name in LATER
        if (day := getattr(body, name)) is not None and day < starts_on
    ]
    if early:
        raise invalid(*early)
