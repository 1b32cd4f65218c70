"""The form of an intake in the OpenAPI document; domain/intake.py reads it, with everything that is wrong at once."""

from typing import Any

_TEXT: dict[str, Any] = {"type": "string"}
_DATE: dict[str, Any] = {"type": ["string", "null"], "format": "date"}
_AMOUNT: dict[str, Any] = {"type": "string", "description": "At most the currency's decimals, like 1234.50"}
_LIST_OF_OBJECTS: dict[str, Any] = {"type": "array", "items": {"type": "object"}}

_TEXTS: dict[str, Any] = {"type": "array", "items": _TEXT}
_USE: dict[str, Any] = {"enum": ["main", "billing", "registered"]}
_VALIDITY: dict[str, Any] = {
    "valid": {"type": "boolean"},
    "valid_from": {**_DATE, "description": "The first day on which it is used; null: no limit"},
    "valid_until": {**_DATE, "description": "The last one"},
}


def _of(**properties: dict[str, Any]) -> dict[str, Any]:
    """A list of objects with these fields."""
    return {"type": "array", "items": {"type": "object", "properties": properties}}


ITEM: dict[str, Any] = {
    "type": "object",
    "required": ["reference", "due_on", "amount"],
    "properties": {
        "reference": _TEXT,
        "kind": {"enum": ["invoice", "credit_note", "loan_instalment", "overdraft", "bill", "cheque", "other"]},
        "issued_on": _DATE,
        "due_on": {**_DATE, "description": "null: an anomaly, not chased"},
        "amount": {**_AMOUNT, "description": "Above zero, a credit note's too"},
        "terms": {
            "type": "object",
            "description": 'Its own: {"interest": "none" | {"rate": "12.0"} | {"reference": "ecb_refinancing", "points": "10"}, '
            '"indemnity": "none" | "40.00"}; what they leave out is the creditor\'s, else the law of the debtor\'s country',
        },
    },
}
DEBTOR: dict[str, Any] = {
    "type": "object",
    "required": ["reference", "name"],
    "properties": {
        **dict.fromkeys(
            ("reference", "name", "legal_form", "language", "country", "time_zone", "preferred_channel"), _TEXT
        ),
        "kind": {"enum": ["company", "person"]},
        "legal_situation": {"enum": ["active", "ceased", "insolvency", "deceased", "unknown"]},
        "identifiers": {"type": "object", "properties": dict.fromkeys(("cin", "rc", "mf", "siren", "vat"), _TEXT)},
        "addresses": _of(use=_USE, lines=_TEXTS, postal_code=_TEXT, city=_TEXT, country=_TEXT, **_VALIDITY),
        "contacts": _of(use=_USE, name=_TEXT, role=_TEXT, email=_TEXT, phone=_TEXT, opted_out=_TEXTS, **_VALIDITY),
        "bank_accounts": _of(iban=_TEXT, bic=_TEXT),
        **{
            name: {**_TEXT, "description": "The short form"}
            for name in ("email", "phone", "address", "postal_code", "city")
        },
    },
}
INTAKE: dict[str, Any] = {
    "type": "object",
    "title": "Intake",
    "required": ["creditor", "currency", "debtor"],
    "properties": {
        "creditor": {**_TEXT, "description": "A code; an unknown one is created"},
        "reference": {**_TEXT, "description": "The creditor's, unique; absent: the number becomes it"},
        "currency": {**_TEXT, "description": "ISO 4217"},
        "debtor": DEBTOR,
        "items": {"type": "array", "items": ITEM},
        "values": {"enum": ["detailed", "global"]},
        "global": {
            "type": "object",
            "properties": dict.fromkeys(("overdraft", "loan", "commercial", "contractual_interest"), _AMOUNT),
        },
        "scenario": _TEXT,
        "collector": _TEXT,
        "guarantees": _LIST_OF_OBJECTS,
        "takeover": {
            "type": "object",
            "required": ["stage"],
            "properties": {
                "stage": {"enum": ["amicable", "litigation", "enforcement"]},
                "sub_stage": _TEXT,
                "last_action_type": _TEXT,
                "last_action_on": _DATE,
                "paid": _AMOUNT,
            },
        },
    },
}
