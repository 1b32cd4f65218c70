"""The API's address ends in /api and the contract's paths begin with it: a program that joins the two is understood."""

from starlette.types import ASGIApp, Receive, Scope, Send

TWICE = "/api/api/"


class ApiCountsOnce:
    """ASGI middleware: /api/api/claims is /api/claims."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(TWICE):
            raw: bytes = scope.get("raw_path") or scope["path"].encode()
            scope = {**scope, "path": scope["path"].removeprefix("/api"), "raw_path": raw.removeprefix(b"/api")}
        await self.app(scope, receive, send)
