"""Disputes: raised about some items, answered by their owner, resolved with or without a credit."""

from __future__ import annotations

from domain.inbox import Rule

FACTS: dict[str, Rule] = {}
REQUESTS: dict[str, Rule] = {}
