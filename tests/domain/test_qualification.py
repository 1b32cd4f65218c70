"""The qualification rate: by amount and by count, of what is overdue and owed."""

from decimal import Decimal

from domain.qualification import qualification
from domain.statement import statement
from tests.builders import a_claim, a_disputed, an_item
from tests.dispute_builders import TODAY, days, given, three_invoices


def test_the_rate_counts_items_and_amounts_that_carry_a_status() -> None:
    found = qualification(statement(given(three_invoices(), "to_follow", "F-2"), TODAY))
    assert (found.by_count, found.by_amount) == (Decimal("0.3333"), Decimal("0.2424"))


def test_only_what_is_overdue_and_still_owed_counts() -> None:
    claim = a_claim(an_item("F-1"), a_disputed(an_item("F-2", due_on=days(5))), an_item("F-3", due_on=None))
    found = qualification(statement(claim, TODAY))
    assert (found.by_count, found.by_amount) == (Decimal(0), Decimal(0))
    later = qualification(statement(claim, days(6)))
    assert (later.by_count, later.by_amount) == (Decimal("0.5"), Decimal("0.5"))


def test_where_nothing_is_overdue_there_is_no_rate() -> None:
    found = qualification(statement(a_claim(an_item(due_on=days(5))), TODAY))
    assert (found.by_count, found.by_amount) == (None, None)
