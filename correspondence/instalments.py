"""What the reminder of an instalment asks: what is left of that instalment, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import wording
from correspondence.sums import Sums, sums_asked
from domain.claim import Claim
from domain.covered_items import came_for
from domain.instalments import paid_of
from domain.money import Money
from domain.statement import statement


@dataclass(frozen=True, slots=True)
class InstalmentAsked:
    number: int  # from 1
    count: int
    due_on: date
    amount: Money
    rest: Money
    sums: Sums


def instalment_asked(claim: Claim, on: date, subject: str) -> InstalmentAsked | None:
    """The instalment that `arrangement/<id>/<place from 0>` names; None for any other subject."""
    kind, _, path = subject.partition("/")
    name, _, place = path.partition("/")
    arrangement = next((a for a in claim.arrangements if kind == "arrangement" and str(a.id) == name), None)
    if arrangement is None or not place.isdecimal() or int(place) >= len(arrangement.instalments):
        return None
    n, now = int(place), statement(claim, on)
    paid = paid_of(arrangement, came_for(claim, now, arrangement.items, arrangement.payments_before))
    instalment, nothing = arrangement.instalments[n], Money.zero(claim.currency)
    rest = instalment.amount - paid[n]
    whole = sums_asked(claim, on)
    sums = Sums(
        lines=(),
        off_scenario=(),
        principal=rest,
        interest=nothing,
        accessories=nothing,
        credits=nothing,
        asked=rest,
        paid=paid[n],
        balance_due=whole.balance_due,
    )
    return InstalmentAsked(n + 1, len(arrangement.instalments), instalment.due_on, instalment.amount, rest, sums)


def instalment_facts(asked: InstalmentAsked | None, language: str) -> dict[str, object]:
    """What a text may say of it; empty words in every other letter."""
    if asked is None:
        return {"instalment_number": "", "instalment_count": "", "instalment_due_on": ""}
    return {
        "instalment_number": asked.number,
        "instalment_count": asked.count,
        "instalment_due_on": wording.day(asked.due_on, language),
    }
