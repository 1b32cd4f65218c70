"""Signing in and out: the JSON routes, and the functions the login page uses. Failures are counted, never an e-mail kept in clear."""

import asyncio
import secrets
from datetime import timedelta
from functools import cache
from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pwdlib import PasswordHash
from pydantic import BaseModel, ConfigDict, StringConstraints

from api.problems import FieldError, Problem
from api.security import COOKIE, LASTS, Permission, SignedIn, is_own_origin, needs
from api.surroundings import Around, Surroundings
from db import people

router = APIRouter(tags=["session"])

WINDOW = timedelta(minutes=15)
MOST_BY_EMAIL = 5
MOST_BY_ADDRESS = 30


class Credentials(BaseModel):
    model_config = ConfigDict(extra="forbid")
    email: Annotated[str, StringConstraints(min_length=3, max_length=254)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=500)]


@cache
def _argon2() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _nobody() -> str:
    """The hash of nobody's password: an unknown e-mail address takes as long as a wrong password."""
    return hash_password(secrets.token_urlsafe(16))


def hash_password(password: str) -> str:
    """The argon2 hash of a password; takes a quarter of a second, so call it in a thread."""
    return _argon2().hash(password)


async def sign_in(around: Surroundings, *, email: str, password: str, address: str) -> tuple[people.PersonRow, str]:
    """The person and the token of a new session. Raises Problem 401 (wrong) or 429 (too many attempts)."""
    subjects = (f"email:{email.strip().lower()}", f"address:{address}")
    async with around.engine.begin() as connection:
        by_email = await people.note_attempt(connection, subjects[0], within=WINDOW)
        by_address = await people.note_attempt(connection, subjects[1], within=WINDOW)
        found = await people.person_for_login(connection, email)
    if by_email > MOST_BY_EMAIL or by_address > MOST_BY_ADDRESS:
        raise Problem(429, "too_many_attempts", headers={"Retry-After": str(int(WINDOW.total_seconds()))})
    kept = found[1] if found else await asyncio.to_thread(_nobody)
    right = await asyncio.to_thread(_argon2().verify, password, kept)
    if found is None or not right:
        raise Problem(401, "unauthenticated", errors=[FieldError("", "wrong_login")])
    token = secrets.token_urlsafe(32)
    async with around.engine.begin() as connection:
        await people.forget_attempts(connection, subjects)
        await people.begin_session(connection, token=token, person_code=found[0].code, lasts=LASTS)
    return found[0], token


def set_cookie(response: Response, token: str, *, secure: bool) -> None:
    """Give the browser its session; scripts cannot read it, other sites cannot send it."""
    response.set_cookie(COOKIE, token, max_age=int(LASTS.total_seconds()), httponly=True, samesite="lax", secure=secure)


async def sign_out(around: Surroundings, request: Request, response: Response) -> None:
    """End the session of this browser."""
    token = request.cookies.get(COOKIE, "")
    async with around.engine.begin() as connection:
        await people.end_session(connection, token)
    response.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=around.settings.secure_cookies)


def network_address(request: Request) -> str:
    return request.client.host if request.client else "unknown"


@router.post("/api/session", summary="Sign in; answers the session cookie")
async def post_session(credentials: Credentials, request: Request, around: Around) -> JSONResponse:
    if not is_own_origin(request):
        raise Problem(403, "foreign_origin")
    person, token = await sign_in(
        around, email=credentials.email, password=credentials.password, address=network_address(request)
    )
    response = JSONResponse(
        {"code": person.code, "name": person.name, "role": person.role, "language": person.language}
    )
    set_cookie(response, token, secure=around.settings.secure_cookies)
    return response


@router.get("/api/session", summary="Who is signed in, person or machine")
async def get_session(who: SignedIn) -> dict[str, str | bool | list[str]]:
    return {
        "code": who.author,
        "name": who.name,
        "role": who.role.value,
        "is_machine": who.is_machine,
        "creditors": sorted(who.creditors),
    }


@router.delete("/api/session", status_code=204, summary="Sign out", dependencies=[needs(Permission.SIGNED_IN)])
async def delete_session(request: Request, around: Around) -> Response:
    response = Response(status_code=204)
    await sign_out(around, request, response)
    return response
