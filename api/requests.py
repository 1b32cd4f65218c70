"""The answer to a request that a claim decides on: 200 with the outcome, 409 with the reason, 202 when it is late or waits for a second person."""

from collections.abc import Mapping
from typing import Any

from fastapi.responses import JSONResponse

from api.inbox import News, late, make_request
from api.plan_json import sentence
from api.problems import Problem
from api.security import Who
from api.surroundings import Surroundings
from db.entries import EntryRow
from db.portfolio import Found


async def ask_claim(around: Surroundings, claim: Found, news: News, who: Who, language: str) -> JSONResponse:
    """Ask the claim and answer what it said; raises Problem 409 with its reason."""
    row = await make_request(around, claim, news, who.author)
    return answer_of(claim, row, language)


async def make_of_claim(
    around: Surroundings, claim: Found, news: News, who: Who, language: str, made: str
) -> JSONResponse:
    """Ask the claim to make something: 201 with it, as it was made; 202 when it is late. Raises Problem 409."""
    row = await make_request(around, claim, news, who.author)
    answer = answer_of(claim, row, language)
    if row.state != "applied":
        return answer
    return JSONResponse({**(row.outcome or {})[made], "entry": str(row.id)}, 201)


def answer_of(claim: Found, row: EntryRow, language: str) -> JSONResponse:
    """What the inbox says became of a request."""
    if row.state == "received":
        return late(claim, row.id)
    if row.state == "refused":
        facts = dict(row.outcome or {})
        raise Problem(
            409,
            "refused",
            refusal(row.reason, facts, language),
            more={"code": row.reason, "facts": facts, "entry": str(row.id)},
        )
    outcome = {"outcome": "applied", **(row.outcome or {}), "entry": str(row.id)}
    return JSONResponse(outcome, 202 if outcome["outcome"] == "second_approval" else 200)


def refusal(code: str, facts: Mapping[str, Any], language: str) -> str:
    """The sentence of a claim's refusal."""
    return sentence(code, facts, language)
