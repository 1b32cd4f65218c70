"""What a person decides about a proposal: confirm, override, postpone, skip, done; refused on stale ground.

The decision carries the version of what the person saw; two people deciding at once: the first one wins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain import agents, promise_verdicts
from domain.asking import with_task
from domain.calendar import first_sending_day, sending_instant
from domain.catalogue import Catalogue
from domain.claim import Action, ActionState, Channel, Claim, Decision, Mode, Outcome, Task, TaskKind, TaskState
from domain.effects import Changed, action_of, handed_on, left, new_action, skip_step, today, with_action
from domain.events import Event
from domain.inbox import postponed_to
from domain.refusals import Refused
from domain.searches import refuse_unfinished
from domain.second_approval import decide_second_approval
from domain.stages import decide_stage_change

Decide = Callable[[Claim, Task, Decision, Mapping[str, Any], str, Catalogue, datetime], Changed]
OF_SUBJECT: Mapping[TaskKind, Decide] = {  # kinds of task whose subject carries a decision out itself
    TaskKind.AGENT_OVERDUE: agents.decide,
    TaskKind.BROKEN_PROMISE: promise_verdicts.decide,
    TaskKind.STAGE_CHANGE: decide_stage_change,
    TaskKind.SECOND_APPROVAL: decide_second_approval,
}

BY_HAND = frozenset({Channel.CALL, Channel.VISIT, Channel.LEGAL_ACT, Channel.SMS})


def decide(
    claim: Claim, body: Mapping[str, Any], author: str, catalogue: Catalogue, as_of: datetime
) -> tuple[Changed, dict[str, Any]]:
    """The claim after a decision on one of its tasks, and the outcome's code.

    Raises Refused: unknown_task, decided (with decided_by), closed_task, stale (with the version that stands), not_allowed.
    """
    task = _open_task(claim, body)
    decision = Decision(body["decision"])
    if decision not in task.allowed:
        raise Refused("not_allowed", decision=decision.value, allowed=[d.value for d in task.allowed])
    kept = {
        "decision": decision.value,
        "by": author,
        "at": as_of.isoformat(),
        "comment": body.get("comment") or "",
        "override": body.get("override"),
        "postpone_to": body.get("postpone_to"),
        "result": body.get("result"),
    }
    decided = replace(task, state=TaskState.DECIDED, closed_at=as_of, decision=kept)
    facts = {"task": task.kind.value, "action_type": task.action_type, "decision": decision.value}
    event = Event("decided", as_of, author, {**facts, "comment": kept["comment"]}, task.action_id)
    changed = Changed(with_task(claim, decided), (event,))
    carry_out = OF_SUBJECT.get(task.kind, _carry_out)
    changed = changed.then(carry_out(changed.claim, task, decision, body, author, catalogue, as_of))
    return changed, {"outcome": decision.value, **_second_asked(claim, changed.claim)}


def _second_asked(before: Claim, after: Claim) -> dict[str, str]:
    """The task by which a second person is asked, when the decision needs one."""
    known = {task.id for task in before.tasks}
    asked = [t for t in after.open_tasks if t.kind is TaskKind.SECOND_APPROVAL and t.id not in known]
    return {"second_approval": str(asked[0].id)} if asked else {}


def _open_task(claim: Claim, body: Mapping[str, Any]) -> Task:
    task = next((t for t in claim.tasks if str(t.id) == str(body["task_id"])), None)
    if task is None:
        raise Refused("unknown_task")
    if task.state is TaskState.DECIDED:
        by = (task.decision or {}).get("by", "")
        raise Refused("decided", decided_by=by)
    if task.state is not TaskState.OPEN:
        raise Refused("closed_task", state=task.state.value)
    if int(body["version"]) != task.version:
        raise Refused("stale", version=task.version)
    return task


def _carry_out(
    claim: Claim,
    task: Task,
    decision: Decision,
    body: Mapping[str, Any],
    author: str,
    catalogue: Catalogue,
    as_of: datetime,
) -> Changed:
    if task.action_id is None:
        return _without_action(claim, task, decision, body.get("comment") or "", author, catalogue, as_of)
    action = action_of(claim, task.action_id)
    match decision:
        case Decision.CONFIRM:
            confirmed = replace(
                action, state=ActionState.CONFIRMED, draft=task.proposed, decided_by=author, planned_at=None
            )
            return Changed(with_action(claim, confirmed))
        case Decision.OVERRIDE:
            return _override(claim, task, body.get("override") or {}, author, catalogue, as_of)
        case Decision.POSTPONE:
            return Changed(_postponed(claim, task, body.get("postpone_to"), author, catalogue, as_of))
        case Decision.SKIP:
            return _skipped(claim, action, author, body.get("comment") or "", as_of)
        case Decision.DONE:
            done = replace(action, decided_by=author, reason=body.get("result") or "")
            return left(with_action(claim, done), catalogue, action.id, as_of, outcome=Outcome.DONE, author=author)
        case Decision.REFUSE:
            refused = replace(
                action, state=ActionState.FINISHED, outcome=Outcome.WITHDRAWN, done_at=as_of, decided_by=author
            )
            return Changed(with_action(claim, refused))


def _skipped(claim: Claim, action: Action, author: str, comment: str, as_of: datetime) -> Changed:
    """Given up by a person: the scenario goes on."""
    skipped = replace(
        action,
        state=ActionState.FINISHED,
        outcome=Outcome.SKIPPED,
        done_at=as_of,
        decided_by=author,
        reason=comment,
    )
    facts = {"action_type": action.action_type, "step": action.step, "reason": ""}
    return Changed(with_action(claim, skipped), (Event("action_skipped", as_of, author, facts, action.id),))


def _without_action(
    claim: Claim, task: Task, decision: Decision, comment: str, author: str, catalogue: Catalogue, as_of: datetime
) -> Changed:
    """A search for an address, an anomaly, a clock: read and seen to; a step whose search is given up is skipped."""
    if decision is Decision.DONE:
        refuse_unfinished(claim, catalogue, task, today(claim, as_of))
    if decision is not Decision.SKIP or task.step is None:
        return Changed(claim)
    reason = comment or "no_address"
    return Changed(skip_step(claim, catalogue, task.step, as_of, reason=reason, decided_by=author))


def _override(
    claim: Claim, task: Task, wanted: Mapping[str, Any], author: str, catalogue: Catalogue, as_of: datetime
) -> Changed:
    """Another action, channel or text: the proposed one is overridden, its replacement leaves now (or is asked for, by hand)."""
    original = action_of(claim, task.action_id) if task.action_id else None
    if original is None or not any(wanted.get(key) for key in ("action_type", "channel", "text")):
        raise Refused("nothing_to_override")
    code = wanted.get("action_type") or original.action_type
    kind = catalogue.action_types.get(code)
    if kind is None or not kind.active:
        raise Refused("unknown_action_type", action_type=code)
    if wanted.get("channel"):
        channel = Channel(wanted["channel"])
    else:
        channel = original.channel if original.channel in kind.channels else kind.channels[0]
    same = code == original.action_type and channel is original.channel
    draft = {**task.proposed, "text": wanted["text"]} if same and wanted.get("text") else None
    if draft is None and wanted.get("text"):
        draft = {"text": wanted["text"]}
    by_hand = channel in BY_HAND
    claim = with_action(
        claim,
        replace(original, state=ActionState.FINISHED, outcome=Outcome.OVERRIDDEN, done_at=as_of, decided_by=author),
    )
    claim, replacement = new_action(
        claim,
        catalogue,
        code,
        channel,
        mode=Mode.MANUAL if by_hand else Mode.TO_CONFIRM,
        state=ActionState.PLANNED if by_hand else ActionState.CONFIRMED,
        author=author,
        starts_on=today(claim, as_of),
        planned_on=today(claim, as_of),
        planned_at=as_of if by_hand else None,
        replaces=original.id,
        draft=draft,
        items=original.items,
        subject=original.subject,
    )
    return Changed(handed_on(claim, original.id, replacement.id))


def _postponed(claim: Claim, task: Task, to: str | None, author: str, catalogue: Catalogue, as_of: datetime) -> Claim:
    """Proposed again at the start of the sending hours of the first sending day at or after the date."""
    wanted = postponed_to(claim, to, as_of)
    assert task.action_id is not None  # noqa: S101  _carry_out comes here for a task with an action only
    day = first_sending_day(wanted, catalogue.scenario, catalogue.calendar)
    later = replace(
        action_of(claim, task.action_id),
        state=ActionState.PLANNED,
        planned_on=day,
        planned_at=sending_instant(day, claim.number, catalogue.scenario, claim.time_zone),
        decided_by=author,
    )
    return with_action(claim, later)
