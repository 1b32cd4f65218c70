"""Mail that came back: a letter that the post returned, an e-mail that a server refused for good.

The debtor's address or contact is marked by whoever reports it (api/returned.py, activities/emails.py), before the claim
hears of it: a debtor has many claims. Here the claim takes note, and asks a person when nothing else is left to write to.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from domain.asking import ask_about
from domain.catalogue import Catalogue
from domain.claim import Claim, ReturnedMail, Stage, TaskKind
from domain.effects import Changed, today
from domain.events import SYSTEM, Event
from domain.inbox import Entry, Outcome, Rule

REASONS = ("unknown_at_address", "refused", "unclaimed")  # what the postman ticks
REFUSED_BY_SERVER = "refused_by_server"
REACHED_BY = frozenset({"addresses", "contacts"})  # fields of the debtor whose change answers a return


def _letter_returned(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    body = entry.payload
    came_back = ReturnedMail(
        id=claim.id_for("returned", body["document"]),
        document_id=UUID(body["document"]),
        kind=body["sent_as"],
        reason=body["reason"],
        returned_on=date.fromisoformat(body["returned_on"]),
        recorded_at=as_of,
        author=entry.author,
        action_id=UUID(body["action"]) if body.get("action") else None,
    )
    return _noted(claim, came_back, as_of), {"returned_mail": str(came_back.id)}


def bounced(claim: Claim, action_id: UUID, document_id: UUID, as_of: datetime) -> Changed:
    """The mail server refused the recipient for good: the e-mail stands as bounced."""
    came_back = ReturnedMail(
        id=claim.id_for("returned", document_id),
        document_id=document_id,
        kind="email",
        reason=REFUSED_BY_SERVER,
        returned_on=today(claim, as_of),
        recorded_at=as_of,
        author=SYSTEM,
        action_id=action_id,
    )
    return _noted(claim, came_back, as_of)


def _noted(claim: Claim, came_back: ReturnedMail, as_of: datetime) -> Changed:
    if any(known.id == came_back.id for known in claim.returned):
        return Changed(claim)
    facts = {"reason": came_back.reason, "returned_on": came_back.returned_on.isoformat()}
    kind = "email_bounced" if came_back.kind == "email" else "letter_returned"
    changed = Changed(
        replace(claim, returned=(*claim.returned, came_back)),
        (Event(kind, as_of, came_back.author, facts, came_back.action_id),),
    )
    debtor = claim.debtor.on(today(claim, as_of))
    if claim.stage is Stage.CLOSED or debtor.email() or debtor.postal_address() is not None:
        return changed
    if any(task.kind is TaskKind.FIND_ADDRESS for task in claim.open_tasks):
        return changed
    why = ({"code": kind, "facts": facts},)
    return changed.then(ask_about(changed.claim, TaskKind.FIND_ADDRESS, f"returned/{came_back.id}", as_of, why=why))


def handled(claim: Claim, fields: frozenset[str], as_of: datetime) -> Claim:
    """A person changed how the debtor is reached: what came back is answered."""
    if not fields & REACHED_BY or all(r.handled_on for r in claim.returned):
        return claim
    day = today(claim, as_of)
    return replace(claim, returned=tuple(r if r.handled_on else replace(r, handled_on=day) for r in claim.returned))


FACTS: dict[str, Rule] = {"letter_returned": _letter_returned}
REQUESTS: dict[str, Rule] = {}
