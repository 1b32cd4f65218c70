"""What should come in, and when: what was agreed counts, less what has come for it by the agreement's own account."""

from domain.expected_payments import expected_payments
from domain.statement import statement
from tests.agreement_builders import DUE_ON, MADE_ON, arranged, days, paid, promised, three_invoices
from tests.builders import a_claim, a_payment


def expected(claim: object) -> list[tuple[str, str]]:
    found = expected_payments(claim, statement(claim, days(2)))  # type: ignore[arg-type]
    return [(each.day.isoformat(), str(each.amount)) for each in found if each.agreed]


def test_a_payment_of_before_the_agreement_pays_no_instalment() -> None:
    claim = arranged(a_claim(payments=(a_payment(amount="100.00", value_date=MADE_ON),)), count=2)
    assert expected(claim) == [(days(10).isoformat(), "450.00"), ("2026-02-28", "450.00")]
    assert expected(paid(claim, "100.00", days(1)))[0] == (days(10).isoformat(), "350.00")


def test_a_payment_that_went_to_other_items_pays_no_instalment() -> None:
    claim = arranged(three_invoices(), items=["F-2"], count=1)
    assert expected(paid(claim, "300.00", days(1))) == [(days(10).isoformat(), "200.00")]


def test_of_a_promise_what_has_come_is_expected_no_more() -> None:
    assert DUE_ON < MADE_ON
    assert expected(promised(amount="500.00")) == [(days(10).isoformat(), "500.00")]
    assert expected(paid(promised(amount="500.00"), "200.00", days(1))) == [(days(10).isoformat(), "300.00")]
