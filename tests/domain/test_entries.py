"""The inbox applied: each kind of news, what it brings with it, and what is refused."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.catalogue import Status
from domain.claim import (
    ActionState,
    Claim,
    Decision,
    DocumentState,
    Ending,
    Letter,
    Outcome,
    Stage,
    StatusCategory,
    TaskKind,
    TaskState,
)
from domain.endings import close
from domain.entries import Applied, Entry, apply
from domain.refusals import Refused
from domain.statement import statement
from tests.builders import a_catalogue, a_claim, a_payment, a_task, an_action, an_id, an_item, at

NOW = at("2026-02-16")
STATUSES = {
    "disputed_price": Status("disputed_price", {"fr": "Litige prix"}, StatusCategory.DISPUTE, follow_up_days=2),
    "promise": Status("promise", {"fr": "Promesse"}, StatusCategory.PROMISE),
    "retired": Status("retired", {"fr": "Ancien"}, StatusCategory.IN_PROGRESS, active=False),
}
CATALOGUE = a_catalogue(statuses=STATUSES)


def told(claim: Claim, kind: str, **payload: Any) -> Applied:
    return apply(claim, Entry(an_id(kind, str(payload)), kind, payload, "leila", NOW), CATALOGUE, NOW)


def paid(claim: Claim, amount: str, external_id: str = "P-1") -> Applied:
    return told(claim, "payment_received", external_id=external_id, amount=amount, value_date="2026-02-16")


def a_proposed_claim() -> Claim:
    """A formal notice is proposed for the only invoice."""
    action = an_action(1, action_type="formal_notice", state=ActionState.PROPOSED, step=2)
    proposed = {"channel": "letter", "items": [{"reference": "F-1"}], "balance_due": "1000.00"}
    return a_claim(actions=(action,), tasks=(a_task(action_id=action.id, step=2, proposed=proposed),))


def test_what_the_scenario_no_longer_holds_is_refused_not_tried_for_ever() -> None:
    """The claim was moved to a shorter scenario while somebody looked for an address."""
    task = a_task(kind=TaskKind.FIND_ADDRESS, action_id=None, step=9, allowed=(Decision.DONE, Decision.SKIP))
    with pytest.raises(Refused):
        told(a_claim(tasks=(task,)), "decide", task_id=str(task.id), decision="skip", version=1)


def test_a_payment_is_counted_once_however_often_it_is_told() -> None:
    once = paid(a_claim(), "400.00")
    twice = paid(once.claim, "400.00")
    assert len(twice.claim.payments) == 1
    assert twice.outcome == once.outcome
    assert twice.events == ()


def test_a_payment_that_pays_all_withdraws_the_proposal_itself() -> None:
    after = paid(a_proposed_claim(), "1000.00").claim
    assert after.tasks[0].state is TaskState.WITHDRAWN
    assert (after.actions[0].outcome, after.actions[0].reason) == (Outcome.WITHDRAWN, "paid")


def test_a_part_payment_leaves_the_proposal_open() -> None:
    after = paid(a_proposed_claim(), "999.99").claim
    assert after.tasks[0].state is TaskState.OPEN


@pytest.mark.parametrize(("minutes", "state"), [(60, DocumentState.WITHDRAWN), (-60, DocumentState.RENDERED)])
def test_a_payment_catches_a_letter_until_the_print_run(minutes: int, state: DocumentState) -> None:
    letter = Letter(an_id("letter"), None, DocumentState.RENDERED, NOW + timedelta(minutes=minutes))
    after = paid(a_claim(letters=(letter,)), "1000.00").claim
    assert after.letters[0].state is state


def test_an_action_that_is_leaving_is_not_withdrawn() -> None:
    claim = a_claim(actions=(an_action(1, state=ActionState.SENDING),))
    assert paid(claim, "1000.00").claim.actions[0].is_open


def test_a_returned_payment_reopens_the_claim_where_it_was() -> None:
    closed = close(a_claim(payments=(a_payment(amount="1000.00"),)), Ending.PAID, NOW).claim
    assert (closed.stage, closed.closed_on) == (Stage.CLOSED, date(2026, 2, 16))
    again = told(closed, "payment_reversed", external_id="P-1", reason="no funds", value_date="2026-02-16")
    assert (again.claim.stage, again.claim.ending, again.claim.closed_on) == (Stage.AMICABLE, None, None)
    assert [event.kind for event in again.events] == ["payment_reversed", "claim_reopened"]
    assert statement(again.claim, date(2026, 2, 16)).balance_due.amount == 1000


def test_a_claim_that_was_written_off_stays_closed_when_a_payment_comes_back() -> None:
    closed = close(a_claim(payments=(a_payment(),)), Ending.WRITTEN_OFF, NOW).claim
    again = told(closed, "payment_reversed", external_id="P-1", reason="", value_date="2026-02-16")
    assert again.claim.stage is Stage.CLOSED


def test_a_reversal_of_an_unknown_payment_is_refused() -> None:
    with pytest.raises(Refused, match="unknown_payment"):
        told(a_claim(), "payment_reversed", external_id="P-9", reason="", value_date="2026-02-16")


def test_new_items_come_once_by_their_reference() -> None:
    body = {"reference": "F-2", "kind": "invoice", "issued_on": None, "due_on": "2026-03-01", "amount": "10.00"}
    once = told(a_claim(), "items_added", items=[body, body])
    twice = told(once.claim, "items_added", items=[body])
    assert [item.reference for item in twice.claim.items] == ["F-1", "F-2"]


def test_a_note_on_an_action_updates_that_action() -> None:
    claim = a_claim(actions=(an_action(1),))
    noted = told(claim, "note_added", text="asked for a copy", action=str(claim.actions[0].id)).claim
    assert [note["text"] for note in noted.actions[0].notes] == ["asked for a copy"]
    with pytest.raises(Refused, match="unknown_action"):
        told(claim, "note_added", text="?", action=str(an_id("other")))


def test_a_dispute_takes_its_item_off_the_scenario_and_withdraws_what_asked_for_it_alone() -> None:
    after = told(a_proposed_claim(), "give_status", items=["F-1"], status="disputed_price").claim
    assert after.items[0].off_scenario == "dispute"
    assert after.items[0].follow_up_on == date(2026, 2, 18)
    assert after.tasks[0].state is TaskState.WITHDRAWN


def test_the_promise_date_wins_over_the_follow_up_days() -> None:
    after = told(a_claim(), "give_status", items=["F-1"], status="promise", promised_on="2026-03-10").claim
    assert after.items[0].follow_up_on == date(2026, 3, 10)


@pytest.mark.parametrize(
    ("kind", "payload", "code"),
    [
        ("give_status", {"items": ["F-9"], "status": "promise"}, "unknown_item"),
        ("give_status", {"items": ["F-1"], "status": "retired"}, "unknown_status"),
        ("suspend", {"reason": "holiday", "until": "2026-02-16"}, "date_not_in_the_future"),
        ("resume", {}, "not_suspended"),
        ("close", {"ending": "paid", "reason": "they say so"}, "still_owed"),
        ("payment_received", {"external_id": "P", "amount": "1.001", "value_date": "2026-02-16"}, "malformed"),
        ("never_heard_of", {}, "unknown_kind"),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_reason(kind: str, payload: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused, match=code):
        told(a_claim(), kind, **payload)


@pytest.mark.parametrize("kind", ["suspend", "close", "give_status"])
def test_a_closed_claim_refuses_requests(kind: str) -> None:
    closed = close(a_claim(), Ending.WITHDRAWN, NOW).claim
    with pytest.raises(Refused, match="claim_closed"):
        told(closed, kind, reason="x", ending="paid", items=["F-1"], status="promise")


def test_suspending_and_resuming() -> None:
    suspended = told(a_claim(), "suspend", reason="holiday", until="2026-03-01").claim
    assert suspended.suspended is not None
    assert told(suspended, "resume").claim.suspended is None


def test_assigning_moves_the_open_tasks_too() -> None:
    claim = replace(a_proposed_claim(), collector="leila")
    after = told(claim, "assign", collector="karim").claim
    assert (after.collector, after.tasks[0].assignee) == ("karim", "karim")


def test_an_item_that_comes_to_a_paid_claim_reopens_it() -> None:
    closed = close(a_claim(payments=(a_payment(amount="1000.00"),)), Ending.PAID, NOW).claim
    body = {"reference": "F-2", "kind": "invoice", "issued_on": None, "due_on": "2026-03-01", "amount": "10.00"}
    assert told(closed, "items_added", items=[body]).claim.stage is Stage.AMICABLE


def test_items_of_a_claim_keep_their_order_of_arrival() -> None:
    body = {"reference": "A-1", "kind": "invoice", "issued_on": None, "due_on": None, "amount": "1.00"}
    after = told(a_claim(an_item("F-1"), an_item("F-2")), "items_added", items=[body]).claim
    assert [(i.reference, i.position) for i in after.items] == [("F-1", 0), ("F-2", 1), ("A-1", 2)]
