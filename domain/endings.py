"""How a claim ends, is suspended and lives again; and what is withdrawn with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from domain.agreements_ending import agreements_at_the_end
from domain.asking import with_task
from domain.claim import (
    Action,
    ActionState,
    Claim,
    DocumentState,
    Ending,
    Letter,
    Outcome,
    Stage,
    Task,
    TaskState,
)
from domain.effects import Changed, given_up, today, with_action
from domain.events import SYSTEM, Event


def withdraw(
    claim: Claim, as_of: datetime, *, reason: str, tasks: Iterable[Task] = (), actions: Iterable[Action] = ()
) -> Changed:
    """Take back what has not left: proposals whose ground is gone, and actions that wait."""
    events: list[Event] = []
    for task in tasks:
        claim = with_task(claim, replace(task, state=TaskState.WITHDRAWN, closed_at=as_of))
        facts = {"task": task.kind.value, "action_type": task.action_type, "reason": reason}
        events.append(Event("task_withdrawn", as_of, SYSTEM, facts, task.action_id))
    for action in actions:
        gone = replace(action, state=ActionState.FINISHED, outcome=Outcome.WITHDRAWN, reason=reason, done_at=as_of)
        claim = with_action(claim, gone)
        events.append(
            Event("action_withdrawn", as_of, SYSTEM, {"action_type": action.action_type, "reason": reason}, action.id)
        )
    return Changed(claim, tuple(events))


def letters_to_catch(claim: Claim, as_of: datetime) -> list[Letter]:
    """Those that have not gone to the printer yet."""
    return [n for n in claim.letters if n.state is DocumentState.RENDERED and n.posts_at > as_of]


def catch_letters(claim: Claim, as_of: datetime, *, reason: str, only: Collection[UUID] | None = None) -> Changed:
    """Letters that have not gone to the printer yet (`only`: of these ids) are withdrawn.

    The action stays sent, as the timeline said; it has reached nobody (`caught_on`).
    """
    caught = {n.id: n.action_id for n in letters_to_catch(claim, as_of) if only is None or n.id in only}
    if not caught:
        return Changed(claim)
    day, of_letters = today(claim, as_of), set(caught.values())
    letters = tuple(replace(n, state=DocumentState.WITHDRAWN) if n.id in caught else n for n in claim.letters)
    actions = tuple(replace(a, caught_on=day) if a.id in of_letters else a for a in claim.actions)
    events = tuple(
        Event("letter_withdrawn", as_of, SYSTEM, {"reason": reason}, action_id) for action_id in caught.values()
    )
    return Changed(replace(claim, letters=letters, actions=actions), events)


def withdraw_steps(claim: Claim, as_of: datetime, *, reason: str) -> Changed:
    """Scenario steps under way (and what replaced them) are taken back: they were not taken, and may come again."""
    steps = [
        a
        for a in claim.actions
        if a.is_open and a.state is not ActionState.SENDING and (a.step is not None or a.replaces is not None)
    ]
    gone = {action.id for action in steps}
    tasks = [task for task in claim.open_tasks if task.action_id in gone]
    return withdraw(claim, as_of, reason=reason, tasks=tasks, actions=steps)


def keep_back_letters(claim: Claim, as_of: datetime, *, reason: str, only: Collection[UUID] | None = None) -> Changed:
    """Letters that have not gone to the printer stay here, and each is planned anew for when it may leave again.

    Their actions stay sent, and the fee is charged once; without the new ones a step would count that never arrived.
    """
    caught = [n.action_id for n in letters_to_catch(claim, as_of) if only is None or n.id in only]
    changed = catch_letters(claim, as_of, reason=reason, only=only)
    claim = changed.claim
    for action in [a for a in claim.actions if a.id in caught and a.outcome is Outcome.SENT]:
        sequence = claim.sequence + 1
        again = replace(
            action,
            id=claim.id_for("action", sequence),
            sequence=sequence,
            state=ActionState.PLANNED,
            outcome=None,
            done_at=None,
            step=None,
            planned_on=today(claim, as_of),
            replaces=action.id,
            decided_by="",
            fee=None,
            draft=None,
            proposes=None,
            caught_on=None,
        )
        claim = with_action(replace(claim, sequence=sequence), again)
    return Changed(claim, changed.events)


def close(claim: Claim, ending: Ending, as_of: datetime) -> Changed:
    """The end: whatever is still open is withdrawn with it."""
    if claim.stage is Stage.CLOSED:
        return Changed(claim)
    waiting = [a for a in claim.actions if a.is_open and a.state is not ActionState.SENDING]
    done = withdraw(claim, as_of, reason=ending.value, tasks=claim.open_tasks, actions=waiting)
    done = done.then(catch_letters(done.claim, as_of, reason=ending.value))
    for action in [a for a in done.claim.actions if a.is_open]:
        # Recorded as leaving, and nobody knows whether it left: it never leaves again after the end. One that is
        # leaving at this very moment is marked as sent by its own effect.
        unknown = given_up(done.claim, action.id, as_of, reason="not_known_whether_it_left")
        done = done.then(unknown)
    closed = replace(
        done.claim,
        stage=Stage.CLOSED,
        sub_stage="",
        stage_since=today(claim, as_of),
        closed_from=claim.stage,
        closed_from_sub_stage=claim.sub_stage,
        ending=ending,
        closed_on=today(claim, as_of),
        closing=None,
        suspended=None,
        **agreements_at_the_end(claim, today(claim, as_of)),
        hold=None,
    )
    return done.then(Changed(closed, (Event("claim_closed", as_of, SYSTEM, {"ending": ending.value}),)))


def end_suspension(claim: Claim, as_of: datetime) -> Changed:
    """A suspension that had an end is over when its day has come."""
    until = claim.suspended.until if claim.suspended else None
    if until is None or until > today(claim, as_of):
        return Changed(claim)
    return Changed(replace(claim, suspended=None), (Event("resumed", as_of),))


def reopen(claim: Claim, as_of: datetime, *, author: str = SYSTEM, reason: str = "") -> Changed:
    """Something is owed again (a returned payment, a new item), or a person brings it back: it goes on where it was.

    The days of its stage count from the reopening; steps that were taken are not taken again.
    """
    stage = claim.closed_from or Stage.AMICABLE
    opened = replace(
        claim,
        stage=stage,
        sub_stage=claim.closed_from_sub_stage,
        stage_since=today(claim, as_of),
        closed_from=None,
        closed_from_sub_stage="",
        ending=None,
        closed_on=None,
        written_off=None,
    )
    return Changed(opened, (Event("claim_reopened", as_of, author, {"stage": stage.value, "reason": reason}),))
