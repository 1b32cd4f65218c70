"""How an arrangement ends: completed (the waiver is given up), breached (the whole is due again), cancelled; and undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.approvals import why
from domain.asking import ask_about
from domain.catalogue import Catalogue
from domain.claim import ActionState, Arrangement, Claim, Stage, TaskKind
from domain.covered_items import released
from domain.effects import Changed, today
from domain.endings import catch_letters, letters_to_catch, withdraw
from domain.events import SYSTEM, Event
from domain.instalments import missed
from domain.money import Money
from domain.settlements import KIND, given_up
from domain.stages import propose_stage
from domain.statement import statement
from domain.steps import Reason
from domain.terms import ArrangementState


def ended(
    claim: Claim, catalogue: Catalogue, arrangement: Arrangement, state: ArrangementState, as_of: datetime
) -> Changed:
    """Over: its reminders are withdrawn, its items are recoverable again for what they still owe."""
    done = replace(arrangement, state=state, ended_on=today(claim, as_of))
    changed = without_reminders(claim, arrangement, as_of, reason="arrangement_ended")
    free = released(changed.claim, catalogue, arrangement.items)
    free = replace(free, arrangements=tuple(done if a.id == done.id else a for a in free.arrangements))
    return changed.then(Changed(free))


def complete(claim: Claim, catalogue: Catalogue, arrangement: Arrangement, paid: Money, as_of: datetime) -> Changed:
    """What was agreed is paid: the waiver, and what has run up since, are given up by counter entries."""
    now = statement(claim, today(claim, as_of))
    corrections = given_up(claim, now, arrangement.items, arrangement.id)
    changed = ended(claim, catalogue, arrangement, ArrangementState.COMPLETED, as_of)
    after = replace(changed.claim, corrections=(*changed.claim.corrections, *corrections))
    waived = Money.total((correction.amount for correction in corrections), claim.currency)
    facts = {"amount": str(paid), "waiver": str(waived), "currency": claim.currency}
    return changed.then(Changed(after, (Event("arrangement_completed", as_of, SYSTEM, facts),)))


def breach(claim: Claim, catalogue: Catalogue, arrangement: Arrangement, paid: Money, as_of: datetime) -> Changed:
    """The whole is due again, the waiver is void; the collector is told, and a supervisor asked about the stage."""
    changed = ended(claim, catalogue, arrangement, ArrangementState.BREACHED, as_of)
    owed = statement(changed.claim, today(claim, as_of)).balance_due
    facts: dict[str, str | int | list[str]] = {
        "missed": missed(arrangement),
        "missed_allowed": arrangement.missed_allowed,
        "received": str(paid),
        "amount": str(arrangement.total),
        "owed": str(owed),
        "currency": claim.currency,
    }
    changed = changed.then(Changed(changed.claim, (Event("arrangement_breached", as_of, SYSTEM, facts),)))
    reason = Reason("arrangement_breached", facts)
    subject = f"arrangement/{arrangement.id}"
    changed = changed.then(ask_about(changed.claim, TaskKind.BROKEN_PROMISE, subject, as_of, why=(why(reason),)))
    if changed.claim.stage is not Stage.AMICABLE:
        return changed
    litigation = {"stage": Stage.LITIGATION.value}
    return changed.then(propose_stage(changed.claim, catalogue, litigation, as_of, subject=subject, reasons=(reason,)))


def reopen(claim: Claim, arrangement: Arrangement, as_of: datetime) -> Changed:
    """A payment that completed it has bounced: what was given up counts no more from today on."""
    on, reason = today(claim, as_of), f"arrangement/{arrangement.id}"
    corrections = tuple(
        replace(c, reversed_on=on) if c.kind == KIND and c.reason == reason and c.reversed_on is None else c
        for c in claim.corrections
    )
    active = replace(arrangement, state=ArrangementState.ACTIVE, ended_on=None)
    after = replace(
        claim,
        corrections=corrections,
        arrangements=tuple(active if a.id == active.id else a for a in claim.arrangements),
    )
    facts = {"amount": str(arrangement.total), "currency": claim.currency}
    return Changed(after, (Event("arrangement_reopened", as_of, SYSTEM, facts),))


def reinstate(claim: Claim, arrangement: Arrangement, as_of: datetime) -> Changed:
    """The money had come in time: as long as nobody has acted on the breach, it never was one."""
    subject = f"arrangement/{arrangement.id}"
    asked = [task for task in claim.tasks if task.subject == subject]
    if not asked or any(task not in claim.open_tasks for task in asked):
        return Changed(claim)
    changed = withdraw(claim, as_of, reason="paid_in_time", tasks=asked)
    facts = {"amount": str(arrangement.total), "currency": claim.currency}
    return changed.then(Changed(changed.claim, (Event("arrangement_reinstated", as_of, SYSTEM, facts),)))


def without_reminders(
    claim: Claim, arrangement: Arrangement, as_of: datetime, *, reason: str, only: Sequence[int] | None = None
) -> Changed:
    """Reminders that have not left are withdrawn, also from the print run: all, or those of the instalments at these places."""
    subjects = {
        f"arrangement/{arrangement.id}/{n}" for n in range(len(arrangement.instalments)) if only is None or n in only
    }
    reminders = [a for a in claim.actions if a.subject in subjects]
    actions = [a for a in reminders if a.is_open and a.state is not ActionState.SENDING]
    tasks = [t for t in claim.open_tasks if any(t.action_id == a.id for a in actions)]
    changed = withdraw(claim, as_of, reason=reason, tasks=tasks, actions=actions)
    letters = {n.id for n in letters_to_catch(claim, as_of) if any(n.action_id == a.id for a in reminders)}
    return changed.then(catch_letters(changed.claim, as_of, reason=reason, only=letters))
