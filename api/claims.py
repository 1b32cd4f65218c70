"""Claims: intake, the list, the whole claim, its statement, plan, timeline and entries."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from fastapi.responses import JSONResponse

from api.answers import answer_once
from api.claim_json import whole_claim
from api.debt_json import statement_json
from api.fields import Day, Ref, found
from api.inbox import IdempotencyKey, told
from api.intake_form import INTAKE
from api.languages import language_of
from api.plan_json import plan_until, sentence
from api.problems import FieldError, Problem, invalid
from api.security import Reader, Worker
from api.surroundings import Around
from db import claims, entries, intake, portfolio
from db.engine import at_one_moment
from domain.intake import read_intake

router = APIRouter(prefix="/api/claims", tags=["claims"])


@router.post(
    "",
    status_code=201,
    summary="Open a claim",
    openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": INTAKE}}}},
)
async def post_claim(
    body: Annotated[dict[str, Any], Body()], who: Worker, around: Around, key: IdempotencyKey = None
) -> JSONResponse:
    """The claim and its first entry are stored together, then its workflow starts: also when Temporal is down for now."""
    given = read_intake(body)
    if who.creditors and given.creditor not in who.creditors:
        raise invalid(FieldError("creditor", "unknown_creditor"))
    async with around.engine.begin() as connection:
        first = await answer_once(connection, who, key, "intake", body)
        if first.given is not None:
            return first.given
        try:
            opened = await intake.open_claim(connection, given, author=who.author, now=around.now())
        except intake.ReferenceTaken:
            raise Problem(409, "duplicate", errors=[FieldError("reference", "duplicate")]) from None
        claim = found(await portfolio.find_by_id(connection, opened.claim_id))
        answer = {
            "id": str(opened.claim_id),
            "number": opened.number,
            "reference": opened.reference,
            "workflow_id": f"claim/{opened.number}",
            "url": f"{around.settings.public_url}/claims/{opened.number}",
            "temporal_url": around.settings.workflow_url(f"claim/{opened.number}"),
        }
        await first.remember(201, answer)
    await around.telling.fact(told(claim), "opened", opened.entry_id, now=around.now())
    return JSONResponse(answer, 201, headers={"Location": f"/api/claims/{opened.number}"})


@router.get("/{ref}", summary="The whole claim at its own today")
async def get_claim(ref: Ref, request: Request, who: Reader, around: Around) -> JSONResponse:
    async with at_one_moment(around.engine) as connection:
        addressed = found(await portfolio.find(connection, ref, who.scope))
        return JSONResponse(await whole_claim(connection, addressed, around, request))


@router.get("/{ref}/entries/{entry}", summary="What became of an entry of the claim's inbox")
async def get_entry(ref: Ref, entry: str, request: Request, who: Reader, around: Around) -> dict[str, Any]:
    identity = found(portfolio.uuid_or_none(entry))
    async with around.engine.connect() as connection:
        addressed = found(await portfolio.find(connection, ref, who.scope))
        row = found(await entries.entry_of(connection, addressed.id, identity))
    return {
        "entry": str(row.id),
        "kind": row.kind,
        "state": row.state,
        "outcome": row.outcome,
        "reason": row.reason or None,
        "text": sentence(row.reason, row.outcome or {}, language_of(request)) if row.reason else None,
        "received_at": row.received_at.isoformat(),
    }


@router.get("/{ref}/statement", summary="The statement of the debt at a date")
async def get_statement(ref: Ref, who: Reader, around: Around, on: Day | None = None) -> dict[str, Any]:
    """Computed from the facts: what an item owed, owes or will owe on that day, with what is known now."""
    async with around.engine.connect() as connection:
        addressed = found(await portfolio.find(connection, ref, who.scope))
        claim = found(await claims.load(connection, addressed.id))
    return statement_json(claim, on or addressed.today(around.now()))


@router.get("/{ref}/plan", summary="What happens next until a day, and why; what does not, and why not now")
async def get_plan(ref: Ref, request: Request, who: Reader, around: Around, until: Day | None = None) -> dict[str, Any]:
    async with around.engine.connect() as connection:
        addressed = found(await portfolio.find(connection, ref, who.scope))
        today = addressed.today(around.now())
        last = until or today + timedelta(days=365)
        if last < today:
            raise invalid(FieldError("until", "in_the_past", {"today": today.isoformat()}))
        claim = found(await claims.load(connection, addressed.id))
        plan = await plan_until(connection, claim, addressed.now(around.now()), last, language_of(request))
    return {"today": today.isoformat(), "until": last.isoformat(), **plan}
