"""The catalogue in the database: the standard set, versions, and what one claim's planning reads."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.catalogue import EntryInUse, UnknownEntry, catalogue_for, ensure_standard, entries, one, remove, write
from db.intake import open_claim
from db.tables import catalogue as table
from domain.catalogue_bodies import NotACatalogueBody
from domain.claim import Channel, Mode, OnExpiry, Stage
from domain.forecast import forecast
from domain.intake import read_intake
from domain.steps import PlanImpossible
from tests.builders import a_claim, at

STANDARD_TYPES = {
    "reminder_1", "reminder_2", "last_reminder", "formal_notice", "call", "negotiation", "ask_sales", "promise_check",
    "find_address", "propose_litigation", "handover_lawyer", "payment_order", "summons", "handover_bailiff", "service",
    "third_party_seizure", "seizure_and_sale", "wage_garnishment",
}  # fmt: skip
PROCEDURES = {  # of both countries, and of one alone
    "payment_order_service", "payment_order_opposition", "interim_payment", "summons_on_merits", "petition", "judgment",
    "command_to_pay", "third_party_seizure_notice", "precautionary_seizure", "judicial_mortgage", "property_seizure",
    "bailiff_notice", "small_claims_procedure", "bad_cheque_complaint", "seizure_validation",
    "cheque_non_payment_certificate",
}  # fmt: skip
STANDARD_STATUSES = {
    "disputed_price", "disputed_admin", "disputed_technical", "disputed_commercial", "promise", "in_litigation",
    "dispute_resolved",
}  # fmt: skip
SCENARIO = {"label": {"en": "Two"}, "steps": [{"action_type": "reminder_1", "after": {"due_date": 5}}]}


@pytest.fixture
async def connection(engine: AsyncEngine) -> Any:
    async with engine.begin() as opened:
        await ensure_standard(opened)
        yield opened


async def test_the_standard_set_has_every_code_that_is_always_there(connection: AsyncConnection) -> None:
    assert {found.code for found in await entries(connection, "action-types")} >= STANDARD_TYPES | PROCEDURES | {
        "follow_up"
    }
    assert {found.code for found in await entries(connection, "statuses")} >= STANDARD_STATUSES
    assert {found.code for found in await entries(connection, "scenarios")} >= {"standard", "consumer", "tunisia"}


async def test_every_standard_entry_is_named_in_french_and_english(connection: AsyncConnection) -> None:
    for kind in ("action-types", "statuses", "scenarios", "fees"):
        for found in await entries(connection, kind):
            assert all(found.body["label"].get(language) for language in ("fr", "en")), found.code


async def test_the_standard_set_never_overwrites_what_a_user_changed(connection: AsyncConnection) -> None:
    await write(connection, "scenarios", "standard", SCENARIO, "admin")
    await ensure_standard(connection)
    found = await one(connection, "scenarios", "standard")
    assert found is not None
    assert (found.version, found.author, found.body["label"]) == (2, "admin", {"en": "Two"})


@pytest.mark.parametrize("scenario", ["standard", "consumer", "tunisia"])
async def test_every_standard_scenario_can_be_planned_to_its_end_in_each_stage(
    connection: AsyncConnection, scenario: str
) -> None:
    catalogue = await catalogue_for(connection, a_claim(scenario=scenario))
    steps = catalogue.scenario.steps
    for stage in (Stage.AMICABLE, Stage.LITIGATION, Stage.ENFORCEMENT):
        claim = a_claim(scenario=scenario, stage=stage)
        foreseen = forecast(claim, catalogue, at("2026-01-05"), date(2027, 1, 1))
        of_stage = {n for n, step in enumerate(steps) if catalogue.action_types[step.action_type].category is stage}
        assert len(of_stage) >= 4
        assert {step.scenario_step for step in foreseen.steps} == of_stage


async def test_the_sub_stages_are_of_a_stage_and_one_in_use_is_not_deleted(connection: AsyncConnection) -> None:
    known = (await catalogue_for(connection, a_claim())).sub_stages
    assert {sub_stage.stage for sub_stage in known.values()} == set(Stage) - {Stage.CLOSED}
    assert {"preparation", "payment_order", "summons", "service", "seizure"} <= set(known)  # takeovers name these
    with pytest.raises(EntryInUse):  # an action type proposes it
        await remove(connection, "sub-stages", "preparation")
    await remove(connection, "sub-stages", "appeal")
    intake = {
        "creditor": "ACME", "currency": "EUR", "debtor": {"reference": "D-1", "name": "Perrin"},
        "items": [{"reference": "F-1", "due_on": "2026-01-12", "amount": "10.00"}],
        "takeover": {"stage": "litigation", "sub_stage": "summons"},
    }  # fmt: skip
    await open_claim(connection, read_intake(intake), author="test", now=at("2026-01-05"))
    with pytest.raises(EntryInUse):  # a claim stands in it
        await remove(connection, "sub-stages", "summons")


async def test_a_claim_keeps_its_version_of_the_scenario(connection: AsyncConnection) -> None:
    await write(connection, "scenarios", "standard", SCENARIO, "admin")
    kept = await catalogue_for(connection, a_claim(scenario_version=1))
    moved = await catalogue_for(connection, a_claim(scenario_version=2))
    assert (len(kept.scenario.steps) > 1, kept.scenario.version) == (True, 1)
    assert (len(moved.scenario.steps), moved.scenario.version) == (1, 2)


async def test_a_step_without_a_mode_takes_its_action_types_and_follows_it(connection: AsyncConnection) -> None:
    await write(connection, "scenarios", "short", SCENARIO, "admin")
    claim = a_claim(scenario="short")
    assert (await catalogue_for(connection, claim)).scenario.steps[0].mode is Mode.AUTOMATIC
    known = await one(connection, "action-types", "reminder_1")
    assert known is not None
    await write(connection, "action-types", "reminder_1", {**known.body, "mode": "to_confirm"}, "admin")
    assert (await catalogue_for(connection, claim)).scenario.steps[0].mode is Mode.TO_CONFIRM


async def test_public_holidays_are_the_debtors_countrys_with_the_operators_corrections(
    connection: AsyncConnection,
) -> None:
    claim = a_claim(country="TN")
    before = (await catalogue_for(connection, claim)).calendar.holidays
    assert date(2026, 3, 20) in before  # independence day
    body = {"country": "TN", "label": {"fr": "Tunisie"}, "add": ["2026-03-23"], "remove": ["2026-03-20"]}
    await write(connection, "calendars", "TN", body, "admin")
    after = (await catalogue_for(connection, claim)).calendar.holidays
    assert date(2026, 3, 23) in after
    assert date(2026, 3, 20) not in after


async def test_an_unknown_country_has_no_public_holidays(connection: AsyncConnection) -> None:
    assert (await catalogue_for(connection, a_claim(country=""))).calendar.holidays == frozenset()


async def test_a_creditor_set_up_by_hand_is_read_with_its_address(connection: AsyncConnection) -> None:
    body = {"name": "Acme SA", "country": "FR", "address": {"lines": ["1 place", "2e"], "city": "Lyon"}}
    await write(connection, "creditors", "ACME", body, "admin")
    creditor = (await catalogue_for(connection, a_claim())).creditor
    assert (creditor.name, creditor.address["lines"]) == ("Acme SA", "1 place\n2e")


async def test_a_creditor_nobody_set_up_is_named_by_its_code(connection: AsyncConnection) -> None:
    assert (await catalogue_for(connection, a_claim(creditor="NEW"))).creditor.name == "NEW"


async def test_a_scenario_that_does_not_exist_makes_the_plan_impossible(connection: AsyncConnection) -> None:
    with pytest.raises(PlanImpossible) as impossible:
        await catalogue_for(connection, a_claim(scenario="gone"))
    assert (impossible.value.code, impossible.value.facts["scenario"]) == ("unknown_scenario", "gone")


@pytest.mark.parametrize("action_type", ["formal_notice", "summons", "service"])
async def test_silence_never_sends_a_formal_notice_or_anything_of_litigation_or_enforcement(
    connection: AsyncConnection, action_type: str
) -> None:
    step = {"action_type": action_type, "after": {"due_date": 30}, "mode": "to_confirm", "on_expiry": "send"}
    with pytest.raises(NotACatalogueBody) as refused:
        await write(connection, "scenarios", "hasty", {"label": {"en": "Hasty"}, "steps": [step]}, "admin")
    assert [(refusal.path, refusal.code) for refusal in refused.value.refusals] == [
        ("steps[0].on_expiry", "needs_a_person")
    ]
    assert await one(connection, "scenarios", "hasty") is None


async def test_a_scenario_names_only_known_action_types(connection: AsyncConnection) -> None:
    body = {"label": {"en": "Odd"}, "steps": [{"action_type": "smoke_signal", "after": {"due_date": 1}}]}
    with pytest.raises(NotACatalogueBody) as refused:
        await write(connection, "scenarios", "odd", body, "admin")
    assert refused.value.refusals[0].code == "unknown_action_type"


async def test_an_entry_in_use_is_not_deleted(connection: AsyncConnection) -> None:
    with pytest.raises(EntryInUse):
        await remove(connection, "action-types", "reminder_1")
    with pytest.raises(EntryInUse):
        await remove(connection, "fees", "formal_notice_fee")
    await remove(connection, "action-types", "wage_garnishment")
    assert await one(connection, "action-types", "wage_garnishment") is None
    with pytest.raises(UnknownEntry):
        await remove(connection, "action-types", "wage_garnishment")


async def test_what_is_deleted_is_read_no_more(connection: AsyncConnection) -> None:
    assert (await catalogue_for(connection, a_claim())).action_types["wage_garnishment"].category is Stage.ENFORCEMENT
    await remove(connection, "action-types", "wage_garnishment")
    assert "wage_garnishment" not in (await catalogue_for(connection, a_claim())).action_types


async def test_a_types_channels_are_read_in_their_order(connection: AsyncConnection) -> None:
    types = (await catalogue_for(connection, a_claim())).action_types
    assert types["formal_notice"].channels == (Channel.REGISTERED_LETTER, Channel.LETTER, Channel.EMAIL)
    assert types["formal_notice"].mode is Mode.TO_CONFIRM


async def test_a_scenario_whose_action_type_became_a_notice_is_not_planned_by_silence(
    connection: AsyncConnection,
) -> None:
    step = {"action_type": "reminder_1", "after": {"due_date": 5}, "mode": "to_confirm", "on_expiry": "send"}
    await write(connection, "scenarios", "soft", {"label": {"en": "Soft"}, "steps": [step]}, "admin")
    claim = a_claim(scenario="soft")
    assert (await catalogue_for(connection, claim)).scenario.steps[0].on_expiry is OnExpiry.SEND
    known = await one(connection, "action-types", "reminder_1")
    assert known is not None
    await write(connection, "action-types", "reminder_1", {**known.body, "category": "litigation"}, "admin")
    with pytest.raises(PlanImpossible) as impossible:
        await catalogue_for(connection, claim)
    assert impossible.value.facts["fields"] == ["steps[0].on_expiry (needs_a_person)"]


async def test_an_entry_of_older_rules_troubles_only_the_claims_that_need_it(connection: AsyncConnection) -> None:
    row = {"kind": "action-types", "code": "odd", "version": 1, "body": {"channels": ["pigeon"]}}
    await connection.execute(insert(table).values(row))
    types = (await catalogue_for(connection, a_claim())).action_types
    assert "odd" not in types
    assert "reminder_1" in types
