"""The small readings of the pages: amounts as people write them, what changed, where a claim stands."""

import pytest

from api.pages.changes import as_seen, changes_since
from api.pages.steps_line import LONGEST, steps_line
from api.pages.typed import typed_amount


@pytest.mark.parametrize(
    ("written", "language", "amount"),
    [
        ("1 234,50", "fr", "1234.50"),
        ("1\u202f234,50\u00a0€", "fr", "1234.50"),
        ("1.234,50", "fr", "1234.50"),
        ("1,234.50", "en", "1234.50"),
        ("1,234", "en", "1234"),
        ("1,234", "fr", "1.234"),
        ("1,23", "en", "1.23"),
        ("12.5", "fr", "12.5"),
        ("beaucoup", "fr", "beaucoup"),
        ("", "en", ""),
    ],
)
def test_an_amount_is_read_as_it_is_written_there(written: str, language: str, amount: str) -> None:
    assert typed_amount(written, language) == amount


def test_only_what_differs_is_shown() -> None:
    before = {"balance_due": "100.00", "text": "Bonjour\nVous devez 100", "subject": "S", "fee": None}
    after = {**before, "balance_due": "60.00", "text": "Bonjour\nVous devez 60"}
    assert changes_since(as_seen(before), before) == []
    assert changes_since(as_seen(before), after) == [
        {"name": "text", "lines": ["- Vous devez 100", "+ Vous devez 60"]},
        {"name": "balance_due", "before": "100.00", "after": "60.00"},
    ]


@pytest.mark.parametrize("forged", ["", "[]", "{", "1", '"x"'])
def test_what_was_seen_cannot_be_forged_into_an_error(forged: str) -> None:
    assert changes_since(forged, {"text": "x"}) == []


def an_action(step: int, outcome: str | None, on: str) -> dict[str, object]:
    done_at = f"{on}T09:00:00+00:00" if outcome else None
    return {"action_type": f"a{step}", "step": step, "outcome": outcome, "done_at": done_at, "planned_on": on}


def test_the_line_shows_what_was_done_what_is_now_and_what_comes() -> None:
    claim = {
        "stage": "amicable",
        "today": "2026-03-10",
        "actions": [
            an_action(0, "sent", "2026-03-01"),
            an_action(1, "skipped", "2026-03-05"),
            an_action(2, None, "2026-03-08"),
        ],
    }
    plan = {"steps": [{"action_type": f"a{n}", "step": n, "due_on": "2026-04-01"} for n in range(2, 9)]}
    line = steps_line(claim, plan)
    assert [stop["state"] for stop in line[:4]] == ["done", "left", "now", "to_come"]
    assert line[2]["on"] == "2026-03-10"
    assert [stop["step"] for stop in line] == list(range(LONGEST))


def test_a_closed_claim_stands_nowhere() -> None:
    claim = {"stage": "closed", "today": "2026-03-10", "actions": [an_action(0, "sent", "2026-03-01")]}
    assert [stop["state"] for stop in steps_line(claim, {"steps": []})] == ["done"]
