"""Which parameters a country's pack may hold, and what is refused of them: only what a rule reads, with whole numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise

from domain.catalogue import Dated
from domain.contact_law import CONTACT_PARAMETERS
from domain.reading import Reading

LONGEST = 100  # years, and more than any number of months or days that a law gives
ANSWERS = ("yes", "no")
NEVER_NEGATIVE = ("interest_floor_times", "indemnity_")
OF_MONEY = ("interest_", "indemnity_")  # read by the rules about money

CLOCKS = frozenset(
    {
        "limitation_b2b_years",
        "limitation_consumer_years",
        "limitation_general_years",
        "title_years",
        "instance_lapse_years",
        "payment_order_service_months",
        "payment_order_opposition_months",
        "third_party_seizure_notice_days",
        "third_party_seizure_contest_months",
        "insolvency_declaration_months",
        "service_before_enforcement_days",
    }
)
INTERRUPTIONS = frozenset(
    f"interruption_by_{cause}"
    for cause in ("acknowledgement", "payment", "court", "enforcement", "formal_notice", "insolvency")
)
WARNINGS = frozenset({"clock_warning_days"})


def check_parameters(reading: Reading, found: Mapping[str, tuple[Dated, ...]]) -> None:
    """Refuse what no rule reads, values that cannot be counted with, and two values for one day."""
    for code, versions in found.items():
        expected = next((words for codes, words, _ in FORMS if code in codes), None)
        if expected is None and not code.startswith(OF_MONEY) and code not in CONTACT_PARAMETERS:
            known = ", ".join(sorted(CLOCKS | INTERRUPTIONS | WARNINGS))
            reading.refuse(code, "unknown_parameter", f"is no parameter of the law; those of the clocks are {known}")
            continue
        _refuse_overlaps(reading, code, versions)
        for version in versions:
            if code.startswith(NEVER_NEGATIVE) and version.value.startswith("-"):
                reading.refuse(code, "not_allowed", f"{version.value}: must not be negative")
            if not all(holds(version.value) for codes, _, holds in FORMS if code in codes):
                reading.refuse(code, "not_allowed", f"{version.value}: must be {expected}")


def _refuse_overlaps(reading: Reading, code: str, versions: tuple[Dated, ...]) -> None:
    """`versions` in order of their first day; one without a last day holds until the next one begins."""
    for before, after in pairwise(versions):
        if before.since == after.since or (before.until is not None and before.until >= after.since):
            reason = f"has two values for {after.since.isoformat()}: validity must not overlap"
            reading.refuse(code, "overlapping_validity", reason)
    for version in versions:
        if version.until is not None and version.until < version.since:
            reading.refuse(code, "ends_before_it_begins", f"ends on {version.until.isoformat()}, before its first day")


def _is_count(value: str) -> bool:
    return value.isascii() and value.isdigit() and 0 < int(value) <= LONGEST


def _are_counts(value: str) -> bool:
    parts = value.split()
    return 0 < len(parts) <= 10 and all(part.isascii() and part.isdigit() and 0 < int(part) <= 1000 for part in parts)


FORMS: tuple[tuple[frozenset[str], str, Callable[[str], bool]], ...] = (
    (CLOCKS, f"a whole number from 1 to {LONGEST}", _is_count),
    (INTERRUPTIONS, "yes or no", lambda value: value in ANSWERS),
    (WARNINGS, "days with a space between them, like 60 30 8", _are_counts),
)
