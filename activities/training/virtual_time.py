"""A claim's own time on the Temporal server: read it, move it, know when everything it caused is done (training only)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import temporalio.api.common.v1 as common
import temporalio.api.workflow.v1 as workflow_api
import temporalio.api.workflowservice.v1 as workflowservice
from google.protobuf.field_mask_pb2 import FieldMask
from temporalio.api.enums.v1.time_skipping_pb2 import FastForwardPollingResult
from temporalio.api.enums.v1.workflow_pb2 import WORKFLOW_EXECUTION_STATUS_RUNNING
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

MANY_SKIPS = 1_000_000  # the server's own limit (100) stops a long journey half-way


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
        request = workflowservice.DescribeWorkflowExecutionRequest(
            namespace=self._client.namespace, execution=self._execution
        )
        try:
            found = await self._client.workflow_service.describe_workflow_execution(request, retry=True)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return Clock(running=False, exists=False, now=wall_clock(), busy=False)
            raise
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
        """Move its time ahead and wait until it is there; what it causes may still be under way.

        Returns also when the workflow ends before. Raises Overtaken when another move took this one's place.
        """
        forward = common.FastForwardConfig(id=key)
        forward.duration.FromTimedelta(by)
        config = common.TimeSkippingConfig(enabled=True, fast_forward_config=forward, max_session_skip_count=MANY_SKIPS)
        request = workflowservice.UpdateWorkflowExecutionOptionsRequest(
            namespace=self._client.namespace,
            workflow_execution=self._execution,
            workflow_execution_options=workflow_api.WorkflowExecutionOptions(time_skipping_config=config),
            update_mask=FieldMask(paths=["time_skipping_config"]),
            identity=self._client.identity,
        )
        try:
            await self._client.workflow_service.update_workflow_execution_options(request, retry=True)
            await self._wait_for(key)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise

    async def _wait_for(self, key: str) -> None:
        """The server answers after about 20 s at the latest, arrived or not; without a run id it follows the chain of runs."""
        request = workflowservice.PollWorkflowExecutionTimeSkippingRequest(
            namespace=self._client.namespace, workflow_execution=self._execution, fast_forward_id=key
        )
        result = FastForwardPollingResult
        while True:
            answer = await self._client.workflow_service.poll_workflow_execution_time_skipping(request, retry=True)
            if answer.fast_forward_polling_result == result.FAST_FORWARD_POLLING_RESULT_FAST_FORWARD_COMPLETED:
                return
            if answer.fast_forward_polling_result == result.FAST_FORWARD_POLLING_RESULT_FAST_FORWARD_FAILED:
                if "does not match" in answer.failed_reason:
                    raise Overtaken
                return


async def pause(seconds: float) -> None:
    """Between two looks at the server."""
    await asyncio.sleep(seconds)


def wall_clock() -> datetime:
    return datetime.now(UTC)
