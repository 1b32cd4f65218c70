"""Clocks of the law: what starts, interrupts and ends them, when they run out, and who is warned."""

from __future__ import annotations

from domain.inbox import Rule

FACTS: dict[str, Rule] = {}
REQUESTS: dict[str, Rule] = {}
