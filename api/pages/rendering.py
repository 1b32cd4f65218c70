"""Pages and fragments in the reader's language. A fragment's file name is the id of its root element: htmx names the
element it wants to replace, and gets just that file; everybody else gets the whole page with the fragment in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import InternationalizationExtension

from api.pages.filters import FILTERS
from api.pages.languages import ROOT, translations

TEMPLATES: Final = ROOT / "templates"
STATIC: Final = ROOT / "static"
HEADERS: Final = {
    "Cache-Control": "no-cache, private",
    "Vary": "Cookie, Accept-Language, HX-Request, HX-Target",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
}


PROBLEM: Final = "problem"
INSTEAD: Final = {"HX-Retarget": "#main", "HX-Reselect": "#main", "HX-Reswap": "outerHTML"}  # of what htmx asked for


@cache
def environment(language: str) -> Environment:
    """The templates speaking one language."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=[InternationalizationExtension],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]  # the extension's
    made.globals.update(asset=asset, language=language)
    made.filters.update(FILTERS)
    return made


@cache
def asset(name: str) -> str:
    """The address of a static file, which changes with its content: browsers may keep it for ever."""
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]}"


def wanted_fragment(request: Request) -> str | None:
    """The fragment that htmx is going to replace; None for a whole page."""
    if "hx-request" not in request.headers or "hx-history-restore-request" in request.headers:
        return None
    target = request.headers.get("hx-target", "")
    is_fragment = target.replace("-", "").isalnum() and (TEMPLATES / "fragments" / f"{target}.html").is_file()
    return f"fragments/{target}.html" if is_fragment else None


def rendered(
    request: Request, page: str, language: str, context: Mapping[str, Any], *, status: int = 200
) -> HTMLResponse:
    """The page, or the part of it that htmx asks for; a problem is always a whole page, which takes the place of the other."""
    wanted = None if page == PROBLEM else wanted_fragment(request)
    text = environment(language).get_template(wanted or f"pages/{page}.html").render(context)
    return HTMLResponse(text, status, headers={**HEADERS, **(INSTEAD if page == PROBLEM else {})})
