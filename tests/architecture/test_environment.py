"""Who may know where the program runs: entry points alone read the environment, and no file names a machine."""

import ast
import re
from pathlib import Path

from tests.architecture.sources import (
    COMPOSITION_ROOTS,
    ENTRY_POINTS,
    ROOT,
    named,
    package,
    python_files,
    tracked,
    tree,
)

READS_ENVIRONMENT = {"environ", "getenv", "environb"}
# assembled here, so that this file does not name what it forbids
FORBIDDEN = re.compile(
    "|".join(
        [
            r"--(?:extra-)?" + r"index-url\b",
            r"https?://[^\s\"')]*/" + r"simple/?\b",
            r"(?<![\w.])/(?:" + "work|farm" + r")/\w",
            r"/tmp/" + r"v0\b",
            r"\.\./" + r"shared\b",
            r"file:///" + r"opt\b",
        ]
    )
)
ALLOWED = {"no-emit-index-url": ""}


def _mentions(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr in READS_ENVIRONMENT
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    )


def test_only_entry_points_read_the_environment() -> None:
    product = [
        file
        for file in python_files()
        if package(file) not in (*COMPOSITION_ROOTS, *ENTRY_POINTS, "tests", "benchmarks")
    ]
    assert [named(file) for file in product if any(map(_mentions, ast.walk(tree(file))))] == []


def test_only_entry_points_read_the_settings() -> None:
    def imports_settings(file: Path) -> bool:
        return any(isinstance(node, ast.ImportFrom) and node.module == "settings" for node in ast.walk(tree(file)))

    product = [file for file in python_files() if package(file) not in (*COMPOSITION_ROOTS, *ENTRY_POINTS, "tests")]
    assert [named(file) for file in product if imports_settings(file)] == []


def test_no_file_names_a_machine_or_a_package_registry() -> None:
    found = []
    for file in tracked():
        try:
            text = file.read_text()
        except UnicodeDecodeError:
            continue
        if file.is_relative_to(ROOT / "static" / "vendor"):
            continue
        found += [
            f"{named(file)}: {match.group()}" for match in FORBIDDEN.finditer(text.replace("--no-emit-index-url", ""))
        ]
    assert found == []


def test_the_check_finds_what_it_forbids() -> None:
    assert FORBIDDEN.search("pip install --" + "index-url x")
    assert FORBIDDEN.search("see /" + "work/BRIEF")
    assert not FORBIDDEN.search("a network/simple example")
