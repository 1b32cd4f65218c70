"""What stands beside a claim: debtors who look the same, its items on other claims, and the alerts of its last plan.

Two indexed queries at each plan, for this claim alone (docs/decisions/0020 says what they cost).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, exists, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from db.portfolio import EVERYTHING, Scope
from db.tables import claim, debtor, item
from domain.anomalies import Duplicates
from domain.claim import Claim

MOST = 20  # named in an alert
MOST_CANDIDATES = 200  # of one item: a reference that more items bear tells nothing
NUMBERED_ANEW = ("loan_instalment", "overdraft")  # each loan counts its instalments from one


@dataclass(frozen=True, slots=True)
class Beside:
    alerts: list[dict[str, Any]]  # as the last plan stored them
    duplicates: Duplicates


@dataclass(frozen=True, slots=True)
class Lookalike:
    """Another debtor who shares an identifier, an IBAN, or the name at a postal code."""

    id: UUID
    reference: str
    creditor: str
    why: tuple[str, ...]  # siren, mf, cin, vat, rc, iban, name


async def beside(connection: AsyncConnection, of: Claim) -> Beside:
    """What the alerts of this claim need beside its own facts.

    Only debtors and claims of the same creditor count: that somebody owes another creditor too is no anomaly, and is not
    this creditor's to know.
    """
    stored = (await connection.execute(select(claim.c.alerts).where(claim.c.id == of.id))).scalar_one()
    alike = _read((await connection.execute(_DEBTORS, {"debtor": of.debtor.id, "creditor": of.creditor})).all())
    rows = await connection.execute(_ITEMS, {"claim": of.id, "creditor": of.creditor})
    items = tuple((row.reference, row.number) for row in rows)
    return Beside(stored, Duplicates(tuple((each.reference, each.why) for each in alike), items))


async def lookalikes(connection: AsyncConnection, debtor_id: UUID, scope: Scope = EVERYTHING) -> list[Lookalike]:
    """The other debtors who look the same, of any creditor; only those whom the scope may see."""
    query, (_, other) = _debtors_alike()
    if scope is not EVERYTHING:
        query = query.where(exists().where(claim.c.debtor_id == other.c.id, *scope.conditions()))
    return _read((await connection.execute(query, {"debtor": debtor_id})).all())


def _read(rows: Sequence[Any]) -> list[Lookalike]:
    found = [
        Lookalike(row.id, row.reference, row.creditor, why)
        for row in rows
        if (why := _why(row.own_keys, row.identity_keys))
    ]
    return sorted(found, key=lambda each: (each.creditor, each.reference))[:MOST]


def _debtors_alike() -> tuple[Select[Any], tuple[Any, Any]]:
    """The query, and the debtor (as `own`) with those who share something with it (as `other`)."""
    own, other = debtor.alias("own"), debtor.alias("other")
    alike = other.c.identity_keys.bool_op("&&")(own.c.identity_keys)
    shown = (
        other.c.id,
        other.c.reference,
        other.c.creditor,
        other.c.identity_keys,
        own.c.identity_keys.label("own_keys"),
    )
    query = (
        select(*shown)
        .select_from(own.join(other, and_(alike, other.c.id != own.c.id)))
        .where(own.c.id == bindparam("debtor"))
        .limit(10 * MOST)  # and no order: for its sake all debtors of a creditor would be read
    )
    return query, (own, other)


def _of_one_creditor() -> Select[Any]:
    query, (_, other) = _debtors_alike()
    return query.where(other.c.creditor == bindparam("creditor"))


def _why(own: list[str], other: list[str]) -> tuple[str, ...]:
    """What they share; two who have different numbers of one kind are two people, whatever their names."""
    mine, theirs = ({key.partition(":")[0]: key for key in keys if _is_identifier(key)} for keys in (own, other))
    shared = {key.partition(":")[0] for key in set(own) & set(other)}
    if not shared & set(mine) and any(kind in theirs and theirs[kind] != key for kind, key in mine.items()):
        return ()
    return tuple(sorted(shared))


def _is_identifier(key: str) -> bool:
    return not key.startswith(("name:", "iban:"))


def _items_elsewhere() -> Select[Any]:
    """Items of this claim whose reference stands on another open claim of the creditor, with that claim's number."""
    own, other = item.alias("own"), item.alias("other")
    candidates = (
        select(other.c.claim_id)
        .where(other.c.reference == own.c.reference, other.c.claim_id != own.c.claim_id, other.c.kind == own.c.kind)
        .limit(MOST_CANDIDATES)
        .lateral("candidate")
    )
    return (
        select(own.c.reference, claim.c.number)
        .select_from(own.join(candidates, true()).join(claim, claim.c.id == candidates.c.claim_id))
        .where(
            own.c.claim_id == bindparam("claim"),
            own.c.kind.not_in(NUMBERED_ANEW),
            claim.c.creditor == bindparam("creditor"),
            claim.c.stage != "closed",
        )
        .limit(MOST)
    )


_ITEMS = _items_elsewhere()
_DEBTORS = _of_one_creditor()
