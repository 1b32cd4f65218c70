"""The catalogue over HTTP: versions, what is in use stays, what makes no sense is told."""

from typing import Any

import httpx2
import pytest

from tests.api.stories import opened

STATUS = {
    "code": "on_leave",
    "label": {"fr": "En congé", "en": "On leave"},
    "category": "in_progress",
    "follow_up_days": 3,
    "active": True,
}


async def test_an_entry_is_added_changed_and_deleted(api: httpx2.AsyncClient) -> None:
    path = "/api/catalogue/statuses"
    added = await api.post(path, json=STATUS)
    assert (added.status_code, added.json()["version"]) == (201, 1)
    assert (await api.post(path, json=STATUS)).status_code == 409
    changed = await api.put(f"{path}/on_leave", json={**STATUS, "follow_up_days": 9})
    assert (changed.status_code, changed.json()["version"], changed.json()["follow_up_days"]) == (200, 2, 9)
    assert (await api.get(f"{path}/on_leave?version=1")).json()["follow_up_days"] == 3
    assert "on_leave" in [entry["code"] for entry in (await api.get(path)).json()["items"]]
    assert (await api.delete(f"{path}/on_leave")).status_code == 204
    assert (await api.get(f"{path}/on_leave")).status_code == 404
    assert (await api.delete(f"{path}/on_leave")).status_code == 404


async def test_what_is_in_use_is_made_inactive_instead(api: httpx2.AsyncClient) -> None:
    await opened(api)
    assert (await api.delete("/api/catalogue/creditors/ACME")).status_code == 409
    assert (await api.delete("/api/catalogue/scenarios/standard")).status_code == 409
    assert (await api.delete("/api/catalogue/action-types/reminder_1")).status_code == 409


async def test_an_unknown_creditor_is_created_by_intake(api: httpx2.AsyncClient) -> None:
    await opened(api, creditor="Nouveau & Fils")
    entry = await api.get("/api/catalogue/creditors/Nouveau & Fils")
    assert (entry.status_code, entry.json()["name"]) == (200, "Nouveau & Fils")
    named = await api.put(
        "/api/catalogue/creditors/Nouveau & Fils", json={"name": "Nouveau et Fils SARL", "country": "FR"}
    )
    assert named.status_code == 200
    claim = (await api.get("/api/claims/ACME-1")).json()
    assert claim["creditor"] == {"code": "Nouveau & Fils", "name": "Nouveau et Fils SARL"}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("statuses", {}),
        ("statuses", {**STATUS, "category": "nonsense"}),
        ("statuses", {**STATUS, "code": "a b/c"}),
        (
            "scenarios",
            {
                "code": "s",
                "label": {"en": "S", "fr": "S"},
                "steps": [{"action_type": "unheard_of", "after": {"due_date": 1}}],
            },
        ),
        ("action-types", {"code": "x"}),
    ],
)
async def test_a_body_that_makes_no_sense_says_why(api: httpx2.AsyncClient, kind: str, body: dict[str, Any]) -> None:
    answer = await api.post(f"/api/catalogue/{kind}", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"]


async def test_a_body_with_another_code_than_its_address_is_told_so(api: httpx2.AsyncClient) -> None:
    answer = await api.put("/api/catalogue/statuses/one", json={**STATUS, "code": "another"})
    assert (answer.status_code, answer.json()["detail"]) == (422, "code: must be the code in the address, one")


async def test_an_unknown_kind_is_not_found(api: httpx2.AsyncClient) -> None:
    assert (await api.get("/api/catalogue/spells")).status_code == 404
