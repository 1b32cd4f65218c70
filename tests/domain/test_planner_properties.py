"""Whatever the facts: the planner is pure, patient and in order, and the forecast is the planner itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import is_sending_day, local_day
from domain.catalogue import Catalogue
from domain.claim import Claim, Mode
from domain.forecast import forecast
from domain.planner import next_step
from domain.steps import Step, StepKind
from tests.builders import (
    DUE_ON,
    a_calendar,
    a_catalogue,
    a_claim,
    a_disputed,
    a_payment,
    a_step,
    an_action,
    an_item,
    at,
)
from wording import sentence
from wording.sentences import SENTENCES, placeholders

ZONES = st.sampled_from(["Europe/Paris", "Africa/Tunis", "America/New_York"])
DAYS = st.integers(-20, 60).map(lambda days: DUE_ON + timedelta(days=days))
INSTANTS = st.integers(-40 * 24 * 60, 200 * 24 * 60).map(lambda minutes: at(DUE_ON, 0) + timedelta(minutes=minutes))
UNTIL = DUE_ON + timedelta(days=900)


@st.composite
def catalogues(draw: st.DrawFn) -> Catalogue:
    steps = []
    for n in range(draw(st.integers(1, 5))):
        after = draw(st.sampled_from(["due_date", "due_date", "previous_step", "stage"])) if n else "due_date"
        days = draw(st.integers(-5 if after == "due_date" else 0, 60))
        minimum = {"minimum_balance": "500"} if draw(st.booleans()) else {}
        steps.append(a_step("reminder_1", days, after=after, mode=draw(st.sampled_from(Mode)), **minimum))
    holidays = draw(st.lists(DAYS, max_size=5))
    return a_catalogue(
        *steps,
        calendar=a_calendar(*holidays),
        minimum_days_between_contacts=draw(st.integers(0, 10)),
        minimum_amount=Decimal(draw(st.sampled_from([0, 10, 600]))),
        ignore_items_below=Decimal(draw(st.sampled_from([0, 50]))),
    )


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    items = []
    for n in range(draw(st.integers(1, 4))):
        item = an_item(f"F-{n}", amount=draw(st.integers(1, 1500)), due_on=draw(DAYS | st.none()))
        items.append(a_disputed(item) if draw(st.integers(0, 5)) == 0 else item)
    taken = draw(st.integers(0, 2))
    actions = tuple(an_action(n + 1, step=n, done_at=at(draw(DAYS))) for n in range(taken))
    payments = (a_payment(amount=draw(st.integers(1, 2000)), value_date=draw(DAYS)),) if draw(st.booleans()) else ()
    number = f"R26-{draw(st.integers(0, 999)):07}"
    return a_claim(*items, number=number, time_zone=draw(ZONES), actions=actions, payments=payments)


@given(claims(), catalogues(), INSTANTS)
def test_the_same_facts_and_instant_give_the_same_answer(claim: Claim, catalogue: Catalogue, as_of: datetime) -> None:
    shuffled = replace(claim, actions=claim.actions[::-1], payments=claim.payments[::-1])
    assert (
        next_step(claim, catalogue, as_of)
        == next_step(claim, catalogue, as_of)
        == next_step(shuffled, catalogue, as_of)
    )


@given(claims(), catalogues(), INSTANTS, st.integers(0, 100_000))
def test_a_later_instant_never_gives_an_earlier_step(
    claim: Claim, catalogue: Catalogue, as_of: datetime, minutes: int
) -> None:
    """No payment comes into force meanwhile: of the same debt, the scenario only goes forward, day by day.

    Within a day a late step may leave earlier than was said at night: it waited for its place in the day's spread, and
    whoever plans it again within the hours sends it at once.
    """
    claim = replace(claim, payments=())
    now, later = (next_step(claim, catalogue, when).step for when in (as_of, as_of + timedelta(minutes=minutes)))
    if now.due_at is not None:
        assert later.due_at is not None
        assert local_day(later.due_at, claim.time_zone) >= local_day(now.due_at, claim.time_zone)
        if now.due_at > as_of + timedelta(
            minutes=minutes
        ):  # else it would have been taken, and a later step fits the age
            assert (later.scenario_step or 0) >= (now.scenario_step or 0)


@given(claims(), catalogues(), INSTANTS)
def test_waiting_until_a_step_is_due_gives_that_very_step(claim: Claim, catalogue: Catalogue, as_of: datetime) -> None:
    """Else what is shown is not what is done: the activity plans again at the due instant, and compares keys."""
    claim = replace(claim, payments=())
    foreseen = next_step(claim, catalogue, as_of).step
    if foreseen.due_at is not None:
        then = next_step(claim, catalogue, foreseen.due_at).step
        assert (then.kind, then.key, then.due_at) == (foreseen.kind, foreseen.key, foreseen.due_at)


def spaced(steps: tuple[Step, ...], claim: Claim, days: int) -> bool:
    zone = ZoneInfo(claim.time_zone)
    left = [step.due_at.astimezone(zone).date() for step in steps if step.due_at is not None]
    return all(later - sooner >= timedelta(days=days) for sooner, later in pairwise(left))


@settings(max_examples=60)
@given(claims(), catalogues(), INSTANTS)
def test_a_forecast_takes_each_step_once_in_order_spaced_and_within_the_hours(
    claim: Claim, catalogue: Catalogue, as_of: datetime
) -> None:
    steps = forecast(claim, catalogue, as_of, UNTIL).steps
    indices = [index for step in steps for index in (*step.passes_over, step.scenario_step)]
    assert indices == sorted(set(indices), key=lambda index: index or 0)
    assert spaced(steps, claim, catalogue.scenario.minimum_days_between_contacts)
    for step in steps:
        assert step.due_at is not None
        local = step.due_at.astimezone(ZoneInfo(claim.time_zone))
        assert time(9) <= local.time() < time(18)
        assert is_sending_day(local.date(), catalogue.scenario, catalogue.calendar)


@given(claims(), catalogues(), INSTANTS)
def test_nothing_is_asked_that_is_not_owed(claim: Claim, catalogue: Catalogue, as_of: datetime) -> None:
    step = next_step(claim, catalogue, as_of).step
    if step.kind in (StepKind.WAIT, StepKind.CLOSE):
        return
    asked = next(reason.facts for reason in step.why if reason.code in ("amount_due", "coming_due"))
    assert Decimal(str(asked["amount"])) > 0
    disputed = {item.reference for item in claim.items if item.off_scenario}
    undated = {item.reference for item in claim.items if item.due_on is None}
    assert not (disputed | undated).intersection(asked["items"])  # type: ignore[arg-type]  # a list of references


@given(claims(), catalogues(), INSTANTS)
def test_every_reason_has_a_sentence_that_uses_each_of_its_facts(
    claim: Claim, catalogue: Catalogue, as_of: datetime
) -> None:
    decided = next_step(claim, catalogue, as_of)
    for reason in (*decided.step.why, *(why for found in decided.not_now for why in found.why)):
        for language, forms in SENTENCES.items():
            assert sentence(reason.code, reason.facts, language) != reason.code
            used = {name for form in forms[reason.code] for name in placeholders(form)}
            assert set(reason.facts) - {"currency"} <= used, reason


def test_the_forecast_is_bounded_and_stops_at_its_day() -> None:
    claim, catalogue = a_claim(), a_catalogue()
    whole = forecast(claim, catalogue, at("2026-01-06"), UNTIL).steps
    part = forecast(claim, catalogue, at("2026-01-06"), date(2026, 1, 27)).steps
    assert [step.scenario_step for step in whole] == [0, 1, 2]
    assert part == whole[:2]
    assert forecast(claim, catalogue, at("2026-01-06"), date(2026, 1, 26)).steps == whole[:1]


def test_a_forecast_says_what_it_takes_for_granted() -> None:
    steps = forecast(a_claim(), a_catalogue(), at("2026-01-06"), UNTIL).steps
    assert [step.why[-1].code == "assumed_confirmed" for step in steps] == [False, False, True]


def test_the_forecast_of_a_paid_claim_is_empty() -> None:
    paid = a_claim(payments=(a_payment(amount="1000"),))
    assert forecast(paid, a_catalogue(), at("2026-02-01"), UNTIL).steps == ()
