"""What has happened on a part of the sample's claims since they came: promises, arrangements, disputes, courts, costs.

Entries as the API writes them: every kind and payload is one that a route would put into the claim's inbox.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from domain.claim import Stage
from domain.intake import Intake
from sample.later import Later
from sample.words_of_collection import COURTS, DISPUTES, PROMISES, STATUSES

Told = Iterator[Later]


@dataclass(frozen=True, slots=True)
class _On:
    """What a claim's past is made up from: its own random stream, what came, the day of the first look."""

    chance: random.Random
    intake: Intake
    today: date


def of_collection(chance: random.Random, intake: Intake, today: date) -> Told:
    """A claim's stage decides what may have happened; most claims are as they came."""
    if intake.debtor.given.get("legal_situation") == "insolvency":
        opened_on = today - timedelta(days=chance.randint(5, 25))
        yield Later("record_legal_event", {"kind": "insolvency_opened", "on": opened_on.isoformat()})
        return
    stage = intake.takeover.stage if intake.takeover else Stage.AMICABLE
    pick = chance.random()
    for share, told in _OF_STAGE[stage]:
        if pick < share:
            if stage is not Stage.AMICABLE or _is_due(intake, today):
                yield from told(_On(chance, intake, today))
            return
        pick -= share


def _is_due(intake: Intake, today: date) -> bool:
    days = [item.due_on for item in intake.items if item.due_on is not None]
    return bool(days) and min(days) <= today


def _promised(on: _On) -> Told:
    yield _promise(on.today + timedelta(days=on.chance.randint(3, 12)), on.chance)


def _nearly_broken(on: _On) -> Told:
    """Its day is today: only the tolerance is left."""
    yield _promise(on.today, on.chance)


def _promise(day: date, chance: random.Random) -> Later:
    comment = chance.choice(PROMISES)
    return Later("make_promise", {"amount": None, "promised_on": day.isoformat(), "items": None, "comment": comment})


def _arranged(on: _On) -> Told:
    first = on.today + timedelta(days=on.chance.randint(4, 25))
    yield Later(
        "agree_arrangement",
        {
            "count": on.chance.choice((3, 4, 6)), "first_due_on": first.isoformat(), "every": "month",
            "amount": None, "waiver": None, "items": None, "tolerance_days": None, "tolerance_amount": None,
            "missed_allowed": on.chance.choice((0, 1)), "remind_days_before": 3, "remind_days_after": 1,
            "comment": "Trésorerie tendue, engagement pris par téléphone.", "supervises": True,
        },
    )  # fmt: skip


def _disputed(on: _On) -> Told:
    item = next(item for item in on.intake.items if item.kind.value != "credit_note" and item.status is None)
    kind, text, owner = on.chance.choice(DISPUTES)
    email = f"{owner.split()[-1]}@{on.intake.creditor.lower()}.example"
    payload = {"items": [item.reference], "kind": kind, "text": text, "owner": owner, "owner_email": email}
    yield Later("raise_dispute", payload)


def _qualified(on: _On) -> Told:
    item = next(item for item in on.intake.items if item.kind.value != "credit_note" and item.status is None)
    status, comment = on.chance.choice(STATUSES)
    dates = {"follow_up_on": None, "promised_on": None}
    yield Later("give_status", {"items": [item.reference], "status": status, "comment": comment, **dates})


def _acknowledged(on: _On) -> Told:
    signed_on = on.today - timedelta(days=on.chance.randint(3, 40))
    comment = "Courrier signé : reconnaît devoir la somme et demande un délai."
    payload = {
        "kind": "acknowledgement",
        "on": signed_on.isoformat(),
        "item": None,
        "procedure": None,
        "comment": comment,
    }
    yield Later("record_legal_event", payload)


def _summoned(on: _On) -> Told:
    """Before the court, with a hearing to come."""
    opened_on = on.today - timedelta(days=on.chance.randint(30, 90))
    yield _procedure(on.chance, on.intake, "summons", opened_on, "lawyer")
    hearing_on = on.today + timedelta(days=on.chance.randint(6, 45))
    yield Later("set_hearing", {"on": hearing_on.isoformat(), "purpose": "Plaidoiries"}, under="procedure")
    yield _cost(on.intake, "Assignation", "180.00", opened_on, "bailiff", chargeable=False)
    yield _cost(on.intake, "Provision à l’avocat", "400.00", opened_on, "lawyer", chargeable=False, advance=True)


def _ordered(on: _On) -> Told:
    """The order is made, and must be served in time."""
    opened_on = on.today - timedelta(days=on.chance.randint(45, 70))
    yield _procedure(on.chance, on.intake, "payment_order", opened_on, "bailiff")
    judged_on = on.today - timedelta(days=on.chance.randint(10, 35))
    yield _on_day("record_judgment", judged_on, outcome="granted", amount=None)
    yield _cost(on.intake, "Requête en injonction de payer", "33.50", opened_on, "bailiff", chargeable=False)


def _titled(on: _On) -> Told:
    """Order, service, title: what is spent from then on is the debtor's."""
    opened_on = on.today - timedelta(days=on.chance.randint(260, 330))
    yield _procedure(on.chance, on.intake, "payment_order", opened_on, "bailiff")
    yield _on_day("record_judgment", opened_on + timedelta(days=30), outcome="granted", amount=None)
    yield _on_day("record_service", opened_on + timedelta(days=60), mode=on.chance.choice(("to_person", "at_home")))
    yield _on_day("record_title", opened_on + timedelta(days=110), kind="payment_order")
    served_on = on.today - timedelta(days=on.chance.randint(5, 60))
    yield _cost(on.intake, "Signification du titre", "72.00", served_on, "bailiff", chargeable=None)


def _procedure(chance: random.Random, intake: Intake, kind: str, opened_on: date, agent: str) -> Later:
    court = chance.choice(COURTS[intake.debtor.country])
    number = f"{opened_on:%Y}/{chance.randint(100, 9999):05d}"
    payload = {"kind": kind, "court": court, "number": number, "agent": agent, "opened_on": opened_on.isoformat()}
    return Later("open_procedure", {**payload, "comment": ""})


def _on_day(entry: str, on: date, /, **more: Any) -> Later:
    return Later(entry, {"on": on.isoformat(), **more}, under="procedure")


def _cost(
    intake: Intake, what: str, amount: str, on: date, agent: str, *, chargeable: bool | None, advance: bool = False
) -> Later:
    """Billed to the creditor whenever it stays with him."""
    cost_id = uuid5(NAMESPACE_URL, f"recouvra:sample/{intake.creditor}/{intake.reference}/{what}")
    payload = {
        "cost_id": str(cost_id), "kind": what, "amount": amount, "incurred_on": on.isoformat(), "agent": agent,
        "chargeable_to_debtor": chargeable, "billed_to_creditor": chargeable is False, "advance": advance, "document": None,
    }  # fmt: skip
    return Later("cost_added", payload)


_OF_STAGE: dict[Stage, tuple[tuple[float, Callable[[_On], Told]], ...]] = {
    Stage.AMICABLE: (
        (0.04, _promised),
        (0.015, _nearly_broken),
        (0.03, _arranged),
        (0.045, _disputed),
        (0.04, _qualified),
        (0.015, _acknowledged),
    ),
    Stage.LITIGATION: ((0.14, _summoned), (0.14, _ordered)),
    Stage.ENFORCEMENT: ((0.35, _titled),),
}
