"""Actions and documents of a claim as JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.json_forms import day_json, instant_json
from db import documents
from domain.claim import Action, Claim


def action_json(
    action: Action, claim: Claim, papers: Sequence[documents.Paper], shown_tasks: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    return {
        "id": str(action.id),
        "sequence": action.sequence,
        "key": claim.key(action.sequence),
        "action_type": action.action_type,
        "category": action.category,
        "origin": action.origin,
        "step": action.step,
        "scenario": action.scenario or None,
        "scenario_version": action.scenario_version,
        "mode": action.mode,
        "channel": action.channel,
        "state": action.state,
        "agent": action.agent,
        "object": action.object,
        "observations": action.observations,
        "starts_on": day_json(action.starts_on),
        "planned_end_on": day_json(action.planned_end_on),
        "reminder_on": day_json(action.reminder_on),
        "planned_on": day_json(action.planned_on),
        "planned_at": instant_json(action.planned_at),
        "done_at": instant_json(action.done_at),
        "outcome": action.outcome,
        "reason": action.reason,
        "fee": None if action.fee is None else str(action.fee),
        "documents": [str(paper.id) for paper in papers if paper.action_id == action.id],
        "task": next((task["id"] for task in reversed(shown_tasks) if task["action"] == str(action.id)), None),
        "decided_by": action.decided_by or None,
        "replaces": None if action.replaces is None else str(action.replaces),
        "notes": list(action.notes),
        "items": list(action.items),
        "subject": action.subject or None,
        "due_on": day_json(action.due_on),
        "reminded_on": day_json(action.reminded_on),
        "returned_on": day_json(action.returned_on),
        "caught_on": day_json(action.caught_on),
    }


def document_json(paper: documents.Paper) -> dict[str, Any]:
    """A document of a claim, without its bytes."""
    return {
        "id": str(paper.id),
        "kind": paper.kind,
        "template": paper.template,
        "version": paper.version,
        "state": paper.state,
        "name": paper.name,
        "media_type": paper.media_type,
        "action": None if paper.action_id is None else str(paper.action_id),
        "procedure": None if paper.procedure_id is None else str(paper.procedure_id),
        "cost": None if paper.cost_id is None else str(paper.cost_id),
        "dated_on": day_json(paper.dated_on),
        "key": paper.key,
        "created_at": paper.created_at.isoformat(),
        "url": f"/api/documents/{paper.id}",
    }
