"""Guarantees and guarantors: from the intake or later, released, and one warning before they run out."""

from datetime import date
from typing import Any

import pytest

from domain.claim import Claim, TaskKind
from domain.intake import read_intake
from domain.reading import Refused as NotRead
from domain.refusals import Refused
from tests.builders import a_claim, at, money
from tests.procedure_builders import NOW, a_library, days_to_come, lived, tasks_about, told

GUARANTOR = {"name": "Odile Perrin", "lines": ["3 quai du Rhône"], "city": "Lyon", "identifiers": {"cin": "01234567"}}


def guaranteed(**facts: Any) -> tuple[Claim, str]:
    applied = told(a_claim(), "add_guarantee", **{"kind": "joint_surety", **facts})
    return applied.claim, applied.outcome["id"]


def test_a_guarantor_is_kept_with_amount_rank_validity_and_person() -> None:
    claim, _ = guaranteed(amount="500.00", rank=1, valid_from="2026-01-01", valid_until="2027-01-01", person=GUARANTOR)
    (guarantee,) = claim.guarantees
    assert (guarantee.kind, guarantee.amount, guarantee.rank) == ("joint_surety", money("500.00"), 1)
    assert (guarantee.valid_from, guarantee.valid_until) == (date(2026, 1, 1), date(2027, 1, 1))
    assert guarantee.person["name"] == "Odile Perrin"
    assert (guarantee.author, guarantee.added_on) == ("leila", NOW.date())


def test_those_of_the_intake_become_guarantees_of_the_claim() -> None:
    body = {
        "creditor": "ACME",
        "currency": "EUR",
        "debtor": {"reference": "C-1", "name": "Perrin"},
        "items": [{"reference": "F-1", "due_on": "2026-01-12", "amount": "1000.00"}],
        "guarantees": [{"kind": "mortgage", "amount": "2000", "rank": 2}, {"kind": "surety", "person": GUARANTOR}],
    }
    intake = read_intake(body)
    claim = told(a_claim(), "opened", guarantees=list(intake.guarantees)).claim
    assert [(g.kind, g.amount, g.rank) for g in claim.guarantees] == [
        ("mortgage", money("2000.00"), 2),
        ("surety", None, None),
    ]
    assert len({g.id for g in claim.guarantees}) == 2
    wrong = [{"kind": "Mort gage"}, {"kind": "surety", "amount": "-1"}, {"rank": 0}, {"person": {"city": "Lyon"}}]
    with pytest.raises(NotRead) as refused:
        read_intake({**body, "guarantees": wrong})
    assert {refusal.path for refusal in refused.value.refusals} == {
        "guarantees[0].kind",
        "guarantees[1].amount",
        "guarantees[2].rank",
        "guarantees[3].person.name",
    }


def test_somebody_is_told_once_that_it_runs_out() -> None:
    claim, identity = guaranteed(valid_until="2026-06-30")
    assert tasks_about(lived(claim, date(2026, 4, 30)), "guarantee/") == []
    warned = lived(claim, date(2026, 5, 1))
    (task,) = tasks_about(warned, "guarantee/")
    assert (task.kind, task.why[0]["facts"]["valid_until"]) == (TaskKind.CLOCK, "2026-06-30")
    assert list(days_to_come(warned, date(2027, 1, 1), a_library())) == []
    renewed = told(warned, "change_guarantee", now=at("2026-05-02"), guarantee=identity, valid_until="2028-06-30").claim
    assert [step.due_on for step in days_to_come(renewed, date(2029, 1, 1), a_library())] == [date(2028, 5, 1)]


def test_what_was_released_is_neither_changed_nor_warned_of() -> None:
    claim, identity = guaranteed(valid_until="2026-06-30")
    released = told(claim, "release_guarantee", guarantee=identity, on="2026-02-10", reason="paid").claim
    assert released.guarantees[0].released_on == date(2026, 2, 10)
    assert list(days_to_come(released, date(2027, 1, 1), a_library())) == []
    for kind in ("release_guarantee", "change_guarantee"):
        with pytest.raises(Refused) as refused:
            told(released, kind, guarantee=identity)
        assert refused.value.code == "guarantee_is_released"


def test_a_change_replaces_only_what_is_given_and_never_ends_before_it_begins() -> None:
    claim, identity = guaranteed(amount="500.00", valid_from="2026-01-01", description="of 3 January")
    changed = told(claim, "change_guarantee", guarantee=identity, amount=None, rank=3).claim.guarantees[0]
    assert (changed.amount, changed.rank, changed.description, changed.kind) == (
        None,
        3,
        "of 3 January",
        "joint_surety",
    )
    with pytest.raises(Refused):
        told(claim, "change_guarantee", guarantee=identity, valid_until="2025-12-31")
