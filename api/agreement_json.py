"""Promises, arrangements, offers and disputes of a claim as JSON."""

from typing import Any

from api.dispute_json import disputes_json, qualification_json
from domain.claim import Claim
from domain.statement import Statement


def agreements(claim: Claim, now: Statement) -> dict[str, Any]:
    """The keys of the whole claim about what is agreed or argued with the debtor."""
    return {
        "promises": [],
        "arrangements": [],
        "offers": [],
        "disputes": disputes_json(claim),
        "qualification": qualification_json(now),
    }
