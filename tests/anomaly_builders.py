"""Builders for what raises and clears anomalies: promises, arrangements, mail that came back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from domain.claim import Arrangement, Instalment, Promise, ReturnedMail
from tests.builders import DUE_ON, an_id, at, money


def a_promise(name: str = "first", *, amount: str = "1000.00", currency: str = "EUR", **facts: Any) -> Promise:
    """Open, for 20 days after the due date, about the whole claim."""
    promised_on: date = facts.pop("promised_on", DUE_ON + timedelta(days=20))
    given: dict[str, Any] = {
        "id": an_id("promise", name),
        "made_at": at(DUE_ON),
        "made_on": DUE_ON,
        "promised_on": promised_on,
        "amount": money(amount, currency),
        "author": "leila",
    }
    return Promise(**{**given, **facts})


def an_arrangement(*due_on: date, amount: str = "500.00", **facts: Any) -> Arrangement:
    given: dict[str, Any] = {
        "id": an_id("arrangement"),
        "agreed_at": at(DUE_ON),
        "agreed_on": DUE_ON,
        "instalments": tuple(Instalment(day, money(amount)) for day in due_on),
        "author": "leila",
    }
    return Arrangement(**{**given, **facts})


def a_return(**facts: Any) -> ReturnedMail:
    """A letter that came back ten days after the due date, unknown at the address."""
    day: date = facts.pop("returned_on", DUE_ON + timedelta(days=10))
    given: dict[str, Any] = {
        "id": an_id("returned"),
        "document_id": an_id("document"),
        "kind": "letter",
        "reason": "unknown_at_address",
        "returned_on": day,
        "recorded_at": at(day),
        "author": "leila",
    }
    return ReturnedMail(**{**given, **facts})
