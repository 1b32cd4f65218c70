"""Deadlines of procedures: each rule with its source; the packs are those that are delivered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.catalogue import ActionType
from domain.claim import ActionState, Channel, Claim, Stage
from domain.entries import Entry, apply
from domain.legal_clocks import clocks_of, enforcement_not_before, obstacles, refuse_when_law_forbids
from domain.refusals import Refused
from tests.builders import a_calendar, a_claim, an_action, an_action_type, an_id, an_item, at
from tests.law_builders import a_procedure, an_event, clocks, last_day, the_law


def with_events(*events: tuple[str, str], **facts: Any) -> Claim:
    item = an_item(due_on=date(2024, 1, 15), currency=facts.get("currency", "EUR"))
    return a_claim(item, legal_events=tuple(an_event(kind, on) for kind, on in events), **facts)


def state(claim: Claim, on: str, code: str) -> str:
    return clocks(claim, on)[code].state.value


# ---- payment order -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made_on", "last", "source"),
    [
        ("2026-08-31", "2027-03-01", "avant le décret n° 2026-96"),  # six months: 28 February is a Sunday
        ("2026-09-01", "2026-12-01", "décret n° 2026-96 du 16 février 2026"),  # three, for orders made from then on
        ("2026-03-10", "2026-09-10", "avant le décret n° 2026-96"),
    ],
)
def test_an_order_is_served_within_the_time_in_force_when_it_was_made(made_on: str, last: str, source: str) -> None:
    """CPC 1411; decree 2026-96 of 16 February 2026: orders made from 1 September 2026."""
    clock = clocks(with_events(("payment_order", made_on)), made_on)["payment_order_service"]
    assert str(clock.runs_out_on) == last
    assert source in clock.source


def test_an_order_served_in_time_opens_the_month_of_opposition() -> None:
    """CPC 1416: one month from the service; the debtor's time, so it is waited for."""
    claim = with_events(("payment_order", "2026-09-01"), ("service", "2026-12-01"))
    found = clocks(claim, "2026-12-02")
    assert found["payment_order_service"].state.value == "met"
    opposition = found["payment_order_opposition"]
    assert (str(opposition.runs_out_on), opposition.is_waiting) == ("2027-01-01", True)


def test_the_month_of_opposition_does_not_end_on_a_holiday() -> None:
    """CPC 642."""
    claim = with_events(("payment_order", "2026-09-01"), ("service", "2026-12-01"))
    law = the_law(calendar=a_calendar(date(2027, 1, 1)))
    assert last_day(claim, "2026-12-02", "payment_order_opposition", law) == "2027-01-04"


def test_an_order_served_too_late_is_void() -> None:
    claim = with_events(("payment_order", "2026-09-01"), ("service", "2026-12-02"))
    assert state(claim, "2026-12-03", "payment_order_service") == "run_out"
    assert "payment_order_opposition" not in clocks(claim, "2026-12-03")
    assert last_day(claim, "2026-12-03") == "2029-01-15"  # and interrupts nothing


def test_the_debtors_opposition_is_met_with_a_case_in_court() -> None:
    claim = with_events(("payment_order", "2026-09-01"), ("service", "2026-11-02"), ("opposition", "2026-11-20"))
    found = clocks(claim, "2026-12-02")
    assert found["payment_order_opposition"].state.value == "met"
    assert found["limitation"].state.value == "stopped"
    assert str(found["instance_lapse"].runs_out_on) == "2028-11-20"


def test_each_procedure_has_its_own_service() -> None:
    first, second = an_id("procedure", 1), an_id("procedure", 2)
    events = (
        an_event("payment_order", "2026-09-01", procedure_id=first),
        an_event("payment_order", "2026-09-02", procedure_id=second, id=an_id("second")),
        an_event("service", "2026-10-01", procedure_id=second),
    )
    claim = a_claim(an_item(due_on=date(2024, 1, 15)), legal_events=events)
    found = [c for c in clocks_of(claim, the_law(), date(2026, 10, 2)) if c.code == "payment_order_service"]
    assert {c.procedure_id: c.state.value for c in found} == {first: "warned", second: "met"}


# ---- what a procedure knows itself -------------------------------------------------------------


def test_a_procedures_own_days_start_clocks_where_no_event_stands() -> None:
    procedure = a_procedure(judged_on="2026-09-01", served_on="2026-10-01", title_on="2026-11-02")
    claim = a_claim(an_item(due_on=date(2024, 1, 15)), procedures=(procedure,))
    found = clocks(claim, "2026-11-03")
    assert found["payment_order_service"].state.value == "met"
    assert str(found["payment_order_opposition"].runs_out_on) == "2026-11-02"  # 1 November is a Sunday
    assert str(found["title"].runs_out_on) == "2036-11-02"


def test_an_event_wins_over_the_procedures_day() -> None:
    procedure = a_procedure(judged_on="2026-09-01")
    event = an_event("payment_order", "2026-09-10", procedure_id=procedure.id)
    claim = a_claim(an_item(due_on=date(2024, 1, 15)), procedures=(procedure,), legal_events=(event,))
    assert last_day(claim, "2026-10-01", "payment_order_service") == "2026-12-10"


def test_a_judgment_on_a_summons_and_an_act_of_enforcement_come_from_procedures() -> None:
    procedures = (
        a_procedure("summons", judged_on="2026-05-04"),
        a_procedure("seizure_and_sale", served_on="2027-02-01"),
    )
    claim = a_claim(an_item(due_on=date(2024, 1, 15)), procedures=procedures)
    assert last_day(claim, "2027-03-01", "title") == "2037-02-01"


def test_a_case_that_ends_without_a_judgment_ends() -> None:
    procedure = a_procedure("summons", ended_on="2026-05-04")
    event = an_event("summons", "2026-01-12", procedure_id=procedure.id)
    claim = a_claim(an_item(due_on=date(2024, 1, 15)), procedures=(procedure,), legal_events=(event,))
    assert last_day(claim, "2026-06-01") == "2031-05-04"


def test_a_service_with_a_procedure_of_its_own_serves_the_order() -> None:
    order, served = a_procedure(judged_on="2026-09-01"), a_procedure("payment_order_service", served_on="2026-10-01")
    event = an_event("service", "2026-10-01", procedure_id=served.id)
    claim = a_claim(an_item(due_on=date(2024, 1, 15)), procedures=(order, served), legal_events=(event,))
    assert state(claim, "2026-10-02", "payment_order_service") == "met"


@pytest.mark.parametrize(
    ("facts", "last"),
    [
        ({"judged_on": "2026-05-04", "judgment": "refused"}, "2029-01-15"),  # C. civ. 2243
        ({"ended_on": "2026-05-04", "outcome": "withdrawn"}, "2029-01-15"),
        ({"judged_on": "2026-05-04", "judgment": "struck_out"}, None),  # the case goes on
        ({"ended_on": "2026-05-04", "outcome": "settled"}, "2031-05-04"),
    ],
)
def test_what_became_of_a_summons(facts: dict[str, str], last: str | None) -> None:
    procedure = a_procedure("summons", **facts)
    event = an_event("summons", "2026-01-12", procedure_id=procedure.id)
    claim = a_claim(an_item(due_on=date(2024, 1, 15)), procedures=(procedure,), legal_events=(event,))
    assert last_day(claim, "2026-06-01") == last


def test_an_order_that_was_refused_need_not_be_served() -> None:
    claim = a_claim(procedures=(a_procedure(judged_on="2026-09-01", judgment="refused"),))
    assert "payment_order_service" not in clocks(claim, "2026-10-01")


def test_what_a_person_retracted_does_not_come_back_from_the_procedure() -> None:
    procedure = a_procedure(judged_on="2026-09-01")
    event = an_event("payment_order", "2026-09-01", procedure_id=procedure.id, retracted_at=at("2026-09-02"))
    claim = a_claim(procedures=(procedure,), legal_events=(event,))
    assert "payment_order_service" not in clocks(claim, "2026-10-01")


# ---- title, seizure, insolvency, case ----------------------------------------------------------


@pytest.mark.parametrize(
    ("events", "last"),
    [
        ([("judgment", "2026-02-02")], "2036-02-02"),
        ([("title", "2026-02-02"), ("enforcement_act", "2030-05-06")], "2040-05-06"),
        ([("title", "2026-02-02"), ("third_party_seizure", "2036-02-02")], "2046-02-02"),  # on its last day
        ([("title", "2026-02-02"), ("enforcement_act", "2036-02-03")], "2036-02-02"),  # too late
    ],
)
def test_a_title_can_be_enforced_for_ten_years_again_from_each_act(events: list[tuple[str, str]], last: str) -> None:
    """CPCE L111-4; C. civ. 2244."""
    assert last_day(with_events(*events), "2036-06-02", "title") == last


def test_a_seizure_is_told_to_the_debtor_within_eight_days() -> None:
    """CPCE R211-3: or it is void. 2 March + 8 days; to contest it the debtor has a month (R211-11)."""
    claim = with_events(("third_party_seizure", "2026-03-02"))
    assert last_day(claim, "2026-03-03", "third_party_seizure_notice") == "2026-03-10"
    assert state(claim, "2026-03-11", "third_party_seizure_notice") == "run_out"
    told = with_events(("third_party_seizure", "2026-03-02"), ("seizure_notice", "2026-03-10"))
    assert state(told, "2026-03-11", "third_party_seizure_notice") == "met"
    assert last_day(told, "2026-03-11", "third_party_seizure_contest") == "2026-04-10"
    late = with_events(("third_party_seizure", "2026-03-02"), ("seizure_notice", "2026-03-11"))
    assert state(late, "2026-03-12", "third_party_seizure_notice") == "run_out"


def test_a_claim_is_declared_within_two_months_of_the_publication() -> None:
    """C. com. L622-24, R622-24; 5 July 2026 is a Sunday (CPC 642)."""
    claim = with_events(("insolvency_opened", "2026-05-05"))
    assert last_day(claim, "2026-05-06", "insolvency_declaration") == "2026-07-06"
    declared = with_events(("insolvency_opened", "2026-05-05"), ("insolvency_declared", "2026-07-06"))
    assert state(declared, "2026-07-07", "insolvency_declaration") == "met"


def test_a_case_in_which_nothing_is_done_lapses() -> None:
    """CPC 386: two years; from the last step that carried it on."""
    assert last_day(with_events(("summons", "2026-01-12")), "2026-02-02", "instance_lapse") == "2028-01-12"
    carried_on = with_events(("summons", "2026-01-12"), ("diligence", "2027-03-01"))
    assert last_day(carried_on, "2027-03-02", "instance_lapse") == "2029-03-01"
    judged = with_events(("summons", "2026-01-12"), ("judgment", "2026-06-01"))
    assert state(judged, "2026-06-02", "instance_lapse") == "met"


def test_a_retracted_event_starts_nothing() -> None:
    event = an_event("insolvency_opened", "2026-05-05", retracted_at=at("2026-05-06"))
    assert "insolvency_declaration" not in clocks(a_claim(legal_events=(event,)), "2026-05-07")


# ---- Tunisia, and what may not be done ---------------------------------------------------------


TUNISIAN = {"country": "TN", "currency": "TND"}


def test_in_tunisia_nothing_is_enforced_within_twenty_days_of_the_service() -> None:
    """CPCC 287: at the end of the twenty days the judgment is enforced."""
    claim = with_events(("judgment", "2026-02-02"), ("service", "2026-03-02"), **TUNISIAN)
    assert last_day(claim, "2026-03-03", "service_before_enforcement") == "2026-03-22"
    assert enforcement_not_before(claim, the_law(), date(2026, 3, 22)) == date(2026, 3, 23)
    assert enforcement_not_before(claim, the_law(), date(2026, 3, 23)) is None
    with pytest.raises(Refused, match="enforcement_too_early"):
        refuse_when_law_forbids(claim, the_law(), an_act(), date(2026, 3, 22))
    refuse_when_law_forbids(claim, the_law(), an_act("appeal", Stage.LITIGATION), date(2026, 3, 22))
    refuse_when_law_forbids(claim, the_law(), an_act(), date(2026, 3, 23))


def test_in_tunisia_a_judgment_lets_the_fifteen_years_stand_until_it_ends() -> None:
    claim = with_events(("summons", "2025-02-03"), ("judgment", "2026-02-02"), **TUNISIAN)
    assert last_day(claim, "2026-03-03") == "2041-02-02"


def test_an_order_is_not_enforced_during_the_month_of_opposition() -> None:
    """CPC 1422: it is suspensive."""
    claim = with_events(("payment_order", "2026-09-01"), ("service", "2026-10-05"))
    assert enforcement_not_before(claim, the_law(), date(2026, 10, 6)) == date(2026, 11, 6)


def an_act(code: str = "seizure_and_sale", category: Stage = Stage.ENFORCEMENT, kind: str = "legal") -> ActionType:
    return an_action_type(code, category=category, type=kind)


@pytest.mark.parametrize(
    ("act", "codes"),
    [
        (an_act("bailiff_notice", Stage.AMICABLE), []),
        (an_act("propose_enforcement", Stage.LITIGATION, "task"), []),
        (an_act("summons", Stage.LITIGATION), ["too_late_in_law"]),
        (an_act(), ["too_late_in_law"]),
    ],
)
def test_nothing_legal_is_possible_when_the_limitation_has_run_out(act: ActionType, codes: list[str]) -> None:
    claim = a_claim(an_item(due_on=date(2020, 1, 15)))
    assert [reason.code for reason in obstacles(claim, the_law(), act, date(2025, 1, 16))] == codes


def test_a_precautionary_seizure_need_not_wait() -> None:
    """CPCC 287, second paragraph: at once after the service."""
    claim = with_events(("judgment", "2026-02-02"), ("service", "2026-03-02"), **TUNISIAN)
    assert obstacles(claim, the_law(), an_act("precautionary_seizure"), date(2026, 3, 3)) == ()


@pytest.mark.parametrize("request_kind", ["plan_action", "execute_action"])
def test_an_act_that_the_law_forbids_is_refused(request_kind: str) -> None:
    law = replace(the_law(), action_types={**the_law().action_types, "seizure_and_sale": an_act()})
    events = (an_event("judgment", "2026-02-02"), an_event("service", "2026-03-02"))
    planned = an_action(
        1, action_type="seizure_and_sale", state=ActionState.PLANNED, step=None, channel=Channel.LEGAL_ACT
    )
    claim = a_claim(
        an_item(due_on=date(2024, 1, 15), currency="TND"),
        legal_events=events,
        stage=Stage.ENFORCEMENT,
        actions=(planned,),
        **TUNISIAN,
    )
    body = {"action_type": "seizure_and_sale", "action": str(planned.id)}
    entry = Entry(an_id("entry"), request_kind, body, "leila", at("2026-03-10"))
    with pytest.raises(Refused, match="enforcement_too_early"):
        apply(claim, entry, law, at("2026-03-10"))


def test_what_is_left_of_the_items_can_still_be_sued_for() -> None:
    claim = a_claim(an_item("F-1", due_on=date(2020, 1, 15)), an_item("F-2", due_on=date(2024, 1, 15)))
    assert obstacles(claim, the_law(), an_act("summons", Stage.LITIGATION), date(2025, 1, 16)) == ()


def test_a_title_that_is_too_old_is_not_enforced() -> None:
    claim = with_events(("title", "2014-02-03"))
    assert [r.code for r in obstacles(claim, the_law(), an_act(), date(2024, 2, 6))] == ["too_late_in_law"]
