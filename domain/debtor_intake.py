"""The debtor as intake gives it: the whole form of the HTTP contract, or the short one (email, phone, address, city)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.claim import Channel
from domain.identifiers import IDENTIFIERS, normal_bic, normal_iban, normal_identifier
from domain.places import countries, languages, time_zones
from domain.reading import Reading

KINDS = ("company", "person")
SITUATIONS = ("active", "ceased", "insolvency", "deceased", "unknown")
USES = ("main", "billing", "registered")
REACHED_BY = frozenset(c.value for c in Channel) - {Channel.INTERNAL_EMAIL, Channel.LEGAL_ACT}
CLEARABLE: Mapping[str, Any] = {  # what a change may empty, and with what
    "legal_form": "", "time_zone": "", "preferred_channel": "", "addresses": [], "contacts": [], "bank_accounts": [],
}  # fmt: skip
_WRONG = {
    "cin": "is not a CIN: eight digits",
    "rc": "is not a number of a trade register (a French one holds a valid SIREN)",
    "mf": "is not a Tunisian tax number (matricule fiscal), like 1234567A/A/M/000",
    "siren": "is not a SIREN: nine digits, the last one a check digit",
    "vat": "is not a VAT number of its country",
}


@dataclass(frozen=True, slots=True)
class DebtorIntake:
    """`given` holds only the fields that came: a debtor who is known keeps the others.

    Keys are the columns of the debtor table (name, kind, language, identifiers, addresses, contacts...), and for the
    short form `email`, `phone` and `address` {lines, postal_code, city}.
    """

    reference: str
    name: str
    given: dict[str, Any] = field(default_factory=dict)

    @property
    def country(self) -> str:
        return str(self.given.get("country", ""))

    @property
    def time_zone(self) -> str:
        return str(self.given.get("time_zone", ""))


def read_debtor(reading: Reading) -> DebtorIntake:
    """The debtor of an intake; what is wrong is noted in the reading."""
    reference = reading.text("reference", required=True, longest=100)
    name = reading.text("name", required=True)
    given = read_debtor_fields(reading)
    return DebtorIntake(reference, name, {"name": name, **given} if name else given)


def read_debtor_fields(reading: Reading, known_country: str = "") -> dict[str, Any]:
    """The fields that came, read, but for the reference and the name; `known_country` is used when none came."""
    country = "must be a country of ISO 3166, two letters"
    found: dict[str, Any] = {
        "kind": reading.one_of("kind", KINDS),
        "legal_form": reading.text("legal_form"),
        "legal_situation": reading.one_of("legal_situation", SITUATIONS),
        "language": reading.one_of("language", languages(), what='must be a language of ISO 639, like "fr"'),
        "country": reading.one_of("country", countries(), what=country),
        "time_zone": reading.one_of("time_zone", time_zones(), what='must be a time zone like "Europe/Paris"'),
        "preferred_channel": reading.one_of("preferred_channel", REACHED_BY),
        "identifiers": _identifiers(reading, known_country),
        "addresses": [_address(each) for each in reading.each("addresses", most=20)],
        "contacts": [_contact(each) for each in reading.each("contacts", most=50)],
        "bank_accounts": [_account(each) for each in reading.each("bank_accounts", most=20)],
        "email": reading.email("email"),
        "phone": reading.text("phone", longest=40),
        "address": _short_address(reading),
    }
    return {key: value for key, value in found.items() if value}


def read_debtor_change(reading: Reading, known_country: str) -> dict[str, Any]:
    """The fields of a change, the name too. What is given as null or empty is emptied, where it may be (CLEARABLE).

    An identifier given as null is taken away: it stands in `identifiers` as "".
    """
    name, given = reading.text("name"), read_debtor_fields(reading, known_country)
    emptied = {key: blank for key, blank in CLEARABLE.items() if key in reading.fields and not reading.fields[key]}
    identifiers = reading.fields.get("identifiers")
    gone = {}
    if isinstance(identifiers, Mapping):
        gone = {kind: "" for kind in IDENTIFIERS if kind in identifiers and not identifiers[kind]}
    known = {**given, **emptied, **({"name": name} if name else {})}
    return {**known, "identifiers": {**known.get("identifiers", {}), **gone}} if gone else known


def _identifiers(reading: Reading, known_country: str) -> dict[str, str]:
    """Each in its one form; one that fails its check is refused by its own field."""
    inner, country = reading.inner("identifiers"), str(reading.fields.get("country") or known_country)
    found: dict[str, str] = {}
    for kind in IDENTIFIERS:
        text = inner.text(kind, longest=60)
        if not text:
            continue
        found[kind] = normal_identifier(kind, text, country)
        if not found[kind]:
            inner.refuse(kind, f"not_a_{kind}", _WRONG[kind])
    return found


def _validity(reading: Reading) -> dict[str, Any]:
    """`valid`, and the first and the last day on which it is: null for no limit."""
    first, last = reading.day("valid_from"), reading.day("valid_until")
    if first is not None and last is not None and last < first:
        reading.refuse("valid_until", "before_valid_from", "is before valid_from")
    return {
        "valid": reading.fields.get("valid") is not False,
        "valid_from": first.isoformat() if first else None,
        "valid_until": last.isoformat() if last else None,
    }


def _address(reading: Reading) -> dict[str, Any]:
    return {
        "id": reading.identity("id"),
        "use": reading.one_of("use", USES, "main"),
        "lines": list(reading.texts("lines")),
        "postal_code": reading.text("postal_code", longest=20),
        "city": reading.text("city"),
        "country": reading.one_of("country", countries()),
        **_validity(reading),
    }


def _short_address(reading: Reading) -> dict[str, Any]:
    lines = list(reading.texts("address"))
    postal_code, city = reading.text("postal_code", longest=20), reading.text("city")
    return {"lines": lines, "postal_code": postal_code, "city": city} if lines or postal_code or city else {}


def _contact(reading: Reading) -> dict[str, Any]:
    opted_out = reading.texts("opted_out")
    if not set(opted_out) <= set(Channel):
        reading.refuse("opted_out", "not_allowed", f"must hold channels: {', '.join(Channel)}")
    return {
        "id": reading.identity("id"),
        "name": reading.text("name"),
        "role": reading.text("role"),
        "email": reading.email("email"),
        "phone": reading.text("phone", longest=40),
        "use": reading.one_of("use", USES, "main"),
        "opted_out": list(opted_out),
        **_validity(reading),
    }


def _account(reading: Reading) -> dict[str, str]:
    given, bank = reading.text("iban", longest=50), reading.text("bic", longest=20)
    iban, bic = normal_iban(given), normal_bic(bank)
    if given and not iban:
        reading.refuse("iban", "not_an_iban", "is not an IBAN")
    if bank and not bic:
        reading.refuse("bic", "not_a_bic", "is not a BIC")
    return {"iban": iban, "bic": bic}
