"""The plan as the HTTP contract shows it: steps to come and why, steps held back and why not now."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

import wording
from db.catalogue import catalogue_for
from domain.claim import Claim
from domain.forecast import forecast
from domain.planner import next_step
from domain.priority import priority
from domain.statement import Statement
from domain.steps import HeldBack, PlanImpossible, Reason, Step, StepKind


def sentence(code: str, facts: Mapping[str, Any], language: str) -> str:
    """The words of a reason, an alert or an event in this language."""
    return wording.sentence(code, facts, language)


def reasons(why: Sequence[Mapping[str, Any]], language: str) -> list[dict[str, Any]]:
    """Reasons as they were stored, with their sentence in this language."""
    return [_reason(reason["code"], reason.get("facts") or {}, language) for reason in why]


def alert(stored: Mapping[str, Any], language: str) -> dict[str, Any]:
    """An alert of the list's columns, with its sentence."""
    facts = {name: value for name, value in stored.items() if name not in ("code", "until")}
    said = sentence(stored["code"], facts, language)
    known = {name: value for name, value in facts.items() if name != "since"}
    return {"code": stored["code"], "since": stored.get("since"), "text": said, "facts": known}


async def plan_until(
    connection: AsyncConnection, claim: Claim, as_of: datetime, until: date, language: str
) -> dict[str, Any]:
    """The JSON of GET /plan; a claim that cannot be planned says why under `impossible`."""
    try:
        foreseen = forecast(claim, await catalogue_for(connection, claim), as_of, until)
    except PlanImpossible as impossible:
        return {"steps": [], "not_now": [], "impossible": _reason(impossible.code, impossible.facts, language)}
    return {
        "steps": [step_json(step, language) for step in foreseen.steps],
        "not_now": [_held(held, language) for held in foreseen.not_now],
        "impossible": None,
    }


async def next_step_and_priority(
    connection: AsyncConnection, claim: Claim, now: Statement, as_of: datetime, language: str
) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """The planner's next step (None: nothing but news can move the claim) and how urgent the claim is."""
    urgency = priority(claim, now, now.on)
    score = {
        "score": urgency.score,
        "parts": [{**_reason(p.code, p.facts, language), "points": p.points} for p in urgency.parts],
    }
    try:
        step = next_step(claim, await catalogue_for(connection, claim), as_of).step
    except PlanImpossible as impossible:
        return {
            **step_json(Step(StepKind.WAIT, why=(Reason(impossible.code, impossible.facts),)), language),
            "kind": "impossible",
        }, score
    nothing = step.kind is StepKind.CLOSE or (step.kind is StepKind.WAIT and step.due_at is None and not step.why)
    return (None if nothing else step_json(step, language)), score


def step_json(step: Step, language: str) -> dict[str, Any]:
    """One step of a plan."""
    return {
        "kind": step.plan_kind,
        "takes": step.kind,
        "action_type": step.action_type or None,
        "step": step.scenario_step,
        "due_on": step.due_on and step.due_on.isoformat(),
        "due_at": step.due_at and step.due_at.isoformat(),
        "mode": step.mode,
        "channel": step.channel,
        "task": step.task_id or None,
        "waiting_for": step.waiting_for,
        "why": [_reason(reason.code, reason.facts, language) for reason in step.why],
    }


def _held(held: HeldBack, language: str) -> dict[str, Any]:
    why = [_reason(reason.code, reason.facts, language) for reason in held.why]
    return {**step_json(held.step, language), "why": why, "held_until": held.held_until and held.held_until.isoformat()}


def _reason(code: str, facts: Mapping[str, Any], language: str) -> dict[str, Any]:
    return {"code": code, "text": sentence(code, facts, language), "facts": dict(facts)}
