"""Files as offices send them: every encoding, delimiter and form of amount; a bad row never stops the others."""

import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter

from domain.file_mapping import amount_in, read_mapping
from domain.portfolio_file import Portfolio, read_portfolio
from domain.reading import Refused
from domain.table_file import HEAD, read_headers, read_table

HEADERS = ("creditor", "debtor_reference", "debtor_name", "item_reference", "due_on", "amount", "currency")
TODAY = date(2026, 11, 23)


def a_file(*rows: tuple[str, ...], headers: tuple[str, ...] = HEADERS, delimiter: str = ",") -> str:
    return "\r\n".join(delimiter.join(cells) for cells in (headers, *rows))


def a_row(item: str = "F1", **changes: str) -> tuple[str, ...]:
    cells = dict(zip(HEADERS, ("ACME", "D1", "Société Œuvre", item, "2026-01-31", "12.50", "EUR"), strict=True))
    return tuple({**cells, **changes}.values())


def read(content: str | bytes, **mapping: Any) -> Portfolio:
    table = read_table(content.encode() if isinstance(content, str) else content)
    return read_portfolio(table, read_mapping(mapping).for_headers(table.headers), today=TODAY)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found(encoding: str, delimiter: str) -> None:
    portfolio = read(a_file(a_row("F1"), a_row("F2"), delimiter=delimiter).encode(encoding))
    assert [group.rows[0].item.reference for group in portfolio.groups] == ["F1", "F2"]
    assert portfolio.groups[0].rows[0].debtor.name == "Société Œuvre"


def test_a_line_that_cannot_be_read_is_rejected_alone() -> None:
    broken = 'ACME,D1,"Dupont,F9,2026-01-31,1,EUR'
    portfolio = read(
        "\n".join(
            [
                a_file(a_row("F1")),
                broken,
                ",".join(a_row("F2")),
                "one,cell,too,many,here,1,EUR,x",
                "",
                ",".join(a_row("F3")),
            ]
        )
    )
    assert [group.rows[0].line for group in portfolio.groups] == [2, 4, 7]
    assert [(error.line, error.code) for error in portfolio.errors] == [(3, "broken_row"), (5, "broken_row")]
    assert portfolio.rows == 5


@pytest.mark.parametrize(
    ("column", "wrong", "right", "stored"),
    [
        ("debtor_siren", "404833047", "404 833 048", "404833048"),
        ("debtor_vat", "FR 40 303", "FR 40 303 265 045", "FR40303265045"),
        ("debtor_mf", "1219773U", "1234567/M/A/E/001", "1234567MAE001"),
        ("debtor_cin", "123", "01234567", "01234567"),
        ("debtor_rc", "?", "b123456", "B123456"),
        (
            "debtor_iban",
            "FR7630006000011234567890188",
            "FR76 3000 6000 0112 3456 7890 189",
            "FR7630006000011234567890189",
        ),
    ],
)
def test_a_row_with_a_number_that_fails_its_check_is_rejected_by_its_column(
    column: str, wrong: str, right: str, stored: str
) -> None:
    rows = ((*a_row("F1"), wrong), (*a_row("F2"), right))
    portfolio = read(a_file(*rows, headers=(*HEADERS, column)))
    assert [(error.line, error.column, error.value) for error in portfolio.errors] == [(2, column, wrong)]
    assert portfolio.errors[0].reason
    given = portfolio.groups[0].rows[0].debtor.given
    kept = given["identifiers"] if "identifiers" in given else given["bank_accounts"][0]
    assert kept[column.removeprefix("debtor_")] == stored


def test_a_quoted_cell_may_hold_lines_and_delimiters() -> None:
    portfolio = read(a_file(a_row("F1", debtor_name='"Dupont, père\net fils"'), a_row("F2")))
    assert portfolio.groups[0].rows[0].debtor.name == "Dupont, père\net fils"
    assert portfolio.groups[1].rows[0].line == 4


@pytest.mark.parametrize(
    ("text", "decimal", "amount"),
    [
        ("1234.50", ".", "1234.50"), ("1,234.50", ".", "1234.50"), ("1 234,50", ",", "1234.50"), ("1\u202f234,50", ",", "1234.50"),
        ("1.234.567,8", ",", "1234567.8"), ("1'234.5", ".", "1234.5"), ("12", ",", "12"), ("-3", ".", "-3"),
        ("1,50", ".", None), ("1.50", ",", None), ("1,2345", ".", None), ("12 EUR", ".", None), ("", ".", None), ("1e5", ".", None),
    ],
)  # fmt: skip
def test_an_amount_is_read_in_the_file_s_own_form_and_never_guessed(
    text: str, decimal: str, amount: str | None
) -> None:
    assert amount_in(text, decimal) == (None if amount is None else Decimal(amount))


def test_columns_values_defaults_and_templates_are_mapped() -> None:
    table = "Kunde;Rechnung;Betrag;Art\nK7;R1;1.234,50;Papier\nK8;R2;5,00;elektronisch\n"
    mapping = {
        "columns": {"debtor_reference": "Kunde", "debtor_name": "Kunde", "item_reference": "Rechnung", "amount": "Betrag", "preferred_channel": "Art"},
        "values": {"preferred_channel": {"Papier": "letter", "Elektronisch": "email"}},
        "defaults": {"creditor": "ACME", "currency": "EUR", "due_on": "31.12.2026", "debtor_email": "{Kunde}@debtor.example"},
        "date_format": "%d.%m.%Y", "decimal": ",",
    }  # fmt: skip
    portfolio = read(table, **mapping)
    first, second = (group.rows[0] for group in portfolio.groups)
    assert (first.item.amount.amount, first.item.due_on) == (Decimal("1234.50"), date(2026, 12, 31))
    assert first.debtor.given["email"] == "K7@debtor.example"
    assert (first.preferred_channel, second.preferred_channel) == ("letter", "email")


def test_rows_of_one_claim_go_together_and_must_agree() -> None:
    headers = (*HEADERS, "claim_reference")
    rows = [
        (*a_row("F1"), "C1"),
        (*a_row("F2"), "C1"),
        (*a_row("F3", debtor_reference="D2"), "C1"),
        (*a_row("F4", currency="USD"), "C1"),
        (*a_row("F5"), ""),
    ]
    portfolio = read(a_file(*rows, headers=headers))
    assert [[row.item.reference for row in group.rows] for group in portfolio.groups] == [["F1", "F2"], ["F5"]]
    assert [(error.line, error.column) for error in portfolio.errors] == [(4, "debtor_reference"), (5, "currency")]
    assert [group.intake().reference for group in portfolio.groups] == ["C1", "F5"]


def test_one_claim_for_each_debtor_when_asked() -> None:
    portfolio = read(a_file(a_row("F1"), a_row("F2", debtor_reference="D2"), a_row("F3")), one_claim_per="debtor")
    assert [[row.item.reference for row in group.rows] for group in portfolio.groups] == [["F1", "F3"], ["F2"]]


def test_an_item_that_stands_twice_is_counted_once() -> None:
    portfolio = read(a_file(a_row("F1"), a_row("F1"), a_row("F1", debtor_reference="D2", item_reference="F1")))
    assert (portfolio.rows, portfolio.repeated, portfolio.rejected) == (3, 1, 1)
    assert (
        portfolio.rows == sum(len(group.rows) for group in portfolio.groups) + portfolio.repeated + portfolio.rejected
    )


def test_a_bad_row_says_all_that_is_wrong_with_the_names_of_both_sides() -> None:
    table = a_file(a_row("F1", amount="x", due_on="", currency="")).replace("amount", "Montant")
    errors = read(table, columns={"amount": "Montant"}).errors
    assert {(e.line, e.column, e.code) for e in errors} == {
        (2, "amount", "not_an_amount"),
        (2, "due_on", "missing"),
        (2, "currency", "missing"),
    }
    assert "column Montant of the file" in next(e.reason for e in errors if e.column == "amount")


def test_a_claim_taken_over_comes_with_its_stage_and_what_was_paid() -> None:
    headers = (*HEADERS, "stage", "last_action_type", "last_action_on", "paid")
    takeover = (
        read(a_file((*a_row(), "litigation", "summons", "2026-01-05", "2.50"), headers=headers))
        .groups[0]
        .rows[0]
        .takeover
    )
    assert takeover is not None
    assert (takeover.stage, takeover.last_action_type, takeover.last_action_on, str(takeover.paid)) == (
        "litigation",
        "summons",
        date(2026, 1, 5),
        "2.50",
    )


def test_a_workbook_reads_like_a_table_and_loses_no_cent() -> None:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet, as_date = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(0, 0, HEADERS)
    sheet.write_row(1, 0, ["ACME", 42, "Dupont", 611365])
    sheet.write_datetime(1, 4, datetime(2026, 1, 31), as_date)
    sheet.write_row(1, 5, [55.94, "EUR"])
    book.close()
    row = read(content.getvalue()).groups[0].rows[0]
    assert (row.debtor.reference, row.item.reference, row.item.due_on) == ("42", "611365", date(2026, 1, 31))
    assert row.item.amount.amount == Decimal("55.94")


def test_a_workbook_with_a_cell_in_a_far_corner_is_refused_before_it_fills_the_memory() -> None:
    """A few hundred bytes that ended the process: the reader asks for the whole rectangle."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADERS)
    sheet.write_row(1, 0, a_row())
    sheet.write(1_048_575, 16_383, "here")
    book.close()
    with pytest.raises(Refused, match="too far"):
        read_table(content.getvalue())


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16", "utf-16-be"])
def test_the_header_of_a_long_file_is_read_without_the_rest(encoding: str) -> None:
    content = a_file(*(a_row(f"é{n}") for n in range(12_000))).encode(encoding)
    assert len(content) > HEAD
    assert read_headers(content) == HEADERS


@pytest.mark.parametrize("content", [b"", b" \r\n\t", b"PK\x03\x04broken", bytes(range(256)) * 20, b"\x00" * 500])
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        read_table(content)


@pytest.mark.parametrize(
    ("mapping", "path"),
    [
        ({"columns": {"colour": "x"}}, "columns.colour"),
        ({"columns": "amount"}, "columns"),
        ({"values": {"amount": "x"}}, "values.amount"),
        ({"decimal": ";"}, "decimal"),
        ({"date_format": "%H"}, "date_format"),
        ({"one_claim_per": "street"}, "one_claim_per"),
        ({"shift_dates_to_today": "yes"}, "shift_dates_to_today"),
    ],
)
def test_a_mapping_that_means_nothing_is_refused_with_its_place(mapping: dict[str, Any], path: str) -> None:
    with pytest.raises(Refused) as refused:
        read_mapping(mapping)
    assert path in {refusal.path for refusal in refused.value.refusals}


def test_dates_are_moved_so_that_the_first_invoice_is_issued_today() -> None:
    headers = (*HEADERS, "issued_on")
    rows = [(*a_row("F1", due_on="2013-04-04"), "2013-03-05"), (*a_row("F2", due_on="2013-03-31"), "2013-03-01")]
    portfolio = read(a_file(*rows, headers=headers), shift_dates_to_today=True)
    assert portfolio.groups[1].rows[0].item.issued_on == TODAY
    assert portfolio.groups[0].rows[0].item.due_on == date(2026, 12, 27)
