"""Guarantees and procedures of a claim as JSON."""

from typing import Any

from api.json_forms import day_json
from domain.claim import Claim, Guarantee, Hearing, Procedure


def guarantee_json(guarantee: Guarantee) -> dict[str, Any]:
    return {
        "id": str(guarantee.id),
        "kind": guarantee.kind,
        "amount": None if guarantee.amount is None else str(guarantee.amount),
        "rank": guarantee.rank,
        "valid_from": day_json(guarantee.valid_from),
        "valid_until": day_json(guarantee.valid_until),
        "person": guarantee.person or None,
        "description": guarantee.description,
        "added_on": guarantee.added_on.isoformat(),
        "released_on": day_json(guarantee.released_on),
        "state": "released" if guarantee.released_on else "standing",
    }


def procedure_json(procedure: Procedure, claim: Claim) -> dict[str, Any]:
    judged = procedure.judged_on is not None
    return {
        "id": str(procedure.id),
        "kind": procedure.kind,
        "court": procedure.court,
        "number": procedure.number,
        "agent": procedure.agent,
        "opened_on": procedure.opened_on.isoformat(),
        "hearings": [_hearing_json(hearing) for hearing in procedure.hearings],
        "judgment": {
            "on": day_json(procedure.judged_on),
            "outcome": procedure.judgment,
            "amount": None if procedure.judgment_amount is None else str(procedure.judgment_amount),
        }
        if judged
        else None,
        "title": {"on": day_json(procedure.title_on), "kind": procedure.title} if procedure.title_on else None,
        "service": {"on": day_json(procedure.served_on), "mode": procedure.service_mode}
        if procedure.served_on
        else None,
        "state": procedure.state,
        "outcome": procedure.outcome or None,
        "ended_on": day_json(procedure.ended_on),
        "comment": procedure.comment,
        "legal_events": [str(event.id) for event in claim.legal_events if event.procedure_id == procedure.id],
    }


def _hearing_json(hearing: Hearing) -> dict[str, Any]:
    return {
        "id": str(hearing.id),
        "on": hearing.on.isoformat(),
        "purpose": hearing.purpose,
        "outcome": hearing.outcome or None,
    }
