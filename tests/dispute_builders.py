"""Claims with statuses and disputes, under the standard catalogue; and entries told to them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from domain import open_work
from domain.catalogue import ActionType, Catalogue, Status
from domain.catalogue_bodies import read
from domain.claim import Action, Claim, Dispute, Mode
from domain.entries import Applied, Entry, apply
from domain.ground import ground
from domain.planner import next_step
from domain.steps import Decided, Step
from tests.builders import a_catalogue, a_claim, a_creditor, a_step, an_id, an_item, at

TODAY = date(2026, 1, 26)  # a Monday, two weeks after the builders' due date
NOW = at(TODAY)
STANDARD = Path(__file__).parent.parent / "catalogue"


@cache
def standard(kind: str) -> dict[str, Any]:
    """The standard entries of a kind, read."""
    bodies = json.loads((STANDARD / f"{kind}.json").read_text(encoding="utf-8"))
    return {body["code"]: read(kind, body["code"], body) for body in bodies}


def a_status(code: str, **facts: Any) -> Status:
    """A standard status with what differs."""
    return replace(standard("statuses")[code], **facts)


def a_desk(*statuses: Status, types: tuple[ActionType, ...] = (), email: str = "adv@acme.example") -> Catalogue:
    """The standard action types and statuses (those given replace theirs), around reminders 5, 15 and 22 days after the due date."""
    return a_catalogue(
        a_step("reminder_1", 5),
        a_step("reminder_2", 15),
        a_step("call", 22, mode=Mode.MANUAL),
        action_types=[*standard("action-types").values(), *types],
        statuses={**standard("statuses"), **{status.code: status for status in statuses}},
        fees=list(standard("fees").values()),
        creditor=a_creditor(email=email),
    )


DESK = a_desk()


def three_invoices(**facts: Any) -> Claim:
    """Three invoices of 1000, 400 and 250 EUR, all due on the builders' day."""
    return a_claim(
        an_item("F-1", amount="1000.00"), an_item("F-2", amount="400.00"), an_item("F-3", amount="250.00"), **facts
    )


def told(claim: Claim, kind: str, /, *, on: datetime = NOW, desk: Catalogue = DESK, **payload: Any) -> Applied:
    """The claim after an entry of that kind, told by Leila."""
    return apply(claim, Entry(an_id(kind, on, str(payload)), kind, payload, "leila", on), desk, on)


def given(claim: Claim, status: str, *items: str, desk: Catalogue = DESK, on: datetime = NOW, **more: Any) -> Claim:
    """The claim after its items (F-1 unless named) were given a status."""
    return told(claim, "give_status", items=list(items or ("F-1",)), status=status, desk=desk, on=on, **more).claim


def disputed(claim: Claim, *items: str, kind: str = "disputed_price", desk: Catalogue = DESK, **more: Any) -> Claim:
    """The claim after a dispute about its items (F-1 unless named)."""
    body = {"items": list(items or ("F-1",)), "kind": kind, "text": "Prix convenu : 800", **more}
    return told(claim, "raise_dispute", desk=desk, **body).claim


def resolved(claim: Claim, outcome: str, *, on: datetime = NOW, desk: Catalogue = DESK, **more: Any) -> Claim:
    """The claim after the end of its only dispute."""
    return told(
        claim, "resolve_dispute", dispute_id=str(the_dispute(claim).id), outcome=outcome, on=on, desk=desk, **more
    ).claim


def the_dispute(claim: Claim) -> Dispute:
    (only,) = claim.disputes
    return only


def follow_up(claim: Claim) -> Action:
    """The only open action of the claim."""
    (only,) = [action for action in claim.actions if action.is_open]
    return only


def planned(claim: Claim, *, on: datetime = NOW, desk: Catalogue = DESK) -> Step:
    return decided(claim, on=on, desk=desk).step


def follow_up_step(claim: Claim, *, on: datetime = NOW, desk: Catalogue = DESK) -> Step:
    """How the only planned follow-up will be taken."""
    (only,) = open_work.planned(ground(claim, desk, on))
    return only


def decided(claim: Claim, *, on: datetime = NOW, desk: Catalogue = DESK) -> Decided:
    return next_step(claim, desk, on)


def days(count: int) -> date:
    """That many days after the tests' own today."""
    return TODAY + timedelta(days=count)


def item_of(claim: Claim, reference: str = "F-1") -> Any:
    return next(item for item in claim.items if item.reference == reference)
