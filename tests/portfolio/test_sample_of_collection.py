"""What has happened on the sample's claims: all of it is applied, nothing refused, and no claim is left idle without a reason."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.testing import ActivityEnvironment

from activities.planning import Planning
from db import tables
from db.catalogue import ensure_standard
from db.telling import ClaimToTell
from domain.identifiers import normal_iban, normal_identifier
from domain.steps import PlanAsk
from sample.arrival import arrive
from sample.portfolio import SampleClaim, portfolio

TODAY = date(2026, 11, 23)
LEAST_CHASED = 10  # the standard scenarios' minimum: a remainder of interest below it waits for nothing
OF_ARRIVAL = {"note_added", "payment_received"}
SHOWN = {
    "make_promise", "agree_arrangement", "raise_dispute", "give_status", "cost_added", "open_procedure", "set_hearing",
    "record_judgment", "record_title", "record_service", "record_legal_event",
}  # fmt: skip


def of_collection(claim: SampleClaim) -> set[str]:
    return {later.kind for later in claim.later} - OF_ARRIVAL


def test_a_newcomer_meets_every_subject_on_about_one_claim_in_seven() -> None:
    claims = list(portfolio(today=TODAY))
    kinds = Counter(kind for claim in claims for kind in of_collection(claim))
    assert set(kinds) == SHOWN
    assert 0.1 <= sum(bool(of_collection(claim)) for claim in claims) / len(claims) <= 0.18
    given = [claim.intake.debtor.given for claim in claims]
    assert {d.get("legal_situation", "active") for d in given} == {"active", "insolvency", "ceased", "deceased"}
    assert sum(bool(claim.intake.guarantees) for claim in claims) >= 10
    assert any(len(d.get("addresses", ())) > 1 and len(d.get("contacts", ())) > 1 for d in given)
    promised = [p.payload["promised_on"] for c in claims for p in c.later if p.kind == "make_promise"]
    assert min(promised) == TODAY.isoformat() < max(promised)  # one is about to be broken


def test_identifiers_pass_their_check_and_belong_to_one_debtor_each() -> None:
    debtors = [claim.intake.debtor for claim in portfolio(today=TODAY)]
    known = [(k, v, d.country) for d in debtors for k, v in d.given.get("identifiers", {}).items()]
    assert {kind for kind, _, _ in known} == {"siren", "vat", "rc", "mf", "cin"}
    assert [each for each in known if normal_identifier(*each) != each[1]] == []
    assert len({(kind, value) for kind, value, _ in known}) == len(known)
    ibans = [account["iban"] for d in debtors for account in d.given.get("bank_accounts", ())]
    assert ibans == [normal_iban(text) for text in ibans]
    assert {text[:2] for text in ibans} == {"FR", "TN"}
    assert len(set(ibans)) == len(ibans)


@pytest.mark.timeout(240)
async def test_every_entry_is_applied_and_no_claim_is_idle_or_impossible(engine: AsyncEngine) -> None:
    now = datetime.now(UTC)
    planning = Planning(engine, language="fr")

    async def plan_at_once(claim: ClaimToTell) -> None:
        await ActivityEnvironment().run(planning.plan, PlanAsk(str(claim.id), now))

    async with engine.begin() as connection:
        await ensure_standard(connection)
    assert await arrive(engine, plan_at_once, lambda: now)
    async with engine.connect() as connection:
        entry, claim, task = tables.entry.c, tables.claim.c, tables.task.c
        states = await connection.execute(select(entry.kind, entry.state, entry.reason).where(entry.state != "applied"))
        assert states.all() == []
        anomalies = await connection.execute(select(task.why).where(task.kind == "anomaly"))
        assert anomalies.scalars().all() == []
        idle = await connection.execute(
            select(claim.reference, claim.statuses).where(
                claim.waiting_for == "nothing", claim.stage != "closed", claim.balance_due >= LEAST_CHASED
            )
        )
        assert idle.all() == []
