"""`recouvra up`: starts within its limits, stops without leaving a process, and loses nothing whatever stops it."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import psutil
import pytest

from tests.faults import claims
from tests.faults.installation import (
    ROOT,
    Installation,
    begin,
    on_an_idle_machine,
    running,
    until_ready,
    wait_until_gone,
)

pytestmark = pytest.mark.timeout(600)
FIRST_START, SECOND_START = 90.0, 20.0  # seconds
LONG_AGO = date(2026, 1, 5)


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def end_by_ctrl_c(up: Installation) -> None:
    os.killpg(up.process.pid, signal.SIGINT)  # what a terminal does: the whole foreground group


def end_by_sigterm(up: Installation) -> None:
    up.process.send_signal(signal.SIGTERM)


def end_by_kill(up: Installation) -> None:
    up.process.send_signal(signal.SIGKILL)


@pytest.mark.parametrize("end", [end_by_ctrl_c, end_by_sigterm, end_by_kill])
def test_whatever_ends_it_nothing_stays_and_nothing_is_lost(tmp_path: Path, end) -> None:
    var = tmp_path / "var"
    with running(var) as up:
        assert up.seconds_to_start < on_an_idle_machine(FIRST_START)
        assert up.health() == {"status": "ok", "database": "ok", "temporal": "ok", "worker": "ok"}
        assert set(up.pids) >= {"supervisor", "postgres", "temporal", "worker", "api"}
        assert stat.S_IMODE((var / "addresses.json").stat().st_mode) == 0o600
        with up.client() as client:
            number = claims.post_claim(client, "KEPT-1", due_on=LONG_AGO)["number"]
            claims.eventually(client, "KEPT-1", lambda seen: seen["next_step"] is not None or seen["actions"])
        everybody, ports, key = up.everybody(), up.ports(), up.addresses["api_key"]
        assert len(everybody) >= 5
        end(up)
        assert wait_until_gone(everybody) == []
        assert [port for port in ports if is_listening(port)] == []
        assert not (var / "addresses.json").exists()
        up.process.wait()
    with running(var) as again:
        assert again.seconds_to_start < on_an_idle_machine(SECOND_START)
        assert again.addresses["api_key"] == key
        with again.client() as client:
            assert claims.claim(client, number)["reference"] == "KEPT-1"


def test_a_part_that_is_killed_comes_back(tmp_path: Path) -> None:
    with running(tmp_path / "var") as up:
        before = up.pids
        for part in ("worker", "temporal", "postgres", "api"):
            os.kill(before[part], signal.SIGKILL)
        deadline = time.monotonic() + 120
        while any(up.pids.get(part) in (None, before[part]) for part in ("worker", "temporal", "postgres", "api")):
            assert time.monotonic() < deadline, (tmp_path / "up.log").read_text()
            time.sleep(0.2)
        while up.health().get("status") != "ok":
            assert time.monotonic() < deadline + 60, (tmp_path / "up.log").read_text()
            time.sleep(0.2)
        with up.client() as client:
            claims.post_claim(client, "AFTER-1", due_on=LONG_AGO)
            claims.eventually(client, "AFTER-1", lambda seen: seen["next_step"] is not None or seen["actions"])


def test_two_installations_side_by_side_and_a_second_one_on_the_same_folder(tmp_path: Path) -> None:
    one, other = tmp_path / "one" / "var", tmp_path / "other" / "var"
    one.parent.mkdir()
    other.parent.mkdir()
    with running(one) as first, running(other) as second:
        assert not set(first.ports()) & set(second.ports())
        with first.client() as client:
            claims.post_claim(client, "ONE-1", due_on=LONG_AGO)
        with second.client() as client:
            assert client.get("/api/claims/ONE-1").status_code == 404
        again = begin(one)
        assert again.wait(120) == 1
        assert f"already runs on {one}" in (one.parent / "up.log").read_text()
        assert first.health()["status"] == "ok"
        assert (one / "addresses.json").exists()


def test_a_port_that_is_taken_is_named_with_the_setting_that_changes_it(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        process = begin(tmp_path / "var", RECOUVRA_HTTP_PORT=str(port))
        assert process.wait(120) == 1
    told = (tmp_path / "up.log").read_text()
    assert f"Port {port}" in told
    assert "RECOUVRA_HTTP_PORT" in told
    assert "Traceback" not in told


def test_it_stops_with_the_program_that_started_it(tmp_path: Path) -> None:
    """`make run` killed with -9: make's child is told by the kernel."""
    starts = "import subprocess, sys, time; subprocess.Popen([sys.executable, *sys.argv[1:]]); time.sleep(600)"
    variables = {
        "RECOUVRA_VAR": str(tmp_path / "var"),
        "RECOUVRA_HTTP_PORT": "0",
        "RECOUVRA_TEMPORAL_PORT": "0",
        "RECOUVRA_SAMPLE": "0",
    }
    with (tmp_path / "up.log").open("wb") as log:
        parent = subprocess.Popen(
            [sys.executable, "-c", starts, ROOT / "cli.py", "up", "--with-parent"],
            env={**os.environ, **variables},
            stdout=log,
            stderr=log,
        )
    up = until_ready(parent, tmp_path / "var")
    everybody = set(psutil.Process(parent.pid).children(recursive=True))
    assert up.pids["supervisor"] in {each.pid for each in everybody}
    parent.kill()
    parent.wait()
    assert wait_until_gone(everybody) == []


def test_a_wrong_setting_is_a_sentence(tmp_path: Path) -> None:
    process = begin(tmp_path / "var", RECOUVRA_HTTP_HOST="0.0.0.0")
    assert process.wait(120) == 2
    told = (tmp_path / "up.log").read_text()
    assert "set RECOUVRA_API_KEY and RECOUVRA_ADMIN_PASSWORD yourself" in told
    assert "Traceback" not in told
