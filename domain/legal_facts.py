"""What the law sees of a claim: its legal events, and what its procedures say where no event stands.

Start with `EVENTS`, the kinds and what each does; `seen_by_law` answers the events in order of their day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.claim import Claim, Procedure

ACKNOWLEDGEMENT, PAYMENT, COURT, ENFORCEMENT, NOTICE, INSOLVENCY, WAIVER = (
    "acknowledgement",
    "payment",
    "court",
    "enforcement",
    "formal_notice",
    "insolvency",
    "waiver",
)
PAYMENT_ORDER = "payment_order"
THIRD_PARTY_SEIZURE = "third_party_seizure"

# Kind of event -> the cause by which it may interrupt a limitation (the country pack says whether it does), "" for none.
EVENTS: Mapping[str, str] = {
    "acknowledgement": ACKNOWLEDGEMENT,  # the debtor owns the debt, in writing
    "formal_notice": NOTICE,  # with a date that holds against everybody
    "summons": COURT,
    "payment_order": "",  # the order is made: it must be served
    "service": "",  # of an order, a judgment or a title; of an order it is the demand in court
    "opposition": COURT,  # of the debtor, to the order: the case goes on in court
    "diligence": "",  # a step that carries the case on
    "judgment": "",
    "title": "",
    "instance_ended": "",  # without a judgment that is a title
    "action_failed": "",  # given up, lapsed or rejected: it interrupts nothing any more
    "enforcement_act": ENFORCEMENT,
    "third_party_seizure": ENFORCEMENT,
    "seizure_notice": ENFORCEMENT,  # the seizure is made known to the debtor
    "seizure_contested": "",
    "insolvency_opened": "",  # published
    "insolvency_declared": INSOLVENCY,  # our claim, to the court's agent
    "insolvency_closed": "",
    "limitation_waived": WAIVER,  # by the debtor, of a limitation that had run out
}
ENFORCES = frozenset(kind for kind, cause in EVENTS.items() if cause == ENFORCEMENT)


@dataclass(frozen=True, slots=True)
class Seen:
    """An event as the law counts it. `item` is a reference, "" for the whole claim."""

    on: date
    kind: str
    item: str = ""
    procedure_id: UUID | None = None

    def concerns(self, other: Seen) -> bool:
        """Whether both may be of one procedure; what names none may be of any."""
        return None in (self.procedure_id, other.procedure_id) or self.procedure_id == other.procedure_id


def seen_by_law(claim: Claim, day: date) -> tuple[Seen, ...]:
    """The events up to that day that stand, oldest first; on one day in the order of `EVENTS`."""
    if not claim.legal_events and not claim.procedures:
        return ()
    stated = [Seen(e.on, e.kind, e.item, e.procedure_id) for e in claim.legal_events if e.stands and e.kind in EVENTS]
    known = {(event.procedure_id, event.kind) for event in stated}
    of_procedures = (seen for procedure in claim.procedures for seen in _of_procedure(procedure))
    found = [*stated, *(seen for seen in of_procedures if (seen.procedure_id, seen.kind) not in known)]
    order = {kind: n for n, kind in enumerate(EVENTS)}
    return tuple(
        sorted(
            {event for event in found if event.on <= day},
            key=lambda event: (event.on, order[event.kind], event.item, str(event.procedure_id)),
        )
    )


def first_after(
    events: tuple[Seen, ...], start: Seen, kinds: frozenset[str] | set[str], *, until: date | None = None
) -> Seen | None:
    """The first event of these kinds of the same procedure on that day or after it, at the latest on `until`."""
    return next(
        (
            event
            for event in events
            if event.kind in kinds
            and event.on >= start.on
            and event.concerns(start)
            and (until is None or event.on <= until)
        ),
        None,
    )


def _of_procedure(procedure: Procedure) -> Iterator[Seen]:
    """The days that the procedure itself knows."""
    refused = procedure.kind == PAYMENT_ORDER and procedure.judgment in NO_ORDER
    if procedure.judged_on is not None and not refused:
        kind = PAYMENT_ORDER if procedure.kind == PAYMENT_ORDER else "judgment"
        yield Seen(procedure.judged_on, kind, procedure_id=procedure.id)
    if procedure.title_on is not None:
        yield Seen(procedure.title_on, "title", procedure_id=procedure.id)
    if procedure.served_on is not None:
        yield Seen(procedure.served_on, _served(procedure), procedure_id=procedure.id)
    if procedure.ended_on is not None and procedure.judged_on is None and procedure.title_on is None:
        yield Seen(procedure.ended_on, "instance_ended", procedure_id=procedure.id)


NO_ORDER = frozenset({"refused", "struck_out"})  # there is nothing to serve then
SEIZURES = frozenset({"seizure_and_sale", "wage_garnishment"})


def _served(procedure: Procedure) -> str:
    """What is served: a seizure on the third party, an act of enforcement, else an order, a judgment or a title."""
    if procedure.kind == THIRD_PARTY_SEIZURE:
        return THIRD_PARTY_SEIZURE
    return "enforcement_act" if procedure.kind in SEIZURES else "service"
