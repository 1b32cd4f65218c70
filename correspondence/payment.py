"""How to pay: the reference a bank carries unchanged, and the code a telephone reads."""

from __future__ import annotations

import re

import segno
from segno import helpers

from domain.catalogue import Creditor
from domain.money import Money

_EPC_LARGEST = 999_999_999
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def creditor_reference(number: str) -> str:
    """The ISO 11649 reference of a claim number: R26-0001234 gives RF, two check digits, R260001234."""
    body = re.sub(r"[^0-9A-Z]", "", number.upper())[-21:]
    check = 98 - int("".join(str(_ALPHABET.index(c)) for c in body + "RF00")) % 97
    return f"RF{check:02d}{body}"


def grouped(code: str) -> str:
    """An IBAN or RF reference in groups of four, as people read them."""
    return " ".join(code[n : n + 4] for n in range(0, len(code), 4))


def iban_of(creditor: Creditor) -> str:
    """The creditor's IBAN without spaces; "" when there is none."""
    return re.sub(r"\s", "", creditor.iban).upper()


def payment_code(creditor: Creditor, amount: Money, reference: str) -> str:
    """The EPC QR code (SEPA credit transfer) as SVG; "" where a bank could not read one: not EUR, or no IBAN."""
    iban = iban_of(creditor)
    if amount.currency != "EUR" or not _is_iban(iban) or not 0 < amount.amount <= _EPC_LARGEST:
        return ""
    code = helpers.make_epc_qr(
        name=creditor.name[:70],
        iban=iban,
        amount=amount.amount,
        reference=reference,
        bic=_bic(creditor.bic),
        encoding="utf-8",
    )
    return _svg(code)


def _svg(code: segno.QRCode) -> str:
    # Without a size of its own the picture takes the one the style sheet gives it.
    return str(code.svg_inline(omitsize=True, border=0, svgclass=None, lineclass=None))


def _bic(text: str) -> str | None:
    bic = re.sub(r"\s", "", text).upper()
    return bic if len(bic) in (8, 11) else None


def _is_iban(iban: str) -> bool:
    """By its check digits (ISO 13616)."""
    if not re.fullmatch(r"[A-Z]{2}\d{2}[0-9A-Z]{11,30}", iban):
        return False
    return int("".join(str(_ALPHABET.index(c)) for c in iban[4:] + iban[:4])) % 97 == 1
