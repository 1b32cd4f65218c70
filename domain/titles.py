"""The enforceable title (titre exécutoire): from its day on, the costs of collection may be the debtor's."""

from __future__ import annotations

from datetime import date

from domain.claim import Claim

EVENT = "title"  # the kind of the legal event


def has_title(claim: Claim, on: date) -> bool:
    """Whether there is an enforceable title on that day: before it costs stay with the creditor (CPCE L111-8)."""
    of_procedures = any(p.title_on is not None and p.title_on <= on for p in claim.procedures)
    return of_procedures or any(event.kind == EVENT and event.on <= on and event.stands for event in claim.legal_events)
