"""The embedded PostgreSQL: keeps what was committed, asks for its password, runs for root and for others."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from embedded import postgres
from tests.architecture.sources import ROOT


def plain(server: postgres.Server) -> str:
    return server.url().replace("+psycopg", "")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.fixture
def no_namespaces(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without unshare, as in a hardened container."""
    words = open_folder / "bin"
    words.mkdir()
    (words / "sh").symlink_to("/bin/sh")
    monkeypatch.setenv("PATH", str(words))


def test_what_was_committed_survives_kill_9(tmp_path: Path) -> None:
    server = postgres.start(tmp_path)
    with psycopg.connect(plain(server)) as connection:
        connection.execute("create table kept as select 42 as answer")
    server.process.kill()
    server.process.wait()
    again = postgres.start(tmp_path)
    try:
        assert (again.port, again.password) == (server.port, server.password)
        with psycopg.connect(plain(again)) as connection:
            assert connection.execute("select answer from kept").fetchall() == [(42,)]
    finally:
        again.stop()


def test_it_asks_for_the_password_and_keeps_it_for_its_owner(tmp_path: Path) -> None:
    server = postgres.start(tmp_path, durable=False)
    try:
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(plain(server).replace(server.password, "guessed"))
        assert (tmp_path / "password").stat().st_mode & 0o077 == 0
        assert (tmp_path / "data").stat().st_mode & 0o077 == 0
    finally:
        server.stop()


def test_it_shuts_down_with_its_parent(tmp_path: Path) -> None:
    program = "import sys, time; from pathlib import Path; from embedded import postgres; s = postgres.start(Path(sys.argv[1])); print(s.process.pid, flush=True); time.sleep(600)"
    parent = subprocess.Popen([sys.executable, "-c", program, tmp_path], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 20
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert "database system is shut down" in (tmp_path / "postgres.log").read_text()


def test_a_pid_file_whose_number_lives_on_as_something_else_is_no_obstacle(tmp_path: Path) -> None:
    server = postgres.start(tmp_path, durable=False)
    left_behind = (tmp_path / "data" / "postmaster.pid").read_text().splitlines()
    server.process.send_signal(signal.SIGQUIT)
    server.process.wait()
    (tmp_path / "data" / "postmaster.pid").write_text("\n".join([str(os.getpid()), *left_behind[1:]]) + "\n")
    postgres.start(tmp_path, durable=False).stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
@pytest.mark.usefixtures("no_namespaces")
def test_root_without_namespaces_runs_it_as_nobody(open_folder: Path) -> None:
    server = postgres.start(open_folder / "state", durable=False)
    try:
        assert Path(f"/proc/{server.process.pid}").stat().st_uid != 0
        with psycopg.connect(plain(server)) as connection:
            assert connection.execute("select 1").fetchall() == [(1,)]
    finally:
        server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
@pytest.mark.usefixtures("no_namespaces")
def test_where_nothing_works_it_asks_for_another_server(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with pytest.raises(postgres.PostgresCannotRun, match="DATABASE_URL"):
        postgres.start(tmp_path / "state", durable=False)


def test_a_start_killed_in_the_middle_is_begun_again(tmp_path: Path) -> None:
    (tmp_path / "unfinished").mkdir()
    (tmp_path / "unfinished" / "PG_VERSION").write_text("18\n")
    postgres.start(tmp_path, durable=False).stop()
    assert not (tmp_path / "unfinished").exists()
