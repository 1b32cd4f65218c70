"""What happened to a claim, as its timeline keeps it: a code, who, when (the claim's time), and the facts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

SYSTEM = "system"  # the author of what no person asked for


@dataclass(frozen=True, slots=True)
class Event:
    kind: str
    at: datetime
    author: str = SYSTEM
    facts: dict[str, Any] = field(default_factory=dict)
    action_id: UUID | None = None
    entry_id: UUID | None = None
