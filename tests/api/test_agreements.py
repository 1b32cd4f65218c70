"""Promises, arrangements and negotiation over HTTP: what is answered, what is refused, what the whole claim shows."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
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
from tests.api.stories import WAIVED, a_payment, opened
from tests.api.test_on_real_parts import Office, office_of
from workflows.connection import Address, connect

TWO = [{"reference": "F-1", "amount": "600.00"}, {"reference": "F-2", "amount": "400.00"}]


@asynccontextmanager
async def at_work(engine: AsyncEngine, address: str, tmp_path: Path) -> AsyncIterator[Office]:
    temporal: Client = await connect(Address(address))
    server = await listen("127.0.0.1", 0, tmp_path / "mailbox")
    url = f"smtp://127.0.0.1:{port_of(server)}"
    async with (
        server,
        office_of(engine, temporal, tmp_path / "mailbox") as office,
        working(temporal, engine, url),
    ):
        yield office


async def a_claim(office: Office, reference: str) -> tuple[str, date]:
    """A claim of 600 and 400 EUR that fall due in ten days; its address and its today."""
    due = date.today() + timedelta(days=10)  # noqa: DTZ011  any day to come
    items = [{**each, "due_on": due.isoformat(), "terms": WAIVED} for each in TWO]
    answer = await opened(office.api, reference, items=items, scenario="trial")
    path = f"/api/claims/{answer['number']}"
    claim = await office.until(path, lambda claim: claim["next_step"] is not None)
    return path, date.fromisoformat(claim["today"])


async def posted(office: Office, path: str, body: dict[str, Any], status: int, **headers: str) -> dict[str, Any]:
    answer = await office.api.post(path, json=body, headers=headers)
    assert answer.status_code == status, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_a_promise_is_made_shown_kept_and_counted(
    engine: AsyncEngine, temporal_address: str, tmp_path: Path
) -> None:
    async with at_work(engine, temporal_address, tmp_path) as office:
        path, today = await a_claim(office, "PROMISE-1")
        body = {"promised_on": (today + timedelta(days=5)).isoformat(), "items": ["F-1"], "comment": "by transfer"}
        made = await posted(office, f"{path}/promises", body, 201, **{"Idempotency-Key": "once"})
        assert (made["amount"], made["items"], made["state"]) == ("600.00", ["F-1"], "open")
        again = await posted(office, f"{path}/promises", body, 201, **{"Idempotency-Key": "once"})
        assert again == made
        refused = await posted(office, f"{path}/promises", body, 409)
        assert (refused["code"], refused["facts"]["items"]) == ("item_promised", ["F-1"])
        claim = await office.get(path)
        assert (claim["items"][0]["off_scenario"], claim["items"][0]["status"]) == ("promise", "promise")
        plan = await office.get(f"{path}/plan?until={today + timedelta(days=20)}")
        checks = [step for step in plan["steps"] if step["kind"] == "promise_check"]
        assert [step["due_on"] for step in checks] == [body["promised_on"], (today + timedelta(days=9)).isoformat()]
        assert all(reason["text"] != reason["code"] for step in checks for reason in step["why"])
        payment = a_payment(amount="600.00", value_date=today.isoformat(), item="F-1")
        await posted(office, f"{path}/payments", payment, 202)
        claim = await office.until(path, lambda claim: claim["promises"][0]["state"] == "kept")
        assert (claim["promises"][0]["received"], claim["balance_due"]) == ("600.00", "400.00")
        debtor = await office.get(f"/api/debtors/{claim['debtor']['id']}")
        assert debtor["reliability"] == {"kept": 1, "partial": 0, "broken": 0}


async def test_a_promise_is_cancelled_once(engine: AsyncEngine, temporal_address: str, tmp_path: Path) -> None:
    async with at_work(engine, temporal_address, tmp_path) as office:
        path, today = await a_claim(office, "PROMISE-2")
        made = await posted(office, f"{path}/promises", {"promised_on": today.isoformat()}, 201)
        assert made["amount"] == "1000.00"
        cancel = f"{path}/promises/{made['id']}/cancellation"
        told = await posted(office, cancel, {"reason": "a mistake"}, 200)
        assert told["promise"]["state"] == "cancelled"
        again = await posted(office, cancel, {"reason": "a mistake"}, 409, **{"Accept-Language": "fr"})
        assert again["detail"] == "La promesse est déjà annulée."
        await posted(office, f"{path}/promises/nothing/cancellation", {"reason": "a mistake"}, 404)


async def test_an_arrangement_is_agreed_and_shows_what_each_instalment_got(
    engine: AsyncEngine, temporal_address: str, tmp_path: Path
) -> None:
    async with at_work(engine, temporal_address, tmp_path) as office:
        path, today = await a_claim(office, "PLAN-1")
        first = today + timedelta(days=7)
        wrong = {"instalments": [{"due_on": first.isoformat(), "amount": "900.00"}]}
        refused = await posted(office, f"{path}/arrangements", wrong, 409)
        assert refused["facts"]["expected"] == "1000.00"
        assert "1,000.00" in refused["detail"]
        body = {"count": 3, "first_due_on": first.isoformat(), "every": "week", "missed_allowed": 1}
        made = await posted(office, f"{path}/arrangements", body, 201)
        assert [each["amount"] for each in made["instalments"]] == ["333.34", "333.33", "333.33"]
        await posted(office, f"{path}/payments", a_payment(amount="400.00", value_date=today.isoformat()), 202)
        claim = await office.until(path, lambda claim: claim["arrangements"][0]["instalments"][0]["paid"] != "0.00")
        states = [(each["paid"], each["state"]) for each in claim["arrangements"][0]["instalments"]]
        assert states == [("333.34", "paid"), ("66.66", "partial"), ("0.00", "to_come")]
        plan = await office.get(f"{path}/plan?until={first + timedelta(days=30)}")
        assert "instalment" in {step["kind"] for step in plan["steps"]}
        cancel = f"{path}/arrangements/{made['id']}/cancellation"
        assert (await posted(office, cancel, {"reason": "over"}, 200))["arrangement"]["state"] == "cancelled"
        await posted(office, cancel, {"reason": "over"}, 409)


async def test_a_discount_that_a_collector_may_not_grant_is_a_supervisors(
    engine: AsyncEngine, temporal_address: str, tmp_path: Path
) -> None:
    async with at_work(engine, temporal_address, tmp_path) as office:
        path, today = await a_claim(office, "OFFER-1")
        body = {"by": "debtor", "amount": "700.00", "answer_by": (today + timedelta(days=7)).isoformat()}
        offer = await posted(office, f"{path}/offers", body, 201)
        async with engine.begin() as connection:
            await people.write_key(connection, name="nour", secret="rk_nour_nour", role="collector")
        async with client_of(office.api._transport.app, "rk_nour_nour") as collector:  # type: ignore[attr-defined]
            answer = await collector.post(f"{path}/offers/{offer['id']}/answer", json={"answer": "accepted"})
        assert (answer.status_code, answer.json()["code"]) == (409, "discount_above_limit")
        told = await posted(office, f"{path}/offers/{offer['id']}/answer", {"answer": "accepted"}, 200)
        assert (told["offer"]["state"], told["arrangement"]["waiver"]) == ("accepted", "300.00")
        await posted(office, f"{path}/payments", a_payment(amount="700.00", value_date=today.isoformat()), 202)
        claim = await office.until(path, lambda claim: claim["stage"] == "closed")
        assert (claim["ending"], claim["balance_due"]) == ("paid", "0.00")
        assert claim["arrangements"][0]["state"] == "completed"


async def test_an_offer_is_countered_and_refused(engine: AsyncEngine, temporal_address: str, tmp_path: Path) -> None:
    async with at_work(engine, temporal_address, tmp_path) as office:
        path, _ = await a_claim(office, "OFFER-2")
        offer = await posted(office, f"{path}/offers", {"by": "debtor", "amount": "500.00"}, 201)
        counter = {"answer": "countered", "counter": {"amount": "900.00"}}
        told = await posted(office, f"{path}/offers/{offer['id']}/answer", counter, 200)
        assert (told["offer"]["state"], told["counter"]["by"], told["counter"]["answers"]) == (
            "countered",
            "creditor",
            offer["id"],
        )
        refusal = {"answer": "refused", "reason": "too much"}
        await posted(office, f"{path}/offers/{told['counter']['id']}/answer", refusal, 200)
        claim = await office.get(path)
        assert [each["state"] for each in claim["offers"]] == ["countered", "refused"]
        await posted(office, f"{path}/offers/{offer['id']}/answer", {"answer": "accepted"}, 409)


YESTERDAY, LATER = "2020-01-01", "2100-01-01"


@pytest.mark.parametrize(
    ("route", "body", "field"),
    [
        ("promises", {"promised_on": YESTERDAY}, "promised_on"),
        ("promises", {"promised_on": "soon"}, "promised_on"),
        ("promises", {}, "promised_on"),
        ("promises", {"promised_on": LATER, "items": ["F-9"]}, "items[0]"),
        ("promises", {"promised_on": LATER, "amount": "0"}, "amount"),
        ("promises", {"promised_on": LATER, "amount": "1.001"}, "amount"),
        ("promises", {"promised_on": LATER, "note": "x"}, "note"),
        ("arrangements", {}, "instalments"),
        ("arrangements", {"count": 3}, "first_due_on"),
        ("arrangements", {"first_due_on": LATER}, "count"),
        ("arrangements", {"count": 3, "first_due_on": LATER, "every": "day"}, "every"),
        ("arrangements", {"count": 0, "first_due_on": LATER}, "count"),
        ("arrangements", {"instalments": [], "count": 1}, "instalments"),
        ("arrangements", {"instalments": [{"due_on": LATER, "amount": "-1"}]}, "instalments[0].amount"),
        ("arrangements", {"instalments": [{"due_on": LATER, "amount": "1"}], "count": 2}, "instalments"),
        ("arrangements", {"count": 2, "first_due_on": LATER, "tolerance_days": 61}, "tolerance_days"),
        ("arrangements", {"count": 2, "first_due_on": LATER, "tolerance_amount": "-1"}, "tolerance_amount"),
        ("offers", {"amount": "10"}, "by"),
        ("offers", {"by": "debtor"}, "amount"),
        ("offers", {"by": "debtor", "amount": "ten"}, "amount"),
        ("offers", {"by": "debtor", "amount": "10", "answers": "00000000-0000-4000-8000-000000000000"}, "answers"),
    ],
)
async def test_what_makes_no_sense_is_refused_with_its_field(
    api: httpx2.AsyncClient, route: str, body: dict[str, Any], field: str
) -> None:
    claim = await opened(api)
    answer = await api.post(f"/api/claims/{claim['number']}/{route}", json=body)
    assert answer.status_code == 422, answer.text
    assert field in [error["field"] for error in answer.json()["errors"]]


async def test_what_nobody_knows_is_not_found(api: httpx2.AsyncClient) -> None:
    claim = await opened(api)
    nobody = "00000000-0000-4000-8000-000000000000"
    for path, body in (
        ("promises/{}/cancellation", {"reason": "x"}),
        ("arrangements/{}/cancellation", {"reason": "x"}),
        ("offers/{}/answer", {"answer": "accepted"}),
    ):
        for name in (nobody, "nothing"):
            answer = await api.post(f"/api/claims/{claim['number']}/{path.format(name)}", json=body)
            assert answer.status_code == 404, answer.text


async def test_while_nobody_is_at_work_it_is_taken_for_later(api: httpx2.AsyncClient) -> None:
    claim = await opened(api)
    answer = await api.post(f"/api/claims/{claim['number']}/promises", json={"promised_on": LATER})
    assert (answer.status_code, answer.json()["state"]) == (202, "received")


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"promises": {"tolerance_days": 61}}, "promises.tolerance_days"),
        ({"promises": {"tolerance_percent": "101"}}, "promises.tolerance_percent"),
        ({"promises": {"tolerance_amount": {"EUR": "-1"}}}, "promises.tolerance_amount.EUR"),
        ({"promises": {"tolerance_amount": {"XXY": "1"}}}, "promises.tolerance_amount.XXY"),
        ({"negotiation": {"discount_percent": "much"}}, "negotiation.discount_percent"),
    ],
)
async def test_a_creditors_terms_are_read_before_they_are_kept(
    api: httpx2.AsyncClient, terms: dict[str, Any], field: str
) -> None:
    answer = await api.post("/api/catalogue/creditors", json={"code": "ACME", "name": "ACME", **terms})
    assert answer.status_code == 422, answer.text
    assert field in str(answer.json()["errors"])
