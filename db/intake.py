"""Opening claims: one way in for the API, the import and the sample. The caller owns the transaction.

A claim, its items and its first inbox entry ("opened") are written together; its workflow is started afterwards, and
when that fails the sweep of workflows/schedules.py does it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_or
from sqlalchemy.ext.asyncio import AsyncConnection

from db import debtors
from db.people import COLLECTING
from db.tables import catalogue, claim, entry, item, person
from domain.claim import Stage, Values
from domain.intake import Intake
from domain.money import Money
from domain.places import main_time_zone, time_zones
from domain.reading import Refusal, Refused
from domain.searching import plain, searchable

STANDARD_SCENARIO = "standard"
_OPENING = "opened"


class ReferenceTaken(Exception):
    """Another claim has this reference."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"a claim with the reference {reference!r} exists already")
        self.reference = reference


@dataclass(frozen=True, slots=True)
class Opened:
    claim_id: UUID
    number: str
    reference: str
    entry_id: UUID  # the inbox entry that tells the workflow


@dataclass(frozen=True, slots=True)
class _Ground:
    """What intakes refer to: the current catalogue and who may collect."""

    creditors: Mapping[str, Mapping[str, Any]]
    scenarios: Mapping[str, int]  # code of an active one to its current version
    action_types: frozenset[str]
    collectors: frozenset[str]
    follow_up_days: Mapping[str, int]  # by status


async def open_claim(
    connection: AsyncConnection, intake: Intake, *, author: str, now: datetime, import_id: UUID | None = None
) -> Opened:
    """Open one claim. Raises ReferenceTaken, and Refused when its scenario, collector or last action is not known."""
    opened = (await open_claims(connection, [intake], author=author, now=now, import_id=import_id))[0]
    if isinstance(opened, Exception):
        raise opened
    return opened


async def open_claims(
    connection: AsyncConnection, intakes: Sequence[Intake], *, author: str, now: datetime, import_id: UUID | None = None
) -> list[Opened | ReferenceTaken | Refused]:
    """Open many claims in a few statements; one outcome for each intake, a bad one does not stop the others."""
    ground = await _ground(connection, intakes, author)
    outcomes: list[Opened | ReferenceTaken | Refused | None] = [_refused(i, ground) for i in intakes]
    await _refuse_taken(connection, intakes, outcomes)
    accepted = [n for n, outcome in enumerate(outcomes) if outcome is None]
    given = {n: _given_debtor(intakes[n], ground) for n in accepted}
    known = await debtors.upsert(connection, list(given.values()), author=author) if given else {}
    numbers = await _numbers(connection, len(accepted), now)
    rows: dict[int, dict[str, Any]] = {}
    for n, number in zip(accepted, numbers, strict=True):
        debtor = known[given[n].id]
        scenario = _scenario(intakes[n], ground.creditors[intakes[n].creditor], debtor["country"], ground)
        if scenario is None:
            missing = Refusal("scenario", "", "unknown_scenario", "no scenario is set up: the standard one is missing")
            outcomes[n] = Refused([missing])
        else:
            rows[n] = _claim_row(intakes[n], number, debtor, scenario, ground=ground, now=now, import_id=import_id)
    written = await _insert_claims(connection, list(rows.values()))
    for n, row in rows.items():
        if row["id"] in written:
            entry_id = uuid5(row["id"], f"entry/{_OPENING}")
            outcomes[n] = Opened(row["id"], row["number"], row["reference"], entry_id)
        else:
            outcomes[n] = ReferenceTaken(row["reference"])
    await _insert_contents(
        connection, [(intakes[n], row) for n, row in rows.items() if row["id"] in written], ground, author
    )
    return [outcome for outcome in outcomes if outcome is not None]


async def _ground(connection: AsyncConnection, intakes: Sequence[Intake], author: str) -> _Ground:
    codes = sorted({intake.creditor for intake in intakes})
    fresh = [
        {
            "kind": "creditors",
            "code": code,
            "version": 1,
            "body": {"name": code, "created_by_intake": True},
            "author": author,
        }
        for code in codes
    ]
    if fresh:
        await connection.execute(insert_or(catalogue).on_conflict_do_nothing(), fresh)
    current = select(catalogue.c.code, catalogue.c.version, catalogue.c.body).where(catalogue.c.current)
    creditors = await connection.execute(current.where(catalogue.c.kind == "creditors", catalogue.c.code.in_(codes)))
    scenarios = await connection.execute(current.where(catalogue.c.kind == "scenarios", catalogue.c.active))
    types = await connection.execute(current.where(catalogue.c.kind == "action-types"))
    statuses = await connection.execute(current.where(catalogue.c.kind == "statuses"))
    wanted = {intake.collector for intake in intakes} - {""}
    people = select(person.c.code).where(person.c.code.in_(wanted), person.c.active, person.c.role.in_(COLLECTING))
    return _Ground(
        creditors={row.code: row.body for row in creditors},
        scenarios={row.code: row.version for row in scenarios},
        action_types=frozenset(row.code for row in types),
        collectors=frozenset((await connection.execute(people)).scalars()) if wanted else frozenset(),
        follow_up_days={row.code: int(row.body.get("follow_up_days") or 7) for row in statuses},
    )


def _refused(intake: Intake, ground: _Ground) -> Refused | None:
    """Codes that nobody set up."""
    refusals = []
    if intake.scenario and intake.scenario not in ground.scenarios:
        refusals.append(Refusal("scenario", intake.scenario, "unknown_scenario", "is not an active scenario"))
    if intake.collector and intake.collector not in ground.collectors:
        refusals.append(Refusal("collector", intake.collector, "unknown_collector", "is not an active collector"))
    last = intake.takeover.last_action_type if intake.takeover else ""
    if last and last not in ground.action_types:
        refusals.append(Refusal("takeover.last_action_type", last, "unknown_action_type", "is not an action type"))
    return Refused(refusals) if refusals else None


async def _refuse_taken(
    connection: AsyncConnection, intakes: Sequence[Intake], outcomes: list[Opened | ReferenceTaken | Refused | None]
) -> None:
    """References of other claims, or twice among these intakes."""
    wanted = [intake.reference for intake in intakes if intake.reference]
    rows = await connection.execute(select(claim.c.reference).where(claim.c.reference.in_(wanted)))
    taken = set(rows.scalars()) if wanted else set()
    for n, intake in enumerate(intakes):
        if intake.reference and outcomes[n] is None:
            if intake.reference in taken:
                outcomes[n] = ReferenceTaken(intake.reference)
            taken.add(intake.reference)


def _given_debtor(intake: Intake, ground: _Ground) -> debtors.GivenDebtor:
    creditor = ground.creditors[intake.creditor]
    language = str(creditor.get("language") or "fr")
    return debtors.GivenDebtor(
        intake.creditor, intake.debtor, language, str(creditor.get("country") or ""), intake.preferred_channel
    )


async def _numbers(connection: AsyncConnection, count: int, now: datetime) -> list[str]:
    """Numbers like R26-0001234; the sequence never gives one twice, a claim refused later leaves a gap."""
    query = select(func.nextval("claim_number_seq")).select_from(func.generate_series(1, count))
    values: Iterable[int] = (await connection.execute(query)).scalars() if count else []
    return [f"R{now:%y}-{value:07d}" for value in values]


def _claim_row(
    intake: Intake,
    number: str,
    debtor: Mapping[str, Any],
    scenario: str,
    *,
    ground: _Ground,
    now: datetime,
    import_id: UUID | None,
) -> dict[str, Any]:
    creditor = ground.creditors[intake.creditor]
    country = debtor["country"] or str(creditor.get("country") or "")
    zone = _time_zone(debtor, creditor)
    opened_on = now.astimezone(ZoneInfo(zone)).date()
    dates = [i.due_on for i in intake.items if i.due_on]
    amounts = [Money.of(a, intake.currency) for a in intake.global_amounts.values()]
    amounts += [-i.amount if i.kind == "credit_note" else i.amount for i in intake.items]
    takeover = intake.takeover
    amounts += [-takeover.paid] if takeover and takeover.paid else []
    total = Money.total(amounts, intake.currency).amount
    return {
        "id": uuid5(NAMESPACE_URL, f"recouvra:claim:{number}"), "number": number,
        "reference": intake.reference or number, "creditor": intake.creditor, "debtor_id": debtor["id"],
        "currency": intake.currency, "values": intake.values.value, "global_amounts": intake.global_amounts,
        "time_zone": zone, "country": country, "opened_at": now.astimezone(UTC), "opened_on": opened_on,
        "stage": takeover.stage.value if takeover else Stage.AMICABLE.value,
        "sub_stage": takeover.sub_stage if takeover else "", "stage_since": opened_on,
        "scenario": scenario, "scenario_version": ground.scenarios[scenario], "collector": intake.collector,
        "takeover": _takeover_json(intake), "import_id": import_id, "preferred_channel": intake.preferred_channel, "debtor_norm": plain(debtor["name"]),
        "search_norm": searchable(number, intake.reference or number, debtor["name"]),
        # shown until the first plan, a moment later, has worked them out
        "balance_due": max(total, 0), "principal_due": max(total, 0), "oldest_due_on": min(dates, default=None),
        "statuses": sorted({s for i in intake.items if i.status for s in (i.status, i.status_category or "") if s}),
    }  # fmt: skip


def _time_zone(debtor: Mapping[str, Any], creditor: Mapping[str, Any]) -> str:
    """The debtor's, else the main one of the debtor's country, else the creditor's, else UTC."""
    own = str(creditor.get("time_zone") or "") or main_time_zone(str(creditor.get("country") or ""))
    zone = debtor["time_zone"] or main_time_zone(debtor["country"]) or own
    return zone if zone in time_zones() else "UTC"


def _scenario(intake: Intake, creditor: Mapping[str, Any], country: str, ground: _Ground) -> str | None:
    """The given one, else the creditor's, else the country's, else the standard one; None when none of them is active."""
    country = country or str(creditor.get("country") or "")
    wished = (intake.scenario, str(creditor.get("scenario") or ""), f"standard_{country.lower()}", STANDARD_SCENARIO)
    return next((code for code in wished if code in ground.scenarios), None)


def _takeover_json(intake: Intake) -> dict[str, Any] | None:
    if intake.takeover is None:
        return None
    return {
        **asdict(intake.takeover),
        "stage": intake.takeover.stage.value,
        "last_action_on": intake.takeover.last_action_on.isoformat() if intake.takeover.last_action_on else None,
        "paid": str(intake.takeover.paid) if intake.takeover.paid is not None else None,
    }


async def _insert_claims(connection: AsyncConnection, rows: Sequence[dict[str, Any]]) -> set[UUID]:
    """A reference that another transaction takes at the same moment leaves its row out."""
    if not rows:
        return set()
    written = insert_or(claim).on_conflict_do_nothing(index_elements=[claim.c.reference]).returning(claim.c.id)
    return set((await connection.execute(written, list(rows))).scalars())


async def _insert_contents(
    connection: AsyncConnection, opened: Sequence[tuple[Intake, dict[str, Any]]], ground: _Ground, author: str
) -> None:
    items = [
        {
            "id": uuid5(row["id"], f"item/{each.reference}"), "claim_id": row["id"], "position": position,
            "reference": each.reference, "kind": each.kind.value, "issued_on": each.issued_on, "due_on": each.due_on,
            "amount": each.amount.amount, "terms": each.terms, "status": each.status,
            "status_category": each.status_category.value if each.status_category else None,
            "follow_up_on": row["opened_on"] + timedelta(days=ground.follow_up_days.get(each.status, 7)) if each.status else None,
        }
        for intake, row in opened if intake.values is Values.DETAILED
        for position, each in enumerate(intake.items)
    ]  # fmt: skip
    if items:
        await connection.execute(insert(item), items)
    entries = [
        {
            "id": uuid5(row["id"], f"entry/{_OPENING}"), "claim_id": row["id"], "kind": _OPENING, "author": author,
            "payload": {"guarantees": list(intake.guarantees)} if intake.guarantees else {}, "key": _OPENING,
        }
        for intake, row in opened
    ]  # fmt: skip
    if entries:
        await connection.execute(insert(entry), entries)
