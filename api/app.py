"""The HTTP side, put together. Entry points call `create_app`; the workbench's pages are among its routers."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from api import (
    actions,
    arrangements,
    claims,
    course,
    debt,
    debtors,
    disputes,
    guarantees,
    health,
    imports,
    legal_events,
    listed,
    mailbox,
    offers,
    papers,
    problems,
    procedures,
    promises,
    reference,
    reports,
    returned,
    scenario,
    settings_routes,
    signing_in,
    stages,
    tasks,
    training,
)
from api.joined import ApiCountsOnce
from api.pages.site import add_pages
from api.pages.trouble import answer_in_kind
from api.strictness import Strictness
from api.surroundings import ApiSettings, Surroundings, wall_clock
from api.telling import Connect, Telling

ROUTERS = (
    health.router,
    reference.router,
    signing_in.router,
    claims.router,
    listed.router,
    debt.router,
    course.router,
    promises.router,
    arrangements.router,
    offers.router,
    disputes.router,
    stages.router,
    scenario.router,
    papers.router,
    legal_events.router,
    returned.router,
    actions.router,
    procedures.router,
    guarantees.router,
    tasks.router,
    debtors.router,
    reports.router,
    settings_routes.router,
    mailbox.router,
    imports.router,
    training.router,
)


def create_app(
    settings: ApiSettings,
    engine: AsyncEngine,
    *,
    client: Client | None = None,
    connect: Connect | None = None,
    now: Callable[[], datetime] = wall_clock,
) -> FastAPI:
    """The application. It starts and takes writes while Temporal is down: `connect` is tried in the background until it succeeds."""
    telling = Telling(client, connect)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        telling.begin()
        try:
            yield
        finally:
            await telling.end()

    app = FastAPI(
        title="Recouvra",
        summary="Recovers unpaid debts: every claim is one long-lived workflow",
        version="0.1.0",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=life,
        responses=reference.RESPONSES,
    )
    app.state.surroundings = Surroundings(engine, telling, settings, now)
    app.state.health = health.Health()
    problems.install(app)
    reference.describe(app)
    for router in ROUTERS:
        app.include_router(router)
    add_pages(app)
    app.add_middleware(Strictness, settings=settings, answer=answer_in_kind)
    app.add_middleware(ApiCountsOnce)
    return app
