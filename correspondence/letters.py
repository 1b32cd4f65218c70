"""The letter: a draft set on paper with the creditor's letterhead, for a window envelope.

`letter_pdf` takes about 15 ms and no I/O; call it by `asyncio.to_thread` where an event loop runs.
"""

from __future__ import annotations

import re
from datetime import date

import wording
from correspondence.drafts import Draft
from correspondence.layout import Parts, address_lines, layouts, parts_of
from correspondence.payment import payment_code
from correspondence.pdf import PrintedAs, pdf_of
from correspondence.texts import words
from domain.catalogue import Catalogue, Creditor
from domain.claim import Channel, Claim

_WINDOW_WIDTH = 48  # characters of its usual size in the envelope's window, 88 mm


def letter_pdf(draft: Draft, claim: Claim, catalogue: Catalogue, on: date) -> bytes:
    """The letter of that day as PDF; the same draft and day give the same bytes."""
    title = f"{words(draft.language)['our_reference']} {claim.number}"
    printed_as = PrintedAs(title=title, author=catalogue.creditor.name, subject=draft.template, printed_on=on)
    return pdf_of(letter_html(draft, claim, catalogue, on), printed_as)


def letter_name(claim_number: str, sequence: int, template: str, on: date) -> str:
    """The file's name, like 2026-11-23-R26-0001234-3-formal_notice.pdf: nothing of a person in it."""
    return f"{on.isoformat()}-{claim_number}-{sequence}-{re.sub(r'[^a-z0-9_]', '', template.lower()) or 'letter'}.pdf"


def letter_html(draft: Draft, claim: Claim, catalogue: Catalogue, on: date) -> str:
    """The page that is printed: it refers to nothing outside itself."""
    creditor, parts = catalogue.creditor, parts_of(draft, claim, catalogue.creditor, on)
    said = parts.words
    return layouts.get_template("letters/letter.html").render(
        draft=draft,
        parts=parts,
        creditor=creditor,
        title=f"{said['our_reference']} {claim.number}",
        mark=_mark(creditor.name),
        sender=_sender(creditor, parts),
        window=draft.recipient.split("\n"),
        window_lines=sum(1 + len(line) // _WINDOW_WIDTH for line in draft.recipient.split("\n")),
        references=_references(claim, parts),
        day=_place_and_day(creditor, on, draft.language),
        registered=draft.channel is Channel.REGISTERED_LETTER,
        subject=_subject(draft),
        dated=any(row.issued_on for row in parts.rows),
        due=any(row.due_on for row in parts.rows),
        code=_code(draft, creditor, parts),
        contact=said["contact"].format(number=claim.number),
        signature=said["signed_for"].format(creditor=creditor.name),
        continued=f"{creditor.name} — {said['continued'].format(number=claim.number)}",
        footer=_footer(creditor),
    )


def _subject(draft: Draft) -> str:
    heading = words(draft.language)["subject"]
    if draft.language == "fr":
        return f"{heading}\u00a0: {draft.subject[:1].lower()}{draft.subject[1:]}"
    return f"{heading}: {draft.subject}"


def _code(draft: Draft, creditor: Creditor, parts: Parts) -> str:
    return payment_code(creditor, draft.money(draft.asked), parts.payment.reference_code) if parts.payment else ""


def _mark(name: str) -> str:
    """The creditor's initial stands for a logo."""
    return next((sign.upper() for sign in name if sign.isalnum()), "")


def _sender(creditor: Creditor, parts: Parts) -> list[str]:
    telephone = parts.words["telephone"].format(number=creditor.phone) if creditor.phone else ""
    return [line for line in (*address_lines(creditor), telephone, creditor.email) if line]


def _footer(creditor: Creditor) -> str:
    address = ", ".join(address_lines(creditor))
    return f"{creditor.name} — {address}" if address else creditor.name


def _references(claim: Claim, parts: Parts) -> list[tuple[str, str]]:
    said = parts.words
    told_already = {claim.number, *(row.reference for row in parts.rows)}
    known = [
        (said["our_reference"], claim.number),
        (said["your_claim"], "" if claim.reference in told_already else claim.reference),
        (said["customer"], claim.debtor.reference),
    ]
    return [(name, text) for name, text in known if text]


def _place_and_day(creditor: Creditor, on: date, language: str) -> str:
    said, place = words(language), creditor.address.get("city", "")
    form = said["place_and_day"] if place else said["day"]
    return str(form.format(place=place, day=wording.day(on, language)))
