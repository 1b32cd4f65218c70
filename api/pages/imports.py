"""Imports: a file and its mapping, how far each import is, and the rejected rows to correct and send again."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from fastapi import APIRouter, Response
from fastapi.datastructures import UploadFile as Sent
from starlette.datastructures import UploadFile

from api import imports as over_http
from api.pages.frame import Frame, ImporterFrame, Said
from api.pages.trouble import words_of
from api.problems import FieldError, Problem, invalid
from db import imports
from domain.reading import Refused

router = APIRouter(prefix="/imports", include_in_schema=False)

SHOWN: Final = 30
EXAMPLE: Final = """{
 "columns": {"item_reference": "Invoice", "due_on": "Due date", "amount": "Amount",
             "debtor_reference": "Customer", "debtor_name": "Name"},
 "defaults": {"creditor": "ACME", "currency": "EUR"},
 "date_format": "%d/%m/%Y", "decimal": ","
}"""


@router.get("")
async def get_imports(frame: ImporterFrame) -> Response:
    return await _imports_page(frame)


@router.post("")
async def post_import(frame: ImporterFrame) -> Response:
    """The file is looked at at once; what is no table, or does not fit the mapping, is said here."""
    async with frame.request.form() as form:
        file = form.get("file")
        typed = {name: str(form.get(name, "")) for name in ("saved", "mapping")}
        try:
            await _take(frame, file if isinstance(file, UploadFile) else None, typed)
        except Refused as refused:
            errors = [FieldError(r.path, r.code, sentence=r.reason) for r in refused.refusals]
            return await _refused(frame, invalid(*errors), typed)
        except Problem as problem:
            if problem.status not in (409, 413, 422):
                raise
            return await _refused(frame, problem, typed)
    return frame.go_to("/imports", Said("good", "import_begun"))


async def _take(frame: Frame, file: UploadFile | None, typed: dict[str, str]) -> None:
    if file is None or not file.filename:
        raise invalid(FieldError("file", "needs_text"))
    mapping = typed["saved"] or _own(typed["mapping"]) or "{}"
    sent = Sent(file.file, size=file.size, filename=file.filename, headers=file.headers)
    await over_http.post_import(frame.who, frame.around, sent, mapping)


def _own(mapping: str) -> str:
    """The text that somebody wrote; the example left as it was counts as none."""
    written = mapping.replace("\r\n", "\n").strip()
    return "" if written == EXAMPLE else written


async def _refused(frame: Frame, problem: Problem, typed: dict[str, str]) -> Response:
    told = Said("bad", "refused", words_of(problem, frame.language))
    return await _imports_page(frame, told=told, typed=typed, status=problem.status)


async def _imports_page(
    frame: Frame, *, told: Said | None = None, typed: dict[str, str] | None = None, status: int = 200
) -> Response:
    async with frame.around.engine.connect() as connection:
        rows = await imports.latest(connection, limit=SHOWN)
        saved = await imports.saved_mappings(connection)
    return await frame.page(
        "imports",
        here="imports",
        status=status,
        imports=[over_http.import_json(row) for row in rows],
        imports_run=any(row.state in ("queued", "running") for row in rows),
        mappings=list(saved),
        mapping_example=EXAMPLE,
        told_here=told,
        typed=defaultdict(str, typed or {}),
    )
