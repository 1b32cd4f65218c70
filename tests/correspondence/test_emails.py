"""The e-mail as bytes: who, when, what, and the same bytes for the same key."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from correspondence import NoUsableAddress, draft, email_message
from domain.claim import Channel, Claim
from tests.builders import a_creditor
from tests.correspondence.letters_of import NUMBER, ON, SOUTH, TEXTS, catalogue_in, claim_of, plain

KEY = f"claim/{NUMBER}/3"
AT = datetime(2026, 11, 23, 8, 30, 15, 123456, tzinfo=UTC)
SENDER = "Recouvra <recouvrement@recouvra.example>"


def a_mail(claim: Claim | None = None, action_type: str = "reminder_1", text: str | None = None) -> EmailMessage:
    claim = claim or claim_of(2)
    catalogue = catalogue_in(claim.currency)
    made = draft(claim, catalogue, action_type, Channel.EMAIL, ON, text)
    return email_message(made, claim, catalogue, KEY, AT, SENDER)


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert isinstance(part, EmailMessage)
    return str(part.get_content())


def test_its_headers_say_who_when_and_what() -> None:
    mail = a_mail()
    assert dict(mail.items()) | {"Content-Type": ""} == {
        "Message-ID": f"<claim-{NUMBER}-3@recouvra.example>",
        "Date": "Mon, 23 Nov 2026 09:30:15 +0100",
        "From": "Électro-Distribution du Sud SAS <recouvrement@recouvra.example>",
        "To": "comptes@debtor.example",
        "Reply-To": f"Électro-Distribution du Sud SAS <reply+{NUMBER}@recouvra.example>",
        "Subject": f"Votre compte Électro-Distribution du Sud SAS – référence {NUMBER}",
        "Auto-Submitted": "auto-generated",
        "X-Recouvra-Claim": NUMBER,
        "Content-Language": "fr",
        "Content-Type": "",
        "MIME-Version": "1.0",
    }
    assert mail.get_content_type() == "multipart/alternative"


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("action_type", TEXTS)
def test_its_subject_reveals_no_debt(action_type: str, language: str) -> None:
    subject = a_mail(claim_of(2, language=language), action_type)["Subject"].lower()
    for word in (
        "dette",
        "impay",
        "relance",
        "rappel",
        "demeure",
        "debt",
        "overdue",
        "reminder",
        "notice",
        "unpaid",
        "257",
    ):
        assert word not in subject


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_both_its_forms_say_the_same(kind: str) -> None:
    said = plain(body(a_mail(), kind))
    for words in (
        "les 2 factures ci-dessous, dont la plus ancienne est arrivée à échéance le 21 juin 2026",
        "FA-2026-01200",
        "FA-2026-01237",
        "277,75 €",
        "FR76 3000 6000 0112 3456 7890 189",
        "RF98 R260 0012 34",
        "Nous vous prions d’agréer",
        "Électro-Distribution du Sud SAS — 14, rue de la République, 13002 Marseille",
    ):
        assert words in said


INSTALMENTS = (
    "If you cannot pay everything at once, or dispute the amount, please reply quoting the reference R26-0001234:"
    " payment by instalments can be considered."
)


def test_the_text_alone_is_the_whole_letter() -> None:
    said = body(a_mail(claim_of(1, "EUR", "person", "en"), "reminder_2"), "plain")
    assert said.splitlines() == [
        "Dear François Lefèvre,",
        "",
        "We have still not received payment of the invoice below, overdue since 21 June 2026.",
        "",
        "- FA-2026-01200, due 21 Jun 2026: 120.25 EUR",
        "",
        "Total to pay: €120.25",
        "",
        "Please pay €120.25 without delay, or let us know the date on which your payment will reach us.",
        "",
        INSTALMENTS,
        "",
        "How to pay",
        "IBAN: FR76 3000 6000 0112 3456 7890 189 (BIC AGRIFRPP)",
        "Account holder: Électro-Distribution du Sud SAS",
        "Reference to quote: RF98 R260 0012 34",
        "",
        "Yours faithfully,",
        "",
        "For Électro-Distribution du Sud SAS,",
        "Accounts receivable",
        "Électro-Distribution du Sud SAS — 14, rue de la République, 13002 Marseille",
    ]


def test_the_same_key_and_draft_give_the_same_bytes() -> None:
    assert a_mail().as_bytes() == a_mail().as_bytes()
    assert message_from_bytes(a_mail().as_bytes(), policy=SMTP).as_bytes() == a_mail().as_bytes()


def test_its_bytes_travel_through_any_server() -> None:
    content = a_mail(claim_of(60)).as_bytes()
    assert content.isascii()
    assert max(len(line) for line in content.split(b"\r\n")) <= 998
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_a_persons_own_text_is_text_in_the_html_too() -> None:
    mail = a_mail(text="Bonjour <script>alert(1)</script> & merci")
    assert "Bonjour <script>alert(1)</script> & merci" in body(mail, "plain")
    assert "Bonjour &lt;script&gt;alert(1)&lt;/script&gt; &amp; merci" in body(mail, "html")


def test_a_day_alone_means_its_noon_in_the_claims_time() -> None:
    claim, catalogue = claim_of(1, "TND", time_zone="Africa/Tunis"), catalogue_in("TND")
    made = draft(claim, catalogue, "reminder_1", Channel.EMAIL, ON)
    assert email_message(made, claim, catalogue, KEY, ON, SENDER)["Date"] == "Mon, 23 Nov 2026 12:00:00 +0100"


def test_a_creditors_name_adds_no_header() -> None:
    claim = claim_of(1)
    catalogue = replace(catalogue_in("EUR"), creditor=a_creditor(name='Évil", <x@y.example>\r\nBcc: all@z.example'))
    made = draft(claim, catalogue, "reminder_1", Channel.EMAIL, ON)
    mail = message_from_bytes(email_message(made, claim, catalogue, KEY, AT, SENDER).as_bytes(), policy=SMTP)
    assert "Bcc" not in mail
    assert [address.addr_spec for address in mail["From"].addresses] == ["recouvrement@recouvra.example"]


def test_a_frozen_recipient_that_is_no_address_is_refused() -> None:
    claim, catalogue = claim_of(1), catalogue_in("EUR")
    made = replace(draft(claim, catalogue, "reminder_1", Channel.EMAIL, ON), recipient="12 rue X\n69000 LYON")
    with pytest.raises(NoUsableAddress):
        email_message(made, claim, catalogue, KEY, AT, SENDER)


def test_without_an_iban_it_still_says_what_to_quote() -> None:
    claim = claim_of(1)
    catalogue = replace(catalogue_in("EUR"), creditor=replace(SOUTH, iban="", bic=""))
    made = draft(claim, catalogue, "reminder_1", Channel.EMAIL, ON)
    said = body(email_message(made, claim, catalogue, KEY, AT, SENDER), "plain")
    assert "IBAN" not in said
    assert "RF98 R260 0012 34" in said
