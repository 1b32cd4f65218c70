"""Days that come of themselves: promises, instalments, offers, agents, clocks of the law. What is due, and what it then does.

`due` is the planner's question (a CHECK step for each), `check` is what the activity of that name does on the day. Both
are pure; each subject answers for its own, told apart by the first part of `Step.subject`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from domain import (
    agents,
    arrangement_course,
    clock_warnings,
    disputes,
    guarantees,
    hearings,
    legal_holds,
    offers,
    promises,
    stages,
)
from domain.catalogue import Catalogue
from domain.claim import Claim
from domain.effects import Changed
from domain.ground import Ground
from domain.steps import Step

Due = Callable[[Ground], Iterator[Step]]
Check = Callable[[Claim, Catalogue, Step, datetime], Changed]

DUE: tuple[Due, ...] = (
    legal_holds.due,
    stages.due,
    promises.due,
    arrangement_course.due,
    offers.due,
    disputes.due,
    agents.due,
    hearings.due,
    guarantees.due,
)
CHECKS: Mapping[str, Check] = {
    "clock": clock_warnings.check,  # its due days are asked by the planner itself, after all these
    "hold": legal_holds.check,
    "stage": stages.check,
    "promise": promises.check,
    "arrangement": arrangement_course.check,
    "offer": offers.check,
    "dispute": disputes.check,
    agents.SUBJECT: agents.check,
    hearings.SUBJECT: hearings.check,
    guarantees.SUBJECT: guarantees.check,
}


def due(on: Ground) -> Iterator[Step]:
    """A CHECK step for every day that is still to come, or has come and was not looked at."""
    for of_subject in DUE:
        yield from of_subject(on)


def check(claim: Claim, catalogue: Catalogue, step: Step, as_of: datetime) -> Changed:
    """What became of it on its day."""
    return CHECKS[step.subject.partition("/")[0]](claim, catalogue, step, as_of)
