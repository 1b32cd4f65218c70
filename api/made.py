"""The answer to a request that makes something of a claim: 201 with what was made, 409 with the reason, 202 when it is late."""

from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse

from api.fields import Body, found
from api.inbox import News, key_of, make_request
from api.languages import language_of
from api.requests import answer_of
from api.security import Who
from api.surroundings import Around, Surroundings
from db import portfolio
from db.portfolio import Found

CREATED: dict[int | str, dict[str, Any]] = {
    202: {"description": "Taken, the claim answers later"},
    409: {"description": "Refused"},
}


async def make(
    around: Surroundings, claim: Found, news: News, who: Who, request: Request, *, status: int = 201
) -> JSONResponse:
    """Ask the claim to take it; raises Problem 409 with its reason."""
    row = await make_request(around, claim, news, who.author)
    answer = answer_of(claim, row, language_of(request))
    if row.state == "applied":
        answer.status_code = status
    return answer


def news_of(kind: str, body: Body, key: str | None, *, only_given: bool = False, **more: str) -> News:
    """The inbox entry of a body; `only_given` leaves out the fields that were not sent."""
    payload = {**body.model_dump(mode="json", exclude_unset=only_given), **more}
    return News(kind, payload, payload, key_of(key))


async def addressed(around: Around, ref: str, who: Who) -> Found:
    """The claim of a path, for this caller; raises Problem 404."""
    async with around.engine.connect() as connection:
        return found(await portfolio.find(connection, ref, who.scope))
