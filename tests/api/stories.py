"""Bodies for the API's tests: a test names only what matters to it."""

from typing import Any

import httpx2

WAIVED = {"interest": "none", "indemnity": "none"}


def an_intake(reference: str = "ACME-1", **given: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "creditor": "ACME",
        "reference": reference,
        "currency": "EUR",
        "debtor": {"reference": "D-1", "name": "Électricité Perrin", "country": "FR", "email": "compta@perrin.example"},
        "items": [an_item()],
    }
    return {**body, **given}


def an_item(**given: Any) -> dict[str, Any]:
    """An invoice that waives interest and indemnity, so that a test about something else pays round amounts."""
    body = {"reference": "F-1", "issued_on": "2026-01-02", "due_on": "2026-02-01", "amount": "1000.00", "terms": WAIVED}
    return {**body, **given}


def a_payment(external_id: str = "P-1", **given: Any) -> dict[str, Any]:
    body = {"external_id": external_id, "amount": "100.00", "currency": "EUR", "value_date": "2026-03-01"}
    return {**body, **given}


async def opened(api: httpx2.AsyncClient, reference: str = "ACME-1", **given: Any) -> dict[str, Any]:
    answer = await api.post("/api/claims", json=an_intake(reference, **given))
    assert answer.status_code == 201, answer.text
    claim: dict[str, Any] = answer.json()
    return claim
