"""What is frozen: whom it goes to, what it asks for, and the words."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from email.headerregistry import Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from correspondence import Draft, NoUsableAddress, draft
from correspondence.layout import parts_of
from correspondence.texts import LANGUAGES, templates
from domain.claim import Channel, Claim, ItemKind, Values
from domain.mail_address import usable_email
from domain.money import Money
from tests.builders import (
    a_catalogue,
    a_claim,
    a_contact,
    a_creditor,
    a_debtor,
    a_disputed,
    a_fee,
    a_payment,
    a_promised,
    an_action,
    an_action_type,
    an_address,
    an_item,
    at,
    money,
)
from tests.correspondence.letters_of import ON, TEXTS, catalogue_in, claim_of, plain
from tests.money_builders import under

CATALOGUE = catalogue_in("EUR")


def of(
    claim: Claim, action_type: str = "reminder_1", channel: Channel = Channel.EMAIL, text: str | None = None
) -> Draft:
    return draft(claim, CATALOGUE, action_type, channel, ON, text)


def test_only_items_that_are_due_owed_and_undisputed_are_asked_for() -> None:
    claim = a_claim(
        an_item("DUE", amount="100.00", due_on=ON - timedelta(days=1)),
        an_item("TODAY", amount="200.00", due_on=ON),
        an_item("TO-COME", amount="300.00", due_on=ON + timedelta(days=1)),
        a_disputed(an_item("DISPUTED", amount="400.00")),
        a_promised(an_item("PROMISED", amount="500.00"), ON + timedelta(days=9)),
        an_item("UNDATED", amount="600.00", due_on=None),
        an_item("PAID", amount="700.00"),
        payments=(a_payment(amount="700.00", directed=(("PAID", money("700.00")),)),),
    )
    made = of(claim)
    assert [(item.reference, item.outstanding) for item in made.items] == [("DUE", "100.00")]
    assert made.asked == "100.00"
    assert made.balance_due == "2100.00"
    assert not any(word in made.text for word in ("TODAY", "TO-COME", "DISPUTED", "PROMISED", "UNDATED", "700"))


def test_a_partly_paid_item_is_asked_for_what_remains() -> None:
    claim = a_claim(an_item(amount="1000.00"), payments=(a_payment(amount="999.99"),))
    made = of(claim)
    assert (made.items[0].amount, made.items[0].outstanding, made.asked) == ("1000.00", "0.01", "0.01")
    assert "999,99" in made.text


def test_credit_notes_reduce_what_is_asked() -> None:
    claim = a_claim(
        an_item("F-1", amount="1000.00"),
        an_item("AV-1", amount="150.00", kind=ItemKind.CREDIT_NOTE, due_on=None),
    )
    assert of(claim).asked == "850.00"


def test_a_draft_survives_json_and_what_others_put_beside_it() -> None:
    made = of(claim_of(3, "EUR"), "formal_notice", Channel.REGISTERED_LETTER)
    frozen = json.loads(json.dumps(made.as_json())) | {"stage": "amicable"}
    assert Draft.from_json(frozen) == made


def test_a_frozen_amount_has_the_currencys_own_decimals() -> None:
    dinars = draft(claim_of(1, "TND"), catalogue_in("TND"), "reminder_1", Channel.EMAIL, ON)
    assert (dinars.asked, of(claim_of(1)).asked) == ("120.250", "120.25")
    assert dinars.money(dinars.asked) == Money(Decimal("120.250"), "TND")


def test_a_persons_own_text_takes_the_place_of_ours_and_an_empty_one_does_not() -> None:
    assert of(claim_of(1), text="  Bonjour,\n\nMerci de nous appeler.\n").text == "Bonjour,\n\nMerci de nous appeler."
    assert of(claim_of(1), text=" \n ").text == of(claim_of(1)).text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["company", "person"])
@pytest.mark.parametrize("template", sorted(templates()))
@pytest.mark.parametrize("channel", list(Channel))
def test_every_text_can_be_written_in_every_language(template: str, language: str, kind: str, channel: Channel) -> None:
    types = [an_action_type("it", template=template, label={"fr": "Action", "en": "Action"})]
    catalogue = a_catalogue(action_types=types)
    for claim in (claim_of(1, "EUR", kind, language), claim_of(8, "EUR", kind, language), _nothing_due(kind, language)):
        made = draft(claim, catalogue, "it", channel, ON)
        assert made.template == template
        assert made.subject
        assert "\n" not in made.subject
        assert len(made.text) > 80
        assert not {"{{", "{%", "  "} & {made.text[n : n + 2] for n in range(len(made.text))}
        assert "None" not in made.text


def _nothing_due(kind: str, language: str) -> Claim:
    return a_claim(an_item(due_on=ON + timedelta(days=3)), debtor=a_debtor(kind=kind, language=language))


def test_every_text_exists_in_every_language() -> None:
    assert set(TEXTS) <= templates()
    assert {"notice", "internal", "ask_sales", "conversation", "instruction"} <= templates()


def test_a_global_claim_is_asked_for_as_a_whole() -> None:
    claim = a_claim(
        values=Values.GLOBAL,
        global_amounts={"overdraft": "100.00", "loan": "900.00", "commercial": "0.00"},
        opened_on=date(2026, 10, 1),
    )
    made = of(claim)
    assert made.asked == "1000.00"
    assert "la somme ci-dessous" in made.text


@pytest.mark.parametrize(
    ("debtors", "creditors", "expected"),
    [
        ("en", "fr", "en"),
        ("fr", "en", "fr"),
        ("ar", "fr", "fr"),
        ("ar", "en", "en"),
        ("", "en", "en"),
        ("de", "it", "fr"),
        ("EN-gb", "fr", "en"),
    ],
)
def test_the_debtors_language_then_the_creditors_then_french(debtors: str, creditors: str, expected: str) -> None:
    catalogue = a_catalogue(creditor=a_creditor(language=creditors))
    claim = a_claim(debtor=a_debtor(language=debtors))
    assert draft(claim, catalogue, "reminder_1", Channel.EMAIL, ON).language == expected


def test_without_a_text_of_its_own_an_action_still_says_something() -> None:
    for channel, expected in {
        Channel.EMAIL: "notice",
        Channel.LETTER: "notice",
        Channel.INTERNAL_EMAIL: "internal",
        Channel.CALL: "conversation",
        Channel.VISIT: "conversation",
        Channel.LEGAL_ACT: "instruction",
    }.items():
        assert of(claim_of(1), "an_action_nobody_knows", channel).template == expected
        assert of(claim_of(1), "call", channel).template == expected


def test_the_version_is_that_of_the_texts_source() -> None:
    first, second = of(claim_of(1)), of(claim_of(8))
    assert first.version == second.version
    assert len(first.version) == 12
    assert first.version != of(claim_of(1), "reminder_2").version


def test_earlier_letters_are_named_by_their_days_in_the_claims_own_time() -> None:
    claim = claim_of(
        1,
        time_zone="Africa/Tunis",
        actions=(
            an_action(1, done_at=at("2026-10-05", 23, 30)),  # already the 6th in Tunis
            an_action(2, done_at=at("2026-10-26"), channel=Channel.LETTER),
            an_action(3, done_at=at("2026-11-01"), channel=Channel.CALL),
        ),
    )
    text = of(claim, "formal_notice", Channel.LETTER).text
    assert "6 octobre 2026 et 26 octobre 2026" in text
    assert "1 novembre" not in text


def test_the_fee_of_the_action_is_frozen_in_the_claims_currency() -> None:
    types = [an_action_type("formal_notice", automatic_fee="formal_notice_fee")]
    catalogue = a_catalogue(action_types=types, fees=[a_fee()])
    assert draft(claim_of(1), catalogue, "formal_notice", Channel.EMAIL, ON).fee == "15.00"
    assert draft(claim_of(1, "TND"), catalogue, "formal_notice", Channel.EMAIL, ON).fee == "20.000"
    assert draft(claim_of(1), catalogue, "reminder_1", Channel.EMAIL, ON).fee is None


def test_an_email_goes_to_the_first_usable_address() -> None:
    contacts = (
        a_contact(email="old@debtor.example", valid=False),
        a_contact(email="no@debtor.example", opted_out=("email",)),
        a_contact(email="compta@sociétés.example"),
    )
    local, _, domain = of(a_claim(debtor=a_debtor(contacts=contacts))).recipient.partition("@")
    assert (local, domain.encode().decode("idna")) == ("compta", "sociétés.example")
    assert domain.isascii()


@pytest.mark.parametrize(
    "email",
    [
        "",
        "nobody",
        "a@b",
        "a b@c.example",
        "x@y.example\r\nBcc: all@z.example",
        "é@y.example",
        "<x@y.example>",
        "a,b@y.example",
        "a:b@y.example",
        ".a@y.example",
        "a@-y.example",
        "a@y..example",
        "x" * 65 + "@y.example",
        '"a b"@y.example',
    ],
)
def test_no_email_leaves_without_an_address_a_server_takes(email: str) -> None:
    with pytest.raises(NoUsableAddress):
        of(a_claim(debtor=a_debtor(contacts=(a_contact(email=email),))))


def test_a_letter_has_the_lines_of_an_envelope() -> None:
    claim = a_claim(debtor=a_debtor(name="Zoé Côté", addresses=(an_address(lines=("Bât. B", " 3  rue X ", "")),)))
    assert of(claim, channel=Channel.LETTER).recipient == "Zoé Côté\nBât. B\n3 rue X\n69003 LYON"


def test_a_letter_abroad_ends_with_the_country() -> None:
    home = an_address(postal_code="4000", city="Sousse", country="TN")
    claim = a_claim(debtor=a_debtor(addresses=(home,)))
    assert of(claim, channel=Channel.LETTER).recipient.splitlines()[-1] == "TUNISIE"


def test_no_letter_leaves_without_an_address_but_a_visit_may_be_asked_for() -> None:
    claim = a_claim(debtor=a_debtor(addresses=(an_address(valid=False),), contacts=()))
    with pytest.raises(NoUsableAddress):
        of(claim, channel=Channel.REGISTERED_LETTER)
    assert of(claim, "call", Channel.CALL).recipient == ""
    assert of(claim, "call", Channel.VISIT).recipient == ""


def test_an_internal_question_goes_to_the_creditor_and_names_what_is_disputed() -> None:
    disputed = replace(a_disputed(an_item("F-9", amount="400.00")), comment="Prix convenu : 350")
    made = of(a_claim(an_item("F-1"), disputed), "ask_sales", Channel.INTERNAL_EMAIL)
    assert made.recipient == "comptabilite@electro-sud.example"
    assert "F-9" in made.text
    assert "Prix convenu : 350" in plain(made.text)


@given(st.one_of(st.emails(), st.text(), st.builds("{}@{}".format, st.text(), st.text())))
def test_what_passes_for_an_address_is_taken_by_the_mail_library(text: str) -> None:
    usable = usable_email(text)
    if usable:
        assert Address(addr_spec=usable).addr_spec == usable
        assert usable.isascii()


def test_an_address_no_server_takes_is_passed_over() -> None:
    """The planner asks the debtor the same question, and so falls back to a letter."""
    debtor = a_debtor(contacts=(a_contact(email="é@y.example"), a_contact(email="ok@y.example")))
    assert debtor.email() == "ok@y.example"
    assert a_debtor(contacts=(a_contact(email="a..b@y.example"),)).email() == ""


def test_a_letter_asks_for_the_interest_and_the_indemnity_of_what_is_late() -> None:
    """1,000 x 36.5 % is 1.00 a day: 30 days and the indemnity make 1,070.00."""
    agreed = {"interest": {"rate": "36.5"}, "indemnity": "40.00"}
    claim = under(agreed, a_claim(an_item(due_on=ON - timedelta(days=30))))
    made = of(claim)
    assert (made.principal, made.interest, made.accessories, made.asked) == ("1000.00", "30.00", "40.00", "1070.00")
    totals = dict(parts_of(made, claim, CATALOGUE.creditor, ON).totals)
    assert totals["Intérêts de retard au 23 novembre 2026"] == "30,00\xa0€"


def test_an_interest_only_remainder_is_asked_for() -> None:
    agreed = {
        "interest": {"rate": "36.5"},
        "indemnity": "none",
        "allocation": ["principal", "interest", "indemnity", "cost"],
    }
    paid = a_payment(amount="1000", value_date=ON - timedelta(days=5))
    made = of(under(agreed, a_claim(an_item(due_on=ON - timedelta(days=30)), payments=(paid,))))
    assert (made.items[0].outstanding, made.principal, made.interest, made.asked) == ("0.00", "0.00", "25.00", "25.00")


def test_a_draft_frozen_before_interest_was_dated_still_reads() -> None:
    frozen = of(a_claim(an_item())).as_json()
    del frozen["on"]
    assert Draft.from_json(frozen).on == ""
