"""Stages and sub-stages: proposed by an action, decided by a person, two people where it matters."""

from __future__ import annotations

from domain.inbox import Rule

FACTS: dict[str, Rule] = {}
REQUESTS: dict[str, Rule] = {}
