"""Catalogue bodies of the law: reference rates, country packs, agents, sub-stages.

A value without its day, or without a source, is refused: what is unknown stays unknown.
"""

from __future__ import annotations

import re
from decimal import Decimal

from domain.catalogue import Agent, CountryPack, Dated, Rate, SubStage
from domain.claim import Stage
from domain.contact_law import CONTACT_PARAMETERS, EXAMPLES
from domain.law_parameters import check_parameters
from domain.places import countries
from domain.reading import Reading
from domain.stated_terms import MOST_PERCENT

FIGURE = re.compile(r"-?[0-9]{1,4}(\.[0-9]{1,6})?")
AGENT_KINDS = ("bailiff", "lawyer", "officer", "other")


def read_rate(reading: Reading, code: str) -> Rate:
    """{"label", "applies"?: half_year | month | day, "values": [{"since", "until"?, "value": percent a year, "source"}]}."""
    values = _dated(reading, "values", numeric=True)
    applies = reading.one_of("applies", ("half_year", "month", "day"), "day")
    return Rate(code=code, label=_label(reading), values=values, applies=applies)


def read_country(reading: Reading, code: str) -> CountryPack:
    """{"parameters": {code: [{"since", "until"?, "value", "source"}]}}."""
    parameters = reading.inner("parameters", required=True)
    found = {name: _dated(parameters, name, numeric=_is_figure(name)) for name in parameters.fields}
    for name, of_contact in CONTACT_PARAMETERS.items():
        for dated in found.get(name, ()):
            if of_contact(dated.value) is None:
                parameters.refuse(name, "not_allowed", f"must be like {EXAMPLES[name]}")
    check_parameters(parameters, found)
    if code not in countries():
        reading.refuse("code", "unknown_country", "must be a two-letter code of ISO 3166")
    active = reading.fields.get("active") is not False
    return CountryPack(
        country=reading.text("country", longest=2) or code,
        parameters=found if active else {},  # inactive: the law is not set up
    )


def _is_figure(name: str) -> bool:
    """Parameters that are computed with."""
    return name.endswith(("_points", "_times")) or name.startswith("indemnity_")


def read_agent(reading: Reading, code: str) -> Agent:
    return Agent(
        code=code,
        name=reading.line("name", required=True),
        kind=reading.one_of("kind", AGENT_KINDS, "other"),
        email=reading.email("email"),
        phone=reading.text("phone", longest=40),
        active=reading.fields.get("active") is not False,
        address=read_address(reading),
        creditors=reading.texts("creditors", most=1000),
        countries=read_countries(reading),
    )


def read_address(reading: Reading) -> dict[str, str]:
    """{"lines": [], "postal_code", "city", "country"}, {} when there is none."""
    address = reading.inner("address")
    if not address.fields:
        return {}
    parts = {name: address.text(name) for name in ("postal_code", "city", "country")}
    return {"lines": "\n".join(address.texts("lines")), **parts}


def read_countries(reading: Reading) -> tuple[str, ...]:
    """ISO 3166 codes in the field `countries`."""
    found = reading.texts("countries", most=300)
    if any(code not in countries() for code in found):
        reading.refuse("countries", "unknown_country", "must be two-letter codes of countries (ISO 3166)")
    return found


def read_sub_stage(reading: Reading, code: str) -> SubStage:
    if not reading.has("stage"):
        reading.refuse("stage", "missing", "is needed: the stage it is part of")
    stage = reading.one_of("stage", set(Stage) - {Stage.CLOSED}, Stage.AMICABLE)
    position = reading.fields.get("position")
    if position is not None and (isinstance(position, bool) or not isinstance(position, int) or position < 0):
        reading.refuse("position", "not_a_number", "must be a whole number from 0 on")
    return SubStage(
        code=code,
        stage=Stage(stage),
        label=_label(reading),
        position=position if isinstance(position, int) else 0,
        active=reading.fields.get("active") is not False,
    )


def _label(reading: Reading) -> dict[str, str]:
    label = reading.inner("label", required=True)
    return {language: text for language in label.fields if (text := label.text(language))}


def _dated(reading: Reading, name: str, *, numeric: bool = False) -> tuple[Dated, ...]:
    found = []
    for each in reading.each(name, most=2000):
        since, until = each.day("since"), each.day("until")
        value, source = each.text("value", required=True, longest=100), each.text("source", required=True, longest=500)
        if since is None:
            each.refuse("since", "missing", "is needed: the first day this value is in force")
        if numeric and value and not _is_number(value):
            each.refuse("value", "not_a_number", "must be a number with at most six decimals, up to 1000")
        if since is not None and until is not None and until < since:
            each.refuse("until", "not_allowed", "must not be before the first day")
        if since is not None and value and source:
            found.append(Dated(value, since, until, source))
    return tuple(sorted(found, key=lambda dated: dated.since))


def _is_number(text: str) -> bool:
    """Plain digits: a figure that is computed with stays within what amounts can bear."""
    return FIGURE.fullmatch(text) is not None and abs(Decimal(text)) <= MOST_PERCENT
