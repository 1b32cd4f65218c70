"""A task as the HTTP contract shows it."""

from typing import Any

from api.plan_json import reasons
from db.tasks import TaskRow
from domain.money import Money

_NOTHING_PROPOSED: dict[str, Any] = {
    "channel": None,
    "recipient": None,
    "subject": None,
    "text": None,
    "balance_due": None,
    "items": [],
    "fee": None,
    "stage": None,
}


def task(row: TaskRow, language: str) -> dict[str, Any]:
    """The JSON of one task; `proposed` is what was frozen for the person to see."""
    return {
        "id": str(row.id),
        "version": row.version,
        "state": row.state,
        "kind": row.kind,
        "claim": {
            "number": row.number,
            "reference": row.reference,
            "debtor": row.debtor,
            "creditor": row.creditor,
            "balance_due": str(Money.of(row.balance_due, row.currency)),
            "currency": row.currency,
        },
        "action": None if row.action_id is None else str(row.action_id),
        "action_type": row.action_type or None,
        "step": row.step,
        "role": row.role,
        "assignee": row.assignee,
        "opened_at": row.opened_at.isoformat(),
        "due_at": row.due_at and row.due_at.isoformat(),
        "reminds_at": row.reminds_at and row.reminds_at.isoformat(),
        "escalates_at": row.escalates_at and row.escalates_at.isoformat(),
        "expires_at": row.expires_at and row.expires_at.isoformat(),
        "reminded_at": row.reminded_at and row.reminded_at.isoformat(),
        "escalated_at": row.escalated_at and row.escalated_at.isoformat(),
        "closed_at": row.closed_at and row.closed_at.isoformat(),
        "on_expiry": row.on_expiry,
        "priority": row.priority,
        "why": reasons(row.why, language),
        "allowed": row.allowed if row.state == "open" else [],
        "preview_url": f"/api/tasks/{row.id}/preview",
        "proposed": {**_NOTHING_PROPOSED, **row.proposed},
        "decision": row.decision,
    }
