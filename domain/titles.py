"""The enforceable title (titre exécutoire): enforcement needs it, and from its day on costs may be the debtor's."""

from __future__ import annotations

from datetime import date

from domain.claim import Claim, Stage

EVENT = "title"  # the kind of the legal event


def has_title(claim: Claim, on: date) -> bool:
    """Whether there is an enforceable title on that day (CPCE L111-2; before it costs stay with the creditor, L111-8).

    Of a procedure, told as a legal event, or from before a takeover in enforcement. A judgment alone is none: it is a title
    once it can be enforced (CPCE L111-3), and whoever has one records it.
    """
    if any(p.title_on is not None and p.title_on <= on for p in claim.procedures):
        return True
    if any(event.kind == EVENT and event.on <= on and event.stands for event in claim.legal_events):
        return True
    return claim.takeover is not None and claim.takeover.stage is Stage.ENFORCEMENT
