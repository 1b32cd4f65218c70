"""How entry points reach PostgreSQL and Temporal."""

import logging
import sys

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from db.engine import engine_for
from settings import Settings
from workflows.connection import Address, connect


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


def log_to_stderr(settings: Settings) -> None:
    """One line a record: coloured at a terminal, JSON elsewhere; what libraries log takes the same way."""
    at_terminal = sys.stderr.isatty()
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    rendered: list[structlog.types.Processor] = (
        [structlog.dev.ConsoleRenderer()]
        if at_terminal
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendered]
    )
    writing = logging.StreamHandler(sys.stderr)
    writing.setFormatter(formatter)
    logging.basicConfig(handlers=[writing], level=settings.log_level.upper(), force=True)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
