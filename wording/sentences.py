"""A rule's code and the facts it used, as a sentence. Start with `sentence`; the texts are in french.py and english.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from string import Formatter
from typing import Any

from babel.dates import format_time

from domain.money import CURRENCIES, Money
from wording import (
    action_words,
    agreement_words,
    anomaly_words,
    clock_words,
    dispute_words,
    english,
    french,
    money_words,
    scenario_words,
    stage_words,
)
from wording.codes import catalogue_label, code_label
from wording.figures import amount, day, locale_of

BY_SUBJECT = (
    money_words,
    agreement_words,
    dispute_words,
    stage_words,
    action_words,
    clock_words,
    scenario_words,
    anomaly_words,
)
SENTENCES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "fr": {
        code: forms for words in (french.SENTENCES, *(s.FRENCH for s in BY_SUBJECT)) for code, forms in words.items()
    },
    "en": {
        code: forms for words in (english.SENTENCES, *(s.ENGLISH for s in BY_SUBJECT)) for code, forms in words.items()
    },
}
MOST_NAMED = 12  # references in one sentence; the rest are counted
MONEY_FACTS = frozenset(
    {
        "amount",
        "minimum",
        "paid",
        "charged",
        "received",
        "rest",
        "owed",
        "waiver",
        "expected",
        "limit",
        "interest",
        "indemnities",
    }
)
DAY_FACTS = frozenset({"from", "to", "until", "since", "on", "at", "date", "value_date", "valid_from", "valid_until"})
KIND_OF = {
    "channel": "channel",
    "channels": "channel",
    "instead_of": "channel",
    "stage": "stage",
    "category": "stage",
    "needed": "stage",
    "guarantee": "guarantee_kind",
    "judgment": "judgment",
    "service_mode": "service_mode",
    "title": "title_kind",
    "result": "result",
    "field": "field",
    "fields": "field",
    "task": "task_kind",
    "state": "task_state",
    "ending": "ending",
    "on_expiry": "on_expiry",
    "decision": "decision",
    "allowed": "decision",
    "debtor_kind": "debtor_kind",
    "wanted": "debtor_kind",
    "reason": "reason",
    "resolution": "dispute_outcome",
    "entry": "entry",
    "act": "act",
    "situation": "situation",
    "item": "item",
    "items": "item",
    "promise_state": "promise_state",
    "arrangement_state": "arrangement_state",
    "offer_state": "offer_state",
    "side": "offer_side",
    "charge": "allocated_to",
    "correction": "correction_kind",
    "clock": "clock",
    "legal_event": "legal_event",
    "same": "identity",
    "wrong": "identity",
}
CATALOGUE_KIND_OF = {
    "action_type": "action-types",
    "actions": "action-types",
    "last_action_type": "action-types",
    "procedure": "action-types",
    "status": "statuses",
    "fee": "fees",
    "kind": "fees",
    "sub_stage": "sub-stages",
}


def sentence(code: str, facts: Mapping[str, Any], language: str, names: Mapping[str, str] | None = None) -> str:
    """The sentence of a code with its facts; `names` are labels of the users' own catalogue codes.

    Of the code's forms the first whose facts are all there; a code that nobody worded is shown as it is.
    """
    forms = SENTENCES["en" if language[:2].lower() == "en" else "fr"].get(code, ())
    for form in forms:
        wanted = placeholders(form)
        if all(_is_there(facts.get(name)) for name in wanted):
            return form.format_map({name: _shown(name, facts, language, names or {}) for name in wanted})
    return code


def placeholders(form: str) -> tuple[str, ...]:
    """The facts that a form of a sentence names."""
    return tuple(name for _, name, _, _ in Formatter().parse(form) if name)


def _is_there(value: object) -> bool:
    return value is not None and value not in ("", [])


def _shown(name: str, facts: Mapping[str, Any], language: str, names: Mapping[str, str]) -> str:
    value = facts[name]
    if name == "days":
        return _days(int(value), language)
    if name == "step":
        return str(int(value) + 1)
    if name in MONEY_FACTS and facts.get("currency") in CURRENCIES:
        return amount(Money(Decimal(str(value)), str(facts["currency"])), language)
    if name in DAY_FACTS or name.endswith(("_on", "_at")):
        return _moment(str(value), language)
    if isinstance(value, str):
        return _named(name, value, language, names)
    if isinstance(value, Sequence):
        return _listed([_named(name, str(entry), language, names) for entry in value], language)
    return str(value)


def _named(name: str, code: str, language: str, names: Mapping[str, str]) -> str:
    if name in CATALOGUE_KIND_OF:
        return names.get(code) or catalogue_label(CATALOGUE_KIND_OF[name], code, language)
    return code_label(KIND_OF.get(name, ""), code, language)


def _listed(parts: Sequence[str], language: str) -> str:
    named = ", ".join(parts[:MOST_NAMED])
    rest = len(parts) - MOST_NAMED
    if rest <= 0:
        return named
    return f"{named} and {rest} more" if language[:2] == "en" else f"{named} et {rest} autres"


def _days(count: int, language: str) -> str:
    """In French zero and one are singular, in English one is."""
    if language[:2].lower() == "en":
        return f"{count} day" if count == 1 else f"{count} days"
    return f"{count} jour" if count < 2 else f"{count} jours"


def _moment(text: str, language: str) -> str:
    """A day, with the time as it stands in the text: a claim's local time keeps its own offset."""
    try:
        if len(text) == 10:
            return day(date.fromisoformat(text), language)
        instant = datetime.fromisoformat(text)
    except ValueError:
        return text
    clock = format_time(instant.time(), "HH:mm", locale=locale_of(language))
    return f"{day(instant.date(), language)}, {clock}"
