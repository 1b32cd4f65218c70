"""A letter claims interest up to the day that it knows the rate of, and no further."""

from datetime import date

from correspondence import draft, letter_pdf
from domain.claim import Channel
from tests.builders import a_catalogue, a_claim, an_item
from tests.correspondence.letters_of import pages_of
from tests.money_builders import by_law

LAST_KNOWN = date(2026, 6, 30)  # the standard rates end with the first half of 2026


def test_where_a_rate_is_missing_interest_is_said_to_reach_the_last_known_day() -> None:
    claim = by_law(a_claim(an_item(due_on=date(2026, 1, 12))))
    for on, until in ((date(2026, 6, 15), date(2026, 6, 15)), (date(2026, 11, 25), LAST_KNOWN)):
        text = draft(claim, a_catalogue(), "formal_notice", Channel.REGISTERED_LETTER, on)
        assert (text.on, text.interest_until) == (on.isoformat(), until.isoformat())
        (said,) = pages_of(letter_pdf(text, claim, a_catalogue(), on))
        assert f"Intérêts de retard au {until.day} juin 2026" in said
