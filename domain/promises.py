"""Promises: made, kept, kept in part, broken; what each does to the scenario and asks of a person."""

from __future__ import annotations

from domain.inbox import Rule

FACTS: dict[str, Rule] = {}
REQUESTS: dict[str, Rule] = {}
