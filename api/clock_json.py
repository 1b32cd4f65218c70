"""The clocks of the law and the events that move them, as JSON."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from api.json_forms import day_json, instant_json
from api.plan_json import reasons
from db.catalogue import catalogue_for
from domain.claim import Claim, LegalEvent
from domain.clock_terms import Clock
from domain.legal_clocks import clocks_of
from domain.statement import Statement
from wording import code_label


async def clocks(connection: AsyncConnection, claim: Claim, now: Statement, language: str) -> list[dict[str, Any]]:
    """Every clock at the statement's day, the nearest first; none in a country whose law is not set up."""
    catalogue = await catalogue_for(connection, claim, scenario_needed=False)
    return [clock_json(clock, language) for clock in clocks_of(claim, catalogue, now.on, now)]


def clock_json(clock: Clock, language: str) -> dict[str, Any]:
    why = [{"code": reason.code, "facts": reason.facts} for reason in clock.why]
    return {
        "code": clock.code,
        "label": code_label("clock", clock.code, language),
        "source": clock.source,
        "item": clock.item or None,
        "procedure": None if clock.procedure_id is None else str(clock.procedure_id),
        "starts_on": clock.starts_on.isoformat(),
        "runs_out_on": day_json(clock.runs_out_on),
        "state": clock.state.value,
        "debtors_time": clock.is_waiting,
        "why": reasons(why, language),
    }


def legal_events(events: Sequence[LegalEvent], language: str) -> list[dict[str, Any]]:
    """All that were recorded, oldest first; a retracted one stays, with who retracted it and why."""
    return [legal_event_json(event, language) for event in events]


def legal_event_json(event: LegalEvent, language: str) -> dict[str, Any]:
    return {
        "id": str(event.id),
        "kind": event.kind,
        "label": code_label("legal_event", event.kind, language),
        "on": event.on.isoformat(),
        "item": event.item or None,
        "procedure": None if event.procedure_id is None else str(event.procedure_id),
        "comment": event.comment,
        "author": event.author,
        "recorded_at": instant_json(event.recorded_at),
        "retracted": None
        if event.retracted_at is None
        else {
            "at": instant_json(event.retracted_at),
            "by": event.retracted_by,
            "reason": event.retraction_reason,
        },
    }
