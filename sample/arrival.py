"""The sample arrives through intake like any claim, each with its own workflow; how far it is stands in portfolio_import.

Stopped at any moment it goes on where it was; once done it never comes again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db import catalogue, entries, imports, people, telling
from db.intake import Opened, open_claims
from db.telling import ClaimToTell
from domain.reading import Refused
from sample import words
from sample.portfolio import SIZE, STANDARD_SEED, SampleClaim, portfolio

SAMPLE = uuid5(NAMESPACE_URL, "recouvra:sample")
AUTHOR = "sample"
AT_ONCE = 12  # claims between two notes of how far it is

Tell = Callable[[ClaimToTell], Awaitable[None]]
Clock = Callable[[], datetime]


async def arrive(engine: AsyncEngine, tell: Tell, now: Clock, *, size: int = SIZE, seed: int = STANDARD_SEED) -> bool:
    """Bring the sample in, or what is still missing of it; False when it was there already."""
    async with engine.begin() as connection:
        await imports.add_once(connection, SAMPLE, file_name="sample", rows=size, author=AUTHOR)
        row = await imports.one(connection, SAMPLE, lock=True)
        if row is None or row.state == "done":
            return False
        await imports.change(connection, SAMPLE, claims_total=row.rows)
        await _write_creditors(connection)
    today = row.created_at.date()
    while await _some(engine, tell, now, claims=portfolio(seed, today=today, size=row.rows)):
        pass
    async with engine.begin() as connection:
        await imports.change(connection, SAMPLE, state="done")
    return True


async def _some(engine: AsyncEngine, tell: Tell, now: Clock, *, claims: Iterator[SampleClaim]) -> bool:
    """Open a few claims, then start their workflows and bring their news; False when none is left."""
    async with engine.begin() as connection:
        row = await imports.one(connection, SAMPLE, lock=True)
        if row is None:
            return False
        first = row.taken or 0
        some: list[SampleClaim] = list(islice(claims, first, first + AT_ONCE))
        collectors = {code for code, _, _ in words.COLLECTORS if await people.person_exists(connection, code)}
        intakes = [
            replace(c.intake, collector=c.intake.collector if c.intake.collector in collectors else "") for c in some
        ]
        outcomes = await open_claims(connection, intakes, author=AUTHOR, now=now(), import_id=SAMPLE)
        opened = [o for o in outcomes if isinstance(o, Opened)]
        for claim, outcome in zip(some, outcomes, strict=True):
            if isinstance(outcome, Refused):
                raise outcome
            if isinstance(outcome, Opened):
                await _bring_news(connection, claim, outcome.claim_id)
        counts = {"accepted": row.accepted + len(opened), "unchanged": row.unchanged + len(some) - len(opened)}
        await imports.change(connection, SAMPLE, taken=first + len(some), **counts)
    started = await _start(engine, tell)
    return bool(some) or started


async def _bring_news(connection: AsyncConnection, claim: SampleClaim, claim_id: UUID) -> None:
    """In the inbox before the workflow starts: applied right after the opening."""
    opened = ""
    for n, later in enumerate(claim.later):
        payload = {**later.payload, **({later.under: opened} if later.under else {})}
        key = f"payment/{payload['external_id']}" if later.kind == "payment_received" else f"sample/{n}/{later.kind}"
        appended = await entries.append(
            connection, claim_id=claim_id, kind=later.kind, payload=payload, author=AUTHOR, key=key
        )
        if later.kind == "open_procedure":  # as the claim itself names it (Claim.id_for)
            opened = str(uuid5(claim_id, f"procedure/{appended.entry_id}"))


async def _start(engine: AsyncEngine, tell: Tell) -> bool:
    async with engine.connect() as connection:
        row = await imports.one(connection, SAMPLE)
        some = await telling.claims_of_import(connection, SAMPLE, after=row.told if row else "", limit=AT_ONCE)
    for claim in some:
        await tell(claim)
    if some:
        async with engine.begin() as connection:
            row = await imports.one(connection, SAMPLE, lock=True)
            started = (row.claims_started if row else 0) + len(some)
            await imports.change(connection, SAMPLE, told=some[-1].number, claims_started=started)
    return bool(some)


async def _write_creditors(connection: AsyncConnection) -> None:
    for n, (code, name, country, _, city, _, _) in enumerate(words.CREDITORS):
        if await catalogue.one(connection, "creditors", code) is not None:
            continue
        postal_code = next(p for p, town in words.TOWNS[country] if town == city)
        body: dict[str, object] = {
            "name": name, "country": country, "language": "fr", "email": f"comptabilite@{code.lower()}.example",
            "address": {"lines": [f"{10 + n} {words.STREETS[country][n]}"], "postal_code": postal_code, "city": city, "country": country},
        }  # fmt: skip
        if code in words.TERMS:
            body["terms"] = words.TERMS[code]
        await catalogue.write(connection, "creditors", code, body, AUTHOR)
