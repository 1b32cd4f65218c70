"""How a claim ends and comes back: with one person, with two, and what stays of the debt."""

from datetime import timedelta

import pytest

from domain.claim import Claim, Ending, Stage
from domain.endings import close
from domain.planner import next_step
from domain.refusals import Refused
from domain.statement import statement
from tests.builders import a_claim, a_payment
from tests.stage_builders import CATALOGUE, NOW, a_stage_catalogue, answered, approval_of, in_stage, told

TODAY = NOW.date()


def ended(claim: Claim, ending: str, reason: str = "no assets") -> Claim:
    """Asked for, approved where that is needed, and closed by the plan."""
    claim = told(claim, "close", ending=ending, reason=reason).claim
    for task in claim.open_tasks:
        claim = answered(claim, task).claim
    step = next_step(claim, CATALOGUE, NOW).step
    return close(claim, Ending(step.ending), NOW).claim


def test_a_write_off_waits_for_a_second_person() -> None:
    applied = told(a_claim(), "close", ending="written_off", reason="no assets")
    assert (applied.outcome["outcome"], applied.claim.closing) == ("second_approval", None)
    assert approval_of(applied.claim).proposed["ending"] == "written_off"


def test_what_is_written_off_is_told_with_both_people_and_the_debt_stands() -> None:
    claim = ended(a_claim(payments=(a_payment(amount="400.00"),)), "written_off")
    loss = claim.written_off
    assert loss is not None
    assert (str(loss.amount), str(loss.paid), loss.on, loss.asked_by, loss.approved_by, loss.reason) == (
        "600.00",
        "400.00",
        TODAY,
        "leila",
        "karim",
        "no assets",
    )
    assert (claim.stage, claim.ending) == (Stage.CLOSED, Ending.WRITTEN_OFF)
    assert str(statement(claim, TODAY).balance_due) == "600.00"


def test_a_payment_after_the_loss_is_taken_and_the_claim_stays_closed() -> None:
    claim = ended(a_claim(), "written_off")
    paid = told(claim, "payment_received", external_id="P", amount="250.00", value_date="2026-03-16").claim
    assert (paid.stage, paid.ending, paid.written_off) == (Stage.CLOSED, Ending.WRITTEN_OFF, claim.written_off)
    assert str(statement(paid, TODAY).balance_due) == "750.00"
    assert next_step(paid, CATALOGUE, NOW).step.ending == "written_off"


@pytest.mark.parametrize("ending", ["withdrawn", "irrecoverable"])
def test_another_ending_needs_two_people_only_above_the_creditors_amount(ending: str) -> None:
    alone = told(a_claim(), "close", ending=ending, reason="wish")
    assert (alone.claim.closing, alone.claim.open_tasks) == (Ending(ending), ())
    limited = a_stage_catalogue(above="999.99")
    two = told(a_claim(), "close", ending=ending, reason="wish", catalogue=limited)
    assert (two.claim.closing, two.outcome["outcome"]) == (None, "second_approval")
    after = answered(two.claim, approval_of(two.claim), catalogue=limited).claim
    assert (after.closing, after.written_off) == (Ending(ending), None)


def test_paid_is_only_for_a_claim_that_owes_nothing() -> None:
    with pytest.raises(Refused, match="still_owed"):
        told(a_claim(), "close", ending="paid", reason="they say so")


@pytest.mark.parametrize("ending", ["written_off", "withdrawn", "irrecoverable"])
def test_a_person_brings_back_an_ended_claim_to_its_stage_and_sub_stage(ending: str) -> None:
    claim = ended(in_stage(a_claim(), "litigation", sub_stage="hearing"), ending)
    assert (claim.stage, claim.sub_stage) == (Stage.CLOSED, "")
    applied = told(claim, "reopen", reason="an heir pays", now=NOW + timedelta(days=40))
    back = applied.claim
    assert (back.stage, back.sub_stage, back.ending, back.closed_on, back.written_off) == (
        Stage.LITIGATION,
        "hearing",
        None,
        None,
        None,
    )
    assert back.stage_since == TODAY + timedelta(days=40)
    assert (applied.events[0].kind, applied.events[0].author, applied.events[0].facts["reason"]) == (
        "claim_reopened",
        "leila",
        "an heir pays",
    )


def test_a_paid_claim_lives_again_by_itself_in_its_sub_stage() -> None:
    claim = in_stage(a_claim(payments=(a_payment(amount="400.00"),)), "litigation", sub_stage="hearing")
    claim = told(claim, "payment_received", external_id="P-2", amount="600.00", value_date="2026-03-16").claim
    claim = close(claim, Ending.PAID, NOW).claim
    with pytest.raises(Refused, match="nothing_to_reopen"):
        told(claim, "reopen", reason="?")
    back = told(claim, "payment_reversed", external_id="P-2", reason="no funds", value_date="2026-03-16").claim
    assert (back.stage, back.sub_stage) == (Stage.LITIGATION, "hearing")


def test_an_open_claim_is_not_reopened() -> None:
    with pytest.raises(Refused, match="not_closed"):
        told(a_claim(), "reopen", reason="?")
