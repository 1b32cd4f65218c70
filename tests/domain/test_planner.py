"""What must hold of a scenario (design/domain.md), one test for each sentence; see test_planner_properties.py too."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.catalogue import Conditions
from domain.claim import (
    ActionState,
    Channel,
    Ending,
    ItemKind,
    Mode,
    Origin,
    Outcome,
    Stage,
    Suspension,
    Takeover,
    TaskKind,
    Values,
)
from domain.planner import PlanImpossible, next_step
from domain.steps import Decided, Step, StepKind
from tests.builders import (
    DUE_ON,
    a_catalogue,
    a_claim,
    a_contact,
    a_debtor,
    a_disputed,
    a_payment,
    a_promised,
    a_scenario,
    a_step,
    a_task,
    an_action,
    an_address,
    an_item,
    at,
    money,
)

CATALOGUE = a_catalogue()
EARLY = at("2026-01-06")


def codes(found: Step) -> list[str]:
    return [reason.code for reason in found.why]


def facts(found: Step, code: str) -> dict[str, Any]:
    return next(reason.facts for reason in found.why if reason.code == code)


def held(decided: Decided) -> dict[str, Any]:
    return {reason.code: reason.facts for found in decided.not_now for reason in found.why}


def leaves_on(found: Step) -> date:
    assert found.due_at is not None
    return found.due_at.astimezone(ZoneInfo("Europe/Paris")).date()


def done(*steps: int, on: datetime | None = None) -> tuple[Any, ...]:
    return tuple(
        an_action(n, step=step, done_at=on or at(DUE_ON + timedelta(days=5))) for n, step in enumerate(steps, 1)
    )


# ---- the scenario ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("taken", "index", "day"),
    [((), 0, "2026-01-19"), ((0,), 1, "2026-01-27"), ((0, 1), 2, "2026-02-11")],  # +5 is a Saturday
)
def test_each_step_leaves_its_days_after_the_due_date(taken: tuple[int, ...], index: int, day: str) -> None:
    step = next_step(a_claim(actions=done(*taken, on=EARLY)), CATALOGUE, EARLY).step
    assert (step.scenario_step, leaves_on(step).isoformat()) == (index, day)


def test_a_step_never_moves_from_the_leading_items_date_without_saying_so() -> None:
    step = next_step(a_claim(), CATALOGUE, EARLY).step
    assert facts(step, "moved_to_sending_day") == {"from": "2026-01-17", "to": "2026-01-19"}
    assert facts(step, "step_after_due_date") == {
        "step": 0, "action_type": "reminder_1", "days": 5, "item": "F-1", "due_on": "2026-01-12",
    }  # fmt: skip


def test_a_step_is_not_skipped_because_the_leading_item_changed() -> None:
    paid_first = a_claim(
        an_item("F-1"), an_item("F-2", due_on=DUE_ON + timedelta(days=20)),
        actions=done(0), payments=(a_payment(amount="1000"),),
    )  # fmt: skip
    step = next_step(paid_first, CATALOGUE, at("2026-01-20")).step
    assert (step.scenario_step, leaves_on(step)) == (1, date(2026, 2, 16))
    assert facts(step, "step_after_due_date")["item"] == "F-2"


def test_a_step_is_not_repeated_because_an_older_item_arrived() -> None:
    older = a_claim(an_item("F-1"), an_item("F-0", due_on=DUE_ON - timedelta(days=3)), actions=done(0))
    step = next_step(older, CATALOGUE, at("2026-01-20")).step
    assert (step.scenario_step, facts(step, "step_after_due_date")["item"]) == (1, "F-0")


def test_a_step_is_not_repeated_because_its_item_was_part_paid() -> None:
    part_paid = a_claim(actions=done(0), payments=(a_payment(amount="400"),))
    assert next_step(part_paid, CATALOGUE, at("2026-01-20")).step.scenario_step == 1


def test_a_partly_paid_item_is_still_reminded_for_what_remains() -> None:
    step = next_step(a_claim(payments=(a_payment(amount="400"),)), CATALOGUE, at("2026-01-16")).step
    assert facts(step, "amount_due")["amount"] == "600.00"


def test_a_run_missed_for_days_is_caught_up_once_with_the_step_that_fits_the_age() -> None:
    step = next_step(a_claim(), CATALOGUE, at("2026-03-02", 10)).step
    assert (step.scenario_step, step.passes_over, step.due_at) == (2, (0, 1), at("2026-03-02", 10))
    assert step.key == "claim/R26-0000001/3"
    assert facts(step, "catching_up") == {"steps": ["1", "2"]}
    assert facts(step, "late") == {"due_on": "2026-02-11", "leaves_on": "2026-03-02"}


def test_catching_up_waits_for_the_sending_hours() -> None:
    step = next_step(a_claim(), CATALOGUE, at("2026-02-28", 10)).step  # a Saturday
    assert leaves_on(step) == date(2026, 3, 2)
    assert facts(step, "held_to_sending_hours")["leaves_on"] == "2026-03-02"


def test_catching_up_takes_the_step_that_will_fit_when_something_may_leave() -> None:
    """On Sunday evening the second step is Monday's: the first one does not leave just before it."""
    monday_is_step_two = DUE_ON - timedelta(days=7)
    claim = a_claim(an_item(due_on=monday_is_step_two + timedelta(days=4)))  # +15 is Saturday 24 January
    step = next_step(claim, CATALOGUE, at("2026-01-25", 20)).step
    assert (step.scenario_step, step.passes_over, leaves_on(step)) == (1, (0,), date(2026, 1, 26))


def test_catching_up_is_followed_by_the_spacing_rule() -> None:
    catalogue = a_catalogue(
        a_step("reminder_1", 5), a_step("reminder_2", 15), a_step("last_reminder", 16), minimum_days_between_contacts=5
    )
    late = a_claim(actions=done(0, 1, on=at("2026-01-30")))
    decided = next_step(late, catalogue, at("2026-01-30", 13))
    assert leaves_on(decided.step) == date(2026, 2, 4)
    assert held(decided)["spacing"] == {"last_contact_on": "2026-01-30", "days": 5, "until": "2026-02-04"}


def test_two_steps_of_one_day_are_both_taken() -> None:
    catalogue = a_catalogue(a_step("reminder_1", 7), a_step("call", 7, mode=Mode.MANUAL))
    first = next_step(a_claim(), catalogue, EARLY).step
    then = next_step(a_claim(actions=done(0, on=at("2026-01-19"))), catalogue, at("2026-01-19", 13)).step
    assert (first.scenario_step, first.passes_over) == (0, ())
    assert (then.scenario_step, then.kind, leaves_on(then)) == (1, StepKind.ASK, date(2026, 1, 19))


def test_a_step_after_the_previous_one_counts_from_the_day_it_was_taken() -> None:
    catalogue = a_catalogue(a_step("reminder_1", 5), a_step("call", 7, after="previous_step", mode=Mode.MANUAL))
    step = next_step(a_claim(actions=done(0, on=at("2026-01-28"))), catalogue, at("2026-01-29")).step
    assert leaves_on(step) == date(2026, 2, 4)
    assert facts(step, "step_after_previous") == {
        "step": 1, "action_type": "call", "days": 7, "previous_on": "2026-01-28",
    }  # fmt: skip


def test_catching_up_never_jumps_to_a_step_that_follows_one_not_taken() -> None:
    catalogue = a_catalogue(a_step("formal_notice", 30), a_step("call", 20, after="previous_step", mode=Mode.MANUAL))
    assert next_step(a_claim(), catalogue, at("2026-09-01")).step.scenario_step == 0


def test_a_step_before_the_due_date_announces_what_comes_due() -> None:
    step = next_step(a_claim(), a_catalogue(a_step("reminder_1", -3)), EARLY).step
    assert (leaves_on(step), facts(step, "coming_due")["amount"]) == (date(2026, 1, 9), "1000.00")


@pytest.mark.parametrize("status", ["promised", "disputed"])
def test_a_reminder_never_asks_for_a_promised_or_disputed_item(status: str) -> None:
    other = an_item("F-2", amount="70", due_on=DUE_ON + timedelta(days=1))
    off = a_promised(an_item("F-1"), date(2026, 2, 1)) if status == "promised" else a_disputed(an_item("F-1"))
    decided = next_step(a_claim(off, other), CATALOGUE, EARLY)
    assert facts(decided.step, "amount_due") == {"amount": "70.00", "currency": "EUR", "items": ["F-2"]}
    assert held(decided)[status]["items"] == ["F-1"]
    alone = next_step(a_claim(off), CATALOGUE, at("2026-05-01"))
    assert (alone.step.kind, alone.step.due_at, codes(alone.step)) == (StepKind.WAIT, None, ["nothing_to_chase"])


def test_a_reminder_never_asks_for_a_paid_item() -> None:
    claim = a_claim(an_item("F-1"), an_item("F-2", amount="70", due_on=DUE_ON), payments=(a_payment(amount="1000"),))
    assert facts(next_step(claim, CATALOGUE, at("2026-01-16")).step, "amount_due")["items"] == ["F-2"]


def test_no_item_without_a_due_date_is_chased() -> None:
    decided = next_step(a_claim(an_item(due_on=None)), CATALOGUE, at("2026-06-01"))
    assert (decided.step.kind, decided.step.due_at) == (StepKind.WAIT, None)
    assert held(decided)["no_due_date"] == {"items": ["F-1"], "amount": "1000.00", "currency": "EUR"}


def test_items_below_the_scenarios_threshold_are_ignored() -> None:
    catalogue = a_catalogue(ignore_items_below=Decimal(50))
    claim = a_claim(an_item("F-0", amount="49.99", due_on=DUE_ON - timedelta(days=30)), an_item("F-1"))
    assert facts(next_step(claim, catalogue, EARLY).step, "step_after_due_date")["item"] == "F-1"


def test_nothing_is_chased_below_the_minimum_amount_until_more_comes_due() -> None:
    catalogue = a_catalogue(minimum_amount=Decimal(100))
    small = an_item("F-1", amount="60")
    alone = next_step(a_claim(small), catalogue, EARLY)
    assert (alone.step.kind, alone.step.due_at) == (StepKind.WAIT, None)
    assert held(alone)["minimum_amount"]["minimum"] == "100"
    more = next_step(a_claim(small, an_item("F-2", amount="60", due_on=date(2026, 2, 12))), catalogue, EARLY)
    assert (more.step.scenario_step, more.step.passes_over, leaves_on(more.step)) == (2, (0, 1), date(2026, 2, 12))
    assert facts(more.step, "amount_due")["amount"] == "120.00"


@pytest.mark.parametrize(
    ("conditions", "code"),
    [
        ({"minimum_balance": "2000.00"}, "balance_below_condition"),
        ({"debtor_kind": "person"}, "other_debtor_kind"),
        ({"language": "en"}, "other_language"),
        ({"has_email": False}, "email_not_wanted"),
    ],
)
def test_a_step_whose_condition_does_not_hold_does_not_fall_due(conditions: dict[str, Any], code: str) -> None:
    if "minimum_balance" in conditions:
        conditions = {"minimum_balance": Decimal(conditions["minimum_balance"])}
    catalogue = a_catalogue(a_step("reminder_1", 5, conditions=Conditions(**conditions)), a_step("reminder_2", 15))
    decided = next_step(a_claim(), catalogue, EARLY)
    assert (decided.step.scenario_step, decided.step.passes_over, decided.step.key) == (1, (), "claim/R26-0000001/1")
    assert code in held(decided)


def test_a_step_of_another_stage_does_not_fall_due() -> None:
    catalogue = a_catalogue(a_step("summons", 5, mode=Mode.MANUAL), a_step("reminder_1", 10))
    decided = next_step(a_claim(), catalogue, EARLY)
    assert decided.step.action_type == "reminder_1"
    assert held(decided)["other_stage"] == {"action_type": "summons", "category": "litigation", "stage": "amicable"}


def test_a_claim_collected_elsewhere_goes_on_from_there() -> None:
    takeover = Takeover(stage=Stage.AMICABLE, last_action_type="reminder_1", last_action_on=date(2026, 1, 26))
    catalogue = a_catalogue(minimum_days_between_contacts=4)
    step = next_step(a_claim(takeover=takeover), catalogue, at("2026-01-27", 7)).step
    assert (step.scenario_step, step.passes_over, leaves_on(step)) == (1, (), date(2026, 1, 30))


def test_a_scenario_at_its_end_waits_for_news_and_says_so() -> None:
    step = next_step(a_claim(actions=done(0, 1, 2)), CATALOGUE, at("2026-06-01")).step
    assert (step.kind, step.due_at, step.waiting_for, codes(step)) == (
        StepKind.WAIT,
        None,
        "nothing",
        ["scenario_finished"],
    )


def test_global_values_are_chased_from_the_day_the_claim_was_opened() -> None:
    claim = a_claim(values=Values.GLOBAL, global_amounts={"loan": "500.00"})
    step = next_step(claim, CATALOGUE, EARLY).step
    assert (leaves_on(step), facts(step, "amount_due")["amount"]) == (date(2026, 1, 12), "500.00")


def test_a_credit_note_is_never_the_leading_item() -> None:
    note = an_item("AV-1", amount="10", kind=ItemKind.CREDIT_NOTE, due_on=DUE_ON - timedelta(days=90))
    step = next_step(a_claim(note, an_item("F-1")), CATALOGUE, EARLY).step
    assert (facts(step, "step_after_due_date")["item"], facts(step, "amount_due")["amount"]) == ("F-1", "990.00")


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
