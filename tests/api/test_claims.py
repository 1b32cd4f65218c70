"""Opening and reading claims while Temporal is down: everything is taken, nothing waits."""

import httpx2
import pytest

from tests.api.stories import a_payment, an_intake, opened


async def test_a_claim_opens_while_temporal_is_down(api: httpx2.AsyncClient) -> None:
    claim = await opened(api)
    assert claim["number"].startswith("R")
    assert claim["workflow_id"] == f"claim/{claim['number']}"
    assert claim["temporal_url"].endswith(f"/workflows/claim%2F{claim['number']}")
    whole = (await api.get(f"/api/claims/{claim['number']}")).json()
    assert whole["balance_due"] == "1000.00"
    assert whole["debtor"]["name"] == "Électricité Perrin"


@pytest.mark.parametrize("name", ["id", "number", "reference"])
async def test_a_claim_is_addressed_by_number_reference_or_id(api: httpx2.AsyncClient, name: str) -> None:
    claim = await opened(api)
    answer = await api.get(f"/api/claims/{claim[name]}")
    assert answer.json()["id"] == claim["id"]


async def test_a_reference_is_taken_once(api: httpx2.AsyncClient) -> None:
    await opened(api)
    answer = await api.post("/api/claims", json=an_intake())
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"


async def test_an_unknown_claim_is_not_found(api: httpx2.AsyncClient) -> None:
    for ref in ("R26-9999999", "nobody", "00000000-0000-4000-8000-000000000000", "a%00b", "é" * 150):
        answer = await api.get(f"/api/claims/{ref}")
        assert (ref, answer.status_code) == (ref, 404)


async def test_the_same_intake_with_the_same_key_is_one_claim(api: httpx2.AsyncClient) -> None:
    key = {"Idempotency-Key": "intake-1"}
    first = await api.post("/api/claims", json=an_intake(), headers=key)
    again = await api.post("/api/claims", json=an_intake(), headers=key)
    other = await api.post("/api/claims", json=an_intake("ACME-2"), headers=key)
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409)
    assert again.json() == first.json()


async def test_a_payment_that_waits_for_its_claim_is_shown_as_received(api: httpx2.AsyncClient) -> None:
    claim = await opened(api)
    answer = await api.post(f"/api/claims/{claim['number']}/payments", json=a_payment())
    assert answer.status_code == 202
    whole = (await api.get(f"/api/claims/{claim['number']}")).json()
    assert [(p["payment_id"], p["state"]) for p in whole["payments"]] == [(answer.json()["payment_id"], "received")]
