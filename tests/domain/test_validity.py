"""An address or contact counts from its first day of validity to its last, on the claim's own day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from correspondence import draft
from correspondence.recipients import NoUsableAddress
from domain.claim import Channel, Claim, TaskKind
from domain.planner import next_step
from domain.steps import StepKind
from tests.builders import DUE_ON, a_catalogue, a_claim, a_contact, a_debtor, an_address, an_id, at

ON = DUE_ON + timedelta(days=5)  # the first reminder's day, a Saturday: it leaves on the Monday after


def a_claim_at(valid_from: date | None = None, valid_until: date | None = None) -> Claim:
    """Without e-mail, with one postal address."""
    address = an_address(valid_from=valid_from, valid_until=valid_until)
    return a_claim(debtor=a_debtor(contacts=(), addresses=(address,)))


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "counts"),
    [
        (None, None, True),
        (ON, ON, True),
        (ON + timedelta(days=1), None, False),
        (None, ON - timedelta(days=1), False),
        (ON - timedelta(days=9), ON + timedelta(days=9), True),
    ],
)
def test_an_address_counts_within_its_days(valid_from: date | None, valid_until: date | None, counts: bool) -> None:
    debtor = a_claim_at(valid_from, valid_until).debtor.on(ON)
    assert (debtor.postal_address() is not None) is counts


def test_nothing_is_planned_for_an_address_that_is_no_more_valid() -> None:
    gone = next_step(a_claim_at(valid_until=ON), a_catalogue(), at(ON + timedelta(days=2), 14)).step
    assert (gone.kind, gone.task_kind) == (StepKind.ASK, TaskKind.FIND_ADDRESS.value)
    there = next_step(a_claim_at(valid_from=ON), a_catalogue(), at(ON + timedelta(days=2), 14)).step
    assert there.kind is StepKind.SEND_LETTER


def test_a_draft_goes_to_the_address_of_its_day() -> None:
    old = an_address(id=an_id("old"), use="billing", city="Ancienneville", valid_until=ON)
    new = an_address(id=an_id("new"), city="Nouvelleville", valid_from=ON + timedelta(days=1))
    claim = a_claim(debtor=a_debtor(addresses=(old, new)))
    for day, city in ((ON, "ANCIENNEVILLE"), (ON + timedelta(days=1), "NOUVELLEVILLE")):
        assert city in draft(claim, a_catalogue(), "reminder_1", Channel.LETTER, day).recipient
    with pytest.raises(NoUsableAddress):
        draft(a_claim_at(valid_until=ON), a_catalogue(), "reminder_1", Channel.LETTER, ON + timedelta(days=1))


def test_an_email_counts_within_its_days_too() -> None:
    debtor = a_debtor(contacts=(a_contact(valid_until=ON), a_contact(email="later@debtor.example")))
    assert debtor.on(ON).email() == "comptes@debtor.example"
    assert debtor.on(ON + timedelta(days=1)).email() == "later@debtor.example"
    assert debtor.on(ON) is debtor
