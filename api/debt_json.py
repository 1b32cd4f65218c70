"""The debt as JSON: figures, items, payments, costs, the statement at a date."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from api.json_forms import day_json
from db import debts
from domain.allocation import Charged
from domain.claim import Claim, Correction, Cost, Item, Payment
from domain.interest import Period
from domain.money import Money
from domain.statement import Line, Statement, rate_missing, statement


def statement_json(claim: Claim, on: date) -> dict[str, Any]:
    """The statement of the debt at a date: lines by item and kind with every period of interest, totals that add up."""
    then = statement(claim, on)
    costs = {charged.cost.id: charged for charged in then.costs}
    return {
        "number": claim.number,
        "on": on.isoformat(),
        **debt_json(claim, then),
        "lines": [line_json(line, then) for line in then.lines],
        "credit_notes": [
            {"item": item.reference, "amount": str(item.amount)} for item in claim.items if item.is_credit
        ],
        "costs_incurred": [
            cost_json(each) | _borne(costs.get(each.id)) for each in claim.costs if each.incurred_on <= on
        ],
        "corrections": [correction_json(each) for each in claim.corrections if each.on <= on],
        "payments": [payment_json(each, then) for each in claim.payments if each.value_date <= on],
    }


def line_json(line: Line, then: Statement) -> dict[str, Any]:
    """amount - credited - corrected - paid = principal; charged - paid - corrected = what is owed of interest and indemnity."""
    owing, unit = line.charged, owed_text(then.currency)
    return {
        "item": line.item.reference,
        "kind": line.item.kind,
        "issued_on": day_json(line.item.issued_on),
        "due_on": day_json(line.item.due_on),
        "overdue": line.overdue,
        "amount": str(line.item.amount),
        "credited": str(line.credited),
        "corrected": str(line.corrected),
        "paid": str(line.paid),
        "principal": str(line.outstanding),
        "interest": str(line.interest),
        "indemnity": str(line.indemnity),
        "owed": str(line.owed),
        "interest_charged": unit(owing.accrued_on(then.on)),
        "interest_paid": unit(owing.interest_paid),
        "interest_corrected": unit(owing.interest_corrected),
        "interest_periods": [_period_json(period, then.currency) for period in line.periods],
        "interest_brought_in": unit(owing.opening),
        "indemnity_charged": unit(owing.charged),
        "indemnity_paid": unit(owing.charge_paid),
        "indemnity_corrected": unit(owing.charge_corrected),
        "indemnity_source": owing.charge_source,
        "rate_missing": missing_json(line),
    }


def owed_text(currency: str) -> Callable[[Decimal], str]:
    """Amounts of this currency as text, with its own decimals."""
    return lambda amount: str(Money.of(amount, currency))


def _period_json(period: Period, currency: str) -> dict[str, Any]:
    segment = period.segment
    return {
        "since": segment.since.isoformat(),
        "until": segment.until.isoformat(),
        "days": segment.days,
        "principal": str(Money.of(period.base, currency)),
        "reference": segment.code,
        "rate": None if segment.rate is None else f"{segment.rate:f}",
        "source": segment.source,
        "amount": None if segment.rate is None else str(Money.of(period.amount, currency)),
    }


def missing_json(line: Line | None) -> list[dict[str, Any]]:
    """Days whose interest is in no amount, because nobody gave the rate."""
    return [
        {"since": gap.since.isoformat(), "until": gap.until.isoformat(), "reference": gap.rate}
        for gap in (line.rate_missing if line else ())
    ]


def correction_json(correction: Correction) -> dict[str, Any]:
    return {
        "id": str(correction.id),
        "kind": correction.kind,
        "to": correction.to,
        "amount": str(correction.amount),
        "on": correction.on.isoformat(),
        "reason": correction.reason,
        "author": correction.author,
        "item": correction.item or None,
        "cost": None if correction.cost_id is None else str(correction.cost_id),
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
        "corrected": str(now.corrected),
        "rate_missing": sorted(rate_missing(now)),
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
        "owed": str(line.owed) if line else nothing,
        "rate_missing": missing_json(line),
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
        "reversal_reason": payment.reversal_reason or None,
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
            "reversal_reason": None,
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
        "document": None if cost.document_id is None else str(cost.document_id),
    }


def _borne(charged: Charged | None) -> dict[str, Any]:
    """What became of a cost that the debtor bears; nothing of one that stays with the creditor."""
    if charged is None:
        return {}
    text = owed_text(charged.cost.amount.currency)
    return {"outstanding": text(charged.owed), "paid": text(charged.paid), "corrected": text(charged.corrected)}
