"""Disputes: raised about some items, answered by their owner, resolved with or without a credit.

The items named leave the scenario by their status; the rest of the claim goes on. The owner is asked at once; when
nothing has come back on the day of the answer, a supervisor is asked, once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from domain.asking import ask_about, with_task
from domain.calendar import sending_instant
from domain.catalogue import Catalogue, Status
from domain.claim import (
    ActionState,
    Claim,
    Correction,
    Dispute,
    Item,
    StatusCategory,
    Task,
    TaskKind,
)
from domain.effects import Changed, today, with_action
from domain.endings import withdraw
from domain.events import SYSTEM, Event
from domain.follow_ups import plan_follow_up, specific_action_of
from domain.ground import Ground
from domain.inbox import Entry, Outcome, Rule, refuse_unknown_items, refuse_when_closed
from domain.internal_people import dispute_of
from domain.money import Money
from domain.refusals import Refused
from domain.statement import Statement, statement
from domain.statuses import follow_up_day, qualify, with_status
from domain.steps import Reason, Step, StepKind
from domain.terms import DisputeOutcome, DisputeState

RESOLVED = "dispute_resolved"  # the standard status of items whose dispute has ended


def _raise(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    """Raises Refused: claim_closed, unknown_item, already_disputed, unknown_dispute_kind."""
    refuse_when_closed(claim)
    body, items = entry.payload, tuple(dict.fromkeys(entry.payload["items"]))
    refuse_unknown_items(claim, list(items))
    status = catalogue.statuses.get(body["kind"])
    if status is None or not status.active or status.category is not StatusCategory.DISPUTE:
        raise Refused("unknown_dispute_kind", status=body["kind"])
    taken = [reference for dispute in _open(claim) for reference in items if reference in dispute.items]
    if taken:
        raise Refused("already_disputed", items=taken)
    dispute = Dispute(
        id=claim.id_for("dispute", entry.id),
        opened_at=as_of,
        opened_on=today(claim, as_of),
        items=items,
        kind=status.code,
        text=body.get("text") or "",
        author=entry.author,
        owner=body.get("owner") or "",
        owner_email=body.get("owner_email") or "",
        answer_due_on=follow_up_day(claim, status, {}, as_of),
    )
    changed = _asked(claim, catalogue, status, dispute, as_of)
    return changed, _told(next(d for d in changed.claim.disputes if d.id == dispute.id))


def _asked(claim: Claim, catalogue: Catalogue, status: Status, dispute: Dispute, as_of: datetime) -> Changed:
    """The items get the status; its action goes to the owner at once, to be answered by the follow-up day."""
    qualified = qualify(claim, status, dispute.items, dispute.author, as_of, {"comment": dispute.text})
    after = replace(qualified.claim, disputes=(*qualified.claim.disputes, dispute))
    if specific_action_of(after, catalogue, status) is not None:
        after, question = plan_follow_up(
            after, catalogue, status, dispute.items, dispute.opened_on, subject=subject_of(dispute)
        )
        after = _with_dispute(after, replace(dispute, action_id=question.id if question else None))
    facts = {
        "items": list(dispute.items),
        "status": dispute.kind,
        "answer_due_on": dispute.answer_due_on.isoformat() if dispute.answer_due_on else "",
    }
    return qualified.then(Changed(after, (Event("dispute_raised", as_of, dispute.author, facts),)))


def _resolve(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    """Raises Refused: claim_closed, unknown_dispute, already_resolved, credit_needed, no_credit_when_rejected, credit_above_owed."""
    refuse_when_closed(claim)
    dispute = dispute_of(claim, f"dispute/{entry.payload['dispute_id']}")
    if dispute is None:
        raise Refused("unknown_dispute")
    if dispute.state is DisputeState.RESOLVED:
        raise Refused("already_resolved")
    outcome = DisputeOutcome(entry.payload["outcome"])
    now = statement(claim, today(claim, as_of))
    disputed = [item for item in claim.items if item.reference in dispute.items]
    credit = _credit(claim, disputed, outcome, entry.payload.get("credit"), now)
    corrections = _corrections(claim, entry, disputed, credit, now)
    resolved = replace(
        dispute, state=DisputeState.RESOLVED, outcome=outcome, credit=credit, resolved_on=today(claim, as_of)
    )
    after = _with_dispute(replace(claim, corrections=(*claim.corrections, *corrections)), resolved)
    facts: dict[str, Any] = {"items": list(dispute.items), "resolution": outcome.value}
    if credit is not None and credit:
        facts |= {"amount": str(credit), "currency": claim.currency}
    changed = Changed(after, (Event("dispute_settled", as_of, entry.author, facts),))
    changed = changed.then(_over(changed.claim, dispute, as_of))
    return changed.then(_recoverable(changed.claim, disputed, entry, catalogue, as_of)), _told(resolved)


def _credit(
    claim: Claim, disputed: Sequence[Item], outcome: DisputeOutcome, given: str | None, now: Statement
) -> Money | None:
    """What is granted on the disputed items: the amount given, or all that they owe when they are accepted as disputed."""
    owed = Money.total((now.outstanding(item.id) for item in disputed), claim.currency)
    if outcome is DisputeOutcome.REJECTED:
        if given:
            raise Refused("no_credit_when_rejected")
        return None
    if not given:
        if outcome is DisputeOutcome.PARTLY:
            raise Refused("credit_needed")
        return owed
    credit = Money.of(given, claim.currency)
    if credit > owed:
        raise Refused("credit_above_owed", amount=str(credit), owed=str(owed), currency=claim.currency)
    return credit


def _corrections(
    claim: Claim, entry: Entry, disputed: Sequence[Item], credit: Money | None, now: Statement
) -> list[Correction]:
    """Counter entries on the disputed items alone, the oldest due first, none below zero; together the whole credit."""
    left, found = credit or Money.zero(claim.currency), []
    for item in sorted(disputed, key=lambda each: (each.due_on or date.max, each.position)):
        part = min(left, now.outstanding(item.id))
        if part.amount <= 0:
            continue
        left -= part
        correction = Correction(
            id=claim.id_for("correction", entry.id, item.reference),
            kind="dispute",
            to="principal",
            amount=part,
            on=now.on,
            reason=entry.payload.get("comment") or "",
            author=entry.author,
            item=item.reference,
        )
        found.append(correction)
    return found


def _recoverable(
    claim: Claim, disputed: Sequence[Item], entry: Entry, catalogue: Catalogue, as_of: datetime
) -> Changed:
    """Items that still stand as disputed are dispute resolved; one that was given another status meanwhile keeps it."""
    still = [item.reference for item in disputed if item.status_category is StatusCategory.DISPUTE]
    status = catalogue.statuses.get(RESOLVED)
    if not still or status is None:
        return Changed(_without_status(claim, still))
    body = {"status": status.code, "comment": entry.payload.get("comment") or ""}
    now = statement(claim, today(claim, as_of))
    owed = [item.reference for item in disputed if item.reference in still and now.outstanding(item.id).amount > 0]
    settled = [reference for reference in still if reference not in owed]  # nothing to come back to
    changed = qualify(claim, status, settled, entry.author, as_of, body) if settled else Changed(claim)
    if not owed:
        return changed
    return changed.then(with_status(changed.claim, {**body, "items": owed}, entry.author, catalogue, as_of))


def _without_status(claim: Claim, references: Sequence[str]) -> Claim:
    """The catalogue has lost its standard status: the category alone says that they are recoverable."""
    after = tuple(
        replace(item, status=None, status_category=StatusCategory.DISPUTE_RESOLVED, follow_up_on=None)
        if item.reference in references
        else item
        for item in claim.items
    )
    return replace(claim, items=after)


def after_news(claim: Claim, catalogue: Catalogue, as_of: datetime) -> Changed:
    """A dispute none of whose items is disputed any more has ended, whoever gave them their new status."""
    changed = Changed(claim)
    for dispute in _open(claim):
        items = [item for item in claim.items if item.reference in dispute.items]
        if any(item.status_category is StatusCategory.DISPUTE for item in items):
            continue
        ended = replace(dispute, state=DisputeState.RESOLVED, resolved_on=today(claim, as_of))
        event = Event("dispute_settled", as_of, SYSTEM, {"items": list(dispute.items)})
        changed = changed.then(Changed(_with_dispute(changed.claim, ended), (event,)))
        changed = changed.then(_over(changed.claim, dispute, as_of))
    return changed


def _over(claim: Claim, dispute: Dispute, as_of: datetime) -> Changed:
    """Nobody is asked about it any more."""
    subject = subject_of(dispute)
    actions = [a for a in claim.actions if a.is_open and a.subject == subject and a.state is not ActionState.SENDING]
    ids = {action.id for action in actions}
    tasks = [task for task in claim.open_tasks if task.subject == subject or task.action_id in ids]
    return withdraw(claim, as_of, reason="dispute_ended", tasks=tasks, actions=actions)


# ---- the day of the answer -------------------------------------------------------------------


def due(on: Ground) -> Iterator[Step]:
    """The day on which the owner's answer was to come, for each open dispute that still matters and was not looked at."""
    claim = on.claim
    for dispute in claim.disputes:
        if dispute.state is not DisputeState.OPEN or dispute.answer_due_on is None or dispute.chased_on is not None:
            continue
        if all(on.owed.outstanding(i.id).amount <= 0 for i in claim.items if i.reference in dispute.items):
            continue
        at = sending_instant(dispute.answer_due_on, claim.number, on.catalogue.scenario, claim.time_zone)
        yield Step(
            StepKind.CHECK,
            due_at=max(at, on.as_of),
            key=f"claim/{claim.number}/dispute/{dispute.id}/answer",
            plan_kind="follow_up",
            due_on=dispute.answer_due_on,
            subject=subject_of(dispute),
            why=(_unanswered(dispute),),
        )


def check(claim: Claim, catalogue: Catalogue, step: Step, as_of: datetime) -> Changed:
    """Nothing came back: the open question goes to the supervisor, or a supervisor is asked to see to it; once."""
    dispute = dispute_of(claim, step.subject)
    if dispute is None:
        return Changed(claim)
    claim = _with_dispute(claim, replace(dispute, chased_on=today(claim, as_of)))
    reason = _unanswered(dispute)
    changed = Changed(claim, (Event("dispute_unanswered", as_of, SYSTEM, reason.facts, dispute.action_id),))
    waiting = [t for t in claim.open_tasks if t.action_id is not None and t.action_id == dispute.action_id]
    if waiting:
        return changed.then(_escalated(claim, waiting[0], as_of))
    return changed.then(_ask_supervisor(claim, catalogue, dispute, reason, as_of))


def _escalated(claim: Claim, task: Task, as_of: datetime) -> Changed:
    raised = replace(task, role="supervisor", assignee="", escalated_at=as_of, reminded_at=task.reminded_at or as_of)
    facts = {"task": task.kind.value, "action_type": task.action_type}
    return Changed(with_task(claim, raised), (Event("task_escalated", as_of, SYSTEM, facts, task.action_id),))


def _ask_supervisor(claim: Claim, catalogue: Catalogue, dispute: Dispute, reason: Reason, as_of: datetime) -> Changed:
    """A follow-up of the disputed items, asked for at once."""
    bare = Status(dispute.kind, {}, StatusCategory.DISPUTE)
    claim, action = plan_follow_up(
        claim, catalogue, bare, dispute.items, today(claim, as_of), subject=subject_of(dispute)
    )
    if action is not None:
        action = replace(action, state=ActionState.PROPOSED)
        claim = with_action(claim, action)
    return ask_about(
        claim,
        TaskKind.DO_ACTION,
        subject_of(dispute),
        as_of,
        role="supervisor",
        why=({"code": reason.code, "facts": reason.facts},),
        proposed=_shown(claim, dispute, as_of),
        action=action,
    )


def subject_of(dispute: Dispute) -> str:
    """What a task, an action or a check is about: dispute/<id>."""
    return f"dispute/{dispute.id}"


def _shown(claim: Claim, dispute: Dispute, as_of: datetime) -> dict[str, Any]:
    """What the supervisor sees of it: the disputed items and what they owe."""
    now = statement(claim, today(claim, as_of))
    items = [
        {
            "reference": item.reference,
            "due_on": item.due_on.isoformat() if item.due_on else None,
            "outstanding": str(now.outstanding(item.id)),
        }
        for item in claim.items
        if item.reference in dispute.items
    ]
    by_hand = {"channel": None, "recipient": "", "subject": "", "text": dispute.text, "fee": None, "stage": None}
    return {**by_hand, "balance_due": str(now.balance_due), "items": items}


def _unanswered(dispute: Dispute) -> Reason:
    on = dispute.answer_due_on.isoformat() if dispute.answer_due_on else ""
    return Reason("dispute_unanswered", {"items": list(dispute.items), "status": dispute.kind, "answer_due_on": on})


def _open(claim: Claim) -> list[Dispute]:
    return [dispute for dispute in claim.disputes if dispute.state is DisputeState.OPEN]


def _with_dispute(claim: Claim, dispute: Dispute) -> Claim:
    return replace(claim, disputes=tuple(dispute if d.id == dispute.id else d for d in claim.disputes))


def _told(dispute: Dispute) -> dict[str, Any]:
    """What the caller hears of it; its outcome once it has one."""
    ended = {"outcome": dispute.outcome.value} if dispute.outcome else {}
    return {
        **ended,
        "id": str(dispute.id),
        "items": list(dispute.items),
        "kind": dispute.kind,
        "owner": dispute.owner,
        "answer_due_on": dispute.answer_due_on.isoformat() if dispute.answer_due_on else None,
        "state": dispute.state.value,
        "credit": str(dispute.credit) if dispute.credit is not None else None,
    }


FACTS: dict[str, Rule] = {}
REQUESTS: dict[str, Rule] = {"raise_dispute": _raise, "resolve_dispute": _resolve}
