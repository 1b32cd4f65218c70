"""What leaves in the end: the text a person agreed to as they saw it, else the template's with today's facts."""

from datetime import date
from uuid import UUID

from correspondence import Draft, draft
from domain.catalogue import Catalogue
from domain.claim import Claim
from domain.effects import action_of
from domain.steps import Step


def what_leaves(claim: Claim, catalogue: Catalogue, step: Step, on: date) -> Draft:
    """The draft of a step that is sent now. Raises NoUsableAddress."""
    assert step.channel is not None  # noqa: S101  the planner sets it for everything that leaves
    action = action_of(claim, UUID(step.action_id)) if step.action_id else None
    agreed = action.draft if action is not None else None
    if agreed is not None and "template" in agreed and agreed.get("channel") == step.channel.value:
        return Draft.from_json(agreed)
    own_text = (agreed or {}).get("text")
    return draft(claim, catalogue, step.action_type, step.channel, on, text=own_text, action=action)
