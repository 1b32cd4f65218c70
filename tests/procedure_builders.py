"""Builders for claims in litigation and enforcement: the standard library of actions, agents, and a claim's life step by step."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from domain.catalogue import ActionType, Agent, Catalogue
from domain.catalogue_bodies import read
from domain.checks import check, due
from domain.claim import Action, Claim, Stage, Task
from domain.entries import Applied, Entry, apply
from domain.ground import ground
from domain.steps import Step
from tests.builders import a_catalogue, a_claim, a_fee, a_step, an_id, at

LIBRARY = Path(__file__).parent.parent / "catalogue" / "action-types.json"
TODAY = date(2026, 2, 16)  # a Monday
NOW = at(TODAY)


@cache
def standard_types() -> tuple[ActionType, ...]:
    """The standard library of action types, as an installation has it."""
    bodies = json.loads(LIBRARY.read_text(encoding="utf-8"))
    return tuple(read("action-types", body["code"], body) for body in bodies)


def an_agent(code: str = "bailiff", **facts: Any) -> Agent:
    given: dict[str, Any] = {
        "code": code,
        "name": "Étude Martin",
        "kind": "bailiff",
        "email": "etude@bailiff.example",
        "phone": "+33411111111",
    }
    return Agent(**{**given, **facts})


def a_library(*agents: Agent, **facts: Any) -> Catalogue:
    """The standard library around a scenario that never falls due; a bailiff with an e-mail unless others are given."""
    known = {agent.code: agent for agent in agents or (an_agent(),)}
    catalogue = a_catalogue(a_step("reminder_1", 3000), action_types=standard_types(), fees=(a_fee(),), **facts)
    return replace(catalogue, agents=known)


def an_enforced_claim(**facts: Any) -> Claim:
    return a_claim(**{"stage": Stage.ENFORCEMENT, **facts})


def told(
    claim: Claim, kind: str, /, *, now: datetime = NOW, catalogue: Catalogue | None = None, **payload: Any
) -> Applied:
    """What becomes of an entry by Leila."""
    entry = Entry(an_id(kind, now, json.dumps(payload, default=str)), kind, payload, "leila", now)
    return apply(claim, entry, catalogue or a_library(), now)


def planned(claim: Claim, action_type: str, *, now: datetime = NOW, **payload: Any) -> tuple[Claim, Action]:
    """The claim with an action that a person planned."""
    catalogue = payload.pop("catalogue", None)
    applied = told(claim, "plan_action", now=now, catalogue=catalogue, action_type=action_type, **payload)
    return applied.claim, action_with(applied.claim, applied.outcome["id"])


def action_with(claim: Claim, identity: str | UUID) -> Action:
    return next(a for a in claim.actions if str(a.id) == str(identity))


def lived(claim: Claim, until: date, *, catalogue: Catalogue | None = None) -> Claim:
    """The claim after every day that came of itself until then, each looked at once."""
    setting = catalogue or a_library()
    for _ in range(100):
        step = next(iter(days_to_come(claim, until, setting)), None)
        if step is None:
            return claim
        assert step.due_at is not None
        claim = check(claim, setting, step, step.due_at).claim
    raise AssertionError("the claim turns in circles")


def days_to_come(claim: Claim, until: date, catalogue: Catalogue) -> Iterator[Step]:
    steps = due(ground(claim, catalogue, at("2026-01-05")))
    yield from sorted((s for s in steps if s.due_at and s.due_at <= at(until, 23)), key=lambda s: s.due_at or NOW)


def tasks_about(claim: Claim, subject: str) -> list[Task]:
    return [task for task in claim.open_tasks if task.subject.startswith(subject)]
