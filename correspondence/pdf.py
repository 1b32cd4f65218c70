"""HTML to PDF by plutoprint: the same bytes for the same page, and nothing is fetched from anywhere.

Rendering releases the GIL and is safe in several threads at once (tests/correspondence/test_pdf.py), so an
event loop calls it by `asyncio.to_thread`.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import plutoprint

TEMPLATES = Path(__file__).parent.parent / "templates"

# Ours alone, not the system's: a letter must not change with what a machine has installed.
# Given once for the whole interpreter, before the first page; 2.7 times faster than @font-face.
plutoprint.plutobook_set_fontconfig_path(str(TEMPLATES / "fonts"))


class PageReachedOut(Exception):
    """A page asked for a file or an address; everything it may use stands in the page itself."""


@dataclass(frozen=True, slots=True)
class PrintedAs:
    """What the file says of itself; never anything of the debtor."""

    title: str
    author: str
    subject: str
    printed_on: date


def pdf_of(html: str, printed_as: PrintedAs) -> bytes:
    """The pages as PDF; PageReachedOut when the HTML refers to anything outside itself."""
    closed = _Closed()
    book = plutoprint.Book(plutoprint.PAGE_SIZE_A4)
    book.custom_resource_fetcher = closed
    book.load_html(html)
    pages = io.BytesIO()
    for field, text in (
        (plutoprint.PDF_METADATA_TITLE, printed_as.title),
        (plutoprint.PDF_METADATA_AUTHOR, printed_as.author),
        (plutoprint.PDF_METADATA_SUBJECT, printed_as.subject),
        (plutoprint.PDF_METADATA_CREATION_DATE, f"{printed_as.printed_on.isoformat()}T00:00:00Z"),
    ):
        book.set_metadata(field, text)
    book.write_to_pdf_stream(pages)
    if closed.refused:
        raise PageReachedOut(f"the page refers to {', '.join(sorted(closed.refused))}")
    return pages.getvalue()


class _Closed(plutoprint.ResourceFetcher):
    """Answers every request with nothing and remembers it: raising here would only print a traceback."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: set[str] = set()

    def fetch_url(self, url: str) -> plutoprint.ResourceData:
        self.refused.add(url[:200])
        return plutoprint.ResourceData(b"", "text/plain", "utf-8")
