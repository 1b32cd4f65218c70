"""A claim keeps its version until a supervisor moves it, seeing the difference first; nothing is lost or repeated by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.asking import open_task
from domain.catalogue import Catalogue, Scenario
from domain.claim import Action, ActionState, Claim, Mode, OnExpiry, Outcome, Stage, TaskKind, TaskState
from domain.entries import Applied, Entry, apply
from domain.planner import next_step
from domain.refusals import Refused
from domain.scenario_moves import foreseen, moved, step_changes
from domain.steps import StepKind
from tests.builders import DUE_ON, a_catalogue, a_claim, a_scenario, a_step, a_task, an_action, an_id, at
from tests.domain.telling import codes, held, leaves_on

NOW = at("2026-02-16", 10)
OLD = a_scenario(a_step("reminder_1", 5), a_step("reminder_2", 15), a_step("formal_notice", 30))
SHORT = a_scenario(a_step("formal_notice", 40), a_step("call", 60, mode=Mode.MANUAL), code="short")
GENTLE = a_scenario(
    a_step("reminder_1", 10),
    a_step("reminder_2", 25),
    a_step("last_reminder", 50),
    a_step("formal_notice", 90),
    code="gentle",
    version=3,
)


def catalogue_of(scenario: Scenario) -> Catalogue:
    return a_catalogue(scenario=scenario)


def taken(*steps: tuple[int, str], scenario: str = "standard", version: int = 1, first: int = 1) -> tuple[Action, ...]:
    return tuple(
        an_action(
            n, action_type=kind, step=index, scenario=scenario, scenario_version=version,
            done_at=at(DUE_ON + timedelta(days=5 * n)),
        )
        for n, (index, kind) in enumerate(steps, first)
    )  # fmt: skip


def after_move(claim: Claim, to: Scenario) -> Claim:
    return moved(claim, to, NOW, "leila").claim


def told(claim: Claim, to: Scenario | None, **payload: Any) -> Applied:
    entry = Entry(an_id("move"), "move_scenario", payload, "leila", NOW)
    return apply(claim, entry, replace(catalogue_of(OLD), moving_to=to), NOW)


def proposed(action_type: str, index: int, state: ActionState = ActionState.PROPOSED) -> Claim:
    action = an_action(1, action_type=action_type, step=index, scenario="standard", state=state)
    task = a_task(action_id=action.id, action_type=action_type, step=index)
    return a_claim(actions=(action,), tasks=(task,) if state is ActionState.PROPOSED else ())


# ---- where it goes on --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "to", "goes_on"),
    [
        ((), GENTLE, 1),  # nothing was taken: the step that fits the age
        (((0, "reminder_1"),), GENTLE, 1),
        (((0, "reminder_1"), (1, "reminder_2")), GENTLE, 2),
        (((0, "reminder_1"), (1, "reminder_2"), (2, "formal_notice")), GENTLE, None),
        (((0, "reminder_1"), (1, "reminder_2")), SHORT, 0),
    ],
)
def test_a_moved_claim_goes_on_after_the_last_step_whose_action_it_has_had(
    steps: tuple[tuple[int, str], ...], to: Scenario, goes_on: int | None
) -> None:
    claim = after_move(a_claim(actions=taken(*steps)), to)
    assert (claim.scenario, claim.scenario_version) == (to.code, to.version)
    assert next_step(claim, catalogue_of(to), NOW).step.scenario_step == goes_on


def test_a_scenario_that_reminds_often_is_not_at_its_end_after_the_first_reminder() -> None:
    often = [a_step("reminder_1", 5 + 14 * n) for n in range(6)]
    claim = after_move(a_claim(actions=taken((0, "reminder_1"))), a_scenario(*often, version=2))
    assert next_step(claim, catalogue_of(a_scenario(*often, version=2)), at("2026-01-20")).step.scenario_step == 1


def test_a_claim_moved_there_and_back_repeats_nothing() -> None:
    there = after_move(a_claim(actions=taken((0, "reminder_1"))), GENTLE)
    on_its_way = replace(
        there, actions=(*there.actions, *taken((1, "reminder_2"), scenario="gentle", version=3, first=2))
    )
    back = after_move(on_its_way, OLD)
    assert next_step(back, catalogue_of(OLD), NOW).step.scenario_step == 2


def test_positions_after_a_move_are_kept_stage_by_stage() -> None:
    both = a_scenario(a_step("reminder_1", 5), a_step("summons", 0, after="stage"), a_step("reminder_2", 20), version=2)
    claim = after_move(a_claim(actions=taken((0, "reminder_1"))), both)
    assert next_step(claim, catalogue_of(both), NOW).step.scenario_step == 2
    in_court = replace(claim, stage=Stage.LITIGATION)
    assert next_step(in_court, catalogue_of(both), NOW).step.scenario_step == 1


KINDS = st.sampled_from(["reminder_1", "reminder_2", "last_reminder", "call"])
SCENARIOS = st.lists(KINDS, min_size=1, max_size=6).map(
    lambda kinds: tuple(a_step(kind, 5 + 10 * n) for n, kind in enumerate(kinds))
)


@given(st.lists(SCENARIOS, min_size=2, max_size=4), st.data())
def test_however_often_a_claim_is_moved_no_action_comes_more_often_than_its_scenario_has_it(
    versions: list[Any], data: st.DataObject
) -> None:
    """Of each action type at most as often as the version with the most of it; and it always comes to an end."""
    claim, counts = a_claim(), dict.fromkeys(("reminder_1", "reminder_2", "last_reminder", "call"), 0)
    for number, steps in enumerate(versions, 1):
        scenario = a_scenario(*steps, version=number)
        claim = after_move(claim, scenario)
        for _ in range(data.draw(st.integers(0, 3))):
            step = next_step(claim, catalogue_of(scenario), at("2026-03-02", 10)).step
            if step.scenario_step is None:
                break
            for index in (*step.passes_over, step.scenario_step):
                kind = steps[index].action_type
                counts[kind] += 1
                claim = replace(
                    claim,
                    actions=(
                        *claim.actions,
                        *taken((index, kind), version=number, first=len(claim.actions) + 1),
                    ),
                )
    most = {kind: max(sum(s.action_type == kind for s in steps) for steps in versions) for kind in counts}
    assert all(counts[kind] <= most[kind] for kind in counts), (counts, most)


# ---- open proposals ----------------------------------------------------------------------------


def test_a_proposal_of_a_step_that_the_new_scenario_does_not_have_is_withdrawn() -> None:
    after = moved(proposed("reminder_2", 1), SHORT, NOW, "leila")
    assert [task.state for task in after.claim.tasks] == [TaskState.WITHDRAWN]
    (action,) = after.claim.actions
    assert (action.outcome, action.reason) == (Outcome.WITHDRAWN, "scenario_moved")
    assert [event.kind for event in after.events] == ["task_withdrawn", "action_withdrawn", "scenario_moved"]


def test_a_proposal_that_the_new_scenario_has_too_stays_and_its_step_is_not_proposed_again() -> None:
    claim = after_move(proposed("formal_notice", 2), SHORT)
    assert claim.open_tasks == proposed("formal_notice", 2).open_tasks
    decided = next_step(claim, catalogue_of(SHORT), NOW)
    assert decided.step.kind is StepKind.TASK_CLOCK
    assert [found.step.scenario_step for found in decided.not_now] == [1]


def test_a_postponed_step_that_stays_is_asked_with_the_new_scenarios_deadline() -> None:
    claim = after_move(proposed("formal_notice", 2, ActionState.PLANNED), SHORT)
    step = replace(
        next_step(claim, catalogue_of(SHORT), NOW).step,
        scenario_step=2, action_type="formal_notice", task_kind="confirm_action",
    )  # fmt: skip
    waits = replace(
        SHORT, steps=(replace(SHORT.steps[0], on_expiry=OnExpiry.WAIT, expires_after_days=9), SHORT.steps[1])
    )
    (task,) = open_task(claim, catalogue_of(waits), step, claim.actions[0], NOW, {}).claim.open_tasks
    assert (task.on_expiry, task.expires_at) == (OnExpiry.WAIT, NOW + timedelta(days=9))
    gone = moved(proposed("reminder_2", 1, ActionState.PLANNED), SHORT, NOW, "leila").claim
    assert gone.actions[0].outcome is Outcome.WITHDRAWN


def test_a_search_for_an_address_ends_with_the_move_and_is_asked_for_anew_if_it_must_be() -> None:
    task = a_task(kind=TaskKind.FIND_ADDRESS, action_type="find_address", step=0)
    assert after_move(a_claim(tasks=(task,)), SHORT).open_tasks == ()


def test_what_a_person_released_leaves_whatever_the_new_scenario_says() -> None:
    released = an_action(1, action_type="reminder_2", step=1, scenario="standard", state=ActionState.CONFIRMED)
    claim = after_move(a_claim(actions=(released,)), SHORT)
    assert claim.actions == (released,)


# ---- the request -------------------------------------------------------------------------------


def test_a_supervisor_moves_a_claim_and_its_timeline_says_so() -> None:
    applied = told(a_claim(), GENTLE, scenario="gentle", version=3)
    assert (applied.claim.scenario, applied.claim.scenario_version) == ("gentle", 3)
    assert applied.outcome == {"scenario": "gentle", "version": 3}
    assert [event.kind for event in applied.events] == ["scenario_moved"]


@pytest.mark.parametrize(
    ("to", "payload", "code"),
    [
        (None, {"scenario": "nowhere", "version": 1}, "unknown_scenario"),
        (GENTLE, {"scenario": "gentle", "version": 2}, "unknown_scenario"),
        (OLD, {"scenario": "standard", "version": 1}, "same_scenario"),
    ],
)
def test_a_move_to_nowhere_or_to_where_it_is_is_refused(to: Scenario | None, payload: Any, code: str) -> None:
    with pytest.raises(Refused) as refused:
        told(a_claim(), to, **payload)
    assert refused.value.code == code


# ---- seen first --------------------------------------------------------------------------------


def test_steps_are_compared_by_what_they_do_not_by_their_number() -> None:
    changes = {(c.action_type, c.kind, c.old_index, c.new_index) for c in step_changes(OLD, GENTLE)}
    assert changes == {
        ("reminder_1", "changed", 0, 0),
        ("reminder_2", "changed", 1, 1),
        ("last_reminder", "added", None, 2),
        ("formal_notice", "changed", 2, 3),
    }
    assert {c.kind for c in step_changes(OLD, OLD)} == {"unchanged"}
    gone = [c for c in step_changes(OLD, SHORT) if c.kind == "removed"]
    assert [(c.action_type, c.old_index, c.new) for c in gone] == [("reminder_1", 0, None), ("reminder_2", 1, None)]


def test_the_move_is_shown_with_the_plan_on_both_sides_and_nothing_has_changed() -> None:
    claim = a_claim(actions=taken((0, "reminder_1"), (1, "reminder_2")))
    move = foreseen(claim, catalogue_of(OLD), catalogue_of(GENTLE), at("2026-02-02"))
    assert move.before is not None
    assert (move.before.step.action_type, leaves_on(move.before.step).isoformat()) == ("formal_notice", "2026-02-11")
    assert (move.then.step.action_type, leaves_on(move.then.step).isoformat()) == ("last_reminder", "2026-03-03")
    assert (move.at_once, move.withdrawn, claim.scenario) == (None, (), "standard")


def test_a_move_warns_of_what_would_leave_at_once() -> None:
    hasty = a_scenario(a_step("reminder_1", 5), a_step("last_reminder", 8), code="hasty")
    claim = a_claim(actions=taken((0, "reminder_1")))
    now = at("2026-01-21", 10)  # the second reminder of the old scenario is for the 27th
    move = foreseen(claim, catalogue_of(OLD), catalogue_of(hasty), now)
    assert move.at_once is not None
    assert (move.at_once.action_type, move.at_once.due_at) == ("last_reminder", now)
    assert foreseen(claim, catalogue_of(OLD), catalogue_of(GENTLE), now).at_once is None


def test_what_leaves_at_once_without_the_move_is_no_news() -> None:
    claim = a_claim(actions=taken((0, "reminder_1")))
    same = replace(OLD, version=2)
    assert foreseen(claim, catalogue_of(OLD), catalogue_of(same), at("2026-01-28", 10)).at_once is None


def test_a_claim_whose_own_scenario_is_gone_can_be_seen_and_moved() -> None:
    move = foreseen(a_claim(scenario="gone"), None, catalogue_of(OLD), NOW)
    assert (move.before, move.then.step.scenario_step) == (None, 2)
    assert move.at_once is not None


def test_a_moved_claim_explains_its_new_plan() -> None:
    decided = next_step(after_move(a_claim(), GENTLE), catalogue_of(GENTLE), at("2026-02-07"))
    assert "step_after_due_date" in codes(decided.step)
    assert held(decided) == {}
