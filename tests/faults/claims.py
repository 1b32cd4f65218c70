"""Claims and payments as an outside program posts them."""

import time
from collections.abc import Callable
from datetime import date
from typing import Any

import httpx2

WITHIN = 120.0  # seconds
POLL = 0.2


def post_claim(client: httpx2.Client, reference: str, *, due_on: date, amount: str = "120.00") -> dict[str, Any]:
    """A claim of one invoice in euros that bears nothing."""
    debtor = {
        "reference": f"D-{reference}",
        "name": "Essai SARL",
        "email": "compta@essai.example",
        "country": "FR",
        "language": "fr",
    }
    item = {
        "reference": f"F-{reference}",
        "kind": "invoice",
        "due_on": due_on.isoformat(),
        "amount": amount,
        "terms": {"interest": "none", "indemnity": "none"},
    }
    answer = client.post(
        "/api/claims",
        json={"creditor": "ESSAI", "reference": reference, "currency": "EUR", "debtor": debtor, "items": [item]},
    )
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def pay(client: httpx2.Client, reference: str, external_id: str, amount: str, on: str) -> httpx2.Response:
    body = {"external_id": external_id, "amount": amount, "currency": "EUR", "value_date": on}
    return client.post(f"/api/claims/{reference}/payments", json=body)


def claim(client: httpx2.Client, reference: str) -> dict[str, Any]:
    answer = client.get(f"/api/claims/{reference}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def eventually(client: httpx2.Client, reference: str, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The claim once the condition holds; fails with the claim as it is when it never does."""
    deadline = time.monotonic() + WITHIN
    while not holds(seen := claim(client, reference)):
        assert time.monotonic() < deadline, seen
        time.sleep(POLL)
    return seen
