"""The debtor's legal situation holds the claim: insolvency (procédure collective), death, ceasing to trade.

In an insolvency individual actions stop (C. com. L622-21): nothing is sent to the debtor, no stage changes, and a person
declares the claim (L622-24). After a death nothing is sent until the heirs are known. A debtor who ceased is chased on; a
person decides. A suspension lifted by a person lifts none of this: it ends when the debtor's situation does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from domain.asking import ask_about, with_task
from domain.catalogue import Catalogue
from domain.claim import Claim, Decision, Hold, Stage, TaskKind
from domain.effects import Changed, today
from domain.endings import keep_back_letters, withdraw, withdraw_steps
from domain.events import Event
from domain.ground import Ground
from domain.steps import Reason, Step, StepKind

HOLDS_CHASING = frozenset({"insolvency", "deceased"})
HOLDS_STAGES = frozenset({"insolvency"})
ASKS = {"insolvency": "declare_claim", "deceased": "find_heirs", "ceased": "debtor_ceased"}  # action types
ANSWER_DAYS = {"insolvency": 15, "deceased": 30, "ceased": 15}  # to see to it; the law's own time is a clock
OF_STAGE = frozenset({TaskKind.STAGE_CHANGE, TaskKind.SECOND_APPROVAL})


def chasing_is_held(claim: Claim) -> bool:
    """Read from the debtor, not from `claim.hold`: nothing leaves even before the claim has heard of it."""
    return claim.debtor.legal_situation in HOLDS_CHASING


def due(on: Ground) -> Iterator[Step]:
    """The debtor's situation is not the one the claim last heard of (it was closed meanwhile)."""
    situation = _situation(on.claim)
    if situation != _held(on.claim):
        yield Step(
            StepKind.CHECK,
            due_at=on.as_of,
            key=f"claim/{on.claim.number}/hold/{situation or 'ended'}",
            plan_kind="follow_up",
            subject=f"hold/{situation}",
            due_on=on.today,
            why=(Reason("held" if situation else "hold_ended", {"situation": situation or _held(on.claim)}),),
        )


def check(claim: Claim, catalogue: Catalogue, step: Step, as_of: datetime) -> Changed:
    return after_news(claim, catalogue, as_of)


def after_news(claim: Claim, catalogue: Catalogue, as_of: datetime) -> Changed:
    """The hold begins, changes or ends with the debtor's situation; what was about to leave is taken back."""
    situation, held = _situation(claim), _held(claim)
    if claim.stage is Stage.CLOSED:
        return Changed(claim)
    if situation == held:
        return _declared(claim, as_of) if held in HOLDS_STAGES else Changed(claim)
    changed = _ended(claim, as_of) if held else Changed(claim)
    return changed.then(_begun(changed.claim, situation, as_of)) if situation else changed


def _declared(claim: Claim, as_of: datetime) -> Changed:
    """The claim was declared to the insolvency (a procedure or a legal event says so): nobody is asked to do it."""
    asked = [t for t in claim.open_tasks if t.subject in {f"debtor/{situation}" for situation in HOLDS_STAGES}]
    if not asked or not any(e.kind == "insolvency_declared" and e.stands for e in claim.legal_events):
        return Changed(claim)
    return withdraw(claim, as_of, reason="declared", tasks=asked)


def _situation(claim: Claim) -> str:
    situation = claim.debtor.legal_situation
    return situation if situation in ASKS else ""


def _held(claim: Claim) -> str:
    return claim.hold.situation if claim.hold else ""


def _begun(claim: Claim, situation: str, as_of: datetime) -> Changed:
    day = today(claim, as_of)
    held = replace(claim, hold=Hold(situation, day))
    changed = Changed(held, (Event("held", as_of, facts={"situation": situation}),))
    if situation in HOLDS_CHASING:
        changed = changed.then(withdraw_steps(changed.claim, as_of, reason=situation))
        changed = changed.then(keep_back_letters(changed.claim, as_of, reason=situation))
    if situation in HOLDS_STAGES:
        of_stage = [t for t in changed.claim.open_tasks if t.kind in OF_STAGE and t.proposed.get("act") == "stage"]
        changed = changed.then(withdraw(changed.claim, as_of, reason=situation, tasks=of_stage))
    return changed.then(_ask(changed.claim, situation, as_of))


def _ask(claim: Claim, situation: str, as_of: datetime) -> Changed:
    """A person sees to it: the only answer is that it is done."""
    reason = Reason(ASKS[situation], {"since": today(claim, as_of).isoformat()})
    asked = ask_about(
        claim,
        TaskKind.DO_ACTION,
        f"debtor/{situation}",
        as_of,
        days=ANSWER_DAYS[situation],
        why=({"code": reason.code, "facts": reason.facts},),
    )
    if asked.claim is claim:
        return asked
    task = replace(asked.claim.tasks[-1], action_type=ASKS[situation], allowed=(Decision.DONE,))
    return Changed(with_task(asked.claim, task), asked.events)


def _ended(claim: Claim, as_of: datetime) -> Changed:
    situation = _held(claim)
    ended = replace(claim, hold=None)
    asked = [t for t in ended.open_tasks if t.subject == f"debtor/{situation}"]
    event = Event("hold_ended", as_of, facts={"situation": situation})
    return Changed(ended, (event,)).then(withdraw(ended, as_of, reason="situation_ended", tasks=asked))
