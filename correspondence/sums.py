"""What a letter asks for on a day: the items that are due, owed and undisputed, and what they come to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from domain.claim import Claim, Item
from domain.ground import is_off, may_be_asked
from domain.money import Money
from domain.statement import Line, Statement, statement


@dataclass(frozen=True, slots=True)
class Sums:
    lines: tuple[Line, ...]  # asked for: overdue, owed (interest alone too), not off the scenario
    off_scenario: tuple[Line, ...]  # owed, but promised, disputed or in litigation
    principal: Money
    interest: Money
    accessories: Money  # indemnities, and the costs the debtor bears
    credits: Money
    asked: Money
    paid: Money
    balance_due: Money

    def as_texts(self) -> dict[str, str]:
        """The figures of a draft: text in the currency's own decimals travels as JSON and comes back the same."""
        shown = ("principal", "interest", "accessories", "credits", "asked", "balance_due")
        return {name: str(getattr(self, name)) for name in shown}

    def interest_until(self, on: date) -> date:
        """The last day whose interest is in the figures: where a rate is missing, a letter must not claim to reach further."""
        missing = [gap.since for line in self.lines for gap in line.rate_missing]
        return min(missing) - timedelta(days=1) if missing else on

    def oldest_due_on(self, on: date) -> date:
        return min((line.item.due_on for line in self.lines if line.item.due_on), default=on)


def sums_asked(claim: Claim, on: date, about: Collection[str] = ()) -> Sums:
    """Never asks for an item that is paid, promised, disputed or not yet due; credits reduce what is asked.

    `about`: the items of an action of their own, which may ask for what it keeps off the scenario; none: all that is due.
    """
    debt = statement(claim, on)
    owed = [line for line in debt.lines if line.owed]
    lines = tuple(line for line in owed if line.overdue and _is_asked(line.item, claim, about))
    currency = claim.currency
    principal = Money.total((line.outstanding for line in lines), currency)
    interest = Money.total((line.interest for line in lines), currency)
    accessories = Money.total((line.indemnity for line in lines), currency) + debt.costs_chargeable
    return Sums(
        lines=lines,
        off_scenario=tuple(line for line in owed if is_off(line.item, claim.stage)),
        principal=principal,
        interest=interest,
        accessories=accessories,
        credits=debt.unapplied,
        asked=max(principal + interest + accessories - debt.unapplied, Money.zero(currency)),
        paid=_paid_on(debt, lines),
        balance_due=debt.balance_due,
    )


def _is_asked(item: Item, claim: Claim, about: Collection[str]) -> bool:
    if about:
        return item.reference in about and may_be_asked(item, claim.stage)
    return not is_off(item, claim.stage)


def _paid_on(debt: Statement, lines: tuple[Line, ...]) -> Money:
    """What came in for these items: a letter thanks for no other."""
    return Money.total((line.received for line in lines), debt.currency)
