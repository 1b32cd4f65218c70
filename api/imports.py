"""Imports over HTTP: send a file with its mapping, see how far it is, fetch what was rejected, keep mappings by name."""

import asyncio
import csv
import hashlib
import io
import json
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Body, File, Form, Query, UploadFile
from fastapi.responses import JSONResponse, StreamingResponse

from api.answers import answer_once
from api.fields import found
from api.inbox import IdempotencyKey
from api.papers import safe_name
from api.problems import FieldError, Problem, invalid
from api.security import Importer, Permission, needs
from api.surroundings import Around
from db import imports
from db.imports import ImportRow
from db.portfolio import uuid_or_none
from domain.file_mapping import read_mapping
from domain.portfolio_file import RowError
from domain.reading import Refused
from domain.table_file import read_headers

router = APIRouter(prefix="/api/imports", tags=["imports"], dependencies=[needs(Permission.IMPORT)])

SHOWN_ERRORS = 100
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for a formula


@router.post("", status_code=202, summary="Import a portfolio from a CSV or XLSX file")
async def post_import(
    who: Importer,
    around: Around,
    file: Annotated[UploadFile, File()],
    mapping: Annotated[str, Form(description="JSON text, or the name of a saved mapping", max_length=100_000)] = "{}",
    key: IdempotencyKey = None,
) -> JSONResponse:
    """The file is looked at at once (what is no table is refused), and taken by a workflow."""
    content = await file.read()
    if len(content) > around.settings.import_limit:
        raise Problem(413, "too_large")
    wanted = await _mapping(around, mapping)
    await asyncio.to_thread(_check, content, wanted)
    name = safe_name(file.filename or "")
    async with around.engine.begin() as connection:
        body = {"mapping": wanted, "sha256": hashlib.sha256(content).hexdigest()}
        first = await answer_once(connection, who, key, "import", body)
        if first.given is not None:
            return first.given
        kept = {**wanted, "today": around.now().date().isoformat()}
        import_id = await imports.add(connection, file_name=name, content=content, mapping=kept, author=who.author)
        answer = {"import_id": str(import_id), "url": f"/api/imports/{import_id}"}
        await first.remember(202, answer)
    await around.telling.job("PortfolioImport", import_id)
    return JSONResponse(answer, 202, headers={"Location": answer["url"]})


@router.get("", summary="The latest imports, newest first")
async def get_imports(around: Around, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> dict[str, Any]:
    async with around.engine.connect() as connection:
        rows = await imports.latest(connection, limit=limit)
    return {
        "items": [import_json(row) for row in rows],
        "next_cursor": None,
        "total": len(rows),
        "total_is_exact": len(rows) < limit,
    }


@router.get("/mappings", summary="The saved mappings by name")
async def get_mappings(around: Around) -> dict[str, Any]:
    async with around.engine.connect() as connection:
        return {
            "items": [
                {"name": name, "mapping": body} for name, body in (await imports.saved_mappings(connection)).items()
            ]
        }


@router.put("/mappings/{name}", summary="Save a mapping under a name")
async def put_mapping(name: str, body: Annotated[dict[str, Any], Body()], around: Around) -> dict[str, Any]:
    if not name.isprintable() or not 0 < len(name) <= 100 or name.lstrip().startswith("{"):
        raise invalid(FieldError("name", "malformed"))
    read_mapping(body)
    async with around.engine.begin() as connection:
        await imports.save_mapping(connection, name, body)
    return {"name": name, "mapping": body}


@router.get("/{import_id}", summary="How far an import is")
async def get_import(import_id: str, around: Around) -> dict[str, Any]:
    identity = found(uuid_or_none(import_id))
    async with around.engine.connect() as connection:
        row = found(await imports.one(connection, identity))
        errors = await imports.errors(connection, identity, limit=SHOWN_ERRORS)
    return {**import_json(row), "errors": [error_json(error) for error in errors]}


@router.get("/{import_id}/errors", summary="The rejected rows: JSON")
async def get_errors(import_id: str, around: Around) -> dict[str, Any]:
    errors = await _errors(around, import_id)
    return {
        "items": [error_json(error) for error in errors],
        "next_cursor": None,
        "total": len(errors),
        "total_is_exact": True,
    }


@router.get("/{import_id}/errors.csv", summary="The rejected rows: CSV", response_class=StreamingResponse)
async def get_errors_csv(import_id: str, around: Around) -> StreamingResponse:
    errors = await _errors(around, import_id)
    headers = {"Content-Disposition": 'attachment; filename="rejected.csv"'}
    return StreamingResponse(_csv(errors), media_type="text/csv; charset=utf-8", headers=headers)


async def _errors(around: Around, import_id: str) -> list[RowError]:
    identity = found(uuid_or_none(import_id))
    async with around.engine.connect() as connection:
        found(await imports.one(connection, identity))
        return await imports.errors(connection, identity)


async def _mapping(around: Around, text: str) -> dict[str, Any]:
    """The mapping in this JSON text, or the saved one of this name; raises Problem 422."""
    if not text.lstrip().startswith(("{", "[", '"')):
        async with around.engine.connect() as connection:
            saved = await imports.saved_mapping(connection, text.strip())
        if saved is None:
            raise invalid(
                FieldError("mapping", "unknown_mapping", sentence="is neither JSON nor the name of a saved mapping")
            )
        return saved
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise invalid(FieldError("mapping", "json_invalid", sentence=f"is not JSON: {error}"[:200])) from None
    if not isinstance(body, dict):
        raise invalid(FieldError("mapping", "not_an_object", sentence="must be a JSON object"))
    return body


def _check(content: bytes, mapping: dict[str, Any]) -> None:
    """Raises Refused when the file is no table, or the mapping does not fit its headers."""
    try:
        fitting = read_mapping(mapping)
    except Refused as refused:
        raise _under("mapping", refused) from None
    headers = read_headers(content)
    try:
        fitting.for_headers(headers)
    except Refused as refused:
        raise _under("mapping", refused) from None


def _under(field: str, refused: Refused) -> Problem:
    return invalid(*(FieldError(f"{field}.{r.path}", r.code, sentence=r.reason) for r in refused.refusals[:50]))


def import_json(row: ImportRow) -> dict[str, Any]:
    """As the contract says; `rows` is the sum of the three counts once it is done."""
    return {
        "import_id": str(row.id),
        "file_name": row.file_name,
        "state": row.state,
        "rows": row.rows,
        "accepted": row.accepted,
        "unchanged": row.unchanged,
        "rejected": row.rejected,
        "claims_started": row.claims_started,
        "claims_total": row.claims_total,
        "progress": row.progress,
        "detail": row.detail,
        "author": row.author,
        "created_at": row.created_at.isoformat(),
        "errors_url": f"/api/imports/{row.id}/errors",
        "errors_csv_url": f"/api/imports/{row.id}/errors.csv",
    }


def error_json(error: RowError) -> dict[str, Any]:
    return {
        "line": error.line,
        "column": error.column,
        "value": error.value,
        "code": error.code,
        "reason": error.reason,
    }


def _csv(errors: list[RowError]) -> Iterator[str]:
    """With a mark for spreadsheets that this is UTF-8; no cell is taken for a formula."""
    yield "﻿"
    for cells in [
        ("line", "column", "value", "code", "reason"),
        *((e.line, e.column, _inert(e.value), e.code, _inert(e.reason)) for e in errors),
    ]:
        line = io.StringIO()
        csv.writer(line).writerow(cells)
        yield line.getvalue()


def _inert(text: str) -> str:
    return f"'{text}" if text.startswith(_DANGEROUS) else text
