"""Moving claims over HTTP: what would change is seen first, and a supervisor decides."""

from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from db import people, tables
from tests.api.conftest import client_of
from tests.api.stories import opened

TRIAL: dict[str, Any] = {
    "label": {"fr": "Essai", "en": "Trial"},
    "minimum_days_between_contacts": 5,
    "steps": [
        {"action_type": "reminder_1", "after": {"due_date": 5}, "mode": "automatic"},
        {"action_type": "reminder_2", "after": {"due_date": 15}, "mode": "automatic"},
    ],
}
HASTY = {
    **TRIAL,
    "minimum_days_between_contacts": 2,
    "steps": [
        {"action_type": "reminder_1", "after": {"due_date": 8}, "mode": "automatic"},
        {
            "action_type": "formal_notice",
            "after": {"due_date": 20},
            "mode": "to_confirm",
            "if": {"minimum_balance": "5.00"},
        },
    ],
}


@pytest.fixture
async def edited(api: httpx2.AsyncClient) -> str:
    """A claim in version 1 of the scenario trial, of which there is a version 2 meanwhile."""
    assert (await api.post("/api/catalogue/scenarios", json={"code": "trial", **TRIAL})).status_code == 201
    claim = await opened(api, scenario="trial")
    answer = await api.put("/api/catalogue/scenarios/trial", json=HASTY)
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    return f"/api/claims/{claim['number']}"


async def entries(engine: AsyncEngine) -> list[Any]:
    async with engine.connect() as connection:
        entry = tables.entry.c
        query = select(entry.payload).where(entry.kind == "move_scenario").order_by(entry.n)
        return list((await connection.execute(query)).scalars())


async def test_editing_a_scenario_makes_a_new_version_and_a_claim_keeps_its_own(
    api: httpx2.AsyncClient, edited: str
) -> None:
    claim = (await api.get(edited)).json()
    assert claim["scenario"] == {"code": "trial", "version": 1}
    assert (await api.get("/api/catalogue/scenarios/trial?version=1")).json()["minimum_days_between_contacts"] == 5


async def test_the_difference_names_steps_settings_and_both_plans(api: httpx2.AsyncClient, edited: str) -> None:
    answer = await api.get(f"{edited}/scenario/difference?to=trial", headers={"Accept-Language": "fr"})
    assert answer.status_code == 200, answer.text
    seen = answer.json()
    assert (seen["from"], seen["to"]) == ({"code": "trial", "version": 1}, {"code": "trial", "version": 2})
    assert seen["settings"] == [{"field": "minimum_days_between_contacts", "old": 5, "new": 2}]
    steps = seen["steps"]
    assert [(s["action_type"], s["new_step"]) for s in steps["added"]] == [("formal_notice", 1)]
    assert steps["added"][0]["new"]["if"] == {"minimum_balance": "5.00"}
    assert [(s["action_type"], s["old_step"]) for s in steps["removed"]] == [("reminder_2", 1)]
    assert [(s["action_type"], s["fields"], s["old"]["after"]) for s in steps["changed"]] == [
        ("reminder_1", ["after"], {"due_date": 5})
    ]
    before, after = seen["plan"]["before"]["steps"], seen["plan"]["after"]["steps"]
    assert [step["action_type"] for step in before] == ["reminder_2"]  # due in February: what fits the age
    assert [step["action_type"] for step in after] == ["formal_notice"]
    assert all(why["text"] for step in (*before, *after) for why in step["why"])
    assert [warning["code"] for warning in seen["warnings"]] == ["asked_at_once"]
    assert seen["warnings"][0]["text"] == "Mise en demeure serait aussitôt confié à une personne."
    assert (await api.get(edited)).json()["scenario"]["version"] == 1  # seen, not done


@pytest.mark.parametrize("to", ["nowhere", "trial@9", "trial@x", "trial@0", "trial@99999999999999"])
async def test_a_difference_to_nowhere_is_a_mistake_of_the_caller(
    api: httpx2.AsyncClient, edited: str, to: str
) -> None:
    answer = await api.get(f"{edited}/scenario/difference", params={"to": to})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "to")


async def test_a_move_is_an_entry_of_the_claims_inbox(
    api: httpx2.AsyncClient, engine: AsyncEngine, edited: str
) -> None:
    headers = {"Idempotency-Key": "move-1"}
    for _ in range(2):  # Temporal is down in these tests: taken, and applied later
        answer = await api.post(f"{edited}/scenario", json={"scenario": "trial"}, headers=headers)
        assert answer.status_code == 202, answer.text
    assert await entries(engine) == [{"scenario": "trial", "version": 2}]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"scenario": "nowhere"}, "scenario"),
        ({"scenario": "trial", "version": 7}, "scenario"),
        ({"scenario": "retired"}, "scenario"),
        ({"scenario": "trial", "version": 0}, "version"),
        ({}, "scenario"),
    ],
)
async def test_a_move_to_an_unknown_or_inactive_scenario_is_refused(
    api: httpx2.AsyncClient, edited: str, body: dict[str, Any], field: str
) -> None:
    retired = {"code": "retired", **TRIAL, "active": False}
    assert (await api.post("/api/catalogue/scenarios", json=retired)).status_code == 201
    answer = await api.post(f"{edited}/scenario", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_only_a_supervisor_moves_a_claim(app: FastAPI, engine: AsyncEngine, edited: str) -> None:
    async with engine.begin() as connection:
        await people.write_key(connection, name="desk", secret="rk_test_collector", role="collector")
    async with client_of(app, "rk_test_collector") as collector:
        assert (await collector.get(f"{edited}/scenario/difference?to=trial")).status_code == 200
        assert (await collector.post(f"{edited}/scenario", json={"scenario": "trial"})).status_code == 403
        assert (await collector.post("/api/scenarios/trial/move", json={})).status_code == 403


@pytest.mark.usefixtures("edited")
async def test_two_versions_of_a_scenario_are_compared(api: httpx2.AsyncClient) -> None:
    seen = (await api.get("/api/scenarios/trial/difference")).json()
    assert (seen["from"]["version"], seen["to"]["version"], seen["claims"]) == (1, 2, {"1": 1})
    back = (await api.get("/api/scenarios/trial/difference?from=2&to=1")).json()
    assert [step["action_type"] for step in back["steps"]["added"]] == ["reminder_2"]
    assert (await api.get("/api/scenarios/nowhere/difference")).status_code == 404
    assert (await api.get("/api/scenarios/trial/difference?from=8")).status_code == 422


async def test_a_dry_look_at_a_move_of_many_changes_nothing_and_the_move_asks_each_claim(
    api: httpx2.AsyncClient, engine: AsyncEngine, edited: str
) -> None:
    assert edited
    await api.put("/api/catalogue/scenarios/trial", json=TRIAL)  # version 3, in which the next ones begin
    for n in (2, 3):
        await opened(api, f"ACME-{n}", scenario="trial", creditor="OTHER" if n == 3 else "ACME")
    dry = (await api.post("/api/scenarios/trial/move", json={"to_version": 2})).json()
    assert (dry["claims"], dry["left"], dry["planned"], dry["dry_run"]) == (3, 0, 3, True)
    assert dry["counts"] == {"at_once": 3, "other_next_step": 3, "proposals_withdrawn": 0, "impossible": 0}
    assert [line["after"]["action_type"] for line in dry["shown"]] == ["formal_notice"] * 3
    assert await entries(engine) == []
    one = await api.post("/api/scenarios/trial/move", json={"to_version": 2, "creditor": "OTHER", "dry_run": False})
    assert (one.status_code, one.json()["asked"]) == (202, 1)
    named = {"to_version": 2, "claims": ["ACME-1", "ACME-2", "ACME-1"], "dry_run": False}
    headers = {"Idempotency-Key": "many"}
    first = await api.post("/api/scenarios/trial/move", json=named, headers=headers)
    again = await api.post("/api/scenarios/trial/move", json=named, headers=headers)
    assert (first.json()["asked"], again.json()) == (2, first.json())
    assert await entries(engine) == [{"scenario": "trial", "version": 2}] * 3
    unknown = await api.post("/api/scenarios/trial/move", json={"claims": ["ACME-9"]})
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "claims[0]")
