"""The workbench, put into the application: its pages, its static files, its error pages."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI
from fastapi.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.pages import claim, claim_acts, claims, imports, inbox, login, mailbox, training, trouble
from api.pages.frame import ReaderFrame
from api.pages.rendering import STATIC

first = APIRouter(include_in_schema=False)


@first.get("/")
async def get_first_page(frame: ReaderFrame) -> Response:
    return frame.go_to("/inbox")


@first.get("/favicon.ico")
async def get_icon() -> Response:
    return RedirectResponse("/static/icon.svg", 308)


@first.get("/sample-progress")
async def get_sample_progress(frame: ReaderFrame) -> Response:
    """Asked every other second while the sample arrives; htmx names the element, so only its fragment is answered."""
    return await frame.page("sample-progress")


class KeptFiles(StaticFiles):
    """Static files whose address carries their content's hash: kept by browsers for a year."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        if scope["query_string"].startswith(b"v=") and answer.status_code == 200:
            answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer


def add_pages(app: FastAPI) -> None:
    """Call it after problems.install and the JSON routers."""
    for pages in (login, inbox, claims, claim, claim_acts, imports, training, mailbox):
        app.include_router(pages.router)
    app.include_router(first)
    app.mount("/static", KeptFiles(directory=STATIC), name="static")
    trouble.install(app)
