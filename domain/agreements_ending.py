"""What is agreed with the debtor does not outlive the claim."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from domain.claim import Claim
from domain.terms import ArrangementState, OfferState, PromiseState


def agreements_at_the_end(claim: Claim, on: date) -> dict[str, Any]:
    """The claim's fields with what is still open cancelled: neither kept nor broken, for it can be neither any more."""
    return {
        "promises": tuple(
            replace(p, state=PromiseState.CANCELLED, settled_on=on) if p.state is PromiseState.OPEN else p
            for p in claim.promises
        ),
        "arrangements": tuple(
            replace(a, state=ArrangementState.CANCELLED, ended_on=on) if a.state is ArrangementState.ACTIVE else a
            for a in claim.arrangements
        ),
        "offers": tuple(
            replace(o, state=OfferState.EXPIRED, answered_on=on) if o.state is OfferState.OPEN else o
            for o in claim.offers
        ),
    }
