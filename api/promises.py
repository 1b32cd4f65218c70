"""Promises to pay: made, and cancelled. The claim decides; what becomes of them shows in the whole claim."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from api.fields import AmountText, Body, Comment, Day, Ref, Several, Words, all_known, found
from api.inbox import IdempotencyKey, News, key_of
from api.instalment_forms import amount_or_none
from api.languages import language_of
from api.problems import FieldError, Problem, invalid
from api.requests import ask_claim, make_of_claim
from api.security import Worker
from api.surroundings import Around
from db import agreements, debts, portfolio
from db.portfolio import uuid_or_none
from domain.claim import Values

router = APIRouter(prefix="/api/claims/{ref}/promises", tags=["agreements"])

ANSWERS: dict[int | str, dict[str, Any]] = {
    202: {"description": "Taken, the claim answers later"},
    409: {"description": "Refused, with the reason"},
}


class PromiseBody(Body):
    amount: AmountText | None = None
    promised_on: Day
    items: Several | None = None
    comment: Comment = ""


class CancellationBody(Body):
    reason: Words


@router.post("", status_code=201, summary="The debtor promised an amount for a day", responses=ANSWERS)
async def post_promise(
    ref: Ref, body: PromiseBody, request: Request, who: Worker, around: Around, key: IdempotencyKey = None
) -> JSONResponse:
    """Without an amount, all that the items owe; without items, all open undisputed ones. Not chased until then."""
    async with around.engine.connect() as connection:
        claim = found(await portfolio.find(connection, ref, who.scope))
        if body.items is not None:
            all_known("items", body.items, await debts.payable_items(connection, claim.id, Values(claim.values)))
    today = claim.today(around.now())
    if body.promised_on < today:
        raise invalid(FieldError("promised_on", "in_the_past", {"today": today.isoformat()}))
    payload = {
        "amount": amount_or_none("amount", body.amount, claim.currency),
        "promised_on": body.promised_on.isoformat(),
        "items": body.items,
        "comment": body.comment,
    }
    news = News("make_promise", payload, payload, key_of(key))
    return await make_of_claim(around, claim, news, who, language_of(request), "promise")


@router.post("/{promise_id}/cancellation", summary="The promise no longer stands", responses=ANSWERS)
async def post_cancellation(
    ref: Ref,
    promise_id: str,
    body: CancellationBody,
    request: Request,
    who: Worker,
    around: Around,
    key: IdempotencyKey = None,
) -> JSONResponse:
    """Neither kept nor broken: its items are chased again."""
    identity = uuid_or_none(promise_id)
    async with around.engine.connect() as connection:
        claim = found(await portfolio.find(connection, ref, who.scope))
        if not await agreements.has_promise(connection, claim.id, identity):
            raise Problem(404, "not_found")
    payload = {"promise_id": str(identity), "reason": body.reason}
    news = News("cancel_promise", payload, payload, key_of(key))
    return await ask_claim(around, claim, news, who, language_of(request))
