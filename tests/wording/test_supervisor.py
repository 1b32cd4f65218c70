"""The one line of a step that a supervisor reads in the Temporal UI says what it is about."""

from datetime import UTC, date, datetime

import pytest

from domain.checks import CHECKS
from domain.steps import Reason, Step, StepKind
from wording import code_label
from wording.codes import LABELS
from wording.supervisor import summary_of

AT = datetime(2026, 3, 12, 9, tzinfo=UTC)
ON = date(2026, 3, 12)
CHECK = {"due_at": AT, "due_on": ON}


@pytest.mark.parametrize(
    ("subject", "action_type", "line"),
    [
        ("promise/1f", "", "contrôle de promesse, 12 mars 2026"),
        ("arrangement/1f", "", "échéance d’un arrangement, 12 mars 2026"),
        ("agent/1f/reminder", "service", "relance de l’intervenant, service, 12 mars 2026"),
        ("hearing/1f/prepare", "payment_order", "audience à préparer, payment_order, 12 mars 2026"),
        ("clock/limitation", "", "délai légal, Prescription, 12 mars 2026"),
    ],
)
def test_a_day_that_comes_of_itself_names_its_subject(subject: str, action_type: str, line: str) -> None:
    step = Step(StepKind.CHECK, key="claim/R26-0000001/x", subject=subject, action_type=action_type, **CHECK)  # type: ignore[arg-type]
    assert summary_of(step, "fr") == line


def test_the_clock_of_a_task_names_the_task_and_what_comes() -> None:
    step = Step(
        StepKind.TASK_CLOCK,
        key="claim/R26-0000001/task/1f/escalates",
        task_kind="confirm_action",
        action_type="formal_notice",
        **CHECK,  # type: ignore[arg-type]
    )
    assert summary_of(step, "fr") == "à confirmer formal_notice, passe au superviseur, 12 mars 2026"
    assert summary_of(step, "en") == "to confirm formal_notice, goes to the supervisor, 12 March 2026"


def test_a_wait_for_a_date_says_what_ends_then() -> None:
    until = Reason("suspended", {"until": "2026-03-12"})
    assert "12 mars 2026" in summary_of(Step(StepKind.WAIT, due_at=AT, why=(until,)), "fr")
    assert summary_of(Step(StepKind.WAIT, waiting_for="person", why=(until,)), "fr") == "attend une personne"


def test_every_subject_that_is_looked_at_has_a_label() -> None:
    named = {code.partition("/")[0] for code in LABELS["looked_at"]}
    assert named == set(CHECKS)
    assert all(
        code_label("looked_at", code, "fr") != code_label("looked_at", code, "en") for code in LABELS["looked_at"]
    )
