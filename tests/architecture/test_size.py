"""Nothing grows past what one can read at once."""

from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, filled_lines, functions, named, package, python_files

FILE_LIMIT = 300
FUNCTION_LIMIT = 50
CONFTEST_LIMIT = 150
RUN_LIMIT = 20  # the life of a claim stays one short method


def is_migration(file: Path) -> bool:
    return package(file) == "migrations"  # a schema is one long list, written once


def test_files_are_read_in_one_sitting() -> None:
    long = {named(file): filled_lines(file.read_text()) for file in python_files() if not is_migration(file)}
    assert {name: lines for name, lines in long.items() if lines > FILE_LIMIT} == {}


def test_functions_fit_on_a_screen() -> None:
    sizes = {
        f"{named(file)}:{each.name}": (each.end_lineno or each.lineno) - each.lineno + 1
        for file in python_files()
        if not is_migration(file)
        for each in functions(file)
    }
    assert {name: lines for name, lines in sizes.items() if lines > FUNCTION_LIMIT} == {}


def test_fixtures_stay_few() -> None:
    together = sum(filled_lines(file.read_text()) for file in python_files() if file.name == "conftest.py")
    assert 0 < together <= CONFTEST_LIMIT


def test_the_life_of_a_claim_is_one_short_method() -> None:
    life = ROOT / "workflows" / "claim.py"
    run = next(each for each in functions(life) if each.name == "run")
    assert (run.end_lineno or 0) - run.lineno + 1 <= RUN_LIMIT


@pytest.mark.parametrize(
    "word", ["manager", "service", "handler", "helper", "util", "utils", "common", "impl", "exceptions"]
)
def test_no_file_hides_behind_a_word_that_says_nothing(word: str) -> None:
    assert [named(file) for file in python_files() if word in file.stem.split("_")] == []
