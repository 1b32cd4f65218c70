"""What news brings with it: proposals whose ground is gone are withdrawn, letters caught, a paid claim reopened.

Run after each entry, in its transaction: a payment itself withdraws what must no longer leave.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from domain.catalogue import Catalogue
from domain.claim import Action, ActionState, Channel, Claim, Ending, Stage, Task, TaskKind
from domain.effects import Changed, today
from domain.endings import catch_letters, reopen, withdraw
from domain.routing import is_usable
from domain.statement import Statement, statement

WRITTEN_TO = (Channel.EMAIL, Channel.LETTER)
AfterNews = Callable[[Claim, Catalogue, datetime], Changed]
AFTER_NEWS: tuple[AfterNews, ...] = ()  # by subject, in this order; each sees what the one before it left


def consequences(claim: Claim, catalogue: Catalogue, as_of: datetime) -> Changed:
    """The claim with what follows from its facts as they now stand."""
    changed = Changed(claim)
    for after_news in AFTER_NEWS:
        changed = changed.then(after_news(changed.claim, catalogue, as_of))
    return changed.then(_what_is_left(changed.claim, catalogue, as_of))


def _what_is_left(claim: Claim, catalogue: Catalogue, as_of: datetime) -> Changed:
    """Reopened when something is owed again, withdrawn what must not leave any more."""
    now = statement(claim, today(claim, as_of))
    if claim.stage is Stage.CLOSED:
        owed_again = claim.ending is Ending.PAID and now.balance_due.amount > 0
        return reopen(claim, as_of) if owed_again else Changed(claim)
    if now.balance_due.amount <= 0:
        changed = withdraw(claim, as_of, reason="paid", tasks=claim.open_tasks, actions=_waiting(claim))
        return changed.then(catch_letters(changed.claim, as_of, reason="paid"))
    moot = [task for task in claim.open_tasks if _is_moot(claim, catalogue, task, now)]
    actions = [
        a for a in _waiting(claim) if any(t.action_id == a.id for t in moot) or _nothing_left_of(claim, a.draft, now)
    ]
    return withdraw(claim, as_of, reason="nothing_asked", tasks=moot, actions=actions)


def _waiting(claim: Claim) -> list[Action]:
    """Actions that have not begun to leave."""
    return [a for a in claim.actions if a.is_open and a.state is not ActionState.SENDING]


def _is_moot(claim: Claim, catalogue: Catalogue, task: Task, now: Statement) -> bool:
    if task.kind is TaskKind.FIND_ADDRESS:
        return any(is_usable(channel, claim.debtor) for channel in _channels_sought(catalogue, task))
    return _nothing_left_of(claim, task.proposed, now)


def _channels_sought(catalogue: Catalogue, task: Task) -> Sequence[Channel]:
    """The channels of the step that somebody looks for an address for."""
    steps = catalogue.scenario.steps
    if task.step is not None and task.step < len(steps):
        kind = catalogue.action_types.get(steps[task.step].action_type)
        return steps[task.step].channels or (kind.channels if kind else WRITTEN_TO)
    return WRITTEN_TO


def _nothing_left_of(claim: Claim, proposed: dict[str, object] | None, now: Statement) -> bool:
    """Whether all the items that were to be asked are paid, promised or disputed by now."""
    asked = proposed.get("items") if proposed else None
    if not isinstance(asked, list) or not asked:
        return False
    references = {i["reference"] if isinstance(i, dict) else i for i in asked}
    items = [i for i in claim.items if i.reference in references]
    return bool(items) and all(now.outstanding(i.id).amount <= 0 or i.off_scenario is not None for i in items)
