"""The portfolio: filtered, sorted, page by page; and the search, whose term is a name and so never stands in an address."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Final
from urllib.parse import quote, unquote, urlencode

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel, StringConstraints

from api.listed import checked, claim_line
from api.pages.frame import Frame, ReaderFrame
from api.pages.typed import typed_amount
from api.problems import Problem
from api.security import is_own_origin
from db import listing, portfolio
from db.listing import ClaimFilter
from db.paging import Order
from domain.claim import Stage
from domain.searching import plain

router = APIRouter(include_in_schema=False)

PAGE: Final = 50
SEARCHES: Final = "searches"
KEPT_SEARCHES: Final = 5
SORTED_BY: Final = ("priority", "debtor", "balance_due", "oldest_due_on", "next_action_on")
HIGHEST_FIRST: Final = frozenset({"priority", "balance_due"})


Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]


class Asked(BaseModel):
    """The list as its address asks for it, all text: what cannot be read does not filter, and is said."""

    creditor: Text = ""
    stage: Text = ""
    status: Text = ""
    alert: Text = ""
    min_balance: Text = ""
    max_balance: Text = ""
    due_from: Text = ""
    due_to: Text = ""
    sort: Text = ""
    search: Text = ""  # the token of a search
    cursor: Annotated[str, StringConstraints(max_length=1000)] = ""
    after: Text = ""  # the number of a claim, in place of a cursor that would hold a name

    @property
    def any(self) -> bool:
        return bool(self.kept().keys() - {"sort", "search"})

    @property
    def sorted_by(self) -> str:
        return self.sort.removeprefix("-") or "priority"

    @property
    def descending(self) -> bool:
        return self.sort.startswith("-") or not self.sort

    def kept(self) -> dict[str, str]:
        """What the next page's address takes over."""
        return {name: value for name, value in self if value and name not in ("cursor", "after")}


@router.get("/claims")
async def get_claims(frame: ReaderFrame, asked: Annotated[Asked, Query()]) -> Response:
    term = _kept_searches(frame.request).get(asked.search, "")
    wanted, wrong = _read(asked, term, frame.language)
    order = checked(
        lambda: listing.claims_ordered(asked.sort or listing.DEFAULT_SORT, asked.cursor or None), listing.SORTS
    )
    async with frame.around.engine.connect() as connection:
        if asked.after:
            order = await _after(connection, order, asked.after, frame)
        page = await listing.claims_page(connection, wanted, frame.who.scope, order, PAGE)
    kept = asked.kept()
    return await frame.page(
        "claims",
        here="claims",
        claims=[_line(row, frame) for row in page.rows],
        total=page.total,
        total_is_exact=page.total_is_exact,
        filters=asked,
        wrong=wrong,
        term=term,
        sorts={name: _address({**kept, "sort": _turned(asked, name)}) for name in SORTED_BY},
        first_page=_address(kept) if asked.cursor or asked.after else "",
        next_page=_address({**kept, **_position(page, asked)}) if page.next_cursor else "",
    )


@router.post("/claims/search")
async def post_search(
    frame: ReaderFrame, request: Request, term: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    """Straight to the claim when the term is a number or a reference; else to the list of what was found."""
    if not is_own_origin(request):
        raise Problem(403, "foreign_origin")
    sought = term.strip()
    if not plain(sought):
        return frame.go_to("/claims")
    async with frame.around.engine.connect() as connection:
        exact = await portfolio.find(connection, sought, frame.who.scope) or await portfolio.find(
            connection, sought.upper(), frame.who.scope
        )
    if exact is not None:
        return frame.go_to(f"/claims/{exact.number}")
    token = secrets.token_hex(4)
    kept = {**dict(list(_kept_searches(request).items())[1 - KEPT_SEARCHES :]), token: sought}
    answer = frame.go_to(f"/claims?search={token}")
    secure = frame.around.settings.secure_cookies
    answer.set_cookie(SEARCHES, quote(json.dumps(kept)), httponly=True, samesite="lax", secure=secure, path="/claims")
    return answer


def _kept_searches(request: Request) -> dict[str, str]:
    """The last few terms by their token; a cookie that somebody changed counts as none."""
    try:
        kept = json.loads(unquote(request.cookies.get(SEARCHES, "{}")))
    except ValueError:
        return {}
    if not isinstance(kept, dict):
        return {}
    return {str(token): str(term)[:200] for token, term in kept.items()}


def _read(filters: Asked, term: str, language: str) -> tuple[ClaimFilter, tuple[str, ...]]:
    """The filter, and the fields whose text could not be read (they do not filter)."""
    wrong: list[str] = []

    def amount(name: str) -> Decimal | None:
        text = typed_amount(getattr(filters, name), language)
        try:
            number = Decimal(text) if text else None
        except InvalidOperation:
            wrong.append(name)
            return None
        return number if number is None or abs(number) < Decimal(10) ** 15 else None

    def day(name: str) -> date | None:
        try:
            return date.fromisoformat(getattr(filters, name)) if getattr(filters, name) else None
        except ValueError:
            wrong.append(name)
            return None

    wanted = ClaimFilter(
        creditors=(filters.creditor,) if filters.creditor else (),
        stages=(filters.stage,) if filters.stage in set(Stage) else (),
        statuses=(filters.status,) if filters.status else (),
        alert=filters.alert,
        q=term,
        contains=len(plain(term)) >= listing.LEAST_LETTERS,
        min_balance=amount("min_balance"),
        max_balance=amount("max_balance"),
        due_from=day("due_from"),
        due_to=day("due_to"),
    )
    return wanted, tuple(wrong)


async def _after(connection: Any, order: Order, number: str, frame: Frame) -> Order:
    """The order from the position of this claim: a list by name goes on without a name in its address."""
    claim = await portfolio.find(connection, number, frame.who.scope)
    if claim is None:
        return order
    return replace(order, after=(await listing.sort_name(connection, claim.id), claim.id))


def _position(page: Any, filters: Asked) -> dict[str, str]:
    if filters.sorted_by == "debtor":
        return {"after": page.rows[-1].number}
    return {"cursor": page.next_cursor}


def _line(row: Any, frame: Frame) -> dict[str, Any]:
    line = claim_line(row, frame.language, frame.around.now())
    owed_since = row.oldest_due_on if row.balance_due > 0 else None
    return {**line, "days_late": (date.fromisoformat(line["today"]) - owed_since).days if owed_since else 0}


def _turned(filters: Asked, name: str) -> str:
    """The sort that a click on this column asks for: the other way round when it is sorted by it already."""
    descending = not filters.descending if filters.sorted_by == name else name in HIGHEST_FIRST
    return f"-{name}" if descending else name


def _address(query: Mapping[str, str]) -> str:
    return "/claims" + (f"?{urlencode(query)}" if query else "")
