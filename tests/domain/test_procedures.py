"""Procedures: opened, heard, judged, the title, its service, the end; and the legal events that they bring."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.catalogue import CountryPack, Dated
from domain.claim import Claim, Procedure, Stage, TaskKind
from domain.legal_facts import seen_by_law
from domain.priority import priority
from domain.refusals import Refused
from domain.statement import statement
from domain.titles import has_title
from tests.builders import a_claim, an_id, at, money
from tests.procedure_builders import NOW, a_library, an_enforced_claim, days_to_come, lived, tasks_about, told
from wording import sentence


def opened(kind: str = "payment_order", **payload: Any) -> tuple[Claim, str]:
    """A procedure opened on 2 February 2026."""
    claim = a_claim(stage=Stage.LITIGATION)
    given = {"kind": kind, "opened_on": "2026-02-02", "court": "TC Lyon", "number": "2026F0042", **payload}
    applied = told(claim, "open_procedure", **given)
    return applied.claim, applied.outcome["id"]


def only(claim: Claim) -> Procedure:
    (procedure,) = claim.procedures
    return procedure


def events(claim: Claim) -> list[tuple[str, date]]:
    return [(event.kind, event.on) for event in claim.legal_events]


def test_it_keeps_its_court_its_number_and_its_agent() -> None:
    claim, identity = opened(agent="bailiff", comment="urgent")
    procedure = only(claim)
    assert (procedure.court, procedure.number, procedure.agent, procedure.comment, procedure.state) == (
        "TC Lyon",
        "2026F0042",
        "bailiff",
        "urgent",
        "open",
    )
    changed = only(told(claim, "change_procedure", procedure=identity, number="2026F0043").claim)
    assert (changed.number, changed.court) == ("2026F0043", "TC Lyon")
    for payload in ({"agent": "nobody"}, {"kind": "reminder_1"}, {"kind": "no_such_thing"}):
        with pytest.raises(Refused):
            opened(**payload)


@pytest.mark.parametrize(
    ("kind", "event"),
    [
        ("summons", "summons"),
        ("summons_on_merits", "summons"),
        ("interim_payment", "summons"),
        ("third_party_seizure", "third_party_seizure"),
        ("wage_garnishment", "enforcement_act"),
        ("precautionary_seizure", "enforcement_act"),
    ],
)
def test_a_summons_or_a_seizure_moves_the_clocks_from_its_day(kind: str, event: str) -> None:
    claim, identity = opened(kind)
    assert events(claim) == [(event, date(2026, 2, 2))]
    assert str(claim.legal_events[0].procedure_id) == identity


def test_an_order_its_service_and_the_title_move_the_clocks_and_their_ids_come_from_the_entries() -> None:
    claim, identity = opened()
    assert events(claim) == []  # an application alone moves nothing
    claim = told(
        claim, "record_judgment", procedure=identity, on="2026-02-10", outcome="granted", amount="900.00"
    ).claim
    claim = told(claim, "record_service", procedure=identity, on="2026-02-12", mode="at_study").claim
    claim = told(claim, "record_title", procedure=identity, on="2026-02-16", kind="payment_order").claim
    assert events(claim) == [
        ("payment_order", date(2026, 2, 10)),
        ("service", date(2026, 2, 12)),
        ("title", date(2026, 2, 16)),
    ]
    assert len({event.id for event in claim.legal_events}) == 3
    procedure = only(claim)
    assert (procedure.judgment, procedure.judgment_amount, procedure.service_mode, procedure.title) == (
        "granted",
        money("900.00"),
        "at_study",
        "payment_order",
    )


def test_an_order_that_is_refused_starts_no_clock() -> None:
    claim, identity = opened()
    refused = told(claim, "record_judgment", procedure=identity, on="2026-02-10", outcome="refused").claim
    assert events(refused) == []
    assert seen_by_law(refused, date(2026, 2, 16)) == ()


def test_the_notice_of_a_seizure_is_its_service_on_the_debtor() -> None:
    claim, identity = opened("third_party_seizure")
    served = told(claim, "record_service", procedure=identity, on="2026-02-09", mode="to_person").claim
    assert events(served)[-1] == ("seizure_notice", date(2026, 2, 9))


def test_from_a_title_on_costs_may_be_the_debtors_and_not_before() -> None:
    claim, identity = opened()
    assert not has_title(claim, date(2026, 2, 16))
    titled = told(claim, "record_title", procedure=identity, on="2026-02-12", kind="judgment").claim
    assert [has_title(titled, date(2026, 2, day)) for day in (11, 12, 16)] == [False, True, True]
    by_event_alone = replace(titled, procedures=())
    assert has_title(by_event_alone, date(2026, 2, 16))
    (event,) = by_event_alone.legal_events
    by_mistake = replace(by_event_alone, legal_events=(replace(event, retracted_at=NOW),))
    assert not has_title(by_mistake, date(2026, 2, 16))


def test_a_cost_told_without_saying_whose_it_is_follows_the_title() -> None:
    claim, identity = opened()
    titled = told(claim, "record_title", procedure=identity, on="2026-02-12", kind="judgment").claim
    for on, chargeable, expected in (
        ("2026-02-11", None, False),
        ("2026-02-12", None, True),
        ("2026-02-12", False, False),
        ("2026-02-11", True, True),
    ):
        cost = {"cost_id": str(an_id("cost")), "kind": "bailiff", "amount": "80.00", "incurred_on": on}
        after = told(titled, "cost_added", **cost, chargeable_to_debtor=chargeable).claim
        assert after.costs[0].chargeable_to_debtor is expected


def test_what_has_ended_takes_nothing_more_and_nothing_comes_before_the_opening() -> None:
    claim, identity = opened()
    with pytest.raises(Refused) as early:
        told(claim, "record_title", procedure=identity, on="2026-02-01", kind="judgment")
    assert early.value.code == "date_before_start"
    ended = told(claim, "end_procedure", procedure=identity, on="2026-02-16", outcome="withdrawn").claim
    assert (only(ended).state, only(ended).outcome, only(ended).ended_on) == ("ended", "withdrawn", date(2026, 2, 16))
    with pytest.raises(Refused) as over:
        told(ended, "record_judgment", procedure=identity, on="2026-02-16", outcome="granted")
    assert over.value.code == "procedure_is_ended"
    with pytest.raises(Refused):
        told(claim, "end_procedure", procedure="00000000-0000-4000-8000-000000000009", on="2026-02-16", outcome="void")


def heard(on: str = "2026-03-20") -> tuple[Claim, str, str]:
    claim, identity = opened("summons")
    applied = told(claim, "set_hearing", procedure=identity, on=on, purpose="mise en état")
    return applied.claim, identity, applied.outcome["id"]


def test_a_hearing_is_prepared_eight_days_before_and_its_outcome_asked_the_day_after() -> None:
    claim, _, hearing = heard()
    assert tasks_about(lived(claim, date(2026, 3, 11)), "hearing/") == []
    near = lived(claim, date(2026, 3, 12))
    (task,) = tasks_about(near, "hearing/")
    assert (task.kind, task.why[0]["code"], task.why[0]["facts"]["hearing_on"]) == (
        TaskKind.CLOCK,
        "hearing_near",
        "2026-03-20",
    )
    assert task.proposed["recipient"] == "TC Lyon"
    parts = priority(near, statement(near, date(2026, 3, 12)), date(2026, 3, 12)).parts
    assert "priority_clock" not in {part.code for part in parts}  # no clock of the law
    held = lived(near, date(2026, 3, 21))
    assert [t.why[0]["code"] for t in tasks_about(held, "hearing/")] == ["hearing_near", "hearing_held"]
    assert hearing in task.subject


def test_its_outcome_answers_both_questions_and_an_adjournment_sets_the_next_one() -> None:
    claim, identity, hearing = heard()
    asked = lived(lived(claim, date(2026, 3, 12)), date(2026, 3, 21))
    after = told(
        asked,
        "record_hearing",
        now=at("2026-03-22"),
        procedure=identity,
        hearing=hearing,
        outcome="adjourned",
        adjourned_to="2026-05-15",
    ).claim
    assert tasks_about(after, "hearing/") == []
    assert [(h.on, h.outcome) for h in only(after).hearings] == [
        (date(2026, 3, 20), "adjourned"),
        (date(2026, 5, 15), ""),
    ]
    assert [step.due_on for step in days_to_come(after, date(2027, 1, 1), a_library())] == [date(2026, 5, 7)]


def test_the_end_of_the_procedure_takes_the_questions_about_its_hearings_back() -> None:
    claim, identity, _ = heard()
    asked = lived(claim, date(2026, 3, 12))
    ended = told(asked, "end_procedure", now=at("2026-03-13"), procedure=identity, on="2026-03-13", outcome="settled")
    assert tasks_about(ended.claim, "hearing/") == []
    assert list(days_to_come(ended.claim, date(2027, 1, 1), a_library())) == []


def test_how_long_before_is_a_parameter_of_the_country() -> None:
    pack = CountryPack("FR", {"hearing_reminder_days": (Dated("15", date(2020, 1, 1), None, "the office"),)})
    library = replace(a_library(), countries={"FR": pack})
    claim, _, _ = heard()
    assert [step.due_on for step in days_to_come(claim, date(2027, 1, 1), library)] == [date(2026, 3, 5)]


def test_everything_that_happens_to_it_is_told_in_both_languages() -> None:
    claim, identity = opened()
    told_of = [
        told(claim, "set_hearing", procedure=identity, on="2026-03-20"),
        told(claim, "record_judgment", procedure=identity, on="2026-02-10", outcome="partly"),
        told(claim, "record_title", procedure=identity, on="2026-02-10", kind="judgment"),
        told(claim, "record_service", procedure=identity, on="2026-02-10", mode="abroad"),
        told(claim, "end_procedure", procedure=identity, on="2026-02-10", outcome="settled"),
        told(claim, "change_procedure", procedure=identity, court="TC Paris"),
    ]
    for event in (event for applied in told_of for event in applied.events):
        for language in ("fr", "en"):
            assert sentence(event.kind, event.facts, language) != event.kind
    assert sentence("served", told_of[3].events[0].facts, "fr").endswith("(à l’étranger).")


def test_a_closed_claim_takes_no_procedure() -> None:
    with pytest.raises(Refused):
        told(an_enforced_claim(stage=Stage.CLOSED), "open_procedure", kind="summons", opened_on="2026-02-02")
