"""Money over HTTP while no worker runs: taken once, checked against the claim's own today, never lost."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from api.app import create_app
from api.surroundings import ApiSettings
from db.tables import claim as claim_table
from db.tables import entry
from tests.api.conftest import KEY, client_of
from tests.api.stories import a_payment, an_item, opened


async def test_the_same_payment_a_hundred_times_at_once_is_one(api: httpx2.AsyncClient, engine: AsyncEngine) -> None:
    claim = await opened(api)
    path = f"/api/claims/{claim['number']}/payments"
    answers = await asyncio.gather(*(api.post(path, json=a_payment()) for _ in range(100)))
    assert sorted(a.status_code for a in answers) == [200] * 99 + [202]
    assert len({a.json()["payment_id"] for a in answers}) == 1
    async with engine.connect() as connection:
        kept = select(func.count()).where(entry.c.kind == "payment_received")
        assert (await connection.execute(kept)).scalar_one() == 1


async def test_the_same_external_id_with_another_amount_is_refused(api: httpx2.AsyncClient) -> None:
    claim = await opened(api)
    path = f"/api/claims/{claim['number']}/payments"
    assert (await api.post(path, json=a_payment())).status_code == 202
    assert (await api.post(path, json=a_payment(amount="100"))).status_code == 200  # the same amount, written shorter
    other = await api.post(path, json=a_payment(amount="100.01"))
    assert (other.status_code, other.json()["type"]) == (409, "/problems/key_reused")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"amount": "0"}, "not_positive"),
        ({"amount": "-5.00"}, "not_positive"),
        ({"amount": "1.005"}, "too_many_decimals"),
        ({"amount": "1.000"}, "too_many_decimals"),
        ({"amount": "1e3"}, "not_an_amount"),
        ({"amount": "1_000"}, "not_an_amount"),
        ({"amount": "much"}, "not_an_amount"),
        ({"amount": "1e400"}, "not_an_amount"),
        ({"amount": "NaN"}, "not_an_amount"),
        ({"currency": "USD"}, "wrong_currency"),
        ({"value_date": "9999-12-31"}, "value_error"),
        ({"value_date": "2026-02-30"}, "value_error"),
        ({"item": "F-404"}, "unknown_item"),
        ({"allocations": [{"item": "F-404", "amount": "1.00"}]}, "unknown_item"),
        ({"allocations": [{"item": "F-1", "amount": "100.01"}]}, "above_amount"),
        ({"item": "F-1", "allocations": []}, "either_or"),
        ({"external_id": ""}, "string_too_short"),
        ({"unheard_of": 1}, "extra_forbidden"),
    ],
)
async def test_a_payment_that_makes_no_sense_says_why(
    api: httpx2.AsyncClient, wrong: dict[str, Any], code: str
) -> None:
    claim = await opened(api)
    answer = await api.post(f"/api/claims/{claim['number']}/payments", json=a_payment(**wrong))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == code
    assert answer.json()["errors"][0]["reason"]


async def test_a_payment_may_not_come_from_the_claims_future(api: httpx2.AsyncClient, engine: AsyncEngine) -> None:
    """The claim's own today decides, also when training has moved it ahead of ours."""
    claim = await opened(api)
    path = f"/api/claims/{claim['number']}/payments"
    soon = (datetime.now(UTC) + timedelta(days=10)).date().isoformat()
    refused = await api.post(path, json=a_payment(value_date=soon))
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "in_the_future")
    async with engine.begin() as connection:
        await connection.execute(update(claim_table).values(clock_ahead=timedelta(days=30)))
    assert (await api.post(path, json=a_payment(value_date=soon))).status_code == 202


async def test_a_reversal_names_a_payment_that_came(api: httpx2.AsyncClient) -> None:
    claim = await opened(api)
    path = f"/api/claims/{claim['number']}/payments"
    await api.post(path, json=a_payment())
    body = {"reason": "no funds", "value_date": "2026-03-05"}
    assert (await api.post(f"{path}/P-404/reversal", json=body)).status_code == 404
    early = await api.post(f"{path}/P-1/reversal", json={**body, "value_date": "2026-02-01"})
    assert (early.status_code, early.json()["errors"][0]["code"]) == (422, "before_payment")
    assert (await api.post(f"{path}/P-1/reversal", json=body)).status_code == 202
    assert (await api.post(f"{path}/P-1/reversal", json=body)).status_code == 200


async def test_millimes_are_kept(api: httpx2.AsyncClient) -> None:
    items = [an_item(amount="1234.567")]
    claim = await opened(api, currency="TND", items=items)
    path = f"/api/claims/{claim['number']}/payments"
    assert (await api.post(path, json=a_payment(amount="0.001", currency="TND"))).status_code == 202
    whole = (await api.get(f"/api/claims/{claim['number']}")).json()
    assert (whole["balance_due"], whole["payments"][0]["amount"]) == ("1234.567", "0.001")


async def test_more_items_come_once(api: httpx2.AsyncClient) -> None:
    claim = await opened(api)
    path = f"/api/claims/{claim['number']}/items"
    body = {"items": [{"reference": "F-2", "due_on": "2026-03-01", "amount": "50.00"}]}
    key = {"Idempotency-Key": "more"}
    assert (await api.post(path, json=body, headers=key)).status_code == 202
    assert (await api.post(path, json=body, headers=key)).status_code == 202
    assert (await api.post(path, json=body)).status_code == 409
    directed = a_payment(item="F-2", amount="50.00")  # not applied yet, and payable
    assert (await api.post(f"/api/claims/{claim['number']}/payments", json=directed)).status_code == 202


async def test_a_cost_stays_with_the_creditor_unless_said_otherwise(api: httpx2.AsyncClient) -> None:
    claim = await opened(api)
    path = f"/api/claims/{claim['number']}/costs"
    answer = await api.post(path, json={"kind": "bailiff", "amount": "80.00", "incurred_on": "2026-03-01"})
    assert answer.status_code == 201
    assert answer.json()["chargeable_to_debtor"] is False
    key = {"Idempotency-Key": "cost-1"}
    twice = [
        await api.post(path, json={"kind": "bailiff", "amount": "80.00", "incurred_on": "2026-03-01"}, headers=key)
        for _ in range(2)
    ]
    assert twice[0].json() == twice[1].json()


async def test_a_payment_is_taken_while_temporal_never_answers(engine: AsyncEngine, api: httpx2.AsyncClient) -> None:
    """Connecting fails again and again in the background; writes go on."""
    attempts = 0

    async def never() -> Any:
        nonlocal attempts
        attempts += 1
        raise RuntimeError("connection refused")

    claim = await opened(api)
    app: FastAPI = create_app(ApiSettings(), engine, connect=never)
    async with app.router.lifespan_context(app), client_of(app, KEY) as client:
        answer = await client.post(f"/api/claims/{claim['number']}/payments", json=a_payment())
    assert answer.status_code == 202
    assert attempts >= 1
