"""What workflows name exists: every activity they call is registered by the worker, on the queue they name."""

import ast

from sqlalchemy.ext.asyncio import create_async_engine
from temporalio import activity

from settings import Settings
from tests.architecture.sources import ROOT, named, tree
from worker import queues

CALLS = {"execute_activity", "start_activity", "execute_local_activity"}


def _named_activities() -> dict[str, str]:
    """The activities that workflows name as text, with the place."""
    found = {}
    for file in sorted((ROOT / "workflows").glob("*.py")):
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CALLS:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found[first.value] = f"{named(file)}:{node.lineno}"
    return found


def _registered() -> set[str]:
    engine = create_async_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    every = queues(engine, Settings(database_url="postgresql://nobody@127.0.0.1:1/none", smtp_url="smtp://127.0.0.1:1"))
    definitions = [activity._Definition.from_callable(each) for activities in every.values() for each in activities]
    return {definition.name for definition in definitions if definition and definition.name}


def test_every_activity_that_a_workflow_names_is_registered() -> None:
    assert {name: place for name, place in _named_activities().items() if name not in _registered()} == {}


def test_every_registered_activity_is_named_by_a_workflow() -> None:
    texts = (
        "\n".join(file.read_text() for file in (ROOT / "workflows").glob("*.py"))
        + (ROOT / "domain" / "steps.py").read_text()
    )
    assert [name for name in sorted(_registered()) if name not in texts] == []
