"""The entry of a counter entry: asked for, refused beyond what was charged, and never a deletion."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.claim import Claim
from domain.entries import Entry, apply
from domain.refusals import Refused
from domain.statement import statement
from tests.builders import a_catalogue, a_claim, a_cost, a_payment, an_id, an_item, at
from tests.money_builders import by_law, figures

DUE = date(2025, 3, 15)
NOW = at("2025-04-14")  # 30 days late: 10.81 of interest at ECB + 10
BORNE = a_cost("service", amount="30", chargeable_to_debtor=True, incurred_on=DUE)
OURS = a_cost("lawyer", amount="300", incurred_on=DUE)


def asked(claim: Claim, **given: Any) -> Claim:
    body = {"to": "interest", "amount": "5.00", "on": "2025-04-14", "reason": "agreed by telephone", **given}
    entry = Entry(an_id("entry", sorted(body.items())), "correct", body, "claire", NOW)
    return apply(claim, entry, a_catalogue(), NOW).claim


def late(**facts: Any) -> Claim:
    return by_law(a_claim(an_item(due_on=DUE), costs=(BORNE, OURS), **facts))


def test_a_counter_entry_is_kept_with_its_author_and_reason_and_leaves_what_was_charged() -> None:
    claim = asked(late())
    assert [(c.author, c.reason, c.kind) for c in claim.corrections] == [
        ("claire", "agreed by telephone", "correction")
    ]
    line = statement(claim, NOW.date()).lines[0]
    assert (str(line.charged.accrued_on(NOW.date())), str(line.interest)) == ("10.81", "5.81")


def test_the_same_entry_twice_corrects_once() -> None:
    once = asked(late())
    assert asked(once).corrections == once.corrections


def test_several_counter_entries_end_at_what_was_charged() -> None:
    claim = asked(asked(late()), amount="5.81")
    assert figures(statement(claim, NOW.date()))[1] == "0.00"
    with pytest.raises(Refused, match="above_charged"):
        asked(claim, amount="0.01")


def test_what_a_fallen_settlement_gave_up_may_be_corrected_again_from_that_day_on() -> None:
    once = asked(late(), amount="10.81")
    fallen = replace(once, corrections=(replace(once.corrections[0], reversed_on=date(2025, 4, 14)),))
    assert figures(statement(asked(fallen, amount="10.81", reason="again"), NOW.date()))[1] == "0.00"
    with pytest.raises(Refused, match="above_charged"):
        asked(fallen, amount="0.01", on="2025-04-13")


@pytest.mark.parametrize(
    ("case", "given", "code"),
    [
        ("more than the interest", {"amount": "10.82"}, "above_charged"),
        ("more than the indemnity", {"to": "indemnity", "amount": "40.01"}, "above_charged"),
        ("more than the principal", {"to": "principal", "amount": "1000.01"}, "above_charged"),
        ("before it was charged", {"to": "indemnity", "amount": "1.00", "on": "2025-03-15"}, "above_charged"),
        ("more than the cost", {"to": "cost", "cost": str(BORNE.id), "amount": "30.01"}, "above_charged"),
        ("a cost that the debtor never bore", {"to": "cost", "cost": str(OURS.id), "amount": "1.00"}, "above_charged"),
        ("an unknown cost", {"to": "cost", "cost": str(an_id("nowhere")), "amount": "1.00"}, "unknown_cost"),
        ("an unknown item", {"item": "F-9"}, "unknown_item"),
    ],
)
def test_it_is_refused(case: str, given: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        asked(late(), **given)
    assert refusal.value.code == code, case


def test_what_was_paid_may_still_be_corrected() -> None:
    paid = a_payment(amount="1080.81", value_date=date(2025, 4, 14))
    claim = asked(late(payments=(paid,)), to="indemnity", amount="40.00")
    assert str(statement(claim, NOW.date()).overpaid) == "40.00"


def test_an_item_that_comes_later_brings_its_own_terms() -> None:
    body = {
        "reference": "F-2",
        "kind": "invoice",
        "due_on": "2025-03-15",
        "amount": "1000.00",
        "terms": {"interest": {"rate": "12"}},
    }
    entry = Entry(an_id("more"), "items_added", {"items": [body]}, "claire", NOW)
    claim = apply(late(), entry, a_catalogue(), NOW).claim
    assert str(statement(claim, NOW.date()).lines[1].interest) == "9.86"  # 1,000 x 12 x 30 / 36500


def test_a_cost_keeps_the_document_that_proves_it() -> None:
    paper = an_id("paper")
    body = {
        "cost_id": str(an_id("c")),
        "kind": "service",
        "amount": "5.00",
        "incurred_on": "2025-04-01",
        "document": str(paper),
    }
    claim = apply(late(), Entry(an_id("cost"), "cost_added", body, "claire", NOW), a_catalogue(), NOW).claim
    assert claim.costs[-1].document_id == paper
