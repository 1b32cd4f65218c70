"""The reminder of an instalment asks for what is left of that instalment, says which it is, and names nothing else."""

from datetime import timedelta

import pytest

from correspondence import Draft, draft
from correspondence.layout import parts_of
from domain.claim import Action, Channel, Claim
from tests.agreement_builders import a_desk, arranged, days, lived, paid
from tests.builders import a_claim, a_debtor


def reminded(claim: Claim, channel: Channel = Channel.EMAIL) -> Draft:
    action: Action = claim.actions[-1]
    return draft(claim, a_desk(), action.action_type, channel, days(11), action=action)


def test_it_asks_for_that_instalment_alone() -> None:
    made = reminded(lived(arranged(), days(7)))
    assert (made.asked, made.balance_due, made.template) == ("250.00", "1000.00", "instalment_due")
    assert [(item.reference, item.due_on, item.outstanding) for item in made.items] == [
        ("Échéance 1/4", days(10).isoformat(), "250.00")
    ]
    assert "l’échéance 1 sur 4" in made.text
    assert "30 janvier 2026" in made.text
    assert "F-1" not in made.text


def test_of_one_paid_in_part_it_asks_for_the_rest_and_says_what_came() -> None:
    claim = lived(paid(arranged(), "100.00", days(10)), days(11), since=days(10))
    made = reminded(claim)
    assert (made.template, made.asked) == ("instalment_missed", "150.00")
    assert "100,00" in made.text
    assert "150,00" in made.text


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.LETTER])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_it_has_one_row_one_total_and_a_way_to_pay(channel: Channel, language: str) -> None:
    claim = lived(arranged(a_claim(debtor=a_debtor(language=language))), days(7))
    made = reminded(claim, channel)
    parts = parts_of(made, claim, a_desk().creditor, days(7) + timedelta(days=1))
    assert (len(parts.rows), len(parts.totals)) == (1, 1)
    assert parts.payment is not None
    assert "250" in parts.payment.amount
    assert len(parts.opening) == 2
    assert len(parts.closing) == 1
