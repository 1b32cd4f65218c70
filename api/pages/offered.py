"""What the forms of a claim's page offer to choose from: only what this claim can take as it stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from api.pages.labels import Labels
from domain.catalogue import ActionType, Catalogue
from domain.claim import Claim, Stage, StatusCategory
from domain.legal_facts import EVENTS
from domain.procedures import is_procedure
from wording import capital, code_label
from wording.codes import LABELS

ENDINGS: Final = ("paid", "partly_paid", "fruitless", "withdrawn", "settled", "void")  # of a procedure
ORDER: Final = (Stage.AMICABLE, Stage.LITIGATION, Stage.ENFORCEMENT)
Choices = list[tuple[str, str]]  # code and label


def offered(claim: Claim, catalogue: Catalogue, labels: Labels, language: str) -> dict[str, Any]:
    """The choices by the name under which the templates know them."""
    reached = ORDER.index(claim.stage) if claim.stage in ORDER else -1
    kinds = [kind for kind in catalogue.action_types.values() if _is_known_there(kind, claim.debtor.country)]
    statuses = [status for status in catalogue.statuses.values() if status.active]
    disputes = (status.code for status in statuses if status.category is StatusCategory.DISPUTE)
    agents = (agent for agent in catalogue.agents.values() if agent.acts_for(claim.creditor, claim.debtor.country))
    return {
        "actions": [
            (stage.value, _labelled(labels, "action_type", (kind.code for kind in kinds if kind.category is stage)))
            for stage in ORDER[: reached + 1]
        ],
        "procedures": _labelled(labels, "action_type", (kind.code for kind in kinds if is_procedure(kind))),
        "statuses": [
            (category.value, chosen)
            for category in StatusCategory
            if (chosen := _labelled(labels, "status", (s.code for s in statuses if s.category is category)))
        ],
        "disputes": _labelled(labels, "status", disputes),
        "sub_stages": [
            (stage.value, [(sub.code, labels.of("sub_stage", sub.code)) for sub in _of_stage(catalogue, stage)])
            for stage in ORDER
        ],
        "legal_events": _named("legal_event", EVENTS, language),
        "guarantees": _named("guarantee_kind", LABELS["guarantee_kind"], language),
        "judgments": _named("judgment", LABELS["judgment"], language),
        "titles": _named("title_kind", LABELS["title_kind"], language),
        "service_modes": _named("service_mode", LABELS["service_mode"], language),
        "endings_of_procedures": _named("result", ENDINGS, language),
        "agents": sorted(((agent.code, agent.name) for agent in agents), key=lambda one: one[1].casefold()),
    }


def proposed_dates(kind: ActionType | None, starts_on: date) -> dict[str, str]:
    """The planned end and the reminder that the type's duration and reminder delay propose; none without them."""
    if kind is None:
        return {}
    days = {"planned_end_on": kind.duration_days, "reminder_on": kind.reminder_days}
    ahead = {name: (starts_on + timedelta(days=n)).isoformat() for name, n in days.items() if n is not None}
    return {"action_type": kind.code, "starts_on": starts_on.isoformat(), "agent": kind.default_agent or "", **ahead}


def _is_known_there(kind: ActionType, country: str) -> bool:
    return kind.active and (not kind.countries or not country or country in kind.countries)


def _of_stage(catalogue: Catalogue, stage: Stage) -> Iterable[Any]:
    subs = (sub for sub in catalogue.sub_stages.values() if sub.active and sub.stage is stage)
    return sorted(subs, key=lambda sub: sub.position)


def _labelled(labels: Labels, kind: str, codes: Iterable[str]) -> Choices:
    return _by_label((code, labels.of(kind, code) or code) for code in codes)


def _named(kind: str, codes: Iterable[str], language: str) -> Choices:
    return [(code, capital(code_label(kind, code, language))) for code in codes]


def _by_label(choices: Iterable[tuple[str, str]]) -> Choices:
    return sorted(choices, key=lambda one: one[1].casefold())
