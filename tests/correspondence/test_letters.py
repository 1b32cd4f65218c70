"""The printed letter, read back from its PDF: every text, language, kind of debtor and currency, one page or many."""

import asyncio
import hashlib
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from itertools import product

import pytest
from pypdf import PdfReader

from correspondence import letter_name, letter_pdf
from correspondence.letters import letter_html
from correspondence.payment import creditor_reference, payment_code
from correspondence.pdf import PageReachedOut, PrintedAs, pdf_of
from correspondence.texts import paragraphs
from domain.claim import Channel, Values
from tests.builders import a_claim, a_creditor, a_payment, an_address, an_item, money
from tests.correspondence.letters_of import (
    NUMBER,
    ON,
    SOUTH,
    TEXTS,
    a_letter,
    catalogue_in,
    claim_of,
    debtor_at,
    pages_of,
    plain,
)

PAGES = {1: 1, 8: 1, 60: 3}


EVERY = list(product(TEXTS, ["fr", "en"], ["company", "person"], ["EUR", "TND"], [8]))
SHORT_AND_LONG = list(product(["reminder_1", "formal_notice"], ["fr", "en"], ["person"], ["EUR", "TND"], [1, 60]))


@pytest.mark.parametrize(("action_type", "language", "kind", "currency", "count"), [*EVERY, *SHORT_AND_LONG])
def test_a_letter_says_all_that_its_draft_says(
    action_type: str, language: str, kind: str, currency: str, count: int
) -> None:
    draft, pdf = a_letter(claim_of(count, currency, kind, language), action_type)
    pages = pages_of(pdf)
    said = " ".join(pages)
    assert len(pages) == PAGES[count]
    for words in (*paragraphs(draft.text), *draft.recipient.split("\n")):
        assert plain(words) in said
    for item in draft.items:
        assert item.reference in said
    assert plain(draft.subject)[1:] in said
    assert NUMBER in said
    assert [f"{n} / {len(pages)}" in page for n, page in enumerate(pages, 1)] == [True] * len(pages)


def test_this_is_a_formal_notice_word_for_word() -> None:
    claim = claim_of(2, payments=(a_payment(amount="20.25", value_date=date(2026, 10, 1)),))
    _, pdf = a_letter(claim, channel=Channel.REGISTERED_LETTER)
    (said,) = pages_of(pdf)
    # Boxes with a place of their own (letterhead, window, payment) come last in the file.
    assert said == (
        "Marseille, le 23 novembre 2026 Lettre recommandée avec accusé de réception"
        " Objet : mise en demeure de payer la somme de 257,50 €"
        " Madame, Monsieur,"
        " Nous constatons que les 2 factures ci-dessous, dont la plus ancienne est échue le 21 juin 2026, demeurent"
        " impayées à ce jour. Vos versements, soit 20,25 €, en sont déduits."
        " Référence Date Échéance Retard Montant (EUR) Reste dû (EUR)"
        " FA-2026-01200 22/05/2026 21/06/2026 155 j 120,25 100,00"
        " FA-2026-01237 24/05/2026 23/06/2026 153 j 157,50 157,50"
        " Total à régler 257,50 €"
        " Par la présente, nous vous mettons en demeure de régler la somme de 257,50 € dans un délai de huit jours à"
        " compter de la réception de ce courrier. À défaut, nous nous réservons de saisir la juridiction compétente,"
        " sans autre avis."
        " Toute contestation doit nous parvenir, motivée, dans le même délai, sous la référence R26-0001234."
        " Nous vous prions d’agréer, Madame, Monsieur, l’expression de nos salutations distinguées."
        " Pour Électro-Distribution du Sud SAS, le service recouvrement"
        " É Électro-Distribution du Sud SAS 14, rue de la République 13002 Marseille Tél. 04 91 00 00 00"
        " comptabilite@electro-sud.example SARL L’Œuvre & Fils 27 bis, avenue du Général-de-Gaulle 13600 LA CIOTAT"
        " Notre référence R26-0001234 Votre dossier DOS-1 Référence client C-48213"
        " Pour payer Montant 257,50 € IBAN FR76 3000 6000 0112 3456 7890 189 · BIC AGRIFRPP"
        " Titulaire Électro-Distribution du Sud SAS Référence à rappeler RF98 R260 0012 34"
        " Une question, une difficulté, une contestation ? Écrivez-nous en rappelant la référence R26-0001234."
        " Scannez pour payer"
        " Page 1 / 1Électro-Distribution du Sud SAS — 14, rue de la République, 13002 Marseille"
    )


def test_days_late_are_those_of_the_letters_own_day() -> None:
    claim, catalogue = claim_of(1), catalogue_in("EUR")
    draft, _ = a_letter(claim)
    (later,) = pages_of(letter_pdf(draft, claim, catalogue, ON + timedelta(days=10)))
    assert "165 j" in later
    assert "Marseille, le 3 décembre 2026" in later


def test_a_persons_own_text_is_set_as_it_was_written_and_never_as_html() -> None:
    _, pdf = a_letter(claim_of(1), text="Bonjour <b>vous</b> {{ 7 * 7 }} & <img src=file:///etc/passwd>\n\nÀ bientôt")
    said = " ".join(pages_of(pdf))
    assert "Bonjour <b>vous</b> {{ 7 * 7 }} & <img src=file:///etc/passwd> À bientôt" in said


def test_the_table_head_stands_on_every_page_and_the_total_once() -> None:
    _, pdf = a_letter(claim_of(60))
    pages = pages_of(pdf)
    assert ["Reste dû (EUR)" in page for page in pages] == [True, True, False]
    assert sum(page.count("Total à régler") for page in pages) == 1
    assert ["— suite" in page for page in pages] == [False, True, True]


def test_totals_are_split_when_something_is_deducted() -> None:
    claim = claim_of(2, payments=(a_payment(amount="50.00", directed=(("FA-2026-01200", money("50.00")),)),))
    draft, _ = a_letter(claim)
    frozen = replace(draft, interest="3.10", accessories="40.00", credits="10.00", asked="260.85")
    (said,) = pages_of(letter_pdf(frozen, claim, catalogue_in("EUR"), ON))
    assert "Principal 227,75 € Intérêts de retard au 23 novembre 2026 3,10 € Indemnités et frais 40,00 €" in said
    assert "À déduire (versements et avoirs) -10,00 € Total à régler 260,85 €" in said


def test_a_claim_of_global_values_shows_what_it_is_made_of() -> None:
    amounts = {"overdraft": "100.00", "loan": "900.00"}
    claim = a_claim(values=Values.GLOBAL, global_amounts=amounts, opened_on=date(2026, 10, 1))
    (said,) = pages_of(a_letter(claim, "reminder_1")[1])
    assert "Montant global de la créance Découvert 100,00 · Prêt 900,00" in said


def test_the_file_says_nothing_of_the_debtor() -> None:
    claim = claim_of(1, "EUR", "person")
    _, pdf = a_letter(claim)
    told = PdfReader(BytesIO(pdf)).metadata
    assert told is not None
    assert {key: told[key] for key in ("/Title", "/Author", "/Subject")} == {
        "/Title": f"Notre référence {NUMBER}",
        "/Author": "Électro-Distribution du Sud SAS",
        "/Subject": "formal_notice",
    }
    assert "20261123000000Z" in str(told["/CreationDate"])
    assert letter_name(NUMBER, 3, "formal_notice", ON) == "2026-11-23-R26-0001234-3-formal_notice.pdf"
    assert "/" not in letter_name(NUMBER, 3, "../../x", ON)


def test_every_font_is_in_the_file() -> None:
    debtor = debtor_at(an_address(lines=("نهج المنجي سليم",)), name="الشركة الحديثة للنسيج")
    _, pdf = a_letter(claim_of(1, debtor=debtor))
    fonts = PdfReader(BytesIO(pdf)).pages[0]["/Resources"]["/Font"].values()  # type: ignore[index]
    names = {font.get_object()["/BaseFont"].partition("+")[2] for font in fonts}
    assert {"IBMPlexSans-Regular", "IBMPlexSans-SemiBold", "IBMPlexSansArabic-Regular"} == names


def test_the_same_letter_is_the_same_bytes_from_four_threads_too() -> None:
    claim, catalogue = claim_of(8), catalogue_in("EUR")
    draft, pdf = a_letter(claim)

    async def two_hundred() -> set[str]:
        limit = asyncio.Semaphore(4)

        async def one() -> str:
            async with limit:
                printed = await asyncio.to_thread(letter_pdf, draft, claim, catalogue, ON)
            return hashlib.sha256(printed).hexdigest()

        return set(await asyncio.gather(*(one() for _ in range(200))))

    assert asyncio.run(two_hundred()) == {hashlib.sha256(pdf).hexdigest()}


async def test_printing_in_a_thread_lets_the_event_loop_go_on() -> None:
    claim = claim_of(400)
    html = letter_html(a_letter(claim)[0], claim, catalogue_in("EUR"), ON)
    printing = asyncio.create_task(asyncio.to_thread(pdf_of, html, PrintedAs("t", "a", "s", ON)))
    ticks = 0
    while not printing.done():
        await asyncio.sleep(0.001)
        ticks += 1
    assert ticks > 5  # while it is printed: one, if the renderer kept the interpreter to itself


@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://127.0.0.1:9/x", "https://example.org/x.css"])
@pytest.mark.parametrize(
    "markup",
    [
        '<img src="{}">',
        '<link rel="stylesheet" href="{}">',
        '<style>@import url("{}");</style>',
        '<style>@font-face{{font-family:x;src:url("{}")}} body{{font-family:x}}</style>x',
        '<div style="background:url({})">x</div>',
        '<svg><image href="{}" width="9" height="9"/></svg>',
    ],
)
def test_a_page_reads_no_file_and_no_address(markup: str, address: str) -> None:
    with pytest.raises(PageReachedOut):
        pdf_of(f"<html><body>{markup.format(address)}</body></html>", PrintedAs("t", "a", "s", ON))


def test_a_letter_refers_to_nothing_outside_itself() -> None:
    claim = claim_of(1)
    html = letter_html(a_letter(claim)[0], claim, catalogue_in("EUR"), ON)
    assert "url(" not in html
    assert "src=" not in html


def test_a_creditors_name_cannot_leave_the_style_sheet() -> None:
    creditor = replace(SOUTH, name='A"; } body { display: none } @import "file:///etc/passwd"; </style><b>\\')
    claim, catalogue = claim_of(1), replace(catalogue_in("EUR"), creditor=creditor)
    (said,) = pages_of(letter_pdf(a_letter(claim)[0], claim, catalogue, ON))
    assert "Madame, Monsieur," in said
    assert said.count(plain(creditor.name)) >= 3


def places_of(pdf: bytes) -> dict[str, tuple[int, int]]:
    """Where each piece of text begins on the first page, in points from its lower left corner."""
    places: dict[str, tuple[int, int]] = {}

    def visit(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        x, y = cm[0] * tm[4] + cm[2] * tm[5] + cm[4], cm[1] * tm[4] + cm[3] * tm[5] + cm[5]
        places.setdefault(plain(text), (round(x), round(y)))

    PdfReader(BytesIO(pdf)).pages[0].extract_text(visitor_text=visit)
    return places


def test_nothing_long_moves_the_address_out_of_the_window() -> None:
    """A page whose content does not fit its width would be shrunk as a whole."""
    lines = tuple(f"Très longue ligne d’adresse numéro {n} du bâtiment" for n in range(6))
    long_debtor = debtor_at(an_address(lines=lines), name="Société " + "très " * 12 + "longue", reference="C" * 200)
    claim = replace(a_claim(an_item("R" * 200)), debtor=long_debtor, reference="D" * 200)
    creditor = replace(SOUTH, name="Compagnie " + "générale " * 8 + "X" * 120)
    catalogue = replace(catalogue_in("EUR"), creditor=creditor)
    draft, _ = a_letter(claim, text="https://" + "x" * 300 + "\n\n" + "y" * 300)
    pages = pages_of(letter_pdf(draft, claim, catalogue, ON))
    assert "R" * 200 in pages[0].replace(" ", "")
    assert "x" * 300 in pages[0].replace(" ", "")
    long, short = (
        places_of(letter_pdf(d, c, k, ON))
        for d, c, k in ((draft, claim, catalogue), (a_letter(claim_of(1))[0], claim_of(1), catalogue_in("EUR")))
    )
    assert long["Notre référence"] == short["Notre référence"]
    window_left = short["27 bis, avenue du Général-de-Gaulle"][0]
    assert round(window_left * 25.4 / 72) == 102
    first = next(place for text, place in long.items() if text.startswith("Très longue ligne d’adresse numéro 0"))
    assert first[0] == window_left
    last = next(place for text, place in long.items() if text.startswith("69003 LYON"))
    assert 297 - last[1] * 25.4 / 72 < 76  # millimetres from the top: inside the window


@pytest.mark.parametrize(
    ("number", "expected"),
    [("R26-0001234", "RF98R260001234"), ("539007547034", "RF18539007547034"), ("SHA1DKJHD5AS", "RF")],
)
def test_the_reference_is_that_of_iso_11649(number: str, expected: str) -> None:
    reference = creditor_reference(number)
    assert reference.startswith(expected)
    moved = reference[4:] + reference[:4]
    assert int("".join(str(int(sign, 36)) for sign in moved)) % 97 == 1


def test_only_a_bank_in_euros_gets_a_code_to_scan() -> None:
    assert payment_code(SOUTH, money("10.00"), "RF98R260001234").startswith("<svg")
    assert payment_code(SOUTH, money("10.000", "TND"), "RF98R260001234") == ""
    assert payment_code(SOUTH, money("0.00"), "RF98R260001234") == ""
    assert payment_code(a_creditor(), money("10.00"), "RF98R260001234") == ""
    assert (
        payment_code(replace(SOUTH, iban="FR76 3000 6000 0112 3456 7890 188"), money("10.00"), "RF98R260001234") == ""
    )
