"""What a claim is made of in money: items, payments, costs, and the counter entries that correct them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.money import Money
from domain.terms import ItemKind, StatusCategory


@dataclass(frozen=True, slots=True)
class Item:
    id: UUID
    position: int  # order of arrival within the claim, from 0
    reference: str
    kind: ItemKind
    issued_on: date | None
    due_on: date | None  # None: an anomaly, never chased
    amount: Money  # > 0, a credit note too
    terms: dict[str, Any] = field(default_factory=dict)
    status: str | None = None
    status_category: StatusCategory | None = None
    comment: str = ""
    follow_up_on: date | None = None
    promised_on: date | None = None
    excluded: bool = False  # by a person: owed, and never asked for by the scenario
    specific_action: UUID | None = None  # the action that takes it off the scenario until it ends

    @property
    def is_credit(self) -> bool:
        return self.kind is ItemKind.CREDIT_NOTE

    @property
    def off_scenario(self) -> str | None:
        """Why the scenario leaves this item alone: "promise", "dispute", "litigation", "specific_action", "excluded", or None."""
        match self.status_category:
            case StatusCategory.PROMISE | StatusCategory.DISPUTE | StatusCategory.LITIGATION:
                return self.status_category.value
        if self.specific_action is not None:
            return "specific_action"
        return "excluded" if self.excluded else None


@dataclass(frozen=True, slots=True)
class Payment:
    id: UUID
    external_id: str
    amount: Money
    value_date: date
    received_at: datetime
    method: str = ""
    payer: str = ""
    directed: tuple[tuple[str, Money], ...] = ()  # the debtor's choice: (item reference, amount)
    reversed_on: date | None = None
    reversal_reason: str = ""


@dataclass(frozen=True, slots=True)
class Cost:
    """A cost incurred. Before an enforceable title it stays with the creditor (CPCE L111-8)."""

    id: UUID
    kind: str
    amount: Money
    incurred_on: date
    chargeable_to_debtor: bool = False
    billed_to_creditor: bool = False
    advance: bool = False
    agent: str = ""
    action_id: UUID | None = None
    document_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """A counter entry: what a charge is reduced by from a day on. Nothing charged is ever deleted.

    `to` is what it reduces (cost, interest, indemnity, principal); `item` the item's reference, "" when it is a cost or
    the whole claim. The amount is above zero.
    """

    id: UUID
    kind: str  # correction | waiver | settlement | dispute | write_off
    to: str
    amount: Money
    on: date
    reason: str
    author: str
    item: str = ""
    cost_id: UUID | None = None
    reversed_on: date | None = None  # from that day on it counts no more: the settlement it completed has fallen
