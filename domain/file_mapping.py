"""How the columns of a creditor's file become those of the contract: names, values, defaults, forms of dates and amounts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from domain.reading import Reading, Refusal, Refused
from domain.table_file import Cell

REQUIRED = ("creditor", "debtor_reference", "debtor_name", "item_reference", "due_on", "amount", "currency")
COLUMNS = (
    *REQUIRED, "claim_reference", "debtor_kind", "debtor_email", "debtor_phone", "debtor_address",
    "debtor_postal_code", "debtor_city", "debtor_country", "debtor_language", "debtor_cin", "debtor_rc", "debtor_mf",
    "debtor_siren", "debtor_vat", "debtor_iban", "item_kind", "issued_on", "preferred_channel", "disputed", "scenario",
    "collector", "takeover_stage", "takeover_sub_stage", "takeover_last_action_type", "takeover_last_action_on",
    "takeover_paid",
)  # fmt: skip
ALIASES = {  # the takeover fields under their plain names
    "stage": "takeover_stage", "sub_stage": "takeover_sub_stage", "last_action_type": "takeover_last_action_type",
    "last_action_on": "takeover_last_action_on", "paid": "takeover_paid",
}  # fmt: skip
_PLACE = re.compile(r"\{([^{}]+)\}")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_SPACES = re.compile(r"[\s  ']")


class OneClaimPer(StrEnum):
    CLAIM_REFERENCE = "claim_reference"
    DEBTOR = "debtor"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class FileMapping:
    columns: Mapping[str, str]  # the contract's column to the file's header
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)  # may hold {header}
    date_format: str = "%Y-%m-%d"
    decimal: str = "."
    one_claim_per: OneClaimPer = OneClaimPer.CLAIM_REFERENCE
    shift_dates_to_today: bool = False

    def for_headers(self, headers: Sequence[str]) -> FileMapping:
        """With the file's own headers: a header that bears a column's name needs no mapping.

        Raises Refused when a mapped header is not there or stands twice, or a required column has no source.
        """
        own = {ALIASES.get(h, h): h for h in headers if ALIASES.get(h, h) in COLUMNS}
        columns = {**own, **self.columns}
        refusals = [
            Refusal(f"columns.{name}", header, "unknown_header", "is not a column of the file")
            for name, header in columns.items() if header not in headers
        ]  # fmt: skip
        refusals += [
            Refusal(f"columns.{name}", header, "ambiguous_header", "stands twice among the columns of the file")
            for name, header in columns.items() if headers.count(header) > 1
        ]  # fmt: skip
        refusals += [
            Refusal(f"defaults.{name}", place, "unknown_header", "is not a column of the file")
            for name, template in self.defaults.items() for place in _PLACE.findall(template) if place not in headers
        ]  # fmt: skip
        refusals += [
            Refusal(f"columns.{name}", "", "missing", "is needed: map it to a column of the file or give a default")
            for name in REQUIRED if name not in columns and name not in self.defaults
        ]  # fmt: skip
        if refusals:
            raise Refused(refusals)
        return FileMapping(
            columns,
            self.values,
            self.defaults,
            self.date_format,
            self.decimal,
            self.one_claim_per,
            self.shift_dates_to_today,
        )

    def cell(self, name: str, cells: Mapping[str, Cell]) -> Cell:
        """What this row says in a column of the contract; the default where the cell is empty."""
        cell = cells.get(self.columns.get(name, ""), "")
        if cell == "":
            cell = _PLACE.sub(lambda place: as_text(cells.get(place[1], "")), self.defaults.get(name, ""))
        translations = self.values.get(name)
        if translations:
            text = as_text(cell)
            return translations.get(text, translations.get(text.casefold(), cell))
        return cell


def read_mapping(body: Mapping[str, Any]) -> FileMapping:
    """The mapping in this JSON body; raises Refused."""
    reading = Reading(body)
    mapping = FileMapping(
        columns=_texts(reading, "columns"),
        values=_values(reading),
        defaults=_texts(reading, "defaults"),
        date_format=_date_format(reading),
        decimal=reading.one_of("decimal", (".", ","), "."),
        one_claim_per=OneClaimPer(reading.one_of("one_claim_per", set(OneClaimPer), OneClaimPer.CLAIM_REFERENCE)),
        shift_dates_to_today=reading.fields.get("shift_dates_to_today") is True,
    )
    if not isinstance(body.get("shift_dates_to_today", False), bool):
        reading.refuse("shift_dates_to_today", "not_a_boolean", "must be true or false")
    if reading.refusals:
        raise Refused(reading.refusals)
    return mapping


def _texts(reading: Reading, name: str) -> dict[str, str]:
    inner = reading.inner(name)
    found = {}
    for key in inner.fields:
        column = ALIASES.get(key, key)
        if column not in COLUMNS:
            inner.refuse(key, "unknown_column", f"there is no column {key!r}")
            continue
        if text := inner.text(key, longest=500):
            found[column] = text
    return found


def _values(reading: Reading) -> dict[str, dict[str, str]]:
    inner = reading.inner("values")
    found = {}
    for key in inner.fields:
        if ALIASES.get(key, key) not in COLUMNS:
            inner.refuse(key, "unknown_column", f"there is no column {key!r}")
            continue
        pairs = inner.inner(key)
        texts = {raw: pairs.text(raw) for raw in pairs.fields}
        found[ALIASES.get(key, key)] = {**{raw.casefold(): text for raw, text in texts.items()}, **texts}
    return found


def _date_format(reading: Reading) -> str:
    """A strftime format that says year, month and day."""
    text = reading.text("date_format") or "%Y-%m-%d"
    day = date(2026, 11, 23)
    try:
        right = day_in(day.strftime(text), text) == day
    except ValueError:
        right = False
    if not right:
        reading.refuse("date_format", "not_a_date_format", 'must say year, month and day, like "%d/%m/%Y"')
    return text


# ---- what cells mean ---------------------------------------------------------------------------


def as_text(cell: Cell) -> str:
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell)


def day_in(text: str, date_format: str) -> date:
    """Raises ValueError."""
    return datetime.strptime(text, date_format).replace(tzinfo=UTC).date()


def amount_in(cell: Cell, decimal: str) -> Decimal | None:
    """The amount a cell says, thousands separated or not; None when it says none, or could mean two amounts."""
    if isinstance(cell, Decimal):
        return cell
    if isinstance(cell, date):
        return None
    text = _SPACES.sub("", cell)
    thousands = "," if decimal == "." else "."
    grouped = re.compile(rf"[+-]?\d{{1,3}}(\{thousands}\d{{3}})+(\{decimal}\d+)?")
    if grouped.fullmatch(text):
        text = text.replace(thousands, "")
    if thousands in text:
        return None
    text = text.replace(decimal, ".")
    return Decimal(text) if _PLAIN_NUMBER.fullmatch(text) and len(text) < 30 else None
