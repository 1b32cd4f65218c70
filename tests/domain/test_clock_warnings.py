"""People are warned 60, 30 and 8 days before a clock of the law runs out, each once; news takes the warning back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.catalogue import Catalogue
from domain.checks import check
from domain.claim import ActionState, Claim, Decision, Stage, Suspension, Task, TaskKind, TaskState
from domain.consequences import consequences
from domain.entries import Entry, apply
from domain.forecast import forecast
from domain.planner import next_step
from domain.steps import Step, StepKind
from tests.builders import a_claim, an_action, an_id, an_item, at
from tests.law_builders import a_consumer, an_event, dated, the_law

DUE = date(2021, 6, 15)  # the limitation runs out on 15 June 2026
LAW = the_law()
DONE = tuple(an_action(n, step=n - 1, done_at=at("2021-08-01")) for n in (1, 2, 3))


def old_claim(*items: Any, **facts: Any) -> Claim:
    """All steps of its scenario taken: only the law's calendar is left."""
    return a_claim(*(items or (an_item(due_on=DUE),)), **{"actions": DONE, "collector": "leila", **facts})


def comes(claim: Claim, now: datetime | str, law: Catalogue = LAW) -> Step:
    return next_step(claim, law, at(now) if isinstance(now, str) else now).step


def lived(claim: Claim, until: str, law: Catalogue = LAW, since: str = "2026-01-05") -> Claim:
    """The claim as the days bring it: every check is made on its day."""
    now, end = at(since), at(until)
    for _ in range(20):
        step = comes(claim, now, law)
        if step.due_at is None or step.due_at > end:
            return claim
        assert step.kind is StepKind.CHECK
        now = max(now, step.due_at)
        checked = check(claim, law, step, now)
        claim = checked.then(consequences(checked.claim, law, now)).claim
    raise AssertionError("it turns in circles")


def warnings(claim: Claim) -> list[tuple[str, str, str]]:
    return [(t.role, t.state.value, t.why[0]["code"]) for t in claim.tasks if t.kind is TaskKind.CLOCK]


def told(claim: Claim, entry_kind: str, now: str, /, **payload: Any) -> Claim:
    entry = Entry(an_id("entry", entry_kind, now, str(payload)), entry_kind, payload, "leila", at(now))
    return apply(claim, entry, LAW, at(now)).claim


def answered(claim: Claim, now: str) -> Claim:
    (task,) = claim.open_tasks
    return told(claim, "decide", now, task_id=str(task.id), decision=Decision.DONE.value, version=task.version)


# ---- when --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("until", "seen"),
    [
        ("2026-04-15", []),
        ("2026-04-16", [("collector", "open", "clock_warning")]),  # 60 days before
        ("2026-05-16", [("collector", "open", "clock_warning")]),  # 30 days before: the same task, raised
        ("2026-06-07", [("supervisor", "open", "clock_warning")]),  # 8 days before: to the supervisor
        ("2026-06-16", [("supervisor", "open", "limitation_over")]),  # the day after the last one
    ],
)
def test_a_clock_is_warned_of_and_escalates(until: str, seen: list[tuple[str, str, str]]) -> None:
    assert warnings(lived(old_claim(), until)) == seen


def test_a_warning_that_was_answered_is_followed_by_the_next_one() -> None:
    claim = answered(lived(old_claim(), "2026-04-16"), "2026-04-17")
    claim = answered(lived(claim, "2026-05-16", since="2026-04-18"), "2026-05-17")
    claim = lived(claim, "2026-06-07", since="2026-05-18")
    assert warnings(claim) == [
        ("collector", "decided", "clock_warning"),
        ("collector", "decided", "clock_warning"),
        ("supervisor", "open", "clock_warning"),
    ]


def test_the_task_says_what_runs_out_when_and_by_which_law() -> None:
    (task,) = lived(old_claim(), "2026-05-16").open_tasks
    assert (task.subject, task.version, task.assignee) == ("clock/limitation", 2, "leila")
    assert task.why[0]["facts"] == {
        "clock": "limitation",
        "runs_out_on": "2026-06-15",
        "source": "C. com. art. L110-4 et C. civ. art. 2224 (loi n° 2008-561 du 17 juin 2008)",
        "items": ["F-1"],
        "days": 30,
    }
    assert (task.reminds_at, task.escalates_at) == (None, None)  # the clock's further warnings are its reminders


def test_warnings_missed_meanwhile_are_given_once_the_most_pressing_one() -> None:
    claim = lived(old_claim(), "2026-06-10", since="2026-06-10")
    assert warnings(claim) == [("supervisor", "open", "clock_warning")]
    assert claim.open_tasks[0].why[0]["facts"]["days"] == 5
    assert claim.clock_marks[0].warned == (60, 30, 8)


def test_a_claim_that_comes_in_too_late_is_the_supervisors_at_once() -> None:
    items = [an_item(f"F-{n}", due_on=date(2015, n, 5)) for n in (1, 2, 3)]
    claim = lived(old_claim(*items), "2026-01-05")
    assert warnings(claim) == [("supervisor", "open", "limitation_over")]
    assert claim.open_tasks[0].why[0]["facts"]["items"] == ["F-1", "F-2", "F-3"]


def test_instalments_share_one_task_which_names_the_pressing_ones() -> None:
    items = [an_item(f"E-{n}", due_on=date(2024, n, 15)) for n in (5, 6)]
    claim = lived(old_claim(*items, debtor=a_consumer()), "2026-05-08")
    (task,) = claim.open_tasks
    assert task.why[0]["facts"]["items"] == ["E-5"]  # 8 days; E-6 was warned of at 60
    assert {(str(m.runs_out_on), m.warned) for m in claim.clock_marks} == {
        ("2026-05-15", (60, 30, 8)),
        ("2026-06-15", (60,)),
    }


def test_a_deadline_of_eight_days_goes_to_the_supervisor_at_once() -> None:
    claim = old_claim(
        an_item(due_on=date(2025, 6, 16)),
        legal_events=(an_event("title", "2026-02-02"), an_event("third_party_seizure", "2026-03-02")),
    )
    claim = lived(claim, "2026-03-02", since="2026-03-02")
    assert [(t.subject, t.role) for t in claim.open_tasks] == [("clock/third_party_seizure_notice", "supervisor")]


def test_the_end_of_the_debtors_time_is_told_to_the_collector() -> None:
    events = an_event("payment_order", "2026-09-01"), an_event("service", "2026-10-05")
    claim = lived(old_claim(an_item(due_on=date(2025, 6, 16)), legal_events=events), "2026-11-06", since="2026-10-06")
    assert warnings(claim) == [("collector", "open", "clock_waited_for")]


def test_the_days_of_warning_are_a_parameter() -> None:
    law = the_law(clock_warning_days=(dated("90 10", "1900-01-01"),))
    assert comes(old_claim(), "2026-01-05", law).due_on == date(2026, 3, 17)


# ---- what news brings --------------------------------------------------------------------------


def test_a_part_payment_takes_the_warning_back_and_the_clock_begins_anew() -> None:
    warned = lived(old_claim(), "2026-05-16")
    paid = told(warned, "payment_received", "2026-05-20", external_id="P", amount="100.00", value_date="2026-05-20")
    assert warnings(paid) == [("collector", "withdrawn", "clock_warning")]
    assert paid.clock_marks == ()
    assert comes(paid, "2026-05-21").due_on == date(2031, 5, 20) - timedelta(days=60)


def test_a_payment_that_goes_back_brings_the_warning_back() -> None:
    warned = lived(old_claim(), "2026-05-16")
    paid = told(warned, "payment_received", "2026-05-20", external_id="P", amount="100.00", value_date="2026-05-20")
    back = told(paid, "payment_reversed", "2026-06-02", external_id="P", reason="bounced", value_date="2026-06-02")
    claim = lived(back, "2026-06-02", since="2026-06-02")
    assert warnings(claim) == [("collector", "withdrawn", "clock_warning"), ("collector", "open", "clock_warning")]


def test_an_acknowledgement_recorded_late_counts_from_its_own_day() -> None:
    warned = lived(old_claim(), "2026-06-16")
    known = told(warned, "record_legal_event", "2026-06-20", kind="acknowledgement", on="2026-06-01")
    assert warnings(known) == [("supervisor", "withdrawn", "limitation_over")]
    assert comes(known, "2026-06-21").due_on == date(2031, 6, 1) - timedelta(days=60)


def test_news_that_moves_no_clock_leaves_the_warning() -> None:
    warned = lived(old_claim(), "2026-05-16")
    assert told(warned, "note_added", "2026-05-20", text="called").open_tasks == warned.open_tasks
    late = told(
        lived(old_claim(), "2026-06-16"),
        "payment_received",
        "2026-06-20",
        external_id="P",
        amount="100.00",
        value_date="2026-06-20",
    )
    assert warnings(late) == [("supervisor", "open", "limitation_over")]


def test_a_closed_claim_is_warned_of_nothing() -> None:
    warned = lived(old_claim(), "2026-05-16")
    paid = told(warned, "payment_received", "2026-05-20", external_id="P", amount="1000.00", value_date="2026-05-20")
    assert comes(paid, "2026-05-21").kind is StepKind.CLOSE
    assert consequences(replace(paid, stage=Stage.CLOSED), LAW, at("2026-05-21")).claim.tasks == paid.tasks


# ---- in the plan -------------------------------------------------------------------------------


def test_a_claim_with_only_the_laws_calendar_ahead_waits_for_nothing() -> None:
    step = comes(old_claim(), "2026-01-05")
    assert (step.kind, step.plan_kind, step.waiting_for, step.due_on) == (
        StepKind.CHECK, "clock", "nothing", date(2026, 4, 16),
    )  # fmt: skip
    assert [reason.code for reason in step.why] == ["clock_warning", "scenario_finished"]


def test_a_clock_between_two_of_our_own_steps_waits_for_a_date() -> None:
    planned = an_action(4, action_type="call", step=None, state=ActionState.PLANNED, planned_on=date(2026, 9, 1))
    step = comes(old_claim(actions=(*DONE, planned)), "2026-01-05")
    assert (step.kind, step.waiting_for) == (StepKind.CHECK, "date")


def test_a_clock_of_ten_years_ahead_does_not_come_before_the_scenario() -> None:
    step = comes(a_claim(), "2026-01-06")
    assert (step.kind, step.action_type) == (StepKind.SEND_EMAIL, "reminder_1")


def test_a_suspended_claim_is_warned_of_too() -> None:
    claim = lived(old_claim(suspended=Suspension("dispute")), "2026-04-16")
    assert warnings(claim) == [("collector", "open", "clock_warning")]


def test_the_plan_foresees_every_warning() -> None:
    steps = forecast(old_claim(), LAW, at("2026-01-05"), date(2026, 12, 31)).steps
    assert [(s.plan_kind, str(s.due_on)) for s in steps] == [
        ("clock", "2026-04-16"),
        ("clock", "2026-05-16"),
        ("clock", "2026-06-07"),
        ("clock", "2026-06-16"),
    ]


def test_chasing_goes_on_amicably_and_says_so_when_the_limitation_has_run_out() -> None:
    claim = lived(old_claim(), "2026-06-16")
    step = comes(replace(claim, actions=()), "2026-06-17")
    assert step.kind in {StepKind.SEND_EMAIL, StepKind.SEND_LETTER, StepKind.ASK}
    assert step.why[-1].code == "only_amicably"


# ---- legal events ------------------------------------------------------------------------------


def test_the_same_event_twice_is_one() -> None:
    once = told(old_claim(), "record_legal_event", "2026-02-03", kind="summons", on="2026-02-02")
    entry = Entry(
        an_id("again"), "record_legal_event", {"kind": "summons", "on": "2026-02-02"}, "omar", at("2026-02-04")
    )
    again = apply(once, entry, LAW, at("2026-02-04"))
    assert again.claim.legal_events == once.legal_events
    assert again.outcome == {"outcome": "known", "id": str(once.legal_events[0].id)}


def test_a_retracted_event_stays_readable_and_moves_nothing() -> None:
    known = told(old_claim(), "record_legal_event", "2026-02-03", kind="acknowledgement", on="2026-02-02")
    (event,) = known.legal_events
    gone = told(known, "retract_legal_event", "2026-02-04", event_id=str(event.id), reason="another debtor's letter")
    (event,) = gone.legal_events
    assert (event.stands, event.retracted_by, event.retraction_reason) == (False, "leila", "another debtor's letter")
    assert comes(gone, "2026-02-05").due_on == date(2026, 4, 16)


def test_a_task_of_the_law_keeps_its_supervisor() -> None:
    claim = lived(old_claim(), "2026-06-07")
    (task,) = claim.open_tasks
    assert isinstance(task, Task)
    assert (task.state, task.escalated_at is not None, task.allowed) == (TaskState.OPEN, True, (Decision.DONE,))
