"""What news brings with it: proposals whose ground is gone are withdrawn, letters caught, a paid claim reopened.

Run after each entry, in its transaction: a payment itself withdraws what must no longer leave.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from domain import (
    agents,
    arrangement_course,
    clock_warnings,
    disputes,
    hearings,
    legal_holds,
    promises,
    stages,
)
from domain.catalogue import Catalogue
from domain.claim import Action, ActionState, Channel, Claim, Ending, Letter, Stage, Task, TaskKind
from domain.effects import Changed, today
from domain.endings import catch_letters, keep_back_letters, letters_to_catch, reopen, withdraw
from domain.ground import CONTACT, is_off, may_be_asked
from domain.open_work import is_of_step
from domain.searches import is_found
from domain.statement import Statement, statement

AfterNews = Callable[[Claim, Catalogue, datetime], Changed]
# by subject, in this order; each sees what the one before it left
AFTER_NEWS: tuple[AfterNews, ...] = (
    disputes.after_news,
    arrangement_course.after_news,
    promises.after_news,
    legal_holds.after_news,
    stages.after_news,
    agents.after_news,
    hearings.after_news,
    clock_warnings.after_news,
)


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
    actions = [a for a in _waiting(claim) if any(t.action_id == a.id for t in moot) or _is_pointless(claim, a, now)]
    changed = withdraw(claim, as_of, reason="nothing_asked", tasks=moot, actions=actions)
    overtaken = {n.id for n in letters_to_catch(claim, as_of) if _asks_too_much(claim, catalogue, n, now)}
    return changed.then(keep_back_letters(changed.claim, as_of, reason="items_changed", only=overtaken))


def _asks_too_much(claim: Claim, catalogue: Catalogue, letter: Letter, now: Statement) -> bool:
    """A letter to the debtor that names an item which is paid, promised or disputed by now."""
    action = next((a for a in claim.actions if a.id == letter.action_id), None)
    kind = catalogue.action_types.get(action.action_type) if action is not None else None
    if not letter.items or (kind is not None and kind.is_for_agent):
        return False
    lines = [line for line in now.lines if line.item.reference in letter.items]
    return any(not line.owed or is_off(line.item, claim.stage) for line in lines)


def _waiting(claim: Claim) -> list[Action]:
    """Actions that have not begun to leave."""
    return [a for a in claim.actions if a.is_open and a.state is not ActionState.SENDING]


def _is_moot(claim: Claim, catalogue: Catalogue, task: Task, now: Statement) -> bool:
    if task.kind is TaskKind.FIND_ADDRESS:
        return is_found(claim, catalogue, task, now.on)
    action = next((a for a in claim.actions if a.id == task.action_id), None) if task.action_id else None
    if action is not None and action.items and not is_of_step(claim, action):
        return _is_pointless(claim, action, now)
    return _nothing_left_of(claim, task.proposed, now)


def _is_pointless(claim: Claim, action: Action, now: Statement) -> bool:
    """An action about some items, when they are all paid, or may not be asked for from the debtor any more."""
    if not action.items or is_of_step(claim, action):
        return _nothing_left_of(claim, action.draft, now)
    if action.channel is Channel.LEGAL_ACT:
        return False
    asks = action.channel in CONTACT and not action.decided_by  # what a person decided stays
    return all(
        now.owed(item.id).amount <= 0 or (asks and not may_be_asked(item, claim.stage))
        for item in claim.items
        if item.reference in action.items
    )


def _nothing_left_of(claim: Claim, proposed: dict[str, object] | None, now: Statement) -> bool:
    """Whether all the items that were to be asked are paid, promised or disputed by now."""
    asked = proposed.get("items") if proposed else None
    if not isinstance(asked, list) or not asked:
        return False
    references = {i["reference"] if isinstance(i, dict) else i for i in asked}
    lines = [line for line in now.lines if line.item.reference in references]
    return bool(lines) and all(line.owed.amount <= 0 or is_off(line.item, claim.stage) for line in lines)
