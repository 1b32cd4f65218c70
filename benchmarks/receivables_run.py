"""What one run over receivables.csv knows, and how it asks the installation."""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from receivables_truth import Invoice


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


def good(answer: httpx2.Response) -> dict[str, Any]:
    if not answer.is_success:
        sys.exit(f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text[:500]}")
    return answer.json()


async def until(
    run: Run, address: str, true: Callable[[dict[str, Any]], bool], give_up_after: float = 3600
) -> dict[str, Any]:
    """Ask until it is true, or until it takes too long: then the last answer is judged as it is."""
    began, pause = time.monotonic(), 0.05
    while True:
        body = good(await run.api.get(address))
        if true(body) or time.monotonic() - began > give_up_after:
            return body
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, 1.0)
