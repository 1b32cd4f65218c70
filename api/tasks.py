"""Tasks: the inbox of people, one task with its frozen preview, and their decisions."""

import asyncio
import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from api import task_json
from api.fields import Body, Code, Comment, Day, Several, found
from api.inbox import IdempotencyKey, News, key_of, make_request
from api.languages import language_of
from api.listed import Paged, checked, page_json
from api.preview import preview_of
from api.problems import FieldError, Problem, as_json, invalid
from api.requests import answer_of, refusal
from api.security import Permission, Reader, Role, Who, Worker
from api.surroundings import Around, Surroundings
from db import catalogue, claims, debts, portfolio, tasks
from db.catalogue import catalogue_for
from db.entries import EntryRow
from db.portfolio import Found, uuid_or_none
from db.tasks import TaskRow, Wanted
from domain.claim import Channel, Decision, TaskKind, TaskState

router = APIRouter(prefix="/api/tasks", tags=["tasks"])

AT_ONCE = 8  # decisions under way; the server takes ten at most on one claim
FOR_SUPERVISORS = frozenset({TaskKind.STAGE_CHANGE, TaskKind.SECOND_APPROVAL})


class Override(Body):
    action_type: Code | None = None
    channel: Channel | None = None
    text: Annotated[str, Field(max_length=20_000)] | None = None


class GivenStatus(Body):
    items: Several
    status: Code
    comment: Comment = ""
    follow_up_on: Day | None = None
    promised_on: Day | None = None


class DecisionBody(Body):
    decision: Decision
    version: Annotated[int, Field(ge=1, le=2**31 - 1, description="Of the task as it was seen; a stale one is refused")]
    comment: Comment = ""
    override: Override | None = None
    postpone_to: Day | None = None
    result: Literal["reached", "no_answer", "wrong_number", "refused", "promise", "dispute"] | None = None
    statuses: Annotated[list[GivenStatus], Field(max_length=100)] | None = None


class OneOfMany(DecisionBody):
    task: Annotated[str, Field(max_length=36)]


class ManyBody(Body):
    decisions: Annotated[list[OneOfMany], Field(min_length=1, max_length=200)]


class TasksWanted(Paged):
    """The filters of the inbox."""

    assignee: Annotated[str, Field(max_length=64)] = ""
    role: Annotated[str, Field(max_length=64)] = ""
    kind: TaskKind | None = None
    state: TaskState | None = None
    claim: Annotated[str, Field(max_length=200, description="Number, reference or id")] = ""
    due_to: Day | None = None
    sort: Annotated[str, Field(max_length=50, description="[-]" + ", [-]".join(tasks.SORTS))] = tasks.DEFAULT_SORT


@router.get("", summary="The inbox: filtered, sorted, page by page")
async def get_tasks(
    request: Request, wanted: Annotated[TasksWanted, Query()], who: Reader, around: Around
) -> dict[str, Any]:
    order = checked(lambda: tasks.tasks_ordered(wanted.sort, wanted.cursor), tasks.SORTS)
    language = language_of(request)
    async with around.engine.connect() as connection:
        addressed = found(await portfolio.find(connection, wanted.claim, who.scope)) if wanted.claim else None
        page = await tasks.page(connection, _inbox(wanted, addressed), who.scope, order, wanted.limit)
    return page_json(page, lambda row: task_json.task(tasks.read(row), language))


def _inbox(wanted: TasksWanted, addressed: Found | None) -> Wanted:
    return Wanted(
        wanted.assignee,
        wanted.role,
        wanted.kind or "",
        wanted.state or "",
        addressed.id if addressed else None,
        wanted.due_to,
    )


@router.get("/{task_id}", summary="One task")
async def get_task(task_id: str, request: Request, who: Reader, around: Around) -> dict[str, Any]:
    row = await _task(around, task_id, who)
    return task_json.task(row, language_of(request))


@router.get("/{task_id}/preview", summary="What would leave, exactly as the person sees it", response_class=Response)
async def get_preview(task_id: str, who: Reader, around: Around) -> Response:
    """A letter as PDF, anything else as a page; made of what was frozen with the task."""
    row = await _task(around, task_id, who)
    async with around.engine.connect() as connection:
        addressed = found(await portfolio.find_by_id(connection, row.claim_id))
        claim = found(await claims.load(connection, row.claim_id))
        setting = await catalogue_for(connection, claim)
    return await preview_of(row, claim, setting, addressed.today(around.now()))


@router.post(
    "/{task_id}/decision",
    summary="Decide",
    responses={202: {"description": "Taken, the claim answers later"}, 409: {"description": "Stale, or decided"}},
)
async def post_decision(
    task_id: str, body: DecisionBody, request: Request, who: Worker, around: Around, key: IdempotencyKey = None
) -> JSONResponse:
    return await _decide(around, task_id, body, who, language_of(request), key)


@router.post("/decisions", summary="Decide on many tasks: one outcome each")
async def post_decisions(body: ManyBody, request: Request, who: Worker, around: Around) -> JSONResponse:
    language = language_of(request)
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(each: OneOfMany) -> dict[str, Any]:
        async with turns:
            try:
                answer = await _decide(around, each.task, each, who, language, None)
            except Problem as problem:
                return {"task": each.task, "status": problem.status, "problem": as_json(problem, language)}
        content: dict[str, Any] = decoded(answer)
        return {"task": each.task, "status": answer.status_code, **content}

    return JSONResponse({"outcomes": await asyncio.gather(*(one(each) for each in body.decisions))})


async def _task(around: Surroundings, task_id: str, who: Who) -> TaskRow:
    identity = found(uuid_or_none(task_id))
    async with around.engine.connect() as connection:
        return found(await tasks.one(connection, identity, who.scope))


async def _decide(
    around: Surroundings, task_id: str, body: DecisionBody, who: Who, language: str, key: str | None
) -> JSONResponse:
    """Put the decision to the claim. Raises Problem 409 /stale with the fresh task, 409 /decided with who did."""
    row = await _task(around, task_id, who)
    _may_decide(row, who, body.decision)
    await _within_limit(around, row, who, body.decision, language)
    await _check(around, row, body)
    async with around.engine.connect() as connection:
        claim = found(await portfolio.find_by_id(connection, row.claim_id, who.scope))
    payload = {"task_id": str(row.id), **body.model_dump(mode="json", exclude={"task"})}
    entry = await make_request(around, claim, News("decide", payload, payload, key_of(key)), who.author)
    if entry.state == "refused" and entry.reason in ("stale", "closed_task", "decided"):
        raise await _too_late(around, entry, row, who, language)
    return answer_of(claim, entry, language)


async def _too_late(around: Surroundings, entry: EntryRow, row: TaskRow, who: Who, language: str) -> Problem:
    """The ground moved, or somebody was quicker."""
    facts = dict(entry.outcome or {})
    fresh = task_json.task(await _task(around, str(row.id), who), language)
    sentence = refusal(entry.reason, facts, language)
    if entry.reason == "decided":
        return Problem(409, "decided", sentence, more={"decided_by": facts.get("decided_by", ""), "task": fresh})
    return Problem(409, "stale", sentence, more={"task": fresh})


def _may_decide(row: TaskRow, who: Who, decision: Decision) -> None:
    """Raises Problem 403: the role, a machine or the first person themselves as the second one."""
    if row.kind in FOR_SUPERVISORS and not who.may(Permission.SUPERVISE):
        raise Problem(403, "forbidden")
    if row.kind == TaskKind.SECOND_APPROVAL and who.is_machine:
        raise Problem(403, "second_person", more={"code": "second_person"})
    if row.kind == TaskKind.SECOND_APPROVAL and decision is Decision.CONFIRM and row.proposed["asked_by"] == who.author:
        raise Problem(403, "same_person", more={"code": "same_person"})


async def _within_limit(around: Surroundings, row: TaskRow, who: Who, decision: Decision, language: str) -> None:
    """A collector confirms and overrides up to the creditor's `approvals.collector_limit`; raises Problem 403 above it."""
    if who.role is not Role.COLLECTOR or decision not in (Decision.CONFIRM, Decision.OVERRIDE):
        return
    async with around.engine.connect() as connection:
        creditor = await catalogue.creditor(connection, row.creditor)
    limit = creditor.approvals.collector_limit.get(row.currency)
    if limit is not None and row.balance_due > limit:
        facts = {"amount": str(row.balance_due), "limit": str(limit), "currency": row.currency}
        raise Problem(403, "above_limit", refusal("above_limit", facts, language), more={"code": "above_limit"})


async def _check(around: Surroundings, row: TaskRow, body: DecisionBody) -> None:
    """What makes no sense whatever the state of the claim; raises Problem 422."""
    if body.decision not in row.allowed:
        raise invalid(FieldError("decision", "not_allowed_decision", {"allowed": ", ".join(row.allowed)}))
    if body.decision is Decision.POSTPONE and body.postpone_to is None:
        raise invalid(FieldError("postpone_to", "needs_text"))
    override = body.override
    if body.decision is Decision.OVERRIDE and (
        override is None or not any((override.action_type, override.channel, override.text))
    ):
        raise invalid(FieldError("override", "needs_text"))
    async with around.engine.connect() as connection:
        if override is not None and override.action_type:
            kind = await catalogue.one(connection, "action-types", override.action_type)
            if kind is None or not kind.active:
                raise invalid(FieldError("override.action_type", "unknown_action_type"))
        if not body.statuses:
            return
        known = await debts.item_references(connection, row.claim_id)
        for n, given in enumerate(body.statuses):
            status = await catalogue.one(connection, "statuses", given.status)
            if status is None or not status.active:
                raise invalid(FieldError(f"statuses[{n}].status", "unknown_status"))
            if not known.issuperset(given.items):
                raise invalid(FieldError(f"statuses[{n}].items", "unknown_item"))


def decoded(answer: JSONResponse) -> Any:
    """The JSON of an answer that was made here."""
    return json.loads(bytes(answer.body))
