"""A country's pack: what is refused of it, clearly; and that what is delivered is whole."""

from __future__ import annotations

from typing import Any

import pytest

from domain.catalogue_bodies import NotACatalogueBody, read
from domain.law_parameters import CLOCKS, INTERRUPTIONS, WARNINGS
from domain.legal_facts import ACKNOWLEDGEMENT, COURT, ENFORCEMENT, INSOLVENCY, NOTICE, PAYMENT
from tests.law_builders import standard_packs
from wording.codes import LABELS


def body(code: str = "title_years", *versions: dict[str, Any]) -> dict[str, Any]:
    given = versions or ({},)
    whole = [{"since": "2020-01-01", "value": "10", "source": "a law", **version} for version in given]
    return {"label": {"fr": "France"}, "parameters": {code: whole}}


def refused(of: dict[str, Any], country: str = "FR") -> list[tuple[str, str]]:
    with pytest.raises(NotACatalogueBody) as error:
        read("countries", country, of)
    return [(refusal.path, refusal.code) for refusal in error.value.refusals]


@pytest.mark.parametrize(
    ("of", "code"),
    [
        (body("title_yeras"), "unknown_parameter"),
        (body("title_years", {"value": "ten"}), "not_allowed"),
        (body("title_years", {"value": "0"}), "not_allowed"),
        (body("title_years", {"value": "10.5"}), "not_allowed"),
        (body("interruption_by_court", {"value": "maybe"}), "not_allowed"),
        (body("clock_warning_days", {"value": "60, 30"}), "not_allowed"),
        (body("title_years", {"until": "2026-01-01"}, {"since": "2026-01-01", "value": "5"}), "overlapping_validity"),
        (body("title_years", {}, {"value": "5"}), "overlapping_validity"),
        (body("title_years", {"until": "2019-01-01"}), "ends_before_it_begins"),
        (body("interest_floor_times", {"value": "-3"}), "not_allowed"),
        (body("indemnity_company", {"value": "-40"}), "not_allowed"),
    ],
)
def test_what_no_rule_can_read_is_refused(of: dict[str, Any], code: str) -> None:
    (name,) = of["parameters"]
    assert (f"parameters.{name}", code) in refused(of)


@pytest.mark.parametrize("value", ["1e30", "1E+5000", "99999", "-1001", "1.1234567", "NaN", "٣", "1_0", "0x10", "ten"])
def test_a_figure_is_written_in_plain_digits_and_within_bounds(value: str) -> None:
    """One figure that no amount can bear stopped every claim of its country."""
    assert ("parameters.interest_company_points[0].value", "not_a_number") in refused(
        body("interest_company_points", {"value": value})
    )
    rate = {"label": {"fr": "T"}, "values": [{"since": "2020-01-01", "value": value, "source": "a law"}]}
    with pytest.raises(NotACatalogueBody) as error:
        read("rates", "tmm", rate)
    assert [r.path for r in error.value.refusals] == ["values[0].value"]


@pytest.mark.parametrize("field", ["since", "source", "value"])
def test_a_value_needs_its_first_day_and_its_source(field: str) -> None:
    assert (f"parameters.title_years[0].{field}", "missing") in refused(body("title_years", {field: None}))


def test_a_pack_is_of_a_country() -> None:
    assert ("code", "unknown_country") in refused(body(), "QQ")


def test_a_value_without_a_last_day_holds_until_the_next_one() -> None:
    pack = read("countries", "FR", body("title_years", {}, {"since": "2026-01-01", "value": "5"}))
    assert [v.value for v in pack.parameters["title_years"]] == ["10", "5"]


def test_an_inactive_pack_says_nothing() -> None:
    assert read("countries", "FR", {**body(), "active": False}).parameters == {}


def test_every_delivered_parameter_is_read_by_a_rule_and_has_an_article() -> None:
    for pack in standard_packs().values():
        for versions in pack.parameters.values():
            assert all(len(version.source) > 8 for version in versions)
    of_clocks = {code for pack in standard_packs().values() for code in pack.parameters} & (CLOCKS | WARNINGS)
    assert of_clocks == CLOCKS | WARNINGS


def test_every_cause_of_interruption_is_answered_in_both_countries() -> None:
    causes = (ACKNOWLEDGEMENT, PAYMENT, COURT, ENFORCEMENT, NOTICE, INSOLVENCY)
    assert {f"interruption_by_{cause}" for cause in causes} == INTERRUPTIONS
    for pack in standard_packs().values():
        assert set(pack.parameters) >= INTERRUPTIONS


def test_every_clock_has_a_name() -> None:
    assert {code.rsplit("_", 1)[0] for code in CLOCKS} - set(LABELS["clock"]) == {
        "limitation_b2b",
        "limitation_consumer",
        "limitation_general",
    }
