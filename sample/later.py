"""What reaches a claim's inbox after it was opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Later:
    """Kind and payload of an entry; `under` names what the claim's last entry opened and this one belongs to."""

    kind: str
    payload: dict[str, Any]
    under: str = ""  # procedure: its id is the claim's to give, so it is filled in when the claim is there
