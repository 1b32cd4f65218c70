"""When and by which way the debtor may be contacted: the cap over all his claims, the law's hours, holidays, opt-outs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalogue import Catalogue, ContactCap, CountryPack, Dated
from domain.catalogue_bodies import NotACatalogueBody, read
from domain.claim import ActionState, Channel, Claim, Mode
from domain.contact_law import first_free_day
from domain.planner import next_step
from domain.steps import PlanImpossible, StepKind
from tests.builders import (
    DUE_ON,
    a_calendar,
    a_catalogue,
    a_claim,
    a_contact,
    a_creditor,
    a_debtor,
    a_step,
    an_action,
    an_action_type,
    an_address,
    at,
)
from tests.domain.telling import codes, facts, held, leaves_on

LATE = at("2026-03-02", 10)  # all three steps have fallen due
CAP = {"contacts": 2, "days": 7}


def of_law(**parameters: str) -> dict[str, CountryPack]:
    """A country pack for FR with these parameters, in force since 2020."""
    dated = {name: (Dated(value, date(2020, 1, 1), None, "a source"),) for name, value in parameters.items()}
    return {"FR": CountryPack("FR", dated)}


def capped_by_creditor(contacts: int = 2, days: int = 7, **given_: Any) -> Catalogue:
    return a_catalogue(creditor=a_creditor(contact_cap=ContactCap(contacts, days)), **given_)


def contacted(*days: str) -> Claim:
    """A claim whose debtor was contacted on those days about other claims."""
    return a_claim(contacts_elsewhere=tuple(at(day) for day in days))


# ---- one debtor = one voice ------------------------------------------------------------------


def test_without_a_cap_contacts_on_other_claims_hold_nothing_back() -> None:
    step = next_step(contacted("2026-03-01", "2026-03-02", "2026-03-02"), a_catalogue(), LATE).step
    assert (step.due_at, step.scenario_step) == (LATE, 2)


def test_the_cap_counts_the_contacts_on_all_claims_of_the_debtor() -> None:
    decided = next_step(contacted("2026-02-27", "2026-03-01"), capped_by_creditor(), LATE)
    assert leaves_on(decided.step) == date(2026, 3, 6)  # 27 February and seven days
    assert held(decided)["contact_cap"] == {"contacts": 2, "days": 7, "until": "2026-03-06"}
    assert [found.held_until for found in decided.not_now] == [date(2026, 3, 6)]


def test_the_cap_counts_this_claims_own_contacts_too() -> None:
    claim = replace(
        contacted("2026-03-01"), actions=(an_action(1, step=0, done_at=at("2026-02-27")),), sequence=1
    )  # fmt: skip
    assert leaves_on(next_step(claim, capped_by_creditor(), LATE).step) == date(2026, 3, 6)


def test_what_the_cap_lets_through_leaves_at_once() -> None:
    assert next_step(contacted("2026-02-23", "2026-03-01"), capped_by_creditor(), LATE).step.due_at == LATE


def test_what_the_cap_held_back_is_caught_up_once_with_the_step_that_fits_then() -> None:
    """The first two reminders fall due while the cap holds: one letter leaves after it, not three."""
    claim = contacted("2026-01-18", "2026-01-19")
    decided = next_step(claim, capped_by_creditor(days=20), at("2026-01-20"))
    step = decided.step
    assert (step.scenario_step, step.passes_over, leaves_on(step)) == (1, (0,), date(2026, 2, 9))
    assert "contact_cap" in codes(step)
    assert [(found.step.scenario_step, found.held_until) for found in decided.not_now] == [(0, date(2026, 2, 9))]


@pytest.mark.parametrize(("of_creditor", "law", "day"), [(7, "2/20", "2026-03-19"), (20, "2/7", "2026-03-19")])
def test_of_two_caps_the_stricter_wins(of_creditor: int, law: str, day: str) -> None:
    catalogue = replace(capped_by_creditor(days=of_creditor), countries=of_law(contact_cap=law))
    step = next_step(contacted("2026-02-27", "2026-03-01"), catalogue, LATE).step
    assert leaves_on(step) == date.fromisoformat(day)


def test_a_cap_of_the_law_acts_from_its_date_on() -> None:
    later = (Dated("1/30", date(2026, 3, 10), None, "a source"),)
    catalogue = replace(a_catalogue(), countries={"FR": CountryPack("FR", {"contact_cap": later})})
    claim = contacted("2026-02-27")
    assert next_step(claim, catalogue, LATE).step.due_at == LATE
    assert leaves_on(next_step(claim, catalogue, at("2026-03-11", 10)).step) == date(
        2026, 3, 30
    )  # the 29th is a Sunday


def test_what_a_person_confirmed_waits_for_the_cap_as_well() -> None:
    confirmed = an_action(1, action_type="formal_notice", step=2, state=ActionState.CONFIRMED, decided_by="leila")
    claim = replace(contacted("2026-02-27", "2026-03-01"), actions=(confirmed,), sequence=1)
    step = next_step(claim, capped_by_creditor(), LATE).step
    assert (leaves_on(step), codes(step)) == (date(2026, 3, 6), ["confirmed", "contact_cap"])


def test_an_internal_email_is_no_contact_with_the_debtor() -> None:
    internal = an_action_type("ask_sales", channels=(Channel.INTERNAL_EMAIL,))
    catalogue = capped_by_creditor(
        1, 30, action_types=(internal,), scenario=a_catalogue(a_step("ask_sales", 5)).scenario
    )  # fmt: skip
    claim = contacted("2026-03-01")
    assert next_step(claim, catalogue, LATE).step.due_at == LATE
    own = an_action(1, channel=Channel.INTERNAL_EMAIL, done_at=at("2026-03-01"))
    assert next_step(a_claim(actions=(own,)), capped_by_creditor(1, 30), LATE).step.due_at == LATE


DAYS = st.integers(0, 40).map(lambda days: DUE_ON + timedelta(days=days))


@given(st.lists(DAYS, max_size=8), DAYS, st.integers(1, 3), st.integers(1, 10))
def test_a_contact_on_the_day_found_breaks_no_window_and_no_earlier_day_would_do(
    known: list[date], day: date, contacts: int, days: int
) -> None:
    def breaks(on: date) -> bool:
        around = sorted([*known, on])
        return any(
            around[n + contacts] - around[n] < timedelta(days=days) and around[n] <= on <= around[n + contacts]
            for n in range(len(around) - contacts)
        )

    found = first_free_day(day, known, ContactCap(contacts, days))
    assert not breaks(found)
    assert all(breaks(day + timedelta(days=n)) for n in range((found - day).days))


# ---- the law's days and hours ----------------------------------------------------------------


def test_quiet_hours_of_the_country_narrow_the_scenarios_own() -> None:
    catalogue = a_catalogue(sending_hours=(time(6), time(23)))
    lawful = replace(catalogue, countries=of_law(quiet_hours="20:00-08:00"))
    early = at("2026-03-02", 5, 30)  # 06:30 in Paris
    assert next_step(a_claim(), catalogue, early).step.due_at == early
    due_at = next_step(a_claim(), lawful, early).step.due_at
    assert due_at is not None
    assert at("2026-03-02", 7) <= due_at < at("2026-03-02", 19)


def test_days_without_contact_of_the_country_are_no_sending_days() -> None:
    lawful = replace(a_catalogue(), countries=of_law(contact_days="tue,wed,thu,fri"))
    assert leaves_on(next_step(a_claim(), lawful, LATE).step) == date(2026, 3, 3)


def test_the_laws_hours_hold_for_what_a_person_confirmed_in_the_evening() -> None:
    confirmed = an_action(1, step=0, state=ActionState.CONFIRMED, decided_by="leila")
    claim, evening = a_claim(actions=(confirmed,)), at("2026-03-02", 21)
    assert next_step(claim, a_catalogue(), evening).step.due_at == evening
    step = next_step(claim, replace(a_catalogue(), countries=of_law(quiet_hours="20:00-08:00")), evening).step
    assert (leaves_on(step), codes(step)) == (date(2026, 3, 3), ["confirmed", "lawful_hours"])


def test_a_law_that_leaves_no_hour_is_said_not_guessed_around() -> None:
    night = replace(a_catalogue(sending_hours=(time(6), time(8))), countries=of_law(quiet_hours="20:00-08:00"))
    with pytest.raises(PlanImpossible) as impossible:
        next_step(a_claim(), night, LATE)
    assert impossible.value.code == "no_sending_hours"


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("contact_cap", "2"), ("contact_cap", "0/7"), ("quiet_hours", "08:00-20:00"), ("contact_days", "monday"),
        ("contact_on_holidays", "perhaps"),
    ],
)  # fmt: skip
def test_a_parameter_in_no_known_form_is_refused_and_never_read_as_nothing(parameter: str, value: str) -> None:
    body = {"parameters": {parameter: [{"since": "2020-01-01", "value": value, "source": "x"}]}}
    with pytest.raises(NotACatalogueBody):
        read("countries", "FR", body)
    with pytest.raises(PlanImpossible):  # written before the form was checked
        next_step(a_claim(), replace(a_catalogue(), countries=of_law(**{parameter: value})), LATE)


@pytest.mark.parametrize("cap", [{"contacts": 2}, {"contacts": 0, "days": 7}, {"contacts": "2", "days": 7}, "2/7"])
def test_a_creditors_cap_needs_both_its_numbers(cap: Any) -> None:
    assert read("creditors", "ACME", {"name": "ACME", "contact_cap": CAP}).contact_cap == ContactCap(2, 7)
    assert read("creditors", "ACME", {"name": "ACME"}).contact_cap is None
    with pytest.raises(NotACatalogueBody):
        read("creditors", "ACME", {"name": "ACME", "contact_cap": cap})


def test_nothing_leaves_on_a_public_holiday_of_the_debtors_country() -> None:
    holiday = replace(a_catalogue(), calendar=a_calendar(date(2026, 1, 19)))
    assert leaves_on(next_step(a_claim(), holiday, at("2026-01-06")).step) == date(2026, 1, 20)
    allowed = replace(holiday, scenario=replace(holiday.scenario, public_holidays=False))
    assert leaves_on(next_step(a_claim(), allowed, at("2026-01-06")).step) == date(2026, 1, 19)
    forbidden = replace(allowed, countries=of_law(contact_on_holidays="no"))
    assert leaves_on(next_step(a_claim(), forbidden, at("2026-01-06")).step) == date(2026, 1, 20)


# ---- missing or bad contact data, and opt-outs -----------------------------------------------

NO_EMAIL = a_contact(email="", phone="")
CALLED = a_catalogue(a_step("call", 5, mode=Mode.MANUAL), a_step("reminder_2", 15))
EARLY = at("2026-01-06")


@pytest.mark.parametrize(
    ("debtor", "kind", "channel", "task"),
    [
        (a_debtor(), StepKind.SEND_EMAIL, Channel.EMAIL, ""),
        (a_debtor(contacts=(NO_EMAIL,)), StepKind.SEND_LETTER, Channel.LETTER, ""),
        (a_debtor(contacts=(NO_EMAIL,), addresses=(an_address(valid=False),)), StepKind.ASK, None, "find_address"),
    ],
)  # fmt: skip
def test_missing_contact_data_falls_back_from_email_to_letter_to_the_task_find_the_address(
    debtor: Any, kind: StepKind, channel: Channel | None, task: str
) -> None:
    step = next_step(a_claim(debtor=debtor), a_catalogue(), EARLY).step
    assert (step.kind, step.channel, step.task_kind) == (kind, channel, task)


@pytest.mark.parametrize("channel", [Channel.CALL, Channel.SMS])
def test_a_call_and_a_text_message_need_a_telephone(channel: Channel) -> None:
    kind = an_action_type("call", channels=(channel,), mode=Mode.MANUAL)
    catalogue = replace(CALLED, action_types={**CALLED.action_types, "call": kind})
    assert next_step(a_claim(), catalogue, EARLY).step.task_kind == "do_action"
    step = next_step(a_claim(debtor=a_debtor(contacts=(a_contact(phone=""),))), catalogue, EARLY).step
    assert (step.task_kind, step.scenario_step) == ("find_address", 0)
    assert facts(step, "no_usable_address") == {"channels": [channel.value]}
    other = replace(kind, channels=(channel, Channel.LETTER))
    catalogue = replace(catalogue, action_types={**CALLED.action_types, "call": other})
    step = next_step(a_claim(debtor=a_debtor(contacts=(a_contact(phone=""),))), catalogue, EARLY).step
    assert (step.channel, facts(step, "fallback_channel")["instead_of"]) == (Channel.LETTER, channel.value)


def test_a_visit_needs_an_address() -> None:
    kind = an_action_type("call", channels=(Channel.VISIT,), mode=Mode.MANUAL)
    catalogue = replace(CALLED, action_types={**CALLED.action_types, "call": kind})
    assert next_step(a_claim(), catalogue, EARLY).step.channel is Channel.VISIT
    assert next_step(a_claim(debtor=a_debtor(addresses=())), catalogue, EARLY).step.task_kind == "find_address"


def test_a_debtor_who_opted_out_of_calls_is_not_called_and_the_scenario_goes_on() -> None:
    debtor = a_debtor(contacts=(a_contact(opted_out=("call",)),))
    decided = next_step(a_claim(debtor=debtor), CALLED, EARLY)
    assert (decided.step.scenario_step, decided.step.kind) == (1, StepKind.SEND_EMAIL)
    assert held(decided)["opted_out"] == {"action_type": "call", "channels": ["call"]}


def test_an_opt_out_of_one_person_leaves_the_others_reachable() -> None:
    colleague = replace(a_contact(), id=a_debtor().id, phone="+33499999999")
    debtor = a_debtor(contacts=(a_contact(opted_out=("call",)), colleague))
    assert next_step(a_claim(debtor=debtor), CALLED, EARLY).step.channel is Channel.CALL


def test_who_opted_out_of_email_gets_a_letter() -> None:
    step = next_step(a_claim(debtor=a_debtor(contacts=(a_contact(opted_out=("email",)),))), a_catalogue(), EARLY).step
    assert (step.kind, "fallback_channel" in codes(step)) == (StepKind.SEND_LETTER, True)


def test_contacts_in_the_night_count_on_the_claims_own_day() -> None:
    """Half past eleven in the evening of the 26th in UTC is the 27th in Paris."""
    claim = a_claim(contacts_elsewhere=(datetime(2026, 2, 26, 23, 30, tzinfo=LATE.tzinfo),))
    assert leaves_on(next_step(claim, capped_by_creditor(1, 4), LATE).step) == date(2026, 3, 3)
