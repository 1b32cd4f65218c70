"""Intake: what a creditor hands over to open a claim, as the HTTP contract says, read and checked.

`read_intake(body)` answers an Intake or raises Refused with everything that is wrong. Whether codes are known
(scenario, collector) and references free is for db/intake.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from domain.claim import ItemKind, Stage, StatusCategory, Takeover, Values
from domain.debtor_intake import DebtorIntake, read_debtor
from domain.guarantees import read_guarantee
from domain.money import CURRENCIES, Money, decimals_of
from domain.reading import Reading, Refused
from domain.stated_terms import read_stated

NUMBER = re.compile(r"R\d{2}-\d{7}", re.IGNORECASE)
GLOBAL_PARTS = ("overdraft", "loan", "commercial", "contractual_interest")
MOST_ITEMS = 5000
MOST_GUARANTEES = 100


@dataclass(frozen=True, slots=True)
class ItemIntake:
    reference: str
    kind: ItemKind
    issued_on: date | None
    due_on: date | None
    amount: Money
    terms: dict[str, Any] = field(default_factory=dict)
    status: str | None = None  # from the start: an import says `disputed`
    status_category: StatusCategory | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    creditor: str
    reference: str  # "" : the claim's number becomes its reference
    currency: str
    debtor: DebtorIntake
    items: tuple[ItemIntake, ...] = ()
    values: Values = Values.DETAILED
    global_amounts: dict[str, str] = field(default_factory=dict)
    scenario: str = ""
    collector: str = ""
    guarantees: tuple[dict[str, Any], ...] = ()
    takeover: Takeover | None = None
    preferred_channel: str = ""  # of this claim, whatever the debtor prefers for others


def read_intake(body: Mapping[str, Any]) -> Intake:
    """The intake in this JSON body; raises Refused."""
    reading = Reading(body)
    currency = read_currency(reading)
    intake = Intake(
        creditor=reading.line("creditor", required=True, longest=64),
        reference=read_reference(reading),
        currency=currency,
        debtor=read_debtor(reading.inner("debtor", required=True)),
        items=read_items(reading, currency),
        values=Values(reading.one_of("values", set(Values), Values.DETAILED)),
        global_amounts=_global(reading, currency),
        scenario=reading.text("scenario", longest=64),
        collector=reading.text("collector", longest=64),
        guarantees=_guarantees(reading, currency),
        takeover=_takeover(reading, currency),
    )
    _check_values(intake, reading)
    if reading.refusals:
        raise Refused(reading.refusals)
    return intake


def read_currency(reading: Reading) -> str:
    currency = reading.text("currency", required=True)
    if currency and (currency not in CURRENCIES or decimals_of(currency) > 3):
        reading.refuse("currency", "unknown_currency", "is not an ISO 4217 currency that can be collected")
        return ""
    return currency


def read_reference(reading: Reading, name: str = "reference") -> str:
    """The creditor's reference of the claim; one that could be taken for our number or an id is refused."""
    reference = reading.line(name, longest=100)
    if NUMBER.fullmatch(reference) or _is_uuid(reference):
        reading.refuse(name, "reserved_reference", "has the form of a claim number or an id, which are ours to give")
        return ""
    return reference


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def read_item(reading: Reading, currency: str) -> ItemIntake | None:
    """An item of a claim, or None after noting why not."""
    before = len(reading.refusals)
    reference = reading.text("reference", required=True, longest=100)
    kind = ItemKind(reading.one_of("kind", set(ItemKind), ItemKind.INVOICE))
    issued_on, due_on = reading.day("issued_on"), reading.day("due_on")
    amount = reading.amount("amount", currency) if currency else None
    terms = dict(reading.inner("terms").fields)
    if not storable(terms):
        reading.refuse("terms", "control_character", "holds a control character")
    read_stated(reading.inner("terms"))
    if amount is None or len(reading.refusals) > before:
        return None
    return ItemIntake(reference, kind, issued_on, due_on, amount, terms)


def read_items(reading: Reading, currency: str) -> tuple[ItemIntake, ...]:
    """The items in the field `items`, each reference once."""
    items: list[ItemIntake] = []
    seen: set[str] = set()
    for each in reading.each("items", most=MOST_ITEMS):
        item = read_item(each, currency)
        if item is not None and item.reference in seen:
            each.refuse("reference", "duplicate_item", "stands twice among the items of this claim")
        elif item is not None:
            seen.add(item.reference)
            items.append(item)
    return tuple(items)


def _global(reading: Reading, currency: str) -> dict[str, str]:
    inner = reading.inner("global")
    if not currency:
        return {}
    amounts = {part: inner.amount(part, currency, required=False, zero=True) for part in GLOBAL_PARTS}
    return {part: str(amount) for part, amount in amounts.items() if amount is not None}


def _check_values(intake: Intake, reading: Reading) -> None:
    """`detailed` needs an item, `global` has none and needs an amount above zero."""
    given = reading.fields.get("items")
    if intake.values is Values.DETAILED:
        if not given:
            reading.refuse("items", "missing", "a detailed claim needs at least one item")
        if intake.global_amounts:
            reading.refuse("global", "not_allowed", "a detailed claim has no global amounts")
        return
    if given:
        reading.refuse("items", "not_allowed", "a global claim has no items")
    elif intake.currency and not any(Money.of(a, intake.currency) for a in intake.global_amounts.values()):
        reading.refuse("global", "missing", "a global claim needs an amount above zero")


def _guarantees(reading: Reading, currency: str) -> tuple[dict[str, Any], ...]:
    return tuple(read_guarantee(each, currency) for each in reading.each("guarantees", most=MOST_GUARANTEES))


def _takeover(reading: Reading, currency: str) -> Takeover | None:
    if not reading.has("takeover"):
        return None
    inner = reading.inner("takeover")
    stages = {stage.value for stage in Stage if stage is not Stage.CLOSED}
    if not inner.text("stage"):
        inner.refuse("stage", "missing", "is needed")
    return Takeover(
        stage=Stage(inner.one_of("stage", stages, Stage.AMICABLE)),
        sub_stage=inner.text("sub_stage", longest=64),
        last_action_type=inner.text("last_action_type", longest=64),
        last_action_on=inner.day("last_action_on"),
        paid=inner.amount("paid", currency, required=False, zero=True) if currency else None,
    )


def storable(value: object) -> bool:
    """Whether free JSON can be kept: the database has no NUL, and half a character is none."""
    text = json.dumps(value, default=str, ensure_ascii=False)
    return "\\u0000" not in text and not any("\ud800" <= c <= "\udfff" for c in text)
