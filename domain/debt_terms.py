"""What an item bears when it is late: interest, fixed indemnity, and the order in which money is laid on it.

Plain facts, resolved from the catalogue by domain/agreed_terms.py and attached to a loaded claim as `claim.terms`.
A claim without terms bears nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from domain.terms import ItemKind

COST, INTEREST, INDEMNITY, PRINCIPAL = "cost", "interest", "indemnity", "principal"
LEGAL_ORDER = (COST, INTEREST, INDEMNITY, PRINCIPAL)  # C. civ. 1343-1: accessories before principal
CONTRACT = "contract"  # the code of a rate that the parties agreed on


@dataclass(frozen=True, slots=True)
class Span:
    """A value in force from a day to a day, both included; None where nobody has given it: missing, never guessed."""

    since: date
    until: date
    value: Decimal | None  # percent a year, or an amount
    source: str
    code: str = CONTRACT


@dataclass(frozen=True, slots=True)
class InterestTerms:
    """A yearly rate over time, without gaps; interest runs from the day after the due date, or after the formal notice."""

    name: str  # says the rule, for the hash
    spans: tuple[Span, ...]
    from_notice: bool = False  # C. civ. 1231-6: from the formal notice, not from the due date
    compounding: bool = False  # whole years only, where agreed (C. civ. 1343-2)

    def __hash__(self) -> int:
        return hash(self.name)


@dataclass(frozen=True, slots=True)
class DebtTerms:
    """The terms of one item; `indemnity` in the claim's currency."""

    interest: InterestTerms | None = None
    indemnity: tuple[Span, ...] = ()


NO_TERMS = DebtTerms()


@dataclass(frozen=True, slots=True)
class ClaimTerms:
    """The terms of a claim's items: an item's own, else those of its kind."""

    by_kind: Mapping[ItemKind, DebtTerms] = field(default_factory=dict)
    by_item: Mapping[str, DebtTerms] = field(default_factory=dict)  # by reference
    order: tuple[str, ...] = LEGAL_ORDER  # cost, interest, indemnity, principal

    def of(self, item: Any) -> DebtTerms:
        """The terms of an item (domain.debts.Item, which is not named here: a claim holds both)."""
        if self.by_item and item.reference in self.by_item:
            return self.by_item[item.reference]
        return self.by_kind.get(item.kind, NO_TERMS)


BEARS_NOTHING = ClaimTerms()
