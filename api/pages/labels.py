"""The catalogue's own words (action types, statuses, sub-stages, agents, creditors) and people's names, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from db import catalogue, people
from wording import label

_KINDS: Final = {
    "action_type": "action-types",
    "status": "statuses",
    "scenario": "scenarios",
    "creditor": "creditors",
    "sub_stage": "sub-stages",
    "agent": "agents",
}
NAMED: Final = ("creditor", "agent")  # an unknown code of theirs is shown as it is


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels by kind and code; `offered` are those that may still be chosen."""

    known: Mapping[str, Mapping[str, str]]
    offered: Mapping[str, tuple[tuple[str, str], ...]]

    def of(self, kind: str, code: str) -> str:
        """The label, or "" for a code that the catalogue does not have."""
        return self.known[kind].get(code, code if kind in NAMED else "")

    def choices(self, kind: str) -> tuple[tuple[str, str], ...]:
        """Code and label of the active entries, by label."""
        return self.offered[kind]


async def labels_in(connection: AsyncConnection, language: str) -> Labels:
    """Read anew for every page: what somebody renames is renamed everywhere."""
    known: dict[str, dict[str, str]] = {}
    offered: dict[str, tuple[tuple[str, str], ...]] = {}
    for kind, plural in _KINDS.items():
        entries = await catalogue.entries(connection, plural)
        known[kind] = {entry.code: _label(entry.body, entry.code, language) for entry in entries}
        active = [(entry.code, known[kind][entry.code]) for entry in entries if entry.active]
        offered[kind] = tuple(sorted(active, key=lambda one: one[1].casefold()))
    known["person"] = {person.code: person.name for person in await people.people(connection)}
    return Labels(known, offered)


def _label(body: Mapping[str, Any], code: str, language: str) -> str:
    """A creditor and an agent have one name, everything else a label in each language."""
    if "label" in body:
        return label(body["label"], language)
    return str(body.get("name") or code)
