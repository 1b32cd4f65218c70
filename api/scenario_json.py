"""What moving a claim to another scenario would change, as JSON: settings, steps, the plan on both sides, warnings."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from api.plan_json import sentence, step_json
from domain.catalogue import Scenario, ScenarioStep
from domain.contact_law import WEEKDAYS
from domain.scenario_moves import Move, StepChange, step_changes
from domain.steps import Decided, Step, StepKind

SETTINGS = (
    "minimum_amount",
    "ignore_items_below",
    "minimum_days_between_contacts",
    "sending_days",
    "sending_hours",
    "public_holidays",
)


def version_json(scenario: Scenario) -> dict[str, Any]:
    return {"code": scenario.code, "version": scenario.version}


def scenarios_json(old: Scenario | None, new: Scenario) -> dict[str, Any]:
    """The difference between two versions; `old` None when the claim has none that can be read."""
    changes = step_changes(old or Scenario("", 0, {}, ()), new)
    by_kind = {kind: [_change(c) for c in changes if c.kind == kind] for kind in ("added", "removed", "changed")}
    return {
        "from": None if old is None else version_json(old),
        "to": version_json(new),
        "settings": [] if old is None else list(_settings(old, new)),
        "steps": {**by_kind, "unchanged": sum(change.kind == "unchanged" for change in changes)},
    }


def _settings(old: Scenario, new: Scenario) -> Iterator[dict[str, Any]]:
    for name in SETTINGS:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield {"field": name, "old": _setting(name, before), "new": _setting(name, after)}


def _setting(name: str, value: Any) -> Any:
    """As the body of a scenario writes it."""
    match name:
        case "sending_days":
            return [WEEKDAYS[day] for day in sorted(value)]
        case "sending_hours":
            return [hour.strftime("%H:%M") for hour in value]
        case "minimum_amount" | "ignore_items_below":
            return f"{value:f}"
        case _:
            return value


def _change(change: StepChange) -> dict[str, Any]:
    old, new = (None if step is None else _step(step) for step in (change.old, change.new))
    fields = sorted(name for name in old if old[name] != (new or {}).get(name)) if old and new else []
    return {
        "action_type": change.action_type,
        "old_step": change.old_index,
        "new_step": change.new_index,
        "old": old,
        "new": new,
        "fields": fields,
    }


def _step(step: ScenarioStep) -> dict[str, Any]:
    """A step as the body of a scenario writes it, with what it left to the action type."""
    conditions = step.conditions
    wanted = {
        "minimum_balance": None if conditions.minimum_balance is None else f"{conditions.minimum_balance:f}",
        "debtor_kind": conditions.debtor_kind,
        "language": conditions.language,
        "has_email": conditions.has_email,
    }
    return {
        "after": {step.after: step.days},
        "mode": step.mode,
        "channels": list(step.channels),
        "expires_after_days": step.expires_after_days,
        "on_expiry": step.on_expiry,
        "if": {name: value for name, value in wanted.items() if value is not None},
    }


# ---- one claim -------------------------------------------------------------------------------


def warnings_of(move: Move, language: str) -> list[dict[str, Any]]:
    """What a supervisor must know before the move: what leaves at once, what is withdrawn, that nothing is left."""
    found: list[tuple[str, dict[str, Any]]] = []
    if move.at_once is not None:
        asked = move.at_once.kind is StepKind.ASK
        facts = {"action_type": move.at_once.action_type, "channel": move.at_once.channel or ""}
        found.append(
            ("asked_at_once", {"action_type": facts["action_type"]}) if asked else ("leaves_at_once", facts)
        )  # fmt: skip
    found.extend(
        ("proposal_withdrawn", {"task": task.kind.value, "action_type": task.action_type}) for task in move.withdrawn
    )
    if move.then.step.kind is StepKind.WAIT and move.then.step.due_at is None and not move.after.open_tasks:
        found.append(("nothing_to_take", {}))
    return [{"code": code, "text": sentence(code, facts, language), "facts": facts} for code, facts in found]


def short_move(move: Move, number: str, language: str) -> dict[str, Any]:
    """One line of a move of many claims: what came next, what comes next."""
    return {
        "claim": number,
        "before": _next(move.before, language),
        "after": _next(move.then, language),
        "warnings": warnings_of(move, language),
    }


def _next(decided: Decided | None, language: str) -> dict[str, Any] | None:
    return None if decided is None else step_json(decided.step, language)


def changes_date(move: Move) -> bool:
    """Whether the next step is another one, or comes on another day."""
    return _day(move.before) != _day(move.then)


def _day(decided: Decided | None) -> tuple[str, date | datetime | None] | None:
    step: Step | None = None if decided is None else decided.step
    return None if step is None else (step.action_type, step.due_on or step.due_at)
