"""Every invoice of receivables.csv lived through on the real engine, and compared with what the file says must happen.

    python benchmarks/receivables.py FILE [--limit N] [--var DIR]

Without --var it starts `recouvra up` in a folder of its own and stops it at the end. It uses the HTTP API, opens every
PDF and reads the Maildir; it imports nothing of the product. Exit status 1 when anything differs.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import httpx2

sys.path.insert(0, str(Path(__file__).resolve().parent))
from receivables_checks import check_all, check_mailbox
from receivables_run import Run, good, until
from receivables_truth import STEPS, Invoice, expected_for, invoices_in

ROOT = Path(__file__).resolve().parent.parent
GROUPS_AT_ONCE = 8
MAPPING = {
    "columns": {
        "debtor_reference": "customerID", "debtor_name": "customerID", "item_reference": "invoiceNumber",
        "issued_on": "InvoiceDate", "due_on": "DueDate", "amount": "InvoiceAmount", "preferred_channel": "PaperlessBill",
    },
    "values": {"preferred_channel": {"Paper": "letter", "Electronic": "email"}},
    "date_format": "%m/%d/%Y", "decimal": ".", "one_claim_per": "item", "shift_dates_to_today": True,
}  # fmt: skip


async def main() -> int:
    asked = _arguments()
    with _installation(asked.var) as addresses:
        headers = {"Authorization": f"Bearer {addresses['api_key']}"}
        limits = httpx2.Limits(max_connections=64)
        async with httpx2.AsyncClient(base_url=addresses["api"], headers=headers, timeout=60, limits=limits) as api:
            name = f"B{int(time.time())}"
            invoices = {f"{name}-{i.reference}": i for i in invoices_in(asked.file, asked.limit)}
            run = Run(api, Path(addresses["var"]) / "mailbox", asked.file, name, invoices)
            for stage in (import_them, live_through, check_all, check_mailbox):
                began = time.monotonic()
                await stage(run)
                run.seconds[stage.__name__] = time.monotonic() - began
                print(f"{stage.__name__}: {run.seconds[stage.__name__]:.1f} s", flush=True)
    return _report(run)


# ---- the installation --------------------------------------------------------------------------


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--limit", type=int, help="only the first rows")
    parser.add_argument("--var", type=Path, help="the state folder of a running installation (else one is started)")
    return parser.parse_args()


@contextmanager
def _installation(var: Path | None) -> Iterator[dict[str, str]]:
    if var is not None:
        yield {**json.loads((var / "addresses.json").read_text()), "var": str(var)}
        return
    with tempfile.TemporaryDirectory(prefix="recouvra-benchmark-") as scratch:
        folder = Path(scratch)
        environment = {
            **os.environ, "RECOUVRA_VAR": scratch, "RECOUVRA_HTTP_PORT": "0", "RECOUVRA_TEMPORAL_PORT": "0", "RECOUVRA_SAMPLE": "0",
        }  # fmt: skip
        log = (folder / "up.log").open("wb")
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "cli.py"), "up"], env=environment, stdout=log, stderr=log
        )
        try:
            for _ in range(1200):
                if (folder / "addresses.json").exists():
                    break
                if process.poll() is not None:
                    sys.exit((folder / "up.log").read_text())
                time.sleep(0.1)
            yield {**json.loads((folder / "addresses.json").read_text()), "var": scratch}
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


# ---- import, live, pay -------------------------------------------------------------------------


async def import_them(run: Run) -> None:
    """The scenario, then one claim for each invoice, its dates moved so that the first one is issued today."""
    scenario = {
        "code": run.name, "label": {"fr": "Mesure", "en": "Measure"}, "minimum_amount": "0.00", "ignore_items_below": "0.00",
        "minimum_days_between_contacts": 0, "sending_days": ["mon", "tue", "wed", "thu", "fri"],
        "sending_hours": ["09:00", "18:00"], "public_holidays": False,
        "steps": [
            {"action_type": action, "after": {"due_date": days}, "mode": mode, "expires_after_days": 6, "on_expiry": "withdraw"}
            for action, days, mode in STEPS
        ],
    }  # fmt: skip
    good(await run.api.post("/api/catalogue/scenarios", json=scenario))
    defaults = {
        "claim_reference": f"{run.name}-{{invoiceNumber}}", "creditor": run.name, "currency": "USD", "scenario": run.name,
        "debtor_email": "{customerID}@debtor.example", "debtor_address": "1 Main Street", "debtor_postal_code": "75001",
        "debtor_city": "Paris", "debtor_country": "FR", "debtor_language": "en",
    }  # fmt: skip
    sent = await run.api.post(
        "/api/imports",
        files={"file": ("receivables.csv", _rows(run))},
        data={"mapping": json.dumps({**MAPPING, "defaults": defaults})},
    )
    key = good(sent)["import_id"]
    job = await until(run, f"/api/imports/{key}", lambda job: job["state"] in ("done", "failed"))
    if (job["state"], job["accepted"], job["claims_started"]) != ("done", len(run.invoices), len(run.invoices)):
        sys.exit(f"the import went wrong: {job}")
    cursor: str | None = ""
    while cursor is not None:
        page = good(
            await run.api.get(
                "/api/claims", params={"creditor": run.name, "limit": 200, **({"cursor": cursor} if cursor else {})}
            )
        )
        run.numbers |= {claim["reference"]: claim["number"] for claim in page["items"]}
        cursor = page["next_cursor"]
    await _move_to_today(run)


def _rows(run: Run) -> bytes:
    """The file itself, or as many of its first rows as are measured."""
    lines = list(csv.reader(io.StringIO(run.file.read_text(encoding="utf-8"))))[: len(run.invoices) + 1]
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    return out.getvalue().encode()


async def _move_to_today(run: Run) -> None:
    """By how many days the product moved the file, read from one claim, must put the earliest invoice on its opening day."""
    reference, invoice = min(run.invoices.items(), key=lambda pair: pair[1].issued_on)
    claim = good(await run.api.get(f"/api/claims/{run.numbers[reference]}"))
    by = date.fromisoformat(claim["items"][0]["issued_on"]) - invoice.issued_on
    if abs(date.fromisoformat(claim["today"]) - (invoice.issued_on + by)) > timedelta(days=1):
        sys.exit("the dates were not moved to today")
    run.invoices = {reference: each.moved(by) for reference, each in run.invoices.items()}


async def live_through(run: Run) -> None:
    """Each claim to the start of its settlement day, where the payment is reported; then it must close."""
    groups: dict[date, list[str]] = defaultdict(list)
    for reference, invoice in run.invoices.items():
        groups[invoice.settled_on].append(reference)
    places = asyncio.Semaphore(GROUPS_AT_ONCE)
    done = 0

    async def one(day: date, references: list[str]) -> None:
        nonlocal done
        async with places:
            numbers = [run.numbers[reference] for reference in references]
            asked = await run.api.post("/api/training/fast-forward", json={"until": day.isoformat(), "claims": numbers})
            job = await until(
                run, f"/api/training/jobs/{good(asked)['job']}", lambda job: job["state"] in ("done", "failed")
            )
            if job["arrived"] != len(references):
                run.wrong.append(f"{day}: {job}")
            for reference in references:
                await _pay(run, run.invoices[reference], run.numbers[reference])
            done += len(references)
            print(f"\r{done} of {len(run.invoices)} claims carried and paid", end="", file=sys.stderr, flush=True)

    await asyncio.gather(*(one(day, references) for day, references in sorted(groups.items())))
    print(file=sys.stderr)


async def _pay(run: Run, invoice: Invoice, number: str) -> None:
    payment = {
        "external_id": f"{run.name}-{invoice.reference}",
        "amount": str(invoice.amount),
        "currency": "USD",
        "value_date": invoice.settled_on.isoformat(),
    }
    answer = await run.api.post(f"/api/claims/{number}/payments", json=payment)
    if answer.status_code != 202:
        run.complain(invoice, f"its payment was answered {answer.status_code}: {answer.text[:200]}")
    run.counts["payments"] += 1


def _report(run: Run) -> int:
    steps = sum(len(expected_for(invoice)) for invoice in run.invoices.values())
    whole = sum(run.seconds.values())
    print(f"\n{len(run.invoices)} invoices, {steps} steps expected from the file")
    for name, count in sorted(run.counts.items()):
        print(f"  {count:6} {name}")
    print(
        f"  {whole:.0f} s, {len(run.invoices) / whole:.1f} claims a second from file to end; living: {len(run.invoices) / run.seconds['live_through']:.1f} a second"
    )
    for sentence in run.wrong[:30]:
        print(f"WRONG {sentence}")
    print(f"{len(run.wrong)} differences" if run.wrong else "every claim was treated exactly as the scenario says")
    return 1 if run.wrong else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
