"""Items that a specific action has taken off the scenario (action spécifique), until it ends."""

from __future__ import annotations

from dataclasses import replace

from domain.claim import Action, Claim
from domain.effects import given_back

__all__ = ["give_back", "take_off_scenario"]

give_back = given_back  # the end of an action does it by itself: domain/effects.py with_action


def take_off_scenario(claim: Claim, action: Action) -> Claim:
    """The claim whose items of this action are its own: the scenario asks for them again when it has ended."""
    items = tuple(
        replace(item, specific_action=action.id) if item.reference in action.items else item for item in claim.items
    )
    return replace(claim, items=items)
