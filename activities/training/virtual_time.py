"""A claim's own time on the Temporal server: read it, move it, know when everything it caused is done (training only)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import temporalio.api.common.v1 as common
import temporalio.api.workflow.v1 as workflow_api
import temporalio.api.workflowservice.v1 as workflowservice
from google.protobuf.field_mask_pb2 import FieldMask
from temporalio.api.enums.v1.workflow_pb2 import WORKFLOW_EXECUTION_STATUS_RUNNING
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

ONE_SKIP = 1
SHORTEST_LOOK, LONGEST_LOOK = 0.02, 0.3  # seconds between two looks at the server


class Overtaken(Exception):
    """Somebody else moved the claim meanwhile; look where it is and go on."""


@dataclass(frozen=True, slots=True)
class Clock:
    """What the server says of a workflow: whether it runs, its time, whether something is under way in it."""

    running: bool
    exists: bool
    now: datetime
    busy: bool


class VirtualTime:
    """The calls of the server's time skipping for one workflow."""

    def __init__(self, client: Client, workflow_id: str) -> None:
        self._client = client
        self._execution = common.WorkflowExecution(workflow_id=workflow_id)

    async def clock(self) -> Clock:
        found = await self._described()
        if found is None:
            return Clock(running=False, exists=False, now=wall_clock(), busy=False)
        extended = found.workflow_extended_info
        now = wall_clock()
        if extended.HasField("time_skipping_info"):
            now = extended.time_skipping_info.current_time.ToDatetime(tzinfo=UTC)
        return Clock(
            running=found.workflow_execution_info.status == WORKFLOW_EXECUTION_STATUS_RUNNING,
            exists=True,
            now=now,
            busy=bool(found.pending_activities) or found.HasField("pending_workflow_task"),
        )

    async def move(self, by: timedelta, *, key: str) -> None:
        """Skip ahead once, to the next timer or by as much as asked, whichever comes first; from rest.

        One skip and no more: the server (1.32.0) skips on to the *next timer* when a fast-forward's target goes by
        while work is under way, and a claim that was to move four days then lived six. Where it skips once, it stops
        at the timer, and whatever that timer starts is done in its own time.

        Returns also when the workflow ends before. Raises Overtaken when another move took this one's place.
        """
        forward = common.FastForwardConfig(id=key)
        forward.duration.FromTimedelta(by)
        config = common.TimeSkippingConfig(enabled=True, fast_forward_config=forward, max_session_skip_count=ONE_SKIP)
        request = workflowservice.UpdateWorkflowExecutionOptionsRequest(
            namespace=self._client.namespace,
            workflow_execution=self._execution,
            workflow_execution_options=workflow_api.WorkflowExecutionOptions(time_skipping_config=config),
            update_mask=FieldMask(paths=["time_skipping_config"]),
            identity=self._client.identity,
        )
        try:
            await self._client.workflow_service.update_workflow_execution_options(request, retry=True)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return
        await self._until_skipped(key)

    async def _until_skipped(self, key: str) -> None:
        """The server ends the skipping itself, after the skip or at the target."""
        wait = SHORTEST_LOOK
        while (found := await self._described()) is not None:
            skipping = found.workflow_extended_info.time_skipping_info
            running = found.workflow_execution_info.status == WORKFLOW_EXECUTION_STATUS_RUNNING
            if not running or not skipping.effective_config.enabled:
                return
            if skipping.effective_config.fast_forward_config.id != key:
                raise Overtaken
            await pause(wait)
            wait = min(wait * 1.5, LONGEST_LOOK)

    async def _described(self) -> workflowservice.DescribeWorkflowExecutionResponse | None:
        request = workflowservice.DescribeWorkflowExecutionRequest(
            namespace=self._client.namespace, execution=self._execution
        )
        try:
            return await self._client.workflow_service.describe_workflow_execution(request, retry=True)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise


async def pause(seconds: float) -> None:
    """Between two looks at the server."""
    await asyncio.sleep(seconds)


def wall_clock() -> datetime:
    return datetime.now(UTC)
