"""Identifiers of a debtor and of a bank account: checked, and written in one form. Start with `normal_identifier`.

The rules of SIREN, VAT, MF, IBAN and BIC are python-stdnum's (check digits, lengths, each country's VAT form). No library
knows the other two: CIN is the Tunisian national identity card, eight digits (law 93-27 of 22 March 1993); RC is written
differently by every register, so its characters are checked, and the SIREN inside where it is one of the French RCS.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from stdnum import bic as bics
from stdnum import iban as ibans
from stdnum import vatin
from stdnum.exceptions import ValidationError
from stdnum.fr import siren as sirens
from stdnum.tn import mf as mfs

from domain.searching import plain

IDENTIFIERS = ("cin", "rc", "mf", "siren", "vat")
_CIN = re.compile(r"[0-9]{8}")
_RC = re.compile(r"[0-9A-ZÀ-ÖØ-Þ][0-9A-ZÀ-ÖØ-Þ ./°'-]{2,59}")
_SIREN_IN_RC = re.compile(r"(?<!\d)\d{3} ?\d{3} ?\d{3}(?!\d)")
_LEAST_DIGITS = 3


def normal_identifier(kind: str, text: str, country: str = "") -> str:
    """The identifier (`kind` of IDENTIFIERS) in its one form, "404833048"; "" when it fails its check.

    `country` (ISO 3166) completes a VAT number that came without its prefix.
    """
    if not text.isprintable():
        return ""
    return _NORMAL[kind](text.strip(), country)


def normal_iban(text: str) -> str:
    """The IBAN without spaces, in capitals; "" when its check digits or its country's form are wrong."""
    return _checked(ibans.validate, text)


def normal_bic(text: str) -> str:
    """The BIC (ISO 9362) in capitals, 8 or 11 characters; "" when it is none."""
    return _checked(bics.validate, text)


def faulty(identifiers: Mapping[str, str], accounts: Sequence[Mapping[str, Any]], country: str) -> list[str]:
    """Which of the stored ones fail their check, by kind ("siren", "iban", ...): what came before it was checked."""
    wrong = [kind for kind in IDENTIFIERS if (text := identifiers.get(kind)) and not _is_normal(kind, text, country)]
    ibans_given = [str(account.get("iban") or "") for account in accounts]
    return [*wrong, "iban"] if any(iban and not normal_iban(iban) for iban in ibans_given) else wrong


def identity_keys(row: Mapping[str, Any]) -> list[str]:
    """What tells that two debtors are one: identifiers, IBANs, and the name at a postal code; sorted, each once.

    `row` is the debtor as stored: name, identifiers, addresses, bank_accounts.
    """
    keys = {f"{kind}:{_identity(kind, text)}" for kind, text in row["identifiers"].items() if text}
    keys |= {f"iban:{account['iban']}" for account in row["bank_accounts"] if account.get("iban")}
    name = re.sub(r"[\W_]+", " ", plain(row["name"])).strip()
    codes = {re.sub(r"\s", "", address.get("postal_code") or "").upper() for address in row["addresses"]}
    return sorted(keys | {f"name:{name}@{code}" for code in codes if code and name})


def _identity(kind: str, text: str) -> str:
    """An MF without its codes of VAT, category and branch is the same taxpayer's."""
    return text[:8] if kind == "mf" else text


def _is_normal(kind: str, text: str, country: str) -> bool:
    return bool(normal_identifier(kind, text, country))


def _checked(validate: Callable[[str], str], text: str) -> str:
    try:
        found = validate(text)
    except (ValidationError, ValueError, LookupError):
        return ""
    return found.upper() if found.isascii() else ""


def _vat(text: str, country: str) -> str:
    """With the prefix of its country; Tunisia's is its MF."""
    own = _checked(vatin.validate, text)
    if own or not country:
        return own if own[:2].isalpha() else ""
    prefix = "EL" if country == "GR" else country
    return _checked(vatin.validate, f"{prefix}{text}")


def _cin(text: str, _country: str) -> str:
    number = re.sub(r"[ .-]", "", text)
    return number if _CIN.fullmatch(number) else ""


def _rc(text: str, country: str) -> str:
    number = " ".join(text.upper().split())
    if not _RC.fullmatch(number) or sum(character in "0123456789" for character in number) < _LEAST_DIGITS:
        return ""
    siren = _SIREN_IN_RC.search(number)
    is_french = "RCS" in number or country == "FR"
    if is_french and siren is not None and not _checked(sirens.validate, siren.group()):
        return ""
    return number


_NORMAL: Mapping[str, Callable[[str, str], str]] = {
    "cin": _cin,
    "rc": _rc,
    "mf": lambda text, _: _checked(mfs.validate, text),
    "siren": lambda text, _: _checked(sirens.validate, text),
    "vat": _vat,
}
