"""Taking a file's groups of rows into the portfolio: new claims, more items for known ones, and what is there already."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from db import entries
from db.intake import Opened, ReferenceTaken, open_claims
from db.tables import claim, debtor, entry, item
from domain.file_mapping import OneClaimPer
from domain.portfolio_file import Row, RowError, RowGroup
from domain.reading import Refused

_IN_TURN = 0x696D706F7274  # the lock's name, "import"


@dataclass(slots=True)
class Taken:
    """What became of the rows."""

    accepted: int = 0
    unchanged: int = 0
    rejected: int = 0
    opened: list[Opened] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)

    def reject(self, rows: Sequence[Row], column: str, code: str, reason: str, value: str) -> None:
        self.rejected += len(rows)
        self.errors.extend(RowError(row.line, column, value, code, reason) for row in rows)


@dataclass(frozen=True, slots=True)
class _KnownClaim:
    id: UUID
    reference: str
    creditor: str
    debtor_reference: str
    currency: str
    stage: str

    def is_of(self, row: Row) -> bool:
        return (self.creditor, self.debtor_reference) == (row.creditor, row.debtor.reference)


async def take(
    connection: AsyncConnection,
    groups: Sequence[RowGroup],
    *,
    one_claim_per: OneClaimPer,
    import_id: UUID,
    author: str,
    now: datetime,
) -> Taken:
    """Take the groups in one transaction (the caller's). Each row counts once: accepted, unchanged or rejected.

    Imports at the same moment take their groups in turn: what one brought is `unchanged` for the other.
    """
    await connection.execute(select(func.pg_advisory_xact_lock(_IN_TURN)))
    taken = Taken()
    present = await _present_items(connection, groups)
    by_reference = await _claims_by_reference(connection, groups)
    of_debtor = await _open_claims_of_debtors(connection, groups) if one_claim_per is OneClaimPer.DEBTOR else {}
    new: list[RowGroup] = []
    for group in groups:
        rows = tuple(row for row in group.rows if _identity(row) not in present)
        taken.unchanged += len(group.rows) - len(rows)
        if not rows:
            continue
        first = rows[0]
        known = by_reference.get(first.claim_reference)
        if known is None and one_claim_per is OneClaimPer.DEBTOR and not first.claim_reference:
            known = of_debtor.get((first.creditor, first.debtor.reference, first.currency))
        if known is None:
            new.append(replace(group, rows=rows))
        else:
            await _add_items(connection, known, rows, taken, import_id=import_id, author=author)
    await _open(connection, new, taken, import_id=import_id, author=author, now=now)
    return taken


async def _open(
    connection: AsyncConnection,
    groups: Sequence[RowGroup],
    taken: Taken,
    *,
    import_id: UUID,
    author: str,
    now: datetime,
) -> None:
    intakes = [group.intake() for group in groups]
    outcomes = await open_claims(connection, intakes, author=author, now=now, import_id=import_id)
    for group, outcome in zip(groups, outcomes, strict=True):
        match outcome:
            case Opened():
                taken.accepted += len(group.rows)
                taken.opened.append(outcome)
            case ReferenceTaken():
                taken.reject(
                    group.rows,
                    "claim_reference",
                    "reference_taken",
                    "is the reference of another claim",
                    outcome.reference,
                )
            case Refused(refusals=(first, *_)):
                column = first.path.replace("takeover.", "takeover_")
                taken.reject(group.rows, column, first.code, first.reason, first.value)


async def _add_items(
    connection: AsyncConnection, known: _KnownClaim, rows: Sequence[Row], taken: Taken, *, import_id: UUID, author: str
) -> None:
    """Items that are new for a known claim go through its inbox, like those that the API adds."""
    if not known.is_of(rows[0]):
        taken.reject(
            rows, "claim_reference", "reference_taken", "is the reference of another debtor's claim", known.reference
        )
        return
    if known.currency != rows[0].currency:
        taken.reject(
            rows,
            "currency",
            "differs_from_its_claim",
            f"the claim {known.reference!r} is in {known.currency}",
            rows[0].currency,
        )
        return
    payload = {"items": [_item_json(row) for row in rows]}
    references = "\n".join(sorted(row.item.reference for row in rows))
    key = f"import/{import_id}/{hashlib.sha256(references.encode()).hexdigest()[:16]}"
    await entries.append(connection, claim_id=known.id, kind="items_added", payload=payload, author=author, key=key)
    taken.accepted += len(rows)


def _item_json(row: Row) -> dict[str, Any]:
    given = row.item
    return {
        "reference": given.reference,
        "kind": given.kind.value,
        "issued_on": given.issued_on and given.issued_on.isoformat(),
        "due_on": given.due_on and given.due_on.isoformat(),
        "amount": str(given.amount),
        "terms": given.terms,
        "status": given.status,
        "status_category": given.status_category and given.status_category.value,
    }


# ---- what is there already ---------------------------------------------------------------------


def _identity(row: Row) -> tuple[str, str, str]:
    return (row.creditor, row.debtor.reference, row.item.reference)


async def _present_items(connection: AsyncConnection, groups: Sequence[RowGroup]) -> set[tuple[str, str, str]]:
    """Which of the rows' items are known: creditor, debtor's reference, item's reference; also those still in an inbox."""
    debtors = sorted({(row.creditor, row.debtor.reference) for group in groups for row in group.rows})
    references = sorted({row.item.reference for group in groups for row in group.rows})
    of_debtors = tuple_(debtor.c.creditor, debtor.c.reference).in_(debtors)
    query = (
        select(debtor.c.creditor, debtor.c.reference, item.c.reference.label("item"))
        .join(claim, claim.c.debtor_id == debtor.c.id)
        .join(item, item.c.claim_id == claim.c.id)
        .where(of_debtors, item.c.reference.in_(references))
    )
    known = {(row.creditor, row.reference, row.item) for row in await connection.execute(query)}
    waiting = (
        select(debtor.c.creditor, debtor.c.reference, entry.c.payload)
        .join(claim, claim.c.debtor_id == debtor.c.id)
        .join(entry, entry.c.claim_id == claim.c.id)
        .where(of_debtors, entry.c.kind == "items_added", entry.c.state == "received")
    )
    for row in await connection.execute(waiting):
        known |= {(row.creditor, row.reference, str(each["reference"])) for each in row.payload.get("items", ())}
    return known


def _claims() -> Any:
    return select(
        claim.c.id,
        claim.c.reference,
        claim.c.creditor,
        debtor.c.reference.label("debtor_reference"),
        claim.c.currency,
        claim.c.stage,
    ).join(debtor, debtor.c.id == claim.c.debtor_id)


async def _claims_by_reference(connection: AsyncConnection, groups: Sequence[RowGroup]) -> dict[str, _KnownClaim]:
    wanted = sorted({group.rows[0].claim_reference for group in groups} - {""})
    rows = await connection.execute(_claims().where(claim.c.reference.in_(wanted)))
    return {row.reference: _KnownClaim(**row._mapping) for row in rows}  # noqa: SLF001  the documented way to names


async def _open_claims_of_debtors(
    connection: AsyncConnection, groups: Sequence[RowGroup]
) -> dict[tuple[str, str, str], _KnownClaim]:
    """The debtor's oldest open claim in this currency, where one claim stands for all that the debtor owes."""
    wanted = sorted({(group.rows[0].creditor, group.rows[0].debtor.reference) for group in groups})
    query = _claims().where(
        tuple_(debtor.c.creditor, debtor.c.reference).in_(wanted),
        claim.c.stage != "closed",
        claim.c["values"] == "detailed",
    )
    found: dict[tuple[str, str, str], _KnownClaim] = {}
    for row in await connection.execute(query.order_by(claim.c.number)):
        known = _KnownClaim(**row._mapping)  # noqa: SLF001  the documented way to names
        found.setdefault((known.creditor, known.debtor_reference, known.currency), known)
    return found
