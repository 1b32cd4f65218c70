"""Every code that the product writes has a sentence in each language, and the sentence changes with its facts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from domain.claim import (
    ActionState,
    Channel,
    Decision,
    DocumentState,
    Ending,
    ItemKind,
    Mode,
    OnExpiry,
    Outcome,
    Stage,
    StatusCategory,
    TaskKind,
    TaskState,
)
from domain.entries import FACTS, REQUESTS
from domain.steps import StepKind
from domain.terms import ArrangementState, OfferSide, OfferState, PromiseState
from wording import code_label, sentence
from wording.codes import LABELS, catalogue_label
from wording.figures import day
from wording.sentences import SENTENCES, placeholders

ROOT = Path(__file__).parent.parent.parent
SPEAKERS = {"Reason": 0, "Event": 0, "PlanImpossible": 0, "Part": 0, "Refused": 0, "Alert": 0, "raise_anomaly": 1}
PACKAGES = ("domain", "activities", "db", "api", "correspondence")
SAMPLE: dict[str, tuple[Any, Any]] = {  # two values of each fact, to see that the sentence tells them apart
    "step": (0, 4),
    "days": (1, 12),
    "steps": (["2", "3"], ["4"]),
    "items": (["F-1"], ["F-1", "F-2"]),
    "channels": (["email", "letter"], ["call"]),
    "allowed": (["confirm", "skip"], ["done"]),
    "amount": ("10.00", "1234.50"),
    "minimum": ("10.00", "99.00"),
    "paid": ("10.00", "5.00"),
    **dict.fromkeys(("received", "rest", "owed", "waiver", "expected"), ("10.00", "5.00")),
    "charged": ("10.00", "5.00"),
    "resolution": ("rejected", "partly"),
    "limit": ("10.00", "99.00"),
    "sub_stage": ("lawyer", "hearing"),
    "situation": ("insolvency", "deceased"),
    "act": ("stage", "closure"),
    "channel": ("email", "letter"),
    "instead_of": ("email", "letter"),
    "stage": ("amicable", "litigation"),
    "category": ("amicable", "enforcement"),
    "action_type": ("reminder_1", "formal_notice"),
    "task": ("confirm_action", "find_address"),
    "ending": ("paid", "written_off"),
    "interest": ("10.00", "20.00"),
    "indemnities": ("40.00", "80.00"),
    "on_expiry": ("withdraw", "wait"),
    "status": ("promise", "disputed_price"),
    "reason": ("paid", "no_answer"),
}


def sample(name: str, which: int) -> Any:
    if name in SAMPLE:
        return SAMPLE[name][which]
    if name.endswith("_on") or name in ("from", "to", "until", "since", "date", "value_date"):
        return ("2026-01-12", "2026-02-03")[which]
    if name.endswith("_at") or name == "at":
        return ("2026-01-12T10:30+01:00", "2026-01-12T11:00+01:00")[which]
    return ("abc", "xyz")[which]


def codes_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SPEAKERS and node.args:
            first = node.args[SPEAKERS[node.func.id]]
            options = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
            yield from (str(option.value) for option in options if isinstance(option, ast.Constant))


def codes_spoken() -> set[str]:
    return {code for package in PACKAGES for path in (ROOT / package).rglob("*.py") for code in codes_in(path)}


def test_the_scan_finds_the_codes() -> None:
    assert {"spacing", "payment_received", "stale", "unknown_scenario", "priority_age"} <= codes_spoken()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_code_that_is_written_has_a_sentence(language: str) -> None:
    assert codes_spoken() - set(SENTENCES[language]) == set()


def test_both_languages_say_the_same_codes_with_the_same_facts() -> None:
    facts = {
        language: {code: [set(placeholders(form)) for form in forms] for code, forms in texts.items()}
        for language, texts in SENTENCES.items()
    }
    assert facts["fr"] == facts["en"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_take_a_fact_away_or_change_it_and_the_sentence_changes(language: str) -> None:
    for code, forms in SENTENCES[language].items():
        for form in forms:
            facts = {name: sample(name, 0) for name in placeholders(form)} | {"currency": "EUR"}
            said = sentence(code, facts, language)
            for name in placeholders(form):
                changed = sentence(code, {**facts, name: sample(name, 1)}, language)
                without = sentence(code, {key: value for key, value in facts.items() if key != name}, language)
                assert said not in (changed, without, code), (code, name)


def test_a_sentence_reads_as_people_write() -> None:
    facts = {"amount": "1234.5", "currency": "TND", "items": ["F-1", "F-2"]}
    assert sentence("amount_due", facts, "fr") == "Demande 1\u202f234,500\xa0TND, exigible sur F-1, F-2."
    assert sentence("amount_due", facts, "en") == "Asks for TND\xa01,234.500, due on F-1, F-2."
    spacing = {"last_contact_on": "2026-01-30", "days": 1, "until": "2026-02-04"}
    assert (
        sentence("spacing", spacing, "fr")
        == "Dernier contact le 30 janvier 2026 : 1 jour d’écart, pas avant le 4 février 2026."
    )
    assert (
        sentence("spacing", {**spacing, "days": 5}, "en")
        == "Last contact on 30 January 2026: 5 days apart, not before 4 February 2026."
    )


def test_a_time_is_read_where_the_claim_is() -> None:
    facts = {"task": "find_address", "opened_at": "2026-02-11T13:00+01:00"}
    assert (
        sentence("task_open", facts, "en")
        == "The task “find the address” has waited for an answer since 11 February 2026, 13:00."
    )


def test_the_first_of_a_month_is_an_ordinal_in_french() -> None:
    assert day(date(2026, 9, 1), "fr") == "1er septembre 2026"
    assert [day(date(2026, 9, 2), "fr"), day(date(2026, 9, 1), "en")] == ["2 septembre 2026", "1 September 2026"]


@pytest.mark.parametrize("code", sorted(SENTENCES["fr"]))
def test_french_calls_a_stage_etape_and_a_step_niveau_as_the_field_does(code: str) -> None:
    said = " ".join(SENTENCES["fr"][code]).lower()
    assert "phase" not in said
    assert "étape {step}" not in said


def test_many_items_are_counted() -> None:
    facts = {"amount": "10", "currency": "EUR", "items": [f"F-{n}" for n in range(40)]}
    assert sentence("amount_due", facts, "en").endswith("F-11 and 28 more.")


def test_a_users_own_codes_are_named_by_their_labels() -> None:
    facts = {"action_type": "our_visit"}
    assert sentence("confirmed", facts, "en").startswith("our_visit ")
    assert sentence("confirmed", facts, "en", {"our_visit": "Visit at home"}).startswith("Visit at home ")
    assert sentence("confirmed", {"action_type": "formal_notice"}, "fr").startswith("Mise en demeure ")


def test_a_code_that_nobody_worded_is_shown_as_it_is() -> None:
    assert sentence("of_a_later_version", {}, "fr") == "of_a_later_version"


def test_arabic_reads_french_for_now() -> None:
    assert sentence("resumed", {}, "ar") == sentence("resumed", {}, "fr")


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("stage", Stage), ("ending", Ending), ("channel", Channel), ("mode", Mode), ("outcome", Outcome),
        ("task_kind", TaskKind), ("task_state", TaskState), ("decision", Decision), ("on_expiry", OnExpiry),
        ("status_category", StatusCategory), ("item_kind", ItemKind), ("document_state", DocumentState),
        ("step_kind", StepKind), ("action_state", ActionState), ("entry", FACTS | REQUESTS),
        ("promise_state", PromiseState), ("arrangement_state", ArrangementState), ("offer_state", OfferState),
        ("offer_side", OfferSide),
    ],
)  # fmt: skip
def test_every_fixed_code_is_labelled_in_both_languages(kind: str, codes: Any) -> None:
    assert {str(code) for code in codes} - set(LABELS[kind]) == set()
    assert all(french and english for french, english in LABELS[kind].values())


def test_labels_are_read_by_language() -> None:
    assert (code_label("stage", "amicable", "fr"), code_label("stage", "amicable", "en")) == ("amiable", "amicable")
    assert (code_label("stage", "unheard_of", "fr"), catalogue_label("statuses", "ours", "en")) == (
        "unheard_of",
        "ours",
    )
