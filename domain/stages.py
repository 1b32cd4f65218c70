"""Stages and sub-stages: proposed by an action, decided by a person, two people for litigation and enforcement.

Going back is allowed, with a reason. Enforcement needs an enforceable title, unless the claim was taken over in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.approvals import ask_second_person, frozen, keep_up, may_be_second, needs_second_person, why
from domain.asking import ask_about
from domain.calendar import local_day
from domain.catalogue import Catalogue
from domain.claim import Action, Claim, Decision, Stage, Task, TaskKind
from domain.effects import Changed, action_of, today
from domain.endings import withdraw_steps
from domain.events import SYSTEM, Event
from domain.ground import Ground
from domain.inbox import Entry, Outcome, Rule, refuse_when_closed
from domain.legal_holds import HOLDS_STAGES
from domain.litigation_status import items_of_stage
from domain.refusals import Refused
from domain.steps import Reason, Step, StepKind
from domain.titles import has_title


@dataclass(frozen=True, slots=True)
class Place:
    """Where a claim is to stand."""

    stage: Stage
    sub_stage: str = ""

    def as_json(self) -> dict[str, str]:
        return {"stage": self.stage.value, "sub_stage": self.sub_stage}


# ---- asked for directly -----------------------------------------------------------------------


def _change_stage(claim: Claim, entry: Entry, catalogue: Catalogue, as_of: datetime) -> Outcome:
    refuse_when_closed(claim)
    wanted = Place(Stage(entry.payload["stage"]), entry.payload.get("sub_stage") or "")
    reason = entry.payload["reason"]
    refuse_impossible(claim, catalogue, wanted, as_of)
    if wanted.stage is not claim.stage and needs_second_person(claim, catalogue, wanted.stage.value):
        return _ask_second(claim, wanted, as_of, first=entry.author, reason=reason)
    return _moved(claim, catalogue, wanted, as_of, author=entry.author, reason=reason), wanted.as_json()


def refuse_impossible(claim: Claim, catalogue: Catalogue, wanted: Place, as_of: datetime) -> None:
    """Raises Refused: unknown_sub_stage, stage_already, held, no_title; ValueError for closed, which is a closure."""
    if wanted.stage is Stage.CLOSED:
        raise ValueError("stage")
    if wanted.sub_stage and not _is_known(catalogue, wanted):
        raise Refused("unknown_sub_stage", sub_stage=wanted.sub_stage, stage=wanted.stage.value)
    if wanted.stage is claim.stage:
        if wanted.sub_stage in ("", claim.sub_stage):
            raise Refused("stage_already", stage=claim.stage.value)
        return
    if claim.debtor.legal_situation in HOLDS_STAGES:
        raise Refused("held", situation=claim.debtor.legal_situation)
    if wanted.stage is Stage.ENFORCEMENT and not has_title(claim, today(claim, as_of)):
        raise Refused("no_title")


def _is_known(catalogue: Catalogue, wanted: Place) -> bool:
    known = catalogue.sub_stages.get(wanted.sub_stage)
    return known is not None and known.active and known.stage is wanted.stage


def _ask_second(claim: Claim, wanted: Place, as_of: datetime, *, first: str, reason: str) -> Outcome:
    return ask_second_person(
        claim,
        "stage",
        as_of,
        first=first,
        subject="stage",
        reason=reason,
        facts={"stage": wanted.stage.value},
        proposed={"stage": wanted.as_json()},
    )


def carry_out(
    claim: Claim, proposed: Mapping[str, Any], first: str, second: str, catalogue: Catalogue, as_of: datetime
) -> Changed:
    """The second person agreed. Raises Refused when the change has become impossible."""
    wanted = Place(Stage(proposed["stage"]["stage"]), proposed["stage"].get("sub_stage") or "")
    refuse_impossible(claim, catalogue, wanted, as_of)
    return _moved(claim, catalogue, wanted, as_of, author=second, reason=proposed.get("reason", ""), asked_by=first)


# ---- proposed by an action ----------------------------------------------------------------------


def propose_stage(
    claim: Claim,
    catalogue: Catalogue,
    stage: Mapping[str, Any],
    as_of: datetime,
    *,
    subject: str,
    first: str = "",
    action: Action | None = None,
    reasons: tuple[Reason, ...] = (),
) -> Changed:
    """A task for the supervisor: this stage (and sub-stage) is proposed. Nothing when the claim stands there or is held.

    `subject` names what proposes it (stage/<action id>, arrangement/<id>, ...); `first` is the person behind it, "" the system.
    """
    wanted = Place(Stage(stage["stage"]), stage.get("sub_stage") or "")
    if not _is_known(catalogue, wanted):
        wanted = Place(wanted.stage)
    held = claim.debtor.legal_situation in HOLDS_STAGES
    if claim.stage is Stage.CLOSED or held or _stands_at(claim, wanted):
        return Changed(claim)
    proposed = {**frozen(claim, as_of), "act": "stage", "stage": wanted.as_json(), "asked_by": first}
    told = tuple(why(reason) for reason in reasons)
    return ask_about(
        claim, TaskKind.STAGE_CHANGE, subject, as_of, role="supervisor", why=told, proposed=proposed, action=action
    )


def due(on: Ground) -> Iterator[Step]:
    """An action that left by itself proposes a stage: its task is opened at the next plan."""
    for action in _proposing(on.claim):
        yield Step(
            StepKind.CHECK,
            due_at=on.as_of,
            key=f"claim/{on.claim.number}/stage/{action.sequence}",
            plan_kind="follow_up",
            action_type=action.action_type,
            subject=f"stage/{action.id}",
            due_on=on.today,
            why=(_proposed_by(action),),
        )


def check(claim: Claim, catalogue: Catalogue, step: Step, as_of: datetime) -> Changed:
    return _propose(claim, catalogue, action_of(claim, UUID(step.subject.partition("/")[2])), as_of)


def after_news(claim: Claim, catalogue: Catalogue, as_of: datetime) -> Changed:
    """What a done action proposes is asked at once; what the news overtook is withdrawn or shown anew."""
    changed = keep_up(claim, as_of)
    for action in _proposing(claim):
        changed = changed.then(_propose(changed.claim, catalogue, action, as_of))
    return changed


def _proposing(claim: Claim) -> list[Action]:
    """Actions done in this stage that propose another place and were not put to a person yet."""
    done = [a for a in claim.actions if a.proposes is not None and a.done_at is not None and a.reached]
    if not done or claim.stage is Stage.CLOSED or claim.debtor.legal_situation in HOLDS_STAGES:
        return []
    asked = {task.subject for task in claim.tasks if task.kind is TaskKind.STAGE_CHANGE}
    return [
        a
        for a in done
        if a.done_at is not None
        and a.proposes is not None
        and f"stage/{a.id}" not in asked
        and local_day(a.done_at, claim.time_zone) >= claim.stage_since
        and not _stands_at(claim, Place(Stage(a.proposes["stage"]), a.proposes.get("sub_stage") or ""))
    ]


def _propose(claim: Claim, catalogue: Catalogue, action: Action, as_of: datetime) -> Changed:
    first = "" if action.decided_by == SYSTEM else action.decided_by
    return propose_stage(
        claim,
        catalogue,
        action.proposes or {},
        as_of,
        subject=f"stage/{action.id}",
        first=first,
        action=action,
        reasons=(_proposed_by(action),),
    )


def _proposed_by(action: Action) -> Reason:
    stage = str((action.proposes or {}).get("stage", ""))
    return Reason("stage_proposed", {"action_type": action.action_type, "stage": stage, "sequence": action.sequence})


def _stands_at(claim: Claim, wanted: Place) -> bool:
    return wanted.stage is claim.stage and wanted.sub_stage in ("", claim.sub_stage)


# ---- decided ------------------------------------------------------------------------------------


def decide_stage_change(
    claim: Claim,
    task: Task,
    decision: Decision,
    body: Mapping[str, Any],
    author: str,
    catalogue: Catalogue,
    as_of: datetime,
) -> Changed:
    """Confirmed: carried out when a first person stands behind the proposal and this is another one; else the second is asked."""
    proposed, comment = task.proposed, str(body.get("comment") or "")
    wanted = Place(Stage(proposed["stage"]["stage"]), proposed["stage"].get("sub_stage") or "")
    facts = {"act": "stage", "stage": wanted.stage.value, "comment": comment}
    if decision is not Decision.CONFIRM:
        return Changed(claim, (Event("refused", as_of, author, facts, task.action_id),))
    refuse_impossible(claim, catalogue, wanted, as_of)
    first = str(proposed.get("asked_by") or "")
    two = wanted.stage is not claim.stage and needs_second_person(claim, catalogue, wanted.stage.value)
    if two and not (first and may_be_second(author, first)):
        return _ask_second(claim, wanted, as_of, first=first or author, reason=comment)[0]
    approved = Event("approved", as_of, author, {**facts, "asked_by": first}, task.action_id)
    moved = _moved(claim, catalogue, wanted, as_of, author=author, reason=comment, asked_by=first)
    return Changed(claim, (approved,)).then(moved)


# ---- carried out --------------------------------------------------------------------------------


def _moved(
    claim: Claim,
    catalogue: Catalogue,
    wanted: Place,
    as_of: datetime,
    *,
    author: str,
    reason: str,
    asked_by: str = "",
) -> Changed:
    """The claim in its new place: the old stage's steps are taken back, its items follow."""
    told = {"sub_stage": wanted.sub_stage, "stage": wanted.stage.value, "reason": reason, "asked_by": asked_by}
    if wanted.stage is claim.stage:
        event = Event("sub_stage_changed", as_of, author, {**told, "from": claim.sub_stage})
        return Changed(replace(claim, sub_stage=wanted.sub_stage), (event,))
    event = Event("stage_changed", as_of, author, {**told, "from_stage": claim.stage.value})
    moved = replace(
        claim,
        stage=wanted.stage,
        sub_stage=wanted.sub_stage,
        stage_since=today(claim, as_of),
        items=items_of_stage(claim, wanted.stage, catalogue, as_of),
    )
    changed = Changed(moved, (event,))
    changed = changed.then(withdraw_steps(changed.claim, as_of, reason="stage_changed"))
    return changed.then(keep_up(changed.claim, as_of))


FACTS: dict[str, Rule] = {}
REQUESTS: dict[str, Rule] = {"change_stage": _change_stage}
