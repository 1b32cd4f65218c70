"""Each decision of the planner is explained in French and in English: a large set of claims, every kind of fact in it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from domain.catalogue import Catalogue, Conditions, ContactCap, CountryPack, Dated
from domain.claim import (
    Action,
    ActionState,
    Channel,
    Claim,
    Ending,
    Item,
    Mode,
    Origin,
    Stage,
    Suspension,
    Takeover,
    Task,
    TaskKind,
)
from domain.forecast import forecast
from domain.planner import next_step
from domain.steps import PlanImpossible, Reason
from tests.builders import (
    DUE_ON,
    a_calendar,
    a_catalogue,
    a_claim,
    a_contact,
    a_creditor,
    a_debtor,
    a_disputed,
    a_payment,
    a_promised,
    a_step,
    a_task,
    an_action,
    an_address,
    an_item,
    at,
)
from wording import sentence

MANY = 2_000
EXPECTED = {  # the reasons of this part of the product: each must occur, else the set proves nothing about it
    "excluded", "specific_action", "item_too_small", "contact_cap", "opted_out", "lawful_hours", "other_stage", "spacing",
    "minimum_amount", "catching_up", "late", "held_to_sending_hours", "moved_to_sending_day", "fallback_channel",
    "no_usable_address", "promised", "disputed", "no_due_date", "scenario_finished", "nothing_to_chase", "suspended",
    "step_after_stage", "step_after_previous", "step_before_due_date", "coming_due", "balance_below_condition",
    "other_debtor_kind", "other_language", "email_wanted", "email_not_wanted", "task_open", "task_reminds", "confirmed",
    "released", "tries_again", "planned", "postponed", "step_under_way", "preferred_channel",
}  # fmt: skip


def a_random_catalogue(chance: Random) -> Catalogue:
    steps = [
        a_step(
            chance.choice(["reminder_1", "reminder_2", "formal_notice", "call", "summons"]),
            chance.randint(-5, 50),
            after=chance.choice(["due_date", "due_date", "previous_step", "stage"]) if n else "due_date",
            mode=chance.choice(list(Mode)),
            conditions=chance.choice(
                [Conditions()] * 4
                + [
                    Conditions(minimum_balance=Decimal(800)),
                    Conditions(debtor_kind="person"),
                    Conditions(language="en"),
                    Conditions(has_email=chance.random() < 0.5),
                ]
            ),
        )
        for n in range(chance.randint(1, 6))
    ]
    since = date(2020, 1, 1)
    law = {"quiet_hours": (Dated("17:30-10:00", since, None, "s"),), "contact_cap": (Dated("2/9", since, None, "s"),)}
    return replace(
        a_catalogue(
            *steps,
            creditor=a_creditor(contact_cap=chance.choice([None, None, ContactCap(1, 6)])),
            calendar=a_calendar(DUE_ON + timedelta(days=chance.randint(0, 30))),
            minimum_days_between_contacts=chance.choice([0, 5, 9]),
            minimum_amount=Decimal(chance.choice([0, 0, 300])),
            ignore_items_below=Decimal(chance.choice([0, 50])),
            sending_hours=(time(8), time(18)),
        ),
        countries={} if chance.random() < 0.7 else {"FR": CountryPack("FR", law)},
    )


def a_random_item(chance: Random, n: int, specific: Any) -> Item:
    item = an_item(f"F-{n}", amount=chance.randint(20, 900), due_on=DUE_ON + timedelta(days=chance.randint(-30, 40)))
    match chance.randint(0, 11):
        case 0:
            return a_disputed(item)
        case 1:
            return a_promised(item, DUE_ON + timedelta(days=30))
        case 2:
            return replace(item, excluded=True)
        case 3:
            return replace(item, specific_action=specific)
        case 4:
            return replace(item, due_on=None)
        case _:
            return item


def some_work(chance: Random) -> tuple[tuple[Action, ...], tuple[Task, ...]]:
    """Something under way, or nothing: released, postponed, proposed, refused once, a search for an address."""
    done = tuple(
        an_action(n + 1, step=n, done_at=at(DUE_ON + timedelta(days=7 * n))) for n in range(chance.randint(0, 2))
    )
    number = len(done) + 1
    later = at(DUE_ON + timedelta(days=chance.randint(0, 60)), 19)
    kept: dict[int, tuple[tuple[Action, ...], tuple[Task, ...]]] = {
        0: ((an_action(number, step=2, state=ActionState.CONFIRMED, decided_by="leila"),), ()),
        1: ((an_action(number, step=2, state=ActionState.CONFIRMED),), ()),
        2: ((an_action(number, step=2, state=ActionState.CONFIRMED, attempts=2, planned_at=later),), ()),
        3: ((an_action(number, step=2, state=ActionState.PLANNED, planned_at=later, decided_by="leila"),), ()),
        4: ((an_action(number, step=None, origin=Origin.STATUS, state=ActionState.PLANNED, planned_on=DUE_ON),), ()),
        5: ((), (a_task(kind=TaskKind.FIND_ADDRESS, step=0),)),
        6: ((an_action(number, step=2, state=ActionState.SENDING),), ()),
        7: ((an_action(number, step=2, state=ActionState.PLANNED),), ()),
    }
    if (which := chance.randint(0, 16)) == 8:
        asked = an_action(number, step=2, state=ActionState.PROPOSED)
        return (*done, asked), (a_task(action_id=asked.id, step=2),)
    work = kept.get(which, ((), ()))
    return (*done, *work[0]), work[1]


def a_random_claim(chance: Random) -> Claim:
    actions, tasks = some_work(chance)
    specific = an_action(40, action_type="call", step=None, state=ActionState.PLANNED)
    items = [a_random_item(chance, n, specific.id) for n in range(chance.randint(1, 4))]
    contact = a_contact(
        email=chance.choice(["", "a@debtor.example"]),
        phone=chance.choice(["", "+33400000000"]),
        opted_out=chance.choice([(), (), ("call",), ("email", "call")]),
    )
    debtor = a_debtor(
        contacts=(contact,),
        addresses=chance.choice([(), (an_address(),)]),
        preferred_channel=chance.choice(["", "letter", "email"]),
    )
    return a_claim(
        *items,
        number=f"R26-{chance.randint(0, 9999):07}",
        debtor=debtor,
        actions=(*actions, specific),
        tasks=tasks,
        payments=(a_payment(amount=chance.randint(10, 600)),) if chance.random() < 0.3 else (),
        stage=chance.choice([Stage.AMICABLE, Stage.AMICABLE, Stage.LITIGATION]),
        suspended=chance.choice([None] * 9 + [Suspension("x"), Suspension("x", DUE_ON + timedelta(days=30))]),
        takeover=chance.choice([None] * 5 + [Takeover(Stage.AMICABLE, last_action_on=DUE_ON)]),
        closing=chance.choice([None] * 40 + [Ending.WITHDRAWN]),
        contacts_elsewhere=tuple(at(DUE_ON + timedelta(days=chance.randint(0, 40))) for _ in range(chance.randint(0, 3))),
    )  # fmt: skip


def every_reason(seed: int) -> list[Reason]:
    """Of one claim: its next step, what is held back, and the whole forecast."""
    chance = Random(seed)
    claim, catalogue = a_random_claim(chance), a_random_catalogue(chance)
    as_of = at(DUE_ON, 0) + timedelta(minutes=chance.randint(-20 * 24 * 60, 60 * 24 * 60))
    try:
        decided = next_step(claim, catalogue, as_of)
        seen = forecast(claim, catalogue, as_of, DUE_ON + timedelta(days=200)) if seed % 5 == 0 else None
    except PlanImpossible as impossible:
        return [Reason(impossible.code, impossible.facts)]
    told = [*decided.step.why, *(why for found in decided.not_now for why in found.why)]
    assert decided.step.why
    assert all(found.why for found in decided.not_now)
    if seen is not None:
        assert all(step.why for step in seen.steps)
        told += [why for step in (*seen.steps, *seen.not_now) for why in step.why]
    return told


def test_no_step_and_nothing_held_back_is_without_a_sentence_in_both_languages_or_has_a_gap_in_it() -> None:
    met: Counter[str] = Counter()
    for seed in range(MANY):
        for reason in every_reason(seed):
            met[reason.code] += 1
            for language in ("fr", "en"):
                said = sentence(reason.code, reason.facts, language)
                assert said != reason.code, (seed, reason)
                assert not re.search(r"[{}]|None|\[\]", said), (seed, said)
    assert set(met) >= EXPECTED, EXPECTED - set(met)


@pytest.mark.parametrize("channel", list(Channel))
def test_every_channel_has_its_name_in_an_explanation(channel: Channel) -> None:
    said = [sentence("usual_channel", {"channel": channel.value}, language) for language in ("fr", "en")]
    assert all("_" not in each for each in said)
