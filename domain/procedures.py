"""Court and enforcement procedures: opened, heard, judged, the title, its service, the end. Each is a request.

What moves a clock of the law is kept as a legal event of the procedure, with an id derived from the entry.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from domain.agents import refuse_unknown_agent
from domain.catalogue import ActionType, Catalogue
from domain.claim import Claim, Hearing, LegalEvent, Procedure, Stage
from domain.effects import Changed
from domain.events import Event
from domain.hearings import with_hearing
from domain.inbox import Entry, Outcome, Rule, refuse_when_closed
from domain.money import Money
from domain.refusals import Refused

ORDERS = frozenset({"payment_order", "payment_order_service"})  # judged by an order, not after a hearing
SUMMONS = frozenset({"summons", "summons_on_merits", "interim_payment"})
THIRD_PARTY = "third_party_seizure"
DECLARATION = "declare_claim"
ENFORCES = frozenset(
    {
        "seizure_and_sale",
        "wage_garnishment",
        "precautionary_seizure",
        "vehicle_seizure",
        "property_seizure",
    }
)
NOTIFIED = frozenset({THIRD_PARTY, "precautionary_seizure"})  # their service is the notice to the debtor
GRANTED = frozenset({"granted", "partly"})


def is_procedure(kind: ActionType | None) -> bool:
    """Whether a procedure can be of this kind: a legal act of litigation or enforcement."""
    return kind is not None and kind.type == "legal" and kind.category is not Stage.AMICABLE


def _open(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    refuse_when_closed(claim)
    body = entry.payload
    if not is_procedure(catalogue.action_types.get(body["kind"])):
        raise Refused("unknown_procedure_kind", procedure=body["kind"])
    refuse_unknown_agent(claim, catalogue, body.get("agent") or "")
    procedure = Procedure(
        id=claim.id_for("procedure", entry.id),
        kind=body["kind"],
        opened_on=date.fromisoformat(body["opened_on"]),
        author=entry.author,
        court=body.get("court") or "",
        number=body.get("number") or "",
        agent=body.get("agent") or "",
        comment=body.get("comment") or "",
    )
    opened = replace(claim, procedures=(*claim.procedures, procedure))
    event = _event("procedure_opened", procedure, entry, as_of, on=body["opened_on"])
    changed = Changed(opened, (event,))
    if kind := _brought_by(procedure.kind):
        changed = changed.then(_legal(changed.claim, entry, procedure, kind, procedure.opened_on, as_of))
    return changed, {"id": str(procedure.id)}


def _brought_by(procedure: str) -> str:
    """The legal event that the opening of such a procedure is; "" for an application alone, which moves nothing."""
    if procedure in SUMMONS:
        return "summons"
    if procedure in ENFORCES:
        return "enforcement_act"
    return {THIRD_PARTY: THIRD_PARTY, DECLARATION: "insolvency_declared"}.get(procedure, "")


def _change(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    """Another court, number, agent or comment: also of one that has ended, for it is only described better."""
    procedure = _known(claim, entry)
    if entry.payload.get("agent"):
        refuse_unknown_agent(claim, catalogue, entry.payload["agent"])
    given: dict[str, Any] = {
        name: entry.payload[name] or "" for name in ("court", "number", "agent", "comment") if name in entry.payload
    }
    event = _event("procedure_changed", procedure, entry, as_of, fields=list(given))
    return _changed(claim, replace(procedure, **given), event)


def _set_hearing(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    procedure = _still_open(claim, entry)
    hearing = Hearing(
        claim.id_for("hearing", entry.id), date.fromisoformat(entry.payload["on"]), entry.payload.get("purpose") or ""
    )
    event = _event("hearing_set", procedure, entry, as_of, hearing_on=entry.payload["on"])
    changed, _ = _changed(claim, replace(procedure, hearings=_in_order(*procedure.hearings, hearing)), event)
    return changed, {"id": str(hearing.id), "procedure": str(procedure.id)}


def _record_hearing(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    """What came out of a hearing; an adjourned one (renvoi) has its next day."""
    procedure, body = _still_open(claim, entry), entry.payload
    hearing = next((h for h in procedure.hearings if str(h.id) == str(body["hearing"])), None)
    if hearing is None:
        raise Refused("unknown_hearing")
    claim = with_hearing(claim, procedure, replace(hearing, outcome=body["outcome"]))
    event = _event("hearing_recorded", procedure, entry, as_of, hearing_on=hearing.on.isoformat())
    outcome: dict[str, Any] = {"id": str(hearing.id), "procedure": str(procedure.id), "next": None}
    if body.get("adjourned_to"):
        day = date.fromisoformat(body["adjourned_to"])
        if day <= hearing.on:
            raise Refused(
                "date_before_start", field="adjourned_to", date=day.isoformat(), starts_on=hearing.on.isoformat()
            )
        following = Hearing(claim.id_for("hearing", entry.id, "next"), day, hearing.purpose)
        held = next(p for p in claim.procedures if p.id == procedure.id)
        claim = _with(claim, replace(held, hearings=_in_order(*held.hearings, following)))
        outcome["next"] = str(following.id)
    return Changed(claim, (event,)), outcome


def _in_order(*hearings: Hearing) -> tuple[Hearing, ...]:
    return tuple(sorted(hearings, key=lambda h: (h.on, str(h.id))))


def _record_judgment(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    """The court's decision; one that grants a payment order starts the time for its service."""
    procedure, body = _still_open(claim, entry), entry.payload
    on = _not_before_opening(procedure, body["on"])
    amount = Money.of(body["amount"], claim.currency) if body.get("amount") else None
    judged = replace(procedure, judged_on=on, judgment=body["outcome"], judgment_amount=amount)
    event = _event("judgment_given", procedure, entry, as_of, on=body["on"], judgment=body["outcome"])
    changed, outcome = _changed(claim, judged, event)
    kind = _decided(procedure.kind, body["outcome"])
    return (changed.then(_legal(changed.claim, entry, judged, kind, on, as_of)) if kind else changed), outcome


def _decided(procedure: str, outcome: str) -> str:
    """The legal event in a decision: a refused claim has interrupted nothing (C. civ. 2243), another decision moves nothing."""
    if outcome in GRANTED:
        return "payment_order" if procedure in ORDERS else "judgment"
    return "action_failed" if outcome == "refused" and procedure not in ORDERS else ""


def _record_title(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    """From this day on costs of collection may be the debtor's (CPCE L111-8)."""
    procedure, body = _still_open(claim, entry), entry.payload
    on = _not_before_opening(procedure, body["on"])
    titled = replace(procedure, title_on=on, title=body["kind"])
    changed, outcome = _changed(
        claim, titled, _event("title_obtained", procedure, entry, as_of, on=body["on"], title=body["kind"])
    )
    return changed.then(_legal(changed.claim, entry, titled, "title", on, as_of)), outcome


def _record_service(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    """Served on the debtor (signification); of a seizure in third hands it is the notice of it (dénonciation)."""
    procedure, body = _still_open(claim, entry), entry.payload
    on = _not_before_opening(procedure, body["on"])
    served = replace(procedure, served_on=on, service_mode=body["mode"])
    event = _event("served", procedure, entry, as_of, on=body["on"], service_mode=body["mode"])
    changed, outcome = _changed(claim, served, event)
    kind = "seizure_notice" if procedure.kind in NOTIFIED else "service"
    legal = _legal(changed.claim, entry, served, kind, on, as_of, comment=body["mode"])
    return changed.then(legal), outcome


def _end(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    procedure, body = _still_open(claim, entry), entry.payload
    on = _not_before_opening(procedure, body["on"])
    ended = replace(procedure, state="ended", outcome=body["outcome"], ended_on=on)
    return _changed(
        claim, ended, _event("procedure_ended", procedure, entry, as_of, on=body["on"], result=body["outcome"])
    )


def _known(claim: Claim, entry: Entry) -> Procedure:
    found = next((p for p in claim.procedures if str(p.id) == str(entry.payload["procedure"])), None)
    if found is None:
        raise Refused("unknown_procedure")
    return found


def _still_open(claim: Claim, entry: Entry) -> Procedure:
    refuse_when_closed(claim)
    procedure = _known(claim, entry)
    if procedure.state != "open":
        raise Refused("procedure_is_ended", on=procedure.ended_on.isoformat() if procedure.ended_on else "")
    return procedure


def _not_before_opening(procedure: Procedure, day: str) -> date:
    on = date.fromisoformat(day)
    if on < procedure.opened_on:
        raise Refused("date_before_start", field="on", date=day, starts_on=procedure.opened_on.isoformat())
    return on


def _with(claim: Claim, procedure: Procedure) -> Claim:
    return replace(claim, procedures=tuple(procedure if p.id == procedure.id else p for p in claim.procedures))


def _changed(claim: Claim, procedure: Procedure, event: Event) -> Outcome:
    return Changed(_with(claim, procedure), (event,)), {"id": str(procedure.id)}


def _event(kind: str, procedure: Procedure, entry: Entry, as_of: datetime, **facts: Any) -> Event:
    return Event(kind, as_of, entry.author, {"procedure": procedure.kind, **facts})


def _legal(
    claim: Claim, entry: Entry, procedure: Procedure, kind: str, on: date, as_of: datetime, *, comment: str = ""
) -> Changed:
    """The legal event that a procedure brings: the clocks of the law count from it."""
    event = LegalEvent(
        claim.id_for("legal_event", entry.id), kind, on, as_of, entry.author, procedure_id=procedure.id, comment=comment
    )
    return Changed(replace(claim, legal_events=(*claim.legal_events, event)))


FACTS: dict[str, Rule] = {}
REQUESTS: dict[str, Rule] = {
    "open_procedure": _open,
    "change_procedure": _change,
    "set_hearing": _set_hearing,
    "record_hearing": _record_hearing,
    "record_judgment": _record_judgment,
    "record_title": _record_title,
    "record_service": _record_service,
    "end_procedure": _end,
}
