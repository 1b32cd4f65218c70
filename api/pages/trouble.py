"""Errors of pages are pages: where to sign in, what was not found, what was refused; everything under /api stays a problem document."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from api import phrases
from api.languages import language_of
from api.pages.frame import Frame, address_of, site_of
from api.pages.rendering import HEADERS, rendered
from api.problems import Problem, answer
from api.security import who_asks
from api.surroundings import surroundings_of

Answering = Callable[[Request, Exception], Response | Awaitable[Response]]
_CODES = {403: "forbidden", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}


def is_for_a_page(request: Request) -> bool:
    """Whether a person waits for this answer in a browser."""
    return not request.url.path.startswith("/api") and "text/html" in request.headers.get("accept", "text/html")


def words_of(problem: Problem, language: str) -> str:
    """What is wrong, as one text for a person."""
    reasons = [error.as_json(language)["reason"] for error in problem.errors]
    return problem.detail or " · ".join(reasons) or phrases.title(problem.code, language)


async def answer_in_kind(request: Request, problem: Problem) -> Response:
    """A page for a person, a problem document for a program."""
    return await problem_page(request, problem) if is_for_a_page(request) else answer(request, problem)


async def problem_page(request: Request, problem: Problem) -> Response:
    """The page for a problem; who is not signed in goes to the login page first, and comes back."""
    if problem.status == 401:
        if "hx-request" in request.headers:
            return Response(status_code=401, headers={**HEADERS, "HX-Redirect": "/login"})
        wanted = address_of(request) if request.method == "GET" else ""
        return RedirectResponse(
            f"/login?next={quote(wanted)}" if wanted not in ("", "/") else "/login", 303, headers=HEADERS
        )
    language = language_of(request)
    title = phrases.title(problem.code, language)
    context: dict[str, Any] = {"title": title, "detail": words_of(problem, language), "code": problem.status}
    who = getattr(request.state, "who", None) or (await who_asks(request) if request.method == "GET" else None)
    if who is None or problem.status >= 500:
        bare = {"reader": None, "site": site_of(surroundings_of(request)), "back_to": "/inbox", "said": None}
        return rendered(request, "problem", language, {**bare, **context}, status=problem.status)
    return await Frame(request, surroundings_of(request), who).page("problem", status=problem.status, **context)


def install(app: FastAPI) -> None:
    """Let pages answer errors by pages; call it after problems.install, whose answers stay for everything else."""
    for kind, as_problem in (
        (Problem, lambda error: error),
        (HTTPException, lambda error: Problem(error.status_code, _CODES.get(error.status_code, "malformed"))),
        (RequestValidationError, lambda _: Problem(422, "invalid")),
        (Exception, lambda _: Problem(500, "unexpected")),
    ):
        app.add_exception_handler(kind, _either(app.exception_handlers[kind], as_problem))


def _either(as_json: Answering, as_problem: Callable[[Exception], Problem]) -> Answering:
    async def in_kind(request: Request, error: Exception) -> Response:
        if is_for_a_page(request) and as_problem(error).status < 500:
            return await problem_page(request, as_problem(error))
        answered = as_json(request, error)  # also logs what nobody expected
        answered = answered if isinstance(answered, Response) else await answered
        return await problem_page(request, as_problem(error)) if is_for_a_page(request) else answered

    return in_kind
