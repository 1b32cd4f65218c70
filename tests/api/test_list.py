"""The portfolio's list: found whatever way it is written, sorted, page by page, for those who may see it."""

from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from db import people
from tests.api.conftest import client_of
from tests.api.stories import an_intake


@pytest.fixture
async def portfolio(api: httpx2.AsyncClient) -> list[dict[str, Any]]:
    """Five claims of two creditors, the amounts in no order."""
    names = ["Électricité Perrin", "Œuvres du Sud", "perrin frères", "Société Générale d'Étain", "100 % Bois_Clair"]
    claims = []
    for n, (name, amount) in enumerate(zip(names, ["50.00", "10.00", "30.00", "20.00", "30.00"], strict=True)):
        items = [{"reference": "F-1", "due_on": None if n == 3 else f"2026-0{n + 1}-01", "amount": amount}]
        debtor = {"reference": f"D-{n}", "name": name, "country": "FR"}
        answer = await api.post(
            "/api/claims",
            json=an_intake(f"Dossier-{n}", creditor="ACME" if n < 3 else "Bêta", debtor=debtor, items=items),
        )
        assert answer.status_code == 201, answer.text
        claims.append(answer.json())
    return claims


async def references(api: httpx2.AsyncClient, **query: Any) -> list[str]:
    answer = await api.get("/api/claims", params=query)
    assert answer.status_code == 200, answer.text
    return [line["reference"] for line in answer.json()["items"]]


@pytest.mark.usefixtures("portfolio")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "electricite"}, ["Dossier-0"]),
        ({"q": "ÉLECTRICITÉ p"}, ["Dossier-0"]),
        ({"q": "perrin", "match": "contains"}, ["Dossier-0", "Dossier-2"]),
        ({"q": "perrin"}, ["Dossier-2"]),
        ({"q": "oeuvres"}, ["Dossier-1"]),
        ({"q": "dossier-4"}, ["Dossier-4"]),
        ({"q": "100 %"}, ["Dossier-4"]),
        ({"q": "%"}, []),
        ({"q": "bois_", "match": "contains"}, ["Dossier-4"]),
        ({"q": "ois_c", "match": "contains"}, ["Dossier-4"]),
        ({"creditor": "Bêta"}, ["Dossier-3", "Dossier-4"]),
        ({"creditor": ["Bêta", "ACME"], "min_balance": "30.00"}, ["Dossier-0", "Dossier-2", "Dossier-4"]),
        ({"max_balance": "20"}, ["Dossier-1", "Dossier-3"]),
        ({"due_from": "2026-02-01", "due_to": "2026-03-01"}, ["Dossier-1", "Dossier-2"]),
        ({"stage": "litigation"}, []),
        ({"status": "dispute"}, []),
        ({"alert": "anything"}, []),
        ({"q": "dossier-4", "stage": "", "match": "", "min_balance": "", "limit": "", "due_to": ""}, ["Dossier-4"]),
    ],
)
async def test_a_claim_is_found(api: httpx2.AsyncClient, query: dict[str, Any], found: list[str]) -> None:
    assert await references(api, **query, sort="reference") == found


@pytest.mark.usefixtures("portfolio")
@pytest.mark.parametrize(
    "name", ["priority", "reference", "number", "debtor", "balance_due", "oldest_due_on", "next_action_on", "opened_on"]
)
@pytest.mark.parametrize("sign", ["", "-"])
async def test_pages_together_are_the_list_in_order(api: httpx2.AsyncClient, name: str, sign: str) -> None:
    whole = await references(api, sort=sign + name)
    paged: list[str] = []
    cursor: str | None = None
    while True:
        answer = (
            await api.get(
                "/api/claims", params={"sort": sign + name, "limit": 2, **({"cursor": cursor} if cursor else {})}
            )
        ).json()
        assert (answer["total"], answer["total_is_exact"]) == (5, True)
        paged += [line["reference"] for line in answer["items"]]
        cursor = answer["next_cursor"]
        if cursor is None:
            break
    assert paged == whole
    assert sorted(whole) == [f"Dossier-{n}" for n in range(5)]
    if name == "balance_due":
        assert whole[0 if sign else -1] == "Dossier-0"


@pytest.mark.usefixtures("portfolio")
@pytest.mark.parametrize(
    "query",
    [
        {"q": "pe", "match": "contains"},
        {"q": "é ", "match": "contains"},
        {"sort": "shoe_size"},
        {"limit": 0},
        {"limit": 201},
        {"cursor": "nonsense"},
        {"cursor": "é"},
        {"cursor": "W10"},
        {"cursor": "WyItcHJpb3JpdHkiLCAiYSIsICJiIl0"},
        {"min_balance": "NaN"},
        {"min_balance": "1e99"},
        {"due_to": "yesterday"},
        {"stage": "heaven"},
        {"q": "\x00"},
    ],
)
async def test_a_question_that_makes_no_sense_is_told_so(api: httpx2.AsyncClient, query: dict[str, Any]) -> None:
    answer = await api.get("/api/claims", params=query)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.usefixtures("portfolio")
async def test_a_cursor_belongs_to_its_order(api: httpx2.AsyncClient) -> None:
    cursor = (await api.get("/api/claims", params={"sort": "reference", "limit": 2})).json()["next_cursor"]
    answer = await api.get("/api/claims", params={"sort": "number", "cursor": cursor})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "bad_cursor")


async def test_a_creditor_sees_its_own_claims_only(
    app: FastAPI, engine: AsyncEngine, portfolio: list[dict[str, Any]]
) -> None:
    async with engine.begin() as connection:
        await people.write_key(connection, name="beta", secret="rk_beta_beta_beta", role="creditor", creditors=["Bêta"])
    async with client_of(app, "rk_beta_beta_beta") as beta:
        assert await references(beta, sort="reference") == ["Dossier-3", "Dossier-4"]
        assert (await beta.get(f"/api/claims/{portfolio[0]['number']}")).status_code == 404
        assert (await beta.get(f"/api/claims/{portfolio[3]['number']}")).status_code == 200
        assert (await beta.post("/api/claims", json=an_intake())).status_code == 403
