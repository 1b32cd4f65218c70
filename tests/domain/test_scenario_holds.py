"""What must hold of a scenario (domain.md) beyond test_planner.py: each test is named after its sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.asking import open_task, run_task_clock
from domain.catalogue import Catalogue
from domain.claim import (
    Action,
    ActionState,
    Claim,
    Mode,
    OnExpiry,
    Outcome,
    Stage,
    Suspension,
    Takeover,
    TaskKind,
    TaskState,
)
from domain.consequences import consequences
from domain.effects import Changed, begin
from domain.forecast import forecast
from domain.planner import next_step
from domain.steps import Decided, Step, StepKind
from tests.builders import (
    DUE_ON,
    a_catalogue,
    a_claim,
    a_contact,
    a_debtor,
    a_payment,
    a_step,
    a_task,
    an_action,
    an_action_type,
    an_id,
    an_item,
    at,
)
from tests.domain.telling import codes, facts, held, leaves_on

EARLY = at("2026-01-06")
BOTH = a_catalogue(
    a_step("reminder_1", 5),
    a_step("reminder_2", 15),
    a_step("summons", 0, after="stage", mode=Mode.MANUAL),
    a_step("order", 20, after="previous_step", mode=Mode.MANUAL),
    action_types=(
        an_action_type("order", category=Stage.LITIGATION, mode=Mode.MANUAL),
        an_action_type("reminder_2"),
    ),
)


def taken(*steps: tuple[int, str], on: str = "2026-01-19") -> tuple[Action, ...]:
    return tuple(
        an_action(n, action_type=kind, step=index, scenario="standard", done_at=at(on))
        for n, (index, kind) in enumerate(steps, 1)
    )


# ---- what is not asked -----------------------------------------------------------------------


def test_a_reminder_never_asks_for_an_excluded_item() -> None:
    other = an_item("F-2", amount="70")
    decided = next_step(a_claim(an_item("F-1", excluded=True), other), a_catalogue(), EARLY)
    assert facts(decided.step, "amount_due")["items"] == ["F-2"]
    assert held(decided)["excluded"] == {"items": ["F-1"], "amount": "1000.00", "currency": "EUR"}


def test_an_item_with_an_action_of_its_own_is_held_and_the_reason_names_the_action() -> None:
    ask_sales = an_action(1, action_type="ask_sales", step=None, state=ActionState.PLANNED)
    decided = next_step(
        a_claim(an_item("F-1", specific_action=ask_sales.id), an_item("F-2"), actions=(ask_sales,)),
        a_catalogue(),
        EARLY,
    )
    assert facts(decided.step, "amount_due")["items"] == ["F-2"]
    assert held(decided)["specific_action"]["actions"] == ["ask_sales"]
    unknown = next_step(a_claim(an_item("F-1", specific_action=an_id("gone"))), a_catalogue(), EARLY)
    assert held(unknown)["specific_action"]["actions"] == []


def test_the_leading_item_is_the_oldest_that_is_not_excluded() -> None:
    older = an_item("F-0", due_on=DUE_ON - timedelta(days=90), excluded=True)
    assert (
        facts(next_step(a_claim(older, an_item("F-1")), a_catalogue(), EARLY).step, "step_after_due_date")["item"]
        == "F-1"
    )


def test_items_below_the_threshold_are_not_asked_and_it_is_said() -> None:
    claim = a_claim(an_item("F-1"), an_item("F-2", amount="60"), payments=(a_payment(amount="30", directed=()),))
    small = replace(claim, payments=(replace(claim.payments[0], directed=(("F-2", claim.payments[0].amount),)),))
    decided = next_step(small, a_catalogue(ignore_items_below=Decimal(50)), at("2026-01-16"))
    assert facts(decided.step, "amount_due")["items"] == ["F-1"]
    assert held(decided)["item_too_small"] == {
        "items": ["F-2"], "amount": "30.00", "currency": "EUR", "minimum": "50",
    }  # fmt: skip


def test_while_suspended_what_is_not_asked_is_said_too() -> None:
    decided = next_step(
        a_claim(an_item("F-1", excluded=True), an_item("F-2"), suspended=Suspension("holiday")), a_catalogue(), EARLY
    )
    assert {"suspended", "excluded"} <= set(held(decided))


# ---- an unanswered manual action -------------------------------------------------------------


def asked(on_expiry: OnExpiry) -> tuple[Claim, Catalogue]:
    """A call has been asked for on 19 January, for six days; the reminder follows on the 27th."""
    catalogue = a_catalogue(a_step("call", 7, mode=Mode.MANUAL, on_expiry=on_expiry), a_step("reminder_2", 15))
    step = next_step(a_claim(), catalogue, at("2026-01-19", 10)).step
    begun, action = begin(a_claim(), catalogue, step, at("2026-01-19", 10), ActionState.PROPOSED)
    return open_task(begun.claim, catalogue, step, action, at("2026-01-19", 10), {}).claim, catalogue


@pytest.mark.parametrize(
    ("on_expiry", "seen", "goes_on"),
    [
        (OnExpiry.WITHDRAW, ["task_reminds", "task_escalates", "task_expires"], True),
        (OnExpiry.WAIT, ["task_reminds", "task_escalates"], False),
    ],
)
def test_an_unanswered_manual_action_never_blocks_silently_it_expires_escalates_then_goes_on_or_waits_as_its_step_says(
    on_expiry: OnExpiry, seen: list[str], goes_on: bool
) -> None:
    claim, catalogue = asked(on_expiry)
    now, ticks = at("2026-01-19", 10), []
    while (step := next_step(claim, catalogue, now).step).kind is StepKind.TASK_CLOCK:
        assert step.due_at is not None
        now = step.due_at
        ticks.append(step.why[0].code)
        claim = run_task_clock(claim, claim.open_tasks[0], now).claim
    assert ticks == seen
    decided = next_step(claim, catalogue, at("2026-01-28", 10))
    if goes_on:
        assert (claim.actions[0].outcome, decided.step.scenario_step) == (Outcome.EXPIRED, 1)
    else:
        (task,) = claim.open_tasks
        assert (task.role, decided.step.waiting_for, codes(decided.step)) == ("supervisor", "person", ["task_open"])
        assert [found.step.scenario_step for found in decided.not_now] == [1]


# ---- looking for an address or a telephone ----------------------------------------------------


def searching() -> tuple[Claim, Catalogue]:
    """Somebody looks for a telephone, for the call of step 1; reminders go by e-mail."""
    catalogue = a_catalogue(a_step("call", 7, mode=Mode.MANUAL), a_step("reminder_2", 15))
    task = a_task(kind=TaskKind.FIND_ADDRESS, action_type="find_address", step=0)
    return a_claim(debtor=a_debtor(contacts=(a_contact(phone=""),)), tasks=(task,)), catalogue


def test_a_search_for_a_telephone_is_over_when_there_is_one_and_not_because_there_is_an_email() -> None:
    claim, catalogue = searching()
    after = consequences(claim, catalogue, at("2026-01-20")).claim
    assert after.open_tasks == claim.open_tasks
    called = consequences(replace(claim, debtor=a_debtor()), catalogue, at("2026-01-20")).claim
    assert called.open_tasks == ()


def test_a_search_that_nobody_ends_does_not_hold_the_next_step_and_is_over_when_its_step_is_passed_over() -> None:
    claim, catalogue = searching()
    step = next_step(claim, catalogue, at("2026-01-28", 10)).step
    assert (step.kind, step.scenario_step, step.passes_over) == (StepKind.SEND_EMAIL, 1, (0,))
    begun, _ = begin(claim, catalogue, step, at("2026-01-28", 10), ActionState.SENDING)
    assert [task.state for task in begun.claim.tasks] == [TaskState.WITHDRAWN]
    assert "task_withdrawn" in [event.kind for event in begun.events]


# ---- positions, stage by stage ---------------------------------------------------------------


def in_court(*steps: tuple[int, str], **facts_: object) -> Claim:
    return a_claim(
        stage=Stage.LITIGATION, stage_since=date(2026, 2, 2), actions=taken(*steps, on="2026-02-03"), **facts_
    )


def test_a_claim_that_goes_to_litigation_goes_on_with_the_steps_of_litigation() -> None:
    step = next_step(in_court((0, "reminder_1")), BOTH, at("2026-02-04", 10)).step
    assert (step.scenario_step, step.passes_over) == (2, ())
    then = next_step(in_court((0, "reminder_1"), (2, "summons")), BOTH, at("2026-02-04", 10)).step
    assert (then.scenario_step, leaves_on(then)) == (3, date(2026, 2, 23))


def test_back_from_litigation_no_amicable_step_is_lost_and_none_is_repeated() -> None:
    back = replace(
        in_court((0, "reminder_1"), (2, "summons"), (3, "order")), stage=Stage.AMICABLE, stage_since=date(2026, 6, 1)
    )
    step = next_step(back, BOTH, at("2026-06-02", 10)).step
    assert (step.scenario_step, step.passes_over) == (1, ())
    again = replace(
        back, actions=(*back.actions, *taken((1, "reminder_2"), on="2026-06-02")), stage=Stage.LITIGATION
    )  # fmt: skip
    assert codes(next_step(again, BOTH, at("2026-06-03")).step) == ["scenario_finished"]


def test_back_in_a_stage_what_follows_the_previous_step_counts_from_the_return_at_the_earliest() -> None:
    catalogue = a_catalogue(
        a_step("reminder_1", 5), a_step("reminder_2", 20, after="previous_step"), a_step("summons", 0, after="stage")
    )
    back = a_claim(actions=taken((0, "reminder_1")), stage_since=date(2026, 6, 1))
    assert leaves_on(next_step(back, catalogue, at("2026-06-02")).step) == date(2026, 6, 22)  # the 21st is a Sunday


def test_steps_of_a_stage_that_was_collected_elsewhere_are_behind() -> None:
    takeover = Takeover(stage=Stage.LITIGATION, last_action_type="summons", last_action_on=date(2026, 1, 12))
    step = next_step(in_court(takeover=takeover), BOTH, at("2026-02-04", 10)).step
    assert (step.scenario_step, leaves_on(step)) == (3, date(2026, 2, 4))
    back = replace(in_court(takeover=takeover), stage=Stage.AMICABLE)
    decided = next_step(back, BOTH, at("2026-06-02", 10))
    assert codes(decided.step) == ["scenario_finished"]


def test_every_action_of_a_step_names_its_scenario_and_version() -> None:
    claim, now = a_claim(scenario_version=4), at("2026-03-02", 10)
    step = next_step(claim, a_catalogue(), now).step
    begun, _ = begin(claim, a_catalogue(), step, now, ActionState.SENDING)
    assert [(a.step, a.scenario, a.scenario_version) for a in begun.claim.actions] == [
        (0, "standard", 4),
        (1, "standard", 4),
        (2, "standard", 4),
    ]


# ---- the forecast ----------------------------------------------------------------------------


def test_a_forecast_whose_days_come_again_and_again_ends() -> None:
    """A subject that forgets to mark the day it was looked at: a mistake in it must not hang a page."""
    again = Step(StepKind.CHECK, due_at=at("2026-01-08"), key="claim/R26-0000001/clock/x", subject="clock/x")
    foreseen = forecast(
        a_claim(), a_catalogue(), EARLY, date(2026, 12, 31),
        decide=lambda *_: Decided(again), look=lambda claim, *_: Changed(claim),
    )  # fmt: skip
    assert foreseen.steps == (again,)


def test_a_forecast_of_whatever_comes_for_ever_ends() -> None:
    step = Step(StepKind.WAIT, due_at=at("2026-01-08"))
    assert forecast(a_claim(), a_catalogue(), EARLY, date(2026, 12, 31), decide=lambda *_: Decided(step)).steps == ()
