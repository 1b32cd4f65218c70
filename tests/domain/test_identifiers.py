"""Identifiers: valid and invalid ones from the documentation of python-stdnum, and the one form they are stored in."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.debtor_intake import read_debtor, read_debtor_change
from domain.identifiers import IDENTIFIERS, faulty, identity_keys, normal_bic, normal_iban, normal_identifier
from domain.reading import Reading


@pytest.mark.parametrize(
    ("kind", "text", "stored"),
    [
        ("siren", "404833048", "404833048"),
        ("siren", "552 008 443", "552008443"),
        ("siren", "404833047", ""),
        ("siren", "40483304", ""),
        ("vat", "FR 40 303 265 045", "FR40303265045"),
        ("vat", "DE136,695 976", "DE136695976"),
        ("vat", "FR 40 303", ""),
        ("vat", "FR84323140391", ""),
        ("vat", "XX", ""),
        ("vat", "303265045", ""),
        ("mf", "1234567/M/A/E/001", "1234567MAE001"),
        ("mf", "1282182 W", "1282182W"),
        ("mf", "1496298 T P N 000", "1496298TPN000"),
        ("mf", "1219773U", ""),
        ("mf", "1234567/M/A/X/000", ""),
        ("mf", "1234567/M/A/M/001", ""),
        ("cin", "01234567", "01234567"),
        ("cin", "01 234 567", "01234567"),
        ("cin", "1234567", ""),
        ("cin", "AB123456", ""),
        ("cin", "٠١٢٣٤٥٦٧", ""),
        ("rc", "RCS Nancy B 323 159 715", "RCS NANCY B 323 159 715"),
        ("rc", "RCS Nancy B 323 159 716", ""),
        ("rc", "323 159 715 RCS Évry", "323 159 715 RCS ÉVRY"),
        ("rc", "b0112342009", "B0112342009"),
        ("rc", "?", ""),
        ("rc", "RCS", ""),
    ],
)
def test_an_identifier_is_checked_and_stored_in_one_form(kind: str, text: str, stored: str) -> None:
    assert normal_identifier(kind, text) == stored


def test_a_vat_number_without_its_prefix_takes_the_debtors_country() -> None:
    assert normal_identifier("vat", "40303265045", "FR") == "FR40303265045"
    assert normal_identifier("vat", "1282182W", "TN") == "TN1282182W"
    assert normal_identifier("vat", "40303265046", "FR") == ""


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("GR16 0110 1050 0000 1054 7023 795", "GR1601101050000010547023795"),
        ("fr76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189"),
        ("TN59 1000 6035 1835 9847 8831", "TN5910006035183598478831"),
        ("FR76 3000 6000 0112 3456 7890 188", ""),
        ("FR7630006", ""),
        ("", ""),
    ],
)
def test_an_iban_is_checked_by_its_digits_and_its_countrys_form(text: str, stored: str) -> None:
    assert normal_iban(text) == stored


@pytest.mark.parametrize(
    ("text", "stored"), [("agriFRPP", "AGRIFRPP"), ("AGRIFRPP882", "AGRIFRPP882"), ("AGRIFRPP8", ""), ("AGRIF2PP", "")]
)
def test_a_bic_has_eight_or_eleven_characters(text: str, stored: str) -> None:
    assert normal_bic(text) == stored


@given(
    kind=st.sampled_from(IDENTIFIERS), text=st.text(max_size=60), country=st.sampled_from(["", "FR", "TN", "GR", "US"])
)
def test_whatever_is_written_is_taken_or_refused_and_what_is_taken_stays_as_it_is(
    kind: str, text: str, country: str
) -> None:
    stored = normal_identifier(kind, text, country)
    assert normal_identifier(kind, stored, country) == stored
    assert normal_iban(text) in ("", normal_iban(normal_iban(text)))
    assert normal_bic(text) in ("", normal_bic(normal_bic(text)))


def reading(**debtor: Any) -> Reading:
    return Reading({"reference": "D-1", "name": "Perrin", **debtor}, "debtor.")


@pytest.mark.parametrize(
    ("facts", "path", "code"),
    [
        ({"identifiers": {"siren": "404833047"}}, "debtor.identifiers.siren", "not_a_siren"),
        ({"identifiers": {"vat": "FR 40 303"}}, "debtor.identifiers.vat", "not_a_vat"),
        ({"identifiers": {"mf": "1219773U"}}, "debtor.identifiers.mf", "not_a_mf"),
        ({"identifiers": {"cin": "12"}}, "debtor.identifiers.cin", "not_a_cin"),
        ({"identifiers": {"rc": "?"}}, "debtor.identifiers.rc", "not_a_rc"),
        ({"bank_accounts": [{"iban": "FR7630006000011234567890188"}]}, "debtor.bank_accounts[0].iban", "not_an_iban"),
        ({"bank_accounts": [{"bic": "AGRIFRPP8"}]}, "debtor.bank_accounts[0].bic", "not_a_bic"),
        (
            {"addresses": [{"city": "Lyon", "valid_from": "2026-02-01", "valid_until": "2026-01-31"}]},
            "debtor.addresses[0].valid_until",
            "before_valid_from",
        ),
        ({"contacts": [{"use": "holiday"}]}, "debtor.contacts[0].use", "not_allowed"),
    ],
)
def test_a_wrong_one_is_refused_by_its_own_field(facts: dict[str, Any], path: str, code: str) -> None:
    bad = reading(**facts)
    read_debtor(bad)
    assert [(refusal.path, refusal.code) for refusal in bad.refusals] == [(path, code)]


def test_a_change_empties_what_is_given_as_null_and_leaves_the_rest() -> None:
    change = Reading({"preferred_channel": None, "identifiers": {"siren": None, "cin": "01234567"}, "contacts": []})
    assert read_debtor_change(change, "FR") == {
        "preferred_channel": "",
        "contacts": [],
        "identifiers": {"cin": "01234567", "siren": ""},
    }


def test_the_keys_of_an_identity_hold_every_number_and_the_name_at_each_postal_code() -> None:
    row = {
        "name": "Électricité  PERRIN, S.A.R.L.",
        "identifiers": {"mf": "1234567MAE001", "siren": "404833048"},
        "bank_accounts": [{"iban": "FR7630006000011234567890189", "bic": ""}, {"iban": ""}],
        "addresses": [{"postal_code": "69 003"}, {"postal_code": ""}],
    }
    assert identity_keys(row) == [
        "iban:FR7630006000011234567890189",
        "mf:1234567M",
        "name:electricite perrin s a r l@69003",
        "siren:404833048",
    ]


def test_what_was_stored_before_it_was_checked_is_found() -> None:
    assert faulty({"siren": "404833047", "cin": "01234567"}, [{"iban": "FR76"}, {"bic": "X"}], "FR") == [
        "siren",
        "iban",
    ]
