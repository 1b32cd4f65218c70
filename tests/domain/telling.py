"""What a planner's answer says, as the tests ask it."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from domain.steps import Decided, Step


def codes(found: Step) -> list[str]:
    return [reason.code for reason in found.why]


def facts(found: Step, code: str) -> dict[str, Any]:
    return next(reason.facts for reason in found.why if reason.code == code)


def held(decided: Decided) -> dict[str, Any]:
    return {reason.code: reason.facts for found in decided.not_now for reason in found.why}


def leaves_on(found: Step) -> date:
    assert found.due_at is not None
    return found.due_at.astimezone(ZoneInfo("Europe/Paris")).date()
