"""Each act of a claim's page, spoken to in process: carried out, it answers with the refreshed page; refused, with why."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from api.pages.claim_acts import CLAIM_ACTS
from db.people import write_key
from tests.api.conftest import client_of
from tests.api.test_agreements import a_claim, at_work
from tests.api.test_on_real_parts import Office
from tests.pages.test_pages import PROGRAM, opened

PAGE = {"Accept": "text/html", "Accept-Language": "en", "HX-Request": "true", "HX-Target": "claim"}
ANY_ID = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
async def office(engine: AsyncEngine, temporal_address: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with at_work(engine, temporal_address, tmp_path) as office:
        yield office


async def done(office: Office, path: str, act: str, said: str, **fields: Any) -> dict[str, Any]:
    """The whole claim after an act that the page says was carried out."""
    answer = await acted(office.api, path, act, **fields)
    assert answer.status_code == 200, answer.text[:2000]
    assert said in answer.text, answer.text[:2000]
    return await office.get(path)


async def acted(api: httpx2.AsyncClient, path: str, act: str, **fields: Any) -> httpx2.Response:
    form = {"key": f"{act}-{sorted(fields.items())}"[:90], "tab": "agreements", **fields}
    return await api.post(f"{path.removeprefix('/api')}/{act}", data=form, headers=PAGE)


async def test_a_promise_an_offer_and_a_plan_are_made_and_taken_back(office: Office) -> None:
    path, today = await a_claim(office, "ACTS-1")
    soon = (today + timedelta(days=5)).isoformat()
    claim = await done(
        office, path, "promises", "The promise is recorded", promised_on=soon, amount="1,00.50", items=["F-1"]
    )
    (promise,) = claim["promises"]
    assert (promise["amount"], promise["items"], promise["state"]) == ("100.50", ["F-1"], "open")
    claim = await done(
        office, path, "promise-cancellation", "The promise is cancelled", at=promise["id"], reason="a mistake"
    )
    assert claim["promises"][0]["state"] == "cancelled"
    claim = await done(office, path, "offers", "The offer is recorded", by="debtor", amount="900")
    offer = claim["offers"][0]["id"]
    claim = await done(
        office, path, "offer-answer", "The answer is recorded", at=offer, answer="countered", counter_amount="950"
    )
    assert [(offer["by"], offer["state"]) for offer in claim["offers"]] == [
        ("debtor", "countered"),
        ("creditor", "open"),
    ]
    claim = await done(
        office, path, "offer-answer", "The answer is recorded", at=claim["offers"][1]["id"], answer="refused"
    )
    plan = {"count": "3", "every": "month", "first_due_on": soon}
    claim = await done(office, path, "arrangements", "The instalment plan is agreed", **plan)
    (arrangement,) = claim["arrangements"]
    assert [part["amount"] for part in arrangement["instalments"]] == ["333.34", "333.33", "333.33"]
    claim = await done(
        office, path, "arrangement-cancellation", "The instalment plan is cancelled", at=arrangement["id"], reason="x"
    )
    assert claim["arrangements"][0]["state"] == "cancelled"


async def test_items_are_disputed_resolved_and_qualified(office: Office) -> None:
    path, _ = await a_claim(office, "ACTS-2")
    dispute = {"items": ["F-1", "F-2"], "kind": "disputed_price", "text": "Not the price agreed."}
    claim = await done(office, path, "disputes", "The dispute is raised", **dispute)
    (raised,) = claim["disputes"]
    assert raised["items"] == ["F-1", "F-2"]
    settled = {"at": raised["id"], "outcome": "partly", "credit": "50"}
    claim = await done(office, path, "resolution", "The dispute is resolved", **settled)
    assert (claim["disputes"][0]["state"], claim["disputes"][0]["credit"]) == ("resolved", "50.00")
    given = {"items": ["F-1", "F-2"], "status": "disputed_admin", "comment": "the invoice was lost"}
    claim = await done(office, path, "statuses", "The status is given", **given)
    assert {item["status"] for item in claim["items"]} == {"disputed_admin"}


async def test_an_action_is_planned_with_its_dates_done_with_its_result_or_given_up(office: Office) -> None:
    path, today = await a_claim(office, "ACTS-3")
    form = await office.api.get(f"{path.removeprefix('/api')}?tab=actions&action_type=call", headers=PAGE)
    assert f'name="planned_end_on" value="{(today + timedelta(days=2)).isoformat()}"' in form.text
    claim = await done(office, path, "actions", "The action is planned", action_type="call", object="Ring them")
    (call,) = claim["actions"]
    assert (call["object"], call["planned_end_on"]) == ("Ring them", (today + timedelta(days=2)).isoformat())
    told = {"at": call["id"], "result": "promise", "items": ["F-2"], "promised_on": today.isoformat()}
    claim = await done(office, path, "execution", "The action is executed", **told)
    action = next(each for each in claim["actions"] if each["id"] == call["id"])
    assert (action["outcome"], action["reason"]) == ("done", "promise")
    assert [item["status"] for item in claim["items"]] == [None, "promise"]
    start = (today + timedelta(days=3)).isoformat()
    claim = await done(office, path, "actions", "The action is planned", action_type="visit", starts_on=start)
    visit = next(each for each in claim["actions"] if each["action_type"] == "visit")
    claim = await done(office, path, "cancellation", "The action is given up", at=visit["id"], reason="no use")
    assert next(each for each in claim["actions"] if each["id"] == visit["id"])["outcome"] == "skipped"


async def test_the_law_tab_records_what_moves_a_claim_in_court(office: Office) -> None:
    path, today = await a_claim(office, "ACTS-4")
    on = today.isoformat()
    claim = await done(office, path, "legal-events", "The event is recorded", kind="acknowledgement", on=on, item="F-1")
    assert claim["legal_events"][0]["item"] == "F-1"
    opened_on = {"kind": "payment_order", "opened_on": on, "court": "Lyon", "agent": "lawyer"}
    claim = await done(office, path, "procedures", "The procedure is opened", **opened_on)
    procedure = claim["procedures"][0]["id"]
    for act, said, fields in (
        ("hearings", "The hearing is set", {"on": (today + timedelta(days=9)).isoformat(), "purpose": "pleading"}),
        ("judgment", "The decision of the court", {"on": on, "outcome": "granted", "amount": "1000"}),
        ("title", "The enforceable title", {"on": on, "kind": "payment_order"}),
        ("service", "The service is recorded", {"on": on, "mode": "to_person"}),
        ("procedure-end", "The procedure is ended", {"on": on, "outcome": "settled"}),
    ):
        claim = await done(office, path, act, said, at=procedure, **fields)
    assert claim["procedures"][0]["judgment"]["amount"] == "1000.00"
    assert claim["procedures"][0]["outcome"] == "settled"
    claim = await done(
        office, path, "guarantees", "The guarantee is added", kind="surety", amount="500", person="Marc Perrin"
    )
    assert claim["guarantees"][0]["person"]["name"] == "Marc Perrin"


async def test_costs_counter_entries_and_returns_stand_in_the_statement(office: Office) -> None:
    path, today = await a_claim(office, "ACTS-5")
    on = today.isoformat()
    cost = {"kind": "Court fee", "amount": "38.07", "incurred_on": on, "chargeable_to_debtor": "yes"}
    await done(office, path, "costs", "The cost is added", **cost)
    claim = await office.until(path, lambda claim: claim["costs_incurred"])
    assert claim["balance_due"] == "1038.07"
    entry = {"to": "cost", "amount": "38.07", "on": on, "reason": "twice", "kind": "correction"}
    claim = await done(office, path, "corrections", "The counter entry", **entry, cost=claim["costs_incurred"][0]["id"])
    assert claim["balance_due"] == "1000.00"
    page = await office.api.get(f"{path.removeprefix('/api')}?tab=statement&on={on}", headers=PAGE)
    assert "twice" in page.text
    assert "€1,000.00" in page.text
    await done(office, path, "payments", "recorded", amount="100", value_date=on, external_id="CHQ-1")
    await office.until(path, lambda claim: claim["payments"][0]["state"] == "applied")
    await done(office, path, "reversal", "The return of the payment", at="CHQ-1", reason="no funds", value_date=on)
    await office.until(path, lambda claim: claim["payments"][0]["state"] == "reversed")


async def test_what_needs_two_people_says_that_a_second_one_is_asked(office: Office) -> None:
    path, _ = await a_claim(office, "ACTS-6")
    claim = await done(
        office, path, "stage", "a second person is asked", stage="litigation", sub_stage="lawyer", reason="no answer"
    )
    assert claim["stage"] == "amicable"
    task = next(task for task in claim["tasks"] if task["kind"] == "second_approval")
    page = await office.api.get(f"/inbox/{task['id']}", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert "With the lawyer" in page.text
    assert "no answer" in page.text
    assert "somebody else approves it" in page.text
    claim = await done(
        office, path, "stage", "The stage is changed", stage="amicable", sub_stage="negotiation", reason="x"
    )
    assert claim["sub_stage"] == "negotiation"
    await done(office, path, "closure", "a second person is asked", ending="written_off", reason="too small")
    await done(office, path, "closure", "The claim is being closed", ending="withdrawn", reason="the creditor asks")
    await office.until(path, lambda claim: claim["stage"] == "closed")
    await done(office, path, "reopening", "The claim is open again", reason="a mistake")


async def test_what_the_claim_refuses_is_said_in_its_form_with_what_was_typed(office: Office) -> None:
    path, today = await a_claim(office, "ACTS-7")
    soon = (today + timedelta(days=5)).isoformat()
    answer = await acted(office.api, path, "promises", promised_on=soon, amount="5000", items=["F-2"])
    assert answer.status_code == 409
    assert "is more than the" in answer.text
    assert 'value="5000"' in answer.text
    assert '<input class="form-check-input" type="checkbox" name="items" value="F-2" checked>' in answer.text


WRONG: dict[str, dict[str, Any]] = {
    "promises": {"promised_on": "2001-01-01"},
    "promise-cancellation": {},
    "arrangements": {"count": "0", "first_due_on": "2030-01-01"},
    "arrangement-cancellation": {},
    "offers": {"by": "debtor", "amount": "-1"},
    "offer-answer": {"answer": "countered"},
    "disputes": {"kind": "disputed_price", "text": "x"},
    "resolution": {"outcome": "nothing"},
    "statuses": {"status": "disputed_price"},
    "actions": {"action_type": "no_such_type"},
    "execution": {"result": "asleep"},
    "cancellation": {},
    "stage": {"stage": "litigation", "sub_stage": "reminders", "reason": "x"},
    "closure": {"ending": "lost", "reason": "x"},
    "reopening": {"reason": ""},
    "legal-events": {"kind": "rain", "on": "2026-01-01"},
    "procedures": {"kind": "call", "opened_on": "2026-01-01"},
    "hearings": {"on": ""},
    "judgment": {"on": "2026-01-01", "outcome": "maybe"},
    "title": {"on": "soon"},
    "service": {"on": "2026-01-01", "mode": "by_air"},
    "procedure-end": {"on": "2026-01-01"},
    "guarantees": {"kind": "surety", "amount": "much"},
    "costs": {"kind": "fee", "amount": "1.234", "incurred_on": "2026-01-01"},
    "corrections": {"to": "cost", "amount": "1", "on": "2026-01-01", "reason": "x"},
    "reversal": {"reason": "", "value_date": "2026-01-01"},
}


def test_every_act_has_a_wrong_form() -> None:
    assert set(WRONG) == {act.path for act in CLAIM_ACTS}


async def test_a_form_that_cannot_be_read_is_refused_on_the_page(desk: httpx2.AsyncClient) -> None:
    number = await opened(desk, "ACME-1")
    for act, fields in WRONG.items():
        answer = await acted(desk, f"/claims/{number}", act, at=ANY_ID, **fields)
        assert answer.status_code == 422, (act, answer.status_code)
        assert 'class="told told-bad" role="alert"' in answer.text, act


async def test_a_collector_is_offered_no_closure_and_refused_one(desk: httpx2.AsyncClient, engine: AsyncEngine) -> None:
    number = await opened(desk, "ACME-1")
    async with engine.begin() as connection:
        await write_key(connection, name="collector", secret="rk_collector", role="collector")
        await write_key(connection, name="reader", secret="rk_reader_", role="reader")
    app = desk._transport.app  # type: ignore[attr-defined]
    async with client_of(app, "rk_collector") as collector:
        page = await collector.get(f"/claims/{number}?tab=statement", headers=PAGE)
        assert f"/claims/{number}/notes" in page.text
        for act in ("closure", "corrections"):
            assert f"/claims/{number}/{act}" not in page.text
            assert (await acted(collector, f"/claims/{number}", act)).status_code == 403
    async with client_of(app, "rk_reader_") as reader:
        for tab in ("items", "agreements", "actions", "law", "statement", "payments"):
            page = await reader.get(f"/claims/{number}?tab={tab}", headers=PAGE)
            assert 'method="post"' not in page.text, tab


async def test_the_statement_is_shown_at_any_day_and_nonsense_shows_today(desk: httpx2.AsyncClient) -> None:
    number = await opened(desk, "ACME-1")
    today = (await desk.get(f"/api/claims/{number}", headers=PROGRAM)).json()["today"]
    for asked, shown in (
        ("2026-02-10", "2026-02-10"),
        ("2031-01-01", "2031-01-01"),
        ("nonsense", today),
        ("0001-01-01", today),
    ):
        page = await desk.get(f"/claims/{number}?tab=statement&on={asked}")
        assert page.status_code == 200
        assert f'name="on" value="{shown}"' in page.text
    assert date.fromisoformat(today)
