"""Promises, arrangements, offers and disputes of a claim as JSON."""

from typing import Any

from api.dispute_json import disputes_json, qualification_json
from domain import arrangements, offers, promises
from domain.claim import Claim
from domain.covered_items import came_for
from domain.statement import Statement


def agreements(claim: Claim, now: Statement) -> dict[str, Any]:
    """The keys of the whole claim about what is agreed or argued with the debtor, as it stands at the claim's now."""
    return {
        "promises": [
            {**promises.told(each), "received": str(promises.received_for(claim, each, now))} for each in claim.promises
        ],
        "arrangements": [
            arrangements.told(each, came_for(claim, now, each.items, each.payments_before))
            for each in claim.arrangements
        ],
        "offers": [offers.told(each) for each in claim.offers],
        "disputes": disputes_json(claim),
        "qualification": qualification_json(now),
    }
