"""Counter entries and the statement over HTTP: who may, what is refused, and figures that an accountant can check."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from db import people
from embedded.mailbox import listen, port_of
from tests.activities.story import working
from tests.api.conftest import client_of
from tests.api.stories import a_payment, an_item, opened
from tests.api.test_on_real_parts import Office, office_of
from workflows.connection import Address, connect

LATE = {"reference": "F-1", "kind": "invoice", "issued_on": "2025-02-15", "due_on": "2025-03-15", "amount": "10000.00"}


@pytest.fixture
async def office(engine: AsyncEngine, temporal_address: str, tmp_path: Path) -> AsyncIterator[Office]:
    server = await listen("127.0.0.1", 0, tmp_path / "mailbox")
    client: Client = await connect(Address(temporal_address))
    url = f"smtp://127.0.0.1:{port_of(server)}"
    async with server, office_of(engine, client, tmp_path / "mailbox") as office, working(client, engine, url):
        yield office


async def test_the_statement_shows_each_period_with_its_rate_and_source(api: httpx2.AsyncClient) -> None:
    claim = await opened(api, items=[LATE])
    found = (await api.get(f"/api/claims/{claim['number']}/statement?on=2025-07-10")).json()
    (line,) = found["lines"]
    shown = [
        (p["since"], p["until"], p["days"], p["rate"], p["principal"], p["amount"]) for p in line["interest_periods"]
    ]
    assert shown == [
        ("2025-03-16", "2025-06-30", 107, "13.15", "10000.00", "385.49"),  # 10,000 x 13.15 x 107 / 36500 = 385.493
        ("2025-07-01", "2025-07-10", 10, "12.15", "10000.00", "33.29"),  # 33.288
    ]
    assert "ECB" in line["interest_periods"][0]["source"]
    assert "L441-10" in line["interest_periods"][0]["source"]
    assert "D441-5" in line["indemnity_source"]
    assert (found["interest"], found["indemnities"], found["balance_due"]) == ("418.78", "40.00", "10458.78")
    assert (line["interest_charged"], line["owed"], line["rate_missing"]) == ("418.78", "10458.78", [])


async def test_the_statement_of_a_day_without_a_rate_names_the_days_and_the_rate(api: httpx2.AsyncClient) -> None:
    claim = await opened(api, items=[LATE])
    found = (await api.get(f"/api/claims/{claim['number']}/statement?on=2026-07-10")).json()
    assert found["rate_missing"] == ["F-1"]
    gap = {"since": "2026-07-01", "until": "2026-07-10", "reference": "ecb_refinancing"}
    assert found["lines"][0]["rate_missing"] == [gap]
    assert found["lines"][0]["interest_periods"][-1]["amount"] is None


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"interest": {"rate": "much"}}, "items[0].terms.interest.rate"),
        ({"interest": "never"}, "items[0].terms.interest"),
        ({"indemnity": "-1"}, "items[0].terms.indemnity"),
    ],
)
async def test_terms_that_cannot_be_read_are_refused_with_their_place(
    api: httpx2.AsyncClient, terms: dict[str, Any], field: str
) -> None:
    body = {
        "creditor": "ACME",
        "currency": "EUR",
        "debtor": {"reference": "D", "name": "N"},
        "items": [an_item(terms=terms)],
    }
    answer = await api.post("/api/claims", json=body)
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, [field])


async def test_a_creditors_terms_are_read_and_apply_to_its_claims(api: httpx2.AsyncClient) -> None:
    body = {"name": "ACME", "terms": {"interest": {"rate": "18"}, "indemnity": "none", "allocation": "legal"}}
    assert (await api.post("/api/catalogue/creditors", json={"code": "ACME", **body})).status_code == 201
    wrong = {"code": "OTHER", "name": "Other", "terms": {"allocation": ["principal"]}}
    assert (await api.post("/api/catalogue/creditors", json=wrong)).status_code == 422
    claim = await opened(api, items=[LATE])
    found = (await api.get(f"/api/claims/{claim['number']}/statement?on=2025-04-14")).json()
    assert (found["interest"], found["indemnities"]) == ("147.95", "0.00")  # 10,000 x 18 x 30 / 36500 = 147.945


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"to": "everything"}, "to"),
        ({"amount": "0"}, "amount"),
        ({"amount": "1.001"}, "amount"),
        ({"on": "2199-01-01"}, "on"),
        ({"item": "F-9"}, "item"),
        ({"to": "cost"}, "cost"),
        ({"cost": "00000000-0000-4000-8000-000000000000"}, "cost"),
        ({"kind": "gift"}, "kind"),
        ({"reason": ""}, "reason"),
    ],
)
async def test_a_malformed_counter_entry_is_422_with_its_field(
    api: httpx2.AsyncClient, change: dict[str, Any], field: str
) -> None:
    claim = await opened(api)
    body = {"to": "principal", "amount": "1.00", "on": "2026-03-01", "reason": "r", "item": "F-1", **change}
    answer = await api.post(f"/api/claims/{claim['number']}/corrections", json=body)
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, [field])


async def test_only_a_supervisor_corrects(engine: AsyncEngine, app: Any, api: httpx2.AsyncClient) -> None:
    claim = await opened(api)
    async with engine.begin() as connection:
        await people.write_key(connection, name="amel", secret="rk_amel_amel_amel", role="collector")
    body = {"to": "principal", "amount": "1.00", "on": "2026-03-01", "reason": "r"}
    async with client_of(app, "rk_amel_amel_amel") as collector:
        assert (await collector.post(f"/api/claims/{claim['number']}/corrections", json=body)).status_code == 403


async def test_a_counter_entry_reduces_the_debt_once_and_is_refused_beyond_what_was_charged(office: Office) -> None:
    path, story = await office.open("CORRECTED-1")
    body = {"to": "principal", "amount": "100.00", "on": "2026-01-01", "reason": "wrong price", "item": "F-1"}
    body["on"] = (await office.get(path))["today"]
    key = {"Idempotency-Key": "once"}
    answers = [await office.api.post(f"{path}/corrections", json=body, headers=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["correction"] == answers[1].json()["correction"]
    claim = await office.get(path)
    assert (claim["principal"], claim["corrected"], claim["amount"]) == ("900.00", "100.00", "1000.00")
    assert [(c["to"], c["amount"], c["author"]) for c in claim["corrections"]] == [("principal", "100.00", "api:test")]
    refused = await office.api.post(f"{path}/corrections", json={**body, "amount": "900.01"})
    assert (refused.status_code, refused.json()["code"]) == (409, "above_charged")
    assert (
        await office.api.post(f"{path}/payments", json=a_payment(amount="900.00", value_date=body["on"]))
    ).status_code == 202
    await office.until(path, lambda claim: claim["stage"] == "closed")
    await story.handle.describe()
