"""`recouvra worker`: takes the claims' tasks from the Temporal server."""

import asyncio

import structlog
from temporalio.client import Client

import worker as composition
from commands import connections, logs
from settings import Settings

BETWEEN_ATTEMPTS = 1.0  # seconds
log = structlog.get_logger()


def worker() -> None:
    """Work on claims until stopped; any number of workers share the work."""
    settings = Settings()
    logs.log_to_stderr(settings)
    asyncio.run(_work(settings))


async def _work(settings: Settings) -> None:
    await composition.run(settings, await _client(settings))


async def _client(settings: Settings) -> Client:
    """Waits for the Temporal server: a worker that starts before it is no failure."""
    while True:
        try:
            return await connections.temporal_client(settings)
        except RuntimeError as error:
            log.warning(
                "the Temporal server is not reached yet", address=settings.temporal_address, error=type(error).__name__
            )
            await asyncio.sleep(BETWEEN_ATTEMPTS)
