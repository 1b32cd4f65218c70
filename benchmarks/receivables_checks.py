"""What was done to each invoice, compared with what the file says must happen: facts, letters, mailbox."""

from __future__ import annotations

import asyncio
import io
import mailbox
import re
from collections import defaultdict
from datetime import date
from typing import Any

from pypdf import PdfReader
from receivables_run import Run, until
from receivables_truth import Expected, Invoice, expected_for

CLAIMS_AT_ONCE = 16


async def check_all(run: Run) -> None:
    places = asyncio.Semaphore(CLAIMS_AT_ONCE)

    async def one(reference: str, invoice: Invoice) -> None:
        async with places:
            claim = await until(
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
