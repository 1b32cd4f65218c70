"""Scenarios and the claims that follow them: what a move changes, seen first; then the move, of one claim or of many."""

from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection

from api.answers import answer_once
from api.fields import Body, Code, Name, Ref, found
from api.inbox import IdempotencyKey, News, append, key_of, told
from api.languages import language_of
from api.plan_json import plan_until
from api.problems import FieldError, Problem, invalid
from api.requests import ask_claim, refusal
from api.scenario_json import changes_date, scenarios_json, short_move, warnings_of
from api.security import Reader, Supervisor, Who
from api.surroundings import Around
from db import catalogue, claims, portfolio, scenarios
from db.portfolio import Found
from domain.catalogue import Catalogue, Scenario
from domain.claim import Claim
from domain.refusals import Refused
from domain.scenario_moves import Move, foreseen
from domain.steps import PlanImpossible

router = APIRouter(prefix="/api", tags=["scenarios"])

SHOWN_DAYS = 365
MOST_PLANNED = 200  # of a dry run: enough to see what a version does
MOST_MOVED = 1000  # claims of one call: the caller asks again for what is left
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
ScenarioCode = Annotated[str, Path(max_length=60)]


class ScenarioBody(Body):
    scenario: Code
    version: Annotated[Version | None, Field(description="The current one when absent")] = None


class MoveBody(Body):
    to_version: Annotated[Version | None, Field(description="The current one when absent")] = None
    claims: list[Name] = Field(
        default_factory=list, max_length=MOST_MOVED, description="Only these; else all that follow it"
    )
    creditor: Annotated[str | None, Field(max_length=64, description="Only this creditor's")] = None
    dry_run: Annotated[bool, Field(description="Only say what would change")] = True
    show: Annotated[int, Field(ge=0, le=200, description="How many claims to show one by one")] = 20


@router.post("/claims/{ref}/scenario", summary="Move the claim to another scenario or version")
async def post_scenario(
    ref: Ref, body: ScenarioBody, request: Request, who: Supervisor, around: Around, key: IdempotencyKey = None
) -> JSONResponse:
    """Steps that were taken are not repeated. An open proposal stays when the new scenario has a step of its action type."""
    async with around.engine.connect() as connection:
        claim = found(await portfolio.find(connection, ref, who.scope))
        target = await _target(connection, "scenario", body.scenario, body.version)
    payload = {"scenario": target.code, "version": target.version}
    news = News("move_scenario", payload, body.model_dump(mode="json"), key_of(key))
    return await ask_claim(around, claim, news, who, language_of(request))


@router.get("/claims/{ref}/scenario/difference", summary="What a move would change, for this claim")
async def get_claim_difference(
    ref: Ref,
    request: Request,
    who: Reader,
    around: Around,
    to: Annotated[str, Query(max_length=80, description="code, or code@version")],
) -> dict[str, Any]:
    """Steps added, removed and changed; the plan on both sides; and a warning for what would leave at once."""
    code, _, version = to.partition("@")
    if version and not (version.isascii() and version.isdigit() and 0 < int(version[:10]) < 2**31):
        raise invalid(FieldError("to", "unknown_scenario"))
    language = language_of(request)
    async with around.engine.connect() as connection:
        addressed = found(await portfolio.find(connection, ref, who.scope))
        claim = found(await claims.load(connection, addressed.id))
        target = await _target(connection, "to", code, int(version) if version else None)
        as_of = addressed.now(around.now())
        try:
            here, move = await _foreseen(connection, claim, target, addressed, around)
        except PlanImpossible as impossible:
            raise Problem(409, "refused", refusal(impossible.code, impossible.facts, language)) from None
        until = addressed.today(around.now()) + timedelta(days=SHOWN_DAYS)
        plans = {
            "before": await plan_until(connection, claim, as_of, until, language),
            "after": await plan_until(connection, move.after, as_of, until, language),
        }
    return {
        **scenarios_json(here, target),
        "goes_on_at": move.then.step.scenario_step,
        "plan": plans,
        "warnings": warnings_of(move, language),
    }


@router.get("/scenarios/{code}/difference", summary="What changed between two versions of a scenario")
async def get_difference(
    code: ScenarioCode,
    who: Reader,
    around: Around,
    since: Annotated[
        int | None, Query(alias="from", ge=1, le=2**31 - 1, description="The one before when absent")
    ] = None,
    to: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="The current one when absent")] = None,
) -> dict[str, Any]:
    async with around.engine.connect() as connection:
        new = await _version(connection, "to", code, to)
        old = await _version(connection, "from", code, since or max(1, new.version - 1))
        following = await scenarios.count_to_move(connection, code, new.version, None, who.scope)
    return {**scenarios_json(old, new), "claims": {str(version): count for version, count in following.items()}}


@router.post(
    "/scenarios/{code}/move",
    summary="Move many claims to a version of the scenario, or see first what it would change",
    responses={202: {"description": "The claims were asked to move"}},
)
async def post_move(
    code: ScenarioCode, body: MoveBody, request: Request, who: Supervisor, around: Around, key: IdempotencyKey = None
) -> JSONResponse:
    """A dry run plans each claim on both sides. At most 1,000 claims in one call, of which 200 are planned: `left` says how many remain."""
    async with around.engine.begin() as connection:
        first = await answer_once(connection, who, key, f"scenarios/{code}/move", body.model_dump(mode="json"))
        if first.given is not None:
            return first.given
        target = await _target(connection, "to_version", code, body.to_version)
        addressed, total = await _claims_to_move(connection, target, body, who)
        counts = {"to": {"code": code, "version": target.version}, "claims": total, "left": total - len(addressed)}
        if body.dry_run:
            seen = await _seen(connection, addressed, target, body.show, around, language_of(request))
            return JSONResponse({**counts, "dry_run": True, **seen})
        payload = {"scenario": code, "version": target.version}
        appended = [
            (claim, await append(connection, claim, News("move_scenario", payload, payload), who.author))
            for claim in addressed
        ]
        answer = {**counts, "dry_run": False, "asked": len(appended)}
        await first.remember(202, answer)
    for claim, entry in appended:
        await around.telling.fact(told(claim), "move_scenario", entry.entry_id, now=around.now())
    return JSONResponse(answer, 202)


# ---- finding -----------------------------------------------------------------------------------


async def _target(connection: AsyncConnection, field: str, code: str, version: int | None) -> Scenario:
    """The version to move to; raises Problem 422 for one that does not exist or is no longer active."""
    current = await catalogue.one(connection, "scenarios", code)
    if current is None or not current.active:
        raise invalid(FieldError(field, "unknown_scenario"))
    return await _version(connection, field, code, version or current.version)


async def _version(connection: AsyncConnection, field: str, code: str, version: int | None) -> Scenario:
    """Any version, of a retired scenario too; raises Problem 404 for an unknown code, 422 for an unknown version."""
    current = found(await catalogue.one(connection, "scenarios", code))
    types = await catalogue.action_types(connection)
    try:
        return await scenarios.version_of(connection, code, version or current.version, types)
    except Refused:
        raise invalid(FieldError(field, "unknown_version")) from None


async def _claims_to_move(
    connection: AsyncConnection, target: Scenario, body: MoveBody, who: Who
) -> tuple[list[Found], int]:
    """The claims of this call, and how many there are in all. Raises Problem 422 naming unknown ones."""
    if body.claims:
        by_ref = await portfolio.find_all(connection, body.claims, who.scope)
        unknown = [
            FieldError(f"claims[{n}]", "unknown_claim") for n, ref in enumerate(body.claims) if ref not in by_ref
        ]
        if unknown:
            raise invalid(*unknown[:50])
        open_ones = {claim.id: claim for claim in by_ref.values() if claim.stage != "closed"}
        return list(open_ones.values()), len(open_ones)
    where = (target.code, target.version, body.creditor, who.scope)
    total = sum((await scenarios.count_to_move(connection, *where)).values())
    ids = [str(each) for each in await scenarios.ids_to_move(connection, *where, MOST_MOVED)]
    by_id = await portfolio.find_all(connection, ids, who.scope)
    return [by_id[each] for each in ids if each in by_id], total


# ---- seeing first ------------------------------------------------------------------------------


async def _seen(
    connection: AsyncConnection, addressed: list[Found], target: Scenario, show: int, around: Around, language: str
) -> dict[str, Any]:
    """Every claim planned on both sides: how many would send at once, change their day, or cannot be planned; the first ones shown."""
    counts = {"at_once": 0, "other_next_step": 0, "proposals_withdrawn": 0, "impossible": 0}
    shown: list[dict[str, Any]] = []
    for each in addressed[:MOST_PLANNED]:
        claim = found(await claims.load(connection, each.id))
        try:
            _, move = await _foreseen(connection, claim, target, each, around)
        except PlanImpossible:
            counts["impossible"] += 1
            continue
        counts["at_once"] += move.at_once is not None
        counts["other_next_step"] += changes_date(move)
        counts["proposals_withdrawn"] += len(move.withdrawn)
        if len(shown) < show:
            shown.append(short_move(move, each.number, language))
    return {"planned": min(len(addressed), MOST_PLANNED), "counts": counts, "shown": shown}


async def _foreseen(
    connection: AsyncConnection, claim: Claim, target: Scenario, addressed: Found, around: Around
) -> tuple[Scenario | None, Move]:
    """The scenario that the claim follows (None: it cannot be read) and what the move would do; raises PlanImpossible."""
    here: Catalogue | None
    try:
        here = await catalogue.catalogue_for(connection, claim)
    except PlanImpossible:
        here = None
    known = here or await catalogue.catalogue_for(connection, claim, scenario_needed=False)
    move = foreseen(claim, here, replace(known, scenario=target), addressed.now(around.now()))
    return None if here is None else here.scenario, move
