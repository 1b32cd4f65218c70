"""A claim read from its rows, and the difference between two states of it written back.

`load` and `save` are the only way facts of a claim change after intake; `save` runs under the claim's row lock.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Table, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db import tables
from db.catalogue import with_terms
from db.facts_as_rows import fact_of, json_of, row_of
from db.scenarios import cap_is_set, contacts_elsewhere
from domain.claim import (
    Action,
    Arrangement,
    Claim,
    ClockMark,
    Correction,
    Cost,
    Debtor,
    Dispute,
    DocumentState,
    Ending,
    Guarantee,
    Hold,
    Item,
    LegalEvent,
    Letter,
    Offer,
    Payment,
    Procedure,
    Promise,
    ReturnedMail,
    Stage,
    Suspension,
    Takeover,
    Task,
    Values,
    WriteOff,
)
from domain.events import Event


async def load(connection: AsyncConnection, claim_id: UUID, *, lock: bool = False) -> Claim | None:
    """The claim with all its facts, or None; `lock` takes its row FOR UPDATE (one writer)."""
    query = select(tables.claim, cap_is_set().label("capped")).where(tables.claim.c.id == claim_id)
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

    claim = Claim(
        **_own(row, currency),
        debtor=debtor_from({**debtor, "preferred_channel": row["preferred_channel"] or debtor["preferred_channel"]}),
        items=_sorted((fact_of(Item, r, currency) for r in await rows_of(tables.item)), lambda i: i.position),
        payments=_sorted(
            (fact_of(Payment, r, currency) for r in await rows_of(tables.payment)),
            lambda p: (p.value_date, p.received_at, p.external_id),
        ),
        costs=_sorted(
            (fact_of(Cost, r, currency) for r in await rows_of(tables.cost)), lambda c: (c.incurred_on, str(c.id))
        ),
        actions=_sorted((fact_of(Action, r, currency) for r in await rows_of(tables.action)), lambda a: a.sequence),
        tasks=_sorted(
            (fact_of(Task, r, currency) for r in await rows_of(tables.task)), lambda t: (t.opened_at, str(t.id))
        ),
        **await _kept(row, rows_of),
        contacts_elsewhere=await contacts_elsewhere(connection, claim_id, row["debtor_id"]) if row["capped"] else (),
        letters=tuple(
            Letter(r["id"], r["action_id"], DocumentState(r["state"]), r["posts_at"], tuple(r["items"]))
            for r in await rows_of(
                tables.document, tables.document.c.state == "rendered", tables.document.c.posts_at.is_not(None)
            )
        ),
    )
    return await with_terms(connection, claim)


# Facts that most claims have none of: the claim's field, its table, its kind, its order.
RARER: Mapping[str, tuple[Table, type, Callable[[Any], Any]]] = {
    "corrections": (tables.correction, Correction, lambda c: (c.on, str(c.id))),
    "promises": (tables.promise, Promise, lambda p: (p.made_at, str(p.id))),
    "arrangements": (tables.arrangement, Arrangement, lambda a: (a.agreed_at, str(a.id))),
    "offers": (tables.offer, Offer, lambda o: (o.made_at, str(o.id))),
    "disputes": (tables.dispute, Dispute, lambda d: (d.opened_at, str(d.id))),
    "guarantees": (tables.guarantee, Guarantee, lambda g: (g.rank or 99, g.added_on, str(g.id))),
    "procedures": (tables.procedure, Procedure, lambda p: (p.opened_on, str(p.id))),
    "legal_events": (tables.legal_event, LegalEvent, lambda e: (e.on, e.recorded_at, str(e.id))),
    "returned": (tables.returned_mail, ReturnedMail, lambda r: (r.recorded_at, str(r.id))),
}


async def _kept(row: RowMapping, rows_of: Callable[[Table], Awaitable[Sequence[RowMapping]]]) -> dict[str, Any]:
    """The rarer facts of a claim; tables that hold nothing of it are not asked."""
    return {
        field: _sorted((fact_of(kind, found, row["currency"]) for found in await rows_of(table)), by)
        for field, (table, kind, by) in RARER.items()
        if field in row["kept"]
    }


# fmt: off
AS_THEY_STAND = (  # columns that are facts without any reading
    "id", "number", "reference", "creditor", "currency", "global_amounts", "time_zone", "country", "opened_at", "opened_on",
    "sub_stage", "closed_from_sub_stage", "stage_since", "scenario", "scenario_version", "collector", "closed_on", "sequence", "waiting_for", "waiting_since",
)
# fmt: on


def _own(row: RowMapping, currency: str) -> dict[str, Any]:
    """What the claim's own row says."""
    return {
        **{name: row[name] for name in AS_THEY_STAND},
        "values": Values(row["values"]),
        "stage": Stage(row["stage"]),
        "takeover": None if row["takeover"] is None else fact_of(Takeover, row["takeover"], currency),
        "suspended": None if row["suspended"] is None else fact_of(Suspension, row["suspended"], currency),
        "written_off": None if row["written_off"] is None else fact_of(WriteOff, row["written_off"], currency),
        "hold": None if row["hold"] is None else fact_of(Hold, row["hold"], currency),
        "ending": _maybe(Ending, row["ending"]),
        "closing": _maybe(Ending, row["closing"]),
        "closed_from": _maybe(Stage, row["closed_from"]),
        "clock_marks": tuple(fact_of(ClockMark, mark, currency) for mark in row["clock_marks"]),
    }


async def save(connection: AsyncConnection, before: Claim, after: Claim) -> None:
    """Write what changed: new and changed items, payments, costs, actions, tasks, caught letters, the claim's own row."""
    changed = {name: value for name, value in _claim_values(after).items() if value != _claim_values(before)[name]}
    if changed:
        await connection.execute(update(tables.claim).where(tables.claim.c.id == after.id).values(changed))
    await _write(connection, tables.item, after.id, before.items, after.items)
    await _write(connection, tables.payment, after.id, before.payments, after.payments)
    await _write(connection, tables.cost, after.id, before.costs, after.costs)
    await _write(connection, tables.action, after.id, before.actions, after.actions)
    await _write(connection, tables.task, after.id, before.tasks, after.tasks)
    for field, (table, _, _) in RARER.items():
        await _write(connection, table, after.id, getattr(before, field), getattr(after, field))
    if len(after.tasks) > len(before.tasks):
        await _rank_open_tasks(connection, after.id)
    known = {came_back.id for came_back in before.returned}
    for came_back in (each for each in after.returned if each.id not in known):
        state = DocumentState.BOUNCED if came_back.kind == "email" else DocumentState.RETURNED
        of_document = update(tables.document).where(tables.document.c.id == came_back.document_id)
        await connection.execute(of_document.values(state=state.value))
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
) -> None:
    known = {row.id: row for row in before}
    new = [{"claim_id": claim_id, **row_of(row)} for row in after if row.id not in known]
    if new:
        await connection.execute(insert(table), new)
    for row in after:
        if row.id in known and row != known[row.id]:
            await connection.execute(update(table).where(table.c.id == row.id).values(row_of(row)))


# ---- rows to facts ---------------------------------------------------------------------------


def debtor_from(row: Mapping[Any, Any]) -> Debtor:
    return fact_of(Debtor, row, "")


def _maybe(kind: Callable[[str], Any], value: str | None) -> Any:
    return None if value is None else kind(value)


def _sorted(facts: Any, by: Callable[[Any], Any]) -> tuple[Any, ...]:
    return tuple(sorted(facts, key=by))


# ---- facts to rows ---------------------------------------------------------------------------


def _claim_values(claim: Claim) -> dict[str, Any]:
    return {
        "stage": claim.stage.value,
        "sub_stage": claim.sub_stage,
        "stage_since": claim.stage_since,
        "scenario": claim.scenario,
        "scenario_version": claim.scenario_version,
        "collector": claim.collector,
        "suspended": json_of(claim.suspended),
        "ending": claim.ending and claim.ending.value,
        "closed_on": claim.closed_on,
        "closing": claim.closing and claim.closing.value,
        "closed_from": claim.closed_from and claim.closed_from.value,
        "closed_from_sub_stage": claim.closed_from_sub_stage,
        "written_off": json_of(claim.written_off),
        "hold": json_of(claim.hold),
        "sequence": claim.sequence,
        "waiting_for": claim.waiting_for,
        "waiting_since": claim.waiting_since,
        "kept": [field for field in RARER if getattr(claim, field)],
        "clock_marks": json_of(claim.clock_marks),
    }
