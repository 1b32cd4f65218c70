"""Letters a second on one core, from a claim's facts to the bytes of its PDF: `python benchmarks/letters.py`.

Prints counts and rates; it decides nothing. Facts → draft → HTML → PDF, each claim another, 1 to 12 items.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from correspondence import draft, email_message, letter_pdf
from correspondence.letters import letter_html
from domain.claim import Channel, Claim
from tests.correspondence.letters_of import ON, catalogue_in, claim_of

SENDER = "Recouvra <recouvrement@recouvra.example>"


def portfolio(count: int) -> list[Claim]:
    """Companies and persons, French and English, euros and dinars."""
    kinds = [(c, k, x) for c in ("EUR", "TND") for k in ("company", "person") for x in ("fr", "en")]
    return [claim_of(1 + n % 12, *kinds[n % len(kinds)], sequence=n) for n in range(count)]


def rate(name: str, claims: list[Claim], make: Callable[[Claim], object]) -> None:
    make(claims[0])  # templates are compiled and fonts found once
    wall, cpu = time.perf_counter(), time.process_time()
    for claim in claims:
        make(claim)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(
        f"{name:28} {len(claims):6} in {wall:6.2f} s = {len(claims) / wall:7.1f}/s   ({1000 * cpu / len(claims):5.2f} ms of CPU each)"
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--letters", type=int, default=500)
    count: int = asked.parse_args().letters
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    claims, catalogues = portfolio(count), {c: catalogue_in(c) for c in ("EUR", "TND")}
    on: date = ON

    def text(claim: Claim, channel: Channel = Channel.LETTER):  # type: ignore[no-untyped-def]  # a benchmark's shorthand
        return draft(claim, catalogues[claim.currency], "formal_notice", channel, on)

    drafts = {claim.sequence: text(claim) for claim in claims}
    rate("draft", claims, text)
    rate("draft → HTML of the letter", claims, lambda c: letter_html(drafts[c.sequence], c, catalogues[c.currency], on))
    rate(
        "facts → e-mail bytes",
        claims,
        lambda c: email_message(text(c, Channel.EMAIL), c, catalogues[c.currency], c.key(1), on, SENDER).as_bytes(),
    )
    rate("facts → PDF bytes", claims, lambda c: letter_pdf(text(c), c, catalogues[c.currency], on))


if __name__ == "__main__":
    main()
