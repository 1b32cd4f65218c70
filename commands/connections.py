"""How entry points reach PostgreSQL and Temporal."""

import asyncio

from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from db.engine import engine_for
from settings import Settings
from workflows.connection import Address, connect

ANSWERS_WITHIN = 60.0  # seconds
BETWEEN_ATTEMPTS = 0.2


async def awaited_temporal_client(settings: Settings) -> Client:
    """A connected client, waiting for a server that is just starting. Raises RuntimeError when it never answers."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + ANSWERS_WITHIN
    while True:
        try:
            return await temporal_client(settings)
        except RuntimeError:
            if clock() > deadline:
                raise
            await asyncio.sleep(BETWEEN_ATTEMPTS)


async def temporal_client(settings: Settings) -> Client:
    """A connected client. Raises RuntimeError when the server is not reached, ValueError when no address was set."""
    if settings.temporal_address is None:
        raise ValueError("TEMPORAL_ADDRESS is not set; `recouvra up` starts a Temporal server of its own and sets it")
    key = settings.temporal_api_key
    address = Address(
        settings.temporal_address,
        namespace=settings.temporal_namespace,
        api_key=key.get_secret_value() if key else None,
        tls=settings.temporal_tls,
        server_ca=settings.temporal_tls_server_ca_cert_path,
        client_cert=settings.temporal_tls_client_cert_path,
        client_key=settings.temporal_tls_client_key_path,
        server_name=settings.temporal_tls_server_name,
    )
    return await connect(address)


def database(settings: Settings) -> AsyncEngine:
    return engine_for(settings.database)
