"""The generator: `portfolio(seed, today)` answers the same claims for the same seed and day."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from domain.claim import StatusCategory
from domain.intake import Intake, read_intake
from domain.searching import plain
from sample import words
from sample.collection import of_collection
from sample.later import Later
from sample.parties import guaranteed, identified, reached, situated

SIZE = 324
STANDARD_SEED = 20261123


@dataclass(frozen=True, slots=True)
class SampleClaim:
    intake: Intake
    later: tuple[Later, ...] = ()


@dataclass(frozen=True, slots=True)
class _Age:
    """Where claims of this kind stand; days are from the oldest due date to today, negative when it is to come."""

    weight: int
    days: tuple[int, int]
    stage: str = ""  # a takeover when set
    sub_stages: tuple[str, ...] = ("",)
    last_actions: tuple[str, ...] = ("",)


_AGES = (
    _Age(14, (-40, -1)),
    _Age(13, (0, 4)),
    _Age(18, (5, 16)),
    _Age(16, (17, 45)),
    _Age(8, (46, 110), "amicable", ("",), ("reminder_2", "last_reminder", "call")),
    _Age(7, (60, 180), "amicable", ("",), ("formal_notice", "negotiation")),
    _Age(14, (150, 620), "litigation", ("preparation", "payment_order", "summons"), ("handover_lawyer", "payment_order", "summons")),
    _Age(10, (400, 1500), "enforcement", ("service", "seizure"), ("handover_bailiff", "service", "third_party_seizure")),
)  # fmt: skip


def portfolio(seed: int = STANDARD_SEED, *, today: date, size: int = SIZE) -> Iterator[SampleClaim]:
    """Claims in the order in which they arrive; each has a random stream of its own, so a resumed arrival goes on alike."""
    for n in range(size):
        yield _claim(random.Random(f"{seed}/{n}"), n, today)  # noqa: S311  an invented portfolio holds no secret


def _claim(chance: random.Random, n: int, today: date) -> SampleClaim:
    creditor = chance.choices(words.CREDITORS, [c[5] for c in words.CREDITORS])[0]
    code, _, country, currency, _, _, kinds = creditor
    age = chance.choices(_AGES, [a.weight for a in _AGES])[0]
    oldest_due = today - timedelta(days=chance.randint(*age.days))
    is_company = kinds == "companies" or (kinds == "mixed" and chance.random() < 0.6)
    as_bank = code == "BANQUE-OLIVIER" and chance.random() < 0.5
    body: dict[str, Any] = {
        "creditor": code,
        "reference": f"{code.split('-')[0][:3]}-{oldest_due.year}-{n + 1:05d}",
        "currency": currency,
        "debtor": _debtor(chance, n, country, is_company=is_company),
        "collector": chance.choice(["", words.COLLECTORS[0][0], words.COLLECTORS[1][0]]),
    }
    if as_bank:
        body |= {"values": "global", "global": _global(chance, currency)}
    else:
        body["items"] = _items(chance, n, oldest_due, currency, least=40 if age.stage in ("", "amicable") else 400)
    body["guarantees"] = guaranteed(chance, body["debtor"], _asked(body))
    if age.stage:
        body["takeover"] = _takeover(chance, age, oldest_due, today, body, currency)
    intake = _disputed(chance, read_intake(body))
    return SampleClaim(intake, tuple(_later(chance, n, intake, today)))


def _debtor(chance: random.Random, n: int, country: str, *, is_company: bool) -> dict[str, Any]:
    last = chance.choice(words.LAST_NAMES[country])
    first = chance.choice(words.FIRST_NAMES[country])
    if is_company:
        form = chance.choice(words.LEGAL_FORMS[country])
        name = f"{chance.choice(words.TRADES[country])} {chance.choice((last, chance.choice(words.TAILS[country])))} {form}"
    else:
        form, name = "", f"{first} {last}"
    postal_code, city = chance.choice(words.TOWNS[country])
    domain = "-".join(plain(name).replace("'", "").split()[:2])
    debtor: dict[str, Any] = {
        "reference": f"CL{n + 1:05d}", "kind": "company" if is_company else "person", "name": name, "legal_form": form,
        "language": "fr", "country": country, "phone": f"+{'33' if country == 'FR' else '216'} {chance.randint(10, 99)} 00 {chance.randint(10, 99)} {chance.randint(10, 99)}",
        "preferred_channel": chance.choices(("", "email", "letter"), (5, 3, 2))[0], "city_of_register": city,
    }  # fmt: skip
    if chance.random() > 0.12:
        debtor["email"] = (
            f"{plain(first)}@{domain}.example" if is_company else f"{plain(first)}.{domain.split('-')[-1]}@mail.example"
        )
    if chance.random() > 0.06:
        debtor |= {
            "address": f"{chance.randint(1, 140)} {chance.choice(words.STREETS[country])}",
            "postal_code": postal_code,
            "city": city,
        }
    identified(chance, n, debtor)
    situated(chance, debtor)
    reached(chance, debtor)
    return debtor


def _asked(body: dict[str, Any]) -> str:
    """The largest part of what the claim asks."""
    parts: list[str] = list(body["global"].values()) if "global" in body else [i["amount"] for i in body["items"]]
    return max(parts, key=Decimal)


def _items(chance: random.Random, n: int, oldest_due: date, currency: str, *, least: int) -> list[dict[str, Any]]:
    """`least`: nobody goes to court for forty euros."""
    count = chance.choices((1, 2, 3, 5), (60, 22, 12, 6))[0]
    items = []
    for k in range(count):
        due_on = oldest_due + timedelta(days=30 * k)
        kind = chance.choices(("invoice", "bill", "cheque"), (90, 6, 4))[0]
        items.append(_item(f"F{due_on:%y%m}-{n + 1:04d}{k}", kind, due_on, _amount(chance, currency, least, 6000)))
    if count > 1 and chance.random() < 0.35:
        part = Decimal(items[0]["amount"]) / 10
        items.append(_item(f"A{oldest_due:%y%m}-{n + 1:04d}", "credit_note", oldest_due, _round(part, currency)))
    return items


def _item(reference: str, kind: str, due_on: date, amount: str) -> dict[str, Any]:
    issued_on = due_on - timedelta(days=30)
    return {
        "reference": reference,
        "kind": kind,
        "issued_on": issued_on.isoformat(),
        "due_on": due_on.isoformat(),
        "amount": amount,
    }


def _global(chance: random.Random, currency: str) -> dict[str, str]:
    parts = {
        "loan": _amount(chance, currency, 3000, 60000),
        "contractual_interest": _amount(chance, currency, 50, 2500),
    }
    if chance.random() < 0.5:
        parts["overdraft"] = _amount(chance, currency, 200, 4000)
    return parts


def _takeover(
    chance: random.Random, age: _Age, oldest_due: date, today: date, body: dict[str, Any], currency: str
) -> dict[str, Any]:
    step = chance.randrange(len(age.last_actions))
    last_on = max(oldest_due + timedelta(days=20), today - timedelta(days=chance.randint(8, 60)))
    takeover = {
        "stage": age.stage, "sub_stage": age.sub_stages[min(step, len(age.sub_stages) - 1)],
        "last_action_type": age.last_actions[step], "last_action_on": min(last_on, today).isoformat(),
    }  # fmt: skip
    if "items" in body and chance.random() < 0.3:
        takeover["paid"] = _round(Decimal(body["items"][0]["amount"]) / 4, currency)
    return takeover


def _disputed(chance: random.Random, intake: Intake) -> Intake:
    """Some items are disputed when they come, never all of a claim that is to be chased."""
    if len(intake.items) < 2 or chance.random() > 0.3:
        return intake
    status = chance.choice(("disputed_price", "disputed_admin", "disputed_technical"))
    last = replace(intake.items[1], status=status, status_category=StatusCategory.DISPUTE)
    return replace(intake, items=(intake.items[0], last, *intake.items[2:]))


def _later(chance: random.Random, n: int, intake: Intake, today: date) -> Iterator[Later]:
    """A little news, so that the first look shows payments, closed claims and notes."""
    kind = chance.random()
    first = next((i for i in intake.items if i.kind.value != "credit_note"), None)
    if kind < 0.05 and first is not None and len(intake.items) == 1:
        yield _payment(n, first.amount.amount, intake.currency, today, chance)
    elif kind < 0.12 and first is not None:
        yield _payment(n, first.amount.amount / 3, intake.currency, today, chance)
    elif kind < 0.22:
        yield Later("note_added", {"text": chance.choice(words.NOTES)})
    else:
        yield from of_collection(chance, intake, today)


def _payment(n: int, amount: Decimal, currency: str, today: date, chance: random.Random) -> Later:
    on = today - timedelta(days=chance.randint(0, 3))
    payload = {
        "external_id": f"SAMPLE-{n + 1:05d}",
        "amount": _round(amount, currency),
        "value_date": on.isoformat(),
        "method": "transfer",
    }
    return Later("payment_received", payload)


def _amount(chance: random.Random, currency: str, least: int, most: int) -> str:
    return _round(Decimal(int(least * (most / least) ** chance.random() * 100)) / 100, currency)


def _round(amount: Decimal, currency: str) -> str:
    return str(amount.quantize(Decimal("0.001") if currency == "TND" else Decimal("0.01")))
