"""Asking a person: a task with a frozen preview is opened, reminded, escalated, and ended by its default."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio import activity

from correspondence import draft
from correspondence.recipients import NoUsableAddress
from db.claims import record, save
from db.effects import SENT, Due, due_step
from domain.asking import open_task, run_task_clock
from domain.claim import Action, ActionState, Channel, TaskKind
from domain.effects import Changed, begin, today, with_action
from domain.ground import is_off
from domain.statement import statement
from domain.steps import Order

WRITTEN = frozenset({Channel.EMAIL, Channel.LETTER, Channel.REGISTERED_LETTER, Channel.INTERNAL_EMAIL, Channel.SMS})


class Tasks:
    """The two activities about human tasks."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @activity.defn
    async def ask(self, order: Order) -> str:
        """Open the task of the next step, once per key; what the person will see is frozen with it."""
        async with self._engine.begin() as connection:
            due = await due_step(connection, order)
            if isinstance(due, str):
                return due
            changed = _ask(due, order)
            await save(connection, due.claim, changed.claim)
            await record(connection, due.claim.id, changed.events)
        return SENT

    @activity.defn
    async def task_clock(self, order: Order) -> str:
        """The reminder, the escalation or the default of an open task whose time has come."""
        async with self._engine.begin() as connection:
            due = await due_step(connection, order)
            if isinstance(due, str):
                return due
            task = next(t for t in due.claim.open_tasks if t.id == UUID(due.step.task_id))
            changed = run_task_clock(due.claim, task, order.as_of)
            await save(connection, due.claim, changed.claim)
            await record(connection, due.claim.id, changed.events)
        return SENT


def _ask(due: Due, order: Order) -> Changed:
    if due.step.task_kind == TaskKind.FIND_ADDRESS:
        return open_task(
            due.claim, due.catalogue, due.step, None, order.as_of, _by_hand(due, due.step.action_type, order)
        )
    begun, action = begin(due.claim, due.catalogue, due.step, order.as_of, ActionState.PROPOSED)
    action = replace(action, planned_at=None)
    claim = with_action(begun.claim, action)
    proposed = _proposed(replace(due, claim=claim), action, order)
    asked = open_task(claim, due.catalogue, due.step, action, order.as_of, proposed)
    return Changed(begun.claim, begun.events).then(asked)


def _proposed(due: Due, action: Action, order: Order) -> dict[str, Any]:
    kind = due.catalogue.action_types.get(action.action_type)
    inside = action.channel is Channel.INTERNAL_EMAIL and kind is not None and kind.template is None
    if action.channel not in WRITTEN or inside:  # a look at a promise has no text that could leave
        return {**_by_hand(due, action.action_type, order, action.items), **_of_agent(due, action)}
    text = (action.draft or {}).get("text")
    try:
        return draft(
            due.claim,
            due.catalogue,
            action.action_type,
            action.channel,
            today(due.claim, order.as_of),
            text=text,
            action=action,
        ).as_json()
    except NoUsableAddress:
        return _by_hand(due, action.action_type, order, action.items)


def _of_agent(due: Due, action: Action) -> dict[str, Any]:
    """What concerns an agent is done with the agent, not with the debtor."""
    kind = due.catalogue.action_types.get(action.action_type)
    if kind is None or not kind.is_for_agent:
        return {}
    agent = due.catalogue.agents.get(action.agent)
    return {"recipient": (agent.phone or agent.email) if agent else "", "subject": action.object}


def _by_hand(due: Due, action_type: str, order: Order, about: Collection[str] = ()) -> dict[str, Any]:
    """What a call, a visit or a search for an address shows: what is owed, and for which items (`about`: those alone)."""
    claim, on = due.claim, today(due.claim, order.as_of)
    now = statement(claim, on)
    asked = [i for i in claim.items if (i.reference in about if about else not is_off(i, claim.stage))]
    owed = [i for i in asked if now.owed(i.id).amount > 0]
    kind = due.catalogue.action_types.get(action_type)
    return {
        "channel": due.step.channel.value if due.step.channel else None,
        "recipient": next((c.phone for c in claim.debtor.contacts if c.phone and c.valid), ""),
        "subject": "",
        "text": "",
        "balance_due": str(now.balance_due),
        "items": [
            {
                "reference": i.reference,
                "due_on": i.due_on and i.due_on.isoformat(),
                "outstanding": str(now.owed(i.id)),
            }
            for i in owed
        ],
        "fee": None,
        "stage": dict(kind.proposes) if kind and kind.proposes else None,
    }
