"""Disputes of a claim as JSON, and how much of what is overdue carries a status."""

from decimal import Decimal
from typing import Any

from api.json_forms import day_json
from domain.claim import Claim, Dispute
from domain.qualification import qualification
from domain.statement import Statement


def disputes_json(claim: Claim) -> list[dict[str, Any]]:
    """Each dispute; `text` is what was said of it, factual: the debtor may ask to read it."""
    return [_dispute(each) for each in claim.disputes]


def _dispute(dispute: Dispute) -> dict[str, Any]:
    return {
        "id": str(dispute.id),
        "items": list(dispute.items),
        "kind": dispute.kind,
        "text": dispute.text,
        "owner": dispute.owner,
        "author": dispute.author,
        "opened_on": dispute.opened_on.isoformat(),
        "answer_due_on": day_json(dispute.answer_due_on),
        "unanswered_since": day_json(dispute.chased_on),
        "state": dispute.state,
        "outcome": dispute.outcome,
        "credit": None if dispute.credit is None else str(dispute.credit),
        "resolved_on": day_json(dispute.resolved_on),
        "action": None if dispute.action_id is None else str(dispute.action_id),
    }


def qualification_json(now: Statement) -> dict[str, float | None]:
    """Shares from 0 to 1; null when nothing is overdue."""
    found = qualification(now)
    return {"by_amount": share_json(found.by_amount), "by_count": share_json(found.by_count)}


def share_json(share: Decimal | None) -> float | None:
    return None if share is None else float(share)
