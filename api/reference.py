"""The page about the API at /api/docs: made here from the OpenAPI document, so that it needs no network and no script."""

from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader

from api.security import COOKIE

router = APIRouter(tags=["reference"])

_TEMPLATES = Environment(loader=FileSystemLoader(Path(__file__).parents[1] / "templates"), autoescape=True)
PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "Ends with the problem's code, like /problems/stale"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {name: {"type": "string"} for name in ("field", "code", "reason")},
            },
        },
    },
}
_PROBLEM = {"application/problem+json": {"schema": PROBLEM}}
RESPONSES: dict[int | str, dict[str, Any]] = {
    "4XX": {"description": "A problem document (RFC 9457)", "content": _PROBLEM},
    422: {"description": "What is wrong with which field", "content": _PROBLEM},
}
_SECURITY = {
    "apiKey": {"type": "http", "scheme": "bearer", "description": "For machines"},
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "For people"},
}
_METHODS = ("get", "post", "put", "patch", "delete")


@router.get("/api/docs", response_class=HTMLResponse, include_in_schema=False)
async def docs(request: Request) -> HTMLResponse:
    document = request.app.openapi()
    schemas = document.get("components", {}).get("schemas", {})
    page = _TEMPLATES.get_template("reference.html")
    return HTMLResponse(page.render(document=document, groups=_groups(document), schemas=schemas, name_of=_name_of))


def describe(app: FastAPI) -> None:
    """Say in the OpenAPI document how callers are known."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        document = plain()
        document.setdefault("components", {})["securitySchemes"] = _SECURITY
        document["security"] = [{name: []} for name in _SECURITY]
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way to change the document


def _groups(document: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The operations by their first tag, in the order of the document."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in document["paths"].items():
        for method in _METHODS:
            if method in operations:
                operation = operations[method]
                tag = (operation.get("tags") or ["other"])[0]
                groups.setdefault(tag, []).append({"method": method.upper(), "path": path, **operation})
    return groups


def _name_of(schema: dict[str, Any] | None) -> str:
    """How a schema reads in one line: its name, or its type."""
    if not schema:
        return ""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " | ".join(_name_of(one) for one in schema[several])
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_name_of(schema.get('items'))}"
    return str(schema.get("format") or schema.get("type") or "any")
