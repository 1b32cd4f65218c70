"""Whom an internal e-mail goes to: the owner of the dispute it is about, else the creditor; never the debtor."""

from __future__ import annotations

from domain.catalogue import Creditor
from domain.claim import Action, Claim, Dispute
from domain.mail_address import usable_email


def dispute_of(claim: Claim, subject: str) -> Dispute | None:
    """The dispute that a subject like dispute/<id> names."""
    return next((dispute for dispute in claim.disputes if subject == f"dispute/{dispute.id}"), None)


def internal_address(claim: Claim, creditor: Creditor, action: Action | None) -> str:
    """The first usable address that is not one of the debtor's; "" when nobody inside can be written to."""
    dispute = dispute_of(claim, action.subject) if action is not None and action.subject else None
    debtors = {contact.email.strip().lower() for contact in claim.debtor.contacts}
    inside = (dispute.owner_email if dispute else "", creditor.email)
    usable = (usable_email(text) for text in inside if text and text.strip().lower() not in debtors)
    return next((address for address in usable if address), "")
