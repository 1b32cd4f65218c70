"""A portfolio read from a file: rows become items, items of one claim are put together, bad rows are rejected alone.

A bad row never stops the others, not even those of its own claim: the claim is opened with its good rows, and the
corrected row, imported again, is added to it (what is known already is counted `unchanged`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from domain.claim import ItemKind, Stage, StatusCategory, Takeover
from domain.debtor_intake import REACHED_BY, DebtorIntake, read_debtor
from domain.file_mapping import FileMapping, OneClaimPer, amount_in, as_text, day_in
from domain.intake import Intake, ItemIntake, read_currency, read_reference
from domain.money import Money
from domain.reading import FIRST_DAY, LAST_DAY, Reading
from domain.table_file import Cell, TableFile, TableRow

YES, NO = ("yes", "true", "1", "oui", "vrai", "y", "o"), ("no", "false", "0", "non", "faux", "n", "")
DISPUTED = "disputed_commercial"  # what kind of dispute, the file does not say
_DAYS = ("issued_on", "due_on", "takeover_last_action_on")
_AMOUNTS = ("amount", "takeover_paid")


@dataclass(frozen=True, slots=True)
class RowError:
    """What the import says about a bad row; `column` is the contract's, `line` counts from 1, the header."""

    line: int
    column: str
    value: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """A good row: one item, and what it says about its claim."""

    line: int
    creditor: str
    claim_reference: str
    debtor: DebtorIntake
    item: ItemIntake
    scenario: str
    collector: str
    takeover: Takeover | None
    preferred_channel: str

    @property
    def currency(self) -> str:
        return self.item.amount.currency


@dataclass(frozen=True, slots=True)
class RowGroup:
    """The rows of one claim, in the file's order."""

    rows: tuple[Row, ...]

    def intake(self) -> Intake:
        """The first row speaks for the claim; each may add to what is known of the debtor."""
        first = self.rows[0]
        given: dict[str, Any] = {}
        for row in self.rows:
            given = {**given, **row.debtor.given}
        return Intake(
            creditor=first.creditor, reference=first.claim_reference, currency=first.currency,
            debtor=DebtorIntake(first.debtor.reference, first.debtor.name, {**given, "name": first.debtor.name}),
            items=tuple(row.item for row in self.rows), scenario=first.scenario, collector=first.collector,
            takeover=first.takeover, preferred_channel=first.preferred_channel,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Every row of the file is in `groups`, or in `repeated`, or has errors."""

    rows: int
    groups: tuple[RowGroup, ...]
    repeated: int  # an item that stood in the file before
    errors: tuple[RowError, ...]
    rejected: int  # rows that have errors


@dataclass(slots=True)
class _Sorting:
    """Rows put together to claims as they come."""

    groups: dict[tuple[str, ...], list[Row]] = field(default_factory=dict)
    seen: set[tuple[str, str, str]] = field(default_factory=set)
    errors: list[RowError] = field(default_factory=list)
    repeated: int = 0


def read_portfolio(table: TableFile, mapping: FileMapping, *, today: date) -> Portfolio:
    """The portfolio in the table; `mapping` has been made for its headers (FileMapping.for_headers)."""
    shift = _shift(table.rows, mapping, today)
    sorting = _Sorting()
    for row in table.rows:
        read = _read_row(row, mapping, shift)
        if isinstance(read, Row):
            _sort_in(sorting, read, mapping.one_claim_per)
        else:
            sorting.errors.extend(read)
    return Portfolio(
        rows=len(table.rows),
        groups=tuple(RowGroup(tuple(rows)) for rows in sorting.groups.values()),
        repeated=sorting.repeated,
        errors=tuple(sorting.errors),
        rejected=len({error.line for error in sorting.errors}),
    )


def _sort_in(sorting: _Sorting, row: Row, one_claim_per: OneClaimPer) -> None:
    identity = (row.creditor, row.debtor.reference, row.item.reference)
    if identity in sorting.seen:
        sorting.repeated += 1
        return
    if one_claim_per is OneClaimPer.DEBTOR:
        key: tuple[str, ...] = ("debtor", row.creditor, row.debtor.reference, row.currency)
    else:
        key = ("claim", row.claim_reference)
    group = sorting.groups.setdefault(key, [])
    if group and (error := _differs(group[0], row)):
        sorting.errors.append(error)
        return
    sorting.seen.add(identity)
    group.append(row)


def _differs(first: Row, row: Row) -> RowError | None:
    """Rows of one claim have one creditor, one debtor, one currency."""
    pairs = (
        ("creditor", first.creditor, row.creditor),
        ("debtor_reference", first.debtor.reference, row.debtor.reference),
        ("currency", first.currency, row.currency),
    )
    for column, expected, value in pairs:
        if expected != value:
            reason = f"line {first.line} of the same claim {row.claim_reference!r} says {expected!r}"
            return RowError(row.line, column, value, "differs_from_its_claim", reason)
    return None


# ---- one row -----------------------------------------------------------------------------------


def _read_row(row: TableRow, mapping: FileMapping, shift: timedelta) -> Row | list[RowError]:
    if row.broken:
        return [RowError(row.line, "", "", "broken_row", row.broken)]
    reading = Reading(_fields(row.cells, mapping))
    currency = read_currency(reading)
    debtor = read_debtor(_debtor_fields(reading))
    item = _item(reading, mapping, currency, shift)
    one_per_item = mapping.one_claim_per is not OneClaimPer.DEBTOR
    reference = read_reference(reading, "claim_reference")
    if not reference and one_per_item and not reading.refusals:
        reference = read_reference(reading, "item_reference")
    creditor = reading.line("creditor", required=True, longest=64)
    scenario, collector = reading.text("scenario", longest=64), reading.text("collector", longest=64)
    takeover = _takeover(reading, mapping, currency, shift)
    channel = reading.one_of("preferred_channel", REACHED_BY)
    if reading.refusals or item is None:
        return _errors(row.line, reading, mapping)
    return Row(row.line, creditor, reference, debtor, item, scenario, collector, takeover, channel)


def _errors(line: int, reading: Reading, mapping: FileMapping) -> list[RowError]:
    """One error for each column, naming the file's own header where it is another."""
    errors: dict[str, RowError] = {}
    for refusal in reading.refusals:
        column = _COLUMN_OF.get(refusal.path, refusal.path)
        header = mapping.columns.get(column, column)
        reason = refusal.reason if header == column else f"{refusal.reason} (column {header} of the file)"
        errors.setdefault(column, RowError(line, column, refusal.value, refusal.code, reason))
    return list(errors.values())


def _fields(cells: Mapping[str, Cell], mapping: FileMapping) -> dict[str, Any]:
    """The row under the contract's names: texts, but for the cells that are dates or amounts."""
    names = {*mapping.columns, *mapping.defaults}
    typed = {name: mapping.cell(name, cells) for name in names}
    return {name: cell if name in _DAYS or name in _AMOUNTS else as_text(cell) for name, cell in typed.items()}


_SHORT = {
    "reference": "debtor_reference", "name": "debtor_name", "kind": "debtor_kind", "email": "debtor_email",
    "phone": "debtor_phone", "address": "debtor_address", "postal_code": "debtor_postal_code", "city": "debtor_city",
    "country": "debtor_country", "language": "debtor_language",
}  # fmt: skip
_IDENTIFIERS = ("cin", "rc", "mf", "siren", "vat")
_COLUMN_OF = {
    **{f"debtor.{field}": column for field, column in _SHORT.items()},
    **{f"debtor.identifiers.{name}": f"debtor_{name}" for name in _IDENTIFIERS},
    "debtor.bank_accounts[0].iban": "debtor_iban",
}


def _debtor_fields(reading: Reading) -> Reading:
    """The debtor in the form that intake reads."""
    fields: dict[str, Any] = {name: reading.fields.get(column, "") for name, column in _SHORT.items()}
    fields["identifiers"] = {name: reading.fields.get(f"debtor_{name}", "") for name in _IDENTIFIERS}
    if iban := reading.fields.get("debtor_iban"):
        fields["bank_accounts"] = [{"iban": iban}]
    return Reading(fields, "debtor.", reading.refusals)


def _item(reading: Reading, mapping: FileMapping, currency: str, shift: timedelta) -> ItemIntake | None:
    reference = reading.text("item_reference", required=True, longest=100)
    kind = ItemKind(reading.one_of("item_kind", set(ItemKind), ItemKind.INVOICE))
    issued_on = _day(reading, "issued_on", mapping, shift)
    due_on = _day(reading, "due_on", mapping, shift, required=True)
    amount = _amount(reading, "amount", mapping, currency, required=True)
    disputed = reading.text("disputed").casefold()
    if disputed not in (*YES, *NO):
        reading.refuse("disputed", "not_allowed", "must be yes or no")
    if amount is None or not reference:
        return None
    status = (DISPUTED, StatusCategory.DISPUTE) if disputed in YES else (None, None)
    return ItemIntake(reference, kind, issued_on, due_on, amount, {}, *status)


def _day(reading: Reading, name: str, mapping: FileMapping, shift: timedelta, *, required: bool = False) -> date | None:
    cell = reading.fields.get(name, "")
    if cell == "":
        if required:
            reading.refuse(name, "missing", "is needed")
        return None
    day = _day_of(cell, mapping)
    if day is None or not FIRST_DAY <= day < LAST_DAY or not FIRST_DAY <= day + shift < LAST_DAY:
        reading.refuse(name, "not_a_date", f"is not a date of the form {mapping.date_format}")
        return None
    return day + shift


def _day_of(cell: Cell, mapping: FileMapping) -> date | None:
    if isinstance(cell, date):
        return cell
    try:
        return day_in(as_text(cell), mapping.date_format)
    except ValueError:
        return None


def _amount(reading: Reading, name: str, mapping: FileMapping, currency: str, *, required: bool) -> Money | None:
    cell = reading.fields.get(name, "")
    if cell == "":
        if required:
            reading.refuse(name, "missing", "is needed")
        return None
    number = amount_in(cell, mapping.decimal)
    if number is None:
        reading.refuse(name, "not_an_amount", f"is not an amount with decimals after {mapping.decimal!r}")
        return None
    if not currency:
        return None
    return Reading({name: number}, "", reading.refusals).amount(name, currency, zero=not required)


def _takeover(reading: Reading, mapping: FileMapping, currency: str, shift: timedelta) -> Takeover | None:
    given = any(
        reading.has(name) and reading.fields[name] != "" for name in reading.fields if name.startswith("takeover_")
    )
    if not given:
        return None
    stages = {stage.value for stage in Stage if stage is not Stage.CLOSED}
    return Takeover(
        stage=Stage(reading.one_of("takeover_stage", stages, Stage.AMICABLE)),
        sub_stage=reading.text("takeover_sub_stage", longest=64),
        last_action_type=reading.text("takeover_last_action_type", longest=64),
        last_action_on=_day(reading, "takeover_last_action_on", mapping, shift),
        paid=_amount(reading, "takeover_paid", mapping, currency, required=False),
    )


def _shift(rows: Sequence[TableRow], mapping: FileMapping, today: date) -> timedelta:
    """How far dates move when the earliest `issued_on` becomes today; nothing when no row has one."""
    if not mapping.shift_dates_to_today:
        return timedelta(0)
    days = [_day_of(mapping.cell("issued_on", row.cells), mapping) for row in rows if not row.broken]
    first = min((day for day in days if day is not None), default=today)
    return today - first
