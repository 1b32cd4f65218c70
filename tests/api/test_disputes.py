"""Statuses, disputes and exclusions over HTTP, and the qualification rate of a portfolio."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from db import people, tables
from embedded.mailbox import listen, port_of
from tests.activities.story import working
from tests.api.conftest import client_of
from tests.api.stories import opened
from tests.api.test_on_real_parts import Office, office_of
from workflows.connection import Address, connect

TODAY = datetime.now(UTC).date()
DISPUTE = {"items": ["F-1"], "kind": "disputed_price", "text": "Prix convenu : 800"}


@pytest.fixture
async def office(engine: AsyncEngine, temporal_address: str, tmp_path: Path) -> AsyncIterator[Office]:
    temporal: Client = await connect(Address(temporal_address))
    server = await listen("127.0.0.1", 0, tmp_path / "mailbox")
    url = f"smtp://127.0.0.1:{port_of(server)}"
    async with server, office_of(engine, temporal, tmp_path / "mailbox") as office, working(temporal, engine, url):
        yield office


async def fields(api: httpx2.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, str]:
    """The fields of a 422 and what is wrong with them."""
    answer = await api.post(path, json=body)
    assert answer.status_code == 422, answer.text
    return {error["field"]: error["code"] for error in answer.json()["errors"]}


async def test_what_cannot_be_a_dispute_is_said_field_by_field(api: httpx2.AsyncClient) -> None:
    await opened(api)
    path = "/api/claims/ACME-1/disputes"
    assert await fields(api, path, {**DISPUTE, "items": ["F-9"]}) == {"items[0]": "unknown_item"}
    assert await fields(api, path, {**DISPUTE, "kind": "promise"}) == {"kind": "unknown_dispute_kind"}
    assert await fields(api, path, {**DISPUTE, "kind": "unheard_of"}) == {"kind": "unknown_dispute_kind"}
    assert "text" in str(await fields(api, path, {**DISPUTE, "text": ""}))
    assert (await api.post("/api/claims/NONE/disputes", json=DISPUTE)).status_code == 404


async def test_a_follow_up_is_never_set_in_the_past(api: httpx2.AsyncClient) -> None:
    await opened(api)
    yesterday = (TODAY - timedelta(days=2)).isoformat()
    path, given = "/api/claims/ACME-1/statuses", {"items": ["F-1"], "status": "to_follow"}
    assert await fields(api, path, {**given, "follow_up_on": yesterday}) == {"follow_up_on": "in_the_past"}
    assert await fields(api, path, {**given, "promised_on": yesterday}) == {"promised_on": "in_the_past"}
    moved = await api.patch(path, json={"items": ["F-1"], "follow_up_on": yesterday})
    assert moved.status_code == 422


async def test_a_resolution_of_an_unknown_dispute_is_not_found(api: httpx2.AsyncClient) -> None:
    await opened(api)
    for dispute in ("6d0a7f0e-0000-4000-8000-000000000000", "not-an-id"):
        answer = await api.post(f"/api/claims/ACME-1/disputes/{dispute}/resolution", json={"outcome": "rejected"})
        assert answer.status_code == 404


async def test_a_reader_disputes_nothing(api: httpx2.AsyncClient, app: FastAPI, engine: AsyncEngine) -> None:
    await opened(api)
    async with engine.begin() as connection:
        await people.write_key(connection, name="reads", secret="rk_reads_reads", role="reader")
    async with client_of(app, "rk_reads_reads") as reader:
        assert (await reader.post("/api/claims/ACME-1/disputes", json=DISPUTE)).status_code == 403
        assert (await reader.get("/api/reports/qualification")).status_code == 200


async def test_a_dispute_is_raised_shown_and_resolved_with_a_part_credit(office: Office) -> None:
    path, story = await office.open("DISPUTE-1")
    raised = await office.api.post(f"{path}/disputes", json={**DISPUTE, "owner": "adv"})
    assert raised.status_code == 201, raised.text
    dispute = raised.json()
    assert (dispute["state"], dispute["items"], dispute["owner"]) == ("open", ["F-1"], "adv")
    assert (await office.api.post(f"{path}/disputes", json=DISPUTE)).status_code == 409
    claim = await office.get(path)
    assert [(d["id"], d["kind"], d["text"]) for d in claim["disputes"]] == [
        (dispute["id"], "disputed_price", "Prix convenu : 800")
    ]
    assert (claim["items"][0]["off_scenario"], claim["items"][0]["comment"]) == ("dispute", "Prix convenu : 800")
    assert claim["qualification"] == {"by_amount": 1.0, "by_count": 1.0}
    plan = await office.get(f"{path}/plan?until={TODAY + timedelta(days=5)}")
    assert [step["kind"] for step in plan["steps"]][:2] == ["follow_up", "follow_up"]
    resolution = f"{path}/disputes/{dispute['id']}/resolution"
    above = await office.api.post(resolution, json={"outcome": "partly", "credit": "1000.01"})
    assert (above.status_code, above.json()["code"]) == (409, "credit_above_owed")
    assert await fields(office.api, resolution, {"outcome": "partly"}) == {"credit": "needs_text"}
    assert await fields(office.api, resolution, {"outcome": "rejected", "credit": "1"}) == {
        "credit": "no_credit_when_rejected"
    }
    assert "credit" in await fields(office.api, resolution, {"outcome": "partly", "credit": "1.001"})
    ended = await office.api.post(resolution, json={"outcome": "partly", "credit": "200"})
    assert (ended.status_code, ended.json()["outcome"], ended.json()["credit"]) == (200, "partly", "200.00")
    claim = await office.get(path)
    assert (claim["balance_due"], claim["items"][0]["outstanding"], claim["items"][0]["status"]) == (
        "800.00",
        "800.00",
        "dispute_resolved",
    )
    assert (claim["disputes"][0]["state"], claim["disputes"][0]["credit"]) == ("resolved", "200.00")
    assert (await office.api.post(resolution, json={"outcome": "rejected"})).status_code == 409
    await story.handle.terminate()


async def test_a_repeated_dispute_has_one_effect(office: Office) -> None:
    path, story = await office.open("DISPUTE-2")
    headers = {"Idempotency-Key": "dispute-2"}
    first = await office.api.post(f"{path}/disputes", json=DISPUTE, headers=headers)
    again = await office.api.post(f"{path}/disputes", json=DISPUTE, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert len((await office.get(path))["disputes"]) == 1
    await story.handle.terminate()


async def test_the_follow_up_moves_and_items_are_excluded_and_taken_in_again(office: Office) -> None:
    path, story = await office.open("FOLLOW-1")
    given = await office.api.post(f"{path}/statuses", json={"items": ["F-1"], "status": "to_follow", "comment": "x"})
    assert given.json()["follow_up_on"] > TODAY.isoformat()
    day = (TODAY + timedelta(days=12)).isoformat()
    moved = await office.api.patch(f"{path}/statuses", json={"items": ["F-1"], "follow_up_on": day})
    assert (moved.status_code, moved.json()["follow_up_on"]) == (200, day)
    body = {"items": ["F-1"], "excluded": True, "reason": "repris par le siège"}
    assert (await office.api.post(f"{path}/exclusions", json=body)).status_code == 200
    claim = await office.get(path)
    assert (claim["items"][0]["follow_up_on"], claim["items"][0]["off_scenario"]) == (day, "excluded")
    assert [a["planned_on"] for a in claim["actions"] if a["origin"] == "status"] == [day]
    assert (await office.api.post(f"{path}/exclusions", json={**body, "excluded": False})).status_code == 200
    assert (await office.get(path))["items"][0]["off_scenario"] is None
    assert (await office.api.delete("/api/catalogue/statuses/to_follow")).status_code == 409  # in use
    await story.handle.terminate()


async def test_a_status_that_a_dispute_was_raised_with_is_kept(office: Office) -> None:
    path, story = await office.open("KIND-1")
    own = {
        "code": "wrong_colour",
        "label": {"fr": "Mauvaise couleur"},
        "category": "dispute",
        "follow_up_days": 4,
        "specific_action": "ask_sales",
    }
    assert (await office.api.post("/api/catalogue/statuses", json={**own, "specific_action": "x"})).status_code == 422
    assert (await office.api.post("/api/catalogue/statuses", json=own)).status_code == 201
    raised = await office.api.post(f"{path}/disputes", json={**DISPUTE, "kind": "wrong_colour"})
    resolution = {"outcome": "rejected"}
    await office.api.post(f"{path}/disputes/{raised.json()['id']}/resolution", json=resolution)
    assert (await office.get(path))["items"][0]["status"] == "dispute_resolved"
    assert (await office.api.delete("/api/catalogue/statuses/wrong_colour")).status_code == 409
    retired = await office.api.put("/api/catalogue/statuses/wrong_colour", json={**own, "active": False})
    assert retired.status_code == 200
    assert await fields(office.api, f"{path}/disputes", {**DISPUTE, "kind": "wrong_colour"}) == {
        "kind": "unknown_dispute_kind"
    }
    await story.handle.terminate()


async def test_the_qualification_rate_of_a_portfolio_is_by_currency_and_in_scope(
    api: httpx2.AsyncClient, app: FastAPI, engine: AsyncEngine
) -> None:
    await opened(api, "Q-1")
    tnd = {"currency": "TND", "items": [{"reference": "F-1", "due_on": "2026-02-01", "amount": "100.500"}]}
    await opened(api, "Q-2", **tnd)
    to_come = {"items": [{"reference": "F-1", "due_on": "2199-01-01", "amount": "1.00"}]}
    await opened(api, "Q-3", **to_come)
    await opened(api, "Q-4", creditor="OTHER")
    item, claim = tables.item, tables.claim
    async with engine.begin() as connection:
        in_tnd = claim.c.id == item.c.claim_id, claim.c.reference == "Q-2"
        await connection.execute(update(item).where(*in_tnd).values(status="to_follow"))
        part_paid = claim.c.id == item.c.claim_id, claim.c.reference == "Q-4"
        await connection.execute(update(item).where(*part_paid).values(outstanding="400.00"))
        await people.write_key(connection, name="other", secret="rk_other_other", role="reader", creditors=["OTHER"])
    found = (await api.get("/api/reports/qualification")).json()
    assert (found["overdue_items"], found["qualified_items"], found["by_count"]) == (3, 1, 0.3333)
    assert found["by_amount"] == [
        {"currency": "EUR", "overdue": "1400.00", "qualified": "0.00", "share": 0.0},
        {"currency": "TND", "overdue": "100.500", "qualified": "100.500", "share": 1.0},
    ]
    own = (await api.get("/api/reports/qualification?creditor=OTHER")).json()
    assert [row["overdue"] for row in own["by_amount"]] == ["400.00"]
    nobody = (await api.get("/api/reports/qualification?collector=nobody")).json()
    assert (nobody["by_count"], nobody["by_amount"]) == (None, [])
    async with client_of(app, "rk_other_other") as other:
        assert (await other.get("/api/reports/qualification")).json()["overdue_items"] == 1
