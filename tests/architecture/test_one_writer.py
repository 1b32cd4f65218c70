"""A claim has one writer (docs/decisions/0002): only activities write its facts."""

import ast

from db.claims import RARER
from tests.architecture.sources import named, package, python_files, tree

WRITES = {
    "claims": {"save", "show", "record"},
    "disputes": {"show_outstanding"},
    "anomalies": {"raise_unforeseen"},
}
FACTS = {
    "claim",
    "item",
    "payment",
    "cost",
    "action",
    "task",
    "timeline",
    *(table.name for table, _, _ in RARER.values()),
}
MAY_WRITE = {  # beside db/claims.py
    "db/intake.py": FACTS,  # a claim begins
    "db/anomalies.py": {"task", "timeline", "claim"},  # nothing but the task that says that the plan failed
    "db/disputes.py": {"item"},  # what reports show of an item
    "db/debtors.py": {"claim"},  # what lists search by
    "db/journeys.py": {"claim"},  # training: how far its clock is ahead
    "db/timeline.py": {"timeline"},  # what happened outside its facts: a file was attached
}
STATEMENTS = {"insert", "update", "delete", "Insert", "Update", "Delete"}


def _writers_named_in(module: ast.Module) -> set[str]:
    """What a file takes from db that writes facts, by import or as an attribute of the module."""
    taken: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("db."):
            taken |= WRITES.get((node.module or "").removeprefix("db."), set()) & {alias.name for alias in node.names}
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            taken |= WRITES.get(node.value.id, set()) & {node.attr}
    return taken


def _tables_written_in(module: ast.Module) -> set[str]:
    """The tables of facts that a file inserts into, updates or deletes from, by name or as tables.<name>."""
    written: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in STATEMENTS and node.args:
            table = node.args[0]
            name = table.id if isinstance(table, ast.Name) else table.attr if isinstance(table, ast.Attribute) else ""
            written |= FACTS & {name}
    return written


def test_only_activities_write_the_facts_of_a_claim() -> None:
    writers = {named(file) for file in python_files() if package(file) != "tests" and _writers_named_in(tree(file))}
    assert writers
    assert {name for name in writers if not name.startswith("activities/")} == set()


def test_facts_are_written_by_no_other_statement() -> None:
    written = {
        named(file): tables
        for file in python_files()
        if package(file) != "tests" and (tables := _tables_written_in(tree(file)))
    }
    assert "db/claims.py" in written
    others = {name: tables - MAY_WRITE.get(name, set()) for name, tables in written.items() if name != "db/claims.py"}
    assert {name: tables for name, tables in others.items() if tables} == {}
