"""Items that a specific action has taken off the scenario (action spécifique), until it ends.

The end of the action gives them back by itself, in the one place where every action ends (domain/effects.py with_action).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from domain.claim import Action, Claim


def take_off_scenario(claim: Claim, action: Action) -> Claim:
    """The claim whose items of this action are its own: the scenario asks for them again when it has ended."""
    return _marked(claim, action.items, action.id)


def without_specific_action(claim: Claim, items: Collection[str]) -> Claim:
    """The claim in which these items have no action of their own any more."""
    return _marked(claim, items, None)


def _marked(claim: Claim, references: Collection[str], action_id: UUID | None) -> Claim:
    items = tuple(replace(i, specific_action=action_id) if i.reference in references else i for i in claim.items)
    return replace(claim, items=items)
