"""A table read from a file's bytes: CSV in the encodings and delimiters offices use, or an XLSX workbook's first sheet.

A line that cannot be read is a broken row of its own; the lines after it are read all the same.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice

from python_calamine import CalamineError, CalamineWorkbook

from domain.reading import Refusal, Refused

Cell = str | Decimal | date
DELIMITERS = ",;\t|"
LONGEST_RECORD = 50  # lines; a quote that is never closed shall not swallow the file
MOST_UNPACKED = 500_000_000  # bytes of a workbook's parts
MOST_CELLS = 20_000_000  # of the rectangle that a sheet spans, empty ones too: the reader keeps them all in memory
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,3})([0-9]{1,10})["']""")
_AT_ONCE = 1024 * 1024  # bytes of a part
_LONGEST_PLACE = 64  # bytes
_CSV_CELL_LIMIT = 100_000
HEAD = 256 * 1024  # bytes in which a CSV file's header and first lines lie


@dataclass(frozen=True, slots=True)
class TableRow:
    """`line` counts from 1, the header. `broken` says why its cells cannot be read, "" when they can."""

    line: int
    cells: dict[str, Cell]
    broken: str = ""


@dataclass(frozen=True, slots=True)
class TableFile:
    headers: tuple[str, ...]
    rows: Sequence[TableRow]


def read_table(content: bytes) -> TableFile:
    """The table in the file; raises Refused when it is none."""
    if not content.strip(b"\x00 \t\r\n"):
        raise _not_a_table("empty_file", "the file is empty")
    if content[:4] == b"PK\x03\x04":
        return _from_workbook(content)
    return _from_csv(content)


def read_headers(content: bytes) -> tuple[str, ...]:
    """The columns' names, without reading a long CSV file to its end; raises Refused."""
    if len(content) <= HEAD or content[:4] == b"PK\x03\x04":
        return read_table(content).headers
    head = content[: content.rfind(b"\n", 0, HEAD) + 1] or content[:HEAD]
    return read_table(head[: len(head) // 2 * 2] if head.count(0) else head).headers


def _not_a_table(code: str, reason: str) -> Refused:
    return Refused([Refusal("file", "", code, reason)])


# ---- CSV -------------------------------------------------------------------------------------


def decoded(content: bytes) -> str:
    """UTF-8 or UTF-16 by their marks or by how they look, else the Western encoding of Windows."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif content[1:200:2].count(0) > 20 or (len(content) < 200 and content[1::2].count(0) * 4 > len(content)):
        encoding = "utf-16-le"
    elif content[0:200:2].count(0) > 20:
        encoding = "utf-16-be"
    else:
        encoding = "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        pass
    if encoding != "utf-8-sig" or content.count(0):
        raise _not_a_table("not_a_table", "the file is neither CSV nor XLSX")
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _from_csv(content: bytes) -> TableFile:
    lines = list(io.StringIO(decoded(content), newline=""))
    if any("\x00" in line for line in lines[:50]):
        raise _not_a_table("not_a_table", "the file is neither CSV nor XLSX")
    delimiter = _delimiter(lines)
    records = _records(lines, delimiter)
    header = next(((line, cells) for line, cells, _ in records if any(c.strip() for c in cells)), None)
    if header is None:
        raise _not_a_table("empty_file", "the file has no header")
    headers = _headers(header[1])
    rows = [
        _row(headers, line, [cell.strip() for cell in cells], broken)
        for line, cells, broken in records
        if broken or any(cell.strip() for cell in cells)
    ]
    return TableFile(headers, rows)


def _records(lines: Sequence[str], delimiter: str) -> Iterator[tuple[int, list[str], str]]:
    """Line number, cells, and why the line cannot be read ("" when it can)."""
    at = 0
    while at < len(lines):
        reader = csv.reader(islice(lines, at, at + LONGEST_RECORD), delimiter=delimiter, strict=True)
        try:
            cells = next(reader)
        except csv.Error as error:
            yield at + 1, [], str(error)
            at += 1
        else:
            yield at + 1, cells, ""
            at += max(reader.line_num, 1)


def _delimiter(lines: Sequence[str]) -> str:
    """The one that cuts the first lines into most columns, as many in each."""

    def columns(delimiter: str) -> tuple[int, int]:
        counts = [
            len(cells) for _, cells, broken in islice(_records(lines[:60], delimiter), 20) if not broken and cells
        ]
        if not counts or counts[0] < 2:
            return (0, 0)
        return (sum(count == counts[0] for count in counts), counts[0])

    return max(DELIMITERS, key=columns)


# ---- XLSX ------------------------------------------------------------------------------------


def _from_workbook(content: bytes) -> TableFile:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                raise _not_a_table("too_large", "the workbook is too large when unpacked")
            if max((_spanned(parts, part) for part in parts.infolist()), default=0) > MOST_CELLS:
                raise _not_a_table("too_large", "the workbook has a cell too far from the others")
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        grid = sheet.to_python(skip_empty_area=False)
    except (
        CalamineError,
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        IndexError,
        ValueError,
        OSError,
    ) as error:
        if isinstance(error, Refused):
            raise
        raise _not_a_table("not_a_workbook", "the file looks like XLSX and cannot be read as such") from error
    numbered = [(n, cells) for n, cells in enumerate(grid, start=1) if any(c != "" for c in cells)]
    if not numbered:
        raise _not_a_table("empty_file", "the workbook's first sheet is empty")
    headers = _headers([str(cell) for cell in numbered[0][1]])
    return TableFile(headers, [_row(headers, n, [_cell(c) for c in cells], "") for n, cells in numbered[1:]])


def _spanned(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Cells of the rectangle from A1 to the furthest one that a sheet names; two cells in far corners make it huge."""
    rows = columns = 1
    end = b""
    with parts.open(part) as stream:
        while piece := stream.read(_AT_ONCE):
            for letters, number in set(_PLACE.findall(end + piece)):
                rows, columns = max(rows, int(number)), max(columns, _column(letters))
            end = piece[-_LONGEST_PLACE:]
    return rows * columns


def _column(letters: bytes) -> int:
    """A is 1, Z 26, AA 27; a row's own place has no letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _cell(value: object) -> Cell:
    """Numbers exactly as they read (55.94, not its binary neighbour), dates as dates, the rest as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return Decimal(int(value)) if value.is_integer() and abs(value) < 1e15 else Decimal(repr(value))
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return str(value).strip()


# ---- both ------------------------------------------------------------------------------------


def _headers(cells: Sequence[str]) -> tuple[str, ...]:
    headers = [cell.strip() for cell in cells]
    while headers and not headers[-1]:
        headers.pop()
    return tuple(headers)


def _row(headers: Sequence[str], line: int, cells: Sequence[Cell], broken: str) -> TableRow:
    if not broken and any(cell != "" for cell in cells[len(headers) :]):
        broken = f"has {len(cells)} cells where the header has {len(headers)}"
    if not broken and any(isinstance(cell, str) and len(cell) > _CSV_CELL_LIMIT for cell in cells):
        broken = "holds a cell that is too long"
    return TableRow(line, {} if broken else {h: c for h, c in zip(headers, cells, strict=False) if h}, broken)
