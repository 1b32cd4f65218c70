"""Disputes: about some items while the others go on, asked about, chased once, resolved with or without a credit."""

from dataclasses import replace
from datetime import timedelta

import pytest

from correspondence import draft
from domain import disputes
from domain.asking import open_task
from domain.checks import check
from domain.claim import ActionState, Channel, Claim, Outcome, Stage, StatusCategory, TaskKind, TaskState
from domain.consequences import consequences
from domain.effects import Changed, begin, left
from domain.endings import close
from domain.forecast import forecast
from domain.ground import ground
from domain.refusals import Refused
from domain.statement import statement
from domain.steps import StepKind
from domain.terms import DisputeOutcome, DisputeState, Ending
from tests.builders import a_disputed, an_id, an_item, at, money
from tests.dispute_builders import (
    DESK,
    NOW,
    TODAY,
    a_desk,
    a_status,
    days,
    decided,
    disputed,
    follow_up,
    follow_up_step,
    given,
    item_of,
    planned,
    resolved,
    the_dispute,
    three_invoices,
    told,
)


def due_checks(claim: Claim, *, on: int = 0) -> list[object]:
    return [(step.key, step.due_on) for step in disputes.due(ground(claim, DESK, at(days(on))))]


def chased(claim: Claim) -> Claim:
    """The claim after the day of the answer came and went."""
    (step,) = disputes.due(ground(claim, DESK, at(days(2), 17)))
    changed = check(claim, DESK, step, at(days(2), 17))
    return changed.then(consequences(changed.claim, DESK, at(days(2), 17))).claim


def sent(claim: Claim) -> Claim:
    return left(claim, DESK, follow_up(claim).id, NOW, outcome=Outcome.SENT).claim


def asked(claim: Claim) -> Claim:
    step = follow_up_step(claim)
    begun, action = begin(claim, DESK, step, NOW, ActionState.PROPOSED)
    return Changed(begun.claim).then(open_task(begun.claim, DESK, step, action, NOW, {})).claim


def outstanding(claim: Claim, *references: str) -> list[str]:
    now = statement(claim, TODAY)
    return [str(now.outstanding(item_of(claim, reference).id)) for reference in references]


def test_a_dispute_about_one_invoice_never_stops_the_others() -> None:
    claim = disputed(three_invoices(), "F-1")
    assert [item.off_scenario for item in claim.items] == ["dispute", None, None]
    step = planned(sent(claim))
    assert step.action_type == "reminder_1"
    assert next(r for r in step.why if r.code == "amount_due").facts["items"] == ["F-2", "F-3"]


def test_a_dispute_names_its_items_kind_owner_and_response_time() -> None:
    claim = disputed(three_invoices(), "F-1", "F-3", owner="adv")
    dispute = the_dispute(claim)
    assert (dispute.items, dispute.kind, dispute.owner) == (("F-1", "F-3"), "disputed_price", "adv")
    assert (dispute.opened_on, dispute.state) == (TODAY, DisputeState.OPEN)
    assert item_of(claim).comment == dispute.text


@pytest.mark.parametrize(
    ("kind", "response"),
    [("disputed_price", 2), ("disputed_admin", 2), ("disputed_technical", 7), ("disputed_commercial", 7)],
)
def test_a_simple_dispute_is_answered_after_2_days_and_a_complex_one_after_7(kind: str, response: int) -> None:
    claim = disputed(three_invoices(), kind=kind)
    assert the_dispute(claim).answer_due_on == item_of(claim).follow_up_on == days(response)


def test_the_owner_is_asked_at_once_by_an_internal_email() -> None:
    claim = disputed(three_invoices())
    question = follow_up(claim)
    assert (question.id, question.channel, question.planned_on) == (
        the_dispute(claim).action_id,
        Channel.INTERNAL_EMAIL,
        TODAY,
    )
    step = follow_up_step(claim)
    assert (step.action_type, step.task_kind, step.plan_kind) == ("ask_sales", "confirm_action", "follow_up")


def test_the_day_of_the_answer_is_in_the_plan_once() -> None:
    claim = sent(disputed(three_invoices()))
    (found,) = due_checks(claim)
    assert found == (f"claim/{claim.number}/dispute/{the_dispute(claim).id}/answer", days(2))
    kinds = [(s.kind, s.due_on) for s in forecast(claim, DESK, NOW, days(20)).steps if s.kind is StepKind.CHECK]
    assert kinds == [(StepKind.CHECK, days(2))]
    assert due_checks(chased(claim), on=3) == []


def test_when_nothing_comes_back_a_supervisor_is_asked_once() -> None:
    claim = chased(sent(disputed(three_invoices())))
    (task,) = claim.open_tasks
    assert (task.kind, task.role, task.subject) == (
        TaskKind.DO_ACTION,
        "supervisor",
        f"dispute/{the_dispute(claim).id}",
    )
    assert task.proposed["items"] == [{"reference": "F-1", "due_on": "2026-01-12", "outstanding": "1000.00"}]
    assert the_dispute(claim).chased_on == days(2)


def test_a_question_that_nobody_confirmed_goes_to_the_supervisor_itself() -> None:
    claim = chased(asked(disputed(three_invoices())))
    (task,) = claim.open_tasks
    assert (task.kind, task.role, task.action_id) == (
        TaskKind.CONFIRM_ACTION,
        "supervisor",
        the_dispute(claim).action_id,
    )


def test_the_supervisors_answer_ends_their_task_and_leaves_the_dispute_open() -> None:
    claim = chased(sent(disputed(three_invoices())))
    (task,) = claim.open_tasks
    body = {"task_id": str(task.id), "decision": "done", "version": task.version}
    after = told(claim, "decide", on=at(days(3)), **body).claim
    assert [a.outcome for a in after.actions] == [Outcome.SENT, Outcome.DONE]
    assert (after.open_tasks, the_dispute(after).state, item_of(after).off_scenario) == (
        (),
        DisputeState.OPEN,
        "dispute",
    )


def test_nobody_is_chased_about_an_item_that_was_paid_meanwhile() -> None:
    body = {"external_id": "P", "amount": "1000.00", "value_date": TODAY.isoformat(), "directed": [["F-1", "1000.00"]]}
    claim = told(disputed(three_invoices()), "payment_received", **body).claim
    assert due_checks(claim, on=3) == []
    assert claim.actions[0].outcome is Outcome.WITHDRAWN


def test_a_rejected_dispute_makes_its_items_recoverable_again_for_all_they_owe() -> None:
    claim = resolved(disputed(three_invoices(), "F-1"), "rejected")
    assert (item_of(claim).status, item_of(claim).off_scenario) == ("dispute_resolved", None)
    assert (the_dispute(claim).outcome, the_dispute(claim).resolved_on) == (DisputeOutcome.REJECTED, TODAY)
    assert (claim.corrections, outstanding(claim, "F-1")) == ((), ["1000.00"])


def test_the_end_of_a_dispute_withdraws_what_was_asked_about_it() -> None:
    claim = resolved(asked(disputed(three_invoices())), "rejected", on=NOW + timedelta(hours=1))
    assert [task.state for task in claim.tasks] == [TaskState.WITHDRAWN]
    assert (claim.actions[0].outcome, claim.actions[0].reason) == (Outcome.WITHDRAWN, "dispute_ended")
    assert due_checks(claim, on=3) == []


def test_a_dispute_accepted_in_part_is_credited_and_the_rest_recoverable() -> None:
    claim = resolved(disputed(three_invoices(), "F-1"), "partly", credit="200.00")
    (correction,) = claim.corrections
    assert (correction.kind, correction.to, correction.item, str(correction.amount)) == (
        "dispute",
        "principal",
        "F-1",
        "200.00",
    )
    assert outstanding(claim, "F-1", "F-2", "F-3") == ["800.00", "400.00", "250.00"]
    assert item_of(claim).off_scenario is None


def test_a_credit_reduces_the_disputed_items_alone_the_oldest_first_and_loses_nothing() -> None:
    older = replace(an_item("F-0", amount="100.00"), due_on=days(-60))
    claim = disputed(
        replace(three_invoices(), items=(*three_invoices().items, replace(older, position=3))), "F-1", "F-0"
    )
    after = resolved(claim, "partly", credit="150.00")
    assert [(c.item, str(c.amount)) for c in after.corrections] == [("F-0", "100.00"), ("F-1", "50.00")]
    assert outstanding(after, "F-1", "F-2", "F-3", "F-0") == ["950.00", "400.00", "250.00", "0.00"]
    assert item_of(after, "F-0").status == "dispute_resolved"


def test_a_dispute_accepted_as_it_stands_credits_all_that_its_items_owe() -> None:
    part_paid = {"external_id": "P", "amount": "300.00", "value_date": TODAY.isoformat()}
    claim = told(three_invoices(), "payment_received", **part_paid, directed=[["F-1", "300.00"]]).claim
    after = resolved(disputed(claim, "F-1"), "accepted")
    assert (str(the_dispute(after).credit), outstanding(after, "F-1", "F-2")) == ("700.00", ["0.00", "400.00"])
    assert [action.action_type for action in after.actions if action.is_open] == []


def test_the_statement_before_the_credit_stands_as_it_was() -> None:
    claim = resolved(disputed(three_invoices(), "F-1"), "partly", credit="200.00")
    assert str(statement(claim, TODAY - timedelta(days=1)).balance_due) == "1650.00"
    assert str(statement(claim, TODAY).balance_due) == "1450.00"


def test_a_claim_whose_only_invoice_is_credited_is_closed() -> None:
    claim = resolved(disputed(replace(three_invoices(), items=three_invoices().items[:1])), "accepted")
    assert planned(claim).kind is StepKind.CLOSE


@pytest.mark.parametrize(
    ("outcome", "credit", "code"),
    [
        ("partly", None, "credit_needed"),
        ("rejected", "10.00", "no_credit_when_rejected"),
        ("partly", "1000.01", "credit_above_owed"),
        ("accepted", "1650.00", "credit_above_owed"),
    ],
)
def test_a_credit_is_refused_where_it_makes_no_sense(outcome: str, credit: str | None, code: str) -> None:
    with pytest.raises(Refused, match=code):
        resolved(disputed(three_invoices(), "F-1"), outcome, credit=credit)


def test_what_cannot_be_disputed_is_refused() -> None:
    claim = disputed(three_invoices(), "F-1")
    closed = close(three_invoices(), Ending.WITHDRAWN, NOW).claim
    for refused, of, items, kind in (
        ("unknown_item", claim, ("F-9",), "disputed_price"),
        ("already_disputed", claim, ("F-2", "F-1"), "disputed_technical"),
        ("unknown_dispute_kind", claim, ("F-2",), "promise"),
        ("unknown_dispute_kind", claim, ("F-2",), "unheard_of"),
        ("claim_closed", closed, ("F-1",), "disputed_price"),
    ):
        with pytest.raises(Refused, match=refused):
            disputed(of, *items, kind=kind)
    retired = a_desk(a_status("disputed_price", active=False))
    with pytest.raises(Refused, match="unknown_dispute_kind"):
        disputed(three_invoices(), desk=retired)


def test_a_dispute_ends_once() -> None:
    claim = resolved(disputed(three_invoices()), "rejected")
    with pytest.raises(Refused, match="already_resolved"):
        resolved(claim, "accepted")
    with pytest.raises(Refused, match="unknown_dispute"):
        told(claim, "resolve_dispute", dispute_id=str(an_id("another")), outcome="rejected")


def test_an_item_may_be_disputed_again_after_its_dispute_has_ended() -> None:
    claim = disputed(resolved(disputed(three_invoices()), "rejected"), kind="disputed_technical")
    assert [dispute.state for dispute in claim.disputes] == [DisputeState.RESOLVED, DisputeState.OPEN]


def test_an_imported_disputed_item_is_resolved_by_its_status() -> None:
    claim = replace(three_invoices(), items=(a_disputed(an_item("F-1")), *three_invoices().items[1:]))
    assert claim.disputes == ()
    after = given(claim, "dispute_resolved")
    assert (item_of(after).status_category, item_of(after).off_scenario) == (StatusCategory.DISPUTE_RESOLVED, None)


def test_a_status_that_ends_the_dispute_ends_its_record_too() -> None:
    claim = given(asked(disputed(three_invoices(), "F-1", "F-2")), "dispute_resolved", "F-1", on=at(days(1)))
    assert the_dispute(claim).state is DisputeState.OPEN  # F-2 is still disputed
    assert claim.open_tasks != ()
    claim = given(claim, "promise", "F-2", on=at(days(1)), promised_on=days(9).isoformat())
    assert (the_dispute(claim).state, the_dispute(claim).outcome) == (DisputeState.RESOLVED, None)
    assert claim.open_tasks == ()


def test_what_was_given_another_status_meanwhile_keeps_it() -> None:
    claim = given(disputed(three_invoices(), "F-1", "F-2"), "promise", "F-2", promised_on=days(9).isoformat())
    after = resolved(claim, "rejected")
    assert (item_of(after, "F-1").status, item_of(after, "F-2").status) == ("dispute_resolved", "promise")


def test_a_disputed_item_withdraws_the_proposal_that_asks_for_nothing_else() -> None:
    claim = replace(three_invoices(), items=three_invoices().items[:1])
    step = decided(claim, on=at(days(0), 17)).step
    begun, action = begin(claim, DESK, step, NOW, ActionState.PROPOSED)
    proposed = {"items": [{"reference": "F-1"}]}
    step = replace(step, task_kind="confirm_action")
    opened = open_task(begun.claim, DESK, step, action, NOW, proposed).claim
    after = disputed(opened)
    assert next(t for t in after.tasks if t.id == opened.tasks[0].id).state is TaskState.WITHDRAWN


def test_the_question_goes_to_the_disputes_owner_where_known_and_never_to_the_debtor() -> None:
    for owner, expected in (
        ("ventes@acme.example", "ventes@acme.example"),
        ("", "adv@acme.example"),
        ("comptes@debtor.example", "adv@acme.example"),
    ):
        claim = disputed(three_invoices(), owner="ventes", owner_email=owner)
        made = draft(claim, DESK, "ask_sales", Channel.INTERNAL_EMAIL, TODAY, action=follow_up(claim))
        assert made.recipient == expected
        assert [item.reference for item in made.items] == ["F-1"]
        assert "F-1" in made.text
        assert "F-2" not in made.text


def test_in_litigation_a_dispute_is_kept_like_any_other() -> None:
    claim = disputed(three_invoices(stage=Stage.LITIGATION))
    assert item_of(claim).off_scenario == "dispute"
    assert str(money("1650.00")) == str(statement(claim, TODAY).balance_due)
