"""Negotiation: an offer, a counter-offer, an answer; an accepted one becomes an arrangement with a discount."""

from __future__ import annotations

from domain.inbox import Rule

FACTS: dict[str, Rule] = {}
REQUESTS: dict[str, Rule] = {}
