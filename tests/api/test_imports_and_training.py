"""Imports and fast-forwards over HTTP while Temporal is down: what is taken, what is refused, and how."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from api.app import create_app
from api.surroundings import ApiSettings
from db import imports, journeys, tables
from domain.portfolio_file import RowError
from tests.api.conftest import KEY, client_of

CSV = b"creditor,debtor_reference,debtor_name,item_reference,due_on,amount,currency\nACME,D1,Dupont,F1,2026-01-01,10.00,EUR\n"


async def send(
    api: httpx2.AsyncClient, content: bytes = CSV, mapping: str = "{}", name: str = "file.csv", **more: object
) -> httpx2.Response:
    return await api.post("/api/imports", files={"file": (name, content)}, data={"mapping": mapping}, **more)


async def test_a_file_is_taken_while_temporal_is_down_and_its_progress_can_be_asked(api: httpx2.AsyncClient) -> None:
    answer = await send(api)
    assert answer.status_code == 202
    job = (await api.get(f"/api/imports/{answer.json()['import_id']}")).json()
    assert (job["state"], job["progress"], job["errors"], (await api.get(job["errors_url"])).json()["items"]) == (
        "queued",
        0.0,
        [],
        [],
    )
    assert [each["import_id"] for each in (await api.get("/api/imports")).json()["items"]] == [job["import_id"]]


@pytest.mark.parametrize(
    ("content", "mapping", "field"),
    [
        (b"", "{}", "file"),
        (b"PK\x03\x04 this is no workbook", "{}", "file"),
        (bytes(range(256)) * 40, "{}", "file"),
        (CSV, "{", "mapping"),
        (CSV, "[1]", "mapping"),
        (CSV, "a name nobody saved", "mapping"),
        (CSV, json.dumps({"columns": {"amount": "Betrag"}}), "mapping.columns.amount"),
        (CSV, json.dumps({"columns": {"colour": "x"}}), "mapping.columns.colour"),
        (CSV, json.dumps({"date_format": "%Y"}), "mapping.date_format"),
        (CSV, json.dumps({"defaults": {"scenario": "{no such column}"}}), "mapping.defaults.scenario"),
        (b"creditor,amount\nACME,1\n", "{}", "mapping.columns.debtor_reference"),
    ],
)
async def test_what_is_no_table_or_does_not_fit_is_refused_and_says_where(
    api: httpx2.AsyncClient, content: bytes, mapping: str, field: str
) -> None:
    answer = await send(api, content, mapping)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert field in {
        error["field"].removesuffix(".file") if field == "file" else error["field"] for error in answer.json()["errors"]
    }


async def test_without_a_file_or_for_an_unknown_import_there_is_a_problem_document(api: httpx2.AsyncClient) -> None:
    assert (await api.post("/api/imports", data={"mapping": "{}"})).status_code == 422
    assert (await api.get(f"/api/imports/{uuid4()}")).status_code == 404
    assert (await api.get("/api/imports/not-an-id/errors.csv")).status_code == 404


async def test_an_upload_above_the_limit_is_refused(app: FastAPI) -> None:
    small = create_app(ApiSettings(import_limit=10_000), app.state.surroundings.engine)
    async with client_of(small, KEY) as api:
        assert (await send(api, CSV * 200)).status_code == 413


async def test_a_mapping_is_kept_by_name(api: httpx2.AsyncClient) -> None:
    mapping = {"columns": {"amount": "Betrag"}, "decimal": ","}
    assert (await api.put("/api/imports/mappings/Mandant A", json=mapping)).json()["mapping"] == mapping
    assert (await api.put("/api/imports/mappings/bad", json={"decimal": "!"})).status_code == 422
    assert (await api.get("/api/imports/mappings")).json()["items"] == [{"name": "Mandant A", "mapping": mapping}]
    assert (
        await send(api, CSV.replace(b"amount", b"Betrag").replace(b"10.00", b'"10,00"'), "Mandant A")
    ).status_code == 202


async def test_the_same_key_is_one_import(api: httpx2.AsyncClient) -> None:
    first = await send(api, headers={"Idempotency-Key": "k1"})
    again = await send(api, headers={"Idempotency-Key": "k1"})
    other = await send(api, CSV + b"ACME,D2,Martin,F2,2026-01-01,1,EUR\n", headers={"Idempotency-Key": "k1"})
    assert (first.json(), other.status_code) == (again.json(), 409)


async def test_rejected_rows_come_as_a_table_that_no_spreadsheet_runs(
    api: httpx2.AsyncClient, engine: AsyncEngine
) -> None:
    key = (await send(api)).json()["import_id"]
    async with engine.begin() as connection:
        await imports.reject(
            connection, key, [RowError(2, "amount", "=HYPERLINK(1)", "not_an_amount", "is, no amount")]
        )
        await imports.change(connection, key, rejected=1)
    job = (await api.get(f"/api/imports/{key}")).json()
    listed = (await api.get(job["errors_url"])).json()["items"]
    table = (await api.get(job["errors_csv_url"])).text
    assert (
        listed
        == job["errors"]
        == [
            {
                "line": 2,
                "column": "amount",
                "value": "=HYPERLINK(1)",
                "code": "not_an_amount",
                "reason": "is, no amount",
            }
        ]
    )
    assert table.splitlines()[1] == """2,amount,'=HYPERLINK(1),not_an_amount,"is, no amount\""""


# ---- training ----------------------------------------------------------------------------------


@pytest.fixture
async def training(app: FastAPI) -> httpx2.AsyncClient:
    return client_of(create_app(ApiSettings(training=True), app.state.surroundings.engine), KEY)


async def a_claim(api: httpx2.AsyncClient, reference: str) -> str:
    item = {"reference": "F1", "due_on": "2026-01-01", "amount": "10.00"}
    debtor = {"reference": "D", "name": "Dupont", "country": "FR"}
    answer = await api.post(
        "/api/claims",
        json={"creditor": "ACME", "reference": reference, "currency": "EUR", "debtor": debtor, "items": [item]},
    )
    return answer.json()["number"]


async def test_elsewhere_than_in_training_nobody_moves_time(api: httpx2.AsyncClient) -> None:
    assert (await api.post("/api/training/fast-forward", json={"days": 1})).status_code == 404
    assert (await api.get(f"/api/training/jobs/{uuid4()}")).status_code == 404


async def test_a_fast_forward_is_a_job_of_the_open_claims(training: httpx2.AsyncClient, engine: AsyncEngine) -> None:
    numbers = [await a_claim(training, reference) for reference in ("A/1", "B", "C")]
    async with engine.begin() as connection:
        await connection.execute(update(tables.claim).where(tables.claim.c.number == numbers[2]).values(stage="closed"))
    everything = await training.post("/api/training/fast-forward", json={"days": 3})
    named = await training.post(
        "/api/training/fast-forward", json={"days": 3, "claims": ["A/1", numbers[0], numbers[2]], "stop_at_task": True}
    )
    assert (everything.status_code, everything.json()["total"], named.json()["total"]) == (202, 2, 1)
    job = (await training.get(f"/api/training/jobs/{named.json()['job']}")).json()
    assert job == {"job": named.json()["job"], "state": "queued", "total": 1, "arrived": 0, "stopped": 0, "failed": []}
    async with engine.connect() as connection:
        keys = (
            (await connection.execute(select(tables.journey.c.id).order_by(tables.journey.c.created_at)))
            .scalars()
            .all()
        )
        first, second = [await journeys.one(connection, key) for key in keys]
        assert first is not None
        assert second is not None
        assert len(await journeys.ready(connection, first, without=(), limit=9)) == 2
        assert await journeys.ready(connection, second, without=(), limit=9) == []


async def test_what_lies_in_the_past_or_is_no_length_is_refused(
    training: httpx2.AsyncClient, engine: AsyncEngine
) -> None:
    number = await a_claim(training, "A")
    today = datetime.now(UTC).date()
    async with engine.begin() as connection:
        await connection.execute(update(tables.claim).values(clock_ahead=timedelta(days=30)))
    bad = [
        {"until": (today - timedelta(days=2)).isoformat()},
        {"until": (today + timedelta(days=20)).isoformat(), "claims": [number]},
        {"until": "soon"}, {"days": 0}, {"days": -3}, {"days": 1.5}, {"days": 10**9}, {}, {"days": 1, "until": "2030-01-01"}, {"days": 1, "when": 2},
    ]  # fmt: skip
    for body in bad:
        assert (await training.post("/api/training/fast-forward", json=body)).status_code == 422, body
    assert (
        await training.post("/api/training/fast-forward", json={"days": 1, "claims": ["nobody"]})
    ).status_code == 404
    assert (
        await training.post("/api/training/fast-forward", json={"until": (today + timedelta(days=40)).isoformat()})
    ).status_code == 202
