"""What an effect leaves behind in the claim's facts: recorded before it leaves, marked after.

Each takes the claim and gives it back changed, with the events for its timeline. Money and dates only; no I/O.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.catalogue import Catalogue, ScenarioStep
from domain.claim import (
    Action,
    ActionState,
    Channel,
    Claim,
    Cost,
    Mode,
    Origin,
    Outcome,
    TaskKind,
    TaskState,
)
from domain.events import SYSTEM, Event
from domain.money import Money
from domain.steps import Step


@dataclass(frozen=True, slots=True)
class Changed:
    """The claim after, and what its timeline keeps of it."""

    claim: Claim
    events: tuple[Event, ...] = ()

    def then(self, next_change: Changed) -> Changed:
        return Changed(next_change.claim, self.events + next_change.events)


def today(claim: Claim, as_of: datetime) -> Any:
    """The claim's own date at an instant."""
    return as_of.astimezone(ZoneInfo(claim.time_zone)).date()


def begin(
    claim: Claim, catalogue: Catalogue, step: Step, as_of: datetime, state: ActionState
) -> tuple[Changed, Action]:
    """Record the step's action (and those that catching up passes over) before it leaves or is asked."""
    if step.action_id:
        action = replace(action_of(claim, UUID(step.action_id)), state=state)
        if step.channel is not None:
            action = replace(action, channel=step.channel)
        return Changed(with_action(claim, action)), action
    passed = _pass_over(claim, catalogue, step, as_of)
    sequence = passed.claim.sequence + 1
    kind = catalogue.action_types[step.action_type]
    day = today(claim, as_of)
    assert step.channel is not None and step.mode is not None  # noqa: S101, PT018  the planner sets both for every action
    action = Action(
        id=claim.id_for("action", sequence),
        sequence=sequence,
        action_type=step.action_type,
        category=kind.category,
        origin=Origin.SCENARIO if step.scenario_step is not None else Origin.STATUS,
        mode=step.mode,
        channel=step.channel,
        state=state,
        step=step.scenario_step,
        scenario=claim.scenario if step.scenario_step is not None else "",
        scenario_version=claim.scenario_version if step.scenario_step is not None else None,
        starts_on=day,
        planned_end_on=None if kind.duration_days is None else day + timedelta(days=kind.duration_days),
        reminder_on=None if kind.reminder_days is None else day + timedelta(days=kind.reminder_days),
        planned_on=step.due_on,
        fee=fee_of(claim, catalogue, step.action_type),
        agent=kind.default_agent or "",
    )
    return Changed(with_action(replace(passed.claim, sequence=sequence), action), passed.events), action


def _pass_over(claim: Claim, catalogue: Catalogue, step: Step, as_of: datetime) -> Changed:
    """Steps that catching up leaves out: recorded as skipped, so that none is missed or repeated.

    Nobody searches any longer for the telephone or the address that one of them was waiting for.
    """
    events: list[Event] = []
    for task in claim.open_tasks:
        if task.kind is TaskKind.FIND_ADDRESS and task.step in step.passes_over:
            gone = replace(task, state=TaskState.WITHDRAWN, closed_at=as_of)
            claim = replace(claim, tasks=tuple(gone if t.id == task.id else t for t in claim.tasks))
            why = {"task": task.kind.value, "action_type": task.action_type, "reason": "caught_up"}
            events.append(Event("task_withdrawn", as_of, SYSTEM, why))
    for index in step.passes_over:
        passed = catalogue.scenario.steps[index]
        claim, action = _skipped_step(claim, catalogue, passed, index, as_of, reason="caught_up")
        facts = {"action_type": passed.action_type, "step": index, "reason": "caught_up"}
        events.append(Event("action_skipped", as_of, SYSTEM, facts, action.id))
    return Changed(claim, tuple(events))


def _skipped_step(
    claim: Claim,
    catalogue: Catalogue,
    step: ScenarioStep,
    index: int,
    as_of: datetime,
    *,
    reason: str,
    decided_by: str = "",
) -> tuple[Claim, Action]:
    kind = catalogue.action_types[step.action_type]
    sequence = claim.sequence + 1
    action = Action(
        id=claim.id_for("action", sequence),
        sequence=sequence,
        action_type=step.action_type,
        category=kind.category,
        origin=Origin.SCENARIO,
        mode=step.mode,
        channel=(step.channels or kind.channels)[0],
        state=ActionState.FINISHED,
        step=index,
        scenario=claim.scenario,
        scenario_version=claim.scenario_version,
        planned_on=today(claim, as_of),
        done_at=as_of,
        outcome=Outcome.SKIPPED,
        reason=reason,
        decided_by=decided_by,
    )
    return with_action(replace(claim, sequence=sequence), action), action


def skip_step(
    claim: Claim, catalogue: Catalogue, index: int, as_of: datetime, *, reason: str, decided_by: str
) -> Claim:
    """A person gives up a scenario step that has no action yet (no address was found)."""
    step = catalogue.scenario.steps[index]
    return _skipped_step(claim, catalogue, step, index, as_of, reason=reason, decided_by=decided_by)[0]


def left(
    claim: Claim, catalogue: Catalogue, action_id: UUID, as_of: datetime, *, outcome: Outcome, author: str = SYSTEM
) -> Changed:
    """The action is out (sent) or done: mark it, charge the fee it causes."""
    action = replace(
        action_of(claim, action_id), state=ActionState.FINISHED, outcome=outcome, done_at=as_of, planned_at=None
    )
    known = catalogue.action_types.get(action.action_type)
    proposes = known.proposes if known else None  # put to a person by domain/stages.py
    action = replace(action, proposes=dict(proposes) if proposes else None)
    claim = with_action(claim, action)
    if outcome is Outcome.DONE:
        kind = "action_done"
    else:
        kind = "email_sent" if action.channel in (Channel.EMAIL, Channel.INTERNAL_EMAIL) else "letter_sent"
    facts = {"action_type": action.action_type, "step": action.step, "sequence": action.sequence}
    events = [Event(kind, as_of, author, facts, action.id)]
    if action.fee:
        fee = catalogue.fees[catalogue.action_types[action.action_type].automatic_fee or ""]
        cost = Cost(
            id=claim.id_for("fee", action.sequence),
            kind=fee.code,
            amount=action.fee,
            incurred_on=today(claim, as_of),
            chargeable_to_debtor=fee.chargeable_to_debtor,
            billed_to_creditor=fee.billed_to_creditor,
            action_id=action.id,
        )
        if all(known.id != cost.id for known in claim.costs):
            claim = replace(claim, costs=(*claim.costs, cost))
            events.append(
                Event(
                    "fee_charged",
                    as_of,
                    SYSTEM,
                    {"fee": fee.code, "amount": str(action.fee), "currency": claim.currency},
                    action.id,
                )
            )
    return Changed(claim, tuple(events))


def not_left(claim: Claim, action_id: UUID, as_of: datetime, *, retry_at: datetime, reason: str) -> Changed:
    """Refused for now: the same action tries again later, under the same key."""
    action = action_of(claim, action_id)
    again = replace(
        action, state=ActionState.CONFIRMED, planned_at=retry_at, attempts=action.attempts + 1, reason=reason
    )
    facts = {"action_type": action.action_type, "reason": reason, "again_at": retry_at.isoformat()}
    return Changed(with_action(claim, again), (Event("send_failed", as_of, SYSTEM, facts, action.id),))


def given_up(claim: Claim, action_id: UUID, as_of: datetime, *, reason: str) -> Changed:
    """It could not be sent at all: the action failed, and the scenario goes on."""
    action = action_of(claim, action_id)
    failed = replace(action, state=ActionState.FINISHED, outcome=Outcome.FAILED, done_at=as_of, reason=reason)
    facts = {"action_type": action.action_type, "reason": reason, "again_at": ""}
    return Changed(with_action(claim, failed), (Event("send_failed", as_of, SYSTEM, facts, action.id),))


def refused_for_good(claim: Claim, catalogue: Catalogue, action_id: UUID, as_of: datetime, *, reason: str) -> Changed:
    """The address does not exist: the same action goes by letter where there is an address, else it failed."""
    action = action_of(claim, action_id)
    by_post = [
        c
        for c in catalogue.action_types[action.action_type].channels
        if c in (Channel.LETTER, Channel.REGISTERED_LETTER) and action.channel is not Channel.INTERNAL_EMAIL
    ]  # a question to the people inside is never posted to the debtor
    if not by_post or claim.debtor.on(today(claim, as_of)).postal_address() is None:
        return given_up(claim, action_id, as_of, reason=reason)
    again = not_left(claim, action_id, as_of, retry_at=as_of, reason=reason)
    return Changed(
        with_action(again.claim, replace(action_of(again.claim, action_id), channel=by_post[0])), again.events
    )


def fee_of(claim: Claim, catalogue: Catalogue, action_type: str) -> Money | None:
    """The fee that choosing this action type causes, in the claim's currency; None when there is none."""
    code = catalogue.action_types[action_type].automatic_fee
    amount = catalogue.fees[code].amounts.get(claim.currency) if code else None
    return None if amount is None else Money.of(amount, claim.currency)


def action_of(claim: Claim, action_id: UUID) -> Action:
    return next(a for a in claim.actions if a.id == action_id)


def with_action(claim: Claim, action: Action) -> Claim:
    """The claim with this action in place of its earlier self, or added; one that has ended gives its items back."""
    if all(a.id != action.id for a in claim.actions):
        return replace(claim, actions=(*claim.actions, action))
    claim = replace(claim, actions=tuple(action if a.id == action.id else a for a in claim.actions))
    return given_back(claim, action)


def given_back(claim: Claim, action: Action) -> Claim:
    """The scenario has the items again that a specific action had taken off it; an overridden one hands them on instead."""
    if action.outcome in (None, Outcome.OVERRIDDEN) or not action.items:
        return claim
    return _with_specific_action(claim, action.id, None)


def handed_on(claim: Claim, action_id: UUID, replacement_id: UUID) -> Claim:
    """What an overridden specific action had taken off the scenario, its replacement keeps off."""
    return _with_specific_action(claim, action_id, replacement_id)


def _with_specific_action(claim: Claim, before: UUID, after: UUID | None) -> Claim:
    if all(item.specific_action != before for item in claim.items):
        return claim
    items = tuple(replace(i, specific_action=after) if i.specific_action == before else i for i in claim.items)
    return replace(claim, items=items)


def new_action(
    claim: Claim,
    catalogue: Catalogue,
    action_type: str,
    channel: Channel,
    *,
    mode: Mode,
    state: ActionState,
    author: str,
    **facts: Any,
) -> tuple[Claim, Action]:
    """An action that a person chose, with its own sequence."""
    sequence = claim.sequence + 1
    action = Action(
        id=claim.id_for("action", sequence),
        sequence=sequence,
        action_type=action_type,
        category=catalogue.action_types[action_type].category,
        origin=Origin.MANUAL,
        mode=mode,
        channel=channel,
        state=state,
        fee=fee_of(claim, catalogue, action_type),
        decided_by=author,
        **facts,
    )
    return with_action(replace(claim, sequence=sequence), action), action
