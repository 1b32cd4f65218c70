"""What must hold of a scenario (design/domain.md), one test for each sentence; see test_planner_properties.py too."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.catalogue import Conditions
from domain.claim import (
    ItemKind,
    Mode,
    Stage,
    Takeover,
    Values,
)
from domain.planner import next_step
from domain.steps import StepKind
from tests.builders import (
    DUE_ON,
    a_catalogue,
    a_claim,
    a_disputed,
    a_payment,
    a_promised,
    a_step,
    an_action,
    an_item,
    at,
    money,
)
from tests.domain.telling import codes, facts, held, leaves_on

CATALOGUE = a_catalogue()
EARLY = at("2026-01-06")


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


def test_a_step_that_spacing_holds_back_is_not_passed_over_by_the_one_that_follows_it() -> None:
    catalogue = a_catalogue(
        a_step("reminder_1", 5),
        a_step("reminder_2", 7),
        a_step("last_reminder", 7, after="previous_step"),
        minimum_days_between_contacts=10,
    )
    claim = a_claim(actions=done(0, on=at("2026-01-19")))  # the second is due that day, and may leave on the 29th
    step = next_step(claim, catalogue, at("2026-01-19", 13)).step
    assert (step.scenario_step, step.passes_over, leaves_on(step)) == (1, (), date(2026, 1, 29))


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
    paid = a_payment(amount="1000", directed=(("F-1", money("1000")),))
    claim = a_claim(an_item("F-1"), an_item("F-2", amount="70", due_on=DUE_ON), payments=(paid,))
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
