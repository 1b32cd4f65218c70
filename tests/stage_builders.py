"""Builders for stages: a catalogue that knows sub-stages and proposals, and a way to tell a claim what happens."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from domain.catalogue import Approvals, Catalogue, Status, SubStage
from domain.claim import Channel, Claim, Mode, Procedure, Stage, StatusCategory, Task, TaskKind
from domain.entries import Applied, Entry, apply
from tests.builders import OPENED_ON, a_catalogue, a_creditor, a_scenario, a_step, an_action_type, an_id, at

NOW = at("2026-03-16")  # a Monday
SUB_STAGES = {
    code: SubStage(code, stage, {"fr": code, "en": code})
    for code, stage in (
        ("formal_notice", Stage.AMICABLE),
        ("preparation", Stage.LITIGATION),
        ("hearing", Stage.LITIGATION),
        ("service", Stage.ENFORCEMENT),
    )
} | {"retired": SubStage("retired", Stage.LITIGATION, {"fr": "Ancienne"}, active=False)}
IN_LITIGATION = Status("in_litigation", {"fr": "Au contentieux"}, StatusCategory.LITIGATION, follow_up_days=30)
TO_LITIGATION = {"stage": "litigation", "sub_stage": "preparation"}


def a_stage_catalogue(above: str = "", scenario: tuple[Any, ...] = (), **facts: Any) -> Catalogue:
    """Sub-stages, the litigation status, an action that proposes litigation; `above`: two people above that many euros."""
    limits = Approvals(above={"EUR": Decimal(above)} if above else {})
    types = [
        an_action_type(
            "propose_litigation",
            type="task",
            channels=(Channel.INTERNAL_EMAIL,),
            template=None,
            mode=Mode.MANUAL,
            proposes=TO_LITIGATION,
        ),
        an_action_type(
            "handover_lawyer",
            type="legal",
            category=Stage.LITIGATION,
            channels=(Channel.LEGAL_ACT,),
            template=None,
            mode=Mode.MANUAL,
        ),
    ]
    steps = scenario or (
        a_step("reminder_1", 5),
        a_step("reminder_2", 15),
        a_step("formal_notice", 30),
        a_step("handover_lawyer", 1, after="stage", mode=Mode.MANUAL),
        a_step("summons", 20, after="stage", mode=Mode.MANUAL),
    )
    known = a_catalogue(
        action_types=types,
        statuses={"in_litigation": IN_LITIGATION},
        creditor=a_creditor(approvals=limits),
        scenario=a_scenario(*steps),
        **facts,
    )
    return replace(known, sub_stages=SUB_STAGES)


CATALOGUE = a_stage_catalogue()


def a_procedure(**facts: Any) -> Procedure:
    given: dict[str, Any] = {
        "id": an_id("procedure"),
        "kind": "payment_order",
        "opened_on": OPENED_ON,
        "author": "leila",
    }
    return Procedure(**{**given, **facts})


def told(
    claim: Claim, kind: str, *, by: str = "leila", catalogue: Catalogue = CATALOGUE, now: datetime = NOW, **payload: Any
) -> Applied:
    """The claim after an entry of its inbox."""
    entry_id = an_id(kind, by, str(sorted(payload.items())), now)
    return apply(claim, Entry(entry_id, kind, payload, by, now), catalogue, now)


def asked(claim: Claim, stage: str, *, by: str = "leila", reason: str = "no answer", **more: Any) -> Applied:
    return told(claim, "change_stage", by=by, stage=stage, reason=reason, **more)


def answered(claim: Claim, task: Task, decision: str = "confirm", *, by: str = "karim", **more: Any) -> Applied:
    given = {"task_id": str(task.id), "decision": decision, "version": task.version}
    return told(claim, "decide", by=by, **{**given, **more})


def the_task(claim: Claim, kind: TaskKind) -> Task:
    """The only open task of that kind."""
    (task,) = [task for task in claim.open_tasks if task.kind is kind]
    return task


def approval_of(claim: Claim) -> Task:
    return the_task(claim, TaskKind.SECOND_APPROVAL)


def in_stage(claim: Claim, stage: str, **more: Any) -> Claim:
    """Asked by one person and approved by another."""
    waiting = asked(claim, stage, **more).claim
    return answered(waiting, approval_of(waiting)).claim
