"""Arrangements (échéanciers): each instalment a race between its date and its payment; tolerance, breach, completion."""

from __future__ import annotations

from domain.inbox import Rule

FACTS: dict[str, Rule] = {}
REQUESTS: dict[str, Rule] = {}
