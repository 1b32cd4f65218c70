"""Bodies of the catalogue are read whole, or refused with everything that is wrong."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalogue import Conditions
from domain.catalogue_bodies import CalendarCorrections, NotACatalogueBody, read
from domain.claim import Channel, Mode, OnExpiry, Stage, StatusCategory
from tests.builders import ACTION_TYPES

TYPES = {kind.code: kind for kind in ACTION_TYPES}
SCENARIO: dict[str, Any] = {  # as in the HTTP contract
    "label": {"fr": "Standard"}, "minimum_amount": "10.00", "ignore_items_below": "1.50",
    "minimum_days_between_contacts": 5, "sending_days": ["mon", "sat"], "sending_hours": ["08:30", "17:00"],
    "public_holidays": False,
    "steps": [
        {"action_type": "reminder_1", "after": {"due_date": -5}, "mode": "automatic"},
        {"action_type": "formal_notice", "after": {"due_date": 30}, "expires_after_days": 9, "on_expiry": "wait"},
        {"action_type": "call", "after": {"previous_step": 7}, "if": {"minimum_balance": "500.00", "has_email": True}},
    ],
}  # fmt: skip


def refusals(kind: str, body: dict[str, Any], code: str = "ours") -> list[tuple[str, str]]:
    with pytest.raises(NotACatalogueBody) as refused:
        read(kind, code, body, action_types=TYPES)
    return [(refusal.path, refusal.code) for refusal in refused.value.refusals]


def test_a_scenario_reads_as_it_is_written() -> None:
    found = read("scenarios", "standard", SCENARIO, version=3, action_types=TYPES)
    assert (found.code, found.version, found.minimum_amount, found.ignore_items_below) == (
        "standard",
        3,
        Decimal("10.00"),
        Decimal("1.50"),
    )
    assert (found.sending_days, found.sending_hours, found.public_holidays) == (
        frozenset({0, 5}),
        (time(8, 30), time(17)),
        False,
    )
    reminder, notice, call = found.steps
    assert (reminder.after, reminder.days, reminder.mode, reminder.on_expiry) == (
        "due_date",
        -5,
        Mode.AUTOMATIC,
        OnExpiry.WITHDRAW,
    )
    assert (notice.mode, notice.expires_after_days, notice.on_expiry) == (Mode.TO_CONFIRM, 9, OnExpiry.WAIT)
    assert (call.after, call.days, call.mode) == ("previous_step", 7, Mode.MANUAL)
    assert call.conditions == Conditions(minimum_balance=Decimal("500.00"), has_email=True)


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"steps": []}, [("steps", "missing")]),
        ({"steps": "reminder_1"}, [("steps", "not_a_list"), ("steps", "missing")]),
        ({"label": None}, [("label", "missing")]),
        ({"label": {"fr": " "}}, [("label", "missing")]),
        ({"label": {}}, [("label", "missing")]),
        ({"sending_days": ["lundi"]}, [("sending_days", "not_allowed")]),
        ({"sending_hours": ["18:00", "09:00"]}, [("sending_hours", "not_allowed")]),
        ({"sending_hours": ["9", "18"]}, [("sending_hours", "not_allowed")]),
        ({"minimum_amount": "-1"}, [("minimum_amount", "not_an_amount")]),
        ({"minimum_amount": "NaN"}, [("minimum_amount", "not_an_amount")]),
        ({"minimum_amount": [1]}, [("minimum_amount", "not_an_amount")]),
        ({"minimum_days_between_contacts": 1.5}, [("minimum_days_between_contacts", "not_a_number_of_days")]),
        ({"public_holidays": "yes"}, [("public_holidays", "not_a_truth")]),
    ],
)
def test_a_scenario_that_cannot_be_is_refused_field_by_field(
    change: dict[str, Any], refused: list[tuple[str, str]]
) -> None:
    assert refusals("scenarios", {**SCENARIO, **change}) == refused


@pytest.mark.parametrize(
    ("step", "refused"),
    [
        ({"after": {"due_date": 1, "stage": 2}}, ("after", "not_allowed")),
        ({"after": {}}, ("after", "not_allowed")),
        ({"after": None}, ("after", "missing")),
        ({"after": {"due_date": "5"}}, ("after.due_date", "not_a_number_of_days")),
        ({"after": {"stage": -1}}, ("after.stage", "not_a_number_of_days")),
        ({"after": {"previous_step": 3}}, ("after", "no_previous_step")),
        ({"mode": "by_magic"}, ("mode", "not_allowed")),
        ({"action_type": "smoke_signal"}, ("action_type", "unknown_action_type")),
        ({"action_type": ""}, ("action_type", "missing")),
        ({"channels": ["pigeon"]}, ("channels", "not_allowed")),
        ({"expires_after_days": 0}, ("expires_after_days", "not_a_number_of_days")),
        ({"action_type": "formal_notice", "on_expiry": "send"}, ("on_expiry", "needs_a_person")),
        ({"action_type": "summons", "on_expiry": "send"}, ("on_expiry", "needs_a_person")),
        ({"if": {"debtor_kind": "ghost"}}, ("if.debtor_kind", "not_allowed")),
    ],
)
def test_a_step_that_cannot_be_is_refused(step: dict[str, Any], refused: tuple[str, str]) -> None:
    whole = {"action_type": "reminder_1", "after": {"due_date": 1}, **step}
    path, code = refused
    assert (f"steps[0].{path}", code) in refusals("scenarios", {**SCENARIO, "steps": [whole]})


def test_a_reminder_may_leave_when_nobody_answers() -> None:
    step = {"action_type": "reminder_1", "after": {"due_date": 1}, "mode": "to_confirm", "on_expiry": "send"}
    found = read("scenarios", "s", {**SCENARIO, "steps": [step]}, action_types=TYPES)
    assert found.steps[0].on_expiry is OnExpiry.SEND


def test_an_action_type_reads_as_it_is_written() -> None:
    body = {
        "label": {"fr": "Mise en demeure", "en": "Formal notice"}, "category": "amicable", "type": "notice",
        "channels": ["registered_letter", "letter", "email"], "template": "formal_notice", "mode": "to_confirm",
        "duration_days": 10, "reminder_days": 8, "automatic_fee": None, "proposes": {"stage": "litigation"},
        "default_agent": None,
    }  # fmt: skip
    found = read("action-types", "formal_notice", body)
    assert found.channels == (Channel.REGISTERED_LETTER, Channel.LETTER, Channel.EMAIL)
    assert (found.category, found.mode, found.duration_days, found.reminder_days) == (
        Stage.AMICABLE,
        Mode.TO_CONFIRM,
        10,
        8,
    )
    assert (found.automatic_fee, found.proposes) == (None, {"stage": "litigation"})


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"channels": []}, ("channels", "missing")),
        ({"category": "closed"}, ("category", "not_allowed")),
        ({"duration_days": -1}, ("duration_days", "not_a_number_of_days")),
        ({"proposes": {"stage": "nowhere"}}, ("proposes.stage", "not_allowed")),
    ],
)
def test_an_action_type_that_cannot_be_is_refused(change: dict[str, Any], refused: tuple[str, str]) -> None:
    body = {"label": {"fr": "x"}, "category": "amicable", "channels": ["email"], "mode": "automatic"}
    assert refused in refusals("action-types", {**body, **change})


def test_a_status_follows_up_after_seven_days_unless_it_says_otherwise() -> None:
    body = {"label": {"fr": "Litige prix"}, "category": "dispute"}
    assert read("statuses", "s", body).follow_up_days == 7
    found = read(
        "statuses",
        "s",
        {**body, "follow_up_days": 2, "specific_action": "ask_sales", "mode": "to_confirm", "internal_email": True},
    )
    assert (found.category, found.follow_up_days, found.specific_action) == (StatusCategory.DISPUTE, 2, "ask_sales")
    assert (found.mode, found.internal_email) == (Mode.TO_CONFIRM, True)
    assert refusals("statuses", {"label": {"fr": "x"}}) == [("category", "missing")]


def test_a_fee_has_an_amount_in_each_currency_with_its_own_decimals() -> None:
    found = read("fees", "notice", {"label": {"fr": "x"}, "amounts": {"EUR": "15.00", "TND": "20.500"}})
    assert (found.amounts, found.chargeable_to_debtor) == ({"EUR": Decimal("15.00"), "TND": Decimal("20.500")}, False)
    wrong = {"EUR": "15.001", "XXQ": "1", "TND": "0"}
    codes = refusals("fees", {"label": {"fr": "x"}, "amounts": wrong})
    assert codes == [
        ("amounts.EUR", "not_an_amount"),
        ("amounts.XXQ", "unknown_currency"),
        ("amounts.TND", "not_positive"),
    ]


def test_a_calendar_is_a_country_with_corrections() -> None:
    found = read("calendars", "TN", {"label": {"fr": "Tunisie"}, "add": ["2026-03-21"], "remove": []})
    assert found == CalendarCorrections("TN", frozenset({date(2026, 3, 21)}), frozenset())
    assert refusals("calendars", {"add": ["2026-02-30"]}) == [("add.0", "not_a_date")]


@pytest.mark.parametrize("code", ["", "a b", "x" * 61, "../up", "é"])
def test_a_code_is_short_and_plain(code: str) -> None:
    assert ("code", "not_a_code") in refusals("statuses", {"label": {"fr": "x"}, "category": "promise"}, code)


def test_a_creditors_code_is_theirs_to_choose() -> None:
    assert read("creditors", "Société Générale & fils", {"name": "SG"}).name == "SG"
    assert ("code", "not_a_code") in refusals("creditors", {"name": "SG"}, "a\nb")


SCALARS = st.sampled_from(
    [None, True, 0, -3, 2.5, float("nan"), "", "due_date", "email", "2026-01-01", "\x00", "9" * 40]
)
JSON: st.SearchStrategy[Any] = (
    SCALARS
    | st.lists(SCALARS | st.just({}), max_size=2)
    | st.dictionaries(st.sampled_from(["after", "EUR", "stage", "fr"]), SCALARS, max_size=2)
)
FIELDS = [*SCENARIO, "category", "channels", "mode", "amounts", "name", "add", "proposes", "address", "active"]
STEPS = st.lists(
    st.dictionaries(st.sampled_from(["action_type", "after", "if", "mode", "channels"]), JSON, max_size=4), max_size=2
)


@given(
    st.sampled_from(["scenarios", "action-types", "statuses", "fees", "creditors", "calendars"]),
    st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=5),
    STEPS,
)
def test_nonsense_is_refused_and_never_breaks_the_reader(kind: str, body: dict[str, Any], steps: list[Any]) -> None:
    with suppress(NotACatalogueBody):
        found = read(kind, "ours", {**body, "steps": steps}, action_types=TYPES)
        assert found.code == "ours" if kind != "calendars" else found.country
