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
import mailbox
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx2
from pypdf import PdfReader

sys.path.insert(0, str(Path(__file__).resolve().parent))
from receivables_truth import STEPS, Expected, Invoice, expected_for, invoices_in

ROOT = Path(__file__).resolve().parent.parent
GROUPS_AT_ONCE = 8
CLAIMS_AT_ONCE = 16
MAPPING = {
    "columns": {
        "debtor_reference": "customerID", "debtor_name": "customerID", "item_reference": "invoiceNumber",
        "issued_on": "InvoiceDate", "due_on": "DueDate", "amount": "InvoiceAmount", "preferred_channel": "PaperlessBill",
    },
    "values": {"preferred_channel": {"Paper": "letter", "Electronic": "email"}},
    "date_format": "%m/%d/%Y", "decimal": ".", "one_claim_per": "item", "shift_dates_to_today": True,
}  # fmt: skip


@dataclass
class Run:
    """One measurement: the installation, the invoices, what was found wrong."""

    api: httpx2.AsyncClient
    maildir: Path
    file: Path
    name: str
    invoices: dict[str, Invoice]  # by claim reference
    numbers: dict[str, str] = field(default_factory=dict)  # claim reference to our number
    wrong: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)

    def complain(self, invoice: Invoice, sentence: str) -> None:
        self.wrong.append(f"{self.name}-{invoice.reference}: {sentence}")


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
    _good(await run.api.post("/api/catalogue/scenarios", json=scenario))
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
    key = _good(sent)["import_id"]
    job = await _until(run, f"/api/imports/{key}", lambda job: job["state"] in ("done", "failed"))
    if (job["state"], job["accepted"], job["claims_started"]) != ("done", len(run.invoices), len(run.invoices)):
        sys.exit(f"the import went wrong: {job}")
    cursor: str | None = ""
    while cursor is not None:
        page = _good(
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
    claim = _good(await run.api.get(f"/api/claims/{run.numbers[reference]}"))
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
            job = await _until(
                run, f"/api/training/jobs/{_good(asked)['job']}", lambda job: job["state"] in ("done", "failed")
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


# ---- compare -----------------------------------------------------------------------------------


async def check_all(run: Run) -> None:
    places = asyncio.Semaphore(CLAIMS_AT_ONCE)

    async def one(reference: str, invoice: Invoice) -> None:
        async with places:
            claim = await _until(
                run, f"/api/claims/{run.numbers[reference]}", lambda claim: claim["stage"] == "closed", give_up_after=60
            )
            await _check(run, invoice, claim)

    await asyncio.gather(*(one(reference, invoice) for reference, invoice in run.invoices.items()))


async def _check(run: Run, invoice: Invoice, claim: dict[str, Any]) -> None:
    """Closed as paid; the steps that had to happen, each once, on its day, by its channel, and no other."""
    run.counts["claims"] += 1
    if (claim["stage"], claim["ending"], claim["balance_due"]) != ("closed", "paid", "0.00"):
        run.complain(invoice, f"is {claim['stage']}, ending {claim['ending']}, balance {claim['balance_due']}")
    found = [_happened(action) for action in sorted(claim["actions"], key=lambda a: a["sequence"])]
    expected = expected_for(invoice)
    if found != expected:
        run.complain(invoice, f"expected {_short(expected)}, found {_short(found)}")
    for action in claim["actions"]:
        run.counts[f"{action['action_type']} by {action['channel']} {action['outcome']}"] += 1
        if action["outcome"] == "sent":
            await _check_sent(run, invoice, claim, action)


def _happened(action: dict[str, Any]) -> Expected:
    on = (
        action["done_at"]
        if action["outcome"] == "sent"
        else action["planned_on"] or action["starts_on"] or action["done_at"]
    )
    return Expected(
        action["step"],
        action["action_type"],
        action["channel"],
        date.fromisoformat((on or "1900-01-01")[:10]),
        action["outcome"],
    )


def _short(steps: list[Expected]) -> str:
    return ", ".join(f"{s.action_type} {s.on} {s.channel} {s.outcome}" for s in steps) or "nothing"


async def _check_sent(run: Run, invoice: Invoice, claim: dict[str, Any], action: dict[str, Any]) -> None:
    """What left holds the invoice's reference and amount; a letter is a PDF that can be opened."""
    if action["channel"] != "letter":
        return
    papers = [
        d
        for d in claim["documents"]
        if d["id"] in {_id(each) for each in action["documents"]} and d["kind"] == "letter"
    ]
    if len(papers) != 1:
        run.complain(invoice, f"{action['action_type']} left {len(papers)} letters")
        return
    answer = await run.api.get(papers[0]["url"])
    text = await asyncio.to_thread(_text_of, answer.content)
    run.counts["letters opened"] += 1
    _check_text(run, invoice, f"the letter of {action['action_type']}", text)


def _id(document: Any) -> str:
    return document["id"] if isinstance(document, dict) else document


def _text_of(pdf: bytes) -> str:
    try:
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    except Exception as error:  # noqa: BLE001  whatever pypdf finds wrong with it
        return f"not a PDF: {error}"


def _check_text(run: Run, invoice: Invoice, what: str, text: str) -> None:
    bare = re.sub(r"[\s\u00a0\u202f,]", "", text)
    if invoice.reference not in bare or f"{invoice.amount:.2f}" not in bare:
        run.complain(invoice, f"{what} does not name {invoice.reference} and {invoice.amount}: {text[:200]!r}")


async def check_mailbox(run: Run) -> None:
    """Each reminder that went by e-mail lies in the Maildir exactly once, and nothing else of these claims does."""
    lying: dict[str, list[Any]] = defaultdict(list)
    ours = {number: reference for reference, number in run.numbers.items()}
    for message in mailbox.Maildir(run.maildir, create=False):
        found = re.match(r"<claim-(R\d\d-\d{7})-(\d+)@", message["Message-ID"] or "")
        if found and found[1] in ours:
            lying[found[1]].append(message)
    for reference, invoice in run.invoices.items():
        wanted = [s for s in expected_for(invoice) if s.channel == "email" and s.outcome == "sent"]
        there = lying.get(run.numbers[reference], [])
        run.counts["e-mails found"] += len(there)
        if len({message["Message-ID"] for message in there}) != len(there) or len(there) != len(wanted):
            run.complain(invoice, f"{len(there)} e-mails in the mailbox, expected {len(wanted)}")
        for message in there:
            if invoice.customer.lower() not in (message["To"] or "").lower():
                run.complain(invoice, "an e-mail went to somebody else")
            _check_text(run, invoice, "an e-mail", _plain_text(message))


def _plain_text(message: Any) -> str:
    parts = [part for part in message.walk() if part.get_content_type() == "text/plain"]
    return "\n".join(
        (part.get_payload(decode=True) or b"").decode(part.get_content_charset() or "utf-8") for part in parts
    )


# ---- speaking with it --------------------------------------------------------------------------


def _good(answer: httpx2.Response) -> dict[str, Any]:
    if not answer.is_success:
        sys.exit(f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text[:500]}")
    return answer.json()


async def _until(
    run: Run, address: str, true: Callable[[dict[str, Any]], bool], give_up_after: float = 3600
) -> dict[str, Any]:
    """Ask until it is true, or until it takes too long: then the last answer is judged as it is."""
    began, pause = time.monotonic(), 0.05
    while True:
        body = _good(await run.api.get(address))
        if true(body) or time.monotonic() - began > give_up_after:
            return body
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, 1.0)


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
