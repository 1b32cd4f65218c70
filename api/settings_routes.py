"""The catalogue over HTTP: what users set up, each change a new version. Written here directly, not by a workflow."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query
from fastapi.responses import JSONResponse, Response

from api.answers import answer_once
from api.fields import found
from api.inbox import IdempotencyKey
from api.problems import FieldError, Problem, invalid
from api.security import CatalogueWriter, Permission, needs
from api.surroundings import Around
from db import catalogue
from db.catalogue import KINDS, CatalogueEntry

router = APIRouter(prefix="/api/catalogue", tags=["catalogue"])

Kind = Annotated[str, Path(description=" | ".join(KINDS))]
Entry = Annotated[dict[str, Any], Body()]
LONGEST_CODE = 60
READ, WRITE = Permission.READ_CATALOGUE, Permission.WRITE_CATALOGUE


@router.get("/{kind}", summary="All entries of a kind, in their current version", dependencies=[needs(READ)])
async def get_entries(
    kind: Kind,
    around: Around,
    active: Annotated[bool, Query(description="Only active ones")] = False,
) -> dict[str, Any]:
    _known(kind)
    async with around.engine.connect() as connection:
        rows = await catalogue.entries(connection, kind, active_only=active)
    return {"items": [entry_json(row) for row in rows], "next_cursor": None, "total": len(rows), "total_is_exact": True}


@router.get(
    "/{kind}/{code}", summary="One entry, in its current version or the one asked for", dependencies=[needs(READ)]
)
async def get_entry(
    kind: Kind,
    code: str,
    around: Around,
    version: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> dict[str, Any]:
    _known(kind)
    _possible(code)
    async with around.engine.connect() as connection:
        return entry_json(found(await catalogue.one(connection, kind, code, version)))


@router.post("/{kind}", status_code=201, summary="Add an entry")
async def post_entry(
    kind: Kind, body: Entry, who: CatalogueWriter, around: Around, key: IdempotencyKey = None
) -> JSONResponse:
    _known(kind)
    code = body.get("code")
    if not isinstance(code, str) or not code:
        raise invalid(FieldError("code", "needs_text"))
    async with around.engine.begin() as connection:
        first = await answer_once(connection, who, key, f"catalogue/{kind}", body)
        if first.given is not None:
            return first.given
        if await catalogue.write(connection, kind, code, body, who.author) != 1:
            raise Problem(409, "duplicate", errors=[FieldError("code", "duplicate")])
        answer = entry_json(found(await catalogue.one(connection, kind, code)))
        await first.remember(201, answer)
    return JSONResponse(answer, 201)


@router.put(
    "/{kind}/{code}",
    summary="Write a new version (or the first one)",
    responses={201: {"description": "The first version"}},
)
async def put_entry(kind: Kind, code: str, body: Entry, who: CatalogueWriter, around: Around) -> JSONResponse:
    """Claims keep the version of their scenario until a supervisor moves them."""
    _known(kind)
    _possible(code)
    if body.get("code", code) != code:
        raise invalid(FieldError("code", "other_code", {"code": code}))
    async with around.engine.begin() as connection:
        version = await catalogue.write(connection, kind, code, body, who.author)
        answer = entry_json(found(await catalogue.one(connection, kind, code)))
    return JSONResponse(answer, 201 if version == 1 else 200)


@router.delete(
    "/{kind}/{code}", status_code=204, summary="Delete an entry that nothing refers to", dependencies=[needs(WRITE)]
)
async def delete_entry(kind: Kind, code: str, around: Around) -> Response:
    _known(kind)
    _possible(code)
    async with around.engine.begin() as connection:
        try:
            await catalogue.remove(connection, kind, code)
        except catalogue.UnknownEntry:
            raise Problem(404, "not_found") from None
        except catalogue.EntryInUse:
            raise Problem(409, "in_use") from None
    return Response(status_code=204)


def entry_json(row: CatalogueEntry) -> dict[str, Any]:
    """An entry as the contract writes it: its body with its code, its version and whether it is active."""
    return {
        "code": row.code,
        "version": row.version,
        "active": row.active,
        **{k: v for k, v in row.body.items() if k not in ("code", "version", "active")},
    }


def _known(kind: str) -> None:
    if kind not in KINDS:
        raise Problem(404, "not_found")


def _possible(code: str) -> None:
    if len(code) > LONGEST_CODE:
        raise Problem(404, "not_found")
