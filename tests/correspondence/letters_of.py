"""Claims and creditors for letters: what a page must hold, in two countries, languages and kinds of debtor."""

from datetime import date, timedelta
from io import BytesIO

from pypdf import PdfReader

from correspondence import Draft, draft, letter_pdf
from domain.catalogue import Catalogue
from domain.claim import Address, Channel, Claim, Debtor
from tests.builders import a_catalogue, a_claim, a_creditor, a_debtor, an_action_type, an_address, an_item

ON = date(2026, 11, 23)
OLDEST_DUE_ON = date(2026, 6, 21)
NUMBER = "R26-0001234"
TEXTS = ("reminder_1", "reminder_2", "last_reminder", "formal_notice")

SOUTH = a_creditor(
    name="Électro-Distribution du Sud SAS",
    address={"lines": "14, rue de la République", "postal_code": "13002", "city": "Marseille", "country": "FR"},
    phone="04 91 00 00 00",
    email="comptabilite@electro-sud.example",
    iban="FR76 3000 6000 0112 3456 7890 189",
    bic="AGRIFRPP",
)
TUNIS = a_creditor(
    name="Banque Méditerranéenne de Tunisie",
    country="TN",
    time_zone="Africa/Tunis",
    address={"lines": "8, avenue Habib Bourguiba", "postal_code": "1000", "city": "Tunis", "country": "TN"},
    email="recouvrement@bmt.example",
    iban="TN59 1000 6035 1835 9847 8831",
)


def catalogue_in(currency: str) -> Catalogue:
    types = (an_action_type(code, template=code, label={"fr": code, "en": code}) for code in TEXTS)
    return a_catalogue(creditor=SOUTH if currency == "EUR" else TUNIS, action_types=types)


def debtor_in(currency: str, kind: str, language: str) -> Debtor:
    name = {
        ("EUR", "company"): "SARL L’Œuvre & Fils",
        ("EUR", "person"): "François Lefèvre",
        ("TND", "company"): "Société Textile Moderne",
        ("TND", "person"): "Amel Ben Youssef",
    }[currency, kind]
    home = (
        an_address(lines=("27 bis, avenue du Général-de-Gaulle",), postal_code="13600", city="La Ciotat")
        if currency == "EUR"
        else an_address(lines=("12, rue Mongi Slim",), postal_code="4000", city="Sousse", country="TN")
    )
    return a_debtor(
        kind=kind, name=name, language=language, reference="C-48213", country=home.country, addresses=(home,)
    )


def debtor_at(*addresses: Address, **facts: object) -> Debtor:
    return a_debtor(addresses=addresses, **facts)


def claim_of(count: int, currency: str = "EUR", kind: str = "company", language: str = "fr", **facts: object) -> Claim:
    """Invoices of 120.25, 157.50, ... due every second day from 21 June 2026."""
    items = [
        an_item(
            f"FA-2026-{1200 + 37 * n:05d}",
            amount=f"{120 + 37 * n}.{25 * (n + 1) % 100:02d}",
            currency=currency,
            due_on=OLDEST_DUE_ON + timedelta(days=2 * n),
            issued_on=OLDEST_DUE_ON + timedelta(days=2 * n - 30),
        )
        for n in range(count)
    ]
    debtor = facts.pop("debtor", None) or debtor_in(currency, kind, language)
    return a_claim(*items, currency=currency, debtor=debtor, number=NUMBER, **facts)


def a_letter(
    claim: Claim, action_type: str = "formal_notice", channel: Channel = Channel.LETTER, text: str | None = None
) -> tuple[Draft, bytes]:
    catalogue = catalogue_in(claim.currency)
    made = draft(claim, catalogue, action_type, channel, ON, text)
    return made, letter_pdf(made, claim, catalogue, ON)


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, its spaces all alike."""
    return [plain(page.extract_text()) for page in PdfReader(BytesIO(pdf)).pages]


def plain(text: str) -> str:
    """As one line; a PDF breaks a word only where it has a hyphen of its own."""
    return " ".join(text.replace("-\n", "-").split())
