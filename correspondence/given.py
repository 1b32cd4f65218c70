"""What speaks to an agent (bailiff, lawyer, officer): where it goes, and what they were given and when."""

from __future__ import annotations

from datetime import date

import wording
from correspondence.recipients import WRITTEN, NoUsableAddress
from domain.catalogue import ActionType, Agent, Catalogue
from domain.claim import Action, Channel, Claim
from domain.mail_address import usable_email


def agents_address(catalogue: Catalogue, kind: ActionType, action: Action | None, channel: Channel) -> str:
    """The agent's e-mail address, postal lines or telephone number, never the debtor's; NoUsableAddress as for a debtor."""
    agent = catalogue.agents.get(action.agent if action is not None else kind.default_agent or "")
    found = "" if agent is None else _address(agent, channel)
    if not found and channel in WRITTEN:
        raise NoUsableAddress(channel)
    return found


def _address(agent: Agent, channel: Channel) -> str:
    match channel:
        case Channel.EMAIL | Channel.INTERNAL_EMAIL:
            return usable_email(agent.email)
        case Channel.LETTER | Channel.REGISTERED_LETTER:
            return _postal_lines(agent)
        case _:
            return agent.phone


def _postal_lines(agent: Agent) -> str:
    """The name and the address, one a line; "" when there is none."""
    address = agent.address
    city = f"{address.get('postal_code', '')} {address.get('city', '').upper()}".strip()
    lines = [line.strip() for line in (*address.get("lines", "").split("\n"), city) if line.strip()]
    return "\n".join([agent.name, *lines]) if lines else ""


def given_facts(claim: Claim, catalogue: Catalogue, action: Action | None, language: str) -> dict[str, object]:
    """What a text may say of an action that is with an agent; all of it empty for any other."""
    chased = _chased(claim, action)
    if chased is None:
        return dict.fromkeys(("agent", "asked_for", "given_on", "expected_on", "matter"), "")
    agent = catalogue.agents.get(chased.agent)
    kind = catalogue.action_types.get(chased.action_type)
    return {
        "agent": agent.name if agent else "",
        "asked_for": wording.label(kind.label, language) if kind else chased.action_type,
        "given_on": _day(chased.starts_on, language),
        "expected_on": _day(chased.planned_end_on, language),
        "matter": chased.object,
    }


def _chased(claim: Claim, action: Action | None) -> Action | None:
    """The action itself, or the one that a reminder to its agent is about."""
    if action is None or not action.agent:
        return None
    about = action.subject.removeprefix("agent/") if action.subject.startswith("agent/") else ""
    return next((a for a in claim.actions if str(a.id) == about), action)


def _day(day: date | None, language: str) -> str:
    return wording.day(day, language) if day else ""
