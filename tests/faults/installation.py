"""A whole installation as a newcomer starts it, in a process of its own, on free ports and its own state folder."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import psutil

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN = 200.0  # seconds, on a machine that many tests share; `on_an_idle_machine` tells the limits proper
GONE_WITHIN = 60.0
POLL = 0.1


@dataclass
class Installation:
    """`recouvra up`, running."""

    process: subprocess.Popen[bytes]
    var: Path
    addresses: dict[str, Any]
    seconds_to_start: float

    @property
    def pids(self) -> dict[str, int]:
        return dict(json.loads((self.var / "addresses.json").read_text())["pids"])

    def everybody(self) -> set[psutil.Process]:
        """The supervisor and all that descends from it, now."""
        parent = psutil.Process(self.process.pid)
        return {parent, *parent.children(recursive=True)}

    def ports(self) -> list[int]:
        return [
            port
            for key in ("api", "temporal_ui", "smtp", "database_url")
            if (port := urlsplit(self.addresses[key]).port)
        ]

    def client(self) -> httpx2.Client:
        return httpx2.Client(
            base_url=self.addresses["api"], headers={"Authorization": f"Bearer {self.addresses['api_key']}"}, timeout=30
        )

    def health(self) -> dict[str, str]:
        """What /api/health says; nothing while the API does not answer."""
        try:
            return dict(httpx2.get(f"{self.addresses['api']}/api/health", timeout=10).json())
        except httpx2.TransportError:
            return {}


def begin(var: Path, *words: str, **variables: str) -> subprocess.Popen[bytes]:
    """`recouvra up` in a process group of its own; its output goes to <var>/../up.log."""
    told = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("RECOUVRA_", "TEMPORAL_")) and name not in ("DATABASE_URL", "SMTP_URL")
    }
    told |= {
        "RECOUVRA_VAR": str(var),
        "RECOUVRA_HTTP_PORT": "0",
        "RECOUVRA_TEMPORAL_PORT": "0",
        "RECOUVRA_SAMPLE": "0",
        **variables,
    }
    with (var.parent / "up.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, ROOT / "cli.py", "up", *words], env=told, stdout=log, stderr=log, start_new_session=True
        )


def until_ready(process: subprocess.Popen[bytes], var: Path) -> Installation:
    began = time.monotonic()
    file = var / "addresses.json"
    while not file.exists():
        assert process.poll() is None, (var.parent / "up.log").read_text()
        assert time.monotonic() - began < READY_WITHIN, (var.parent / "up.log").read_text()
        time.sleep(POLL)
    return Installation(process, var, json.loads(file.read_text()), time.monotonic() - began)


def on_an_idle_machine(seconds: float) -> float:
    """The limit in seconds, stretched by how many programs wait for each processor just now."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


@contextmanager
def running(var: Path, *words: str, **variables: str) -> Iterator[Installation]:
    """An installation that is up; whatever the test left of it is killed at the end."""
    process = begin(var, *words, **variables)
    try:
        yield until_ready(process, var)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(GONE_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_until_gone(processes: set[psutil.Process]) -> list[str]:
    """Who is still alive when the time is over (nobody, one hopes)."""
    _, alive = psutil.wait_procs(processes, timeout=GONE_WITHIN)
    return [" ".join(each.cmdline()) for each in alive if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]
