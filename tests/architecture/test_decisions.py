"""Each decision names the checks that prove it (docs/decisions), and they exist."""

import re
from pathlib import Path

from tests.architecture.sources import ROOT

RECORDS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
NAMED = re.compile(r"`([\w./*-]+\.py)`")


def _checks(record: Path) -> list[str]:
    """The files named under Check; one without a folder stands in the folder of the one before it."""
    _, _, text = record.read_text(encoding="utf-8").partition("**Check.**")
    found: list[str] = []
    for name in NAMED.findall(text):
        folder = found[-1].rpartition("/")[0] if found and "/" not in name else ""
        found.append(f"{folder}/{name}" if folder else name)
    return found


def test_every_decision_names_a_check() -> None:
    assert RECORDS
    assert {record.name for record in RECORDS if "**Check.**" not in record.read_text(encoding="utf-8")} == set()


def test_every_check_that_a_decision_names_exists() -> None:
    missing = {
        f"{record.name}: {check}" for record in RECORDS for check in _checks(record) if not any(ROOT.glob(check))
    }
    assert missing == set()
