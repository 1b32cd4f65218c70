"""One claim on one page, with its parts as tabs; each act is a form in place that answers with the refreshed page, or why not."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.datastructures import FormData

from api import course, debt, training
from api.claim_json import whole_claim
from api.debt_json import statement_json
from api.fields import Day, found
from api.listed import Paged, timeline_page
from api.pages.frame import Frame, ReaderFrame, Said, TrainerFrame, WorkerFrame
from api.pages.labels import labels_in
from api.pages.offered import offered, proposed_dates
from api.pages.steps_line import steps_line
from api.pages.trouble import words_of
from api.pages.typed import body_of, typed_amount
from api.plan_json import plan_until
from api.problems import Problem
from api.tasks import decoded
from db import agreements, claims, entries, journeys, portfolio
from db.catalogue import catalogue_for
from db.engine import at_one_moment
from db.portfolio import Found

router = APIRouter(prefix="/claims/{number}", include_in_schema=False)

HORIZON: Final = timedelta(days=365)  # how far the plan looks
TABS: Final = (
    "timeline",
    "plan",
    "actions",
    "items",
    "agreements",
    "payments",
    "statement",
    "law",
    "documents",
)
_DAY: Final[TypeAdapter[date]] = TypeAdapter(Day)
LISTS: Final = frozenset({"items"})  # fields of several ticked boxes
STATED: Final = (
    "payments",
    "notes",
    "ahead",
    "reversal",
)  # facts, never refused for what they are: 202 is their answer
Fields = dict[str, Any]
Act = Callable[[Fields], Awaitable[JSONResponse]]


class Shown(BaseModel):
    """Which part of the claim is looked at; what cannot be read shows the part as it opens."""

    tab: Annotated[str, Field(max_length=20)] = "timeline"
    before: Annotated[str, Field(max_length=1000)] = ""  # a cursor of the timeline
    on: Annotated[str, Field(max_length=20)] = ""  # the day of the statement
    action_type: Annotated[str, Field(max_length=64)] = ""  # whose dates are proposed in the form of an action


@router.get("")
async def get_claim(
    frame: ReaderFrame,
    number: str,
    shown: Annotated[Shown, Query()],
) -> Response:
    return await claim_page(frame, number, shown)


async def claim_page(
    frame: Frame,
    number: str,
    shown: Shown,
    *,
    told: Said | None = None,
    act: str = "",
    typed: Fields | None = None,
    status: int = 200,
) -> Response:
    """The page; `act` is the form that stays open with what was typed when it was refused."""
    async with at_one_moment(frame.around.engine) as connection:
        addressed = found(await portfolio.find(connection, number, frame.who.scope))
        claim = await whole_claim(connection, addressed, frame.around, frame.request)
        history = await timeline_page(connection, addressed.id, Paged(cursor=shown.before or None), frame.language)
        beside = await _beside(connection, addressed, frame, shown)
        moves = await entries.has_unapplied(connection, addressed.id) or await journeys.is_travelling(
            connection, addressed.id
        )
    _add_sums(claim)
    if proposed := beside.pop("proposed"):
        act, typed = (act, typed) if act else ("actions", proposed)
    return await frame.page(
        "claim",
        here="claims",
        status=status,
        claim=claim,
        moves=moves and status == 200 and not act,
        line=steps_line(claim, beside["plan"]),
        timeline=history["items"],
        timeline_next=history["next_cursor"],
        tab=shown.tab if shown.tab in TABS else "timeline",
        tabs=_tabs(claim, history["total"]),
        days_ahead=_days_ahead(addressed, frame),
        form_key=secrets.token_hex(8),
        told_here=told,
        kept=_kept(act, typed or {}),
        **beside,
    )


async def _beside(connection: AsyncConnection, addressed: Found, frame: Frame, shown: Shown) -> dict[str, Any]:
    """What the page shows that is no part of the claim's JSON: its plan, its statement at a day, what forms offer."""
    facts = found(await claims.load(connection, addressed.id))
    catalogue = await catalogue_for(connection, facts, scenario_needed=False)
    today = addressed.today(frame.around.now())
    return {
        "plan": await plan_until(connection, facts, addressed.now(frame.around.now()), today + HORIZON, frame.language),
        "offered": offered(facts, catalogue, await labels_in(connection, frame.language), frame.language),
        "reliability": await agreements.reliability(connection, facts.debtor.id),
        "debt": statement_json(facts, _day(shown.on) or today),
        "proposed": proposed_dates(catalogue.action_types.get(shown.action_type), today),
    }


def _add_sums(claim: dict[str, Any]) -> None:
    """What the head of the page says in one figure."""
    charged = (Decimal(claim[part]) for part in ("interest", "indemnities"))
    claim["accessories"] = str(sum(charged) + Decimal(claim["costs"]["chargeable"]))
    claim["unapplied_money"] = Decimal(claim["unapplied"]) > 0


def _kept(act: str, typed: Fields) -> Callable[..., Mapping[str, Any]]:
    """What stands in a form of the page: what was typed into the one that was refused, nothing in all others."""

    def of_form(form: str, at: str = "") -> Mapping[str, Any]:
        return defaultdict(str, typed if form == act and typed.get("at", "") == at else {})

    return of_form


def _day(text: str) -> date | None:
    """The day of an address; None for what is no day a claim can have."""
    try:
        return _DAY.validate_python(text)
    except ValidationError:
        return None


def _days_ahead(addressed: Found, frame: Frame) -> int:
    """How many days the claim's own date is ahead of the wall's, where the claim lives."""
    now = frame.around.now()
    return (addressed.today(now) - portfolio.own_day(addressed.time_zone, timedelta(0), now)).days


def _tabs(claim: dict[str, Any], happened: int) -> list[tuple[str, int | None]]:
    agreed = sum(len(claim[name]) for name in ("promises", "arrangements", "offers", "disputes"))
    numbers = {name: len(claim[name]) for name in ("actions", "items", "payments", "documents")}
    numbers |= {"timeline": happened, "agreements": agreed, "law": len(claim["procedures"]) + len(claim["guarantees"])}
    return [(name, numbers.get(name)) for name in TABS]


@router.post("/payments")
async def post_payment(frame: WorkerFrame, number: str) -> Response:
    async def record(fields: Fields) -> JSONResponse:
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

    return await carried_out(
        frame, number, "payments", "payment_recorded", record, ("external_id", "amount", "value_date", "method", "item")
    )


@router.post("/notes")
async def post_note(frame: WorkerFrame, number: str) -> Response:
    async def add(fields: Fields) -> JSONResponse:
        body = body_of(course.NoteBody, {"text": fields["text"]})
        return await course.post_note(number, body, frame.who, frame.around, fields["key"])

    return await carried_out(frame, number, "notes", "note_added", add, ("text",))


@router.post("/suspension")
async def post_suspension(frame: WorkerFrame, number: str) -> Response:
    async def suspend(fields: Fields) -> JSONResponse:
        body = body_of(course.SuspensionBody, {"reason": fields["reason"], "until": fields["until"]})
        return await course.post_suspension(number, body, frame.request, frame.who, frame.around, fields["key"])

    return await carried_out(frame, number, "suspension", "suspended", suspend, ("reason", "until"))


@router.post("/resumption")
async def post_resumption(frame: WorkerFrame, number: str) -> Response:
    async def resume(fields: Fields) -> JSONResponse:
        return await course.delete_suspension(number, frame.request, frame.who, frame.around, fields["key"])

    return await carried_out(frame, number, "resumption", "resumed", resume, ())


@router.post("/ahead")
async def post_ahead(frame: TrainerFrame, number: str) -> Response:
    async def move(fields: Fields) -> JSONResponse:
        await training.only_in_training(frame.around)
        days = int(fields["days"]) if fields["days"].isdecimal() else fields["days"]
        wanted = {"days": days, "claims": [number], "stop_at_task": bool(fields["stop_at_task"])}
        body = body_of(training.FastForward, wanted)
        return await training.post_fast_forward(body, frame.who, frame.around, fields["key"])

    return await carried_out(frame, number, "ahead", "moving_ahead", move, ("days", "stop_at_task"))


async def carried_out(
    frame: Frame, number: str, act: str, done: str, carry_out: Act, names: tuple[str, ...]
) -> Response:
    """The claim after the act; or, when it is refused, the same form with what was typed and the reason why not."""
    form = await frame.request.form()
    fields = {name: _read(form, name) for name in (*names, "key", "tab")}
    shown = Shown(tab=fields["tab"][:20])
    try:
        answer = await carry_out(fields)
    except Problem as problem:
        if problem.status not in (409, 422):
            raise
        told = Said("bad", "refused", words_of(problem, frame.language))
        return await claim_page(frame, number, shown, told=told, act=act, typed=fields, status=problem.status)
    said = _said(answer, act, done)
    if "hx-request" in frame.request.headers:
        return await claim_page(frame, number, shown, told=said)
    return frame.go_to(f"/claims/{number}?{urlencode({'tab': shown.tab})}", said)


def _said(answer: JSONResponse, act: str, done: str) -> Said:
    """Done; or taken for later; or somebody else is asked first."""
    if answer.status_code != 202 or act in STATED:
        return Said("good", done)
    asked = decoded(answer).get("outcome") == "second_approval"
    return Said("plain", "second_person_asked") if asked else Said("good", "taken_for_later")


def _read(form: FormData, name: str) -> Any:
    values = [value.strip()[:5000] for value in form.getlist(name) if isinstance(value, str)]
    if name in LISTS:
        return values
    return values[0] if values else ""
