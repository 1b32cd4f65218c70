"""A claim has one writer (docs/decisions/0002): only activities write its facts."""

import ast

from tests.architecture.sources import named, package, python_files, tree

WRITES = {"save", "show"}


def _writers_named_in(module: ast.Module) -> set[str]:
    """What a file takes from db.claims that writes, by import or as an attribute of the module."""
    taken: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and node.module == "db.claims":
            taken |= WRITES & {alias.name for alias in node.names}
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "claims":
            taken |= WRITES & {node.attr}
    return taken


def test_only_activities_write_the_facts_of_a_claim() -> None:
    writers = {named(file) for file in python_files() if package(file) != "tests" and _writers_named_in(tree(file))}
    assert writers
    assert {name for name in writers if not name.startswith("activities/")} == set()
