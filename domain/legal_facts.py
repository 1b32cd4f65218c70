"""What the law sees of a claim: its legal events, and what its procedures say where no event stands.

Start with `EVENTS`, the kinds and what each does; `seen_by_law` answers the events in order of their day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.claim import Claim, LegalEvent, Procedure

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

# Kinds of procedure, as the action types name them.
CASES = frozenset({"summons", "summons_on_merits", "interim_payment", "payment_order_opposition"})
SERVES = frozenset({"service", "payment_order_service", "third_party_seizure_notice"})
SEIZURES = frozenset(
    {"seizure_and_sale", "wage_garnishment", "vehicle_seizure", "property_seizure", "precautionary_seizure"}
)

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
    procedures = {procedure.id: procedure for procedure in claim.procedures}
    stated = [_stated(e, procedures) for e in claim.legal_events if e.stands and e.kind in EVENTS]
    known = {(event.procedure_id, event.kind) for event in claim.legal_events}  # what was retracted stays retracted
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


def _stated(event: LegalEvent, procedures: Mapping[UUID, Procedure]) -> Seen:
    """A service has often a procedure of its own: it may be of any. What a seizure serves is an act of enforcement."""
    procedure = procedures.get(event.procedure_id) if event.procedure_id else None
    if procedure is not None and procedure.kind in SERVES:
        return Seen(event.on, event.kind, event.item)
    kind = "enforcement_act" if event.kind == "service" and procedure and procedure.kind in SEIZURES else event.kind
    return Seen(event.on, kind, event.item, event.procedure_id)


def _of_procedure(procedure: Procedure) -> Iterator[Seen]:
    """The days that the procedure itself knows."""
    own = None if procedure.kind in SERVES else procedure.id
    for on, kind in (
        (procedure.judged_on, _judged(procedure)),
        (procedure.title_on, "title"),
        (procedure.served_on, _served(procedure)),
        (procedure.ended_on, _ended(procedure)),
    ):
        if on is not None and kind:
            yield Seen(on, kind, procedure_id=own)


def _judged(procedure: Procedure) -> str:
    """A refused claim has interrupted nothing (C. civ. 2243); one struck from the roll goes on."""
    if procedure.judgment in {"", "granted", "partly"}:
        return PAYMENT_ORDER if procedure.kind == PAYMENT_ORDER else "judgment"
    return "action_failed" if procedure.judgment == "refused" and procedure.kind != PAYMENT_ORDER else ""


def _served(procedure: Procedure) -> str:
    """The service of a seizure in third hands is its notice to the debtor; else an order, a judgment or a title."""
    if procedure.kind in {THIRD_PARTY_SEIZURE, "third_party_seizure_notice"}:
        return "seizure_notice"
    return "enforcement_act" if procedure.kind in SEIZURES else "service"


def _ended(procedure: Procedure) -> str:
    """What the end of a procedure without a judgment means; what was given up has interrupted nothing (C. civ. 2243)."""
    if procedure.kind == "declare_claim":
        return "insolvency_closed"
    if procedure.kind not in CASES or procedure.title_on or _judged(procedure) == "action_failed":
        return ""
    if procedure.judged_on is not None and _judged(procedure):
        return ""
    return "action_failed" if procedure.outcome in {"withdrawn", "void"} else "instance_ended"
