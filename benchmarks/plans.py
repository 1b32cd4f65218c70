"""Plans (next steps) a second on one core: `python benchmarks/plans.py`.

Claims of several kinds under the standard set (benchmarks/plan_claims.py); each is planned once in a round, under a number
of its own and on another day than in the other rounds, so that no amount of interest and no claim is met twice. The same
claims without interest are planned in the same run, round by round. Process time; the best round counts: whatever else
runs on the machine only slows it down. It decides nothing but its exit status: 1 when the ordinary claims under French
law fall below `--least` plans a second.
"""

from __future__ import annotations

import argparse
import gc
import os
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from plan_claims import KINDS, TODAY, another, catalogue_for

from domain.claim import Claim
from domain.debt_terms import BEARS_NOTHING
from domain.planner import next_step
from tests.builders import at


def rate(claims: Sequence[Claim], on: date) -> float:
    """Plans a second of process time, each claim once."""
    as_of, asked = at(on), [(claim, catalogue_for(claim)) for claim in claims]
    gc.collect()
    began = time.process_time()
    for claim, catalogue in asked:
        next_step(claim, catalogue, as_of)
    return len(asked) / (time.process_time() - began)


def rates(claims: Sequence[Claim], rounds: int) -> tuple[float, float]:
    """The best round with interest, and without."""
    with_interest = without = 0.0
    for n in range(rounds):
        on = TODAY + timedelta(days=n % 5)
        fresh = [another(claim, 2 * n) for claim in claims]
        with_interest = max(with_interest, rate(fresh, on))
        bare = [replace(another(claim, 2 * n + 1), terms=BEARS_NOTHING) for claim in claims]
        without = max(without, rate(bare, on))
    return with_interest, without


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--claims", type=int, default=1000, help="of each kind")
    asked.add_argument("--rounds", type=int, default=9)
    asked.add_argument("--least", type=int, default=10_000)
    given = asked.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    ordinary = 0.0
    print(f"{'plans a second on one core':28}{'with interest':>15}{'without':>12}")
    for name, make in KINDS:
        bearing, bare = rates([make(n) for n in range(given.claims)], given.rounds)
        ordinary = ordinary or bearing
        print(f"{name:28}{bearing:15,.0f}{bare:12,.0f}", flush=True)
    return 0 if ordinary >= given.least else 1


if __name__ == "__main__":
    raise SystemExit(main())
