"""The second person's answer: what the first one asked for is carried out, or refused with the reason.

A subject whose acts may need two people adds its rule to ACTS and asks by approvals.ask_second_person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from domain import closures, stages
from domain.approvals import is_overtaken, refuse_as_second
from domain.catalogue import Catalogue
from domain.claim import Claim, Decision, Task
from domain.effects import Changed
from domain.events import Event
from domain.refusals import Refused

# What to do with the frozen proposal, who asked, who agreed.
CarryOut = Callable[[Claim, Mapping[str, Any], str, str, Catalogue, datetime], Changed]
ACTS: Mapping[str, CarryOut] = {"stage": stages.carry_out, "closure": closures.carry_out}
TOLD = ("ending", "amount", "currency")


def decide_second_approval(
    claim: Claim,
    task: Task,
    decision: Decision,
    body: Mapping[str, Any],
    author: str,
    catalogue: Catalogue,
    as_of: datetime,
) -> Changed:
    """Raises Refused: same_person, second_person, overtaken, or what the act itself is refused for by now."""
    proposed = task.proposed
    first = str(proposed["asked_by"])
    facts = {"act": proposed["act"], **{name: proposed[name] for name in TOLD if proposed.get(name)}}
    if proposed.get("stage"):
        facts["stage"] = proposed["stage"]["stage"]
    if decision is Decision.REFUSE:  # the first person may take it back so
        return Changed(claim, (Event("refused", as_of, author, {**facts, "comment": body.get("comment") or ""}),))
    refuse_as_second(author, first)
    if is_overtaken(claim, task):
        raise Refused("overtaken")
    approved = Event("approved", as_of, author, {**facts, "asked_by": first})
    return Changed(claim, (approved,)).then(ACTS[proposed["act"]](claim, proposed, first, author, catalogue, as_of))
