"""The debt as JSON: figures, items, payments, costs, the statement at a date."""

from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from api.json_forms import day_json
from db import debts
from domain.claim import Claim, Cost, Item, Payment
from domain.money import Money
from domain.statement import Line, Statement, statement


def statement_json(claim: Claim, on: date) -> dict[str, Any]:
    """The statement of the debt at a date: lines by item and kind, totals."""
    then = statement(claim, on)
    return {
        "number": claim.number,
        "on": on.isoformat(),
        **debt_json(claim, then),
        "lines": [
            {
                "item": line.item.reference,
                "kind": line.item.kind,
                "issued_on": day_json(line.item.issued_on),
                "due_on": day_json(line.item.due_on),
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
        "costs_incurred": [cost_json(each) for each in claim.costs if each.incurred_on <= on],
        "payments": [payment_json(each, then) for each in claim.payments if each.value_date <= on],
    }


def debt_json(claim: Claim, now: Statement) -> dict[str, Any]:
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


def item_json(item: Item, line: Line | None) -> dict[str, Any]:
    """An item; a credit note owes nothing (no line)."""
    nothing = str(Money.zero(item.amount.currency))
    return {
        "reference": item.reference,
        "kind": item.kind,
        "issued_on": day_json(item.issued_on),
        "due_on": day_json(item.due_on),
        "amount": str(item.amount),
        "outstanding": str(line.outstanding) if line else nothing,
        "interest": str(line.interest) if line else nothing,
        "indemnity": str(line.indemnity) if line else nothing,
        "status": item.status,
        "status_category": item.status_category,
        "comment": item.comment,
        "follow_up_on": day_json(item.follow_up_on),
        "promised_on": day_json(item.promised_on),
        "off_scenario": item.off_scenario,
        "excluded": item.excluded,
        "specific_action": None if item.specific_action is None else str(item.specific_action),
        "terms": item.terms,
    }


def payment_json(payment: Payment, now: Statement) -> dict[str, Any]:
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
        "reversed_on": day_json(payment.reversed_on),
        "allocations": [
            {"item": part.item, "to": part.to, "amount": str(part.amount)} for part in now.of_payment(payment.id)
        ],
        "unallocated": str(left if left is not None else Money.zero(payment.amount.currency)),
    }


async def received_json(connection: AsyncConnection, claim: Claim) -> list[dict[str, Any]]:
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


def cost_json(cost: Cost) -> dict[str, Any]:
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
