"""A letter in the day's print run: news about what it asks for catches it, and it is planned anew for what remains."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain import open_work
from domain.agreed_terms import setting_of, terms_of
from domain.claim import ActionState, Claim, DocumentState, ItemKind, Letter, Outcome
from domain.ground import ground, last_contact_on
from domain.planner import next_step
from domain.statement import statement
from domain.steps import StepKind
from tests import agreement_builders as agreed
from tests.builders import a_claim, a_debtor, an_action, an_id, an_item, at
from tests.dispute_builders import DESK, NOW, TODAY, disputed, given, resolved, the_dispute, three_invoices, told

SENT = an_action(1, action_type="reminder_2", channel="letter", step=1, done_at=NOW - timedelta(hours=1))


def with_a_letter(*items: str, claim: Claim | None = None) -> Claim:
    """The claim with a reminder by letter that asks for these items (all three unless named), not yet printed."""
    letter = Letter(an_id("letter"), SENT.id, DocumentState.RENDERED, NOW + timedelta(hours=4), items or ("F-1", "F-2"))
    return replace(claim or three_invoices(), actions=(SENT,), sequence=1, letters=(letter,))


def is_caught(claim: Claim) -> bool:
    return claim.letters[0].state is DocumentState.WITHDRAWN


@pytest.mark.parametrize(
    "news",
    [
        lambda claim: disputed(claim, "F-2"),
        lambda claim: told(claim, "make_promise", items=["F-2"], promised_on="2026-02-10").claim,
        lambda claim: told(claim, "exclude", items=["F-2"], excluded=True, reason="").claim,
        lambda claim: (
            told(
                claim,
                "payment_received",
                external_id="P-1",
                amount="400.00",
                value_date=TODAY.isoformat(),
                directed=[["F-2", "400.00"]],
            ).claim
        ),
    ],
)
def test_an_item_that_is_disputed_promised_excluded_or_paid_catches_the_letter_that_asks_for_it(news: object) -> None:
    claim = news(with_a_letter())  # type: ignore[operator]
    assert is_caught(claim)
    caught, again = claim.actions[0], next(a for a in claim.actions if a.replaces == SENT.id)
    assert (caught.outcome, caught.caught_on, caught.reached) == (Outcome.SENT, TODAY, False)
    assert (again.state, again.action_type, again.fee, again.step) == (ActionState.PLANNED, "reminder_2", None, None)
    step = next_step(claim, DESK, NOW).step
    assert step.action_id in {str(a.id) for a in claim.actions if a.is_open}


def test_a_part_payment_and_a_dispute_of_another_item_catch_nothing() -> None:
    part: dict[str, Any] = {
        "external_id": "P-1",
        "amount": "10.00",
        "value_date": TODAY.isoformat(),
        "directed": [["F-2", "10.00"]],
    }
    assert not is_caught(told(with_a_letter(), "payment_received", **part).claim)
    assert not is_caught(disputed(with_a_letter(), "F-3"))


def test_what_the_printer_has_taken_is_not_caught() -> None:
    claim = with_a_letter()
    printed = replace(claim, letters=(replace(claim.letters[0], posts_at=NOW - timedelta(minutes=1)),))
    assert not is_caught(disputed(printed, "F-2"))


def test_a_letter_to_an_agent_is_not_caught() -> None:
    handover = replace(SENT, action_type="handover_lawyer", step=None)
    claim = replace(with_a_letter(), actions=(handover,))
    assert not is_caught(disputed(claim, "F-2"))


def test_where_nothing_is_left_to_ask_the_letter_waits_and_leaves_when_there_is_again() -> None:
    claim = disputed(with_a_letter("F-1", claim=a_claim()))
    assert is_caught(claim)
    again = next(a for a in claim.actions if a.replaces == SENT.id)
    much_later = NOW + timedelta(days=1)
    assert next_step(claim, DESK, much_later).step.action_id != str(again.id)
    free = resolved(claim, "rejected", on=much_later)
    assert the_dispute(free).resolved_on is not None
    step = next_step(free, DESK, much_later).step
    assert (step.action_id, step.kind) == (str(again.id), StepKind.SEND_LETTER)


def test_it_waits_for_an_item_that_is_to_come_until_that_is_due() -> None:
    claim = a_claim(an_item("F-1"), an_item("F-2", due_on=TODAY + timedelta(days=10)))
    caught = disputed(with_a_letter("F-1", claim=claim), "F-1")
    again = next(a for a in caught.actions if a.replaces == SENT.id)
    (step,) = [s for s in open_work.planned(ground(caught, DESK, NOW)) if s.action_id == str(again.id)]
    assert step.due_at is not None
    assert step.due_at.date() == TODAY + timedelta(days=10)


def test_a_caught_letter_was_no_contact_and_a_caught_notice_puts_nobody_in_default() -> None:
    claim = disputed(with_a_letter(), "F-2")
    assert last_contact_on(ground(with_a_letter(), DESK, NOW)) == TODAY
    assert last_contact_on(ground(claim, DESK, NOW)) is None
    notice = replace(SENT, action_type="formal_notice", caught_on=TODAY)
    consumer = a_claim(
        an_item("F-1", kind=ItemKind.INVOICE, terms={"interest": {"rate": "10.0", "from": "formal_notice"}}),
        debtor=a_debtor(kind="person"),
    )
    posted = replace(notice, caught_on=None)
    owed = [
        statement(_with_terms(replace(consumer, actions=(each,))), at("2026-06-30").date()) for each in (notice, posted)
    ]
    assert [bool(each.interest) for each in owed] == [False, True]


def _with_terms(claim: Claim) -> Claim:
    return replace(claim, terms=terms_of(claim, setting_of(claim, DESK.creditor, DESK.rates, DESK.countries)))


def test_the_payment_of_an_instalment_catches_its_reminder_in_the_print_run() -> None:
    claim = agreed.lived(agreed.arranged(), agreed.days(7))
    (reminder,) = [a for a in claim.actions if a.subject.startswith("arrangement/")]
    on = agreed.noon(agreed.days(7))
    out = replace(reminder, state=ActionState.FINISHED, outcome=Outcome.SENT, done_at=on)
    letter = Letter(an_id("letter"), out.id, DocumentState.RENDERED, on + timedelta(hours=4), ("1/4",))
    waiting = replace(claim, actions=(*(a for a in claim.actions if a.id != out.id), out), letters=(letter,))
    assert not is_caught(agreed.paid(waiting, "100.00", agreed.days(7)))
    assert is_caught(agreed.paid(waiting, "250.00", agreed.days(7)))


def test_a_given_status_with_an_action_of_its_own_catches_it_too() -> None:
    assert is_caught(given(with_a_letter(), "promise", "F-1", promised_on="2026-02-10"))


def test_a_claim_that_is_paid_has_nothing_planned_anew() -> None:
    claim = with_a_letter()
    paid = told(claim, "payment_received", external_id="P-1", amount="1650.00", value_date=TODAY.isoformat()).claim
    assert is_caught(paid)
    assert [a.id for a in paid.actions if a.is_open] == []
