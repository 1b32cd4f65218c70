"""Debtors as intake brings them: a new one is written, a known one keeps what did not come, with an author of each change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import func, insert, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as insert_or
from sqlalchemy.ext.asyncio import AsyncConnection

from db import entries
from db.paging import Key, Order, Page, ordered, whole_number
from db.tables import claim, debtor, debtor_change
from domain.debtor_intake import DebtorIntake
from domain.events import SYSTEM
from domain.identifiers import identity_keys
from domain.mail_address import usable_email
from domain.searching import plain, searchable

_COLUMNS = (
    "name", "kind", "legal_form", "legal_situation", "language", "country", "time_zone", "identifiers",
    "addresses", "contacts", "bank_accounts", "preferred_channel",
)  # fmt: skip


_VALID_AGAIN = {"valid": True, "valid_from": None, "valid_until": None}


@dataclass(frozen=True, slots=True)
class GivenDebtor:
    """A debtor of one creditor; `language`, `country` and `preferred_channel` are used when a new one comes without."""

    creditor: str
    debtor: DebtorIntake
    language: str
    country: str
    preferred_channel: str = ""

    @property
    def id(self) -> UUID:
        """The same reference is the same debtor, whoever writes first."""
        return uuid5(NAMESPACE_URL, f"recouvra:debtor:{len(self.creditor)}:{self.creditor}:{self.debtor.reference}")


async def upsert(
    connection: AsyncConnection, given: Sequence[GivenDebtor], *, author: str, tell_claims: bool = True
) -> dict[UUID, dict[str, Any]]:
    """Write the debtors, each reference once per creditor; answers their rows as they stand now.

    `tell_claims`: put a change into the inbox of the debtor's open claims; a caller who tells them at once does it himself.

    A debtor that comes several times takes what each gave, in order. What changes a known one is kept in debtor_change.
    """
    rows = await _locked(connection, given)
    new: dict[UUID, dict[str, Any]] = {}
    changed: dict[UUID, tuple[dict[str, Any], dict[str, Any]]] = {}
    for each in given:
        if each.id not in rows:
            new[each.id] = rows[each.id] = _new_row(each)
            continue
        before = rows[each.id]
        after = _with_keys({**before, **_merged(each, before)})
        rows[each.id] = after
        if each.id in new:
            new[each.id] = after
        elif after != before:
            first = changed[each.id][0] if each.id in changed else before
            changed[each.id] = (first, after)
    overtaken = set(new) - await _insert(connection, new)
    for before, after in changed.values():
        names = await _change(connection, before, after, author)
        if tell_claims:
            await _tell_open_claims(connection, before["id"], names, author)
    if overtaken:  # another intake brought them at the same moment: now they are known
        again = await upsert(
            connection, [each for each in given if each.id in overtaken], author=author, tell_claims=tell_claims
        )
        return {**rows, **again}
    return rows


async def _locked(connection: AsyncConnection, given: Sequence[GivenDebtor]) -> dict[UUID, dict[str, Any]]:
    """The known ones, locked in the order of their ids so that two intakes never wait for each other.

    Not against those who only refer to them: a claim that is planned meanwhile would wait for the intake, and the intake
    of the same reference for the claim.
    """
    keys = sorted({(g.creditor, g.debtor.reference) for g in given})
    query = (
        select(debtor)
        .where(tuple_(debtor.c.creditor, debtor.c.reference).in_(keys))
        .order_by(debtor.c.id)
        .with_for_update(key_share=True)
    )
    found = (await connection.execute(query)).mappings()
    by_key = {(row["creditor"], row["reference"]): dict(row) for row in found}
    return {g.id: by_key[key] for g in given if (key := (g.creditor, g.debtor.reference)) in by_key}


async def locked(connection: AsyncConnection, debtor_id: UUID) -> dict[str, Any] | None:
    """The debtor as it stands, locked for a change: two who change it at once do so one after the other."""
    query = select(debtor).where(debtor.c.id == debtor_id).with_for_update(key_share=True)
    row = (await connection.execute(query)).mappings().one_or_none()
    return None if row is None else dict(row)


async def _insert(connection: AsyncConnection, new: Mapping[UUID, dict[str, Any]]) -> set[UUID]:
    """Those that nobody else wrote meanwhile."""
    if not new:
        return set()
    ordered = [new[key] for key in sorted(new)]
    written = insert_or(debtor).on_conflict_do_nothing().returning(debtor.c.id)
    return set((await connection.execute(written, ordered)).scalars())


async def _change(
    connection: AsyncConnection, before: Mapping[str, Any], after: Mapping[str, Any], author: str
) -> list[str]:
    names = [name for name in _COLUMNS if before[name] != after[name]]
    values = {name: after[name] for name in names}
    written = {**values, "identity_keys": after["identity_keys"], "updated_at": func.clock_timestamp()}
    await connection.execute(update(debtor).where(debtor.c.id == before["id"]).values(written))
    await connection.execute(
        insert(debtor_change).values(
            debtor_id=before["id"], author=author, before={name: before[name] for name in names}, after=values
        )
    )
    if "name" in names:
        await _rename(connection, before["id"], after["name"])
    return names


async def _tell_open_claims(
    connection: AsyncConnection, debtor_id: UUID, names: Sequence[str], author: str, *, because: str = ""
) -> list[UUID]:
    """What is planned or proposed for them may stand on the old address; the sweep wakes their workflows."""
    query = select(claim.c.id).where(claim.c.debtor_id == debtor_id, claim.c.stage != "closed").order_by(claim.c.id)
    payload: dict[str, Any] = {"fields": list(names), **({"because": because} if because else {})}
    told = [
        await entries.append(connection, claim_id=claim_id, kind="debtor_changed", payload=payload, author=author)
        for claim_id in (await connection.execute(query)).scalars().all()
    ]
    return [appended.entry_id for appended in told]


async def _rename(connection: AsyncConnection, debtor_id: UUID, name: str) -> None:
    """What lists search in holds the name too."""
    rows = await connection.execute(
        select(claim.c.id, claim.c.number, claim.c.reference).where(claim.c.debtor_id == debtor_id)
    )
    for row in rows:
        shown = {"debtor_norm": plain(name), "search_norm": searchable(row.number, row.reference, name)}
        await connection.execute(update(claim).where(claim.c.id == row.id).values(shown))


def _new_row(given: GivenDebtor) -> dict[str, Any]:
    blank: dict[str, Any] = {
        "id": given.id, "creditor": given.creditor, "reference": given.debtor.reference, "name": given.debtor.name,
        "kind": "company", "legal_form": "", "legal_situation": "active", "language": given.language,
        "country": given.country, "time_zone": "", "identifiers": {}, "addresses": [], "contacts": [],
        "bank_accounts": [], "preferred_channel": given.preferred_channel,
    }  # fmt: skip
    return _with_keys({**blank, **_merged(given, blank)})


def _with_keys(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with what tells that it is the same person as another one."""
    return {**row, "identity_keys": identity_keys(row)}


def _merged(given: GivenDebtor, row: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that the given fields change, on top of the row."""
    fields = given.debtor.given
    merged = {name: fields[name] for name in _COLUMNS if name in fields}
    if "identifiers" in fields:
        together = {**row["identifiers"], **fields["identifiers"]}
        merged["identifiers"] = {kind: text for kind, text in together.items() if text}
    for name in ("addresses", "contacts"):
        if name in fields:
            merged[name] = [_with_id(given.id, name, n, entry) for n, entry in enumerate(fields[name])]
    if "email" in fields or "phone" in fields:
        merged["contacts"] = _reached_at(given, merged.get("contacts", row["contacts"]))
    if "address" in fields:
        merged["addresses"] = _living_at(given, merged.get("addresses", row["addresses"]))
    return merged


def _with_id(debtor_id: UUID, kind: str, n: int, entry: Mapping[str, Any]) -> dict[str, Any]:
    return {**entry, "id": entry.get("id") or str(uuid5(debtor_id, f"{kind}/{n}"))}


def _reached_at(given: GivenDebtor, contacts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The short form changes the first contact; an address that changed is valid again until it bounces."""
    fields = given.debtor.given
    first = (
        dict(contacts[0])
        if contacts
        else _with_id(
            given.id, "contacts", 0, {"name": "", "role": "", "email": "", "phone": "", "valid": True, "opted_out": []}
        )
    )
    if fields.get("email", first["email"]) != first["email"]:
        first |= _VALID_AGAIN
    first.update({name: fields[name] for name in ("email", "phone") if name in fields})
    return [first, *(dict(c) for c in contacts[1:])]


def _living_at(given: GivenDebtor, addresses: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The short form is the main address; one that changed is valid again until a letter comes back."""
    come = given.debtor.given["address"]
    main = next((n for n, a in enumerate(addresses) if a["use"] == "main"), len(addresses))
    old = (
        dict(addresses[main])
        if main < len(addresses)
        else _with_id(given.id, "addresses", main, {"use": "main", "country": "", "valid": True})
    )
    new = {**old, **come, "country": given.debtor.country or old["country"] or given.country}
    if {k: old.get(k) for k in come} != come:
        new |= _VALID_AGAIN
    result = [dict(a) for a in addresses]
    return [*result[:main], new, *result[main + 1 :]]


async def mark_email_unusable(
    connection: AsyncConnection, claim_id: UUID, email: str, *, author: str = SYSTEM
) -> list[UUID]:
    """The mail server refused this address of the claim's debtor: no e-mail goes there until a person gives another.

    Answers the entries that tell the open claims of the debtor.
    """

    def marked(row: Mapping[str, Any]) -> dict[str, Any]:
        contacts = row["contacts"]
        return {
            "contacts": [{**c, "valid": False} if usable_email(c.get("email") or "") == email else c for c in contacts]
        }

    return await _mark(connection, claim_id, marked, author, because="email_bounced")


async def mark_address_unusable(
    connection: AsyncConnection, claim_id: UUID, address_id: str, *, author: str
) -> list[UUID]:
    """A letter came back from this address of the claim's debtor: none goes there until a person says otherwise.

    Answers the entries that tell the open claims of the debtor.
    """

    def marked(row: Mapping[str, Any]) -> dict[str, Any]:
        return {"addresses": [{**a, "valid": False} if a.get("id") == address_id else a for a in row["addresses"]]}

    return await _mark(connection, claim_id, marked, author, because="letter_returned")


async def _mark(
    connection: AsyncConnection,
    claim_id: UUID,
    marked: Callable[[Mapping[str, Any]], dict[str, Any]],
    author: str,
    *,
    because: str,
) -> list[UUID]:
    """What is marked comes from the row under its lock; the debtor is locked before any claim, by all who change one."""
    of_claim = select(claim.c.debtor_id).where(claim.c.id == claim_id)
    before = await locked(connection, (await connection.execute(of_claim)).scalar_one())
    if before is None or (after := {**before, **marked(before)}) == before:
        return []
    names = await _change(connection, before, after, author)
    return await _tell_open_claims(connection, before["id"], names, author, because=because)


def changes_newest_first(cursor: str | None) -> Order:
    """Raises BadCursor."""
    return ordered("-n", {"n": Key(debtor_change.c.id, whole_number)}, debtor_change.c.id, whole_number, cursor)


async def changes_page(connection: AsyncConnection, debtor_id: UUID, order: Order, limit: int) -> Page:
    """What was changed of the debtor, each with its author: the fields before and after."""
    return await order.page(connection, select(debtor_change).where(debtor_change.c.debtor_id == debtor_id), limit)
