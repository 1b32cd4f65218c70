"""What stands around every page: who reads, in which language, what waits, the message left by the last act.

A route asks for one of the Annotated frames below; `await frame.page(...)` answers.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final
from urllib.parse import quote, unquote

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.languages import language_of
from api.pages.labels import Labels, labels_in
from api.pages.rendering import HEADERS, rendered
from api.security import Needs, Permission, Who
from api.surroundings import Surroundings, surroundings_of
from db import imports, tasks

SAID: Final = "said"


@dataclass(frozen=True, slots=True)
class Site:
    """This installation, as far as the navigation shows it."""

    training: bool
    mailbox_url: str
    temporal_url: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the page, and what is offered to them."""

    code: str
    name: str
    may_import: bool
    may_work: bool
    may_decide: bool
    may_supervise: bool
    may_train: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A message after an act: a code that parts.html has a sentence for, or the sentence itself."""

    kind: str  # good | bad | plain
    code: str
    text: str = ""


def site_of(around: Surroundings) -> Site:
    settings = around.settings
    return Site(
        training=settings.training,
        mailbox_url="/dev/mailbox" if settings.mailbox else "",
        temporal_url=settings.temporal_ui_url,
        now=around.now(),
    )


def address_of(request: Request) -> str:
    """The path and query of this page, to come back to."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


class Frame:
    """One request of somebody who is signed in."""

    def __init__(self, request: Request, around: Surroundings, who: Who) -> None:
        self.request, self.around, self.who = request, around, who
        self.language = language_of(request)

    async def labels(self) -> Labels:
        async with self.around.engine.connect() as connection:
            return await labels_in(connection, self.language)

    async def page(self, name: str, *, here: str = "", status: int = 200, **context: Any) -> HTMLResponse:
        """The page with its frame, or the fragment of it that htmx asked for."""
        said = _left_message(self.request)
        frame = await self._around_it(here)
        answer = rendered(self.request, name, self.language, {**frame, "said": said, **context}, status=status)
        if said is not None:
            answer.delete_cookie(SAID)
        return answer

    async def _around_it(self, here: str) -> dict[str, Any]:
        async with self.around.engine.connect() as connection:
            return {
                "here": here,
                "back_to": address_of(self.request),
                "site": site_of(self.around),
                "reader": _reader(self.who),
                "labels": await labels_in(connection, self.language),
                "inbox_count": await tasks.open_count(connection, self.who.scope),
                "sample": await imports.arriving(connection),
            }

    def go_to(self, address: str, said: Said | None = None) -> Response:
        """See another page next; it shows the message once."""
        answer = RedirectResponse(address, 303, headers=HEADERS)
        if said is not None:
            value = quote(f"{said.kind}|{said.code}|{said.text}"[:1500])
            answer.set_cookie(
                SAID, value, max_age=60, httponly=True, samesite="lax", secure=self.around.settings.secure_cookies
            )
        return answer


def _left_message(request: Request) -> Said | None:
    parts = unquote(request.cookies.get(SAID, "")).split("|", 2)
    return (
        Said(*parts) if len(parts) == len(Said.__dataclass_fields__) and parts[0] in ("good", "bad", "plain") else None
    )


def _reader(who: Who) -> Reader:
    return Reader(
        code=who.author,
        name=who.name,
        may_import=who.may(Permission.IMPORT),
        may_work=who.may(Permission.WORK_ON_CLAIMS),
        may_decide=who.may(Permission.WORK_ON_CLAIMS),
        may_supervise=who.may(Permission.SUPERVISE),
        may_train=who.may(Permission.TRAIN),
    )


def frame_for(permission: Permission) -> Callable[[Request], Awaitable[Frame]]:
    """The dependency of a page: Problem 401 or 403 for who may not see it."""
    needs = Needs(permission)

    async def frame(request: Request) -> Frame:
        return Frame(request, surroundings_of(request), await needs(request))

    return frame


ReaderFrame = Annotated[Frame, Depends(frame_for(Permission.READ_CLAIMS))]
WorkerFrame = Annotated[Frame, Depends(frame_for(Permission.WORK_ON_CLAIMS))]
ImporterFrame = Annotated[Frame, Depends(frame_for(Permission.IMPORT))]
TrainerFrame = Annotated[Frame, Depends(frame_for(Permission.TRAIN))]
