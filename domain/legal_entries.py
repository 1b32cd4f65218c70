"""Entries about the law: guarantees, procedures, legal events."""

from __future__ import annotations

from domain.inbox import Rule

FACTS: dict[str, Rule] = {}
REQUESTS: dict[str, Rule] = {}
