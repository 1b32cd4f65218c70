"""What workflows name exists: every activity they call is registered by the worker, on the queue they name."""

import ast

from sqlalchemy.ext.asyncio import create_async_engine
from temporalio import activity
from temporalio.client import Client

from domain.entries import FACTS, REQUESTS
from domain.steps import StepKind
from settings import Settings
from tests.architecture.sources import ROOT, named, tree
from worker import queues

CALLS = {"execute_activity", "start_activity", "execute_local_activity"}

SUBJECTS = {"promise", "instalment", "arrangement", "offer", "dispute", "status", "guarantee", "procedure", "hearing"} | {
    "agent", "limitation", "insolvency", "payment", "interest", "scenario", "reminder",
}  # fmt: skip


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


def test_the_life_of_a_claim_names_no_subject_of_collection() -> None:
    """Promises, disputes, clocks of the law: activities know them, so a new one needs no change that replays could feel."""
    code = tree(ROOT / "workflows" / "claim.py")
    imported = {node.module for node in ast.walk(code) if isinstance(node, ast.ImportFrom) and node.module}
    assert {module for module in imported if module.startswith(("domain", "db", "activities"))} == {"domain.steps"}
    names = {node.attr for node in ast.walk(code) if isinstance(node, ast.Attribute)}
    names |= {node.id for node in ast.walk(code) if isinstance(node, ast.Name)}
    names |= {node.value for node in ast.walk(code) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert names & {*FACTS, *REQUESTS} == set()
    words = {word for name in names if name.isidentifier() for word in name.lower().split("_")}
    assert words & SUBJECTS == set()
