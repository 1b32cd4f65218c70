"""What every caller meets: documentation without a network, health, problems, headers, authentication on every route."""

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from api.app import create_app
from api.security import Needs
from api.surroundings import ApiSettings
from db.engine import engine_for
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


def test_every_route_asks_who_is_there() -> None:
    """Only health, sign-in, the documentation and the workbench's entrance are open to all."""
    app = create_app(ApiSettings(), engine_for("postgresql://nobody@localhost/nothing"))
    open_to_all = {
        f"{sorted(route.methods or ())[0]} {route.path}"
        for route in iter_route_contexts(app.routes)
        if isinstance(route.original_route, APIRoute) and not asks(route.dependant)
    }
    assert {path for path in open_to_all if "/api/" in path} == {
        "GET /api/health",
        "GET /api/docs",
        "POST /api/session",
    }


def asks(dependant: Dependant) -> bool:
    return isinstance(dependant.call, Needs) or any(asks(inner) for inner in dependant.dependencies)
