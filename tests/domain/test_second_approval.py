"""Two different people: who counts, what is stale, what is told."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.approvals import ask_second_person, needs_second_person
from domain.claim import Claim, Ending, Stage, TaskState
from domain.endings import close
from domain.refusals import Refused
from tests.builders import a_claim, a_payment, money
from tests.stage_builders import (
    CATALOGUE,
    NOW,
    a_procedure,
    a_stage_catalogue,
    answered,
    approval_of,
    asked,
    in_stage,
    told,
)


def waiting(by: str = "leila") -> Claim:
    return asked(a_claim(), "litigation", by=by).claim


@pytest.mark.parametrize(
    ("by", "code"), [("leila", "same_person"), ("api:erp", "second_person"), ("system", "second_person")]
)
def test_neither_the_first_person_nor_a_machine_is_the_second(by: str, code: str) -> None:
    claim = waiting()
    with pytest.raises(Refused, match=code):
        answered(claim, approval_of(claim), by=by)


def test_a_machine_may_be_the_first() -> None:
    claim = waiting(by="api:erp")
    assert answered(claim, approval_of(claim), by="karim").claim.stage is Stage.LITIGATION


def test_a_refusal_closes_the_task_and_tells_why_and_who() -> None:
    claim = waiting()
    applied = answered(claim, approval_of(claim), "refuse", comment="the notice came back")
    assert (applied.claim.stage, applied.claim.tasks[0].state) == (Stage.AMICABLE, TaskState.DECIDED)
    event = next(event for event in applied.events if event.kind == "refused")
    assert (event.author, event.facts["stage"], event.facts["comment"]) == (
        "karim",
        "litigation",
        "the notice came back",
    )
    assert asked(applied.claim, "litigation").outcome["outcome"] == "second_approval"  # it may be asked again


def test_the_one_who_asked_may_take_it_back() -> None:
    claim = waiting()
    assert answered(claim, approval_of(claim), "refuse", by="leila").claim.open_tasks == ()


def test_the_same_is_not_asked_twice() -> None:
    with pytest.raises(Refused, match="approval_open"):
        asked(waiting(), "litigation", by="ines")


def test_of_two_people_at_once_the_first_one_wins() -> None:
    claim = waiting()
    after = answered(claim, approval_of(claim), by="karim").claim
    with pytest.raises(Refused) as refusal:
        answered(after, claim.tasks[0], by="ines")
    assert (refusal.value.code, refusal.value.facts) == ("decided", {"decided_by": "karim"})


def test_an_approval_of_a_closed_claim_is_withdrawn() -> None:
    claim = waiting()
    closed = close(claim, Ending.WITHDRAWN, NOW).claim
    with pytest.raises(Refused, match="closed_task"):
        answered(closed, claim.tasks[0])


def test_an_approval_asked_in_another_stage_is_withdrawn() -> None:
    writing_off = told(a_claim(), "close", ending="written_off", reason="gone").claim
    both = asked(writing_off, "litigation").claim
    moved = answered(both, both.open_tasks[-1]).claim
    assert [task.state for task in moved.tasks] == [TaskState.WITHDRAWN, TaskState.DECIDED]


def test_a_payment_shows_the_approval_anew_and_the_old_version_is_stale() -> None:
    claim = waiting()
    seen = approval_of(claim)
    paid = told(claim, "payment_received", external_id="P", amount="400.00", value_date="2026-03-16").claim
    fresh = approval_of(paid)
    assert (fresh.version, fresh.proposed["balance_due"]) == (2, "600.00")
    with pytest.raises(Refused, match="stale"):
        answered(paid, seen)
    assert answered(paid, fresh).claim.stage is Stage.LITIGATION


def test_a_note_does_not_make_an_approval_stale() -> None:
    assert approval_of(told(waiting(), "note_added", text="rang").claim).version == 1


def test_a_claim_that_is_paid_needs_no_approval_any_more() -> None:
    paid = told(waiting(), "payment_received", external_id="P", amount="1000.00", value_date="2026-03-16").claim
    assert paid.tasks[0].state is TaskState.WITHDRAWN


@pytest.mark.parametrize(
    ("act", "amount", "needed"),
    [
        ("litigation", None, True),
        ("enforcement", None, True),
        ("amicable", None, False),
        ("written_off", "1.00", True),
        ("waiver", "500.00", False),
        ("waiver", "500.01", True),
        ("settlement", "500.01", True),
    ],
)
def test_which_acts_need_two_people(act: str, amount: str | None, needed: bool) -> None:
    given = money(amount) if amount else None
    assert needs_second_person(a_claim(), a_stage_catalogue(above="500.00"), act, given) is needed


def test_no_amount_is_set_unless_somebody_sets_it_and_each_currency_has_its_own() -> None:
    assert not needs_second_person(a_claim(), CATALOGUE, "waiver", money("1000000.00"))
    tunisian = replace(a_claim(), currency="TND")
    assert not needs_second_person(tunisian, a_stage_catalogue(above="1.00"), "waiver", money("9.000", "TND"))


def test_other_subjects_ask_a_second_person_for_their_own_acts() -> None:
    claim = replace(a_claim(), payments=(a_payment(),))
    changed, outcome = ask_second_person(
        claim,
        "waiver",
        NOW,
        first="leila",
        subject="waiver/1",
        facts={"amount": "600.00", "currency": "EUR"},
        proposed={"amount": "600.00", "currency": "EUR"},
    )
    task = approval_of(changed.claim)
    assert (str(task.id), task.proposed["amount"]) == (outcome["task"], "600.00")
    assert Decimal(task.proposed["balance_due"]) == 900


def test_a_claim_in_enforcement_goes_back_to_litigation_by_two_people_too() -> None:
    claim = in_stage(a_claim(procedures=(a_procedure(title_on=date(2026, 3, 1)),)), "enforcement")
    assert asked(claim, "litigation", reason="opposition").outcome["outcome"] == "second_approval"
