"""Intake: everything that is wrong is said, with its place; what is right is read exactly."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from domain.claim import Stage, Values
from domain.intake import read_intake
from domain.places import main_time_zone
from domain.reading import Refused
from domain.searching import plain, searchable


def a_body(**changes: Any) -> dict[str, Any]:
    item = {"reference": "F1", "due_on": "2026-01-31", "amount": "100.00"}
    debtor = {"reference": "D1", "name": "Dupont"}
    return {"creditor": "ACME", "reference": "A/1", "currency": "EUR", "debtor": debtor, "items": [item], **changes}


def an_item(**changes: Any) -> dict[str, Any]:
    return a_body(items=[{"reference": "F1", "due_on": "2026-01-31", "amount": "100.00", **changes}])


def a_debtor(**changes: Any) -> dict[str, Any]:
    return a_body(debtor={"reference": "D1", "name": "Dupont", **changes})


def refusals_of(body: dict[str, Any]) -> set[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        read_intake(body)
    return {(refusal.path, refusal.code) for refusal in refused.value.refusals}


@pytest.mark.parametrize(
    ("body", "path", "code"),
    [
        (a_body(reference="R26-0000001"), "reference", "reserved_reference"),
        (a_body(reference="r26-0000001"), "reference", "reserved_reference"),
        (a_body(reference=str(uuid4())), "reference", "reserved_reference"),
        (a_body(creditor=""), "creditor", "missing"),
        (a_body(creditor=7), "creditor", "not_a_text"),
        (a_body(creditor="ACME\r\nBcc: x"), "creditor", "control_character"),
        (a_body(reference="A\nB"), "reference", "control_character"),
        (a_body(currency="EURO"), "currency", "unknown_currency"),
        (a_body(currency="eur"), "currency", "unknown_currency"),
        (a_body(currency="CLF"), "currency", "unknown_currency"),  # four decimals: more than amounts are kept with
        (a_body(items=[]), "items", "missing"),
        (a_body(items="F1"), "items", "not_a_list"),
        (a_body(items=[3]), "items[0]", "not_an_object"),
        (a_body(values="both"), "values", "not_allowed"),
        (a_body(values="global"), "items", "not_allowed"),
        (a_body(values="global", items=[]), "global", "missing"),
        (a_body(values="global", items=[], **{"global": {"loan": "-1"}}), "global.loan", "not_positive"),
        (a_body(**{"global": {"loan": "5"}}), "global", "not_allowed"),
        (a_body(debtor=None), "debtor", "missing"),
        (a_body(takeover={}), "takeover.stage", "missing"),
        (a_body(takeover={"stage": "closed"}), "takeover.stage", "not_allowed"),
        (an_item(amount="0"), "items[0].amount", "not_positive"),
        (an_item(amount="-5.00"), "items[0].amount", "not_positive"),
        (an_item(amount="5.001"), "items[0].amount", "not_an_amount"),
        (an_item(amount="5.000"), "items[0].amount", "not_an_amount"),
        (an_item(amount="NaN"), "items[0].amount", "not_an_amount"),
        (an_item(amount="1e400"), "items[0].amount", "not_an_amount"),
        (an_item(amount=True), "items[0].amount", "not_an_amount"),
        (an_item(amount=None), "items[0].amount", "missing"),
        (an_item(due_on="31/01/2026"), "items[0].due_on", "not_a_date"),
        (an_item(due_on="2026-02-30"), "items[0].due_on", "not_a_date"),
        (an_item(due_on="0001-01-01"), "items[0].due_on", "not_a_date"),
        (an_item(kind="gift"), "items[0].kind", "not_allowed"),
        (an_item(reference=""), "items[0].reference", "missing"),
        (a_debtor(name=""), "debtor.name", "missing"),
        (a_debtor(name="a\x00b"), "debtor.name", "control_character"),
        (a_debtor(name="x" * 201), "debtor.name", "too_long"),
        (a_debtor(country="XX"), "debtor.country", "not_allowed"),
        (a_debtor(language="french"), "debtor.language", "not_allowed"),
        (a_debtor(time_zone="Europe/Lyon"), "debtor.time_zone", "not_allowed"),
        (a_debtor(email="x@y@z.example"), "debtor.email", "not_an_email"),
        (a_debtor(email="x@y.example\nBcc: z@y.example"), "debtor.email", "not_an_email"),
        (a_debtor(kind="robot"), "debtor.kind", "not_allowed"),
        (a_debtor(contacts=[{"email": "no"}]), "debtor.contacts[0].email", "not_an_email"),
        (a_debtor(contacts=[{"id": "7"}]), "debtor.contacts[0].id", "not_an_id"),
        (a_debtor(bank_accounts=[{"iban": "123"}]), "debtor.bank_accounts[0].iban", "not_an_iban"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(body: dict[str, Any], path: str, code: str) -> None:
    assert (path, code) in refusals_of(body)


def test_all_that_is_wrong_is_said_at_once() -> None:
    body = a_body(creditor="", currency="?", debtor={"reference": "", "name": ""})
    assert {"creditor", "currency", "debtor.reference", "debtor.name"} <= {path for path, _ in refusals_of(body)}


def test_an_item_stands_once_in_a_claim() -> None:
    item = {"reference": "F1", "due_on": None, "amount": "1"}
    assert ("items[1].reference", "duplicate_item") in refusals_of(a_body(items=[item, item]))


def test_money_keeps_the_decimals_of_its_currency() -> None:
    tunisian = read_intake(a_body(currency="TND", items=[{"reference": "F1", "due_on": None, "amount": "1234.5"}]))
    assert str(tunisian.items[0].amount) == "1234.500"
    assert tunisian.items[0].due_on is None
    assert read_intake(an_item(amount=55.94)).items[0].amount.amount == Decimal("55.94")


def test_a_global_claim_and_a_takeover_are_read() -> None:
    body = a_body(
        values="global",
        items=[],
        takeover={"stage": "litigation", "paid": "10"},
        **{"global": {"loan": "5000", "overdraft": "0"}},
    )
    intake = read_intake(body)
    assert (intake.values, intake.global_amounts) == (Values.GLOBAL, {"loan": "5000.00", "overdraft": "0.00"})
    assert intake.takeover is not None
    assert (intake.takeover.stage, str(intake.takeover.paid)) == (Stage.LITIGATION, "10.00")


def test_a_known_debtor_is_given_only_what_came() -> None:
    given = read_intake(a_debtor(email="a@b.example", city="Tunis")).debtor.given
    assert given == {
        "name": "Dupont",
        "email": "a@b.example",
        "address": {"lines": [], "postal_code": "", "city": "Tunis"},
    }


@pytest.mark.parametrize(
    ("country", "zone"),
    [("FR", "Europe/Paris"), ("TN", "Africa/Tunis"), ("US", "America/New_York"), ("ES", "Europe/Madrid"), ("XX", "")],
)
def test_a_country_has_a_main_time_zone(country: str, zone: str) -> None:
    assert main_time_zone(country) == zone


def test_people_find_names_without_accents() -> None:
    assert plain("  Œuvres d'ÉLODIE\u00a0Straße ") == "oeuvres d'elodie strasse"
    assert "\nelectricite" in searchable("R26-0000001", "Électricité")
