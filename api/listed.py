"""The claims' list and a claim's timeline: pages with an opaque cursor, bound to their order."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncConnection

from api.fields import Day, Ref, found
from api.languages import language_of
from api.plan_json import alert as alert_json
from api.plan_json import sentence
from api.problems import FieldError, invalid
from api.security import Reader
from api.surroundings import Around
from db import listing, portfolio, timeline
from db.listing import ClaimFilter
from db.paging import DEFAULT, MOST, BadCursor, Page
from db.portfolio import own_day
from domain.anomalies import standing_on
from domain.claim import Stage
from domain.legal_holds import HOLDS_CHASING
from domain.money import Money
from domain.searching import plain

router = APIRouter(prefix="/api/claims", tags=["claims"])

T = TypeVar("T")
Codes = Annotated[list[Annotated[str, StringConstraints(max_length=100)]], Field(max_length=50)]
Amount = Annotated[Decimal, Field(max_digits=18, decimal_places=3, allow_inf_nan=False)]
Short = Annotated[str, StringConstraints(max_length=100)]


class Paged(BaseModel):
    """Where in a list, in the address."""

    cursor: Annotated[str, StringConstraints(max_length=1000)] | None = None
    limit: Annotated[int, Field(ge=1, le=MOST)] = DEFAULT


class ClaimsPaged(Paged):
    sort: Annotated[str, Field(max_length=50, description="[-]" + ", [-]".join(listing.SORTS))] = listing.DEFAULT_SORT


class ClaimsWanted(ClaimsPaged):
    """The filters of the claims' list; several values of one filter are alternatives."""

    creditor: Codes = []
    stage: Annotated[list[Stage], Field(max_length=4)] = []
    sub_stage: Codes = []
    status: Annotated[Codes, Field(description="Some item has this code, or this category")] = []
    collector: Codes = []
    alert: Short = ""
    q: Annotated[
        str, Field(max_length=200, description="In number, reference and debtor's name, blind to accents and case")
    ] = ""
    match: Literal["starts", "contains"] = "starts"
    min_balance: Amount | None = None
    max_balance: Amount | None = None
    created_from: Day | None = None
    created_to: Day | None = None
    due_from: Day | None = None
    due_to: Day | None = None

    def filter(self) -> ClaimFilter:
        """Raises Problem 422 for a search that would read every claim."""
        if self.match == "contains" and self.q and len(plain(self.q)) < listing.LEAST_LETTERS:
            raise invalid(FieldError("q", "too_short"))
        return ClaimFilter(
            creditors=_given(self.creditor),
            stages=_given(self.stage),
            sub_stages=_given(self.sub_stage),
            statuses=_given(self.status),
            collectors=_given(self.collector),
            alert=self.alert,
            q=self.q,
            contains=self.match == "contains",
            min_balance=self.min_balance,
            max_balance=self.max_balance,
            created_from=self.created_from,
            created_to=self.created_to,
            due_from=self.due_from,
            due_to=self.due_to,
        )


@router.get("", summary="The portfolio: filtered, sorted, page by page")
async def get_claims(
    request: Request, wanted: Annotated[ClaimsWanted, Query()], who: Reader, around: Around
) -> dict[str, Any]:
    order = checked(lambda: listing.claims_ordered(wanted.sort, wanted.cursor), listing.SORTS)
    language = language_of(request)
    async with around.engine.connect() as connection:
        page = await listing.claims_page(connection, wanted.filter(), who.scope, order, wanted.limit)
    return page_json(page, lambda row: claim_line(row, language, around.now()))


@router.get("/{ref}/timeline", summary="All that happened, newest first, with who and when")
async def get_timeline(
    ref: Ref, request: Request, paged: Annotated[Paged, Query()], who: Reader, around: Around
) -> dict[str, Any]:
    async with around.engine.connect() as connection:
        addressed = found(await portfolio.find(connection, ref, who.scope))
        return await timeline_page(connection, addressed.id, paged, language_of(request))


async def timeline_page(connection: AsyncConnection, claim_id: UUID, paged: Paged, language: str) -> dict[str, Any]:
    """One page of what happened to a claim."""
    order = checked(lambda: timeline.newest_first(paged.cursor), ("n",))
    page = await timeline.page(connection, claim_id, order, paged.limit)
    return page_json(page, lambda row: _happened(timeline.read(row), language))


def checked(make: Callable[[], T], sorts: Any) -> T:
    """The order that was asked for; raises Problem 422 for an unknown sort or a cursor of another list."""
    try:
        return make()
    except KeyError:
        raise invalid(
            FieldError("sort", "unknown_sort", {"sorts": ", ".join(f"[-]{name}" for name in sorts)})
        ) from None
    except BadCursor:
        raise invalid(FieldError("cursor", "bad_cursor")) from None


def page_json(page: Page, each: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    return {
        "items": [each(row) for row in page.rows],
        "next_cursor": page.next_cursor,
        "total": page.total,
        "total_is_exact": page.total_is_exact,
    }


def claim_line(row: Any, language: str, now: datetime) -> dict[str, Any]:
    """A claim as the list shows it."""
    today = own_day(row.time_zone, row.clock_ahead, now)
    return {
        "id": str(row.id),
        "number": row.number,
        "reference": row.reference,
        "creditor": row.creditor,
        "debtor": row.debtor,
        "stage": row.stage,
        "sub_stage": row.sub_stage,
        "ending": row.ending,
        "statuses": row.statuses,
        "suspended": _suspended(row),
        "balance_due": str(Money.of(row.balance_due, row.currency)),
        "currency": row.currency,
        "oldest_due_on": row.oldest_due_on and row.oldest_due_on.isoformat(),
        "next_action": row.next_action or None,
        "next_action_on": row.next_action_on and row.next_action_on.isoformat(),
        "waiting_for": row.waiting_for,
        "waiting_since": row.waiting_since and row.waiting_since.isoformat(),
        "priority": row.priority,
        "alerts": [alert_json(each, language) for each in standing_on(row.alerts, today)],
        "collector": row.collector,
        "opened_on": row.opened_on.isoformat(),
        "today": today.isoformat(),
    }


def _suspended(row: Any) -> dict[str, Any] | None:
    """As the whole claim shows it: what the debtor's situation holds comes before what a person suspended."""
    if row.hold is not None and row.hold["situation"] in HOLDS_CHASING:
        return {"reason": row.hold["situation"], "until": None, "since": row.hold["since"]}
    suspended: dict[str, Any] | None = row.suspended
    return suspended


def _happened(event: timeline.Happened, language: str) -> dict[str, Any]:
    return {
        "n": event.n,
        "at": event.at.isoformat(),
        "kind": event.kind,
        "author": event.author,
        "author_name": event.author_name,
        "text": sentence(event.kind, event.facts, language),
        "facts": event.facts,
        "action": None if event.action_id is None else str(event.action_id),
        "entry": None if event.entry_id is None else str(event.entry_id),
    }


def _given(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(value) for value in values if value)
