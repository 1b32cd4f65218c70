"""What letter and e-mail share: the table, its totals and how to pay, in words of the draft's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

import wording
from correspondence.drafts import AskedItem, Draft
from correspondence.payment import creditor_reference, grouped, iban_of
from correspondence.pdf import TEMPLATES
from correspondence.texts import FOR_AGENTS, paragraphs, words
from domain.catalogue import Creditor
from domain.claim import Claim
from domain.money import Money, decimals_of
from wording.figures import locale_of

_SHORT_DAY = {"fr": "dd/MM/yyyy", "en": "d MMM yyyy"}


def _css_text(text: str) -> str:
    """The text as the inside of a CSS string: every sign that could end it is written by its number."""
    return re.sub(r"[^\w .,;:/()@+-]", lambda sign: f"\\{ord(sign.group()):06x} ", text)


layouts = Environment(
    loader=FileSystemLoader(TEMPLATES),
    undefined=StrictUndefined,
    autoescape=select_autoescape(["html", "css"]),
    auto_reload=False,
    trim_blocks=True,
)
layouts.filters["css_text"] = _css_text


@dataclass(frozen=True, slots=True)
class Row:
    reference: str
    note: str
    issued_on: str
    due_on: str
    late: str
    amount: str
    outstanding: str


@dataclass(frozen=True, slots=True)
class Payment:
    """How to pay; an empty field is left out of the box."""

    holder: str
    iban: str
    bic: str
    reference: str  # as printed, in groups of four
    reference_code: str  # as a bank carries it
    amount: str


@dataclass(frozen=True, slots=True)
class Parts:
    """The letter in its order: opening, table, demand, payment box, closing."""

    words: Mapping[str, Any]
    opening: tuple[str, ...]
    demand: tuple[str, ...]
    closing: tuple[str, ...]
    rows: tuple[Row, ...]
    totals: tuple[tuple[str, str], ...]
    payment: Payment | None
    internal: bool


def parts_of(draft: Draft, claim: Claim, creditor: Creditor, on: date) -> Parts:
    """A person's own text has any number of paragraphs: the first two open, the last of three or more closes."""
    text = paragraphs(draft.text)
    internal = draft.channel.value == "internal_email" or draft.template in FOR_AGENTS
    return Parts(
        words=words(draft.language),
        opening=text[:2],
        demand=text[2:-1],
        closing=text[-1:] if len(text) > 2 else (),
        rows=tuple(_row(item, draft, claim, on) for item in draft.items),
        totals=_totals(draft),
        payment=None if internal or not draft.money(draft.asked) else _payment(draft, claim, creditor),
        internal=internal,
    )


def _row(item: AskedItem, draft: Draft, claim: Claim, on: date) -> Row:
    said = words(draft.language)
    is_global = item.reference == "global" and not claim.items
    days_late = (on - date.fromisoformat(item.due_on)).days if item.due_on else 0
    return Row(
        reference=said["global_debt"] if is_global else item.reference,
        note=_global_parts(claim, draft) if is_global else "",
        issued_on=_short_day(item.issued_on, draft.language),
        due_on="" if is_global else _short_day(item.due_on, draft.language),
        late=said["days"].format(count=days_late) if days_late > 0 and not is_global else "",
        amount=_figure(draft.money(item.amount), draft.language),
        outstanding=_figure(draft.money(item.outstanding), draft.language),
    )


def _global_parts(claim: Claim, draft: Draft) -> str:
    """Of what a claim of global values is made, when it says so."""
    names = words(draft.language)["global"]
    given = ((names.get(code, code), draft.money(amount)) for code, amount in claim.global_amounts.items())
    return " · ".join(f"{name} {_figure(amount, draft.language)}" for name, amount in given if amount)


def _totals(draft: Draft) -> tuple[tuple[str, str], ...]:
    said = words(draft.language)
    interest, accessories, credits_ = (draft.money(a) for a in (draft.interest, draft.accessories, draft.credits))
    split = [("principal", draft.money(draft.principal)), ("interest", interest), ("accessories", accessories)]
    lines = [(_label(name, draft), wording.amount(amount, draft.language)) for name, amount in split if amount]
    if credits_:
        lines.append((said["credits"], wording.amount(-credits_, draft.language)))
    total = (said["total"], wording.amount(draft.money(draft.asked), draft.language))
    # A total that is its only part is said once.
    return (*lines, total) if len(lines) > 1 else (total,)


def _label(name: str, draft: Draft) -> str:
    """Interest is said with the day up to which it is counted: a proposal may leave some days later."""
    said = words(draft.language)
    until = draft.interest_until or draft.on
    if name != "interest" or not until:
        return str(said[name])
    return str(said["interest_until"].format(day=wording.day(date.fromisoformat(until), draft.language)))


def _payment(draft: Draft, claim: Claim, creditor: Creditor) -> Payment:
    code = creditor_reference(claim.number)
    return Payment(
        holder=creditor.name,
        iban=grouped(iban_of(creditor)),
        bic=creditor.bic,
        reference=grouped(code),
        reference_code=code,
        amount=wording.amount(draft.money(draft.asked), draft.language),
    )


def _figure(money: Money, language: str) -> str:
    """The number alone: the column's heading names the currency."""
    return format_decimal(
        money.amount, format=f"#,##0.{'0' * decimals_of(money.currency)}".rstrip("."), locale=locale_of(language)
    )


def _short_day(day: str, language: str) -> str:
    return format_date(date.fromisoformat(day), _SHORT_DAY[language], locale=locale_of(language)) if day else ""


def address_lines(creditor: Creditor) -> list[str]:
    """The creditor's own address, as far as it is known."""
    address = creditor.address
    city = f"{address.get('postal_code', '')} {address.get('city', '')}"
    return [line.strip() for line in (*address.get("lines", "").split("\n"), city) if line.strip()]
