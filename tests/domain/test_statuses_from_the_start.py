"""Items that come with a status (an import says: disputed): they are followed up as if a person had given it."""

from dataclasses import replace
from datetime import timedelta

from domain.claim import ActionState, Channel, StatusCategory
from tests.builders import a_claim, a_disputed, an_item
from tests.dispute_builders import DESK, TODAY, days, follow_up, item_of, three_invoices, told

COMMERCIAL = {"status": "disputed_commercial", "status_category": StatusCategory.DISPUTE}


def test_an_item_that_is_disputed_from_the_start_brings_the_question_to_the_people_inside() -> None:
    claim = told(a_claim(an_item("F-1", **COMMERCIAL), an_item("F-2")), "opened").claim
    action = follow_up(claim)
    assert (action.action_type, action.channel, action.items) == ("ask_sales", Channel.INTERNAL_EMAIL, ("F-1",))
    assert (action.state, action.planned_on) == (ActionState.PLANNED, days(7))
    assert item_of(claim, "F-1").follow_up_on == TODAY + timedelta(days=7)
    assert item_of(claim, "F-2").follow_up_on is None


def test_one_that_comes_later_does_so_too() -> None:
    body = {"reference": "F-9", "kind": "invoice", "due_on": "2026-01-12", "amount": "10.00"}
    more = {**body, "status": "disputed_commercial", "status_category": "dispute"}
    assert follow_up(told(three_invoices(), "items_added", items=[more]).claim).items == ("F-9",)


def test_a_status_that_the_catalogue_has_no_more_stands_and_brings_nothing() -> None:
    claim = told(a_claim(a_disputed(an_item("F-1"))), "opened", desk=replace(DESK, statuses={})).claim
    assert (claim.actions, item_of(claim).status) == ((), "disputed_price")
