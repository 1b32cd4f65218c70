"""A claim read from its rows, and the difference between two states of it written back.

`load` and `save` are the only way facts of a claim change after intake; `save` runs under the claim's row lock.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Table, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db import tables
from domain.claim import (
    Action,
    ActionState,
    Address,
    Channel,
    Claim,
    Contact,
    Cost,
    Debtor,
    Decision,
    DocumentState,
    Ending,
    Item,
    ItemKind,
    Letter,
    Mode,
    OnExpiry,
    Origin,
    Outcome,
    Payment,
    Stage,
    StatusCategory,
    Suspension,
    Takeover,
    Task,
    TaskKind,
    TaskState,
    Values,
)
from domain.events import Event
from domain.money import Money


async def load(connection: AsyncConnection, claim_id: UUID, *, lock: bool = False) -> Claim | None:
    """The claim with all its facts, or None; `lock` takes its row FOR UPDATE (one writer)."""
    query = select(tables.claim).where(tables.claim.c.id == claim_id)
    if lock:
        query = query.with_for_update()
    row = (await connection.execute(query)).mappings().one_or_none()
    if row is None:
        return None
    debtor = (
        (await connection.execute(select(tables.debtor).where(tables.debtor.c.id == row["debtor_id"]))).mappings().one()
    )
    currency: str = row["currency"]

    async def rows_of(table: Table, *conditions: Any) -> Sequence[RowMapping]:
        query = select(table).where(table.c.claim_id == claim_id, *conditions)
        return (await connection.execute(query)).mappings().all()

    return Claim(
        **_own(row, currency),
        debtor=debtor_from({**debtor, "preferred_channel": row["preferred_channel"] or debtor["preferred_channel"]}),
        items=_sorted((_item(r, currency) for r in await rows_of(tables.item)), lambda i: i.position),
        payments=_sorted(
            (_payment(r, currency) for r in await rows_of(tables.payment)),
            lambda p: (p.value_date, p.received_at, p.external_id),
        ),
        costs=_sorted((_cost(r, currency) for r in await rows_of(tables.cost)), lambda c: (c.incurred_on, str(c.id))),
        actions=_sorted((_action(r, currency) for r in await rows_of(tables.action)), lambda a: a.sequence),
        tasks=_sorted((_task(r) for r in await rows_of(tables.task)), lambda t: (t.opened_at, str(t.id))),
        letters=tuple(
            Letter(r["id"], r["action_id"], DocumentState(r["state"]), r["posts_at"])
            for r in await rows_of(
                tables.document, tables.document.c.state == "rendered", tables.document.c.posts_at.is_not(None)
            )
        ),
    )


# fmt: off
AS_THEY_STAND = (  # columns that are facts without any reading
    "id", "number", "reference", "creditor", "currency", "global_amounts", "time_zone", "country", "opened_at", "opened_on",
    "sub_stage", "stage_since", "scenario", "scenario_version", "collector", "closed_on", "sequence", "waiting_for", "waiting_since",
)
# fmt: on


def _own(row: RowMapping, currency: str) -> dict[str, Any]:
    """What the claim's own row says."""
    return {
        **{name: row[name] for name in AS_THEY_STAND},
        "values": Values(row["values"]),
        "stage": Stage(row["stage"]),
        "takeover": _takeover(row["takeover"], currency),
        "suspended": _suspension(row["suspended"]),
        "ending": _maybe(Ending, row["ending"]),
        "closing": _maybe(Ending, row["closing"]),
        "closed_from": _maybe(Stage, row["closed_from"]),
    }


async def save(connection: AsyncConnection, before: Claim, after: Claim) -> None:
    """Write what changed: new and changed items, payments, costs, actions, tasks, caught letters, the claim's own row."""
    changed = {name: value for name, value in _claim_values(after).items() if value != _claim_values(before)[name]}
    if changed:
        await connection.execute(update(tables.claim).where(tables.claim.c.id == after.id).values(changed))
    await _write(connection, tables.item, after.id, before.items, after.items, _item_values)
    await _write(connection, tables.payment, after.id, before.payments, after.payments, _payment_values)
    await _write(connection, tables.cost, after.id, before.costs, after.costs, _plain)
    await _write(connection, tables.action, after.id, before.actions, after.actions, _plain)
    await _write(connection, tables.task, after.id, before.tasks, after.tasks, _task_values)
    if len(after.tasks) > len(before.tasks):
        await _rank_open_tasks(connection, after.id)
    caught = [letter.id for letter in after.letters if letter.state is DocumentState.WITHDRAWN]
    if caught:
        withdrawn = update(tables.document).where(tables.document.c.id.in_(caught)).values(state="withdrawn")
        await connection.execute(withdrawn)


async def _rank_open_tasks(connection: AsyncConnection, claim_id: UUID) -> None:
    """A new task stands in the inbox at its claim's priority from the start."""
    rank = select(tables.claim.c.priority).where(tables.claim.c.id == claim_id).scalar_subquery()
    of_claim = update(tables.task).where(tables.task.c.claim_id == claim_id, tables.task.c.state == "open")
    await connection.execute(of_claim.values(priority=rank))


async def show(connection: AsyncConnection, claim: Claim, listed: Mapping[str, Any]) -> None:
    """Write what lists show of the claim, and its priority on its open tasks."""
    await connection.execute(update(tables.claim).where(tables.claim.c.id == claim.id).values(dict(listed)))
    if claim.open_tasks:
        of_claim = update(tables.task).where(tables.task.c.claim_id == claim.id, tables.task.c.state == "open")
        await connection.execute(of_claim.values(priority=listed["priority"]))


async def record(connection: AsyncConnection, claim_id: UUID, events: Sequence[Event]) -> None:
    """Add to the claim's timeline, which is kept longer than Temporal keeps histories."""
    if events:
        rows = [{"claim_id": claim_id, **{f.name: getattr(event, f.name) for f in fields(Event)}} for event in events]
        await connection.execute(insert(tables.timeline), rows)


async def _write(
    connection: AsyncConnection,
    table: Table,
    claim_id: UUID,
    before: Sequence[Any],
    after: Sequence[Any],
    values: Callable[[Any], dict[str, Any]],
) -> None:
    known = {row.id: row for row in before}
    new = [{"claim_id": claim_id, **values(row)} for row in after if row.id not in known]
    if new:
        await connection.execute(insert(table), new)
    for row in after:
        if row.id in known and row != known[row.id]:
            await connection.execute(update(table).where(table.c.id == row.id).values(values(row)))


# ---- rows to facts ---------------------------------------------------------------------------


def debtor_from(row: Mapping[str, Any]) -> Debtor:
    return Debtor(
        id=row["id"],
        reference=row["reference"],
        kind=row["kind"],
        name=row["name"],
        language=row["language"],
        country=row["country"],
        preferred_channel=row["preferred_channel"],
        legal_situation=row["legal_situation"],
        addresses=tuple(
            Address(
                id=UUID(a["id"]),
                use=a.get("use", "main"),
                lines=tuple(a.get("lines", ())),
                postal_code=a.get("postal_code", ""),
                city=a.get("city", ""),
                country=a.get("country", ""),
                valid=a.get("valid", True),
            )
            for a in row["addresses"]
        ),
        contacts=tuple(
            Contact(
                id=UUID(c["id"]),
                name=c.get("name", ""),
                role=c.get("role", ""),
                email=c.get("email", ""),
                phone=c.get("phone", ""),
                valid=c.get("valid", True),
                opted_out=tuple(c.get("opted_out", ())),
            )
            for c in row["contacts"]
        ),
    )


def _item(row: RowMapping, currency: str) -> Item:
    return Item(
        id=row["id"],
        position=row["position"],
        reference=row["reference"],
        kind=ItemKind(row["kind"]),
        issued_on=row["issued_on"],
        due_on=row["due_on"],
        amount=Money.of(row["amount"], currency),
        terms=row["terms"],
        status=row["status"],
        status_category=_maybe(StatusCategory, row["status_category"]),
        comment=row["comment"],
        follow_up_on=row["follow_up_on"],
        promised_on=row["promised_on"],
    )


def _payment(row: RowMapping, currency: str) -> Payment:
    return Payment(
        id=row["id"],
        external_id=row["external_id"],
        amount=Money.of(row["amount"], currency),
        value_date=row["value_date"],
        received_at=row["received_at"],
        method=row["method"],
        payer=row["payer"],
        directed=tuple((reference, Money.of(amount, currency)) for reference, amount in row["directed"]),
        reversed_on=row["reversed_on"],
        reversal_reason=row["reversal_reason"],
    )


def _cost(row: RowMapping, currency: str) -> Cost:
    own = {f.name: row[f.name] for f in fields(Cost)}
    return Cost(**{**own, "amount": Money.of(row["amount"], currency)})


def _action(row: RowMapping, currency: str) -> Action:
    own = {f.name: row[f.name] for f in fields(Action)}
    return Action(
        **{
            **own,
            "category": Stage(row["category"]),
            "origin": Origin(row["origin"]),
            "mode": Mode(row["mode"]),
            "channel": Channel(row["channel"]),
            "state": ActionState(row["state"]),
            "outcome": _maybe(Outcome, row["outcome"]),
            "fee": None if row["fee"] is None else Money.of(row["fee"], currency),
            "notes": tuple(row["notes"]),
        }
    )


def _task(row: RowMapping) -> Task:
    own = {f.name: row[f.name] for f in fields(Task)}
    return Task(
        **{
            **own,
            "kind": TaskKind(row["kind"]),
            "state": TaskState(row["state"]),
            "on_expiry": OnExpiry(row["on_expiry"]),
            "allowed": tuple(Decision(d) for d in row["allowed"]),
            "why": tuple(row["why"]),
        }
    )


def _takeover(body: dict[str, Any] | None, currency: str) -> Takeover | None:
    if body is None:
        return None
    last_on, paid = body.get("last_action_on"), body.get("paid")
    return Takeover(
        stage=Stage(body["stage"]),
        sub_stage=body.get("sub_stage") or "",
        last_action_type=body.get("last_action_type") or "",
        last_action_on=date.fromisoformat(last_on) if last_on else None,
        paid=Money.of(paid, currency) if paid else None,
    )


def _suspension(body: dict[str, Any] | None) -> Suspension | None:
    if body is None:
        return None
    return Suspension(body["reason"], date.fromisoformat(body["until"]) if body.get("until") else None)


def _maybe(kind: Callable[[str], Any], value: str | None) -> Any:
    return None if value is None else kind(value)


def _sorted(facts: Any, by: Callable[[Any], Any]) -> tuple[Any, ...]:
    return tuple(sorted(facts, key=by))


# ---- facts to rows ---------------------------------------------------------------------------


def _claim_values(claim: Claim) -> dict[str, Any]:
    suspended = claim.suspended
    return {
        "stage": claim.stage.value,
        "sub_stage": claim.sub_stage,
        "stage_since": claim.stage_since,
        "scenario": claim.scenario,
        "scenario_version": claim.scenario_version,
        "collector": claim.collector,
        "suspended": None
        if suspended is None
        else {"reason": suspended.reason, "until": suspended.until and suspended.until.isoformat()},
        "ending": claim.ending and claim.ending.value,
        "closed_on": claim.closed_on,
        "closing": claim.closing and claim.closing.value,
        "closed_from": claim.closed_from and claim.closed_from.value,
        "sequence": claim.sequence,
        "waiting_for": claim.waiting_for,
        "waiting_since": claim.waiting_since,
    }


def _plain(fact: Any) -> dict[str, Any]:
    return {f.name: _column(getattr(fact, f.name)) for f in fields(fact)}


def _column(value: Any) -> Any:
    match value:
        case Money():
            return value.amount
        case tuple():
            return [_column(part) for part in value]
        case UUID() | datetime() | date() | Decimal() | None:
            return value
        case str():
            return str(value)
        case _:
            return value


def _item_values(item: Item) -> dict[str, Any]:
    return _plain(item)


def _payment_values(payment: Payment) -> dict[str, Any]:
    return {**_plain(payment), "directed": [[reference, str(amount)] for reference, amount in payment.directed]}


def _task_values(task: Task) -> dict[str, Any]:
    return _plain(task)
