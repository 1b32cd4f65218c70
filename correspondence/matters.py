"""What an internal e-mail is about: the items its action names, whatever keeps them off the scenario."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from correspondence.sums import Sums
from domain.claim import Claim
from domain.money import Money
from domain.statement import statement


def sums_about(claim: Claim, on: date, items: Collection[str]) -> Sums:
    """What these items owe; nobody is asked to pay here, so neither costs nor credits of the claim are put to them."""
    debt, currency = statement(claim, on), claim.currency
    lines = tuple(line for line in debt.lines if line.outstanding and line.item.reference in items)
    principal = Money.total((line.outstanding for line in lines), currency)
    interest = Money.total((line.interest for line in lines), currency)
    indemnities = Money.total((line.indemnity for line in lines), currency)
    return Sums(
        lines=lines,
        off_scenario=tuple(line for line in lines if line.item.off_scenario not in (None, "specific_action")),
        principal=principal,
        interest=interest,
        accessories=indemnities,
        credits=Money.zero(currency),
        asked=principal + interest + indemnities,
        paid=Money.total((line.paid for line in lines), currency),
        balance_due=debt.balance_due,
    )
