"""The debtor as intake gives it: the whole form of the HTTP contract, or the short one (email, phone, address, city)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from domain.claim import Channel
from domain.places import countries, languages, time_zones
from domain.reading import Reading

KINDS = ("company", "person")
SITUATIONS = ("active", "ceased", "insolvency", "deceased", "unknown")
IDENTIFIERS = ("cin", "rc", "mf", "siren", "vat")
USES = ("main", "billing", "registered")
REACHED_BY = frozenset(c.value for c in Channel) - {Channel.INTERNAL_EMAIL, Channel.LEGAL_ACT}
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")


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


def read_debtor_fields(reading: Reading) -> dict[str, Any]:
    """The fields that came, read, but for the reference and the name."""
    country = "must be a country of ISO 3166, two letters"
    found: dict[str, Any] = {
        "kind": reading.one_of("kind", KINDS),
        "legal_form": reading.text("legal_form"),
        "legal_situation": reading.one_of("legal_situation", SITUATIONS),
        "language": reading.one_of("language", languages(), what='must be a language of ISO 639, like "fr"'),
        "country": reading.one_of("country", countries(), what=country),
        "time_zone": reading.one_of("time_zone", time_zones(), what='must be a time zone like "Europe/Paris"'),
        "preferred_channel": reading.one_of("preferred_channel", REACHED_BY),
        "identifiers": _identifiers(reading),
        "addresses": [_address(each) for each in reading.each("addresses", most=20)],
        "contacts": [_contact(each) for each in reading.each("contacts", most=50)],
        "bank_accounts": [_account(each) for each in reading.each("bank_accounts", most=20)],
        "email": reading.email("email"),
        "phone": reading.text("phone", longest=40),
        "address": _short_address(reading),
    }
    return {key: value for key, value in found.items() if value}


def _identifiers(reading: Reading) -> dict[str, str]:
    inner = reading.inner("identifiers")
    return {name: text for name in IDENTIFIERS if (text := inner.text(name, longest=40))}


def _address(reading: Reading) -> dict[str, Any]:
    return {
        "id": reading.identity("id"),
        "use": reading.one_of("use", USES, "main"),
        "lines": list(reading.texts("lines")),
        "postal_code": reading.text("postal_code", longest=20),
        "city": reading.text("city"),
        "country": reading.one_of("country", countries()),
        "valid": reading.fields.get("valid") is not False,
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
        "valid": reading.fields.get("valid") is not False,
        "opted_out": list(opted_out),
    }


def _account(reading: Reading) -> dict[str, str]:
    iban = re.sub(r"\s", "", reading.text("iban", longest=50)).upper()
    if iban and not _IBAN.fullmatch(iban):
        reading.refuse("iban", "not_an_iban", "is not an IBAN")
    return {"iban": iban, "bic": reading.text("bic", longest=11)}
