"""The debtor's legal situation, and suspension by a person: what stops, what is asked, how it goes on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.claim import ActionState, Claim, Decision, DocumentState, Ending, Letter, Outcome, TaskKind, TaskState
from domain.endings import close
from domain.entries import Entry, apply
from domain.planner import next_step
from domain.refusals import Refused
from domain.steps import StepKind
from tests.builders import a_claim, a_debtor, a_payment, a_task, an_action, an_id, at
from tests.domain.telling import codes
from tests.stage_builders import CATALOGUE, NOW, asked, the_task, told


def known(claim: Claim, situation: str) -> Claim:
    """The debtor's change reaches the claim."""
    changed = replace(claim, debtor=replace(claim.debtor, legal_situation=situation))
    return told(changed, "debtor_changed", fields=["legal_situation"]).claim


def test_in_an_insolvency_nothing_is_sent_and_a_person_declares_the_claim() -> None:
    claim = known(a_claim(), "insolvency")
    assert claim.hold is not None
    assert (claim.hold.situation, claim.hold.since) == ("insolvency", NOW.date())
    task = the_task(claim, TaskKind.DO_ACTION)
    assert (task.action_type, task.allowed, task.why[0]["code"]) == (
        "declare_claim",
        (Decision.DONE,),
        "declare_claim",
    )
    decided = next_step(claim, CATALOGUE, NOW)
    assert decided.step.kind is StepKind.TASK_CLOCK  # only the person's time runs
    assert [held.why[0].code for held in decided.not_now] == ["held"]


def test_the_claim_that_was_declared_answers_the_question_and_its_opening_alone_does_not() -> None:
    held = known(a_claim(), "insolvency")
    on = NOW.date().isoformat()
    told_of = {
        kind: apply(
            held, Entry(an_id(kind), "record_legal_event", {"kind": kind, "on": on}, "leila", NOW), CATALOGUE, NOW
        ).claim
        for kind in ("insolvency_declared", "insolvency_opened")
    }
    states = {kind: (claim.tasks[0].state, claim.hold) for kind, claim in told_of.items()}
    assert states == {
        "insolvency_declared": (TaskState.WITHDRAWN, held.hold),
        "insolvency_opened": (TaskState.OPEN, held.hold),
    }


def test_before_the_claim_has_heard_of_it_nothing_leaves_either() -> None:
    claim = a_claim(debtor=a_debtor(legal_situation="insolvency"))
    step = next_step(claim, CATALOGUE, NOW).step
    assert (step.kind, step.subject, codes(step)) == (StepKind.CHECK, "hold/insolvency", ["held"])


def test_what_was_proposed_to_the_debtor_is_taken_back_and_comes_again_when_the_situation_ends() -> None:
    action = an_action(1, action_type="formal_notice", state=ActionState.PROPOSED, step=2)
    claim = a_claim(actions=(action,), tasks=(a_task(action_id=action.id, step=2),))
    held = known(claim, "insolvency")
    assert (held.actions[0].outcome, held.actions[0].reason) == (Outcome.WITHDRAWN, "insolvency")
    free = known(held, "active")
    assert (free.hold, free.open_tasks) == (None, ())
    assert next_step(free, CATALOGUE, NOW).step.scenario_step == 2


def test_no_stage_changes_in_an_insolvency_and_what_was_asked_is_withdrawn() -> None:
    claim = known(asked(a_claim(), "litigation").claim, "insolvency")
    assert claim.tasks[0].state is TaskState.WITHDRAWN
    with pytest.raises(Refused) as refusal:
        asked(claim, "litigation")
    assert (refusal.value.code, refusal.value.facts) == ("held", {"situation": "insolvency"})


def test_a_suspension_that_is_lifted_does_not_lift_the_hold() -> None:
    claim = told(known(a_claim(), "insolvency"), "suspend", reason="talks").claim
    claim = told(claim, "resume").claim
    assert claim.hold is not None
    assert claim.suspended is None
    assert [held.why[0].code for held in next_step(claim, CATALOGUE, NOW).not_now] == ["held"]
    with pytest.raises(Refused, match="held"):
        told(claim, "resume")


@pytest.mark.parametrize(
    ("situation", "asks", "chased"), [("deceased", "find_heirs", False), ("ceased", "debtor_ceased", True)]
)
def test_a_death_holds_the_chasing_ceasing_to_trade_asks_a_person_only(situation: str, asks: str, chased: bool) -> None:
    claim = known(a_claim(), situation)
    assert the_task(claim, TaskKind.DO_ACTION).action_type == asks
    assert (next_step(claim, CATALOGUE, NOW).step.kind is StepKind.ASK) is chased
    assert asked(claim, "litigation").outcome["outcome"] == "second_approval"


def test_the_person_is_asked_once_for_each_situation() -> None:
    claim = known(known(a_claim(), "insolvency"), "insolvency")
    task = the_task(claim, TaskKind.DO_ACTION)
    done = told(claim, "decide", task_id=str(task.id), decision="done", version=1).claim
    assert known(done, "insolvency").open_tasks == ()
    died = known(done, "deceased")
    assert the_task(died, TaskKind.DO_ACTION).action_type == "find_heirs"


def test_a_claim_that_is_reopened_meets_the_situation_again() -> None:
    claim = known(a_claim(payments=(a_payment(amount="1000.00"),)), "insolvency")
    claim = close(claim, Ending.PAID, NOW).claim
    back = told(claim, "payment_reversed", external_id="P-1", reason="", value_date="2026-03-16").claim
    step = next_step(back, CATALOGUE, NOW).step
    assert (back.hold, step.kind, step.subject) == (None, StepKind.CHECK, "hold/insolvency")


# ---- suspension by a person ---------------------------------------------------------------------


def test_a_letter_that_the_printer_has_not_taken_does_not_leave_while_suspended_and_goes_later() -> None:
    sent = an_action(1, action_type="reminder_1", channel="letter", done_at=NOW)
    letter = Letter(an_id("letter"), sent.id, DocumentState.RENDERED, NOW + timedelta(hours=3))
    claim = told(a_claim(actions=(sent,), letters=(letter,)), "suspend", reason="talks").claim
    assert claim.letters[0].state is DocumentState.WITHDRAWN
    assert claim.actions[0].outcome is Outcome.SENT
    again = claim.actions[1]
    assert (again.state, again.replaces, again.step, again.fee) == (ActionState.PLANNED, sent.id, None, None)
    assert next_step(claim, CATALOGUE, NOW).step.kind is StepKind.WAIT
    resumed = told(claim, "resume").claim
    assert next_step(resumed, CATALOGUE, NOW).step.action_id == str(again.id)


def test_a_second_suspension_replaces_the_first_and_both_are_told_with_their_author() -> None:
    first = told(a_claim(), "suspend", reason="talks", until="2026-04-01")
    second = told(first.claim, "suspend", by="karim", reason="mediation", until="2026-05-01")
    assert second.claim.suspended is not None
    assert (second.claim.suspended.reason, str(second.claim.suspended.until)) == ("mediation", "2026-05-01")
    assert [(e.kind, e.author, e.facts["reason"]) for a in (first, second) for e in a.events] == [
        ("suspended", "leila", "talks"),
        ("suspended", "karim", "mediation"),
    ]


def test_a_suspension_ends_by_itself_on_its_day_and_a_tasks_clock_runs_meanwhile() -> None:
    task = a_task(kind=TaskKind.REPLY, opened_at=NOW, step=None)
    claim = told(a_claim(tasks=(task,)), "suspend", reason="talks", until="2026-04-01").claim
    step = next_step(claim, CATALOGUE, NOW).step
    assert (step.kind, step.due_at) == (StepKind.TASK_CLOCK, task.reminds_at)
    assert next_step(replace(claim, tasks=()), CATALOGUE, NOW).step.due_at == at("2026-03-31", 22)  # midnight in Paris
    assert next_step(replace(claim, tasks=()), CATALOGUE, at("2026-04-01")).step.kind is StepKind.ASK
