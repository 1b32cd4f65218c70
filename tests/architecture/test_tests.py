"""Tests stand on real parts: nothing is patched, nothing is skipped in silence."""

import ast

from tests.architecture.sources import named, package, python_files, tree


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def test_nothing_is_mocked() -> None:
    found = [
        named(file)
        for file in python_files()
        for node in ast.walk(tree(file))
        if any("mock" in name.split(".") for name in _imported(node))
    ]
    assert found == []


def test_nothing_is_patched_in_place() -> None:
    patches = {"setattr", "setitem", "delattr"}
    found = [
        f"{named(file)}:{node.lineno}"
        for file in python_files()
        if package(file) == "tests"
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Attribute)
        and node.attr in patches
        and isinstance(node.value, ast.Name)
        and node.value.id == "monkeypatch"
    ]
    assert found == []
