"""A payment posted while no worker runs, or while Temporal is down, is accepted, and there when they are back."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from tests.faults import claims
from tests.faults.installation import ROOT, Installation, running

pytestmark = pytest.mark.timeout(600)
LONG_AGO = date(2026, 1, 5)


@contextmanager
def worker_beside(up: Installation) -> Iterator[None]:
    """A worker started by hand, as on another machine."""
    told = {
        "DATABASE_URL": up.addresses["database_url"],
        "TEMPORAL_ADDRESS": up.addresses["temporal"],
        "SMTP_URL": up.addresses["smtp"],
    }
    with (up.var.parent / "worker.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, ROOT / "cli.py", "worker"], env={**os.environ, **told}, stdout=log, stderr=log
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


def doctor(var: Path) -> subprocess.CompletedProcess[str]:
    told = {"RECOUVRA_VAR": str(var)}
    return subprocess.run(
        [sys.executable, ROOT / "cli.py", "doctor"],
        env={**os.environ, **told},
        capture_output=True,
        text=True,
        check=False,
    )


def is_paid(seen: dict[str, object]) -> bool:
    return seen["ending"] == "paid"


def test_a_payment_waits_for_a_worker(tmp_path: Path) -> None:
    with running(tmp_path / "var", "--without", "worker") as up, up.client() as client:
        claims.post_claim(client, "OUT-1", due_on=LONG_AGO)
        answer = claims.pay(client, "OUT-1", "P1", "120.00", claims.claim(client, "OUT-1")["today"])
        assert answer.status_code == 202, answer.text
        assert claims.pay(client, "OUT-1", "P1", "120.00", claims.claim(client, "OUT-1")["today"]).status_code == 200
        waiting = claims.claim(client, "OUT-1")
        assert [payment["state"] for payment in waiting["payments"]] == ["received"]
        assert waiting["ending"] is None
        told = doctor(up.var)
        assert told.returncode == 1
        assert "no worker polls it" in told.stdout
        with worker_beside(up):
            paid = claims.eventually(client, "OUT-1", is_paid)
            told = doctor(up.var)
            assert told.returncode == 0, told.stdout + told.stderr
        assert [payment["external_id"] for payment in paid["payments"]] == ["P1"]


def test_the_doctor_says_that_nothing_runs_and_what_to_do(tmp_path: Path) -> None:
    told = doctor(tmp_path / "var")
    assert told.returncode == 1
    assert "make run" in told.stdout


def test_a_payment_and_a_claim_wait_for_temporal(tmp_path: Path) -> None:
    with running(tmp_path / "var") as up, up.client() as client:
        claims.post_claim(client, "OUT-2", due_on=LONG_AGO)
        claims.eventually(client, "OUT-2", lambda seen: seen["next_step"] is not None or seen["actions"])
        today = claims.claim(client, "OUT-2")["today"]
        os.kill(up.pids["temporal"], signal.SIGSTOP)
        try:
            answer = claims.pay(client, "OUT-2", "P2", "120.00", today)
            assert answer.status_code == 202, answer.text
            claims.post_claim(client, "OUT-3", due_on=LONG_AGO)
            assert client.get("/api/health").status_code == 503
        finally:
            os.kill(up.pids["temporal"], signal.SIGKILL)  # and the supervisor starts it again
        claims.eventually(client, "OUT-2", is_paid)
        claims.eventually(client, "OUT-3", lambda seen: seen["next_step"] is not None or seen["actions"])
