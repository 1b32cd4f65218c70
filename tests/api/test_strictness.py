"""Whatever is sent: a clear problem document, never a 5xx, nothing lost. Generated from the OpenAPI document itself."""

import json
import random
from collections import Counter
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from tests.api.conftest import KEY, client_of
from tests.api.stories import a_payment, an_intake, opened

SEED = 20261123
ROUNDS = 6  # of every operation; each with other values
NASTY: list[Any] = [
    None,
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "é" * 300,
    "x" * 100_000,
    "null",
    "NaN",
    "Infinity",
    "-1",
    "0",
    "1e400",
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "2026-01-01T00:00:00Z",
    "00000000-0000-4000-8000-000000000000",
    "R26-0000001",
    "../../etc/passwd",
    "' OR 1=1 --",
    "%",
    "\\",
    "{}",
    0,
    -1,
    1,
    2**31,
    2**63,
    10**400,
    1.5,
    1e308,
    -0.0,
    True,
    False,
    [],
    {},
    [[]],
    [None],
    {"": ""},
    {"a": {"b": {"c": [1, "two", None]}}},
]
RAW_BODIES = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"text"',
    b"12",
    b"NaN",
    b'{"amount": Infinity}',
    b"\xff\xfe\x00",
    b'{"text": "\xff"}',
    b'{"text": "\\u0000"}',
    b'{"text": "\\ud800"}',
    b"[" * 100_000,
    b'{"a":' * 500 + b"1" + b"}" * 500,
    b'{"amount": ' + b"9" * 5000 + b"}",
    b"0" * 3_000_000,
]


@pytest.fixture
async def known(api: httpx2.AsyncClient) -> dict[str, str]:
    """Something that is there for every kind of name in a path."""
    claim = await opened(api, "FUZZ-1")
    await api.post(f"/api/claims/{claim['number']}/payments", json=a_payment())
    paper = await api.post(f"/api/claims/{claim['number']}/documents", files={"file": ("a.txt", b"one")})
    whole = (await api.get(f"/api/claims/{claim['number']}")).json()
    return {
        "ref": claim["number"],
        "external_id": "P-1",
        "document_id": paper.json()["id"],
        "debtor_id": whole["debtor"]["id"],
        "kind": "statuses",
        "code": "disputed_price",
    }


def a_value(schema: dict[str, Any], schemas: dict[str, Any], dice: random.Random, depth: int = 0) -> Any:
    """Something like what the schema wants, or something quite else."""
    if dice.random() < 0.25 or depth > 4:
        return dice.choice(NASTY)
    if "$ref" in schema:
        return a_value(schemas[schema["$ref"].rsplit("/", 1)[-1]], schemas, dice, depth)
    alternatives = schema.get("anyOf") or schema.get("oneOf")
    if alternatives:
        return a_value(dice.choice(alternatives), schemas, dice, depth)
    if schema.get("type") == "object":
        fields = schema.get("properties", {})
        return {name: a_value(inner, schemas, dice, depth + 1) for name, inner in fields.items() if dice.random() < 0.8}
    if schema.get("type") == "array":
        return [a_value(schema.get("items", {}), schemas, dice, depth + 1) for _ in range(dice.randint(0, 3))]
    return dice.choice(schema.get("enum") or PLAIN.get(str(schema.get("type")), PLAIN["string"]))


PLAIN: dict[str, list[Any]] = {
    "integer": [0, 1, 2, 200, -1, 2**40],
    "boolean": [True, False],
    "string": ["F-1", "EUR", "100.00", "2026-03-01", "standard", "disputed_price", "paid", "text"],
}


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if not path.startswith(("/api/session", "/api/health"))
    ]


async def test_no_input_that_the_api_describes_breaks_it(
    app: FastAPI, api: httpx2.AsyncClient, known: dict[str, str]
) -> None:
    dice = random.Random(SEED)
    document = app.openapi()
    schemas = document["components"]["schemas"]
    answers: Counter[int] = Counter()
    for method, path, operation in operations(document):
        for _ in range(ROUNDS):
            where = path
            for name in [p["name"] for p in operation.get("parameters", []) if p["in"] == "path"]:
                value = known.get(name, "nobody") if dice.random() < 0.7 else _in_a_path(dice.choice(NASTY))
                where = where.replace("{" + name + "}", value)
            query = {
                p["name"]: _in_a_query(a_value(p["schema"], schemas, dice))
                for p in operation.get("parameters", [])
                if p["in"] == "query" and dice.random() < 0.4
            }
            content = operation.get("requestBody", {}).get("content", {})
            given: dict[str, Any] = {}
            if "application/json" in content:
                body = a_value(content["application/json"]["schema"], schemas, dice)
                given = {"content": json.dumps(body).encode(), "headers": {"Content-Type": "application/json"}}
            elif "multipart/form-data" in content:
                given = {
                    "files": {
                        "file": (
                            str(dice.choice(["", "a\x01b", "../x", "x" * 500])),
                            dice.choice([b"", b"1", b"PK\x03\x04"]),
                        )
                    }
                }
            answer = await api.request(method, where, params=query, **given)
            told = f"{method} {where!r} {query} {given}"[:2000]
            assert answer.status_code < 500, told
            answers[answer.status_code // 100] += 1
            if answer.status_code >= 400:
                assert answer.headers["content-type"] == "application/problem+json", told
                assert {"type", "title", "status", "detail"} <= set(answer.json()), told
    assert answers[2] > 20  # some of it makes sense


def _in_a_path(value: Any) -> str:
    text = str(value).encode("utf-8", "replace")[:300]
    return "".join(f"%{byte:02X}" for byte in text) or "x"


def _in_a_query(value: Any) -> Any:
    return str(value).encode("utf-8", "replace").decode()[:2000]


@pytest.mark.parametrize("raw", RAW_BODIES, ids=lambda raw: repr(raw[:20]))
async def test_a_body_that_is_no_body_is_told_so(api: httpx2.AsyncClient, raw: bytes) -> None:
    claim = await opened(api, "RAW-1")
    for path in ("/api/claims", f"/api/claims/{claim['number']}/payments", "/api/catalogue/statuses", "/api/session"):
        answer = await api.post(path, content=raw, headers={"Content-Type": "application/json"})
        assert answer.status_code in (400, 413, 422), (path, answer.status_code)
        assert answer.headers["content-type"] == "application/problem+json"


async def test_another_kind_of_content_is_told_so(api: httpx2.AsyncClient) -> None:
    for kind in ("text/plain", "application/xml", "multipart/form-data", "nonsense", ""):
        answer = await api.post("/api/claims", content=json.dumps(an_intake()).encode(), headers={"Content-Type": kind})
        assert answer.status_code in (400, 415, 422), kind
        assert answer.headers["content-type"] == "application/problem+json"


async def test_strange_headers_are_told_so_or_left_alone(app: FastAPI, api: httpx2.AsyncClient) -> None:
    assert (await api.post("/api/claims", json=an_intake(), headers={"Idempotency-Key": "x" * 500})).status_code == 422
    assert (await api.post("/api/claims", json=an_intake(), headers={"Idempotency-Key": " "})).status_code == 422
    assert (
        await api.get("/api/claims", headers={"Accept-Language": "fr;q=nonsense,,;;en;q=-1" * 50})
    ).status_code == 200
    async with client_of(app) as nobody:
        for header in (b"Bearer", b"Bearer ", b"Basic abc", "Bearer é".encode(), b"Bearer " + b"x" * 10_000):
            assert (await nobody.get("/api/claims", headers={"Authorization": header})).status_code == 401
    async with client_of(app, KEY) as client:
        client.cookies.set("recouvra_session", "\x7fnonsense")
        assert (await client.get("/api/claims")).status_code == 200


async def test_a_path_that_leads_nowhere_is_not_found(api: httpx2.AsyncClient) -> None:
    for path in (
        "/api",
        "/api/",
        "/api/nothing",
        "/api/claims/a/b/c",
        "/api/tasks/%00",
        "/%2e%2e/etc",
        "/api/documents/%FF",
    ):
        answer = await api.get(path)
        assert answer.status_code == 404, path
        assert answer.headers["content-type"] == "application/problem+json"
    assert (await api.put("/api/claims")).status_code == 405
