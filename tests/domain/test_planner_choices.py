"""By which channel and by whom a step goes, how a claim ends, and what holds everything up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.claim import (
    ActionState,
    Channel,
    Ending,
    Mode,
    Origin,
    Outcome,
    Stage,
    Suspension,
    TaskKind,
)
from domain.planner import PlanImpossible, next_step
from domain.steps import StepKind
from tests.builders import (
    a_catalogue,
    a_claim,
    a_contact,
    a_debtor,
    a_payment,
    a_scenario,
    a_step,
    a_task,
    an_action,
    an_address,
    an_item,
    at,
    money,
)
from tests.domain.telling import codes, facts, leaves_on

CATALOGUE = a_catalogue()
EARLY = at("2026-01-06")


# ---- by which channel, and by whom -----------------------------------------------------------

NOWHERE = a_debtor(addresses=(), contacts=())
BY_POST = a_debtor(contacts=(a_contact(valid=False),))
OPTED_OUT = a_debtor(contacts=(a_contact(opted_out=("email",)),))


@pytest.mark.parametrize(
    ("debtor", "kind", "channel", "reason"),
    [
        (a_debtor(), StepKind.SEND_EMAIL, Channel.EMAIL, "usual_channel"),
        (a_debtor(preferred_channel="letter"), StepKind.SEND_LETTER, Channel.LETTER, "preferred_channel"),
        (BY_POST, StepKind.SEND_LETTER, Channel.LETTER, "fallback_channel"),
        (OPTED_OUT, StepKind.SEND_LETTER, Channel.LETTER, "fallback_channel"),
        (a_debtor(preferred_channel="letter", addresses=(an_address(valid=False),)), StepKind.SEND_EMAIL, Channel.EMAIL, "fallback_channel"),
        (a_debtor(preferred_channel="visit"), StepKind.SEND_EMAIL, Channel.EMAIL, "usual_channel"),
    ],
)  # fmt: skip
def test_bad_contact_details_fall_back_from_email_to_letter(
    debtor: Any, kind: StepKind, channel: Channel, reason: str
) -> None:
    step = next_step(a_claim(debtor=debtor), CATALOGUE, EARLY).step
    assert (step.kind, step.channel) == (kind, channel)
    assert reason in codes(step)


def test_without_any_address_a_person_is_asked_to_find_it_once() -> None:
    claim = a_claim(debtor=NOWHERE)
    asked = next_step(claim, CATALOGUE, EARLY).step
    assert (asked.kind, asked.task_kind, asked.scenario_step) == (StepKind.ASK, "find_address", 0)
    assert "no_usable_address" in codes(asked)
    task = a_task(
        kind=TaskKind.FIND_ADDRESS,
        action_type="find_address",
        step=0,
        reminds_at=None,
        escalates_at=None,
        expires_at=None,
    )
    waits = next_step(replace(claim, tasks=(task,)), CATALOGUE, at("2026-01-30")).step
    assert (waits.kind, waits.due_at, waits.waiting_for) == (StepKind.WAIT, None, "person")
    found = next_step(replace(claim, tasks=(task,), debtor=BY_POST), CATALOGUE, EARLY).step
    assert found.kind is StepKind.SEND_LETTER


@pytest.mark.parametrize(
    ("action_type", "mode", "kind", "task_kind"),
    [
        ("reminder_1", Mode.AUTOMATIC, StepKind.SEND_EMAIL, ""),
        ("reminder_1", Mode.TO_CONFIRM, StepKind.ASK, "confirm_action"),
        ("reminder_1", Mode.MANUAL, StepKind.ASK, "do_action"),
        ("formal_notice", Mode.TO_CONFIRM, StepKind.ASK, "confirm_action"),
        ("call", Mode.MANUAL, StepKind.ASK, "do_action"),
        ("call", Mode.AUTOMATIC, StepKind.ASK, "do_action"),
    ],
)
def test_the_steps_mode_decides_who_acts(action_type: str, mode: Mode, kind: StepKind, task_kind: str) -> None:
    step = next_step(a_claim(), a_catalogue(a_step(action_type, 5, mode=mode)), EARLY).step
    assert (step.kind, step.task_kind, step.mode) == (kind, task_kind, mode)


# ---- the end ---------------------------------------------------------------------------------


def test_a_claim_is_closed_as_paid_when_nothing_is_owed() -> None:
    step = next_step(a_claim(payments=(a_payment(amount="1000"),)), CATALOGUE, at("2026-01-16")).step
    assert (step.kind, step.ending, facts(step, "nothing_owed")["paid"]) == (StepKind.CLOSE, "paid", "1000.00")


def test_a_person_may_end_a_claim_that_still_owes() -> None:
    step = next_step(a_claim(closing=Ending.WRITTEN_OFF), CATALOGUE, EARLY).step
    assert (step.kind, step.ending) == (StepKind.CLOSE, "written_off")


def test_a_closed_claim_closes_again() -> None:
    closed = a_claim(stage=Stage.CLOSED, ending=Ending.IRRECOVERABLE)
    assert next_step(closed, CATALOGUE, EARLY).step.ending == "irrecoverable"


def test_what_may_have_left_is_settled_before_anything_else() -> None:
    unsure = an_action(1, state=ActionState.SENDING)
    step = next_step(a_claim(actions=(unsure,)), CATALOGUE, at("2026-01-20")).step
    assert (step.kind, step.action_id, step.key) == (StepKind.SEND_EMAIL, str(unsure.id), "claim/R26-0000001/1")


def test_a_payment_stops_even_a_repetition_of_what_may_have_left() -> None:
    unsure = an_action(1, state=ActionState.SENDING)
    paid = a_claim(actions=(unsure,), payments=(a_payment(amount="1000"),))
    assert next_step(paid, CATALOGUE, at("2026-01-20")).step.kind is StepKind.CLOSE


# ---- held up ---------------------------------------------------------------------------------


def test_nothing_leaves_while_the_claim_is_suspended() -> None:
    until = date(2026, 3, 2)
    confirmed = an_action(1, state=ActionState.CONFIRMED)
    decided = next_step(
        a_claim(actions=(confirmed,), suspended=Suspension("insolvency", until)), CATALOGUE, at("2026-02-01")
    )
    assert (decided.step.kind, decided.step.due_at) == (StepKind.WAIT, at("2026-03-01", 23))
    assert [found.held_until for found in decided.not_now] == [until]
    assert facts(decided.step, "suspended") == {"until": "2026-03-02"}
    after = next_step(
        a_claim(actions=(confirmed,), suspended=Suspension("insolvency", until)), CATALOGUE, at(until)
    ).step
    assert after.kind is StepKind.SEND_EMAIL


def test_a_suspension_without_an_end_waits_for_news() -> None:
    decided = next_step(a_claim(suspended=Suspension("insolvency")), CATALOGUE, at("2026-02-01"))
    assert (decided.step.kind, decided.step.due_at, decided.step.waiting_for) == (StepKind.WAIT, None, "nothing")
    assert [found.step.action_type for found in decided.not_now] == ["reminder_2"]  # the step that fits the age


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ([a_step("smoke_signal", 5)], "unknown_action_type"),
        ([a_step("reminder_1", 5, after="full_moon")], "unknown_anchor"),
    ],
)
def test_a_plan_that_cannot_be_computed_says_why(steps: list[Any], code: str) -> None:
    with pytest.raises(PlanImpossible) as impossible:
        next_step(a_claim(), a_catalogue(scenario=a_scenario(*steps)), EARLY)
    assert impossible.value.code == code
    assert impossible.value.facts["step"] == 0


def test_a_step_withdrawn_before_it_left_is_still_to_come() -> None:
    gone = an_action(1, step=0, outcome=Outcome.WITHDRAWN)
    step = next_step(a_claim(actions=(gone,)), CATALOGUE, at("2026-01-20", 10)).step
    assert (step.scenario_step, step.key) == (0, "claim/R26-0000001/2")


@pytest.mark.parametrize(
    "outcome", [Outcome.SENT, Outcome.DONE, Outcome.SKIPPED, Outcome.EXPIRED, Outcome.OVERRIDDEN, Outcome.FAILED]
)
def test_a_step_that_had_its_turn_does_not_come_again(outcome: Outcome) -> None:
    had = an_action(1, step=0, outcome=outcome)
    assert next_step(a_claim(actions=(had,)), CATALOGUE, at("2026-01-20", 10)).step.scenario_step == 1


def test_a_step_after_one_that_was_replaced_counts_from_the_replacement() -> None:
    catalogue = a_catalogue(a_step("reminder_1", 5), a_step("reminder_2", 7, after="previous_step"))
    first = an_action(1, step=0, outcome=Outcome.OVERRIDDEN, done_at=at("2026-01-19"))
    instead = an_action(
        2,
        action_type="call",
        step=None,
        origin=Origin.MANUAL,
        channel=Channel.CALL,
        replaces=first.id,
        outcome=Outcome.DONE,
        done_at=at("2026-01-22"),
    )
    step = next_step(a_claim(actions=(first, instead)), catalogue, at("2026-01-23")).step
    assert leaves_on(step) == date(2026, 1, 29)


def test_amounts_are_asked_in_the_claims_own_currency() -> None:
    claim = a_claim(
        an_item(amount="1234.5", currency="TND"), currency="TND", payments=(a_payment(amount="0.001", currency="TND"),)
    )
    assert facts(next_step(claim, CATALOGUE, at("2026-01-16")).step, "amount_due")["amount"] == str(
        money("1234.499", "TND")
    )
