"""Signing in and out, and the language at a click."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from api.languages import COOKIE as LANGUAGE_COOKIE
from api.languages import language_of
from api.pages.frame import address_of, site_of
from api.pages.rendering import HEADERS, rendered
from api.phrases import LANGUAGES
from api.problems import Problem
from api.security import is_own_origin, who_asks
from api.signing_in import network_address, set_cookie, sign_in, sign_out
from api.surroundings import Around, surroundings_of

router = APIRouter(include_in_schema=False)
A_YEAR = 365 * 24 * 3600


def own_path(address: str) -> str:
    """An address of ours to go on to; anything else means the first page."""
    is_ours = (
        address.startswith("/") and not address.startswith(("//", "/\\", "/login", "/api")) and address.isprintable()
    )
    return address if is_ours else "/inbox"


def login_page(
    request: Request, *, problem: str = "", email: str = "", next_page: str = "", status: int = 200
) -> Response:
    context: dict[str, Any] = {
        "site": site_of(surroundings_of(request)),
        "back_to": address_of(request) if request.method == "GET" else "/login",
        "problem": problem,
        "email": email,
        "next": next_page,
        "said": None,
        "reader": None,
    }
    return rendered(request, "login", language_of(request), context, status=status)


@router.get("/login")
async def get_login(request: Request, next: str = "") -> Response:  # noqa: A002 - the parameter's name in the address
    if await who_asks(request) is not None:
        return RedirectResponse(own_path(next), 303, headers=HEADERS)
    return login_page(request, problem="ended" if next else "", next_page=own_path(next))


@router.post("/login")
async def post_login(
    request: Request,
    around: Around,
    email: Annotated[str, Form(max_length=254)] = "",
    password: Annotated[str, Form(max_length=500)] = "",
    next: Annotated[str, Form()] = "",  # noqa: A002 - as above
) -> Response:
    """A wrong password comes back with the e-mail kept; success goes to where one wanted to go."""
    if not is_own_origin(request):
        raise Problem(403, "foreign_origin")
    try:
        _, token = await sign_in(around, email=email, password=password, address=network_address(request))
    except Problem as problem:
        what = "too_many" if problem.status == 429 else "wrong"
        return login_page(request, problem=what, email=email, next_page=own_path(next), status=problem.status)
    answer = RedirectResponse(own_path(next), 303, headers=HEADERS)
    set_cookie(answer, token, secure=around.settings.secure_cookies)
    return answer


@router.post("/logout")
async def post_logout(request: Request, around: Around) -> Response:
    if not is_own_origin(request):
        raise Problem(403, "foreign_origin")
    answer = RedirectResponse("/login", 303, headers=HEADERS)
    await sign_out(around, request, answer)
    return answer


@router.post("/language")
async def post_language(
    around: Around, language: Annotated[str, Form()] = "", back: Annotated[str, Form()] = ""
) -> Response:
    """Answer in this language from now on, in this browser."""
    answer = RedirectResponse("/login" if back.startswith("/login") else own_path(back), 303, headers=HEADERS)
    if language in LANGUAGES:
        secure = around.settings.secure_cookies
        answer.set_cookie(LANGUAGE_COOKIE, language, max_age=A_YEAR, httponly=True, samesite="lax", secure=secure)
    return answer
