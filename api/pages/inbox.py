"""The inbox: what waits for a person, the frozen preview beside it, and the decision."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl, urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response
from starlette.datastructures import FormData

from api import task_json
from api import tasks as decisions
from api.fields import found
from api.listed import checked
from api.pages.changes import changes_since
from api.pages.frame import Frame, ReaderFrame, Said, WorkerFrame
from api.pages.trouble import words_of
from api.pages.typed import body_of
from api.problems import Problem
from db import tasks
from db.paging import DEFAULT, Page
from db.portfolio import uuid_or_none
from db.tasks import TaskRow, Wanted
from domain.claim import TaskKind, TaskState

router = APIRouter(prefix="/inbox", include_in_schema=False)

SOON: Final = {"late": timedelta(0), "today": timedelta(hours=12), "week": timedelta(days=7)}
PROMISED: Final = "promise"  # the standard status of items for which a day was promised
OF_A_DRAFT: Final = (
    "language",
    "template",
    "asked",
)  # what `proposed` has besides the contract, when a draft was frozen


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters as they stand in the address."""

    creditor: str = ""
    kind: str = ""
    due: str = ""

    @classmethod
    def of(cls, query: str) -> Filters:
        """From the query of an address that a form carries along."""
        given = dict(parse_qsl(query.removeprefix("?")))
        return cls(**{name: given.get(name, "")[:64] for name in cls.__dataclass_fields__})

    @property
    def any(self) -> bool:
        return bool(self.query)

    @property
    def query(self) -> str:
        given = {name: value for name in self.__dataclass_fields__ if (value := getattr(self, name))}
        return f"?{urlencode(given)}" if given else ""

    def wanted(self, now: datetime) -> Wanted:
        kind = self.kind if self.kind in set(TaskKind) else ""
        before = now + SOON[self.due] if self.due in SOON else None
        return Wanted(state=TaskState.OPEN, kind=kind, creditor=self.creditor, due_before=before)


@router.get("")
async def get_inbox(
    frame: ReaderFrame,
    creditor: Annotated[str, Query(max_length=64)] = "",
    kind: Annotated[str, Query(max_length=64)] = "",
    due: Annotated[str, Query(max_length=8)] = "",
    cursor: Annotated[str, Query(max_length=1000)] = "",
) -> Response:
    return await _inbox_page(frame, Filters(creditor, kind, due), cursor=cursor)


@router.get("/count")
async def get_count(frame: ReaderFrame) -> Response:
    """Asked every few seconds by every page: htmx names the element, so only its fragment is answered."""
    return await frame.page("inbox-count")


@router.get("/news")
async def get_news(frame: ReaderFrame, known: int = 0) -> Response:
    """Whether the list that is shown is out of date."""
    return await frame.page("inbox-news", known=known)


@router.get("/{task_id}")
async def get_task(
    frame: ReaderFrame,
    task_id: str,
    creditor: Annotated[str, Query(max_length=64)] = "",
    kind: Annotated[str, Query(max_length=64)] = "",
    due: Annotated[str, Query(max_length=8)] = "",
) -> Response:
    return await _inbox_page(frame, Filters(creditor, kind, due), chosen=await _one(frame, task_id))


@router.post("/decisions")
async def post_decisions(frame: WorkerFrame) -> Response:
    """Confirm all that were ticked: one outcome each, shown above the list."""
    form = await frame.request.form()
    ticked = [str(value).partition(":") for value in form.getlist("task")][:200]
    filters = Filters.of(_text(form, "query"))
    if not ticked:
        return frame.go_to(f"/inbox{filters.query}", Said("plain", "nothing_ticked"))
    wanted = [{"task": task_id, "version": version, "decision": "confirm"} for task_id, _, version in ticked]
    body = body_of(decisions.ManyBody, {"decisions": wanted})
    before = {task_id: await _one(frame, task_id) for task_id, _, _ in ticked}
    answer = decisions.decoded(await decisions.post_decisions(body, frame.request, frame.who, frame.around))
    outcomes = [{**outcome, "row": before[outcome["task"]]} for outcome in answer["outcomes"]]
    return await _inbox_page(frame, filters, outcomes=outcomes)


@router.post("/{task_id}/decision")
async def post_decision(frame: WorkerFrame, task_id: str) -> Response:
    """Carried out: on to the next task. Stale: the fresh one and what changed. Decided by somebody else: by whom."""
    form = await frame.request.form()
    filters = Filters.of(_text(form, "query"))
    row = await _one(frame, task_id)
    try:
        body = body_of(decisions.DecisionBody, _decision(form, row))
        answer = await decisions.post_decision(task_id, body, frame.request, frame.who, frame.around)
    except Problem as problem:
        if problem.status not in (403, 409, 422):  # 403: not this person, not this amount
            raise
        said = Said("bad", "refused", words_of(problem, frame.language))
        fresh = await _one(frame, task_id)
        changes = changes_since(_text(form, "seen"), fresh.proposed) if problem.code == "stale" else []
        page = await _inbox_page(
            frame, filters, chosen=fresh, told=None if changes else said, changes=changes, status=problem.status
        )
        page.headers["HX-Push-Url"] = f"/inbox/{task_id}{filters.query}"
        return page
    said = Said("good", "taken_for_later" if answer.status_code == 202 else _text(form, "decision"))
    return frame.go_to(await _next_address(frame, row, filters), said)


async def _next_address(frame: Frame, decided: TaskRow, filters: Filters) -> str:
    """The task after this one in the list, else the list."""
    order = replace(tasks.tasks_ordered(tasks.DEFAULT_SORT, None), after=(decided.priority, decided.id))
    async with frame.around.engine.connect() as connection:
        page = await tasks.page(connection, filters.wanted(frame.around.now()), frame.who.scope, order, 1)
    return f"/inbox/{page.rows[0].id}{filters.query}" if page.rows else f"/inbox{filters.query}"


async def _one(frame: Frame, task_id: str) -> TaskRow:
    identity: UUID = found(uuid_or_none(task_id))
    async with frame.around.engine.connect() as connection:
        return found(await tasks.one(connection, identity, frame.who.scope))


async def _inbox_page(
    frame: Frame,
    filters: Filters,
    *,
    chosen: TaskRow | None = None,
    cursor: str = "",
    told: Said | None = None,
    changes: list[dict[str, Any]] | None = None,
    outcomes: list[dict[str, Any]] | None = None,
    status: int = 200,
) -> Response:
    """The list and the task beside it: the chosen one, else the first."""
    page = await _listed(frame, filters, cursor)
    rows = [tasks.read(row) for row in page.rows]
    beside = chosen or (rows[0] if rows else None)
    return await frame.page(
        "inbox",
        here="inbox",
        status=status,
        tasks=[_shown(row, frame) for row in rows],
        task=_shown(beside, frame) if beside else None,
        opened=chosen is not None,
        filters=filters,
        query=filters.query,
        total=page.total,
        total_is_exact=page.total_is_exact,
        previous_page=f"/inbox{filters.query}" if cursor else "",
        next_page=_next_page(filters, page),
        told_here=told,
        changes=changes or [],
        outcomes=outcomes or [],
    )


async def _listed(frame: Frame, filters: Filters, cursor: str) -> Page:
    order = checked(lambda: tasks.tasks_ordered(tasks.DEFAULT_SORT, cursor or None), tasks.SORTS)
    async with frame.around.engine.connect() as connection:
        return await tasks.page(connection, filters.wanted(frame.around.now()), frame.who.scope, order, DEFAULT)


def _next_page(filters: Filters, page: Page) -> str:
    if page.next_cursor is None:
        return ""
    return f"/inbox{filters.query}{'&' if filters.query else '?'}{urlencode({'cursor': page.next_cursor})}"


def _shown(row: TaskRow, frame: Frame) -> dict[str, Any]:
    """The task as the contract shows it, and what its claim's own clock makes of its dates."""
    now = row.now(frame.around.now())
    today = now.astimezone(ZoneInfo(row.time_zone)).date()
    shown = task_json.task(row, frame.language)
    shown["proposed"] = {**dict.fromkeys(OF_A_DRAFT), **shown["proposed"]}
    return {
        **shown,
        "time_zone": row.time_zone,
        "late": row.state == TaskState.OPEN and row.due_at is not None and row.due_at < now,
        "escalated": row.escalated_at is not None,
        "for_supervisors": row.kind in decisions.FOR_SUPERVISORS,
        "asked_by_reader": row.kind == TaskKind.SECOND_APPROVAL and row.proposed.get("asked_by") == frame.who.author,
        "today": today.isoformat(),
        "tomorrow": (today + timedelta(days=1)).isoformat(),
        "in_a_week": (today + timedelta(days=7)).isoformat(),
    }


def _decision(form: FormData, row: TaskRow) -> dict[str, Any]:
    """The form's fields as the contract's body; a text left as it was is no text of one's own."""
    fields: dict[str, Any] = {
        name: _text(form, name) for name in ("decision", "version", "comment", "postpone_to", "result")
    }
    if fields["decision"] == "override":
        text = _text(form, "text").replace("\r\n", "\n")
        own = "" if text == str(row.proposed.get("text") or "").strip() else text
        other = {"action_type": _text(form, "action_type"), "channel": _text(form, "channel"), "text": own}
        fields["override"] = {name: value for name, value in other.items() if value}
    promised_on = _text(form, "promised_on")
    if status := _text(form, "status") or (PROMISED if promised_on else ""):
        items = [item["reference"] for item in row.proposed.get("items") or ()]
        given = {"items": items, "status": status, "comment": fields["comment"], "promised_on": promised_on or None}
        fields["statuses"] = [given] if items else None
    return fields


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.strip()[:20_000] if isinstance(value, str) else ""
