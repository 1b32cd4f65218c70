"""Yesterday's claims still run: every recorded history replays with today's code."""

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from workflows.registry import CONVERTER, RUNNER, WORKFLOWS

HISTORIES = sorted((Path(__file__).parent / "histories").glob("*.json"))


def test_every_way_of_living_is_recorded() -> None:
    assert len(HISTORIES) >= 6


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
async def test_an_old_claim_still_replays(path: Path) -> None:
    replayer = Replayer(workflows=WORKFLOWS, workflow_runner=RUNNER, data_converter=CONVERTER)
    await replayer.replay_workflow(WorkflowHistory.from_json(f"claim/{path.stem}", path.read_text()))
