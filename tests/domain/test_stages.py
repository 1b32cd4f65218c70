"""Stages and sub-stages: who may move a claim, what follows it, and what is refused."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.claim import (
    ActionState,
    Claim,
    Ending,
    LegalEvent,
    Outcome,
    Stage,
    StatusCategory,
    Takeover,
    TaskKind,
    TaskState,
)
from domain.effects import left
from domain.endings import close
from domain.planner import next_step
from domain.refusals import Refused
from domain.stages import propose_stage
from domain.steps import StepKind
from domain.titles import has_title
from tests.builders import a_claim, a_disputed, a_payment, a_task, an_action, an_id, an_item, at
from tests.stage_builders import (
    CATALOGUE,
    NOW,
    TO_LITIGATION,
    a_procedure,
    answered,
    approval_of,
    asked,
    in_stage,
    the_task,
    told,
)


def proposing(**facts: object) -> Claim:
    """The proposal of litigation is on somebody's desk."""
    action = an_action(1, action_type="propose_litigation", state=ActionState.PROPOSED, step=None, **facts)
    return a_claim(actions=(action,))


def done(claim: Claim, by: str = "leila") -> Claim:
    """The proposing action is done, and the claim has taken notice."""
    action = replace(claim.actions[0], decided_by=by)
    after = left(replace(claim, actions=(action,)), CATALOGUE, action.id, NOW, outcome=Outcome.DONE, author=by).claim
    return told(after, "note_added", text="done").claim


# ---- asked for directly -------------------------------------------------------------------------


def test_litigation_is_asked_of_a_second_person_and_nothing_moves_before() -> None:
    applied = asked(a_claim(), "litigation", sub_stage="preparation")
    task = approval_of(applied.claim)
    assert applied.claim.stage is Stage.AMICABLE
    assert (applied.outcome["outcome"], applied.outcome["task"]) == ("second_approval", str(task.id))
    assert (task.role, task.proposed["asked_by"], task.proposed["stage"]) == ("supervisor", "leila", TO_LITIGATION)
    assert task.proposed["balance_due"] == "1000.00"
    assert [(e.kind, e.author) for e in applied.events][-1] == ("approval_asked", "leila")


def test_a_second_person_confirms_and_the_claim_moves_with_its_date_sub_stage_and_reason() -> None:
    waiting = asked(a_claim(), "litigation", sub_stage="preparation", reason="no answer to the notice").claim
    applied = answered(waiting, approval_of(waiting))
    after = applied.claim
    assert (after.stage, after.sub_stage, after.stage_since.isoformat()) == (
        Stage.LITIGATION,
        "preparation",
        "2026-03-16",
    )
    event = next(event for event in applied.events if event.kind == "stage_changed")
    assert (event.author, event.facts["asked_by"], event.facts["reason"]) == (
        "karim",
        "leila",
        "no answer to the notice",
    )
    assert [e.kind for e in applied.events if e.author == "karim"] == ["decided", "approved", "stage_changed"]


def test_going_back_needs_one_person_and_resets_the_sub_stage() -> None:
    claim = in_stage(a_claim(), "litigation", sub_stage="hearing")
    applied = asked(claim, "amicable", reason="the debtor offers to pay")
    assert (applied.claim.stage, applied.claim.sub_stage) == (Stage.AMICABLE, "")
    assert applied.claim.open_tasks == ()


def test_another_sub_stage_of_the_same_stage_needs_one_person_and_keeps_the_stages_date() -> None:
    claim = in_stage(a_claim(), "litigation", sub_stage="preparation")
    applied = asked(claim, "litigation", sub_stage="hearing", now=NOW + timedelta(days=9))
    assert (applied.claim.sub_stage, applied.claim.stage_since) == ("hearing", claim.stage_since)
    assert applied.events[0].kind == "sub_stage_changed"


@pytest.mark.parametrize(
    ("stage", "sub_stage", "code"),
    [
        ("litigation", "never_heard_of", "unknown_sub_stage"),
        ("litigation", "service", "unknown_sub_stage"),  # of enforcement
        ("litigation", "retired", "unknown_sub_stage"),
        ("amicable", None, "stage_already"),
        ("enforcement", None, "no_title"),
        ("closed", None, "malformed"),
    ],
)
def test_what_cannot_be_is_refused_at_once(stage: str, sub_stage: str | None, code: str) -> None:
    with pytest.raises(Refused, match=code):
        asked(a_claim(), stage, sub_stage=sub_stage)


def test_a_closed_claim_changes_no_stage() -> None:
    with pytest.raises(Refused, match="claim_closed"):
        asked(close(a_claim(), Ending.WITHDRAWN, NOW).claim, "litigation")


@pytest.mark.parametrize(
    "titled",
    [
        {"procedures": (a_procedure(title_on=at("2026-03-01").date()),)},
        {"legal_events": (LegalEvent(an_id("title"), "title", at("2026-03-01").date(), NOW, "leila"),)},
        {"takeover": Takeover(Stage.ENFORCEMENT)},
    ],
)
def test_enforcement_needs_a_title_of_a_procedure_told_as_an_event_or_from_a_takeover(
    titled: dict[str, object],
) -> None:
    assert in_stage(a_claim(**titled), "enforcement").stage is Stage.ENFORCEMENT


def test_a_judgment_alone_is_no_title_neither_for_enforcement_nor_for_costs() -> None:
    judged = LegalEvent(an_id("judgment"), "judgment", at("2026-03-01").date(), NOW, "leila")
    assert not has_title(a_claim(legal_events=(judged,)), NOW.date())
    with pytest.raises(Refused, match="no_title"):
        asked(a_claim(legal_events=(judged,)), "enforcement")


def test_a_title_to_come_is_no_title_yet() -> None:
    with pytest.raises(Refused, match="no_title"):
        asked(a_claim(procedures=(a_procedure(title_on=at("2026-03-17").date()),)), "enforcement")


# ---- its items, its steps -------------------------------------------------------------------------


def test_open_undisputed_items_get_the_litigation_status_and_lose_it_on_the_way_back() -> None:
    items = (
        an_item("F-1"),
        a_disputed(an_item("F-2")),
        an_item("F-3", amount="100.00"),
        an_item("F-4", excluded=True),
    )
    paid = a_payment(amount="100.00", directed=(("F-3", an_item("F-3", amount="100.00").amount),))
    claim = in_stage(a_claim(*items, payments=(paid,)), "litigation")
    assert [item.status for item in claim.items] == ["in_litigation", "disputed_price", None, None]
    assert claim.items[0].follow_up_on == (NOW + timedelta(days=30)).date()
    back = asked(claim, "amicable").claim
    assert [(i.status, i.status_category) for i in back.items] == [
        (None, None),
        ("disputed_price", StatusCategory.DISPUTE),
        (None, None),
        (None, None),
    ]


def test_what_the_old_stage_was_about_to_do_is_taken_back() -> None:
    action = an_action(3, action_type="formal_notice", state=ActionState.PROPOSED, step=2)
    claim = a_claim(actions=(action,), tasks=(a_task(action_id=action.id, step=2),))
    after = in_stage(claim, "litigation")
    assert (after.actions[0].outcome, after.actions[0].reason) == (Outcome.WITHDRAWN, "stage_changed")
    assert after.tasks[0].state is TaskState.WITHDRAWN


def test_a_claim_in_litigation_is_not_idle_and_back_in_amicable_it_has_neither_lost_nor_repeats_its_steps() -> None:
    claim = in_stage(a_claim(actions=(an_action(1, step=0),)), "litigation")
    first = next_step(claim, CATALOGUE, NOW).step
    assert (first.action_type, first.scenario_step, first.due_on) == (
        "handover_lawyer",
        3,
        (NOW + timedelta(days=1)).date(),
    )
    lawyer = an_action(
        2, action_type="handover_lawyer", step=3, category=Stage.LITIGATION, outcome=Outcome.DONE, done_at=NOW
    )
    claim = replace(claim, actions=(*claim.actions, lawyer), sequence=2)
    assert next_step(claim, CATALOGUE, NOW).step.action_type == "summons"
    back = asked(claim, "amicable").claim
    step = next_step(back, CATALOGUE, NOW).step
    assert (step.scenario_step, step.passes_over) == (
        2,
        (1,),
    )  # the notice that fits the age; the first is not repeated
    again = in_stage(back, "litigation")
    assert next_step(again, CATALOGUE, NOW).step.action_type == "summons"


# ---- proposed by an action --------------------------------------------------------------------------


def test_an_action_that_was_done_proposes_its_stage_to_the_supervisor() -> None:
    claim = done(proposing())
    task = the_task(claim, TaskKind.STAGE_CHANGE)
    assert (task.role, task.proposed["stage"], task.action_id) == ("supervisor", TO_LITIGATION, claim.actions[0].id)
    assert told(claim, "note_added", text="again").claim.open_tasks == claim.open_tasks  # once


def test_an_action_that_left_by_itself_proposes_at_the_next_plan() -> None:
    claim = proposing()
    sent = left(claim, CATALOGUE, claim.actions[0].id, NOW, outcome=Outcome.SENT).claim
    step = next_step(sent, CATALOGUE, NOW).step
    assert (step.kind, step.subject) == (StepKind.CHECK, f"stage/{claim.actions[0].id}")


def test_an_action_that_was_skipped_proposes_nothing() -> None:
    action = an_action(1, action_type="propose_litigation", outcome=Outcome.SKIPPED)
    assert told(a_claim(actions=(action,)), "note_added", text="x").claim.tasks == ()


def test_what_another_person_did_is_confirmed_by_the_supervisor_alone() -> None:
    claim = done(proposing(), by="leila")
    applied = answered(claim, the_task(claim, TaskKind.STAGE_CHANGE), by="karim")
    assert (applied.claim.stage, applied.claim.sub_stage) == (Stage.LITIGATION, "preparation")
    assert {"approved", "stage_changed"} <= {event.kind for event in applied.events}


@pytest.mark.parametrize(
    ("did", "confirms", "first"), [("karim", "karim", "karim"), ("", "karim", "karim"), ("leila", "api:erp", "leila")]
)
def test_without_two_different_people_a_second_one_is_asked(did: str, confirms: str, first: str) -> None:
    claim = done(proposing(), by=did)
    applied = answered(claim, the_task(claim, TaskKind.STAGE_CHANGE), by=confirms)
    task = approval_of(applied.claim)
    assert (applied.claim.stage, task.proposed["asked_by"]) == (Stage.AMICABLE, first)
    assert applied.outcome == {"outcome": "confirm", "second_approval": str(task.id)}
    assert answered(applied.claim, task, by="ines").claim.stage is Stage.LITIGATION


def test_a_skipped_proposal_is_refused_and_the_claim_stays() -> None:
    claim = done(proposing())
    applied = answered(claim, the_task(claim, TaskKind.STAGE_CHANGE), "skip", comment="too small")
    assert (applied.claim.stage, applied.claim.open_tasks) == (Stage.AMICABLE, ())
    event = next(event for event in applied.events if event.kind == "refused")
    assert (event.author, event.facts["comment"]) == ("karim", "too small")


def test_a_proposed_sub_stage_of_the_same_stage_needs_no_second_person() -> None:
    claim = in_stage(a_claim(), "litigation", sub_stage="preparation")
    wanted = {"stage": "litigation", "sub_stage": "hearing"}
    claim = propose_stage(claim, CATALOGUE, wanted, NOW, subject="procedure/1").claim
    after = answered(claim, the_task(claim, TaskKind.STAGE_CHANGE)).claim
    assert (after.sub_stage, after.open_tasks) == ("hearing", ())


def test_a_proposal_is_withdrawn_when_the_claim_has_moved_meanwhile() -> None:
    claim = done(proposing())
    after = in_stage(claim, "litigation")
    assert after.tasks[0].state is TaskState.WITHDRAWN
    assert told(asked(after, "amicable").claim, "note_added", text="x").claim.open_tasks == ()  # not proposed again
