"""Clocks of the law over HTTP: the claim shows them, events move them, the country packs are parameters."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from tests.api.stories import opened

FR = "/api/catalogue/countries/FR"


def days_ago(days: int) -> str:
    return (datetime.now(UTC).date() - timedelta(days=days)).isoformat()


async def open_old(api: httpx2.AsyncClient, reference: str = "OLD-1", **given: Any) -> str:
    items = [{"reference": "F-1", "due_on": "2023-03-15", "amount": "1000.00"}]
    await opened(api, reference, items=items, **given)
    return f"/api/claims/{reference}"


async def test_a_claim_shows_its_clocks(api: httpx2.AsyncClient) -> None:
    claim = (await api.get(await open_old(api))).json()
    (clock,) = claim["clocks"]
    assert clock == {
        "code": "limitation",
        "label": "Limitation",
        "source": "C. com. art. L110-4 et C. civ. art. 2224 (loi n° 2008-561 du 17 juin 2008)",
        "item": "F-1",
        "procedure": None,
        "starts_on": "2023-03-15",
        "runs_out_on": "2028-03-15",
        "state": clock["state"],
        "debtors_time": False,
        "why": [
            {
                "code": "clock_since_due",
                "text": "Runs from the due date, 15 March 2023.",
                "facts": {"since": "2023-03-15"},
            }
        ],
    }
    assert claim["legal_events"] == []
    french = await api.get("/api/claims/OLD-1", headers={"Accept-Language": "fr"})
    assert french.json()["clocks"][0]["why"][0]["text"] == "Court depuis l’échéance, le 15 mars 2023."


async def test_a_country_without_a_pack_has_no_clocks(api: httpx2.AsyncClient) -> None:
    debtor = {"reference": "D-9", "name": "Riad Atlas", "country": "MA"}
    claim = (await api.get(await open_old(api, "MA-1", debtor=debtor))).json()
    assert claim["clocks"] == []


async def test_a_changed_pack_acts_from_its_day_on(api: httpx2.AsyncClient) -> None:
    path = await open_old(api)
    pack = (await api.get(FR)).json()
    pack["parameters"]["limitation_b2b_years"].append(
        {"since": "2025-01-01", "value": "3", "source": "a law of this test"}
    )
    assert (await api.put(FR, json=pack)).status_code == 200
    clock = (await api.get(path)).json()["clocks"][0]
    assert (clock["runs_out_on"], clock["source"]) == ("2028-01-01", "a law of this test")


@pytest.mark.parametrize(
    ("parameter", "version", "field", "code"),
    [
        ("title_yeras", {"value": "10"}, "parameters.title_yeras", "unknown_parameter"),
        ("title_years", {"value": "ten"}, "parameters.title_years", "not_allowed"),
        ("title_years", {"value": "10", "source": ""}, "parameters.title_years[0].source", "missing"),
        ("title_years", {"value": "10", "since": None}, "parameters.title_years[0].since", "missing"),
    ],
)
async def test_a_pack_that_no_rule_can_read_is_refused(
    api: httpx2.AsyncClient, parameter: str, version: dict[str, Any], field: str, code: str
) -> None:
    whole = {"since": "2020-01-01", "source": "a law", **version}
    answer = await api.put(FR, json={"label": {"fr": "France"}, "parameters": {parameter: [whole]}})
    assert answer.status_code == 422
    assert (field, code) in [(error["field"], error["code"]) for error in answer.json()["errors"]]


async def test_a_pack_in_use_stays_and_can_be_made_inactive(api: httpx2.AsyncClient) -> None:
    path = await open_old(api)
    assert (await api.delete(FR)).status_code == 409
    assert (await api.delete("/api/catalogue/countries/TN")).status_code == 204
    pack = (await api.get(FR)).json()
    assert (await api.put(FR, json={**pack, "active": False})).status_code == 200
    assert (await api.get(path)).json()["clocks"] == []


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"kind": "letter"}, "kind", "unknown_legal_event"),
        ({"on": (datetime.now(UTC).date() + timedelta(days=3)).isoformat()}, "on", "in_the_future"),
        ({"item": "F-9"}, "item[0]", "unknown_item"),
        ({"procedure": str(uuid4())}, "procedure", "unknown_procedure"),
        ({"surprise": 1}, "surprise", "extra_forbidden"),
    ],
)
async def test_an_event_that_cannot_be_is_refused(
    api: httpx2.AsyncClient, body: dict[str, Any], field: str, code: str
) -> None:
    path = await open_old(api)
    given = {"kind": "acknowledgement", "on": days_ago(10), **body}
    answer = await api.post(f"{path}/legal-events", json=given)
    assert answer.status_code == 422, answer.text
    (error,) = answer.json()["errors"]
    assert (error["field"], error["code"]) == (field, code)
    if code == "unknown_legal_event":
        assert "acknowledgement, formal_notice, summons" in error["reason"]


async def test_an_event_of_an_unknown_claim_or_to_retract_is_not_found(api: httpx2.AsyncClient) -> None:
    path = await open_old(api)
    body = {"kind": "summons", "on": days_ago(10)}
    assert (await api.post("/api/claims/NONE/legal-events", json=body)).status_code == 404
    for event in (str(uuid4()), "not-an-id"):
        answer = await api.post(f"{path}/legal-events/{event}/retraction", json={"reason": "wrong"})
        assert answer.status_code == 404


async def test_an_event_is_taken_while_the_claim_does_not_answer(api: httpx2.AsyncClient) -> None:
    path = await open_old(api)
    body = {"kind": "summons", "on": date(2025, 2, 3).isoformat()}
    first = await api.post(f"{path}/legal-events", json=body, headers={"Idempotency-Key": "k-1"})
    again = await api.post(f"{path}/legal-events", json=body, headers={"Idempotency-Key": "k-1"})
    assert (first.status_code, again.json()["entry"]) == (202, first.json()["entry"])
