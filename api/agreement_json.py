"""Promises, arrangements, offers and disputes of a claim as JSON."""

from typing import Any

from domain.claim import Claim
from domain.statement import Statement


def agreements(claim: Claim, now: Statement) -> dict[str, Any]:  # noqa: ARG001
    """The keys of the whole claim about what is agreed or argued with the debtor."""
    return {"promises": [], "arrangements": [], "offers": [], "disputes": []}
