"""What every caller meets: documentation without a network, health, problems, headers, authentication on every route."""

import re

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from tests.api.conftest import KEY, client_of


async def test_the_page_about_the_api_needs_no_network(api: httpx2.AsyncClient) -> None:
    page = await api.get("/api/docs")
    assert page.status_code == 200
    assert "/api/claims/{ref}/payments" in page.text
    assert "http://" not in page.text
    assert "https://" not in page.text
    assert "<script" not in page.text


async def test_health_names_what_is_down(app: FastAPI) -> None:
    async with client_of(app) as nobody:
        answer = await nobody.get("/api/health")
    assert answer.status_code == 503
    assert answer.json() == {"status": "down", "database": "ok", "temporal": "down", "worker": "unknown"}


async def test_without_a_key_nothing_is_shown(app: FastAPI) -> None:
    async with client_of(app) as nobody, client_of(app, "rk_wrong_key_wrong_key") as stranger:
        for caller in (nobody, stranger):
            answer = await caller.get("/api/claims/R26-0000001")
            assert answer.status_code == 401
            assert answer.json()["type"] == "/problems/unauthenticated"


async def test_every_answer_is_hardened(app: FastAPI) -> None:
    async with client_of(app) as nobody:
        for path in ("/api/health", "/api/nothing", "/api/claims/x", "/api/docs"):
            headers = (await nobody.get(path)).headers
            assert headers["x-content-type-options"] == "nosniff"
            assert "default-src 'self'" in headers["content-security-policy"]


@pytest.mark.parametrize(("language", "title"), [("fr", "Authentification requise"), ("en", "Please sign in")])
async def test_a_problem_speaks_the_callers_language(app: FastAPI, language: str, title: str) -> None:
    async with client_of(app) as nobody:
        answer = await nobody.get("/api/claims/x", headers={"Accept-Language": f"{language};q=0.9, ar"})
    assert answer.json()["title"] == title
    assert KEY not in answer.text


OPEN_TO_ALL = {
    "GET /api/health",
    "GET /api/openapi.json",
    "GET /api/docs",
    "POST /api/session",
    "GET /favicon.ico",
    "GET /login",
    "POST /login",
    "POST /logout",
    "POST /language",
}


async def test_every_route_asks_who_is_there(app: FastAPI) -> None:
    """A stranger gets 401, or the way to the login page; static files are open too."""
    routes = {
        (method, str(route.path))
        for route in iter_route_contexts(app.routes)
        for method in (route.methods or ())
        if method != "HEAD"
    }
    assert len(routes) > 30
    open_to_all = set()
    async with client_of(app) as stranger:
        for method, path in routes:
            answer = await stranger.request(method, re.sub(r"\{[^}]*\}", "x", path))
            sent_to_login = answer.status_code == 303 and answer.headers["location"].startswith("/login?next=")
            if answer.status_code != 401 and not sent_to_login and answer.headers.get("location") != "/login":
                open_to_all.add(f"{method} {path}")
    assert {"GET /api/health", "GET /login"} <= open_to_all <= OPEN_TO_ALL


async def test_an_address_that_says_api_twice_is_understood(app: FastAPI) -> None:
    async with client_of(app, KEY) as client:
        once, twice = await client.get("/api/claims"), await client.get("/api/api/claims")
    assert (once.status_code, once.json()) == (200, twice.json())
