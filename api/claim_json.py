"""The whole claim as the HTTP contract shows it: the facts, and what is computed from them at the claim's own now."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncConnection

from api import task_json
from api.fields import found
from api.languages import language_of
from api.plan_json import alert, next_step_and_priority
from api.surroundings import Around
from db import claims, debts, documents, portfolio, tasks
from db.portfolio import Found
from domain.claim import Action, Claim, Item, Payment, Suspension
from domain.money import Money
from domain.statement import Line, Statement, statement


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
        **_debt(claim, now),
        "items": [_item(item, lines.get(item.reference)) for item in claim.items],
        "payments": [*(_payment(p, now) for p in claim.payments), *await _received(connection, claim)],
        "costs_incurred": [_cost(cost) for cost in claim.costs],
        "promises": [],
        "arrangements": [],
        "disputes": [],
        "guarantees": [],
        "procedures": [],
        "clocks": [],
        "actions": [_action(action, claim, papers, shown_tasks) for action in claim.actions],
        "tasks": shown_tasks,
        "documents": [document_json(paper) for paper in papers],
        "next_step": step,
        "priority": score,
        "alerts": [alert(stored, language) for stored in listed.alerts],
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
        "closed_on": _day(claim.closed_on),
        "ending": claim.ending,
        "stage": claim.stage,
        "sub_stage": claim.sub_stage,
        "suspended": _suspension(claim.suspended),
        "waiting_for": claim.waiting_for,
        "waiting_since": _instant(claim.waiting_since),
        "collector": claim.collector,
        "scenario": {"code": claim.scenario, "version": claim.scenario_version},
    }


def statement_json(claim: Claim, on: date) -> dict[str, Any]:
    """The statement of the debt at a date: lines by item and kind, totals."""
    then = statement(claim, on)
    return {
        "number": claim.number,
        "on": on.isoformat(),
        **_debt(claim, then),
        "lines": [
            {
                "item": line.item.reference,
                "kind": line.item.kind,
                "issued_on": _day(line.item.issued_on),
                "due_on": _day(line.item.due_on),
                "overdue": line.overdue,
                "amount": str(line.item.amount),
                "credited": str(line.credited),
                "paid": str(line.paid),
                "principal": str(line.outstanding),
                "interest": str(line.interest),
                "indemnity": str(line.indemnity),
            }
            for line in then.lines
        ],
        "credit_notes": [
            {"item": item.reference, "amount": str(item.amount)} for item in claim.items if item.is_credit
        ],
        "costs_incurred": [_cost(cost) for cost in claim.costs if cost.incurred_on <= on],
        "payments": [_payment(payment, then) for payment in claim.payments if payment.value_date <= on],
    }


def _debt(claim: Claim, now: Statement) -> dict[str, Any]:
    """The figures: balance_due = principal + interest + indemnities + chargeable costs - unapplied."""
    return {
        "currency": claim.currency,
        "values": claim.values,
        "global": claim.global_amounts or None,
        "amount": str(now.amount),
        "paid": str(now.paid),
        "principal": str(now.principal),
        "overdue": str(now.overdue),
        "interest": str(now.interest),
        "indemnities": str(now.indemnities),
        "costs": {
            "incurred": str(now.costs_incurred),
            "chargeable": str(now.costs_chargeable),
            "billed_to_creditor": str(now.costs_billed),
            "advances": str(now.advances),
        },
        "unapplied": str(now.unapplied),
        "overpaid": str(now.overpaid),
        "balance_due": str(now.balance_due),
    }


def _item(item: Item, line: Line | None) -> dict[str, Any]:
    """An item; a credit note owes nothing (no line)."""
    nothing = str(Money.zero(item.amount.currency))
    return {
        "reference": item.reference,
        "kind": item.kind,
        "issued_on": _day(item.issued_on),
        "due_on": _day(item.due_on),
        "amount": str(item.amount),
        "outstanding": str(line.outstanding) if line else nothing,
        "interest": str(line.interest) if line else nothing,
        "indemnity": str(line.indemnity) if line else nothing,
        "status": item.status,
        "status_category": item.status_category,
        "comment": item.comment,
        "follow_up_on": _day(item.follow_up_on),
        "promised_on": _day(item.promised_on),
        "off_scenario": item.off_scenario,
        "terms": item.terms,
    }


def _payment(payment: Payment, now: Statement) -> dict[str, Any]:
    left = now.unallocated.get(payment.id)
    return {
        "payment_id": str(payment.id),
        "external_id": payment.external_id,
        "amount": str(payment.amount),
        "currency": payment.amount.currency,
        "value_date": payment.value_date.isoformat(),
        "received_at": payment.received_at.isoformat(),
        "method": payment.method,
        "payer": payment.payer,
        "state": "reversed" if payment.reversed_on else "applied",
        "reversed_on": _day(payment.reversed_on),
        "allocations": [
            {"item": part.item, "to": part.to, "amount": str(part.amount)} for part in now.of_payment(payment.id)
        ],
        "unallocated": str(left if left is not None else Money.zero(payment.amount.currency)),
    }


async def _received(connection: AsyncConnection, claim: Claim) -> list[dict[str, Any]]:
    """Payments that stand in the inbox and are not applied yet."""
    return [
        {
            "payment_id": str(claim.id_for("payment", news.payload["external_id"])),
            "external_id": news.payload["external_id"],
            "amount": news.payload["amount"],
            "currency": claim.currency,
            "value_date": news.payload["value_date"],
            "received_at": news.received_at.isoformat(),
            "method": news.payload.get("method", ""),
            "payer": news.payload.get("payer", ""),
            "state": "received",
            "reversed_on": None,
            "allocations": [],
            "unallocated": news.payload["amount"],
        }
        for news in await debts.waiting(connection, claim.id)
        if news.kind == "payment_received"
    ]


def _cost(cost: Any) -> dict[str, Any]:
    return {
        "id": str(cost.id),
        "kind": cost.kind,
        "amount": str(cost.amount),
        "incurred_on": cost.incurred_on.isoformat(),
        "agent": cost.agent,
        "chargeable_to_debtor": cost.chargeable_to_debtor,
        "billed_to_creditor": cost.billed_to_creditor,
        "advance": cost.advance,
        "action": None if cost.action_id is None else str(cost.action_id),
    }


def _action(
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
        "scenario_version": action.scenario_version,
        "mode": action.mode,
        "channel": action.channel,
        "state": action.state,
        "agent": action.agent,
        "object": action.object,
        "observations": action.observations,
        "starts_on": _day(action.starts_on),
        "planned_end_on": _day(action.planned_end_on),
        "reminder_on": _day(action.reminder_on),
        "planned_on": _day(action.planned_on),
        "planned_at": _instant(action.planned_at),
        "done_at": _instant(action.done_at),
        "outcome": action.outcome,
        "reason": action.reason,
        "fee": None if action.fee is None else str(action.fee),
        "documents": [str(paper.id) for paper in papers if paper.action_id == action.id],
        "task": next((task["id"] for task in reversed(shown_tasks) if task["action"] == str(action.id)), None),
        "decided_by": action.decided_by or None,
        "replaces": None if action.replaces is None else str(action.replaces),
        "notes": list(action.notes),
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
        "key": paper.key,
        "created_at": paper.created_at.isoformat(),
        "url": f"/api/documents/{paper.id}",
    }


async def debtor_of(connection: AsyncConnection, debtor_id: Any) -> dict[str, Any]:
    """The debtor as the contract shows it."""
    row = found(await portfolio.debtor_row(connection, debtor_id))
    return {**row, "id": str(row["id"]), "updated_at": row["updated_at"].isoformat()}


def _takeover(claim: Claim) -> dict[str, Any] | None:
    if claim.takeover is None:
        return None
    taken = claim.takeover
    return {
        "stage": taken.stage,
        "sub_stage": taken.sub_stage,
        "last_action_type": taken.last_action_type,
        "last_action_on": _day(taken.last_action_on),
        "paid": None if taken.paid is None else str(taken.paid),
    }


def _suspension(suspended: Suspension | None) -> dict[str, Any] | None:
    return None if suspended is None else {"reason": suspended.reason, "until": _day(suspended.until)}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
