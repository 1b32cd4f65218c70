"""Arrangements (échéanciers): agreed, and cancelled. How each instalment stands shows in the whole claim."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import Field

from api.fields import AmountText, Comment, Ref, Several, all_known, found
from api.inbox import IdempotencyKey, News, key_of
from api.instalment_forms import MOST_INSTALMENTS, PlanBody, amount_from_zero, amount_or_none, plan_payload
from api.languages import language_of
from api.problems import Problem
from api.promises import ANSWERS, CancellationBody
from api.requests import ask_claim, make_of_claim
from api.security import Permission, Worker
from api.surroundings import Around
from db import agreements, debts, portfolio
from db.portfolio import Found, uuid_or_none
from domain.claim import Values

router = APIRouter(prefix="/api/claims/{ref}/arrangements", tags=["agreements"])

Days = Annotated[int, Field(ge=0, le=60)]


class ArrangementBody(PlanBody):
    amount: AmountText | None = None
    waiver: AmountText | None = None
    items: Several | None = None
    tolerance_days: Days | None = None
    tolerance_amount: AmountText | None = None
    missed_allowed: Annotated[int, Field(ge=0, le=MOST_INSTALMENTS)] = 0
    remind_days_before: Annotated[int, Field(ge=0, le=60, description="0: no reminder before")] = 3
    remind_days_after: Annotated[int, Field(ge=0, le=60, description="0: no reminder after")] = 1
    comment: Comment = ""


@router.post("", status_code=201, summary="Agree on instalments", responses=ANSWERS)
async def post_arrangement(
    ref: Ref, body: ArrangementBody, request: Request, who: Worker, around: Around, key: IdempotencyKey = None
) -> JSONResponse:
    """The instalments add up to what the items owe less the waiver, or the refusal says what they must add up to."""
    async with around.engine.connect() as connection:
        claim = found(await portfolio.find(connection, ref, who.scope))
        if body.items is not None:
            all_known("items", body.items, await debts.payable_items(connection, claim.id, Values(claim.values)))
    content = _payload(body, claim)
    payload = {**content, "supervises": who.may(Permission.SUPERVISE)}
    news = News("agree_arrangement", payload, content, key_of(key))
    return await make_of_claim(around, claim, news, who, language_of(request), "arrangement")


def _payload(body: ArrangementBody, claim: Found) -> dict[str, Any]:
    return {
        **plan_payload(body, claim.currency),
        "amount": amount_or_none("amount", body.amount, claim.currency),
        "waiver": amount_from_zero("waiver", body.waiver, claim.currency),
        "items": body.items,
        "tolerance_days": body.tolerance_days,
        "tolerance_amount": amount_from_zero("tolerance_amount", body.tolerance_amount, claim.currency),
        "missed_allowed": body.missed_allowed,
        "remind_days_before": body.remind_days_before,
        "remind_days_after": body.remind_days_after,
        "comment": body.comment,
    }


@router.post("/{arrangement_id}/cancellation", summary="The arrangement no longer stands", responses=ANSWERS)
async def post_cancellation(
    ref: Ref,
    arrangement_id: str,
    body: CancellationBody,
    request: Request,
    who: Worker,
    around: Around,
    key: IdempotencyKey = None,
) -> JSONResponse:
    """The whole debt is due again, and nothing is waived."""
    identity = uuid_or_none(arrangement_id)
    async with around.engine.connect() as connection:
        claim = found(await portfolio.find(connection, ref, who.scope))
        if not await agreements.has_arrangement(connection, claim.id, identity):
            raise Problem(404, "not_found")
    payload = {"arrangement_id": str(identity), "reason": body.reason}
    news = News("cancel_arrangement", payload, payload, key_of(key))
    return await ask_claim(around, claim, news, who, language_of(request))
