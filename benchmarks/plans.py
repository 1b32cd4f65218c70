"""Plans (next steps) a second on one core: `python benchmarks/plans.py`.

Each claim differs from the others in amounts and dates and is planned on another day in each round, so that no amount of
interest is met twice. The same claims are planned without interest beside it. Prints rates; it decides nothing but its
exit status: 1 when the ordinary claim under French law falls below `--least` plans a second.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from domain.claim import Claim
from domain.debt_terms import BEARS_NOTHING
from domain.planner import next_step
from tests.builders import a_catalogue, a_claim, a_payment, an_id, an_item, at
from tests.money_builders import by_law

FIRST_DUE = date(2025, 9, 1)
FIRST_DAY = date(2026, 1, 5)
CATALOGUE = a_catalogue()


def claims_of(count: int, items: Sequence[int], payments: int = 0) -> list[Claim]:
    """Claims of so many items each, in turn, all late, under the law of France."""
    return [by_law(_claim(n, items[n % len(items)], payments)) for n in range(count)]


def _claim(n: int, items: int, payments: int) -> Claim:
    own = [
        an_item(
            f"F-{k}", amount=f"{500 + (37 * n + 411 * k) % 9000}.{n % 100:02}", due_on=FIRST_DUE + timedelta(days=(n + 9 * k) % 100)
        )
        for k in range(items)
    ]  # fmt: skip
    received = tuple(
        a_payment(f"P-{k}", amount=f"{90 + (n + k) % 60}.{k:02}", value_date=FIRST_DUE + timedelta(days=40 + 20 * k))
        for k in range(payments)
    )
    return a_claim(*own, id=an_id(n), number=f"R26-{n:07}", opened_on=FIRST_DUE, payments=received)


def rate(claims: Sequence[Claim], rounds: int) -> float:
    """The best round: whatever else runs on this machine only slows it down."""
    best = 0.0
    for n in range(rounds):
        as_of = at(FIRST_DAY + timedelta(days=n), 12)
        began = time.process_time()
        for claim in claims:
            next_step(claim, CATALOGUE, as_of)
        best = max(best, len(claims) / (time.process_time() - began))
    return best


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--claims", type=int, default=2000)
    asked.add_argument("--rounds", type=int, default=7)
    asked.add_argument("--least", type=int, default=10_000)
    given = asked.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    kinds: tuple[tuple[str, Sequence[int], int], ...] = (
        ("ordinary: 1 to 3 items", (1, 1, 1, 2, 3), 0),
        ("1 item", (1,), 0),
        ("8 items", (8,), 0),
        ("2 items, 2 payments", (2,), 2),
    )
    ordinary = 0.0
    for name, items, payments in kinds:
        claims = claims_of(given.claims, items, payments)
        bearing = rate(claims, given.rounds)
        plain = rate([replace(claim, terms=BEARS_NOTHING) for claim in claims], given.rounds)
        ordinary = ordinary or bearing
        print(f"{name:24} with French interest {bearing:8,.0f}/s   without {plain:8,.0f}/s")
    return 0 if ordinary >= given.least else 1


if __name__ == "__main__":
    raise SystemExit(main())
