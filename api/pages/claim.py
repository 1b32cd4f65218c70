"""One claim on one page, with its parts as tabs; each act is a form in place that answers with the refreshed page, or why not."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.datastructures import FormData

from api import course, debt, training
from api.claim_json import whole_claim
from api.fields import found
from api.listed import Paged, timeline_page
from api.pages.frame import Frame, ReaderFrame, Said, TrainerFrame, WorkerFrame
from api.pages.steps_line import steps_line
from api.pages.trouble import words_of
from api.pages.typed import body_of, typed_amount
from api.plan_json import plan_until
from api.problems import Problem
from db import claims, entries, journeys, portfolio
from db.engine import at_one_moment
from db.portfolio import Found

router = APIRouter(prefix="/claims/{number}", include_in_schema=False)

HORIZON: Final = timedelta(days=365)  # how far the plan looks
TABS: Final = ("timeline", "plan", "actions", "items", "payments", "documents")
Act = Callable[[dict[str, str]], Awaitable[JSONResponse]]


@router.get("")
async def get_claim(
    frame: ReaderFrame,
    number: str,
    tab: Annotated[str, Query(max_length=20)] = "timeline",
    before: Annotated[str, Query(max_length=1000)] = "",
) -> Response:
    return await claim_page(frame, number, tab=tab, before=before)


async def claim_page(
    frame: Frame,
    number: str,
    *,
    tab: str = "timeline",
    before: str = "",
    told: Said | None = None,
    act: str = "",
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    """The page; `act` is the form that stays open with what was typed when it was refused."""
    tab = tab if tab in TABS else "timeline"
    async with at_one_moment(frame.around.engine) as connection:
        addressed = found(await portfolio.find(connection, number, frame.who.scope))
        claim = await whole_claim(connection, addressed, frame.around, frame.request)
        plan = await _plan(connection, addressed, frame)
        history = await timeline_page(connection, addressed.id, Paged(cursor=before or None), frame.language)
        moves = await entries.has_unapplied(connection, addressed.id) or await journeys.is_travelling(
            connection, addressed.id
        )
    claim["accessories"] = str(
        sum(Decimal(claim[part]) for part in ("interest", "indemnities")) + Decimal(claim["costs"]["chargeable"])
    )
    claim["unapplied_money"] = Decimal(claim["unapplied"]) > 0
    return await frame.page(
        "claim",
        here="claims",
        status=status,
        claim=claim,
        moves=moves and status == 200 and not act,
        plan=plan,
        line=steps_line(claim, plan),
        timeline=history["items"],
        timeline_next=history["next_cursor"],
        tab=tab,
        tabs=_tabs(claim, history["total"]),
        days_ahead=_days_ahead(addressed, frame),
        form_key=secrets.token_hex(8),
        told_here=told,
        act=act,
        typed=defaultdict(str, typed or {}),
    )


async def _plan(connection: AsyncConnection, addressed: Found, frame: Frame) -> dict[str, Any]:
    facts = found(await claims.load(connection, addressed.id))
    as_of = addressed.now(frame.around.now())
    until = addressed.today(frame.around.now()) + HORIZON
    return await plan_until(connection, facts, as_of, until, frame.language)


def _days_ahead(addressed: Found, frame: Frame) -> int:
    """How many days the claim's own date is ahead of the wall's, where the claim lives."""
    now = frame.around.now()
    return (addressed.today(now) - portfolio.own_day(addressed.time_zone, timedelta(0), now)).days


def _tabs(claim: dict[str, Any], happened: int) -> list[tuple[str, int | None]]:
    numbers = {"timeline": happened, "plan": None, **{name: len(claim[name]) for name in TABS[2:]}}
    return [(name, numbers[name]) for name in TABS]


@router.post("/payments")
async def post_payment(frame: WorkerFrame, number: str) -> Response:
    async def record(fields: dict[str, str]) -> JSONResponse:
        async with frame.around.engine.connect() as connection:
            claim = found(await portfolio.find(connection, number, frame.who.scope))
        wanted = {
            "external_id": fields["external_id"] or f"workbench-{fields['key']}",
            "amount": typed_amount(fields["amount"], frame.language),
            "currency": claim.currency,
            "value_date": fields["value_date"],
            "method": fields["method"],
            "item": fields["item"],
        }
        return await debt.post_payment(number, body_of(debt.PaymentBody, wanted), frame.who, frame.around)

    return await _carried_out(
        frame, number, "payments", "payment_recorded", record, ("external_id", "amount", "value_date", "method", "item")
    )


@router.post("/notes")
async def post_note(frame: WorkerFrame, number: str) -> Response:
    async def add(fields: dict[str, str]) -> JSONResponse:
        body = body_of(course.NoteBody, {"text": fields["text"]})
        return await course.post_note(number, body, frame.who, frame.around, fields["key"])

    return await _carried_out(frame, number, "notes", "note_added", add, ("text",))


@router.post("/suspension")
async def post_suspension(frame: WorkerFrame, number: str) -> Response:
    async def suspend(fields: dict[str, str]) -> JSONResponse:
        body = body_of(course.SuspensionBody, {"reason": fields["reason"], "until": fields["until"]})
        return await course.post_suspension(number, body, frame.request, frame.who, frame.around, fields["key"])

    return await _carried_out(frame, number, "suspension", "suspended", suspend, ("reason", "until"))


@router.post("/resumption")
async def post_resumption(frame: WorkerFrame, number: str) -> Response:
    async def resume(fields: dict[str, str]) -> JSONResponse:
        return await course.delete_suspension(number, frame.request, frame.who, frame.around, fields["key"])

    return await _carried_out(frame, number, "resumption", "resumed", resume, ())


@router.post("/ahead")
async def post_ahead(frame: TrainerFrame, number: str) -> Response:
    async def move(fields: dict[str, str]) -> JSONResponse:
        await training.only_in_training(frame.around)
        days = int(fields["days"]) if fields["days"].isdecimal() else fields["days"]
        wanted = {"days": days, "claims": [number], "stop_at_task": bool(fields["stop_at_task"])}
        body = body_of(training.FastForward, wanted)
        return await training.post_fast_forward(body, frame.who, frame.around, fields["key"])

    return await _carried_out(frame, number, "ahead", "moving_ahead", move, ("days", "stop_at_task"))


async def _carried_out(
    frame: Frame, number: str, act: str, done: str, carry_out: Act, names: tuple[str, ...]
) -> Response:
    """The claim after the act; or, when it is refused, the same form with what was typed and the reason why not."""
    form = await frame.request.form()
    fields = {name: _text(form, name) for name in (*names, "key", "tab")}
    try:
        answer = await carry_out(fields)
    except Problem as problem:
        if problem.status not in (409, 422):
            raise
        told = Said("bad", "refused", words_of(problem, frame.language))
        return await claim_page(
            frame, number, tab=fields["tab"], told=told, act=act, typed=fields, status=problem.status
        )
    said = Said(
        "good", done if answer.status_code != 202 or act in ("payments", "notes", "ahead") else "taken_for_later"
    )
    if "hx-request" in frame.request.headers:
        return await claim_page(frame, number, tab=fields["tab"], told=said)
    return frame.go_to(f"/claims/{number}?tab={fields['tab']}", said)


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.strip()[:5000] if isinstance(value, str) else ""
