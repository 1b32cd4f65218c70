"""Guarantees, procedures and legal clocks of a claim as JSON."""

from typing import Any

from domain.claim import Claim
from domain.statement import Statement


def law(claim: Claim, now: Statement) -> dict[str, Any]:  # noqa: ARG001
    """The keys of the whole claim about guarantees, procedures and the clocks of the law."""
    return {"guarantees": [], "procedures": [], "clocks": []}
