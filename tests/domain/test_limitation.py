"""Limitation: from when, how long, what interrupts it. Each rule with its source; the packs are those that are delivered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.claim import Claim, Guarantee, ItemKind, Stage, Takeover, Values
from domain.legal_clocks import clocks_of
from tests.builders import a_claim, a_payment, an_id, an_item, at, money
from tests.law_builders import a_consumer, an_arrangement, an_event, clocks, dated, last_day, the_law

DUE = date(2021, 6, 1)


def owing(*items: Any, due_on: date = DUE, **facts: Any) -> Claim:
    return a_claim(*(items or (an_item(due_on=due_on),)), **facts)


def paid(on: str, amount: str = "100.00", **facts: Any) -> Any:
    return a_payment(facts.pop("external_id", f"P-{on}"), amount=amount, value_date=date.fromisoformat(on), **facts)


# ---- how long ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "last", "source"),
    [
        ({}, "2026-06-01", "C. com. art. L110-4"),  # between businesses, five years
        ({"debtor": a_consumer()}, "2023-06-01", "C. conso. art. L218-2"),  # consumers, two years
        ({"country": "TN", "currency": "TND"}, "2036-06-01", "COC art. 402"),  # Tunisia, fifteen years
        ({"country": "TN", "currency": "TND", "debtor": a_consumer()}, "2036-06-01", "COC art. 402"),
    ],
)
def test_a_debt_can_be_sued_for_so_long(facts: dict[str, Any], last: str, source: str) -> None:
    item = an_item(due_on=DUE, currency=facts.get("currency", "EUR"))
    clock = clocks(owing(item, **facts), "2022-01-03")["limitation"]
    assert clock.runs_out_on is not None
    assert (clock.runs_out_on.isoformat(), clock.starts_on) == (last, DUE)
    assert clock.source.startswith(source)
    assert clock.why[0].code == "clock_since_due"


def test_a_limitation_that_ends_on_a_sunday_ends_on_that_sunday() -> None:
    """Cass. 2e civ., 7 April 2016, no. 15-12.960: CPC 642 is for procedure."""
    assert last_day(owing(due_on=date(2021, 5, 31)), "2022-01-03") == "2026-05-31"  # a Sunday


def test_each_instalment_has_its_own_clock_and_the_nearest_comes_first() -> None:
    """C. conso. L218-2: per instalment."""
    items = [an_item(f"E-{n}", due_on=date(2025, n, 5), kind=ItemKind.LOAN_INSTALMENT) for n in (3, 1, 2)]
    found = clocks_of(owing(*items, debtor=a_consumer()), the_law(), date(2025, 6, 2))
    assert [(c.item, str(c.runs_out_on)) for c in found] == [
        ("E-1", "2027-01-05"),
        ("E-2", "2027-02-05"),
        ("E-3", "2027-03-05"),
    ]


def test_global_values_run_from_the_opening_and_say_so() -> None:
    claim = a_claim(values=Values.GLOBAL, global_amounts={"loan": "500.00"}, opened_on=date(2026, 1, 5))
    clock = clocks(claim, "2026-02-02")["limitation"]
    assert (str(clock.runs_out_on), clock.why[0].code) == ("2031-01-05", "clock_since_opening")


@pytest.mark.parametrize(
    "claim",
    [
        owing(country="MA"),
        owing(country=""),
        owing(stage=Stage.CLOSED),
        owing(an_item(due_on=None)),
        owing(payments=(paid("2021-07-01", "1000.00"),)),
    ],
    ids=["no pack", "no country", "closed", "no due date", "paid"],
)
def test_no_clock_runs_where_there_is_nothing_to_count(claim: Claim) -> None:
    assert clocks_of(claim, the_law(), date(2022, 1, 3)) == ()


def test_a_changed_parameter_acts_from_its_day_on() -> None:
    law = the_law(limitation_b2b_years=(dated("5", "2008-06-19"), dated("3", "2027-01-01", source="a new law")))
    assert last_day(owing(due_on=date(2024, 1, 15)), "2026-12-31", law=law) == "2029-01-15"
    assert last_day(owing(due_on=date(2026, 1, 15)), "2027-02-01", law=law) == "2030-01-01"  # three years from the law
    assert last_day(owing(due_on=date(2027, 3, 1)), "2027-03-02", law=law) == "2030-03-01"
    assert clocks(owing(due_on=date(2027, 3, 1)), "2027-03-02", law)["limitation"].source == "a new law"


# ---- what interrupts it ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "last", "source"),
    [
        (owing(payments=(paid("2025-02-03"),)), "2030-02-03", "C. civ. art. 2240"),
        (owing(legal_events=(an_event("acknowledgement", "2025-02-03"),)), "2030-02-03", "C. civ. art. 2240"),
        (owing(arrangements=(an_arrangement("2025-02-03"),)), "2030-02-03", "C. civ. art. 2240"),
        (owing(legal_events=(an_event("enforcement_act", "2025-02-03"),)), "2030-02-03", "C. civ. art. 2244"),
        (
            owing(legal_events=(an_event("payment_order", "2025-01-06"), an_event("service", "2025-02-03"))),
            "2030-02-03",
            "C. civ. art. 2241",
        ),
    ],
    ids=["part payment", "acknowledgement", "arrangement", "enforcement", "payment order served"],
)
def test_the_whole_time_begins_anew(claim: Claim, last: str, source: str) -> None:
    clock = clocks(claim, "2025-03-03")["limitation"]
    assert (str(clock.runs_out_on), clock.why[0].code) == (last, "clock_interrupted")
    assert source in clock.source


@pytest.mark.parametrize(
    "claim",
    [
        owing(legal_events=(an_event("formal_notice", "2025-02-03"),)),  # a letter
        owing(legal_events=(an_event("payment_order", "2025-02-03"),)),  # made, and not served
        owing(legal_events=(an_event("service", "2025-02-03"),)),  # of what is no order
        owing(takeover=Takeover(Stage.AMICABLE, paid=money("100.00"), last_action_on=date(2025, 2, 3))),
        owing(payments=(paid("2021-05-03"),)),  # before the due date nothing runs yet
        owing(payments=(paid("2025-02-03", reversed_on=date(2025, 2, 20)),)),
        owing(legal_events=(an_event("acknowledgement", "2025-02-03", retracted_at=at("2025-02-20")),)),
        owing(legal_events=(an_event("acknowledgement", "2026-02-02"),)),  # to come
    ],
    ids=["a letter", "order made", "service", "takeover", "before", "returned", "retracted", "to come"],
)
def test_what_does_not_interrupt(claim: Claim) -> None:
    assert last_day(claim, "2025-03-03") == "2026-06-01"


def test_in_tunisia_a_formal_notice_with_a_certain_date_interrupts() -> None:
    """COC 396, 1: an extrajudicial demand of certain date that puts the debtor in default."""
    claim = owing(
        an_item(due_on=DUE, currency="TND"),
        country="TN",
        currency="TND",
        legal_events=(an_event("formal_notice", "2025-02-03"),),
    )
    assert last_day(claim, "2025-03-03") == "2040-02-03"


def test_a_returned_payment_counts_until_it_is_returned() -> None:
    claim = owing(payments=(paid("2025-02-03", reversed_on=date(2025, 2, 20)),))
    assert [last_day(claim, day) for day in ("2025-02-19", "2025-02-20")] == ["2030-02-03", "2026-06-01"]


def test_a_guarantors_payment_is_not_the_debtors() -> None:
    guarantor = Guarantee(an_id("guarantee"), "surety", DUE, "leila", person={"name": "Inès Perrin"})
    claim = owing(payments=(paid("2025-02-03", payer="INÈS PERRIN"),), guarantees=(guarantor,))
    assert last_day(claim, "2025-03-03") == "2026-06-01"


def test_a_payment_interrupts_for_what_it_was_laid_on() -> None:
    """C. civ. 2240: it acknowledges the debt that is paid in part, not the others."""
    items = an_item("F-1", due_on=DUE), an_item("F-2", due_on=date(2021, 9, 1))
    claim = owing(*items, payments=(paid("2025-02-03", directed=(("F-2", money("100.00")),)),))
    found = {clock.item: str(clock.runs_out_on) for clock in clocks_of(claim, the_law(), date(2025, 3, 3))}
    assert found == {"F-1": "2026-06-01", "F-2": "2030-02-03"}


def test_an_event_about_one_item_leaves_the_others() -> None:
    items = an_item("F-1", due_on=DUE), an_item("F-2", due_on=DUE)
    claim = owing(*items, legal_events=(an_event("acknowledgement", "2025-02-03", item="F-2"),))
    found = {clock.item: str(clock.runs_out_on) for clock in clocks_of(claim, the_law(), date(2025, 3, 3))}
    assert found == {"F-1": "2026-06-01", "F-2": "2030-02-03"}


@pytest.mark.parametrize(
    ("on", "state", "last"),
    [("2026-06-01", "running", "2031-06-01"), ("2026-06-02", "run_out", "2026-06-01")],
    ids=["on the last day", "the day after"],
)
def test_only_what_comes_before_the_last_day_has_passed_interrupts(on: str, state: str, last: str) -> None:
    """C. civ. 2229: it is acquired when the last day is over; nothing revives it but the debtor's waiver."""
    clock = clocks(owing(payments=(paid(on),)), "2026-06-10")["limitation"]
    assert (clock.state.value, str(clock.runs_out_on)) == (state, last)


def test_the_debtors_waiver_revives_what_had_run_out() -> None:
    """C. civ. 2250: only a limitation that is acquired can be waived."""
    claim = owing(legal_events=(an_event("limitation_waived", "2026-09-01"),))
    assert [last_day(claim, day) for day in ("2026-08-31", "2026-09-01")] == ["2026-06-01", "2031-09-01"]


# ---- while a court or an insolvency has the matter --------------------------------------------


def test_it_stands_still_while_the_case_lasts() -> None:
    """C. civ. 2242: until the end of the case."""
    summoned = owing(legal_events=(an_event("summons", "2025-02-03"),))
    clock = clocks(summoned, "2026-08-03")["limitation"]
    assert (clock.state.value, clock.runs_out_on, clock.why[0].code) == ("stopped", None, "clock_stands_still")
    ended = replace(summoned, legal_events=(*summoned.legal_events, an_event("instance_ended", "2026-09-01")))
    assert last_day(ended, "2026-09-02") == "2031-09-01"


def test_a_case_given_up_has_interrupted_nothing() -> None:
    """C. civ. 2243: given up, lapsed or rejected."""
    events = an_event("summons", "2025-02-03"), an_event("action_failed", "2026-03-02")
    assert last_day(owing(legal_events=events), "2026-04-01") == "2026-06-01"


def test_a_declaration_in_an_insolvency_lasts_until_its_end() -> None:
    """C. com. L622-25-1."""
    events = [an_event("insolvency_opened", "2025-02-03"), an_event("insolvency_declared", "2025-03-03")]
    claim = owing(legal_events=tuple(events))
    assert clocks(claim, "2027-01-04")["limitation"].state.value == "stopped"
    closed = replace(claim, legal_events=(*events, an_event("insolvency_closed", "2027-05-03")))
    assert last_day(closed, "2027-05-04") == "2032-05-03"


def test_a_title_takes_the_place_of_the_limitation() -> None:
    """CPCE L111-4."""
    found = clocks(owing(legal_events=(an_event("title", "2025-02-03"),)), "2025-03-03")
    assert (found["limitation"].state.value, found["title"].state.value) == ("met", "running")


# ---- whatever the order ------------------------------------------------------------------------

KINDS = (
    "acknowledgement", "summons", "instance_ended", "action_failed", "payment_order", "service", "judgment",
    "enforcement_act", "insolvency_declared", "insolvency_closed", "limitation_waived",
)  # fmt: skip
EVENTS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.dates(date(2020, 1, 1), date(2032, 1, 1))), max_size=7, unique=True
)
PAYMENTS = st.lists(st.dates(date(2020, 1, 1), date(2032, 1, 1)), max_size=4, unique=True)


@given(events=EVENTS, payments=PAYMENTS, seed=st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(events: Any, payments: Any, seed: Any) -> None:
    stated = [an_event(kind, day.isoformat()) for kind, day in events]
    received = [paid(day.isoformat(), "10.00") for day in payments]
    claim = owing(legal_events=tuple(stated), payments=tuple(received))
    seed.shuffle(stated)
    seed.shuffle(received)
    shuffled = replace(claim, legal_events=tuple(stated), payments=tuple(received))
    for day in (date(2026, 6, 1), date(2031, 3, 1), date(2033, 1, 1)):
        assert clocks_of(claim, the_law(), day) == clocks_of(shuffled, the_law(), day)


@given(events=st.lists(st.dates(date(2021, 6, 1), date(2032, 1, 1)), max_size=6))
def test_more_acknowledgements_never_bring_the_end_nearer(events: list[date]) -> None:
    stated = tuple(an_event("acknowledgement", day.isoformat()) for day in events)
    fewer, more = owing(legal_events=stated[1:]), owing(legal_events=stated)
    assert str(last_day(fewer, "2033-01-03")) <= str(last_day(more, "2033-01-03"))
