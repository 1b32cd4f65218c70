"""Arrangements: the sum they must have, the race of each instalment, breach, completion, and what a payment that goes back undoes."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.claim import Claim, Ending, Outcome, Stage, StatusCategory, Values
from domain.endings import close
from domain.entries import Entry, apply
from domain.forecast import forecast
from domain.planner import next_step
from domain.refusals import Refused
from domain.stages import propose_stage
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
    three_invoices,
)
from tests.builders import a_claim, a_cost, a_debtor, a_disputed, an_action, an_id, an_item, at, money

ACTIVE, COMPLETED, BREACHED = ArrangementState.ACTIVE, ArrangementState.COMPLETED, ArrangementState.BREACHED
DUE = (date(2026, 1, 30), date(2026, 2, 28), date(2026, 3, 30), date(2026, 4, 30))  # the first is days(10)


# ---- what is agreed ------------------------------------------------------------------------------


def test_equal_instalments_add_up_and_the_odd_cents_are_on_the_first_ones() -> None:
    arrangement = the_arrangement(arranged(count=3))
    assert [str(each.amount) for each in arrangement.instalments] == ["333.34", "333.33", "333.33"]


def test_a_month_without_that_day_takes_its_last_one() -> None:
    arrangement = the_arrangement(arranged())
    assert tuple(each.due_on for each in arrangement.instalments) == DUE


def test_what_it_covers_is_off_the_scenario_until_the_next_instalment() -> None:
    claim = arranged(three_invoices(), items=["F-1", "F-2"])
    item = item_of(claim, "F-1")
    assert (item.status, item.status_category, item.promised_on) == ("arrangement", StatusCategory.PROMISE, DUE[0])
    assert item_of(claim, "F-3").off_scenario is None
    assert item_of(paid(claim, "125.00", days(3)), "F-1").promised_on == DUE[1]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"instalments": [{"due_on": days(5).isoformat(), "amount": "999.99"}]}, "1000.00"),
        ({"amount": "900.00"}, "1000.00"),
        ({"waiver": "100.00", "instalments": [{"due_on": days(5).isoformat(), "amount": "1000.00"}]}, "900.00"),
    ],
)
def test_another_sum_than_what_is_owed_less_the_waiver_is_refused_and_the_refusal_says_the_sum(
    body: dict[str, object], expected: str
) -> None:
    with pytest.raises(Refused) as refused:
        arranged(**body)
    assert (refused.value.code, refused.value.facts["expected"]) == ("arrangement_sum", expected)


def test_costs_that_the_debtor_bears_are_part_of_what_is_owed() -> None:
    claim = a_claim(costs=(a_cost(amount="50.00", chargeable_to_debtor=True),))
    assert the_arrangement(arranged(claim)).total == money("1050.00")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"instalments": [{"due_on": days(-1).isoformat(), "amount": "1000.00"}]}, "date_in_the_past"),
        (
            {
                "instalments": [
                    {"due_on": days(9).isoformat(), "amount": "500.00"},
                    {"due_on": days(9).isoformat(), "amount": "500.00"},
                ]
            },
            "dates_not_in_order",
        ),
        ({"waiver": "1000.00"}, "waiver_above_owed"),
        ({"tolerance_amount": "250.00"}, "tolerance_above_instalment"),
        ({"items": ["F-9"]}, "unknown_item"),
    ],
)
def test_what_cannot_be_agreed_is_refused_with_the_reason(body: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refused:
        arranged(**body)
    assert refused.value.code == code


def test_an_item_is_under_one_arrangement_at_a_time_and_a_disputed_one_under_none() -> None:
    with pytest.raises(Refused, match="item_in_arrangement"):
        arranged(arranged(three_invoices(), items=["F-1"]), items=["F-1", "F-2"])
    with pytest.raises(Refused, match="item_disputed"):
        arranged(a_claim(a_disputed(an_item("F-1")), an_item("F-2")), items=["F-1"])
    with pytest.raises(Refused, match="item_in_arrangement"):
        promised(arranged(), items=["F-1"])
    with pytest.raises(Refused, match="claim_closed"):
        arranged(a_claim(stage=Stage.CLOSED, ending=Ending.WITHDRAWN))


def test_a_discount_above_the_creditors_limit_needs_a_supervisor() -> None:
    body = {"count": 2, "first_due_on": days(5).isoformat(), "waiver": "100.00"}
    with pytest.raises(Refused) as refused:
        asked(a_claim(), "agree_arrangement", **body)
    assert refused.value.facts == {"percent": "10.0", "limit": "0"}
    desk = a_desk(discount_percent=Decimal(10))
    assert the_arrangement(asked(a_claim(), "agree_arrangement", desk=desk, **body).claim).waiver == money("100.00")


# ---- the race ------------------------------------------------------------------------------------


def reminders(claim: Claim) -> list[tuple[str, date | None, date | None]]:
    return [(a.action_type, a.planned_on, a.due_on) for a in claim.actions if a.subject.startswith("arrangement/")]


def test_the_debtor_is_reminded_before_and_after_and_not_of_what_is_paid() -> None:
    claim = lived(arranged(), days(9))
    assert reminders(claim) == [("instalment_due", days(7), DUE[0])]
    assert reminders(lived(claim, days(12), since=days(9)))[1:] == [("instalment_missed", days(11), DUE[0])]
    assert reminders(lived(paid(arranged(), "250.00", days(2)), days(12))) == []


def test_money_that_comes_before_a_reminder_leaves_takes_it_back() -> None:
    claim = paid(lived(arranged(), days(7)), "250.00", days(7))
    assert [(a.action_type, a.outcome, a.reason) for a in claim.actions] == [
        ("instalment_due", Outcome.WITHDRAWN, "paid")
    ]


def test_a_reminder_is_planned_work_of_the_kind_instalment() -> None:
    claim = lived(arranged(), days(7))
    step = next_step(claim, a_desk(), noon(days(7))).step
    assert (step.kind.value, step.action_type, step.plan_kind) == ("send_email", "instalment_due", "instalment")


def test_there_is_no_reminder_where_none_is_wanted_or_the_day_was_before_the_agreement() -> None:
    assert reminders(lived(arranged(remind_days_before=0), days(9))) == []
    assert reminders(lived(arranged(remind_days_before=10), days(9))) == []


def test_an_instalment_is_missed_only_when_its_date_and_its_tolerance_have_passed() -> None:
    claim = arranged(missed_allowed=1)
    assert the_arrangement(lived(claim, days(13))).instalments[0].missed_on is None
    assert the_arrangement(lived(claim, days(14))).instalments[0].missed_on == days(14)


def test_an_instalment_short_by_less_than_the_tolerated_amount_is_not_missed() -> None:
    claim = lived(paid(arranged(tolerance_amount="5.00"), "245.00", days(9)), days(14))
    first = the_arrangement(claim).instalments[0]
    assert (the_arrangement(claim).state, first.missed_on, first.settled_on) == (ACTIVE, None, days(14))
    claim = lived(paid(arranged(tolerance_amount="5.00"), "244.99", days(9)), days(14))
    assert the_arrangement(claim).state is BREACHED


def test_money_fills_the_instalments_in_their_order() -> None:
    claim = lived(paid(arranged(), "600.00", days(2)), DUE[1] + timedelta(days=5))
    assert the_arrangement(claim).state is ACTIVE
    assert the_arrangement(lived(claim, DUE[2] + timedelta(days=4), since=DUE[1])).state is BREACHED


def test_a_payment_with_a_value_date_in_time_makes_a_missed_instalment_good() -> None:
    claim = lived(arranged(missed_allowed=1), days(14))
    claim = paid(claim, "250.00", days(13), arrives=days(15))
    assert the_arrangement(claim).instalments[0].missed_on is None


def test_a_payment_after_the_tolerance_leaves_it_missed() -> None:
    claim = paid(lived(arranged(missed_allowed=1), days(14)), "250.00", days(14))
    assert the_arrangement(claim).instalments[0].missed_on == days(14)
    claim = paid(claim, "250.00", DUE[1])
    claim = lived(claim, DUE[2] + timedelta(days=4), since=days(15))
    assert the_arrangement(claim).state is BREACHED  # the second one missed


# ---- breach --------------------------------------------------------------------------------------


def test_more_missed_than_allowed_makes_the_whole_due_again_and_the_waiver_void() -> None:
    claim = lived(paid(arranged(waiver="200.00"), "200.00", days(8)), DUE[1] + timedelta(days=4))
    assert (the_arrangement(claim).state, the_arrangement(claim).ended_on) == (BREACHED, DUE[1] + timedelta(days=4))
    assert statement(claim, DUE[1] + timedelta(days=4)).balance_due == money("800.00")
    assert (item_of(claim).off_scenario, claim.corrections) == (None, ())


def test_a_breach_is_a_task_for_the_collector_and_a_proposal_of_the_stage_to_a_supervisor() -> None:
    claim = lived(arranged(), days(14))
    tasks = {task.kind.value: task for task in claim.open_tasks}
    assert {kind: task.role for kind, task in tasks.items()} == {
        "broken_promise": "collector",
        "stage_change": "supervisor",
    }
    assert tasks["stage_change"].proposed["stage"] == {"stage": "litigation", "sub_stage": ""}
    assert tasks["stage_change"].proposed["balance_due"] == "1000.00"
    assert tasks["stage_change"].subject == f"arrangement/{the_arrangement(claim).id}"
    facts = tasks["broken_promise"].why[0]["facts"]
    assert (facts["missed"], facts["missed_allowed"], facts["owed"]) == (1, 0, "1000.00")


def test_a_breach_proposes_no_stage_while_an_insolvency_forbids_any() -> None:
    insolvent = replace(arranged(), debtor=a_debtor(legal_situation="insolvency"))
    tasks = {task.kind.value for task in lived(insolvent, days(14)).open_tasks}
    assert "broken_promise" in tasks
    assert "stage_change" not in tasks


def test_a_stage_change_ends_the_promises_of_its_items_and_no_arrangement() -> None:
    claim = promised(arranged(three_invoices(), items=["F-1"]), items=["F-2"])
    proposal = propose_stage(claim, a_desk(), {"stage": "litigation"}, noon(MADE_ON), subject="x", first="leila").claim
    task = next(t for t in proposal.open_tasks if t.subject == "x")
    decision = {"task_id": str(task.id), "version": task.version, "decision": "confirm"}
    entry = Entry(an_id("confirmed"), "decide", decision, "karim", noon(MADE_ON))
    after = apply(proposal, entry, a_desk(), noon(MADE_ON)).claim
    assert after.stage is Stage.LITIGATION
    assert [(i.status, i.promised_on, i.follow_up_on) for i in after.items] == [
        ("arrangement", DUE[0], DUE[0]),
        ("in_litigation", None, days(30)),
        ("in_litigation", None, days(30)),
    ]
    assert (the_arrangement(after).state, after.promises[0].state) == (ACTIVE, PromiseState.CANCELLED)


def test_in_litigation_no_stage_is_proposed() -> None:
    claim = lived(arranged(a_claim(stage=Stage.LITIGATION)), days(14))
    assert open_tasks(claim) == ["broken_promise"]


def test_breached_the_scenario_resumes_at_the_right_step() -> None:
    taken = an_action(1, action_type="reminder_1", step=0, done_at=at(MADE_ON - timedelta(days=2)))
    claim = lived(arranged(a_claim(actions=(taken,))), days(14))
    assert next_step(claim, a_desk(), noon(days(14))).step.scenario_step == 1


def test_when_the_last_day_is_over_and_not_all_is_paid_it_is_breached_whatever_was_allowed() -> None:
    claim = arranged(count=1, missed_allowed=3)
    assert the_arrangement(lived(claim, days(14))).state is BREACHED


def test_a_breach_is_undone_by_money_that_had_come_in_time_while_nobody_has_acted_on_it() -> None:
    breached = lived(arranged(), days(14))
    claim = paid(breached, "250.00", days(13), arrives=days(15))
    assert (the_arrangement(claim).state, open_tasks(claim)) == (ACTIVE, [])
    assert item_of(claim).status == "arrangement"
    task = next(t for t in breached.open_tasks if t.kind.value == "broken_promise")
    acted = asked(breached, "decide", on=days(14), task_id=str(task.id), decision="done", version=1).claim
    assert the_arrangement(paid(acted, "250.00", days(13), arrives=days(15))).state is BREACHED


# ---- completion ----------------------------------------------------------------------------------


def all_paid(claim: Claim, amount: str = "250.00") -> Claim:
    for n, day in enumerate(DUE):
        claim = lived(claim, day, since=DUE[n - 1] if n else MADE_ON)
        claim = paid(claim, amount, day)
    return claim


def test_kept_to_the_last_instalment_the_claim_closes() -> None:
    claim = all_paid(arranged())
    assert (the_arrangement(claim).state, claim.corrections) == (COMPLETED, ())
    assert next_step(claim, a_desk(), noon(DUE[3])).step.ending == "paid"


def test_a_settlement_paid_in_full_waives_the_rest_by_counter_entries_and_closes_the_claim() -> None:
    claim = all_paid(arranged(waiver="200.00"), "200.00")
    assert the_arrangement(claim).state is COMPLETED
    (correction,) = claim.corrections
    assert (correction.kind, correction.to, correction.amount) == ("settlement", "principal", money("200.00"))
    assert statement(claim, DUE[3]).balance_due == money("0.00")
    assert next_step(claim, a_desk(), noon(DUE[3])).step.ending == "paid"


def test_paid_within_the_tolerance_it_is_completed_after_its_last_day_and_the_cents_are_given_up() -> None:
    claim = paid(arranged(count=1, tolerance_amount="1.00"), "999.50", days(5))
    assert the_arrangement(claim).state is ACTIVE
    claim = lived(claim, days(14))
    assert (the_arrangement(claim).state, statement(claim, days(14)).balance_due) == (COMPLETED, money("0.00"))


def test_a_completed_arrangement_of_some_items_leaves_the_others_owed() -> None:
    claim = arranged(three_invoices(), items=["F-1"], count=1, waiver="100.00")
    claim = paid(claim, "200.00", days(3), directed=[["F-1", "200.00"]])
    now = statement(claim, days(3))
    assert (the_arrangement(claim).state, now.balance_due) == (COMPLETED, money("700.00"))
    assert now.outstanding(item_of(claim, "F-1").id) == money("0.00")


def test_a_global_claim_is_settled_as_a_whole_with_its_costs() -> None:
    cost = a_cost(amount="40.00", chargeable_to_debtor=True)
    claim = a_claim(values=Values.GLOBAL, global_amounts={"loan": "900.00"}, costs=(cost,))
    claim = paid(arranged(claim, count=1, waiver="340.00"), "600.00", days(3))
    assert statement(claim, days(3)).balance_due == money("0.00")


def test_a_settlement_whose_last_payment_goes_back_waives_nothing() -> None:
    claim = paid(arranged(count=1, waiver="200.00"), "800.00", days(5))
    claim = close(claim, Ending.PAID, noon(days(5))).claim
    claim = gone_back(claim, days(8))
    assert (claim.stage, the_arrangement(claim).state) == (Stage.AMICABLE, ACTIVE)
    assert statement(claim, days(8)).balance_due == money("1000.00")
    assert the_arrangement(lived(claim, days(14), since=days(8))).state is BREACHED


def test_a_cancelled_arrangement_makes_the_whole_due_again() -> None:
    claim = arranged(waiver="200.00")
    body = {"arrangement_id": str(the_arrangement(claim).id), "reason": "broken off"}
    claim = asked(claim, "cancel_arrangement", on=days(3), **body).claim
    assert (the_arrangement(claim).state, item_of(claim).off_scenario) == (ArrangementState.CANCELLED, None)
    with pytest.raises(Refused, match="arrangement_not_active"):
        asked(claim, "cancel_arrangement", on=days(4), **body)


def test_the_forecast_shows_the_instalments_and_ends() -> None:
    foreseen = forecast(arranged(missed_allowed=4), a_desk(), noon(MADE_ON), date(2027, 1, 1))
    looked_at = [step.due_on for step in foreseen.steps if step.plan_kind == "instalment" and step.why]
    assert {day - timedelta(days=3) for day in DUE} <= set(looked_at)
    assert len(foreseen.steps) < 60
