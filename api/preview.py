"""The frozen draft of a task as a page or a PDF: what the person sees is what will leave."""

import asyncio
from datetime import date
from html import escape
from typing import Any

from fastapi.responses import HTMLResponse, Response

from correspondence import Draft, NoUsableAddress, email_message, letter_pdf
from db.tasks import TaskRow
from domain.catalogue import Catalogue
from domain.claim import Channel, Claim

_SENDER = "preview@recouvra.example"
_CLOSED = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
}
_PDF = {
    "Content-Security-Policy": "default-src 'none'; object-src 'self'; plugin-types application/pdf; frame-ancestors 'self'"
}


async def preview_of(row: TaskRow, claim: Claim, catalogue: Catalogue, on: date) -> Response:
    """A letter as PDF; an e-mail as its own HTML; a call or a visit as a sheet of what is known."""
    draft = _draft(row.proposed)
    if draft is not None and draft.channel in (Channel.LETTER, Channel.REGISTERED_LETTER):
        pdf = await asyncio.to_thread(letter_pdf, draft, claim, catalogue, on)
        return Response(pdf, media_type="application/pdf", headers={**_PDF, "Content-Disposition": "inline"})
    if draft is not None and draft.channel in (Channel.EMAIL, Channel.INTERNAL_EMAIL):
        page = _email_page(draft, claim, catalogue, on)
        if page is not None:
            return HTMLResponse(page, headers=_CLOSED)
    return HTMLResponse(_sheet(row.proposed), headers=_CLOSED)


def _draft(proposed: dict[str, Any]) -> Draft | None:
    """The draft that was frozen; None for work by hand, which has none."""
    try:
        return Draft.from_json(proposed)
    except (KeyError, TypeError, ValueError):
        return None


def _email_page(draft: Draft, claim: Claim, catalogue: Catalogue, on: date) -> str | None:
    try:
        message = email_message(draft, claim, catalogue, "preview", on, _SENDER)
    except NoUsableAddress:
        return None
    part = message.get_body(("html", "plain"))
    if part is None:
        return None
    content = str(part.get_content())
    return content if part.get_content_subtype() == "html" else f"<pre>{escape(content)}</pre>"


def _sheet(proposed: dict[str, Any]) -> str:
    """What was frozen, field by field."""
    rows = "".join(
        f"<tr><th>{escape(str(name))}</th><td>{_cell(value)}</td></tr>"
        for name, value in proposed.items()
        if value not in (None, "", [])
    )
    return f'<!doctype html><meta charset="utf-8"><style>body{{font:15px system-ui}}th{{text-align:left;vertical-align:top;padding-right:1em}}td{{white-space:pre-wrap}}</style><table>{rows}</table>'


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "<br>".join(_cell(part) for part in value)
    if isinstance(value, dict):
        return ", ".join(f"{escape(str(name))}: {escape(str(part))}" for name, part in value.items())
    return escape(str(value))
