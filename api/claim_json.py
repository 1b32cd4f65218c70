"""The whole claim as the HTTP contract shows it: the facts, and what is computed from them at the claim's own now."""

from typing import Any

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncConnection

from api import clock_json, task_json
from api.action_json import action_json, document_json
from api.agreement_json import agreements
from api.debt_json import correction_json, cost_json, debt_json, item_json, payment_json, received_json
from api.fields import found
from api.json_forms import day_json, instant_json
from api.languages import language_of
from api.law_json import law
from api.plan_json import alert, next_step_and_priority
from api.surroundings import Around
from db import claims, documents, portfolio, tasks
from db.portfolio import Found
from domain.anomalies import standing_on
from domain.claim import Claim, Hold, Suspension
from domain.money import Money
from domain.statement import Statement, statement


async def whole_claim(
    connection: AsyncConnection, addressed: Found, around: Around, request: Request
) -> dict[str, Any]:
    """The JSON of GET /api/claims/{ref}."""
    claim = found(await claims.load(connection, addressed.id))
    as_of = addressed.now(around.now())
    today = addressed.today(around.now())
    language = language_of(request)
    now = statement(claim, today)
    lines = {line.item.reference: line for line in now.lines}
    papers = await documents.of_claim(connection, claim.id)
    listed = await portfolio.row_of(connection, claim.id)
    shown_tasks = [task_json.task(row, language) for row in await tasks.of_claim(connection, claim.id)]
    step, score = await next_step_and_priority(connection, claim, now, as_of, language)
    return {
        **_identity(claim, around),
        "today": today.isoformat(),
        "creditor": {"code": claim.creditor, "name": listed.creditor_name},
        "debtor": await debtor_of(connection, claim.debtor.id),
        "taken_over": _takeover(claim),
        **debt_json(claim, now),
        "written_off": _written_off(claim, now),
        "items": [item_json(each, lines.get(each.reference)) for each in claim.items],
        "payments": [*(payment_json(p, now) for p in claim.payments), *await received_json(connection, claim)],
        "costs_incurred": [cost_json(each) for each in claim.costs],
        "corrections": [correction_json(each) for each in claim.corrections],
        **agreements(claim, now),
        **law(claim, now),
        "clocks": await clock_json.clocks(connection, claim, now, language),
        "legal_events": clock_json.legal_events(claim.legal_events, language),
        "actions": [action_json(each, claim, papers, shown_tasks) for each in claim.actions],
        "tasks": shown_tasks,
        "documents": [document_json(paper) for paper in papers],
        "next_step": step,
        "priority": score,
        "alerts": [alert(stored, language) for stored in standing_on(listed.alerts, today)],
    }


def _identity(claim: Claim, around: Around) -> dict[str, Any]:
    """Its names and addresses, and where it stands."""
    address = f"claim/{claim.number}"
    return {
        "id": str(claim.id),
        "number": claim.number,
        "reference": claim.reference,
        "workflow_id": address,
        "temporal_url": around.settings.workflow_url(address),
        "url": f"{around.settings.public_url}/claims/{claim.number}",
        "time_zone": claim.time_zone,
        "opened_on": claim.opened_on.isoformat(),
        "closed_on": day_json(claim.closed_on),
        "ending": claim.ending,
        "stage": claim.stage,
        "sub_stage": claim.sub_stage,
        "stage_since": claim.stage_since.isoformat(),
        "suspended": _suspension(claim.suspended, claim.hold),
        "waiting_for": claim.waiting_for,
        "waiting_since": instant_json(claim.waiting_since),
        "collector": claim.collector,
        "scenario": {"code": claim.scenario, "version": claim.scenario_version},
    }


async def debtor_of(connection: AsyncConnection, debtor_id: Any) -> dict[str, Any]:
    """The debtor as the contract shows it."""
    row = found(await portfolio.debtor_row(connection, debtor_id))
    shown = {name: value for name, value in row.items() if name != "identity_keys"}
    return {**shown, "id": str(row["id"]), "updated_at": row["updated_at"].isoformat()}


def _takeover(claim: Claim) -> dict[str, Any] | None:
    if claim.takeover is None:
        return None
    taken = claim.takeover
    return {
        "stage": taken.stage,
        "sub_stage": taken.sub_stage,
        "last_action_type": taken.last_action_type,
        "last_action_on": day_json(taken.last_action_on),
        "paid": None if taken.paid is None else str(taken.paid),
    }


def _written_off(claim: Claim, now: Statement) -> dict[str, Any] | None:
    """The loss and what came after it; the balance due itself stands."""
    loss = claim.written_off
    if loss is None:
        return None
    recovered = max(now.paid - loss.paid, Money.zero(claim.currency))
    return {
        "amount": str(loss.amount),
        "on": loss.on.isoformat(),
        "reason": loss.reason,
        "asked_by": loss.asked_by,
        "approved_by": loss.approved_by,
        "recovered": str(recovered),
    }


def _suspension(suspended: Suspension | None, hold: Hold | None) -> dict[str, Any] | None:
    """A hold by the debtor's situation comes first: it lasts whatever a person suspends and lifts."""
    if hold is not None and hold.stops_chasing:
        return {"reason": hold.situation, "until": None, "since": hold.since.isoformat()}
    return None if suspended is None else {"reason": suspended.reason, "until": day_json(suspended.until)}
