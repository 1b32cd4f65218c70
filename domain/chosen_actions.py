"""Actions that a person plans, changes, executes in one click; agents who are reminded when nothing comes back."""

from __future__ import annotations

from domain.inbox import Rule

FACTS: dict[str, Rule] = {}
REQUESTS: dict[str, Rule] = {}
