"""Promises: kept, kept in part, broken; tolerance, value dates, payments that go back; what each does to the rest."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.claim import ActionState, Ending, Origin, Outcome, Stage, StatusCategory, Suspension, TaskKind, Values
from domain.endings import close
from domain.forecast import forecast
from domain.planner import next_step
from domain.refusals import Refused
from domain.statement import statement
from domain.terms import ArrangementState, PromiseState
from tests.agreement_builders import (
    MADE_ON,
    a_desk,
    arranged,
    asked,
    days,
    gone_back,
    item_of,
    lived,
    noon,
    open_tasks,
    paid,
    promised,
    the_arrangement,
    the_promise,
    three_invoices,
)
from tests.builders import a_claim, a_disputed, an_action, an_item, at, money

KEPT, PARTIAL, BROKEN = PromiseState.KEPT, PromiseState.PARTIAL, PromiseState.BROKEN
LAST = days(13)  # the promised date, and three days


# ---- what is promised ----------------------------------------------------------------------------


def test_a_promise_is_of_all_that_is_owed_and_undisputed_unless_said_otherwise() -> None:
    claim = a_claim(an_item("F-1", amount="300.00"), a_disputed(an_item("F-2")), an_item("F-3", amount="50.00"))
    promise = the_promise(promised(claim))
    assert (promise.items, promise.amount) == (("F-1", "F-3"), money("350.00"))
    assert the_promise(promised(three_invoices(), items=["F-2"])).amount == money("200.00")
    assert the_promise(promised(three_invoices(), items=["F-2"], amount="150.00")).amount == money("150.00")


def test_what_it_covers_is_off_the_scenario_until_the_promised_date() -> None:
    claim = promised(three_invoices(), items=["F-1"], comment="par virement")
    item = item_of(claim, "F-1")
    assert (item.status, item.status_category, item.off_scenario) == ("promise", StatusCategory.PROMISE, "promise")
    assert (item.promised_on, item.follow_up_on, item.comment) == (days(10), days(10), "par virement")
    assert item_of(claim, "F-2").off_scenario is None


def test_nobody_is_held_to_a_promise_about_what_is_disputed_by_now() -> None:
    claim = promised(three_invoices(), items=["F-1", "F-2"])
    argued = asked(claim, "give_status", items=["F-2"], status="disputed_price").claim
    assert the_promise(argued).state is PromiseState.OPEN
    assert the_promise(paid(argued, "300.00", days(2))).state is KEPT
    assert the_promise(lived(argued, LAST + timedelta(days=1))).state is BROKEN
    both = asked(claim, "give_status", items=["F-1", "F-2"], status="disputed_price").claim
    assert the_promise(both).state is PromiseState.CANCELLED


def test_its_follow_up_is_a_task_on_the_promised_date() -> None:
    claim = promised(three_invoices(), items=["F-1"])
    (action,) = claim.actions
    assert (action.action_type, action.origin, action.planned_on) == ("promise_check", Origin.PROMISE, days(10))
    assert the_promise(claim).action_id == action.id
    foreseen = forecast(claim, a_desk(), noon(MADE_ON), days(20))
    checks = [(step.kind.value, step.due_on) for step in foreseen.steps if step.plan_kind == "promise_check"]
    assert checks == [("ask", days(10)), ("check", days(14))]


def test_a_claim_of_global_values_is_promised_as_a_whole() -> None:
    claim = promised(a_claim(values=Values.GLOBAL, global_amounts={"loan": "900.00"}))
    assert (the_promise(claim).items, the_promise(claim).amount) == ((), money("900.00"))
    step = next_step(claim, a_desk(), noon(days(1))).step
    assert (step.plan_kind, step.due_on) == ("promise_check", days(10))
    assert the_promise(paid(claim, "900.00", days(2))).state is KEPT


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"promised_on": days(-1).isoformat()}, "date_in_the_past"),
        ({"items": ["F-9"]}, "unknown_item"),
        ({"items": ["F-2"]}, "item_disputed"),
        ({"items": ["F-3"]}, "item_owes_nothing"),
        ({"items": ["F-4"]}, "item_promised"),
        ({"items": ["F-1"], "amount": "300.01"}, "above_owed"),
    ],
)
def test_what_cannot_be_promised_is_refused_with_the_reason(body: dict[str, Any], code: str) -> None:
    claim = a_claim(
        an_item("F-1", amount="300.00"),
        a_disputed(an_item("F-2")),
        an_item("F-3", amount="80.00"),
        an_item("F-4", amount="50.00"),
    )
    claim = promised(paid(claim, "80.00", MADE_ON, directed=[["F-3", "80.00"]]), items=["F-4"])
    with pytest.raises(Refused) as refused:
        promised(claim, **body)
    assert refused.value.code == code


def test_nothing_is_promised_on_a_closed_claim() -> None:
    with pytest.raises(Refused, match="claim_closed"):
        promised(a_claim(stage=Stage.CLOSED, ending=Ending.WITHDRAWN))


def test_a_promise_for_today_is_possible() -> None:
    assert the_promise(promised(promised_on=MADE_ON.isoformat())).promised_on == MADE_ON


# ---- kept ----------------------------------------------------------------------------------------


def test_it_is_kept_as_soon_as_all_of_it_came_and_its_follow_up_goes_by_itself() -> None:
    claim = paid(promised(three_invoices(), items=["F-1"]), "300.00", days(4), directed=[["F-1", "300.00"]])
    promise = the_promise(claim)
    assert (promise.state, promise.received, promise.settled_on) == (KEPT, money("300.00"), days(4))
    assert [(a.outcome, a.reason) for a in claim.actions] == [(Outcome.WITHDRAWN, "promise_settled")]
    assert item_of(claim, "F-1").status is None


def test_kept_for_a_part_the_claim_goes_on_with_the_rest() -> None:
    claim = paid(promised(a_claim(), amount="400.00"), "400.00", days(4))
    assert the_promise(claim).state is KEPT
    assert (item_of(claim).off_scenario, statement(claim, days(4)).balance_due) == (None, money("600.00"))


def test_kept_for_all_of_it_the_claim_closes() -> None:
    step = next_step(paid(promised(), "1000.00", days(4)), a_desk(), noon(days(4))).step
    assert (step.kind.value, step.ending) == ("close", "paid")


def test_money_known_before_the_promise_does_not_keep_it() -> None:
    claim = promised(paid(a_claim(), "600.00", days(-1)), amount="400.00")
    assert the_promise(lived(claim, days(14))).state is BROKEN


def test_money_for_other_items_does_not_keep_it() -> None:
    claim = paid(promised(three_invoices(), items=["F-2"]), "300.00", days(1), directed=[["F-1", "300.00"]])
    assert the_promise(claim).state is PromiseState.OPEN
    assert the_promise(lived(claim, days(14))).state is BROKEN


# ---- the tolerance -------------------------------------------------------------------------------


def test_it_is_broken_only_when_the_date_and_its_tolerance_have_passed() -> None:
    claim = promised()
    assert the_promise(lived(claim, LAST)).state is PromiseState.OPEN
    assert the_promise(lived(claim, LAST + timedelta(days=1))).state is BROKEN


def test_the_tolerance_is_of_calendar_days_in_the_claims_zone_whatever_the_sending_days() -> None:
    (step,) = (s for s in forecast(promised(), a_desk(), noon(MADE_ON), days(20)).steps if s.kind.value == "check")
    assert (step.due_at, LAST.strftime("%a")) == (at("2026-02-02", 23), "Mon")  # midnight in Paris


@pytest.mark.parametrize(
    ("came", "terms", "state"),
    [
        ("1000.00", {}, KEPT),
        ("999.99", {}, PARTIAL),
        ("990.00", {"tolerance_percent": Decimal(1)}, KEPT),
        ("989.99", {"tolerance_percent": Decimal(1)}, PARTIAL),
        ("995.00", {"tolerance_amount": "5.00"}, KEPT),
        ("994.99", {"tolerance_amount": "5.00"}, PARTIAL),
        (None, {"tolerance_percent": Decimal(100)}, BROKEN),  # nothing at all is never a promise kept
    ],
)
def test_the_amount_has_a_tolerance_of_the_creditor(
    came: str | None, terms: dict[str, Any], state: PromiseState
) -> None:
    desk = a_desk(**terms)
    claim = promised(desk=desk)
    if came is not None:
        claim = paid(claim, came, days(10), desk=desk)
    assert the_promise(lived(claim, days(14), desk=desk)).state is state


def test_within_its_amount_tolerance_it_waits_for_the_rest_until_the_last_day() -> None:
    desk = a_desk(tolerance_percent=Decimal(1))
    claim = paid(promised(desk=desk), "995.00", days(2), desk=desk)
    assert the_promise(claim).state is PromiseState.OPEN
    assert the_promise(lived(claim, days(14), desk=desk)).state is KEPT


# ---- in part -------------------------------------------------------------------------------------


def test_kept_in_part_what_came_is_kept_and_somebody_asks_for_the_rest() -> None:
    claim = lived(paid(promised(), "400.00", days(9)), days(14))
    promise = the_promise(claim)
    assert (promise.state, promise.received) == (PARTIAL, money("400.00"))
    (task,) = claim.open_tasks
    assert (task.kind, task.action_type, task.subject) == (TaskKind.DO_ACTION, "call", f"promise/{promise.id}")
    assert (task.why[0]["code"], task.why[0]["facts"]["rest"]) == ("promise_partial", "600.00")
    assert item_of(claim).off_scenario is None


# ---- broken --------------------------------------------------------------------------------------


def test_broken_it_is_a_task_for_the_collector_that_says_what_when_and_how_much_came() -> None:
    claim = lived(promised(a_claim(collector="leila")), days(14))
    (task,) = claim.open_tasks
    assert (task.kind, task.role, task.assignee) == (TaskKind.BROKEN_PROMISE, "collector", "leila")
    facts = task.why[0]["facts"]
    assert (facts["amount"], facts["promised_on"], facts["received"]) == ("1000.00", days(10).isoformat(), "0.00")
    assert the_promise(claim).settled_on == days(14)


def test_broken_the_scenario_resumes_at_the_right_step_not_at_the_first() -> None:
    taken = an_action(1, action_type="reminder_1", step=0, done_at=at(MADE_ON - timedelta(days=2)))
    claim = promised(a_claim(actions=(taken,)))
    assert next_step(claim, a_desk(), noon(days(5))).step.plan_kind == "promise_check"
    step = next_step(lived(claim, days(14)), a_desk(), noon(days(14))).step
    assert (step.scenario_step, step.action_type) == (1, "reminder_2")


def test_a_person_who_postpones_a_broken_promise_calls_on_that_day() -> None:
    claim = lived(promised(), days(14))
    body = {"task_id": str(claim.open_tasks[0].id), "decision": "postpone", "version": 1}
    later = asked(claim, "decide", on=days(14), postpone_to=days(20).isoformat(), **body).claim
    call = later.actions[-1]
    assert (call.action_type, call.planned_on, call.state) == ("call", days(20), ActionState.PLANNED)
    with pytest.raises(Refused, match="date_not_in_the_future"):
        asked(claim, "decide", on=days(14), postpone_to=days(14).isoformat(), **body)


def test_a_suspended_claims_promise_is_still_looked_at_and_nothing_leaves() -> None:
    claim = lived(promised(a_claim(suspended=Suspension("audit"))), days(14))
    assert (the_promise(claim).state, open_tasks(claim)) == (BROKEN, ["broken_promise"])
    assert next_step(claim, a_desk(), noon(days(14))).step.kind.value in ("wait", "task_clock")


# ---- value dates, and money that goes back -------------------------------------------------------


def test_a_payment_that_came_late_with_a_value_date_in_time_keeps_it_after_all() -> None:
    claim = paid(lived(promised(), days(14)), "1000.00", LAST, arrives=days(16))
    assert (the_promise(claim).state, open_tasks(claim)) == (KEPT, [])


def test_a_payment_with_a_later_value_date_does_not() -> None:
    claim = paid(lived(promised(amount="400.00"), days(14)), "400.00", LAST + timedelta(days=1))
    assert (the_promise(claim).state, open_tasks(claim)) == (BROKEN, ["broken_promise"])


def test_a_kept_promise_whose_payment_goes_back_in_time_is_open_again() -> None:
    claim = gone_back(paid(promised(), "1000.00", days(4)), days(6))
    assert (the_promise(claim).state, item_of(claim).off_scenario) == (PromiseState.OPEN, "promise")
    open_ones = [(a.action_type, a.planned_on) for a in claim.actions if a.is_open]
    assert open_ones == [("promise_check", days(10))]
    assert the_promise(paid(claim, "1000.00", days(8))).state is KEPT


def test_a_kept_promise_whose_payment_goes_back_later_is_broken() -> None:
    claim = paid(promised(), "1000.00", days(4))
    claim = close(claim, Ending.PAID, noon(days(4))).claim
    claim = gone_back(claim, days(30))
    assert (claim.stage, the_promise(claim).state) == (Stage.AMICABLE, BROKEN)
    assert (open_tasks(claim), item_of(claim).off_scenario) == (["broken_promise"], None)


# ---- cancelled, replaced -------------------------------------------------------------------------


def test_a_cancelled_promise_is_neither_kept_nor_broken_and_its_items_are_chased_again() -> None:
    claim = promised()
    told = asked(claim, "cancel_promise", on=days(2), promise_id=str(the_promise(claim).id), reason="made by mistake")
    assert the_promise(told.claim).state is PromiseState.CANCELLED
    assert (item_of(told.claim).off_scenario, told.claim.actions[0].outcome) == (None, Outcome.WITHDRAWN)
    with pytest.raises(Refused, match="promise_not_open"):
        asked(told.claim, "cancel_promise", promise_id=str(the_promise(claim).id), reason="again")


def test_a_dispute_about_all_it_covers_takes_its_place() -> None:
    claim = promised(three_invoices(), items=["F-1"])
    claim = asked(claim, "raise_dispute", on=days(2), items=["F-1"], kind="disputed_price", text="prix").claim
    assert the_promise(claim).state is PromiseState.CANCELLED
    assert item_of(claim, "F-1").off_scenario == "dispute"


def test_an_arrangement_takes_its_place() -> None:
    claim = arranged(promised())
    assert (the_promise(claim).state, the_arrangement(claim).state) == (
        PromiseState.CANCELLED,
        ArrangementState.ACTIVE,
    )
    assert item_of(claim).status == "arrangement"


def test_a_promise_does_not_outlive_its_claim() -> None:
    claim = close(promised(), Ending.WITHDRAWN, noon(days(1))).claim
    assert the_promise(claim).state is PromiseState.CANCELLED


# ---- statuses that promise -----------------------------------------------------------------------


def test_a_status_with_a_promised_date_is_a_promise_too() -> None:
    body = {"items": ["F-1", "F-2"], "status": "promise", "promised_on": days(10).isoformat()}
    claim = asked(three_invoices(), "give_status", **body).claim
    promise = the_promise(claim)
    assert (promise.items, promise.amount, promise.promised_on) == (("F-1", "F-2"), money("500.00"), days(10))
    assert [a.subject for a in claim.actions if a.is_open] == [f"promise/{promise.id}"]
    assert promise.author == "leila"
    broken = lived(claim, days(14))
    assert (len(broken.promises), the_promise(broken).state) == (1, BROKEN)
    assert (item_of(broken).off_scenario, item_of(broken).specific_action) == (None, None)


def test_another_date_given_by_status_is_another_promise() -> None:
    claim = promised(three_invoices(), items=["F-1"])
    body = {"items": ["F-1"], "status": "promise", "promised_on": days(20).isoformat()}
    claim = asked(claim, "give_status", on=days(3), **body).claim
    assert [(p.state, p.promised_on) for p in claim.promises] == [
        (PromiseState.CANCELLED, days(10)),
        (PromiseState.OPEN, days(20)),
    ]


def test_no_promise_turns_the_forecast_in_circles() -> None:
    foreseen = forecast(promised(three_invoices()), a_desk(), noon(MADE_ON), date(2027, 1, 1))
    assert sum(1 for step in foreseen.steps if step.kind.value == "check") == 1
    assert len(foreseen.steps) < 20
