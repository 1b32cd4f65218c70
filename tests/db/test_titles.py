"""Whether a claim has an enforceable title: the query that answers at once says the same as the rule."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from db import legal
from db.catalogue import ensure_standard, write
from db.claims import load, save
from db.intake import open_claim
from domain.claim import LegalEvent, Procedure
from domain.intake import read_intake
from domain.titles import has_title
from tests.activities.story import THE_SCENARIO, an_intake
from tests.builders import an_id

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
DAYS = (date(2026, 2, 1), date(2026, 2, 11), date(2026, 3, 1))
TOLD = LegalEvent(an_id("told"), "title", DAYS[1], NOW, "leila")


@pytest.mark.parametrize(
    ("facts", "takeover"),
    [
        ({}, {}),
        ({"procedures": (Procedure(an_id("order"), "payment_order", DAYS[0], "leila", title_on=DAYS[1]),)}, {}),
        ({"legal_events": (TOLD,)}, {}),
        ({"legal_events": (replace(TOLD, retracted_at=NOW),)}, {}),
        ({"legal_events": (replace(TOLD, kind="judgment"),)}, {}),
        ({}, {"takeover": {"stage": "litigation"}}),
        ({}, {"takeover": {"stage": "enforcement"}}),
    ],
)
async def test_the_database_says_of_a_title_what_the_rule_says(
    engine: AsyncEngine, facts: dict[str, Any], takeover: dict[str, Any]
) -> None:
    async with engine.begin() as connection:
        await ensure_standard(connection)
        await write(connection, "creditors", "ACME", {"name": "ACME", "country": "FR"}, "test")
        await write(connection, "scenarios", "trial", THE_SCENARIO, "test")
        opened = await open_claim(connection, read_intake({**an_intake(), **takeover}), author="test", now=NOW)
        before = await load(connection, opened.claim_id)
        assert before is not None
        await save(connection, before, replace(before, **facts))
        claim = await load(connection, opened.claim_id)
        assert claim is not None
        answered = [await legal.has_title(connection, claim.id, day) for day in DAYS]
    assert answered == [has_title(claim, day) for day in DAYS]
