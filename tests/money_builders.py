"""Builders about money: the standard rates and country packs as they are shipped, and claims under their terms."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from domain.agreed_terms import setting_of, terms_of
from domain.catalogue import CountryPack, Creditor, Rate
from domain.catalogue_bodies import read
from domain.claim import Claim, Correction
from domain.reading import Reading
from domain.stated_terms import read_stated
from domain.statement import Statement
from tests.builders import a_creditor, a_debtor, an_id, money

STANDARD_SET = Path(__file__).parent.parent / "catalogue"
TUNISIAN = a_debtor(country="TN")
A_PERSON = a_debtor(kind="person")


@cache
def the_rates() -> Mapping[str, Rate]:
    return {body["code"]: read("rates", body["code"], body) for body in _standard("rates")}


@cache
def the_packs() -> Mapping[str, CountryPack]:
    return {body["code"]: read("countries", body["code"], body) for body in _standard("countries")}


def _standard(kind: str) -> list[dict[str, Any]]:
    bodies: list[dict[str, Any]] = json.loads((STANDARD_SET / f"{kind}.json").read_text(encoding="utf-8"))
    return bodies


def a_creditor_with(terms: Mapping[str, Any] | None) -> Creditor:
    return a_creditor(terms=None if terms is None else read_stated(Reading(terms)))


def under(terms: Mapping[str, Any] | None, claim: Claim, **setting: Any) -> Claim:
    """The claim under its creditor's terms; None: the law of the debtor's country."""
    rates, packs = setting.get("rates", the_rates()), setting.get("packs", the_packs())
    return replace(claim, terms=terms_of(claim, setting_of(claim, a_creditor_with(terms), rates, packs)))


def by_law(claim: Claim) -> Claim:
    return under(None, claim)


def a_correction(
    to: str = "interest", *, amount: str | int = "10.00", currency: str = "EUR", **facts: Any
) -> Correction:
    given: dict[str, Any] = {
        "id": an_id("correction", to, amount, facts.get("item", ""), facts.get("on", "")),
        "kind": "correction",
        "to": to,
        "amount": money(amount, currency),
        "on": date(2025, 6, 1),
        "reason": "charged by mistake",
        "author": "claire",
    }
    return Correction(**{**given, **facts})


def periods(found: Statement, n: int = 0) -> list[tuple[str, str, int, str, str]]:
    """Interest of one line as an accountant lists it: from, to, days, rate, amount."""
    return [
        (
            f"{s.since:%d.%m.%Y}",
            f"{s.until:%d.%m.%Y}",
            s.days,
            "missing" if s.rate is None else f"{s.rate:f}",
            f"{amount:f}",
        )
        for _, s, amount in found.lines[n].periods
    ]


def figures(found: Statement) -> tuple[str, str, str, str]:
    """Principal, interest, indemnities, balance due."""
    return str(found.principal), str(found.interest), str(found.indemnities), str(found.balance_due)


def allocated(found: Statement) -> list[tuple[str, str, str]]:
    return [(part.item, part.to, str(part.amount)) for part in found.allocations]
