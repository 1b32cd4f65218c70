"""Statuses of items: their follow-up date, their specific action, and what is off the scenario until it ends."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.asking import open_task
from domain.claim import ActionState, Channel, Claim, Mode, Origin, Outcome, Stage, StatusCategory, TaskState
from domain.effects import begin, given_up, left, refused_for_good, with_action
from domain.forecast import forecast
from domain.refusals import Refused
from domain.steps import StepKind
from tests.builders import a_debtor, an_action_type, an_item, at
from tests.dispute_builders import (
    DESK,
    NOW,
    TODAY,
    a_desk,
    a_status,
    days,
    decided,
    follow_up,
    follow_up_step,
    given,
    item_of,
    planned,
    standard,
    three_invoices,
    told,
)
from tests.domain.telling import held

WITH_ACTION = a_status("to_follow", specific_action="reminder_2", mode=Mode.AUTOMATIC)
SPECIFIC = a_desk(WITH_ACTION)


def asked(claim: Claim) -> Claim:
    """The claim after the planned follow-up was put to a person."""
    step = follow_up_step(claim, on=at(days(10)))
    begun, action = begin(claim, DESK, step, at(days(10)), ActionState.PROPOSED)
    return open_task(begun.claim, DESK, step, action, at(days(10)), {}).claim


def test_there_are_five_fixed_categories_and_each_has_a_standard_status() -> None:
    assert {status.category for status in standard("statuses").values()} == set(StatusCategory)
    assert len(StatusCategory) == 5


def test_the_follow_up_is_now_plus_the_status_days_seven_unless_said_otherwise() -> None:
    claim = given(three_invoices(), "to_follow")
    assert (item_of(claim).follow_up_on, follow_up(claim).planned_on) == (days(7), days(7))
    assert item_of(given(three_invoices(), "disputed_price")).follow_up_on == days(2)
    assert item_of(given(three_invoices(), "disputed_technical")).follow_up_on == days(7)


def test_the_promise_date_wins_over_the_days() -> None:
    claim = given(three_invoices(), "promise", promised_on=days(12).isoformat())
    assert (item_of(claim).follow_up_on, item_of(claim).promised_on) == (days(12), days(12))
    assert follow_up(claim).planned_on == days(12)


def test_a_date_that_a_person_gives_wins_over_all() -> None:
    claim = given(three_invoices(), "promise", promised_on=days(12).isoformat(), follow_up_on=days(3).isoformat())
    assert (item_of(claim).follow_up_on, follow_up(claim).planned_on) == (days(3), days(3))


def test_the_follow_up_date_is_always_editable() -> None:
    claim = given(three_invoices(), "to_follow", "F-1", "F-2")
    moved = told(claim, "change_follow_up", items=["F-1", "F-2"], follow_up_on=days(20).isoformat()).claim
    assert {item_of(moved, ref).follow_up_on for ref in ("F-1", "F-2")} == {days(20)}
    assert (follow_up(moved).id, follow_up(moved).planned_on) == (follow_up(claim).id, days(20))


def test_moving_the_follow_up_of_one_item_leaves_the_others_where_it_was() -> None:
    claim = given(three_invoices(), "to_follow", "F-1", "F-2", comment="a dit oui")
    moved = told(claim, "change_follow_up", items=["F-2"], follow_up_on=days(20).isoformat()).claim
    open_ones = {action.items: action.planned_on for action in moved.actions if action.is_open}
    assert open_ones == {("F-1",): days(7), ("F-2",): days(20)}
    assert item_of(moved, "F-2").comment == "a dit oui"


def test_moving_what_is_asked_already_asks_it_again_on_the_new_day() -> None:
    claim = asked(given(three_invoices(), "to_follow"))
    assert [task.state for task in claim.tasks] == [TaskState.OPEN]
    moved = told(claim, "change_follow_up", items=["F-1"], follow_up_on=days(30).isoformat(), on=at(days(11))).claim
    assert [task.state for task in moved.tasks] == [TaskState.WITHDRAWN]
    assert (follow_up(moved).state, follow_up(moved).planned_on) == (ActionState.PLANNED, days(30))


def test_a_follow_up_needs_a_status() -> None:
    with pytest.raises(Refused, match="no_status"):
        told(three_invoices(), "change_follow_up", items=["F-1"], follow_up_on=days(20).isoformat())


def test_a_status_without_an_action_gives_the_collector_a_task_on_its_day() -> None:
    claim = given(three_invoices(scenario="standard"), "to_follow", "F-1")
    step = planned(claim, on=at(days(7), 6))
    assert (step.kind, step.action_type, step.plan_kind, step.task_kind) == (
        StepKind.ASK,
        "follow_up",
        "follow_up",
        "do_action",
    )
    assert [reason.code for reason in step.why] == ["follow_up"]
    assert step.why[0].facts["items"] == ["F-1"]


def test_a_mere_follow_up_leaves_the_items_to_the_scenario() -> None:
    claim = given(three_invoices(), "to_follow")
    assert item_of(claim).off_scenario is None
    assert decided(claim).step.action_type == "reminder_1"


def test_nothing_is_followed_up_where_there_are_no_days_and_no_action() -> None:
    claim = given(three_invoices(), "to_follow", desk=a_desk(a_status("to_follow", follow_up_days=0)))
    assert claim.actions == ()


def test_the_specific_action_is_planned_on_the_follow_up_date() -> None:
    action = follow_up(given(three_invoices(), "to_follow", "F-1", "F-3", desk=SPECIFIC))
    assert (action.action_type, action.origin, action.state) == ("reminder_2", Origin.STATUS, ActionState.PLANNED)
    assert (action.planned_on, action.items) == (days(7), ("F-1", "F-3"))
    assert (action.planned_end_on, action.reminder_on) == (days(17), days(15))


@pytest.mark.parametrize(
    ("of_status", "mode"), [(Mode.AUTOMATIC, Mode.AUTOMATIC), (Mode.TO_CONFIRM, Mode.TO_CONFIRM), (None, Mode.MANUAL)]
)
def test_the_mode_of_the_status_wins_over_that_of_the_type(of_status: Mode | None, mode: Mode) -> None:
    desk = a_desk(a_status("to_follow", specific_action="negotiation", mode=of_status))
    assert follow_up(given(three_invoices(), "to_follow", desk=desk)).mode is mode


def test_healthy_items_ask_the_customer_and_disputed_ones_the_people_inside() -> None:
    healthy = follow_up(given(three_invoices(), "to_follow", desk=SPECIFIC))
    internal = a_status("to_follow", specific_action="reminder_2", internal_email=True)
    dispute = a_status("disputed_price", specific_action="reminder_2", internal_email=False)
    assert healthy.channel is Channel.EMAIL
    assert follow_up(given(three_invoices(), "to_follow", desk=a_desk(internal))).channel is Channel.INTERNAL_EMAIL
    assert follow_up(given(three_invoices(), "disputed_price", desk=a_desk(dispute))).channel is Channel.INTERNAL_EMAIL


def test_a_specific_action_takes_its_items_off_the_scenario() -> None:
    claim = given(three_invoices(), "to_follow", "F-1", desk=SPECIFIC)
    assert item_of(claim).off_scenario == "specific_action"
    plan = decided(claim, desk=SPECIFIC)
    assert plan.step.why[-1].code == "step_automatic"
    assert next(r for r in plan.step.why if r.code == "amount_due").facts["items"] == ["F-2", "F-3"]
    assert held(plan)["specific_action"]["items"] == ["F-1"]


@pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.OVERRIDDEN])
def test_however_the_specific_action_ends_its_items_are_recoverable_again(outcome: Outcome) -> None:
    claim = given(three_invoices(), "to_follow", "F-1", desk=SPECIFIC)
    action = follow_up(claim)
    match outcome:
        case Outcome.SENT | Outcome.DONE:
            after = left(claim, SPECIFIC, action.id, at(days(7)), outcome=outcome).claim
        case Outcome.FAILED:
            after = given_up(claim, action.id, at(days(7)), reason="mail_server").claim
        case _:
            after = with_action(claim, replace(action, state=ActionState.FINISHED, outcome=outcome))
    assert item_of(after).off_scenario is None
    assert item_of(after).status == "to_follow"


def test_back_on_the_scenario_the_items_are_asked_for_by_the_step_that_fits_their_age() -> None:
    claim = given(three_invoices(), "to_follow", "F-1", "F-2", "F-3", desk=SPECIFIC)
    assert decided(claim, desk=SPECIFIC).step.plan_kind == "follow_up"
    back = left(claim, SPECIFIC, follow_up(claim).id, at(days(7)), outcome=Outcome.SENT).claim
    step = planned(back, on=at(days(7)), desk=SPECIFIC)
    assert (step.action_type, step.scenario_step, step.passes_over) == ("reminder_2", 1, (0,))


def test_the_forecast_gives_the_items_back_too() -> None:
    claim = given(three_invoices(), "to_follow", "F-1", "F-2", "F-3", desk=SPECIFIC)
    steps = forecast(claim, SPECIFIC, NOW, days(40)).steps
    assert [(s.plan_kind, s.action_type) for s in steps][:2] == [
        ("follow_up", "reminder_2"),
        ("scenario_step", "reminder_2"),
    ]


def test_another_status_replaces_the_open_follow_up() -> None:
    first = given(three_invoices(), "to_follow", desk=SPECIFIC)
    claim = given(first, "no_answer", desk=SPECIFIC, on=NOW + timedelta(hours=1))
    before, after = claim.actions
    assert (before.outcome, before.reason) == (Outcome.WITHDRAWN, "other_status")
    assert (after.action_type, after.is_open) == ("follow_up", True)
    assert item_of(claim).off_scenario is None


def test_another_status_of_one_item_leaves_the_follow_up_of_the_others() -> None:
    claim = given(given(three_invoices(), "to_follow", "F-1", "F-2", desk=SPECIFIC), "no_answer", "F-2", desk=SPECIFIC)
    specific, other = claim.actions
    assert (specific.is_open, specific.items, other.items) == (True, ("F-1",), ("F-2",))
    assert (item_of(claim, "F-1").off_scenario, item_of(claim, "F-2").off_scenario) == ("specific_action", None)


def test_a_follow_up_is_withdrawn_when_its_items_are_paid_and_no_sooner() -> None:
    claim = given(three_invoices(), "to_follow", "F-1", desk=SPECIFIC)
    body = {"external_id": "P", "value_date": TODAY.isoformat()}
    other = told(claim, "payment_received", amount="400.00", directed=[["F-2", "400.00"]], **body).claim
    assert follow_up(other).is_open
    paid = told(claim, "payment_received", amount="1000.00", directed=[["F-1", "1000.00"]], **body).claim
    assert paid.actions[0].outcome is Outcome.WITHDRAWN


def test_an_overridden_specific_action_hands_its_items_to_its_replacement_and_blocks_nothing_else() -> None:
    claim = asked(given(three_invoices(), "in_litigation", "F-1"))
    task = claim.open_tasks[0]
    body = {"task_id": str(task.id), "decision": "override", "version": task.version}
    after = told(claim, "decide", on=at(days(10)), override={"action_type": "call"}, **body).claim
    replacement = follow_up(after)
    assert (replacement.action_type, replacement.items) == ("call", ("F-1",))
    assert item_of(after).specific_action == replacement.id
    plan = decided(after, on=at(days(10)))
    assert "step_under_way" not in held(plan)
    assert "disputed" not in held(plan)
    assert next(s for s in forecast(after, DESK, at(days(10)), days(40)).steps if s.scenario_step is not None)


def test_litigation_on_one_item_takes_it_off_and_proposes_the_stage_at_once() -> None:
    claim = given(three_invoices(), "in_litigation", "F-1")
    assert (item_of(claim).off_scenario, item_of(claim).follow_up_on) == ("litigation", days(30))
    action = follow_up(claim)
    assert (action.action_type, action.planned_on, action.items) == ("propose_litigation", TODAY, ("F-1",))
    assert follow_up_step(claim).kind is StepKind.ASK


def test_in_litigation_already_no_stage_is_proposed_again() -> None:
    claim = given(three_invoices(stage=Stage.LITIGATION), "in_litigation", "F-1")
    assert (follow_up(claim).action_type, follow_up(claim).planned_on) == ("follow_up", days(30))


def test_a_retired_status_is_not_given() -> None:
    with pytest.raises(Refused, match="unknown_status"):
        given(three_invoices(), "to_follow", desk=a_desk(a_status("to_follow", active=False)))


def test_an_action_that_was_retired_leaves_the_follow_up_to_the_collector() -> None:
    desk = a_desk(WITH_ACTION, types=(an_action_type("reminder_2", active=False),))
    assert follow_up(given(three_invoices(), "to_follow", desk=desk)).action_type == "follow_up"


def test_without_an_address_inside_a_person_asks() -> None:
    claim = given(three_invoices(), "disputed_price")
    on = at(days(2))
    assert follow_up_step(claim, on=on).task_kind == "confirm_action"
    assert follow_up_step(claim, on=on, desk=a_desk(email="")).task_kind == "do_action"
    debtors = a_debtor().email()
    assert follow_up_step(claim, on=on, desk=a_desk(email=debtors)).task_kind == "do_action"


def test_an_excluded_item_is_owed_and_never_asked_for() -> None:
    body = {"items": ["F-1"], "reason": "repris par le siège"}
    claim = told(three_invoices(), "exclude", excluded=True, **body).claim
    plan = decided(claim)
    assert next(r for r in plan.step.why if r.code == "amount_due").facts["items"] == ["F-2", "F-3"]
    assert held(plan)["excluded"]["items"] == ["F-1"]
    again = told(claim, "exclude", excluded=False, **body).claim
    assert item_of(again).off_scenario is None


def test_excluding_an_item_withdraws_what_would_ask_the_debtor_for_it() -> None:
    claim = given(three_invoices(), "to_follow", "F-1", desk=SPECIFIC)
    after = told(claim, "exclude", items=["F-1"], excluded=True, reason="x", desk=SPECIFIC).claim
    assert after.actions[0].outcome is Outcome.WITHDRAWN


def test_the_comment_is_kept() -> None:
    assert item_of(given(three_invoices(), "to_follow", comment="rappeler lundi")).comment == "rappeler lundi"


def test_an_item_without_a_due_date_can_be_followed_up_too() -> None:
    claim = three_invoices()
    claim = replace(claim, items=(*claim.items, an_item("F-9", due_on=None, position=3)))
    assert follow_up(given(claim, "to_follow", "F-9")).planned_on == date(2026, 2, 2)


def test_a_question_to_the_people_inside_that_is_refused_is_never_posted_to_the_debtor() -> None:
    desk = a_desk(a_status("to_follow", specific_action="reminder_2", internal_email=True))
    claim = given(three_invoices(), "to_follow", desk=desk)
    after = refused_for_good(claim, desk, follow_up(claim).id, at(days(7)), reason="550").claim
    assert (after.actions[0].outcome, item_of(after).off_scenario) == (Outcome.FAILED, None)
