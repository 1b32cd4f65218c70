"""What workflows name exists: every activity they call is registered by the worker, on the queue they name."""

import ast

from sqlalchemy.ext.asyncio import create_async_engine
from temporalio import activity
from temporalio.client import Client

from domain.steps import StepKind
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


async def _registered() -> set[str]:
    engine = create_async_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    client = await Client.connect("127.0.0.1:1", lazy=True)
    every = queues(client, engine, Settings(smtp_url="smtp://127.0.0.1:1", training=True))
    definitions = [activity._Definition.from_callable(each) for activities in every.values() for each in activities]
    return {definition.name for definition in definitions if definition and definition.name}


async def test_every_activity_that_a_workflow_names_is_registered() -> None:
    registered = await _registered()
    assert {name: place for name, place in _named_activities().items() if name not in registered} == {}
    effects = {
        kind.value for kind in StepKind if kind not in (StepKind.WAIT, StepKind.CLOSE)
    }  # named by the plan's step
    assert effects <= registered


async def test_every_registered_activity_is_named_by_a_workflow() -> None:
    texts = {
        node.value
        for file in (ROOT / "workflows").glob("*.py")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Constant)
    }
    assert await _registered() <= {kind.value for kind in StepKind} | texts
