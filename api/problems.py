"""Every error is a problem document (RFC 9457) in the request's language; bad input is never a 5xx."""

import dataclasses
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from starlette.exceptions import HTTPException

from api import phrases
from api.languages import language_of
from domain.reading import Refused

_log = logging.getLogger(__name__)

_CODES = {
    400: "malformed",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
}
_DATA_WAS_WRONG = ("22", "23", "54")  # SQLSTATE classes: data exception, constraint, limit exceeded


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field: a code of phrases.DETAILS with its facts, or a sentence of its own."""

    field: str
    code: str
    facts: Mapping[str, object] = dataclasses.field(default_factory=dict)
    sentence: str = ""

    def as_json(self, language: str) -> dict[str, str]:
        return {
            "field": self.field,
            "code": self.code,
            "reason": self.sentence or phrases.detail(self.code, language, **self.facts),
        }


class Problem(Exception):
    """An answer that is a problem document; `more` are further members of it."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str = "",
        *,
        errors: Sequence[FieldError] = (),
        more: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or code)
        self.status, self.code, self.detail = status, code, detail
        self.errors, self.more, self.headers = tuple(errors), dict(more or {}), dict(headers or {})


def invalid(*errors: FieldError) -> Problem:
    """422: these fields cannot be taken."""
    return Problem(422, "invalid", errors=errors)


def unreadable(error: Refused) -> Problem:
    """422: what the domain's own reading of a body refused."""
    return invalid(*(FieldError(r.path, r.code, sentence=r.reason) for r in error.refusals[:50]))


def not_found() -> Problem:
    return Problem(404, "not_found")


def document(
    status: int,
    code: str,
    language: str,
    *,
    detail: str = "",
    errors: Sequence[dict[str, str]] = (),
    more: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The JSON of a problem; its type ends with the code."""
    body: dict[str, Any] = {"type": f"/problems/{code}", "title": phrases.title(code, language), "status": status}
    body["detail"] = detail or (_sentence(errors) if errors else body["title"])
    if errors:
        body["errors"] = list(errors)
    return {**body, **(more or {})}


def _sentence(errors: Sequence[dict[str, str]]) -> str:
    return "; ".join(
        f"{error['field']}: {error['reason']}" if error["field"] else error["reason"] for error in errors[:5]
    )


def as_json(problem: Problem, language: str) -> dict[str, Any]:
    """The document of a problem in a language."""
    errors = [error.as_json(language) for error in problem.errors]
    return document(problem.status, problem.code, language, detail=problem.detail, errors=errors, more=problem.more)


def answer(request: Request, problem: Problem) -> JSONResponse:
    body = as_json(problem, language_of(request))
    return JSONResponse(body, problem.status, headers=problem.headers, media_type="application/problem+json")


async def _problem(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)  # noqa: S101 - Starlette types handlers by Exception
    return answer(request, error)


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    code = _CODES.get(error.status_code, "unexpected" if error.status_code >= 500 else "malformed")
    return answer(request, Problem(error.status_code, code, headers=error.headers))


async def _validation_error(request: Request, error: Exception) -> JSONResponse:
    """What pydantic found, without the input itself: it may be personal, and may not be JSON."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    found = [FieldError(_path(e["loc"]), str(e["type"]), sentence=str(e["msg"])) for e in error.errors()[:50]]
    if any(e["type"] == "json_invalid" for e in error.errors()):
        return answer(request, Problem(400, "malformed", errors=found))
    return answer(request, invalid(*found))


async def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refused)  # noqa: S101 - as above
    return answer(request, unreadable(error))


async def _database_error(request: Request, error: Exception) -> JSONResponse:
    """Data that the database cannot keep is the caller's; anything else is ours."""
    state = str(getattr(getattr(error, "orig", None), "sqlstate", "") or "")
    if isinstance(error, DataError) or state.startswith(_DATA_WAS_WRONG):
        _log.warning("the database refused a value that no check had caught: %s", state)
        return answer(request, Problem(422, "invalid"))
    if isinstance(error, OperationalError | InterfaceError | PoolExhausted):
        return answer(request, Problem(503, "unavailable", headers={"Retry-After": "2"}))
    return await _unexpected(request, error)


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    _log.error("unexpected error on %s", getattr(request.scope.get("route"), "path", "?"), exc_info=error)
    return answer(request, Problem(500, "unexpected"))


def _path(location: Sequence[Any]) -> str:
    """("body", "items", 0, "amount") reads items[0].amount."""
    text = ""
    for part in location[1:] if location and location[0] in ("body", "query", "path", "header") else location:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def install(app: FastAPI) -> None:
    """Answer every error of this application by a problem document."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(DBAPIError, _database_error)
    app.add_exception_handler(PoolExhausted, _database_error)
    app.add_exception_handler(Exception, _unexpected)
