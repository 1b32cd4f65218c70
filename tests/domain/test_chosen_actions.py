"""Actions chosen by a person: what is proposed, what is refused, what executing and giving up bring with them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.catalogue import Status
from domain.claim import (
    ActionState,
    Channel,
    Claim,
    Decision,
    Mode,
    Origin,
    Outcome,
    Stage,
    StatusCategory,
    TaskKind,
    TaskState,
)
from domain.planner import next_step
from domain.refusals import Refused
from domain.steps import StepKind
from tests.builders import a_claim, a_debtor, a_task, an_action, an_item, at
from tests.procedure_builders import NOW, TODAY, a_library, action_with, an_agent, an_enforced_claim, planned, told


def test_dates_left_out_are_proposed_from_duration_and_reminder_delay() -> None:
    _, action = planned(an_enforced_claim(), "service", agent="bailiff")
    assert (action.starts_on, action.planned_end_on, action.reminder_on) == (
        TODAY,
        TODAY + timedelta(days=30),
        TODAY + timedelta(days=15),
    )
    _, later = planned(an_enforced_claim(), "service", starts_on="2026-03-01", reminder_on="2026-03-05")
    assert (later.starts_on, later.planned_end_on, later.reminder_on) == (
        date(2026, 3, 1),
        date(2026, 3, 31),
        date(2026, 3, 5),
    )


def test_a_planned_action_is_a_persons_own_and_off_the_scenario() -> None:
    _, action = planned(
        a_claim(), "call", object="ask for the accountant", observations="in the morning", due_on="2026-03-01"
    )
    assert (action.origin, action.step, action.mode, action.channel) == (Origin.MANUAL, None, Mode.MANUAL, Channel.CALL)
    assert (action.object, action.observations, action.due_on) == (
        "ask for the accountant",
        "in the morning",
        date(2026, 3, 1),
    )


@pytest.mark.parametrize(
    ("action_type", "kind", "task"),
    [
        ("reminder_1", StepKind.SEND_EMAIL, ""),
        ("formal_notice", StepKind.ASK, "confirm_action"),
        ("call", StepKind.ASK, "do_action"),
    ],
)
def test_it_is_taken_on_its_day_by_its_mode(action_type: str, kind: StepKind, task: str) -> None:
    claim, action = planned(a_claim(), action_type, starts_on="2026-03-02")
    step = next_step(claim, a_library(), NOW).step
    assert (step.kind, step.task_kind, step.action_id, step.due_on) == (kind, task, str(action.id), date(2026, 3, 2))
    assert step.due_at is not None
    assert step.due_at >= at("2026-03-02", 8)


def test_one_that_starts_today_is_taken_now() -> None:
    claim, _ = planned(a_claim(), "call")
    assert next_step(claim, a_library(), NOW).step.due_at == NOW


def test_an_action_of_a_further_stage_is_refused_and_says_what_to_do_first() -> None:
    with pytest.raises(Refused) as refused:
        planned(a_claim(), "payment_order")
    assert (refused.value.code, refused.value.facts["needed"]) == ("other_stage", "litigation")
    with pytest.raises(Refused):
        planned(a_claim(stage=Stage.LITIGATION), "third_party_seizure")
    _, action = planned(a_claim(stage=Stage.LITIGATION), "call")  # one still talks during the proceedings
    assert action.category is Stage.AMICABLE


def test_what_is_not_known_is_refused() -> None:
    for payload, code in (
        ({"action_type": "smoke_signal"}, "unknown_action_type"),
        ({"action_type": "call", "items": ["F-9"]}, "unknown_item"),
        ({"action_type": "service", "agent": "nobody"}, "unknown_agent"),
        ({"action_type": "call", "channel": "email"}, "not_a_channel"),
        ({"action_type": "call", "planned_end_on": "2026-02-01"}, "date_before_start"),
    ):
        with pytest.raises(Refused) as refused:
            told(an_enforced_claim(), "plan_action", **payload)
        assert refused.value.code == code
    with pytest.raises(Refused) as closed:
        planned(a_claim(stage=Stage.CLOSED), "call")
    assert closed.value.code == "claim_closed"


def test_an_agent_acts_only_for_their_own_creditors_and_countries_and_while_active() -> None:
    claim = an_enforced_claim()
    for facts in ({"creditors": ("OTHER",)}, {"countries": ("TN",)}, {"active": False}):
        library = a_library(an_agent(**facts))
        with pytest.raises(Refused):
            planned(claim, "service", agent="bailiff", catalogue=library)
        assert planned(claim, "service", catalogue=library)[1].agent == ""  # the type's own is not proposed either
    assert planned(claim, "service", catalogue=a_library(an_agent(creditors=("ACME",), countries=("FR",))))[1].agent


def test_the_fee_is_shown_when_planned_and_charged_when_executed() -> None:
    claim, notice = planned(a_claim(), "formal_notice", channel="letter", starts_on="2026-03-02")
    assert (str(notice.fee), claim.costs) == ("15.00", ())
    released = told(claim, "execute_action", action=str(notice.id)).claim
    step = next_step(released, a_library(), NOW).step
    assert (step.kind, step.action_id) == (StepKind.SEND_LETTER, str(notice.id))
    assert released.costs == ()  # charged when it has left: domain/effects.py


def test_an_action_given_up_costs_nothing() -> None:
    claim, notice = planned(a_claim(), "formal_notice")
    after = told(claim, "cancel_action", action=str(notice.id), reason="paid in cash").claim
    gone = action_with(after, notice.id)
    assert (gone.outcome, gone.reason, gone.decided_by, after.costs) == (Outcome.SKIPPED, "paid in cash", "leila", ())
    for kind, payload in (("execute_action", {}), ("cancel_action", {"reason": "again"}), ("change_action", {})):
        with pytest.raises(Refused) as refused:
            told(after, kind, action=str(notice.id), **payload)
        assert refused.value.code == "action_ended"


def a_called_claim() -> tuple[Claim, str]:
    """A call of the scenario waits for somebody."""
    action = an_action(
        1, action_type="call", state=ActionState.PROPOSED, channel=Channel.CALL, mode=Mode.MANUAL, step=0
    )
    task = a_task(kind=TaskKind.DO_ACTION, action_id=action.id, step=0)
    return a_claim(actions=(action,), tasks=(task,)), str(action.id)


def test_one_click_does_a_call_with_its_result_statuses_and_comment_and_closes_its_task() -> None:
    statuses = {"promise": Status("promise", {"fr": "Promesse"}, StatusCategory.PROMISE)}
    claim, identity = a_called_claim()
    applied = told(
        claim,
        "execute_action",
        catalogue=a_library(statuses=statuses),
        action=identity,
        result="promise",
        comment="pays on Friday",
        promised_on="2026-02-20",
        statuses=[{"items": ["F-1"], "status": "promise"}],
    )
    action, (task,), (item,) = action_with(applied.claim, identity), applied.claim.tasks, applied.claim.items
    assert (action.outcome, action.reason, action.decided_by) == (Outcome.DONE, "promise", "leila")
    assert [note["text"] for note in action.notes] == ["pays on Friday"]
    assert (task.state, (task.decision or {})["decision"]) == (TaskState.DECIDED, Decision.DONE.value)
    assert (item.status, item.promised_on) == ("promise", date(2026, 2, 20))


def test_what_was_done_some_days_ago_is_told_today() -> None:
    claim, identity = a_called_claim()
    applied = told(claim, "execute_action", action=identity, done_on="2026-02-12")
    done_at = action_with(applied.claim, identity).done_at
    assert done_at is not None
    assert done_at.date() == date(2026, 2, 12)
    assert {event.at for event in applied.events} == {NOW}
    with pytest.raises(Refused):
        told(claim, "execute_action", action=identity, done_on="2026-02-17")


def test_a_persons_own_work_is_done_and_never_sent_as_an_internal_e_mail() -> None:
    claim, action = planned(a_claim(), "find_address")
    assert action.channel is Channel.INTERNAL_EMAIL
    after = told(claim, "execute_action", action=str(action.id)).claim
    assert action_with(after, action.id).outcome is Outcome.DONE
    asked, question = planned(a_claim(), "ask_sales")
    sent = told(asked, "execute_action", action=str(question.id)).claim
    assert action_with(sent, question.id).state is ActionState.CONFIRMED


def test_a_proposal_that_is_executed_leaves_now_and_its_task_is_decided() -> None:
    action = an_action(1, action_type="formal_notice", state=ActionState.PROPOSED, channel=Channel.LETTER, step=2)
    task = a_task(action_id=action.id, step=2)
    claim = told(a_claim(actions=(action,), tasks=(task,)), "execute_action", action=str(action.id)).claim
    assert (claim.open_tasks, claim.tasks[0].state) == ((), TaskState.DECIDED)
    assert next_step(claim, a_library(), NOW).step.kind is StepKind.SEND_LETTER


def test_the_items_of_a_specific_action_are_off_the_scenario_until_it_ends() -> None:
    claim, action = planned(a_claim(an_item("F-1"), an_item("F-2")), "call", items=["F-2"])
    assert [item.off_scenario for item in claim.items] == [None, "specific_action"]
    for kind, payload in (("execute_action", {}), ("cancel_action", {"reason": "no"})):
        after = told(claim, kind, action=str(action.id), **payload).claim
        assert [item.off_scenario for item in after.items] == [None, None]


def test_a_date_an_agent_and_a_text_are_changed_while_it_is_open() -> None:
    claim, action = planned(an_enforced_claim(), "service", starts_on="2026-03-02", agent="")
    payload = {"reminder_on": "2026-03-10", "agent": "bailiff", "object": "title of 1 March"}
    after = action_with(told(claim, "change_action", action=str(action.id), **payload).claim, action.id)
    assert (after.reminder_on, after.agent, after.object) == (date(2026, 3, 10), "bailiff", "title of 1 March")
    assert after.planned_end_on == action.planned_end_on
    with pytest.raises(Refused):
        told(claim, "change_action", action=str(action.id), agent="nobody")
    with pytest.raises(Refused):
        told(claim, "change_action", action=str(action.id), planned_end_on="2026-03-01")


def test_a_start_that_moves_takes_its_end_its_reminder_and_its_question_along() -> None:
    claim, action = planned(a_claim(), "call")
    asked = replace(
        claim,
        actions=tuple(replace(a, state=ActionState.PROPOSED) for a in claim.actions),
        tasks=(a_task(kind=TaskKind.DO_ACTION, action_id=action.id),),
    )
    after = told(asked, "change_action", action=str(action.id), starts_on="2026-03-02").claim
    moved = action_with(after, action.id)
    assert (moved.starts_on, moved.planned_end_on, moved.reminder_on) == (
        date(2026, 3, 2),
        date(2026, 3, 4),
        date(2026, 3, 3),
    )
    assert (moved.state, after.open_tasks) == (ActionState.PLANNED, ())
    assert next_step(after, a_library(), NOW).step.due_on == date(2026, 3, 2)


def test_an_act_that_gets_its_agent_later_is_theirs_and_nobody_of_ours_is_asked_any_more() -> None:
    claim, action = planned(an_enforced_claim(), "service", agent="")
    asked = replace(
        claim,
        actions=tuple(replace(a, state=ActionState.PROPOSED) for a in claim.actions),
        tasks=(a_task(kind=TaskKind.DO_ACTION, action_id=action.id),),
    )
    after = told(asked, "change_action", action=str(action.id), agent="bailiff").claim
    assert (action_with(after, action.id).state, after.open_tasks) == (ActionState.WITH_AGENT, ())
    alone = told(after, "change_action", action=str(action.id), agent="").claim
    assert next_step(alone, a_library(), NOW).step.task_kind == "do_action"


def test_what_is_leaving_is_neither_changed_nor_given_up() -> None:
    action = an_action(1, state=ActionState.SENDING)
    claim = a_claim(actions=(action,))
    for kind, payload in (
        ("change_action", {"object": "x"}),
        ("cancel_action", {"reason": "x"}),
        ("execute_action", {}),
    ):
        with pytest.raises(Refused) as refused:
            told(claim, kind, action=str(action.id), **payload)
        assert refused.value.code == "action_leaves"


def test_an_e_mail_of_a_persons_goes_by_letter_to_a_debtor_without_one() -> None:
    _, action = planned(a_claim(debtor=a_debtor(contacts=())), "reminder_1")
    assert action.channel is Channel.LETTER
