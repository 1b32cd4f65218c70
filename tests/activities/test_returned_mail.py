"""Mail that came back: an alert until somebody answers it, and a task when there is nothing else to write to."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from db import tables
from domain.claim import TaskKind
from tests.activities.planned import NOW, Planned, planned
from tests.activities.story import prepare


@pytest.fixture
async def claim(engine: AsyncEngine) -> Planned:
    await prepare(engine)
    return await planned(engine)


async def came_back(claim: Planned, reason: str = "unclaimed", **payload: Any) -> None:
    told = {"document": str(uuid4()), "sent_as": "letter", "reason": reason, "returned_on": NOW.date().isoformat()}
    await claim.tell("letter_returned", **{**told, **payload})


async def test_a_returned_letter_is_unhandled_until_a_person_changes_how_the_debtor_is_reached(claim: Planned) -> None:
    await came_back(claim)
    assert await claim.codes() == {"returned_letter_unhandled"}
    await claim.tell("debtor_changed", fields=["addresses"], because="letter_returned")  # the mark itself is no answer
    assert await claim.codes() == {"returned_letter_unhandled"}
    await claim.tell("debtor_changed", fields=["name"])
    assert await claim.codes() == {"returned_letter_unhandled"}
    await claim.debtor(address="3 rue Retrouvée")
    assert await claim.codes() == set()


async def test_the_same_letter_comes_back_once(claim: Planned) -> None:
    document = str(uuid4())
    await came_back(claim, document=document)
    await came_back(claim, document=document)
    await claim.plan()
    assert len((await claim.claim()).returned) == 1


async def test_with_nothing_left_to_write_to_a_person_looks_for_an_address(claim: Planned) -> None:
    async with claim.engine.begin() as connection:
        await connection.execute(update(tables.debtor).values(contacts=[], addresses=[]))
    await came_back(claim, "unknown_at_address")
    assert {"returned_letter_unhandled", "no_usable_address", "missing_contact"} <= await claim.codes()
    (task,) = (await claim.claim()).open_tasks
    assert task.kind is TaskKind.FIND_ADDRESS
    await claim.debtor(address="3 rue Retrouvée", city="Lyon")
    assert await claim.codes() == set()
    assert (await claim.claim()).open_tasks == ()


async def test_with_another_way_to_write_no_person_is_asked_and_the_plan_goes_on(claim: Planned) -> None:
    await came_back(claim, "unknown_at_address")
    plan = await claim.plan()
    assert (await claim.claim()).open_tasks == ()
    assert plan.waiting_for == "date"
