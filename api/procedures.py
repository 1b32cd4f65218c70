"""Court and enforcement procedures over HTTP: opened, heard, judged, the title, its service, the end."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection

from api.actions import Agent
from api.agents_known import known_agent, known_type
from api.fields import AmountText, Body, Code, Comment, Day, Line, Ref, amount_in, found, not_after_today, same_currency
from api.inbox import IdempotencyKey, News
from api.made import CREATED, make, news_of
from api.problems import FieldError, Problem, invalid
from api.security import Who, Worker
from api.surroundings import Around, Surroundings
from db import legal, portfolio
from db.portfolio import Found, uuid_or_none
from domain.procedures import is_procedure

router = APIRouter(prefix="/api/claims/{ref}/procedures", tags=["procedures"])


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, of which installation, under which key."""

    who: Worker
    around: Around
    key: IdempotencyKey = None


class ProcedureBody(Body):
    kind: Annotated[Code, Field(description="The code of a legal action type of litigation or enforcement")]
    court: Line = ""
    number: Annotated[Line, Field(description="The court's own")] = ""
    agent: Agent = ""
    opened_on: Day
    comment: Comment = ""


class ProcedureChange(Body):
    court: Line | None = None
    number: Line | None = None
    agent: Agent | None = None
    comment: Comment | None = None


class HearingBody(Body):
    on: Day
    purpose: Line = ""


class HearingOutcome(Body):
    outcome: Annotated[Line, Field(min_length=1)]
    adjourned_to: Annotated[Day | None, Field(description="The next hearing, when this one was adjourned")] = None


class JudgmentBody(Body):
    on: Day
    outcome: Literal["granted", "partly", "refused", "struck_out", "other"]
    amount: AmountText | None = None
    currency: Annotated[str, Field(max_length=3)] | None = None


class TitleBody(Body):
    on: Day
    kind: Annotated[Code, Field(description="judgment, payment_order, notarial_deed, cheque_title, settlement...")]


class ServiceBody(Body):
    on: Day
    mode: Literal["to_person", "at_home", "at_study", "abroad", "by_notice"]


class EndBody(Body):
    on: Day
    outcome: Annotated[Code, Field(description="paid, partly_paid, fruitless, withdrawn, settled, void...")]


@router.post("", status_code=201, summary="A procedure is opened", responses=CREATED)
async def post_procedure(
    ref: Ref, body: ProcedureBody, request: Request, who: Worker, around: Around, key: IdempotencyKey = None
) -> JSONResponse:
    async with around.engine.connect() as connection:
        claim = found(await portfolio.find(connection, ref, who.scope))
        if not is_procedure(await known_type(connection, body.kind, "kind")):
            raise invalid(FieldError("kind", "not_a_procedure"))
        await known_agent(connection, claim, body.agent)
    not_after_today("opened_on", body.opened_on, claim.today(around.now()))
    return await make(around, claim, news_of("open_procedure", body, key), who, request)


@router.patch("/{procedure_id}", summary="Its court, number, agent or comment", responses=CREATED)
async def patch_procedure(
    ref: Ref,
    procedure_id: str,
    body: ProcedureChange,
    request: Request,
    who: Worker,
    around: Around,
    key: IdempotencyKey = None,
) -> JSONResponse:
    async with around.engine.connect() as connection:
        claim = await _with_procedure(connection, ref, procedure_id, who)
        await known_agent(connection, claim, body.agent)
    news = news_of("change_procedure", body, key, only_given=True, procedure=procedure_id)
    return await make(around, claim, news, who, request, status=200)


@router.post("/{procedure_id}/hearings", status_code=201, summary="A hearing is set", responses=CREATED)
async def post_hearing(
    ref: Ref,
    procedure_id: str,
    body: HearingBody,
    request: Request,
    who: Worker,
    around: Around,
    key: IdempotencyKey = None,
) -> JSONResponse:
    """Somebody is asked to prepare it some days before, and for its outcome once it has been held."""
    claim = await _addressed(around, ref, procedure_id, who)
    return await make(around, claim, news_of("set_hearing", body, key, procedure=procedure_id), who, request)


@router.post("/{procedure_id}/hearings/{hearing_id}/outcome", summary="What came out of it", responses=CREATED)
async def post_hearing_outcome(
    ref: Ref,
    procedure_id: str,
    hearing_id: str,
    body: HearingOutcome,
    request: Request,
    asker: Annotated[Asker, Depends()],
) -> JSONResponse:
    async with asker.around.engine.connect() as connection:
        claim = await _with_procedure(connection, ref, procedure_id, asker.who)
        if hearing_id not in await legal.hearings_of(connection, uuid_or_none(procedure_id)):
            raise Problem(404, "not_found")
    news = news_of("record_hearing", body, asker.key, procedure=procedure_id, hearing=hearing_id)
    return await make(asker.around, claim, news, asker.who, request, status=200)


@router.post("/{procedure_id}/judgment", summary="The court has decided", responses=CREATED)
async def post_judgment(
    ref: Ref,
    procedure_id: str,
    body: JudgmentBody,
    request: Request,
    who: Worker,
    around: Around,
    key: IdempotencyKey = None,
) -> JSONResponse:
    claim = await _addressed(around, ref, procedure_id, who)
    if body.currency is not None:
        same_currency(body.currency, claim.currency)
    amount = None if body.amount is None else str(amount_in("amount", body.amount, claim.currency))
    news = news_of("record_judgment", body, key, procedure=procedure_id)
    return await _on_its_day(around, claim, _with_amount(news, amount), body, who, request)


def _with_amount(news: News, amount: str | None) -> News:
    payload = {**{name: value for name, value in news.payload.items() if name != "currency"}, "amount": amount}
    return News(news.kind, payload, payload, news.key)


@router.post("/{procedure_id}/title", summary="An enforceable title was obtained", responses=CREATED)
async def post_title(
    ref: Ref,
    procedure_id: str,
    body: TitleBody,
    request: Request,
    who: Worker,
    around: Around,
    key: IdempotencyKey = None,
) -> JSONResponse:
    """From its day on, costs are the debtor's unless said otherwise."""
    claim = await _addressed(around, ref, procedure_id, who)
    news = news_of("record_title", body, key, procedure=procedure_id)
    return await _on_its_day(around, claim, news, body, who, request)


@router.post("/{procedure_id}/service", summary="It was served on the debtor", responses=CREATED)
async def post_service(
    ref: Ref,
    procedure_id: str,
    body: ServiceBody,
    request: Request,
    who: Worker,
    around: Around,
    key: IdempotencyKey = None,
) -> JSONResponse:
    claim = await _addressed(around, ref, procedure_id, who)
    news = news_of("record_service", body, key, procedure=procedure_id)
    return await _on_its_day(around, claim, news, body, who, request)


@router.post("/{procedure_id}/end", summary="It is over", responses=CREATED)
async def post_end(
    ref: Ref,
    procedure_id: str,
    body: EndBody,
    request: Request,
    who: Worker,
    around: Around,
    key: IdempotencyKey = None,
) -> JSONResponse:
    claim = await _addressed(around, ref, procedure_id, who)
    news = news_of("end_procedure", body, key, procedure=procedure_id)
    return await _on_its_day(around, claim, news, body, who, request)


async def _on_its_day(
    around: Surroundings,
    claim: Found,
    news: News,
    body: JudgmentBody | TitleBody | ServiceBody | EndBody,
    who: Who,
    request: Request,
) -> JSONResponse:
    not_after_today("on", body.on, claim.today(around.now()))
    return await make(around, claim, news, who, request, status=200)


async def _addressed(around: Surroundings, ref: str, procedure_id: str, who: Who) -> Found:
    async with around.engine.connect() as connection:
        return await _with_procedure(connection, ref, procedure_id, who)


async def _with_procedure(connection: AsyncConnection, ref: str, procedure_id: str, who: Who) -> Found:
    """The claim, when the procedure is one of its own; raises Problem 404."""
    claim = found(await portfolio.find(connection, ref, who.scope))
    if not await legal.has_procedure(connection, uuid_or_none(procedure_id), claim.id):
        raise Problem(404, "not_found")
    return claim
