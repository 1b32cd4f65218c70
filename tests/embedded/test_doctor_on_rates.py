"""What `recouvra doctor` says of the reference rates."""

from datetime import date

from commands.symptoms import rates_on
from domain.catalogue import Dated, Rate

HALF_YEAR = Rate(
    "legal", {}, (Dated("2.62", date(2026, 1, 1), date(2026, 6, 30), "order of 15 December 2025"),), "half_year"
)


def test_a_rate_without_a_value_today_is_named_and_nothing_is_down() -> None:
    told = rates_on([HALF_YEAR], date(2026, 7, 1))
    assert told.is_well
    assert "legal (last since 2026-01-01)" in told.told
    assert "docs/operations.md" in told.what_to_do


def test_rates_that_are_all_known_need_nothing() -> None:
    assert rates_on([HALF_YEAR], date(2026, 6, 30)).what_to_do == ""


def test_the_value_of_the_first_day_of_the_period_counts() -> None:
    ended_in_march = Rate("ecb", {}, (Dated("2.15", date(2025, 6, 11), date(2026, 3, 18), "ECB"),), "half_year")
    assert rates_on([ended_in_march], date(2026, 5, 2)).what_to_do == ""
    assert rates_on([ended_in_march], date(2026, 7, 2)).what_to_do
