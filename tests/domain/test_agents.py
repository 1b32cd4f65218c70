"""Agents: what is given to one waits for them, is asked after again and again, and brought to a person when it is late."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.claim import ActionState, Channel, Claim, Decision, Mode, Outcome, Suspension, TaskKind, TaskState
from domain.forecast import forecast
from domain.planner import next_step
from domain.refusals import Refused
from domain.steps import StepKind
from tests.builders import a_payment, an_action, at
from tests.procedure_builders import (
    NOW,
    TODAY,
    a_library,
    action_with,
    an_agent,
    an_enforced_claim,
    days_to_come,
    lived,
    planned,
    tasks_about,
    told,
)

SERVICE = {"reminder_days": 15, "duration_days": 30}  # of the standard library


def handed_over() -> tuple[Claim, str]:
    """The service of the title was given to the bailiff today."""
    claim, action = planned(an_enforced_claim(), "service", agent="bailiff")
    return claim, str(action.id)


def reminders(claim: Claim) -> list[tuple[Channel, ActionState]]:
    return [(a.channel, a.state) for a in claim.actions if a.action_type == "agent_reminder"]


def test_a_legal_act_given_to_an_agent_waits_for_them_and_asks_nobody() -> None:
    claim, identity = handed_over()
    assert action_with(claim, identity).state is ActionState.WITH_AGENT
    step = next_step(claim, a_library(), NOW).step
    assert (step.kind, step.waiting_for, step.due_on) == (StepKind.CHECK, "agent", TODAY + timedelta(days=15))


def test_before_its_start_it_waits_for_the_date_and_then_it_is_with_the_agent() -> None:
    claim, action = planned(an_enforced_claim(), "service", agent="bailiff", starts_on="2026-03-02")
    assert action.state is ActionState.PLANNED
    step = next_step(claim, a_library(), NOW).step
    assert (step.kind, step.waiting_for, step.due_on) == (StepKind.CHECK, "date", date(2026, 3, 2))
    after = lived(claim, date(2026, 3, 2))
    assert action_with(after, action.id).state is ActionState.WITH_AGENT
    assert after.open_tasks == ()


def test_a_legal_act_without_an_agent_is_a_persons_to_do() -> None:
    claim, _ = planned(an_enforced_claim(), "service", agent="")
    step = next_step(claim, a_library(), NOW).step
    assert (step.kind, step.task_kind) == (StepKind.ASK, "do_action")


def test_on_the_reminder_date_the_agent_is_written_to_and_again_after_the_same_delay() -> None:
    claim, identity = handed_over()
    after = lived(claim, TODAY + timedelta(days=15))
    reminder = after.actions[-1]
    assert (reminder.action_type, reminder.channel, reminder.mode) == (
        "agent_reminder",
        Channel.INTERNAL_EMAIL,
        Mode.AUTOMATIC,
    )
    assert (reminder.agent, reminder.subject) == ("bailiff", f"agent/{identity}")
    chased = action_with(after, identity)
    assert (chased.reminded_on, chased.reminder_on) == (TODAY + timedelta(days=15), TODAY + timedelta(days=30))
    step = next_step(after, a_library(), at("2026-03-03")).step
    assert (step.kind, step.action_id, step.waiting_for) == (StepKind.SEND_EMAIL, str(reminder.id), "agent")


def test_one_reminder_at_a_time_is_under_way() -> None:
    claim, _ = handed_over()
    after = lived(replace(claim, suspended=Suspension("insolvency")), TODAY + timedelta(days=60))
    assert reminders(after) == [(Channel.INTERNAL_EMAIL, ActionState.CONFIRMED)]
    held = next_step(after, a_library(), at("2026-04-20"))
    assert held.step.kind is not StepKind.SEND_EMAIL  # nothing leaves while the claim is suspended


def test_an_agent_without_an_e_mail_is_called_by_a_person() -> None:
    library = a_library(an_agent(email=""))
    claim, _ = planned(an_enforced_claim(), "service", agent="bailiff", catalogue=library)
    after = lived(claim, TODAY + timedelta(days=15), catalogue=library)
    assert reminders(after) == [(Channel.CALL, ActionState.PLANNED)]
    step = next_step(after, library, at("2026-03-03")).step
    assert (step.kind, step.task_kind) == (StepKind.ASK, "do_action")


def test_past_the_planned_end_the_collector_is_asked_then_the_supervisor() -> None:
    claim, identity = handed_over()
    after = lived(claim, TODAY + timedelta(days=31))
    (task,) = tasks_about(after, "agent/")
    assert (task.kind, task.role, task.action_id) == (
        TaskKind.AGENT_OVERDUE,
        "collector",
        action_with(after, identity).id,
    )
    assert task.escalates_at is not None
    assert task.why[0]["facts"]["planned_end_on"] == "2026-03-18"
    assert next_step(after, a_library(), at("2026-03-20")).step.waiting_for == "person"
    assert len(tasks_about(lived(after, TODAY + timedelta(days=200)), "agent/")) == 1  # asked once


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("note_added", {"text": "the bailiff called: served next week"}),
        ("document_attached", {"document": "00000000-0000-4000-8000-000000000001", "kind": "deed"}),
        ("change_action", {"planned_end_on": "2026-05-01"}),
    ],
)
def test_what_comes_back_ends_the_question_and_begins_the_delay_anew(kind: str, payload: dict[str, str]) -> None:
    claim, identity = handed_over()
    late = lived(claim, TODAY + timedelta(days=31))
    now = at(TODAY + timedelta(days=33))
    after = told(late, kind, now=now, action=identity, **payload).claim
    chased = action_with(after, identity)
    assert (chased.returned_on, chased.is_open) == (now.date(), True)
    assert chased.reminder_on is not None
    assert chased.reminder_on >= now.date() + timedelta(days=15)
    assert tasks_about(after, "agent/") == []
    assert not any(a.is_open for a in after.actions if a.action_type == "agent_reminder")
    assert {step.subject.rpartition("/")[2] for step in days_to_come(after, date(2027, 1, 1), a_library())} == {
        "reminder",
        "overdue",
    }  # still waited for


def test_an_agent_who_came_back_late_and_stays_silent_again_is_asked_about_again() -> None:
    claim, identity = handed_over()
    late = lived(claim, TODAY + timedelta(days=31))
    back = told(late, "note_added", now=at(TODAY + timedelta(days=33)), action=identity, text="next week").claim
    assert tasks_about(lived(back, TODAY + timedelta(days=47)), "agent/") == []
    assert len(tasks_about(lived(back, TODAY + timedelta(days=48)), "agent/")) == 1


def test_its_execution_ends_the_wait() -> None:
    claim, identity = handed_over()
    late = lived(claim, TODAY + timedelta(days=31))
    after = told(
        late, "execute_action", now=at(TODAY + timedelta(days=33)), action=identity, done_on="2026-03-19"
    ).claim
    assert action_with(after, identity).outcome is Outcome.DONE
    assert tasks_about(after, "agent/") == []
    assert [o for a, o in ((a.action_type, a.outcome) for a in after.actions) if a == "agent_reminder"] == [
        Outcome.WITHDRAWN
    ]
    assert list(days_to_come(after, date(2027, 1, 1), a_library())) == []


def decided(claim: Claim, decision: Decision, **more: str) -> Claim:
    (task,) = tasks_about(claim, "agent/")
    now = at(TODAY + timedelta(days=32))
    return told(
        claim, "decide", now=now, task_id=str(task.id), decision=decision.value, version=task.version, **more
    ).claim


def test_the_question_about_a_late_agent_is_answered_by_done_by_another_day_or_by_giving_up() -> None:
    claim, identity = handed_over()
    late = lived(claim, TODAY + timedelta(days=31))
    done = decided(late, Decision.DONE, result="reached")
    assert (action_with(done, identity).outcome, done.open_tasks) == (Outcome.DONE, ())
    given_up = decided(late, Decision.SKIP, comment="another bailiff")
    assert (action_with(given_up, identity).outcome, given_up.costs) == (Outcome.SKIPPED, ())
    more_time = decided(late, Decision.POSTPONE, postpone_to="2026-04-30")
    assert action_with(more_time, identity).planned_end_on == date(2026, 4, 30)
    assert len(tasks_about(lived(more_time, date(2026, 5, 1)), "agent/")) == 1
    with pytest.raises(Refused):
        decided(late, Decision.POSTPONE)


def test_a_step_of_the_scenario_given_to_an_agent_is_chased_while_somebody_is_asked_to_do_it() -> None:
    action = an_action(
        1,
        action_type="service",
        state=ActionState.PROPOSED,
        channel=Channel.LEGAL_ACT,
        agent="bailiff",
        reminder_on=TODAY,
        planned_end_on=TODAY + timedelta(days=10),
    )
    after = lived(an_enforced_claim(actions=(action,)), TODAY + timedelta(days=11))
    assert len(reminders(after)) == 1
    assert len(tasks_about(after, "agent/")) == 1


def test_what_was_written_to_an_agent_is_chased_until_they_answer() -> None:
    action = an_action(
        1,
        action_type="handover_bailiff",
        outcome=Outcome.SENT,
        step=None,
        agent="bailiff",
        reminder_on=TODAY,
        planned_end_on=TODAY + timedelta(days=30),
    )
    claim = an_enforced_claim(actions=(action,))
    assert next_step(claim, a_library(), at("2026-02-15")).step.waiting_for == "agent"
    assert len(reminders(lived(claim, TODAY))) == 1
    answered = told(claim, "note_added", action=str(action.id), text="received, thank you").claim
    assert list(days_to_come(answered, date(2027, 1, 1), a_library())) == []


def test_a_debtor_who_pays_ends_the_chase() -> None:
    claim, _ = handed_over()
    late = lived(claim, TODAY + timedelta(days=31))
    payment = {"external_id": "P-1", "amount": "1000.00", "value_date": "2026-03-20"}
    after = told(late, "payment_received", now=at("2026-03-20"), **payment).claim
    assert after.open_tasks == ()
    assert not any(a.is_open for a in after.actions)


def test_a_letter_to_a_bailiff_is_no_contact_with_the_debtor() -> None:
    library = a_library(minimum_days_between_contacts=30)
    sent = an_action(1, action_type="handover_bailiff", step=None, agent="bailiff", done_at=NOW, returned_on=TODAY)
    claim = an_enforced_claim(actions=(sent,), payments=(a_payment(),))
    decided_now = next_step(claim, library, NOW)
    codes = {why.code for held in decided_now.not_now for why in held.why} | {w.code for w in decided_now.step.why}
    assert "spacing" not in codes


def test_the_plan_foresees_the_chase_and_comes_to_an_end() -> None:
    claim, _ = handed_over()
    foreseen = forecast(claim, a_library(), NOW, date(2026, 12, 31))
    kinds = [step.kind for step in foreseen.steps]
    assert kinds[:2] == [StepKind.CHECK, StepKind.SEND_EMAIL]
    assert len(kinds) < 100


def test_an_agent_overdue_task_is_withdrawn_when_its_action_is_given_up() -> None:
    claim, identity = handed_over()
    late = lived(claim, TODAY + timedelta(days=31))
    after = told(late, "cancel_action", now=at("2026-03-20"), action=identity, reason="another agent").claim
    assert [t.state for t in after.tasks if t.kind is TaskKind.AGENT_OVERDUE] == [TaskState.WITHDRAWN]
