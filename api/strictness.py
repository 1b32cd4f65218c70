"""What every request must be before a route sees it (size, readable JSON, no NUL), and what every response carries."""

import json
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from fastapi import Request, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import FieldError, Problem, invalid
from api.surroundings import ApiSettings

_log = logging.getLogger(__name__)

DEEPEST = 40
MOST_DRAINED = 1024**3  # bytes of a refused upload that are read and thrown away, so that its sender reads our answer
_DOCUMENTS = re.compile(r"/documents/?$")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'",
}

Answering = Callable[[Request, Problem], Awaitable[Response]]


class Strictness:
    """ASGI middleware around everything: an error that nobody expected becomes a problem document here too."""

    def __init__(self, app: ASGIApp, settings: ApiSettings, answer: Answering) -> None:
        self.app, self.settings, self._answer = app, settings, answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                _harden(message, scope["path"])
            await send(message)

        request = Request(scope, receive)
        try:
            receive = await self._checked(request, receive)
            await self.app(scope, receive, sending)
        except Problem as problem:
            await (await self._answer(request, problem))(scope, receive, sending)
        except Exception as error:
            _log.exception("unexpected error on %s", getattr(scope.get("route"), "path", "?"), exc_info=error)
            if started:
                raise
            await (await self._answer(request, Problem(500, "unexpected")))(scope, receive, sending)

    async def _checked(self, request: Request, receive: Receive) -> Receive:
        """The body to go on with; raises Problem for a request that no route should see."""
        if "\x00" in request.url.path:
            raise Problem(404, "not_found")
        if b"%00" in request.scope["query_string"]:
            raise invalid(FieldError("", "control_character", sentence="U+0000"))
        if request.url.path.startswith("/api/"):
            _leave_out_the_empty(request.scope)
        body = _Body(receive, self._limit(request.url.path), request.headers)
        if not _is_json(request.headers):
            return body.receive
        content = await body.whole()
        check_json(content)
        return _again(content, receive)

    def _limit(self, path: str) -> int:
        if path.startswith(("/api/imports", "/imports")):
            return self.settings.import_limit
        return self.settings.document_limit if _DOCUMENTS.search(path) else self.settings.body_limit


def _leave_out_the_empty(scope: Scope) -> None:
    """`?stage=&q=` asks for nothing: a parameter without a value is one that was not given."""
    parts = scope["query_string"].split(b"&")
    scope["query_string"] = b"&".join(part for part in parts if part.partition(b"=")[2])


class _Body:
    """A request's body as it streams in, refused when it grows above its limit."""

    def __init__(self, receive: Receive, limit: int, headers: Headers) -> None:
        self._receive, self._limit, self._read = receive, limit, 0
        declared = headers.get("content-length", "")
        self._declared = int(declared) if declared.isdecimal() and len(declared) < 19 else 0
        self._waits = "100-continue" in headers.get("expect", "").lower()

    async def receive(self) -> Message:
        if self._declared > self._limit and self._waits:
            raise HTTPException(413)  # its sender asks first: nothing has been sent
        message = await self._receive()
        self._read += len(message.get("body", b""))
        if max(self._read, self._declared) > self._limit:
            await self._drain(message)
            raise HTTPException(413)
        return message

    async def whole(self) -> bytes:
        """All of it; raises Problem 413."""
        parts: list[bytes] = []
        try:
            while True:
                message = await self.receive()
                parts.append(message.get("body", b""))
                if not message.get("more_body", False):
                    return b"".join(parts)
        except HTTPException:
            raise Problem(413, "too_large") from None

    async def _drain(self, message: Message) -> None:
        while message.get("more_body", False) and self._read < MOST_DRAINED:
            message = await self._receive()
            self._read += len(message.get("body", b""))


def check_json(content: bytes) -> None:
    """Raises Problem 400 for what is no JSON, 422 for what no database keeps (NUL, half characters, endless depth)."""
    if not content:
        return
    try:
        parsed = json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Problem(400, "malformed", errors=[FieldError("", "json_invalid", sentence=str(error)[:200])]) from None
    level: Sequence[Any] = [parsed]
    for _ in range(DEEPEST):
        level = [inner for value in level for inner in _inside(value)]
        if not level:
            return
    raise invalid(FieldError("", "too_deep", sentence=f"more than {DEEPEST} levels"))


def _inside(value: Any) -> Sequence[Any]:
    match value:
        case str():
            if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
                raise invalid(FieldError("", "control_character", sentence="U+0000 / U+D800-U+DFFF"))
            return ()
        case dict():
            return [*value.keys(), *value.values()]
        case list():
            return value
        case _:
            return ()


def _no_number(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


def _is_json(headers: Headers) -> bool:
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")


def _again(content: bytes, receive: Receive) -> Receive:
    """A body that was read already; what comes after it is the connection's end."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": content, "more_body": False}

    return replay


def _harden(message: Message, path: str) -> None:
    headers = MutableHeaders(scope=message)
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    if path.startswith("/api"):
        headers.setdefault("Cache-Control", "no-store")
