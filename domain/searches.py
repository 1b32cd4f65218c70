"""Looking for an address or a telephone (find_address): what is sought, and whether it has been found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.catalogue import Catalogue
from domain.claim import Channel, Claim, Task, TaskKind
from domain.refusals import Refused
from domain.routing import is_usable

WRITTEN_TO = (Channel.EMAIL, Channel.LETTER)


def is_found(claim: Claim, catalogue: Catalogue, task: Task, on: date) -> bool:
    """Whether the debtor can be reached by one of the channels that the search is for."""
    debtor = claim.debtor.on(on)
    return any(is_usable(channel, debtor) for channel in _channels_sought(catalogue, task))


def refuse_unfinished(claim: Claim, catalogue: Catalogue, task: Task, on: date) -> None:
    """Raises Refused not_found_yet: done without an address the search would only begin again. Who gives it up skips."""
    if task.kind is TaskKind.FIND_ADDRESS and not is_found(claim, catalogue, task, on):
        raise Refused("not_found_yet")


def _channels_sought(catalogue: Catalogue, task: Task) -> Sequence[Channel]:
    """The channels of the step that somebody looks for an address for."""
    steps = catalogue.scenario.steps
    if task.step is not None and task.step < len(steps):
        kind = catalogue.action_types.get(steps[task.step].action_type)
        return steps[task.step].channels or (kind.channels if kind else WRITTEN_TO)
    return WRITTEN_TO
