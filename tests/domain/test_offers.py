"""Negotiation: offers, counter-offers, answers, expiry; an accepted offer is an arrangement with a discount."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.claim import Claim
from domain.forecast import forecast
from domain.refusals import Refused
from domain.statement import statement
from domain.terms import ArrangementState, OfferSide, OfferState
from tests.agreement_builders import (
    MADE_ON,
    a_desk,
    arranged,
    asked,
    days,
    item_of,
    lived,
    noon,
    paid,
    the_arrangement,
    the_offer,
    three_invoices,
)
from tests.builders import a_claim, money


def offered(claim: Claim | None = None, **body: Any) -> Claim:
    """The debtor offers 800 for the 1000 owed, to be answered within a week."""
    body = {"by": "debtor", "amount": "800.00", "answer_by": days(7).isoformat(), **body}
    return asked(claim or a_claim(), "make_offer", supervises=True, **body).claim


def answered(claim: Claim, answer: str, *, supervises: bool = True, **body: Any) -> Claim:
    on = body.pop("on", days(2))
    desk = body.pop("desk", None)
    body = {"offer_id": str(the_offer(claim).id), "answer": answer, "supervises": supervises, **body}
    return asked(claim, "answer_offer", on=on, desk=desk, **body).claim


def test_an_offer_alone_changes_nothing_of_the_chase() -> None:
    claim = offered()
    assert (the_offer(claim).state, the_offer(claim).by) == (OfferState.OPEN, OfferSide.DEBTOR)
    assert item_of(claim).off_scenario is None


def test_an_accepted_offer_is_an_arrangement_whose_waiver_is_what_is_owed_beyond_it() -> None:
    claim = answered(offered(count=2, first_due_on=days(10).isoformat()), "accepted")
    arrangement = the_arrangement(claim)
    assert (the_offer(claim).state, arrangement.offer_id) == (OfferState.ACCEPTED, the_offer(claim).id)
    assert (arrangement.total, arrangement.waiver) == (money("800.00"), money("200.00"))
    assert arrangement.instalments[0].due_on == days(10)
    assert item_of(claim).off_scenario == "promise"


def test_an_offer_without_dates_is_paid_within_thirty_days_of_its_acceptance() -> None:
    claim = answered(offered(), "accepted", on=days(3))
    assert [each.due_on for each in the_arrangement(claim).instalments] == [days(33)]


def test_a_settlement_paid_in_full_closes_the_claim_and_a_breached_one_makes_the_whole_due_again() -> None:
    claim = answered(offered(), "accepted")
    assert statement(paid(claim, "800.00", days(20)), days(20)).balance_due == money("0.00")
    broken = lived(claim, days(40))
    assert the_arrangement(broken).state is ArrangementState.BREACHED
    assert statement(broken, days(40)).balance_due == money("1000.00")


def test_a_refused_offer_is_closed() -> None:
    claim = answered(offered(), "refused", reason="too low")
    assert (the_offer(claim).state, the_offer(claim).answered_on) == (OfferState.REFUSED, days(2))
    with pytest.raises(Refused, match="offer_not_open"):
        answered(claim, "accepted")


def test_a_counter_offer_comes_from_the_other_side_and_names_what_it_answers() -> None:
    claim = answered(offered(three_invoices(), items=["F-1"], amount="200.00"), "countered", counter={"amount": "250"})
    first, counter = claim.offers
    assert (first.state, counter.state) == (OfferState.COUNTERED, OfferState.OPEN)
    assert (counter.by, counter.answers, counter.amount) == (OfferSide.CREDITOR, first.id, money("250.00"))
    assert counter.items == ("F-1",)
    accepted = answered(claim, "accepted", supervises=False)  # granted when it was offered
    assert (the_arrangement(accepted).total, the_arrangement(accepted).waiver) == (money("250.00"), money("50.00"))


def test_an_offer_may_name_the_one_it_counters_and_only_the_other_sides() -> None:
    claim = offered()
    counter = {"by": "creditor", "amount": "900.00", "answers": str(the_offer(claim).id)}
    assert [o.state for o in offered(claim, **counter).offers] == [OfferState.COUNTERED, OfferState.OPEN]
    with pytest.raises(Refused, match="offer_of_the_same_side"):
        offered(claim, amount="850.00", answers=str(the_offer(claim).id))


def test_one_offer_is_open_at_a_time() -> None:
    with pytest.raises(Refused, match="offer_open"):
        offered(offered(), amount="850.00")


def test_an_offer_that_nobody_answers_in_time_expires_by_itself() -> None:
    claim = offered()
    assert the_offer(lived(claim, days(7))).state is OfferState.OPEN
    expired = lived(claim, days(8))
    assert (the_offer(expired).state, the_offer(expired).answered_on) == (OfferState.EXPIRED, days(8))
    with pytest.raises(Refused, match="offer_expired"):
        answered(claim, "accepted", on=days(8))  # even before its day was looked at
    foreseen = forecast(claim, a_desk(), noon(MADE_ON), days(30))
    assert [s.due_on for s in foreseen.steps if s.subject.startswith("offer/")] == [days(8)]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"amount": "1000.01"}, "above_owed"),
        ({"answer_by": days(-1).isoformat()}, "date_in_the_past"),
        ({"instalments": [{"due_on": days(9).isoformat(), "amount": "700.00"}]}, "offer_sum"),
        ({"items": ["F-9"]}, "unknown_item"),
    ],
)
def test_what_cannot_be_offered_is_refused_with_the_reason(body: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        offered(**body)
    assert refused.value.code == code


def test_what_is_under_an_arrangement_is_not_negotiated_again() -> None:
    with pytest.raises(Refused, match="item_in_arrangement"):
        offered(arranged(), items=["F-1"])


def test_an_offer_above_what_is_owed_by_now_can_no_longer_be_accepted() -> None:
    claim = paid(offered(), "300.00", days(1))
    with pytest.raises(Refused, match="above_owed"):
        answered(claim, "accepted")


@pytest.mark.parametrize(("limit", "granted"), [("19.99", False), ("20", True)])
def test_a_discount_above_the_creditors_limit_needs_a_supervisor(limit: str, granted: bool) -> None:
    desk = a_desk(discount_percent=Decimal(limit))
    claim = offered()
    if granted:
        assert the_arrangement(answered(claim, "accepted", supervises=False, desk=desk)).waiver == money("200.00")
        return
    with pytest.raises(Refused) as refused:
        answered(claim, "accepted", supervises=False, desk=desk)
    assert (refused.value.code, refused.value.facts["percent"]) == ("discount_above_limit", "20.0")
    with pytest.raises(Refused, match="discount_above_limit"):
        asked(a_claim(), "make_offer", desk=desk, by="creditor", amount="800.00")
    assert the_arrangement(answered(claim, "accepted", desk=desk)).agreed_on == MADE_ON + timedelta(days=2)
