"""A dozen invoices lived through from the file to their end, on a whole installation, compared by the benchmark itself."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.timeout(400)]

# Days from due date to payment: before it, on it, on a step's day, just after one, over a weekend, after all steps.
DAYS_LATE = (-20, 0, 5, 6, 8, 15, 16, 19, 29, 33, 40, 45)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The state folder of a running `recouvra up`."""
    var = tmp_path_factory.mktemp("var")
    ports = {"RECOUVRA_HTTP_PORT": "0", "RECOUVRA_TEMPORAL_PORT": "0"}
    environment = {**os.environ, **ports, "RECOUVRA_VAR": str(var), "RECOUVRA_SAMPLE": "0"}
    with (var / "up.log").open("wb") as log:
        up = subprocess.Popen([sys.executable, "cli.py", "up"], cwd=ROOT, env=environment, stdout=log, stderr=log)
        for _ in range(1500):
            if (var / "addresses.json").exists() or up.poll() is not None:
                break
            time.sleep(0.1)
        try:
            assert (var / "addresses.json").exists(), (var / "up.log").read_text()
            yield var
        finally:
            up.send_signal(signal.SIGTERM)
            up.wait(60)


def the_file(folder: Path) -> Path:
    rows = [
        "countryCode,customerID,PaperlessDate,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,Disputed,SettledDate,PaperlessBill,DaysToSettle,DaysLate"
    ]
    for n, late in enumerate(DAYS_LATE):
        issued = date(2013, 1, 2) + timedelta(days=n)
        days = [
            day.strftime("%m/%d/%Y")
            for day in (issued, issued + timedelta(days=30), issued + timedelta(days=30 + late))
        ]
        paper = "Paper" if n % 2 else "Electronic"
        rows.append(
            f"391,C-{n % 5},1/1/2013,{770000 + n},{days[0]},{days[1]},{1040 + n}.5{n % 10},No,{days[2]},{paper},{30 + late},{max(late, 0)}"
        )
    file = folder / "receivables.csv"
    file.write_text("\n".join(rows), encoding="utf-8")
    return file


def recouvra(var: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "RECOUVRA_VAR": str(var)}
    return subprocess.run(
        [sys.executable, "cli.py", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


def test_every_invoice_is_treated_as_the_scenario_says_and_nothing_leaves_after_its_payment(
    installation: Path, tmp_path: Path
) -> None:
    words = [sys.executable, "benchmarks/receivables.py", str(the_file(tmp_path)), "--var", str(installation)]
    run = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=380, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "every claim was treated exactly as the scenario says" in run.stdout
    assert "last_reminder by letter expired" in run.stdout or "last_reminder by email expired" in run.stdout


def test_the_command_imports_and_says_by_its_exit_status_that_a_row_was_rejected(
    installation: Path, tmp_path: Path
) -> None:
    header = "creditor,debtor_reference,debtor_name,item_reference,due_on,amount,currency"
    good, bad = "ACME,D1,Dupont,CLI-1,2026-01-01,10.00,EUR", "ACME,D2,Martin,CLI-2,2026-01-01,-1,EUR"
    file, mapping = tmp_path / "f.csv", tmp_path / "map.json"
    mapping.write_text(json.dumps({"date_format": "%Y-%m-%d"}))
    file.write_text(f"{header}\n{good}")
    first = recouvra(installation, "import", str(file), "--mapping", str(mapping))
    file.write_text(f"{header}\n{good}\n{bad}")
    second = recouvra(installation, "import", str(file), "--mapping", str(mapping))
    file.write_bytes(b"PK\x03\x04 no workbook")
    third = recouvra(installation, "import", str(file))
    assert (first.returncode, second.returncode, third.returncode) == (0, 1, 2), (
        first.stderr,
        second.stderr,
        third.stderr,
    )
    assert "1 rows, 0 accepted" not in first.stdout
    assert "2 rows, 0 accepted, 1 unchanged, 1 rejected" in second.stdout
    assert "line 3: amount" in second.stderr


def test_the_command_moves_claims_ahead_and_refuses_what_it_cannot(installation: Path) -> None:
    unknown = recouvra(installation, "fast-forward", "--days", "1", "--claim", "nobody")
    past = recouvra(installation, "fast-forward", "--until", "2020-01-01")
    moved = recouvra(installation, "fast-forward", "--days", "1", "--claim", "CLI-1")
    assert (unknown.returncode, past.returncode, moved.returncode) == (2, 2, 0), (
        unknown.stderr,
        past.stderr,
        moved.stderr,
    )
    assert "1 of 1 claims arrived" in moved.stdout
