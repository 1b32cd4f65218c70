"""The people of a claim: the debtor with addresses and contacts."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.mail_address import usable_email
from domain.terms import Channel


@dataclass(frozen=True, slots=True)
class Address:
    id: UUID
    use: str = "main"  # main | billing | registered
    lines: tuple[str, ...] = ()
    postal_code: str = ""
    city: str = ""
    country: str = ""
    valid: bool = True


@dataclass(frozen=True, slots=True)
class Contact:
    id: UUID
    name: str = ""
    role: str = ""
    email: str = ""
    phone: str = ""
    valid: bool = True
    opted_out: tuple[str, ...] = ()  # channels


@dataclass(frozen=True, slots=True)
class Debtor:
    id: UUID
    reference: str
    kind: str  # company | person
    name: str
    language: str
    country: str
    preferred_channel: str  # "" when none
    addresses: tuple[Address, ...] = ()
    contacts: tuple[Contact, ...] = ()
    legal_situation: str = "active"

    def email(self) -> str:
        """The first e-mail address that servers take, is valid and not opted out of e-mail; "" when there is none."""
        reached = (c.email for c in self.contacts if c.valid and Channel.EMAIL not in c.opted_out)
        return next((email for email in reached if usable_email(email)), "")

    def postal_address(self) -> Address | None:
        """Where letters go: a valid billing address, else the main one, else any valid one."""
        order = {"billing": 0, "main": 1}
        usable = [a for a in self.addresses if a.valid and (a.lines or a.city)]
        return min(usable, key=lambda a: order.get(a.use, 2), default=None)
