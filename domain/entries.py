"""Applying the inbox: each kind of entry is one function from the claim to the claim, or a refusal with its reason.

Facts (a payment, a note) are never refused for what they are; requests (a decision, a suspension) may be.
`apply` is the only door; each subject brings its own rules, what follows from any of them is in domain/consequences.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain import (
    arrangements,
    chosen_actions,
    clocks,
    closures,
    course_entries,
    debt_entries,
    disputes,
    legal_entries,
    offers,
    promises,
    returned_mail,
    stages,
    statuses,
    suspensions,
)
from domain.catalogue import Catalogue
from domain.claim import Claim
from domain.consequences import consequences
from domain.events import Event
from domain.inbox import Entry, Rule
from domain.refusals import Refused

__all__ = ["FACTS", "REQUESTS", "Applied", "Entry", "apply"]

SUBJECTS = (
    course_entries,
    debt_entries,
    statuses,
    promises,
    arrangements,
    offers,
    disputes,
    stages,
    closures,
    suspensions,
    chosen_actions,
    legal_entries,
    clocks,
    returned_mail,
)
FACTS = frozenset(kind for subject in SUBJECTS for kind in subject.FACTS)
REQUESTS = frozenset(kind for subject in SUBJECTS for kind in subject.REQUESTS)
_RULES: Mapping[str, Rule] = {
    kind: rule for subject in SUBJECTS for kind, rule in (*subject.FACTS.items(), *subject.REQUESTS.items())
}


@dataclass(frozen=True, slots=True)
class Applied:
    """The claim after the entry, what the caller is told, and what the timeline keeps."""

    claim: Claim
    outcome: dict[str, Any]
    events: tuple[Event, ...]


def apply(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Applied:
    """The claim with this entry in it. Raises Refused, with the reason, when the state of things is against it."""
    rule = _RULES.get(entry.kind)
    if rule is None:
        raise Refused("unknown_kind", kind=entry.kind)
    try:
        changed, outcome = rule(claim, entry, catalogue, as_of)
    except (LookupError, TypeError, ValueError, ArithmeticError) as error:  # else the plan would try for ever
        raise Refused("malformed", field=str(error)[:100]) from error
    after = changed.then(consequences(changed.claim, catalogue, as_of))
    events = tuple(replace(event, entry_id=entry.id) for event in after.events)
    return Applied(after.claim, outcome, events)
