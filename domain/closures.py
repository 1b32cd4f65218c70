"""Closing a claim and bringing it back: paid, written off, withdrawn, irrecoverable.

A write-off is the creditor's loss, not the debtor's discharge: the balance due stands, `written_off` says what was given up,
and a later payment is taken as recovered after the loss.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.approvals import ask_second_person, needs_second_person
from domain.catalogue import Catalogue
from domain.claim import Claim, Ending, Stage, WriteOff
from domain.effects import Changed, today
from domain.endings import reopen
from domain.events import Event
from domain.inbox import Entry, Outcome, Rule, refuse_when_closed
from domain.refusals import Refused
from domain.statement import statement


def _close(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    """Paid only when nothing is owed; a write-off by two people, any other ending too above the creditor's amount."""
    refuse_when_closed(claim)
    ending, reason = Ending(entry.payload["ending"]), str(entry.payload.get("reason") or "")
    owed = statement(claim, today(claim, as_of)).balance_due
    if ending is Ending.PAID and owed.amount > 0:
        raise Refused("still_owed", amount=str(owed), currency=claim.currency)
    if ending is not Ending.PAID and needs_second_person(claim, catalogue, ending.value, owed):
        return ask_second_person(
            claim,
            "closure",
            as_of,
            first=entry.author,
            subject="closure",
            reason=reason,
            facts={"ending": ending.value, "amount": str(owed), "currency": claim.currency},
            proposed={"ending": ending.value},
        )
    event = Event("closure_asked", as_of, entry.author, {"ending": ending.value, "reason": reason})
    return Changed(replace(claim, closing=ending), (event,)), {"ending": ending.value}


def carry_out(
    claim: Claim, proposed: Mapping[str, Any], first: str, second: str, catalogue: Catalogue, as_of: datetime
) -> Changed:
    """The second person agreed: the claim closes at its next plan, the loss is what is owed today."""
    refuse_when_closed(claim)
    ending, reason = Ending(proposed["ending"]), str(proposed.get("reason") or "")
    closing = replace(claim, closing=ending)
    if ending is not Ending.WRITTEN_OFF:
        return Changed(closing)
    day = today(claim, as_of)
    now = statement(claim, day)
    loss = WriteOff(now.balance_due, now.paid, day, reason, first, second)
    facts = {"amount": str(loss.amount), "currency": claim.currency, "asked_by": first, "reason": reason}
    return Changed(replace(closing, written_off=loss), (Event("written_off", as_of, second, facts),))


def _reopen(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    """A person brings back what was ended with money owed; a paid claim lives again by itself when it is owed again."""
    if claim.stage is not Stage.CLOSED:
        raise Refused("not_closed")
    if statement(claim, today(claim, as_of)).balance_due.amount <= 0:
        raise Refused("nothing_to_reopen")
    changed = reopen(claim, as_of, author=entry.author, reason=entry.payload["reason"])
    back = {"stage": changed.claim.stage.value, "sub_stage": changed.claim.sub_stage}
    return changed, back


FACTS: dict[str, Rule] = {}
REQUESTS: dict[str, Rule] = {"close": _close, "reopen": _reopen}
