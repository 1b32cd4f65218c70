"""The people of a claim: the debtor with addresses and contacts, each with its use and the days on which it is valid."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
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
    valid_from: date | None = None
    valid_until: date | None = None

    def stands(self, day: date) -> bool:
        """Whether the day lies in its validity; both ends count, an open one has no limit."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


@dataclass(frozen=True, slots=True)
class Contact:
    id: UUID
    name: str = ""
    role: str = ""
    email: str = ""
    phone: str = ""
    valid: bool = True
    opted_out: tuple[str, ...] = ()  # channels
    use: str = "main"  # main | billing | registered
    valid_from: date | None = None
    valid_until: date | None = None

    def stands(self, day: date) -> bool:
        """Whether the day lies in its validity; both ends count, an open one has no limit."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


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
    identifiers: dict[str, Any] = field(default_factory=dict)  # cin, rc, mf, siren, vat
    bank_accounts: tuple[dict[str, Any], ...] = ()  # iban, bic

    def on(self, day: date) -> Debtor:
        """The debtor as it can be reached on that day: what is not yet or no more valid counts as not valid."""
        if all(a.stands(day) for a in self.addresses) and all(c.stands(day) for c in self.contacts):
            return self
        return replace(
            self,
            addresses=tuple(a if a.stands(day) else replace(a, valid=False) for a in self.addresses),
            contacts=tuple(c if c.stands(day) else replace(c, valid=False) for c in self.contacts),
        )

    def email(self) -> str:
        """The first e-mail address that servers take, is valid and not opted out of e-mail; "" when there is none."""
        reached = (c.email for c in self.contacts if c.valid and Channel.EMAIL not in c.opted_out)
        return next((email for email in reached if usable_email(email)), "")

    def postal_address(self) -> Address | None:
        """Where letters go: a valid billing address, else the main one, else any valid one."""
        order = {"billing": 0, "main": 1}
        usable = [a for a in self.addresses if a.valid and (a.lines or a.city)]
        return min(usable, key=lambda a: order.get(a.use, 2), default=None)
