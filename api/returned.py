"""Mail that came back: the document is marked, the address it went to as well, and the claim hears of it."""

from datetime import date, datetime
from email import message_from_bytes
from email.policy import SMTP
from typing import Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import AsyncConnection

from api.fields import Body, Day, Ref, found, not_after_today
from api.inbox import IdempotencyKey, News, append, tell_if_new
from api.problems import FieldError, Problem, invalid
from api.security import Worker
from api.surroundings import Around
from db import claims, debtors, documents, portfolio
from db.documents import Paper
from db.portfolio import Found, uuid_or_none

router = APIRouter(prefix="/api/claims/{ref}/documents/{document_id}", tags=["documents"])

COMES_BACK = frozenset({"letter", "registered_letter", "email"})


class ReturnBody(Body):
    reason: Literal["unknown_at_address", "refused", "unclaimed"]
    returned_on: Day


@router.post(
    "/return",
    status_code=202,
    summary="A letter or an e-mail came back",
    responses={200: {"description": "A repeat: it was told before"}, 409: {"description": "It never left"}},
)
async def post_return(
    ref: Ref,
    document_id: str,
    body: ReturnBody,
    who: Worker,
    around: Around,
    key: IdempotencyKey = None,  # noqa: ARG001  a document comes back once: it is its own key
) -> JSONResponse:
    """Unknown at the address: nothing is sent there any more until a person says otherwise; the claim goes on by another way."""
    async with around.engine.begin() as connection:
        claim = found(await portfolio.find(connection, ref, who.scope))
        paper = await _left(connection, claim, document_id, claim.now(around.now()))
        not_after_today("returned_on", body.returned_on, claim.today(around.now()))
        if body.returned_on < _day_in(claim, paper.created_at):
            raise invalid(FieldError("returned_on", "before_it_left"))
        if body.reason == "unknown_at_address":
            await _mark_unusable(connection, claim, paper, body.returned_on, who.author)
        payload = {
            "document": str(paper.id),
            "sent_as": paper.kind,
            "reason": body.reason,
            "returned_on": body.returned_on.isoformat(),
            "action": None if paper.action_id is None else str(paper.action_id),
        }
        news = News("letter_returned", payload, payload, f"returned/{paper.id}")
        appended = await append(connection, claim, news, who.author)
    await tell_if_new(around, claim, news, appended)
    return JSONResponse({"entry": str(appended.entry_id)}, 200 if appended.repeated else 202)


async def _left(connection: AsyncConnection, claim: Found, document_id: str, now: datetime) -> Paper:
    """The document, when it can have come back; raises Problem 404, 409."""
    paper = found(await documents.one(connection, found(uuid_or_none(document_id))))
    if paper.claim_id != claim.id or paper.kind not in COMES_BACK:
        raise Problem(404, "not_found")
    waits = paper.posts_at is not None and paper.state == "rendered" and paper.posts_at > now
    if waits or paper.state == "withdrawn":
        raise Problem(409, "never_left")
    return paper


def _day_in(claim: Found, at: datetime) -> date:
    return at.astimezone(ZoneInfo(claim.time_zone)).date()


async def _mark_unusable(connection: AsyncConnection, claim: Found, paper: Paper, on: date, author: str) -> None:
    """What the document went to is used no more; the debtor's open claims find the change in their inbox."""
    if paper.kind == "email":
        mail = message_from_bytes(found(await documents.content_of(connection, paper.id)), policy=SMTP)
        for address in mail["To"].addresses:
            await debtors.mark_email_unusable(connection, claim.id, address.addr_spec, author=author)
        return
    address_id = paper.address_id
    if address_id is None:  # of a release that did not note it: where letters go today
        address = found(await claims.load(connection, claim.id)).debtor.on(on).postal_address()
        address_id = None if address is None else address.id
    if address_id is not None:
        await debtors.mark_address_unusable(connection, claim.id, str(address_id), author=author)
