"""Whom a draft goes to: the e-mail address, the postal lines or the telephone, as they are known on that day."""

from __future__ import annotations

from babel import Locale

from domain.catalogue import Creditor
from domain.claim import Action, Address, Channel, Claim, Debtor
from domain.internal_people import internal_address
from domain.mail_address import usable_email

WRITTEN = frozenset({Channel.EMAIL, Channel.LETTER, Channel.REGISTERED_LETTER, Channel.INTERNAL_EMAIL, Channel.SMS})


class NoUsableAddress(Exception):
    """Nothing can leave by this channel: the address is missing, invalid or opted out."""

    def __init__(self, channel: Channel) -> None:
        super().__init__(f"no usable address for {channel.value}")
        self.channel = channel


def recipient_of(
    claim: Claim, creditor: Creditor, channel: Channel, language: str, action: Action | None = None
) -> str:
    """An e-mail address, the postal lines (one a line) or a telephone number.

    A channel that carries writing needs one (NoUsableAddress); what a person does may go without (""). An internal
    e-mail goes to the people inside whom `action` asks, never to the debtor.
    """
    debtor = claim.debtor
    match channel:
        case Channel.EMAIL:
            found = usable_email(debtor.email())
        case Channel.INTERNAL_EMAIL:
            found = internal_address(claim, creditor, action)
        case Channel.SMS | Channel.CALL:
            found = _telephone(debtor, channel)
        case _:
            found = _postal_lines(debtor, creditor, language)
    if not found and channel in WRITTEN:
        raise NoUsableAddress(channel)
    return found


def _telephone(debtor: Debtor, channel: Channel) -> str:
    usable = (c.phone for c in debtor.contacts if c.phone and c.valid and channel.value not in c.opted_out)
    return next(usable, "")


def _postal_lines(debtor: Debtor, creditor: Creditor, language: str) -> str:
    address = debtor.postal_address()
    if address is None:
        return ""
    lines = [
        debtor.name,
        *address.lines,
        f"{address.postal_code} {address.city.upper()}",
        _abroad(address, creditor, language),
    ]
    return "\n".join(clean for line in lines if (clean := " ".join(line.split())))


def _abroad(address: Address, creditor: Creditor, language: str) -> str:
    """The country in capitals when the letter crosses a border, as the postal union asks."""
    if not address.country or address.country == (creditor.country or address.country):
        return ""
    return str(Locale.parse(language).territories.get(address.country, address.country)).upper()
