"""The e-mail: a draft as a message of text and HTML, the same bytes for the same draft, key and instant."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime, time
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from zoneinfo import ZoneInfo

from correspondence.drafts import Draft
from correspondence.layout import Parts, address_lines, layouts, parts_of
from correspondence.recipients import NoUsableAddress
from domain.catalogue import Catalogue, Creditor
from domain.claim import Claim
from domain.mail_address import usable_email

_NOON = time(12)


def email_message(
    draft: Draft, claim: Claim, catalogue: Catalogue, key: str, on: date | datetime, sender: str
) -> EmailMessage:
    """The message of this key (claim/<number>/<sequence>), dated `on`, from the creditor's name at our `sender`.

    Answers go to an address that carries the claim's number. Raises NoUsableAddress.
    """
    to, ours = usable_email(draft.recipient), usable_email(parseaddr(sender)[1])
    if not to:
        raise NoUsableAddress(draft.channel)
    if not ours:
        raise ValueError("the sender's address is not one")
    host = ours.rpartition("@")[2]
    sent_at = _instant(on, claim)
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = message_id(key, host)
    message["Date"] = format_datetime(sent_at)
    message["From"] = Address(_name(catalogue.creditor.name), addr_spec=ours)
    message["To"] = Address(addr_spec=to)
    message["Reply-To"] = Address(_name(catalogue.creditor.name), addr_spec=f"reply+{claim.number}@{host}")
    message["Subject"] = " ".join(draft.subject.split())
    # No out-of-office answers, please (RFC 3834); and what our own mail poller puts on the claim.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Recouvra-Claim"] = claim.number
    _write(message, draft, claim, catalogue.creditor, sent_at)
    return message


def message_id(key: str, host: str) -> str:
    """The same on every try of one key, so that a server which answered into the void may drop the repeat."""
    return f"<{re.sub(r'[^A-Za-z0-9.-]', '-', key)}@{host}>"


def _write(message: EmailMessage, draft: Draft, claim: Claim, creditor: Creditor, sent_at: datetime) -> None:
    parts = parts_of(draft, claim, creditor, sent_at.date())
    address = ", ".join(address_lines(creditor))
    facts = {
        "draft": draft,
        "parts": parts,
        "creditor": creditor,
        "claim_number": claim.number,
        "payment": _how_to_pay(parts),
        "colon": "\u00a0:" if draft.language == "fr" else ":",
        "signature": parts.words["signed_for"].format(creditor=creditor.name),
        "footer": f"{creditor.name} — {address}" if address else creditor.name,
    }
    text = layouts.get_template("emails/email.txt").render(facts)
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(
        layouts.get_template("emails/email.html").render(facts), subtype="html", cte="quoted-printable"
    )
    message["Content-Language"] = draft.language
    # Made of the key: a boundary by chance would make every try another message.
    message.set_boundary(f"=_{hashlib.sha256(str(message['Message-ID']).encode()).hexdigest()[:32]}")


def _how_to_pay(parts: Parts) -> list[tuple[str, str]]:
    if parts.payment is None:
        return []
    said, how = parts.words, parts.payment
    lines = [
        (said["amount_to_pay"], how.amount),
        ("IBAN", how.iban),
        ("BIC", how.bic if how.iban else ""),
        (said["account_holder"], how.holder),
        (said["payment_reference"], how.reference),
    ]
    return [(name, text) for name, text in lines if text]


def _instant(on: date | datetime, claim: Claim) -> datetime:
    """A date alone means its noon; the header shows the claim's own clock."""
    zone = ZoneInfo(claim.time_zone)
    if isinstance(on, datetime):
        return (on if on.tzinfo else on.replace(tzinfo=UTC)).astimezone(zone).replace(microsecond=0)
    return datetime.combine(on, _NOON, zone)


def _name(text: str) -> str:
    """A display name is one line."""
    return " ".join(text.split())
