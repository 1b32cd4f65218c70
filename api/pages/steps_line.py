"""Where a claim stands, as the line at the head of its page: what was done, what is now, what comes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

LONGEST: Final = 7  # stops
DONE_BEFORE: Final = 3  # the latest of what was done, when all does not fit


def steps_line(claim: Mapping[str, Any], plan: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The stops, in order of time; one of them is `now` while the claim is open."""
    done = [_done(action) for action in claim["actions"] if action["outcome"]]
    coming = [_coming(action, claim["today"]) for action in claim["actions"] if not action["outcome"]]
    known = {stop["step"] for stop in coming if stop["step"] is not None}
    coming += [_planned(step) for step in plan["steps"] if step["action_type"] and step["step"] not in known]
    if coming and claim["stage"] != "closed":
        coming[0]["state"] = "now"
    room = max(LONGEST - len(coming), DONE_BEFORE)
    return (done[-room:] + coming)[:LONGEST]


def _done(action: Mapping[str, Any]) -> dict[str, Any]:
    happened = action["outcome"] in ("sent", "done")
    on = (action["done_at"] or "")[:10] or action["planned_on"]
    return {
        "action_type": action["action_type"],
        "on": on,
        "step": action["step"],
        "state": "done" if happened else "left",
        "outcome": action["outcome"],
    }


def _coming(action: Mapping[str, Any], today: str) -> dict[str, Any]:
    return {
        "action_type": action["action_type"],
        "on": max(action["planned_on"] or today, today),
        "step": action["step"],
        "state": "to_come",
        "outcome": None,
    }


def _planned(step: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "action_type": step["action_type"],
        "on": step["due_on"],
        "step": step["step"],
        "state": "to_come",
        "outcome": None,
    }
