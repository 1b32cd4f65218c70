"""What is under way comes first: released and postponed actions, the clocks of tasks; and what it blocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.claim import ActionState, Channel, Claim, Mode, OnExpiry, Origin, Outcome, TaskKind, TaskState
from domain.planner import next_step
from domain.steps import Decided, StepKind
from tests.builders import DUE_ON, a_catalogue, a_claim, a_contact, a_debtor, a_payment, a_step, a_task, an_action, at

CATALOGUE = a_catalogue(a_step("formal_notice", 30), a_step("reminder_2", 60))
OPENED_AT = at(DUE_ON + timedelta(days=30))


def asked(**facts: Any) -> Claim:
    """A formal notice is proposed since 11 February, for six days."""
    action = an_action(1, action_type="formal_notice", state=ActionState.PROPOSED, mode=Mode.TO_CONFIRM)
    return a_claim(actions=(action,), tasks=(a_task(action_id=action.id, step=0, opened_at=OPENED_AT, **facts),))


def decided_at(claim: Claim, days: float) -> Decided:
    return next_step(claim, CATALOGUE, OPENED_AT + timedelta(days=days))


REMINDED = {"reminded_at": OPENED_AT + timedelta(days=2)}
ESCALATED = {**REMINDED, "escalated_at": OPENED_AT + timedelta(days=4)}


@pytest.mark.parametrize(
    ("given", "days", "code"),
    [({}, 2, "task_reminds"), (REMINDED, 4, "task_escalates"), (ESCALATED, 6, "task_expires")],
)
def test_an_unanswered_task_is_reminded_then_escalated_then_ends_by_its_default(
    given: dict[str, Any], days: int, code: str
) -> None:
    claim = asked(**given)
    step = decided_at(claim, 1).step
    assert (step.kind, step.due_at, step.why[0].code) == (StepKind.TASK_CLOCK, OPENED_AT + timedelta(days=days), code)
    assert (step.task_id, step.waiting_for, step.plan_kind) == (str(claim.tasks[0].id), "person", "task_deadline")


def test_each_moment_of_a_tasks_clock_has_a_key_of_its_own() -> None:
    keys = {decided_at(asked(**given), 1).step.key for given in ({}, REMINDED, ESCALATED)}
    assert len(keys) == 3


def test_a_clock_whose_worker_was_away_is_due_now() -> None:
    assert decided_at(asked(), 3).step.due_at == OPENED_AT + timedelta(days=3)


def test_a_task_that_waits_for_ever_keeps_its_supervisor_and_the_claim_waits() -> None:
    decided = decided_at(asked(on_expiry=OnExpiry.WAIT, **ESCALATED), 40)
    assert (decided.step.kind, decided.step.due_at, decided.step.waiting_for) == (StepKind.WAIT, None, "person")
    assert decided.step.why[0].facts == {"task": "confirm_action", "opened_at": "2026-02-11T13:00+01:00"}
    assert [found.step.scenario_step for found in decided.not_now] == [1]


def test_after_it_expired_the_claim_goes_on() -> None:
    over = asked()
    expired = replace(over.actions[0], state=ActionState.FINISHED, outcome=Outcome.EXPIRED)
    claim = replace(over, actions=(expired,), tasks=(replace(over.tasks[0], state=TaskState.EXPIRED),))
    assert (decided_at(claim, 7).step.kind, decided_at(claim, 7).step.scenario_step) == (StepKind.SEND_EMAIL, 1)


def test_a_proposal_holds_back_the_steps_after_it() -> None:
    decided = decided_at(asked(), 45)
    assert decided.step.kind is StepKind.TASK_CLOCK
    assert [(found.step.scenario_step, found.why[0].code) for found in decided.not_now] == [(1, "task_open")]


@pytest.mark.parametrize("kind", [TaskKind.ANOMALY, TaskKind.REPLY])
def test_a_task_about_something_else_holds_nothing_back(kind: TaskKind) -> None:
    task = a_task(kind=kind, reminds_at=None, escalates_at=None, expires_at=None)
    step = next_step(a_claim(tasks=(task,)), CATALOGUE, at("2026-01-20")).step
    assert (step.scenario_step, step.kind, step.waiting_for) == (0, StepKind.ASK, "person")


def test_what_replaces_a_step_comes_before_the_next_step() -> None:
    first = an_action(1, action_type="formal_notice", outcome=Outcome.OVERRIDDEN)
    call = an_action(
        2,
        action_type="call",
        step=None,
        origin=Origin.MANUAL,
        channel=Channel.CALL,
        replaces=first.id,
        state=ActionState.PROPOSED,
    )
    claim = a_claim(
        actions=(first, call), tasks=(a_task(kind=TaskKind.DO_ACTION, action_id=call.id, opened_at=OPENED_AT),)
    )
    assert decided_at(claim, 50).step.kind is StepKind.TASK_CLOCK


# ---- actions with a date of their own --------------------------------------------------------


def one_action(**facts: Any) -> Claim:
    return a_claim(actions=(an_action(1, action_type="formal_notice", mode=Mode.TO_CONFIRM, **facts),))


def test_a_confirmed_action_leaves_now_under_its_own_key_even_in_the_evening() -> None:
    claim = one_action(state=ActionState.CONFIRMED, decided_by="camille", channel=Channel.REGISTERED_LETTER)
    step = next_step(claim, CATALOGUE, at("2026-02-12", 21)).step
    assert (step.kind, step.due_at, step.key) == (StepKind.SEND_LETTER, at("2026-02-12", 21), "claim/R26-0000001/1")
    assert (step.why[0].code, "camille" in str(step)) == ("confirmed", False)


def test_a_refused_message_waits_for_its_next_try() -> None:
    again_at = at("2026-02-12", 14)
    claim = one_action(state=ActionState.CONFIRMED, attempts=2, planned_at=again_at)
    step = next_step(claim, CATALOGUE, at("2026-02-12", 9)).step
    assert (step.due_at, step.why[0].code, step.why[0].facts["attempts"]) == (again_at, "tries_again", 2)


@pytest.mark.parametrize(
    ("again_at", "leaves_on"),
    [(at("2026-02-12", 22), "2026-02-13"), (at("2026-02-14", 10), "2026-02-16")],
    ids=["in the night", "on a Saturday"],
)
def test_what_no_person_released_keeps_to_the_sending_days_and_hours(again_at: datetime, leaves_on: str) -> None:
    """A retry, or the "send" of a proposal that nobody answered."""
    claim = one_action(state=ActionState.CONFIRMED, attempts=2, planned_at=again_at)
    due_at = next_step(claim, CATALOGUE, at("2026-02-12", 17)).step.due_at
    assert due_at is not None
    assert at(leaves_on, 9) <= due_at < at(leaves_on, 18)
    by_a_person = one_action(state=ActionState.CONFIRMED, attempts=2, planned_at=again_at, decided_by="leila")
    assert next_step(by_a_person, CATALOGUE, at("2026-02-12", 17)).step.due_at == again_at


def test_the_first_of_several_released_actions_leaves_first() -> None:
    actions = tuple(an_action(n, state=ActionState.CONFIRMED, step=None, origin=Origin.MANUAL) for n in (1, 2))
    assert next_step(a_claim(actions=actions[::-1]), CATALOGUE, at("2026-01-20")).step.key.endswith("/1")


def test_a_confirmed_call_becomes_a_task_to_do() -> None:
    claim = one_action(state=ActionState.CONFIRMED, channel=Channel.CALL)
    step = next_step(claim, CATALOGUE, at("2026-02-12")).step
    assert (step.kind, step.task_kind) == (StepKind.ASK, "do_action")
    open_task = a_task(kind=TaskKind.DO_ACTION, action_id=claim.actions[0].id)
    assert next_step(replace(claim, tasks=(open_task,)), CATALOGUE, at("2026-02-12")).step.kind is StepKind.TASK_CLOCK


@pytest.mark.parametrize(
    ("mode", "kind", "task_kind"),
    [
        (Mode.AUTOMATIC, StepKind.SEND_EMAIL, ""),
        (Mode.TO_CONFIRM, StepKind.ASK, "confirm_action"),
        (Mode.MANUAL, StepKind.ASK, "do_action"),
    ],
)
def test_a_postponed_action_comes_again_on_its_date_by_its_mode(mode: Mode, kind: StepKind, task_kind: str) -> None:
    action = an_action(1, state=ActionState.PLANNED, mode=mode, planned_at=at("2026-03-02", 10), decided_by="camille")
    step = next_step(a_claim(actions=(action,)), CATALOGUE, at("2026-02-01")).step
    assert (step.kind, step.task_kind, step.due_at, step.action_id) == (
        kind,
        task_kind,
        at("2026-03-02", 10),
        str(action.id),
    )
    assert step.why[0].code == "postponed"


def test_a_postponed_automatic_action_keeps_to_the_sending_hours() -> None:
    action = an_action(1, state=ActionState.PLANNED, planned_at=at("2026-02-28", 10))  # a Saturday
    step = next_step(a_claim(actions=(action,)), CATALOGUE, at("2026-02-01")).step
    assert step.due_at is not None
    assert step.due_at.date().isoformat() == "2026-03-02"


def test_an_action_planned_for_a_day_comes_within_the_hours_of_that_day() -> None:
    action = an_action(
        1, state=ActionState.PLANNED, origin=Origin.STATUS, step=None, mode=Mode.MANUAL, planned_on=DUE_ON
    )
    step = next_step(a_claim(actions=(action,)), CATALOGUE, at("2026-01-06")).step
    assert (step.plan_kind, step.due_on, step.due_at is not None and step.due_at.hour >= 8) == (
        "follow_up",
        DUE_ON,
        True,
    )


def test_a_postponed_action_whose_email_is_gone_goes_by_letter() -> None:
    action = an_action(1, state=ActionState.PLANNED, planned_at=at("2026-03-02", 10))
    debtor = a_debtor(contacts=(a_contact(valid=False),))
    step = next_step(a_claim(actions=(action,), debtor=debtor), CATALOGUE, at("2026-02-01")).step
    assert (step.kind, step.channel) == (StepKind.SEND_LETTER, Channel.LETTER)


def test_whichever_is_due_first_comes_first() -> None:
    planned = an_action(1, step=None, origin=Origin.MANUAL, state=ActionState.PLANNED, planned_at=at("2026-02-20"))
    claim = a_claim(actions=(planned,))
    assert next_step(claim, CATALOGUE, at("2026-02-01")).step.scenario_step == 0
    later: datetime = at("2026-02-01")
    sooner = replace(claim, actions=(replace(planned, planned_at=at("2026-02-03")),))
    assert next_step(sooner, CATALOGUE, later).step.action_id == str(planned.id)


def test_a_payment_of_everything_leaves_no_clock_running() -> None:
    paid = replace(asked(), payments=(a_payment(amount="1000"),))
    assert decided_at(paid, 1).step.kind is StepKind.CLOSE
