"""Everything on one machine: starts the parts in order, watches them, stops them in order. Start reading at `run`.

Every child dies with this process (leash.py), whatever kills it. What was accepted is in PostgreSQL and Temporal's file.
"""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from embedded import farewell, leash, ports, postgres, schema, state, temporal
from embedded.children import Child
from settings import Settings

COMMAND = Path(__file__).resolve().parent.parent / "cli.py"
PROGRAMS = ("worker", "api")
READY_WITHIN = 120.0  # seconds from starting the API to its saying that all is well
HOPELESS = 3  # crashes before the first answer
WATCH_EVERY = 0.25
HEALTH = "/api/health"
MAILBOX_PAGE = "/dev/mailbox"


class StopAsked(BaseException):
    """Ctrl-C or SIGTERM came before everything was up."""


class CannotStart(RuntimeError):
    """The sentence says what did not start and what to do."""


class Supervisor:
    """One installation on its state folder. Parts whose address was given from outside are not started."""

    def __init__(
        self,
        settings: Settings,
        *,
        environment: Mapping[str, str],
        without: Sequence[str] = (),
        say: Callable[[str], None] = print,
    ) -> None:
        self.settings = settings
        self.var = settings.var.resolve()
        self.without = frozenset(without)
        self.children: dict[str, Child] = {}
        self.addresses: dict[str, Any] = {}
        self._environment = dict(environment)
        self._say = say
        self._asked = 0

    def run(self, when_ready: Callable[["Supervisor"], None]) -> None:
        """Serve until asked to stop. Raises CannotStart, PortInUse, AlreadyRunning, PostgresCannotRun, TemporalCannotRun."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        with state.held(self.var):
            state.forget_addresses(self.var)
            last_to_leave = farewell.promise(self.var / state.ADDRESSES)
            try:
                with suppress(StopAsked):
                    self._start()
                    when_ready(self)
                    self._watch()
            finally:
                state.forget_addresses(self.var)
                self._stop()
                last_to_leave.communicate()

    def start_aside(self, name: str, *words: str) -> None:
        """A child that does its work once and ends (the sample's arrival)."""
        self._start_child(Child(name, lambda: self._recouvra(name, *words), ends_by_itself=True))

    # ---- starting ----------------------------------------------------------------------------------

    def _start(self) -> None:
        asked = self.settings
        api_port = ports.claimed(asked.http_port, variable="RECOUVRA_HTTP_PORT", host=asked.http_host)
        self._make_up_secrets()
        self._start_temporal()
        self._start_postgres()
        self._start_mailbox()
        origin = f"http://{asked.http_host}:{api_port}"
        self.addresses = {
            "workbench": origin + "/",
            "api": origin + "/api",
            "mailbox": origin + MAILBOX_PAGE,
            **self.addresses,
        }
        self._environment |= {"RECOUVRA_HTTP_PORT": str(api_port), "RECOUVRA_PUBLIC_URL": asked.public_url or origin}
        self._pause()
        self._migrate_and_start_programs()
        self._wait_until_healthy(asked.http_host, api_port)
        self._write_addresses()

    def _make_up_secrets(self) -> None:
        key, password = self.settings.api_key, self.settings.admin_password
        self._environment |= {
            "RECOUVRA_VAR": str(self.var),
            "RECOUVRA_TRAINING": "1" if self.settings.training_mode else "0",
            "RECOUVRA_API_KEY": key.get_secret_value() if key else state.kept_secret(self.var / "api-key", "rk_"),
            "RECOUVRA_ADMIN_PASSWORD": password.get_secret_value()
            if password
            else state.kept_secret(self.var / "admin-password"),
        }
        self.addresses["api_key"] = self._environment["RECOUVRA_API_KEY"]

    @property
    def admin_password(self) -> str:
        return self._environment["RECOUVRA_ADMIN_PASSWORD"]

    def _start_temporal(self) -> None:
        if self.settings.temporal_address:
            self.addresses |= {"temporal": self.settings.temporal_address, "temporal_ui": self.settings.temporal_ui_url}
            return
        port = ports.claimed(self.settings.temporal_port, variable="RECOUVRA_TEMPORAL_PORT")
        beside = port + 1000 if self.settings.temporal_port else 0
        ui_port = beside if 0 < beside < 65536 and ports.is_free(beside) else ports.free_port()
        log = state.log_file(self.var, "temporal")
        folder = self.var / "temporal"
        folder.mkdir(mode=0o700, exist_ok=True)

        def launch() -> subprocess.Popen[bytes]:
            return temporal.start(
                port=port,
                ui_port=ui_port,
                log=log,
                state=folder / "temporal.db",
                training=self.settings.training_mode,
                namespace=self.settings.temporal_namespace,
            ).process

        self._start_child(Child("temporal", launch))
        self.addresses |= {"temporal": f"127.0.0.1:{port}", "temporal_ui": f"http://127.0.0.1:{ui_port}"}
        self._environment |= {
            "TEMPORAL_ADDRESS": self.addresses["temporal"],
            "RECOUVRA_TEMPORAL_UI_URL": self.addresses["temporal_ui"],
        }

    def _start_postgres(self) -> None:
        url = self.settings.database_url
        if url is None:
            server = postgres.start(self.var / "postgres")
            url = server.url()
            child = Child(
                "postgres",
                lambda: postgres.start(self.var / "postgres").process,
                asks_to_stop=signal.SIGINT,
                grace=60.0,
            )
            child.process = server.process
            self.children["postgres"] = child
        self._environment["DATABASE_URL"] = url
        self.addresses["database_url"] = url.replace("postgresql+psycopg://", "postgresql://")

    def _start_mailbox(self) -> None:
        if self.settings.smtp_url:
            self.addresses["smtp"] = self.settings.smtp_url
            return
        port = ports.claimed(self.settings.smtp_port, variable="RECOUVRA_SMTP_PORT")
        self._environment |= {"RECOUVRA_SMTP_PORT": str(port), "RECOUVRA_MAILBOX": str(self.var / "mailbox")}
        self._start_child(Child("mailbox", lambda: self._recouvra("mailbox", "mailbox")))
        self._environment["SMTP_URL"] = self.addresses["smtp"] = f"smtp://127.0.0.1:{port}"

    def _start_child(self, child: Child) -> None:
        self.children[child.name] = child
        child.start()

    def _recouvra(self, name: str, *words: str) -> subprocess.Popen[bytes]:
        with state.log_file(self.var, name).open("ab") as log:
            return leash.start(
                [sys.executable, COMMAND, *words], dies_by=signal.SIGKILL, environment=self._environment, log=log
            )

    def _migrate_and_start_programs(self) -> None:
        """A schema that is current needs no waiting for: so the second start is quick."""
        migrating = self._recouvra("migrate", "migrate")
        if not schema.is_current(self._environment["DATABASE_URL"]):
            self._finish(migrating, "migrate")
        for name in PROGRAMS:
            if name not in self.without:
                self._start_child(Child(name, partial(self._recouvra, name, name), grace=25.0))
        self._finish(migrating, "migrate")

    def _finish(self, process: subprocess.Popen[bytes], name: str) -> None:
        """Wait for a child that does one thing."""
        while process.poll() is None:
            self._mend_or_give_up()
            self._pause()
        if process.returncode:
            log = state.log_file(self.var, name)
            raise CannotStart(f"`recouvra {name}` failed; the end of {log}:\n{_end_of(log)}")

    def _wait_until_healthy(self, host: str, port: int) -> None:
        if "api" in self.without:
            return
        deadline = time.monotonic() + READY_WITHIN
        while down := [part for part in _not_ok(host, port) if part not in self.without]:
            if time.monotonic() > deadline:
                raise CannotStart(f"Not up after {READY_WITHIN:.0f} s: {', '.join(down)}. Logs: {self.var / 'logs'}")
            self._mend_or_give_up()
            self._pause(0.1)

    def _mend_or_give_up(self) -> None:
        """While starting: Temporal's server dies when a port that it picked for itself was taken meanwhile; the next try picks others."""
        self._mend()
        if lost := [child for child in self.children.values() if child.crashes >= HOPELESS]:
            log = state.log_file(self.var, lost[0].name)
            raise CannotStart(f"{lost[0].name} stops again and again; the end of its log:\n{_end_of(log)}")

    # ---- watching and stopping ---------------------------------------------------------------------

    def _watch(self) -> None:
        while True:
            self._pause(WATCH_EVERY)
            if self._mend():
                self._write_addresses()

    def _mend(self) -> bool:
        """Start again what crashed; True when a process changed."""
        sentences = [sentence for child in self.children.values() if (sentence := child.mend())]
        for sentence in sentences:
            self._say(sentence)
        return bool(sentences)

    def _write_addresses(self) -> None:
        pids = {"supervisor": os.getpid()} | {name: child.pid for name, child in self.children.items()}
        state.write_addresses(self.var, {**self.addresses, "pids": pids})

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._asked += 1

    def _pause(self, seconds: float = 0.05) -> None:
        """A short sleep that ends the start or the watch when somebody asked to stop."""
        if not self._asked:
            time.sleep(seconds)
        if self._asked:
            raise StopAsked

    def _stop(self) -> None:
        last = ["mailbox", "temporal", "postgres"]
        first = [name for name in ("sample", "api", "worker") if name in self.children]
        hurry_from = self._asked + 1
        for name in [*first, *(name for name in last if name in self.children)]:
            self.children[name].stop(is_hurried=lambda: self._asked >= hurry_from)


def _not_ok(host: str, port: int) -> list[str]:
    """The parts that the API calls down; the API itself when it does not answer."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", HEALTH)
        told = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError):
        return ["api"]
    finally:
        connection.close()
    return [part for part in ("database", "temporal", "worker") if told.get(part) != "ok"]


def _end_of(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-15:])
