"""Negotiation: an offer, its answer, a counter-offer. An accepted one becomes an arrangement."""

from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from api.fields import AmountText, Body, Comment, Day, Ref, Several, all_known, amount_in, found
from api.inbox import IdempotencyKey, News, key_of
from api.instalment_forms import PlanBody, plan_payload
from api.languages import language_of
from api.problems import FieldError, Problem, invalid
from api.promises import ANSWERS
from api.requests import ask_claim, make_of_claim
from api.security import Permission, Worker
from api.surroundings import Around
from db import agreements, debts, portfolio
from db.portfolio import uuid_or_none
from domain.claim import Values

router = APIRouter(prefix="/api/claims/{ref}/offers", tags=["agreements"])


class TermsBody(PlanBody):
    amount: AmountText
    answer_by: Day | None = None
    comment: Comment = ""


class OfferBody(TermsBody):
    by: Literal["debtor", "creditor"]
    items: Several | None = None
    answers: UUID | None = None


class AnswerBody(Body):
    answer: Literal["accepted", "refused", "countered"]
    counter: TermsBody | None = None
    reason: Comment = ""


@router.post("", status_code=201, summary="One side offers a sum that settles the debt", responses=ANSWERS)
async def post_offer(
    ref: Ref, body: OfferBody, request: Request, who: Worker, around: Around, key: IdempotencyKey = None
) -> JSONResponse:
    """`answers` names the other side's offer that it counters. A discount above what a collector may grant needs a supervisor."""
    async with around.engine.connect() as connection:
        claim = found(await portfolio.find(connection, ref, who.scope))
        if body.items is not None:
            all_known("items", body.items, await debts.payable_items(connection, claim.id, Values(claim.values)))
        if body.answers is not None and not await agreements.has_offer(connection, claim.id, body.answers):
            raise invalid(FieldError("answers", "unknown_offer"))
    content = {
        **_terms(body, claim.currency),
        "by": body.by,
        "items": body.items,
        "answers": str(body.answers) if body.answers else None,
    }
    payload = {**content, "supervises": who.may(Permission.SUPERVISE)}
    news = News("make_offer", payload, content, key_of(key))
    return await make_of_claim(around, claim, news, who, language_of(request), "offer")


def _terms(body: TermsBody, currency: str, prefix: str = "") -> dict[str, Any]:
    return {
        **plan_payload(body, currency, prefix=prefix, needed=False),
        "amount": str(amount_in(f"{prefix}amount", body.amount, currency)),
        "answer_by": body.answer_by.isoformat() if body.answer_by else None,
        "comment": body.comment,
    }


@router.post("/{offer_id}/answer", summary="Accept, refuse or counter an offer", responses=ANSWERS)
async def post_answer(
    ref: Ref,
    offer_id: str,
    body: AnswerBody,
    request: Request,
    who: Worker,
    around: Around,
    key: IdempotencyKey = None,
) -> JSONResponse:
    """The answer is the offer, with the arrangement that it became or the offer that counters it."""
    identity = uuid_or_none(offer_id)
    if (body.answer == "countered") != (body.counter is not None):
        raise invalid(FieldError("counter", "needs_text" if body.answer == "countered" else "counter_not_wanted"))
    async with around.engine.connect() as connection:
        claim = found(await portfolio.find(connection, ref, who.scope))
        if not await agreements.has_offer(connection, claim.id, identity):
            raise Problem(404, "not_found")
    content = {
        "offer_id": str(identity),
        "answer": body.answer,
        "counter": None if body.counter is None else _terms(body.counter, claim.currency, "counter."),
        "reason": body.reason,
    }
    payload = {**content, "supervises": who.may(Permission.SUPERVISE)}
    news = News("answer_offer", payload, content, key_of(key))
    return await ask_claim(around, claim, news, who, language_of(request))
