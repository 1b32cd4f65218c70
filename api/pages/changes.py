"""What changed between the proposal that a person saw and the one that stands now."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from typing import Any, Final

SEEN: Final = ("channel", "recipient", "subject", "text", "balance_due", "fee")


def as_seen(proposed: Mapping[str, Any]) -> str:
    """What the form carries along of what its reader had before them."""
    return json.dumps({name: proposed.get(name) for name in SEEN}, ensure_ascii=False, sort_keys=True)


def changes_since(seen: str, proposed: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One entry for each thing that differs, before and after; of the text, only the lines that do."""
    try:
        before = json.loads(seen)
    except ValueError:
        return []
    if not isinstance(before, dict):
        return []
    return [
        _change(name, before.get(name), proposed.get(name)) for name in SEEN if before.get(name) != proposed.get(name)
    ]


def _change(name: str, before: Any, after: Any) -> dict[str, Any]:
    if name != "text":
        return {"name": name, "before": before, "after": after}
    old, new = str(before or "").splitlines(), str(after or "").splitlines()
    lines = [line for line in difflib.ndiff(old, new) if line[:2] in ("- ", "+ ") and line[2:].strip()]
    return {"name": name, "lines": lines}
