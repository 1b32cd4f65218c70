"""What must happen to each invoice of receivables.csv, worked out from the file alone. Nothing of the product is imported."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

DATE_FORMAT = "%m/%d/%Y"
STEPS = (("reminder_1", 5, "automatic"), ("reminder_2", 15, "automatic"), ("last_reminder", 30, "to_confirm"))
ANSWERED_WITHIN = 6  # days for a person to answer; nobody does, and the proposal is given up
CHANNELS = {"Paper": "letter", "Electronic": "email"}


@dataclass(frozen=True)
class Invoice:
    reference: str
    customer: str
    amount: Decimal
    channel: str
    issued_on: date
    due_on: date
    settled_on: date

    def moved(self, by: timedelta) -> Invoice:
        return Invoice(
            self.reference, self.customer, self.amount, self.channel,
            self.issued_on + by, self.due_on + by, self.settled_on + by,
        )  # fmt: skip


@dataclass(frozen=True)
class Expected:
    """One step that fell due while the invoice was unpaid, and how it ended."""

    step: int
    action_type: str
    channel: str
    on: date
    outcome: str


def invoices_in(file: Path, limit: int | None = None) -> list[Invoice]:
    """The file's rows; the first `limit` of them."""
    with file.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))[:limit]
    return [
        Invoice(
            row["invoiceNumber"], row["customerID"], Decimal(row["InvoiceAmount"]), CHANNELS[row["PaperlessBill"]],
            _day(row["InvoiceDate"]), _day(row["DueDate"]), _day(row["SettledDate"]),
        )
        for row in rows
    ]  # fmt: skip


def first_working_day(day: date) -> date:
    """The day itself from Monday to Friday, else the Monday after it; public holidays are switched off."""
    return day + timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))


def expected_for(invoice: Invoice) -> list[Expected]:
    """A step happens exactly when the invoice is unpaid at the sending hours of its day.

    The payment is reported at the start of the settlement day, before that day's sending hours. A proposal that is
    still open then is withdrawn by it; one that nobody answered in time was given up before.
    """
    happened = []
    for n, (action_type, days, mode) in enumerate(STEPS):
        on = first_working_day(invoice.due_on + timedelta(days=days))
        if on >= invoice.settled_on:
            break
        outcome = "sent"
        if mode == "to_confirm":
            given_up_on = on + timedelta(days=ANSWERED_WITHIN)
            outcome = "expired" if given_up_on < invoice.settled_on else "withdrawn"
        happened.append(Expected(n, action_type, invoice.channel, on, outcome))
    return happened


def _day(text: str) -> date:
    return datetime.strptime(text, DATE_FORMAT).date()  # noqa: DTZ007  a date has no zone
