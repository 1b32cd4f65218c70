"""Debtors over HTTP: checked identifiers, changes that lose nothing, duplicates within what one may see, the contact log."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncEngine

from db import entries, people, tables
from tests.api.conftest import client_of
from tests.api.stories import an_intake, opened

WRONG = {"siren": "404833047", "vat": "FR 40 303", "mf": "1219773U", "cin": "1234", "rc": "?"}
RIGHT = {
    "siren": "404 833 048",
    "vat": "FR 83 404 833 048",
    "mf": "1234567/M/A/E/001",
    "cin": "01234567",
    "rc": "b123456",
}
STORED = {"siren": "404833048", "vat": "FR83404833048", "mf": "1234567MAE001", "cin": "01234567", "rc": "B123456"}


async def debtor_of(api: httpx2.AsyncClient, claim: dict[str, Any]) -> str:
    whole = (await api.get(f"/api/claims/{claim['number']}")).json()
    return f"/api/debtors/{whole['debtor']['id']}"


def a_debtor(reference: str = "D-1", **facts: Any) -> dict[str, Any]:
    return {"reference": reference, "name": "Électricité Perrin", "country": "FR", "email": "c@perrin.example", **facts}


@pytest.mark.parametrize("kind", list(WRONG))
async def test_an_identifier_that_fails_its_check_is_refused_by_its_field(api: httpx2.AsyncClient, kind: str) -> None:
    refused = await api.post("/api/claims", json=an_intake(debtor=a_debtor(identifiers={kind: WRONG[kind]})))
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, f"debtor.identifiers.{kind}")
    path = await debtor_of(api, await opened(api, debtor=a_debtor(identifiers={kind: RIGHT[kind]})))
    assert (await api.get(path)).json()["identifiers"] == {kind: STORED[kind]}
    refused = await api.patch(path, json={"identifiers": {kind: WRONG[kind]}})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, f"identifiers.{kind}")
    assert (await api.get(path)).json()["identifiers"] == {kind: STORED[kind]}


async def test_bank_accounts_are_checked(api: httpx2.AsyncClient) -> None:
    path = await debtor_of(api, await opened(api))
    wrong = await api.patch(path, json={"bank_accounts": [{"iban": "FR7630006000011234567890188", "bic": "X"}]})
    assert {error["field"] for error in wrong.json()["errors"]} == {"bank_accounts[0].iban", "bank_accounts[0].bic"}
    right = {"iban": "FR76 3000 6000 0112 3456 7890 189", "bic": "agrifrpp"}
    changed = await api.patch(path, json={"bank_accounts": [right]})
    assert changed.json()["bank_accounts"] == [{"iban": "FR7630006000011234567890189", "bic": "AGRIFRPP"}]


async def test_two_who_change_one_debtor_at_once_lose_nothing_of_each_other(api: httpx2.AsyncClient) -> None:
    path = await debtor_of(api, await opened(api, debtor=a_debtor(identifiers={"siren": "404833048"})))
    bodies: list[dict[str, Any]] = [
        {"phone": "+33102030405"},
        {"legal_situation": "insolvency"},
        {"identifiers": {"rc": "RCS Lyon B 404 833 048"}},
        {"addresses": [{"city": "Lyon", "postal_code": "69003", "lines": ["1 rue A"], "use": "billing"}]},
        {"preferred_channel": "letter"},
    ]
    answers = await asyncio.gather(*(api.patch(path, json=body) for body in bodies))
    assert [answer.status_code for answer in answers] == [200] * 5
    debtor = (await api.get(path)).json()
    assert debtor["contacts"][0]["phone"] == "+33102030405"
    assert (debtor["legal_situation"], debtor["preferred_channel"]) == ("insolvency", "letter")
    assert debtor["identifiers"] == {"siren": "404833048", "rc": "RCS LYON B 404 833 048"}
    assert debtor["addresses"][0]["use"] == "billing"


async def test_a_change_of_what_was_read_before_somebody_elses_change_is_refused(api: httpx2.AsyncClient) -> None:
    path = await debtor_of(api, await opened(api))
    read = await api.get(path)
    tag = read.headers["ETag"]
    first = await api.patch(path, json={"name": "Perrin SARL"}, headers={"If-Match": tag})
    assert first.status_code == 200
    second = await api.patch(path, json={"name": "Perrin SAS"}, headers={"If-Match": tag})
    assert (second.status_code, second.json()["type"]) == (409, "/problems/changed_meanwhile")
    assert (await api.get(path)).json()["name"] == "Perrin SARL"
    again = await api.patch(path, json={"name": "Perrin SAS"}, headers={"If-Match": first.headers["ETag"]})
    assert again.status_code == 200


async def test_what_is_given_as_null_is_emptied(api: httpx2.AsyncClient) -> None:
    facts = a_debtor(identifiers={"siren": "404833048"}, preferred_channel="letter")
    path = await debtor_of(api, await opened(api, debtor=facts))
    changed = await api.patch(path, json={"identifiers": {"siren": None}, "preferred_channel": None, "contacts": []})
    assert changed.status_code == 200, changed.text
    debtor = changed.json()
    assert (debtor["identifiers"], debtor["preferred_channel"], debtor["contacts"]) == ({}, "", [])


async def test_each_change_is_kept_with_its_author_and_told_to_every_open_claim(
    api: httpx2.AsyncClient, engine: AsyncEngine
) -> None:
    first, second = await opened(api), await opened(api, "ACME-2", items=an_intake()["items"])
    path = await debtor_of(api, first)
    await api.patch(path, json={"legal_situation": "ceased"})
    await api.patch(path, json={"legal_situation": "ceased"})  # nothing changes: nothing is kept or told
    changes = (await api.get(f"{path}/changes")).json()
    assert [(c["author"], c["before"], c["after"]) for c in changes["items"]] == [
        ("api:test", {"legal_situation": "active"}, {"legal_situation": "ceased"})
    ]
    for claim in (first, second):
        async with engine.begin() as connection:
            told = [
                e.payload for e in await entries.unapplied(connection, UUID(claim["id"])) if e.kind == "debtor_changed"
            ]
        assert told == [{"fields": ["legal_situation"]}]


async def test_debtors_who_look_the_same_are_named_with_why(api: httpx2.AsyncClient) -> None:
    same = {"identifiers": {"siren": "404833048"}, "city": "Lyon", "postal_code": "69003"}
    path = await debtor_of(api, await opened(api, debtor=a_debtor(**same)))
    await opened(api, "ACME-2", debtor=a_debtor("D-2", **same))
    await opened(api, "ACME-3", creditor="OTHER", debtor=a_debtor("D-3", **{**same, "name": "Somebody Else"}))
    await opened(api, "ACME-4", debtor=a_debtor("D-4", name="Nobody"))
    found = (await api.get(path)).json()["duplicates"]
    assert [(each["creditor"], each["reference"], each["why"]) for each in found] == [
        ("ACME", "D-2", ["name", "siren"]),
        ("OTHER", "D-3", ["siren"]),
    ]


async def test_a_creditor_never_hears_of_another_ones_debtors(
    api: httpx2.AsyncClient, app: FastAPI, engine: AsyncEngine
) -> None:
    path = await debtor_of(api, await opened(api, debtor=a_debtor(identifiers={"siren": "404833048"})))
    await opened(api, "ACME-3", creditor="OTHER", debtor=a_debtor("D-3", identifiers={"siren": "404833048"}))
    async with engine.begin() as connection:
        await people.write_key(connection, name="acme", secret="rk_of_acme", role="creditor", creditors=["ACME"])
    async with client_of(app, "rk_of_acme") as creditor:
        assert (await creditor.get(path)).json()["duplicates"] == []


async def test_the_contacts_log_has_every_contact_over_all_claims_page_by_page(
    api: httpx2.AsyncClient, engine: AsyncEngine
) -> None:
    claims = [await opened(api), await opened(api, "ACME-2")]
    path = await debtor_of(api, claims[0])
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    rows = [
        {
            "id": uuid4(), "claim_id": UUID(claims[n % 2]["id"]), "sequence": n + 1, "action_type": "call",
            "category": "amicable", "origin": "manual", "mode": "manual", "channel": channel, "state": "finished",
            "done_at": start + timedelta(hours=n), "outcome": outcome, "reason": "no_answer", "decided_by": by,
        }
        for n, (channel, outcome, by) in enumerate([
            ("call", "done", "leila"), ("email", "sent", ""), ("letter", "withdrawn", ""),
            ("internal_email", "sent", ""), ("visit", "done", "omar"),
        ])
    ]  # fmt: skip
    async with engine.begin() as connection:
        await connection.execute(insert(tables.action), rows)
    first = (await api.get(f"{path}/contacts-log", params={"limit": 2})).json()
    rest = (await api.get(f"{path}/contacts-log", params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert [(c["channel"], c["by"], c["claim"]) for c in first["items"] + rest["items"]] == [
        ("visit", "omar", claims[0]["number"]), ("email", "system", claims[1]["number"]), ("call", "leila", claims[0]["number"])
    ]  # fmt: skip
    assert (first["total"], rest["next_cursor"]) == (3, None)
    assert first["items"][0]["result"] == "no_answer"
    assert (await api.get(f"{path}/contacts-log", params={"cursor": "nonsense"})).status_code == 422


async def test_the_list_finds_an_alert_on_its_days_only(api: httpx2.AsyncClient, engine: AsyncEngine) -> None:
    claim = await opened(api)
    today = datetime.now(UTC).date()

    async def stored(*alerts: dict[str, Any]) -> None:
        async with engine.begin() as connection:
            await connection.execute(update(tables.claim).values(alerts=list(alerts)))

    async def found(code: str) -> list[str]:
        items = (await api.get("/api/claims", params={"alert": code})).json()["items"]
        return [item["number"] for item in items]

    def day(n: int) -> str:
        return (today + timedelta(days=n)).isoformat()

    await stored({"code": "payment_overdue", "since": day(-3), "due_on": day(-4), "amount": "5.00", "currency": "EUR"})
    assert await found("payment_overdue") == [claim["number"]]
    whole = (await api.get(f"/api/claims/{claim['number']}")).json()
    assert whole["alerts"][0]["facts"]["amount"] == "5.00"
    assert "€5.00" in whole["alerts"][0]["text"]
    for until, since in ((None, day(3)), (day(-2), day(-9))):  # only foreseen, and over
        await stored({"code": "payment_due_soon", "since": since, **({"until": until} if until else {})})
        assert await found("payment_due_soon") == []
        assert (await api.get(f"/api/claims/{claim['number']}")).json()["alerts"] == []
        assert (await api.get("/api/claims")).json()["items"][0]["alerts"] == []
