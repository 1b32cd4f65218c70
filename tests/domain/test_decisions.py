"""A person decides: once, on what they saw, and what they decided is carried out."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.asking import run_task_clock
from domain.claim import ActionState, Channel, Claim, Decision, OnExpiry, Origin, Outcome, TaskKind, TaskState
from domain.decisions import decide
from domain.refusals import Refused
from tests.builders import a_catalogue, a_claim, a_debtor, a_fee, a_task, an_action, an_action_type, at, money

NOW = at("2026-02-16")  # a Monday
CATALOGUE = a_catalogue(
    action_types=[
        an_action_type("formal_notice", channels=(Channel.LETTER, Channel.EMAIL), automatic_fee="formal_notice_fee")
    ],
    fees=[a_fee()],
)
PROPOSED = {"channel": "letter", "recipient": "as seen", "subject": "Formal notice", "text": "as seen", "items": []}


def proposed(**task: Any) -> Claim:
    action = an_action(1, action_type="formal_notice", state=ActionState.PROPOSED, step=2, channel=Channel.LETTER)
    return a_claim(actions=(action,), tasks=(a_task(action_id=action.id, step=2, proposed=PROPOSED, **task),))


def decided(claim: Claim, decision: str, *, version: int = 1, by: str = "leila", **body: Any) -> Claim:
    payload = {"task_id": str(claim.tasks[0].id), "decision": decision, "version": version, **body}
    return decide(claim, payload, by, CATALOGUE, NOW)[0].claim


def test_what_is_confirmed_leaves_as_it_was_seen() -> None:
    after = decided(proposed(), "confirm")
    assert (after.actions[0].state, after.actions[0].draft) == (ActionState.CONFIRMED, PROPOSED)
    assert (after.tasks[0].state, after.actions[0].decided_by) == (TaskState.DECIDED, "leila")


def test_a_decision_on_a_stale_preview_is_refused_with_the_version_that_stands() -> None:
    with pytest.raises(Refused) as refusal:
        decided(proposed(version=3), "confirm", version=2)
    assert (refusal.value.code, refusal.value.facts) == ("stale", {"version": 3})


def test_of_two_people_the_second_is_told_who_was_first() -> None:
    after = decided(proposed(), "skip", by="leila")
    with pytest.raises(Refused) as refusal:
        decided(after, "confirm", by="karim")
    assert (refusal.value.code, refusal.value.facts) == ("decided", {"decided_by": "leila"})


def test_a_withdrawn_proposal_cannot_be_decided() -> None:
    with pytest.raises(Refused, match="closed_task"):
        decided(proposed(state=TaskState.WITHDRAWN), "confirm")


def test_only_what_the_task_allows() -> None:
    with pytest.raises(Refused, match="not_allowed"):
        decided(proposed(), "done")


def test_an_override_replaces_the_action_and_has_no_step() -> None:
    after = decided(proposed(), "override", override={"action_type": "reminder_2", "channel": "email"})
    original, replacement = after.actions
    assert original.outcome is Outcome.OVERRIDDEN
    assert (replacement.replaces, replacement.step, replacement.origin) == (original.id, None, Origin.MANUAL)
    assert (replacement.action_type, replacement.channel, replacement.state) == (
        "reminder_2",
        Channel.EMAIL,
        ActionState.CONFIRMED,
    )


def test_another_text_for_the_same_letter_keeps_the_rest_as_seen() -> None:
    after = decided(proposed(), "override", override={"text": "my own words"})
    assert after.actions[1].draft == {**PROPOSED, "text": "my own words"}


def test_an_override_by_a_call_is_asked_of_a_person() -> None:
    after = decided(proposed(), "override", override={"action_type": "call"})
    assert (after.actions[1].state, after.actions[1].planned_at) == (ActionState.PLANNED, NOW)


@pytest.mark.parametrize(
    ("override", "code"),
    [({}, "nothing_to_override"), ({"action_type": "unheard_of"}, "unknown_action_type")],
)
def test_an_override_that_says_nothing_is_refused(override: dict[str, str], code: str) -> None:
    with pytest.raises(Refused, match=code):
        decided(proposed(), "override", override=override)


def test_a_postponed_proposal_waits_for_the_first_sending_day() -> None:
    after = decided(proposed(), "postpone", postpone_to="2026-02-21")  # a Saturday
    assert (after.actions[0].state, after.actions[0].planned_on) == (ActionState.PLANNED, date(2026, 2, 23))


@pytest.mark.parametrize(("to", "code"), [(None, "postpone_needs_a_date"), ("2026-02-16", "date_not_in_the_future")])
def test_postponing_needs_a_date_to_come(to: str | None, code: str) -> None:
    with pytest.raises(Refused, match=code):
        decided(proposed(), "postpone", postpone_to=to)


def test_a_skipped_step_is_recorded_as_skipped() -> None:
    after = decided(proposed(), "skip", comment="agreed by phone")
    assert (after.actions[0].outcome, after.actions[0].reason) == (Outcome.SKIPPED, "agreed by phone")


def test_an_act_that_is_done_charges_the_fee_that_it_causes() -> None:
    claim = proposed(kind=TaskKind.DO_ACTION, allowed=(Decision.DONE,))
    action = replace(claim.actions[0], fee=money("15.00"))
    after = decided(replace(claim, actions=(action,)), "done", result="reached")
    assert after.actions[0].outcome is Outcome.DONE
    assert [(cost.kind, str(cost.amount), cost.chargeable_to_debtor) for cost in after.costs] == [
        ("formal_notice_fee", "15.00", False)
    ]


def test_an_unanswered_task_is_reminded_then_escalated_then_ends_by_its_default() -> None:
    claim = proposed()
    task = claim.tasks[0]
    reminded = run_task_clock(claim, task, task.opened_at + timedelta(days=2)).claim.tasks[0]
    assert reminded.reminded_at is not None
    escalated = run_task_clock(claim, reminded, task.opened_at + timedelta(days=4)).claim.tasks[0]
    assert (escalated.role, escalated.state) == ("supervisor", TaskState.OPEN)
    after = run_task_clock(claim, escalated, task.opened_at + timedelta(days=6)).claim
    assert after.tasks[0].state is TaskState.EXPIRED
    assert (after.actions[0].outcome, after.actions[0].reason) == (Outcome.EXPIRED, "no_answer")


def test_a_default_to_send_releases_what_was_proposed() -> None:
    claim = proposed(on_expiry=OnExpiry.SEND)
    after = run_task_clock(claim, claim.tasks[0], claim.tasks[0].opened_at + timedelta(days=6)).claim
    assert (after.actions[0].state, after.actions[0].draft) == (ActionState.CONFIRMED, PROPOSED)


def test_a_search_is_done_only_when_the_debtor_can_be_reached_and_else_given_up_by_skipping() -> None:
    search = a_task(kind=TaskKind.FIND_ADDRESS, step=0, allowed=(Decision.DONE, Decision.SKIP))
    lost = a_claim(debtor=a_debtor(contacts=(), addresses=()), tasks=(search,))
    with pytest.raises(Refused, match="not_found_yet"):
        decided(lost, "done")
    assert decided(lost, "skip").actions[0].outcome is Outcome.SKIPPED
    assert decided(replace(lost, debtor=a_debtor()), "done").tasks[0].state is TaskState.DECIDED
