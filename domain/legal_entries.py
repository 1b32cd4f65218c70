"""Entries about the law: guarantees and procedures. Legal events of their own are in domain/clocks.py."""

from __future__ import annotations

from domain import guarantees, procedures
from domain.inbox import Rule

FACTS: dict[str, Rule] = {**guarantees.FACTS, **procedures.FACTS}
REQUESTS: dict[str, Rule] = {**guarantees.REQUESTS, **procedures.REQUESTS}
