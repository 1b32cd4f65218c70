"""The training mode over HTTP: move claims ahead in their own time. Elsewhere these addresses do not exist (404)."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from pydantic import Field, model_validator
from sqlalchemy.ext.asyncio import AsyncConnection

from api.answers import answer_once
from api.fields import Body, Day, found
from api.inbox import IdempotencyKey
from api.problems import FieldError, Problem, invalid, not_found
from api.security import Permission, Trainer, needs
from api.surroundings import Around, Surroundings
from db import journeys, portfolio
from db.portfolio import Found, Scope, uuid_or_none

LONGEST = 3660  # days in one go
MOST_NAMED = 20_000


async def only_in_training(around: Around) -> None:
    if not around.settings.training:
        raise not_found()


router = APIRouter(
    prefix="/api/training", tags=["training"], dependencies=[needs(Permission.TRAIN), Depends(only_in_training)]
)


class FastForward(Body):
    """How far and which claims: `days` from each claim's own time, or `until` the start of a day where it lives."""

    days: Annotated[int | None, Field(ge=1, le=LONGEST, strict=True)] = None
    until: Day | None = None
    claims: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=200)]] | None, Field(max_length=MOST_NAMED)
    ] = None
    stop_at_task: bool = False

    @model_validator(mode="after")
    def _says_how_far(self) -> "FastForward":
        if (self.days is None) == (self.until is None):
            raise ValueError("give days or until, one of them")
        return self


@router.post("/fast-forward", status_code=202, summary="Move claims ahead in their own time")
async def post_fast_forward(
    body: FastForward, who: Trainer, around: Around, key: IdempotencyKey = None
) -> JSONResponse:
    """Without `claims`: every open one. Closed ones are left where they are."""
    request = body.model_dump(mode="json")
    async with around.engine.begin() as connection:
        first = await answer_once(connection, who, key, "fast_forward", request)
        if first.given is not None:
            return first.given
        chosen = await _chosen(connection, body, who.scope)
        travelling = [claim for claim in chosen if claim.stage != "closed"]
        _check_ahead(body, travelling, around.now())
        wanted = {name: request[name] for name in ("days", "until", "stop_at_task")}
        job = await journeys.add(connection, wanted, [claim.id for claim in travelling], author=who.author)
        answer: dict[str, Any] = {"job": str(job), "url": f"/api/training/jobs/{job}", "total": len(travelling)}
        await first.remember(202, answer)
    await around.telling.job("FastForward", job)
    return JSONResponse(answer, 202, headers={"Location": f"/api/training/jobs/{job}"})


@router.get("/jobs/{job}", summary="How far a fast-forward is")
async def get_job(job: str, around: Around) -> dict[str, Any]:
    return await job_json(around, found(uuid_or_none(job)))


async def job_json(around: Surroundings, job: UUID) -> dict[str, Any]:
    async with around.engine.connect() as connection:
        journey = found(await journeys.one(connection, job))
        tally = await journeys.tally(connection, job)
    return {
        "job": str(job),
        "state": journey.state,
        "total": tally.total,
        "arrived": tally.arrived,
        "stopped": tally.stopped,
        "failed": [{"claim": number, "detail": detail} for number, detail in tally.failed],
    }


async def _chosen(connection: AsyncConnection, body: FastForward, scope: Scope) -> list[Found]:
    if body.claims is None:
        return await portfolio.open_ones(connection, scope)
    claims = await portfolio.find_all(connection, body.claims, scope)
    unknown = [ref for ref in body.claims if ref not in claims]
    if unknown:
        errors = [FieldError("claims", "unknown_claim", sentence=f"there is no claim {ref!r}") for ref in unknown[:20]]
        raise Problem(404, "not_found", errors=errors)
    return list({claim.id: claim for claim in claims.values()}.values())


def _check_ahead(body: FastForward, claims: list[Found], now: datetime) -> None:
    """A day that has passed where a named claim lives is refused; for all claims, one that has passed for each of them."""
    if body.until is None:
        return
    passed = [claim for claim in claims if claim.today(now) > body.until]
    over = bool(passed) if body.claims is not None else len(passed) == len(claims) and body.until < now.date()
    if over:
        where = f"{passed[0].number} is at {passed[0].today(now)}" if passed else f"it is {now.date()}"
        raise invalid(FieldError("until", "in_the_past", sentence=f"lies in the past: {where}"))
