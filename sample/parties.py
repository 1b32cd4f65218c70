"""Who the invented debtors and guarantors are: identifiers that pass their check and belong to nobody, contacts, situations.

No register has given out a SIREN that begins with 0, a Tunisian tax number or identity card that begins with 9, or a bank
with the number 99: what stands here is valid in form and names nobody.
"""

from __future__ import annotations

import random
from typing import Any

from stdnum import iban, luhn

from sample import words

FRENCH_ACCOUNT = "999990000100000{:06d}"  # bank 99999, branch 00001
TUNISIAN_ACCOUNT = "99001{:013d}00"


def identified(chance: random.Random, n: int, debtor: dict[str, Any]) -> None:
    """Most companies are known by their register, a part of the private persons in Tunisia by their card."""
    french, is_company = debtor["country"] == "FR", debtor["kind"] == "company"
    if is_company and chance.random() < 0.7:
        debtor["identifiers"] = _french(n, debtor["city_of_register"]) if french else _tunisian(n)
    elif not is_company and not french and chance.random() < 0.5:
        debtor["identifiers"] = {"cin": f"9{n:07d}"}
    if chance.random() < 0.1:
        debtor["bank_accounts"] = [{"iban": _french_iban(n) if french else _tunisian_iban(n), "bic": ""}]
    del debtor["city_of_register"]


def _french(n: int, city: str) -> dict[str, str]:
    stem = f"0{n:04d}{n * 37 % 1000:03d}"
    siren = stem + str(luhn.calc_check_digit(stem))
    vat_key = (12 + 3 * (int(siren) % 97)) % 97
    return {"siren": siren, "vat": f"FR{vat_key:02d}{siren}", "rc": f"RCS {city} {siren}"}


def _tunisian(n: int) -> dict[str, str]:
    letter = "ABCDEFGHJKLMNPQRSTVWXYZ"[n % 23]
    return {"mf": f"9{n:06d}{letter}/A/M/000", "rc": f"B 99{n:05d} 2016"}


def _french_iban(n: int) -> str:
    account = FRENCH_ACCOUNT.format(n)
    key = 97 - (89 * int(account[:5]) + 15 * int(account[5:10]) + 3 * int(account[10:])) % 97
    return _with_check("FR", f"{account}{key:02d}")


def _tunisian_iban(n: int) -> str:
    account = TUNISIAN_ACCOUNT.format(n)
    return _with_check("TN", f"{account[:-2]}{97 - int(account) % 97:02d}")


def _with_check(country: str, account: str) -> str:
    return f"{country}{iban.calc_check_digits(f'{country}00{account}')}{account}"


def reached(chance: random.Random, debtor: dict[str, Any]) -> None:
    """Some companies have two addresses and two people: the long form of intake in place of the short one."""
    if debtor["kind"] != "company" or "email" not in debtor or "address" not in debtor or chance.random() > 0.2:
        return
    country = debtor["country"]
    email, street = debtor.pop("email"), debtor.pop("address")
    place = {"postal_code": debtor.pop("postal_code"), "city": debtor.pop("city"), "country": country}
    second_code, second_city = chance.choice(words.TOWNS[country])
    domain = email.partition("@")[2]
    names = [f"{chance.choice(words.FIRST_NAMES[country])} {chance.choice(words.LAST_NAMES[country])}" for _ in "12"]
    debtor["addresses"] = [
        {"use": "main", "lines": [street], **place},
        {"use": "registered", "lines": [f"{chance.randint(1, 90)} {chance.choice(words.STREETS[country])}"],
         "postal_code": second_code, "city": second_city, "country": country},
    ]  # fmt: skip
    debtor["contacts"] = [
        {"name": names[0], "role": "Comptabilité fournisseurs", "email": email, "phone": debtor.pop("phone")},
        {"name": names[1], "role": "Direction", "email": f"direction@{domain}", "phone": ""},
    ]


def situated(chance: random.Random, debtor: dict[str, Any]) -> None:
    """A few are no longer what they were when they bought."""
    kind = chance.random()
    if debtor["kind"] == "company" and kind < 0.03:
        debtor["legal_situation"] = "insolvency" if kind < 0.015 else "ceased"
    elif debtor["kind"] == "person" and kind < 0.02:
        debtor["legal_situation"] = "deceased"


def guaranteed(chance: random.Random, debtor: dict[str, Any], most: str) -> list[dict[str, Any]]:
    """A guarantor or a guarantee of a few claims, for at most what was asked."""
    kind = chance.random()
    if kind > 0.05:
        return []
    country = debtor["country"]
    if debtor["kind"] == "company" and kind < 0.015:
        return [{"kind": "retention_of_title", "description": "Marchandises livrées, clause de réserve de propriété."}]
    last = chance.choice(words.LAST_NAMES[country])
    name = f"{chance.choice(words.FIRST_NAMES[country])} {last}"
    postal_code, city = chance.choice(words.TOWNS[country])
    person = {
        "name": name, "lines": [f"{chance.randint(1, 90)} {chance.choice(words.STREETS[country])}"],
        "postal_code": postal_code, "city": city, "country": country,
    }  # fmt: skip
    role = "Caution du gérant" if debtor["kind"] == "company" else "Caution d’un proche"
    return [{"kind": "joint_surety", "amount": most, "rank": 1, "person": person, "description": role}]
