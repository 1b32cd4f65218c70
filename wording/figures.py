"""Amounts, days and labels as people read them in a language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency

from domain.money import Money

_LOCALES = {"fr": "fr_FR", "en": "en_GB"}


@cache
def locale_of(language: str) -> Locale:
    """British English and French; any other language, Arabic for now too, is written in French."""
    return Locale.parse(_LOCALES.get(language[:2].lower(), "fr_FR"))


def amount(money: Money, language: str) -> str:
    """The amount with the currency's own decimals: 1 234,50 €, TND 1,234.500. It never breaks over a line."""
    text = format_currency(money.amount, money.currency, locale=locale_of(language), currency_digits=True)
    return re.sub(r"(?<=[A-Z]{3})(?=-?\d)", "\u00a0", text)


def day(on: date, language: str) -> str:
    """23 novembre 2026, 1er septembre 2026, 23 November 2026."""
    locale = locale_of(language)
    first = "1'er'" if on.day == 1 and locale.language == "fr" else "d"  # only the first is an ordinal in French
    return format_date(on, f"{first} MMMM yyyy", locale=locale)


def capital(words: str) -> str:
    """The words as they stand alone or begin a line."""
    return words[:1].upper() + words[1:]


def label(mapping: Mapping[str, str], language: str) -> str:
    """The label in this language, else in French, else whichever there is; "" when there is none."""
    return mapping.get(language) or mapping.get("fr") or next(iter(mapping.values()), "")
