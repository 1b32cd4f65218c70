"""What pages answer, without a browser: who may come in, in which language, with which errors."""

from dataclasses import replace
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from tests.api.stories import a_payment, an_intake

PROGRAM = {"Authorization": "Bearer rk_test_everything"}
HTMX = {"HX-Request": "true"}


async def opened(desk: httpx2.AsyncClient, reference: str, **given: Any) -> str:
    answer = await desk.post("/api/claims", json=an_intake(reference, **given), headers=PROGRAM)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["number"])


def debtor(name: str) -> dict[str, str]:
    return {"reference": name[:9], "name": name, "country": "FR", "email": "compta@debiteur.example"}


async def test_who_is_not_signed_in_goes_to_the_login_page_and_comes_back(visitor: httpx2.AsyncClient) -> None:
    answer = await visitor.get("/claims?stage=closed")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=/claims%3Fstage%3Dclosed"
    part = await visitor.get("/inbox/count", headers=HTMX)
    assert part.status_code == 401
    assert part.headers["hx-redirect"] == "/login"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
async def test_signing_in_never_leads_elsewhere(visitor: httpx2.AsyncClient, elsewhere: str) -> None:
    credentials = {"email": "leila@recouvra.example", "password": "a long enough password", "next": elsewhere}
    answer = await visitor.post("/login", data=credentials)
    assert answer.headers["location"] == "/inbox"


async def test_another_site_cannot_act_for_the_reader(desk: httpx2.AsyncClient) -> None:
    number = await opened(desk, "ACME-1")
    foreign = {"Sec-Fetch-Site": "cross-site"}
    for address in (f"/claims/{number}/notes", "/claims/search", "/logout", "/training", "/inbox/decisions"):
        answer = await desk.post(address, data={"text": "x", "term": "x"}, headers=foreign)
        assert answer.status_code == 403, address
        assert answer.headers["content-type"].startswith("text/html")


async def test_errors_are_pages_for_people_and_documents_for_programs(desk: httpx2.AsyncClient) -> None:
    for address in ("/claims/R00-0000000", "/inbox/no-id", "/nowhere"):
        page = await desk.get(address, headers={"Accept-Language": "fr"})
        assert page.status_code == 404
        assert "Rien ne porte ce nom" in page.text
    document = await desk.get("/api/claims/R00-0000000")
    assert document.headers["content-type"] == "application/problem+json"
    assert (await desk.post("/claims")).status_code == 405


async def test_the_click_on_a_language_wins_over_the_browser(desk: httpx2.AsyncClient) -> None:
    assert '<html lang="en">' in (await desk.get("/inbox")).text
    answer = await desk.post("/language", data={"language": "fr", "back": "/claims?stage=closed"})
    assert answer.headers["location"] == "/claims?stage=closed"
    assert '<html lang="fr">' in (await desk.get("/inbox")).text
    await desk.post("/language", data={"language": "xx", "back": "/inbox"})
    assert '<html lang="fr">' in (await desk.get("/inbox")).text


async def test_htmx_gets_the_fragment_it_names_and_everybody_else_the_page(desk: httpx2.AsyncClient) -> None:
    part = await desk.get("/claims", headers={**HTMX, "HX-Target": "claims"})
    assert part.text.lstrip().startswith('<section id="claims"')
    for headers in (
        {},
        {**HTMX, "HX-Target": "../pages/login"},
        {**HTMX, "HX-Target": "claims", "HX-History-Restore-Request": "true"},
    ):
        whole = await desk.get("/claims", headers=headers)
        assert whole.text.lstrip().startswith("<!doctype html>")
    assert "HX-Target" in part.headers["vary"]


async def test_pages_forbid_scripts_and_styles_from_inside_the_page(desk: httpx2.AsyncClient) -> None:
    policy = (await desk.get("/inbox")).headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy


async def test_a_list_sorted_by_names_goes_on_without_a_name_in_its_address(desk: httpx2.AsyncClient) -> None:
    for n in range(51):
        await opened(desk, f"ACME-{n}", debtor=debtor(f"Zénobie {n:02d}"))
    first = await desk.get("/claims?sort=debtor")
    assert "Zénobie 49" in first.text
    assert "Zénobie 50" not in first.text
    address = next(line for line in first.text.split('"') if line.startswith("/claims?") and "after=" in line)
    assert "cursor" not in address
    second = await desk.get(address.replace("&amp;", "&"))
    assert "Zénobie 50" in second.text
    assert "Zénobie 49" not in second.text


async def test_what_cannot_be_read_does_not_filter_and_is_said(desk: httpx2.AsyncClient) -> None:
    number = await opened(desk, "ACME-1")
    page = await desk.get("/claims?min_balance=beaucoup&due_from=demain&stage=somewhere")
    assert page.status_code == 200
    assert number in page.text
    assert "beaucoup" in page.text
    assert (await desk.get("/claims?sort=debtor_name")).status_code == 422
    assert (await desk.get("/claims?cursor=%00")).status_code == 422


async def test_a_search_that_somebody_tampered_with_finds_everything(desk: httpx2.AsyncClient) -> None:
    number = await opened(desk, "ACME-1")
    for kept in ("%5B1%5D", "nonsense", "%7B%22ab%22%3A1%7D"):
        desk.cookies.set("searches", kept, path="/claims")
        page = await desk.get("/claims?search=zz")
        assert page.status_code == 200
        assert number in page.text


async def test_a_form_sent_twice_is_one_payment(desk: httpx2.AsyncClient) -> None:
    number = await opened(desk, "ACME-1")
    form = {
        "key": "abc",
        "amount": "12,50",
        "value_date": "2026-03-01",
        "method": "transfer",
        "external_id": "",
        "item": "",
    }
    for _ in range(2):
        answer = await desk.post(f"/claims/{number}/payments", data=form, headers={"Accept-Language": "fr"})
        assert answer.status_code == 303
    page = await desk.get(f"/claims/{number}?tab=payments")
    assert page.text.count("workbench-abc") == 1


async def test_a_payment_that_waits_is_shown_and_the_page_asks_again(desk: httpx2.AsyncClient) -> None:
    """No worker runs here: what was taken is not lost to the eye."""
    number = await opened(desk, "ACME-1")
    await desk.post(f"/api/claims/{number}/payments", json=a_payment(), headers=PROGRAM)
    page = await desk.get(f"/claims/{number}?tab=payments")
    assert "Being applied" in page.text
    assert 'hx-trigger="load' in page.text


async def test_a_refused_act_keeps_what_was_typed(desk: httpx2.AsyncClient) -> None:
    number = await opened(desk, "ACME-1")
    form = {
        "key": "k",
        "amount": "-5",
        "value_date": "2026-03-01",
        "method": "transfer",
        "external_id": "MINE",
        "item": "",
    }
    answer = await desk.post(f"/claims/{number}/payments", data=form)
    assert answer.status_code == 422
    assert "must be above zero" in answer.text
    assert 'value="MINE"' in answer.text


async def test_a_journey_that_goes_nowhere_is_refused_with_what_was_typed(desk: httpx2.AsyncClient) -> None:
    refused = await desk.post("/training", data={"how": "days", "days": "0", "claims": "", "key": "k"})
    assert refused.status_code == 422
    assert 'value="0"' in refused.text


async def test_elsewhere_than_in_training_there_is_no_training_page(desk: httpx2.AsyncClient, app: FastAPI) -> None:
    around = app.state.surroundings
    app.state.surroundings = replace(around, settings=replace(around.settings, training=False))
    assert (await desk.get("/training")).status_code == 404
    assert "/training" not in (await desk.get("/inbox")).text


async def test_an_import_without_a_file_says_so(desk: httpx2.AsyncClient) -> None:
    answer = await desk.post(
        "/imports", data={"saved": "", "mapping": "{not json"}, files={"file": ("a.csv", b"a;b\n1;2\n", "text/csv")}
    )
    assert answer.status_code == 422
    assert "{not json" in answer.text
    assert (await desk.post("/imports", data={"saved": ""})).status_code == 422
