"""Whether the parts answer: quick even when one of them hangs."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.service import RPCError

from api.surroundings import Around, Surroundings
from workflows.clock import QUEUE

router = APIRouter(tags=["health"])

LIMIT = timedelta(seconds=1)
FRESH = 1.0  # seconds an answer is used again
POLLS_WITHIN = timedelta(seconds=75)  # a live worker asks for work at least once a minute


class Health:
    """The last answer, kept for a second: a hundred callers are one question."""

    def __init__(self) -> None:
        self._asked_at = float("-inf")
        self._answer: dict[str, str] = {}
        self._lock = asyncio.Lock()

    async def of(self, around: Surroundings) -> dict[str, str]:
        """What is up: `status` is ok, or down when a part is."""
        async with self._lock:
            if time.monotonic() - self._asked_at > FRESH:
                database, (temporal, worker) = await asyncio.gather(
                    _database(around), _temporal(around.telling.client, around.settings.temporal_namespace)
                )
                parts = {"database": database, "temporal": temporal, "worker": worker}
                self._answer = {"status": "ok" if set(parts.values()) == {"ok"} else "down", **parts}
                self._asked_at = time.monotonic()
            return self._answer


async def _database(around: Surroundings) -> str:
    try:
        async with asyncio.timeout(LIMIT.total_seconds()):
            async with around.engine.connect() as connection:
                await connection.execute(text("select 1"))
    except (SQLAlchemyError, OSError, TimeoutError):
        return "down"
    return "ok"


async def _temporal(client: Client | None, namespace: str) -> tuple[str, str]:
    """The server, and whether a worker asks it for work."""
    if client is None:
        return "down", "unknown"
    question = DescribeTaskQueueRequest(
        namespace=namespace, task_queue=TaskQueue(name=QUEUE), task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW
    )
    try:
        async with asyncio.timeout(LIMIT.total_seconds() + 0.2):
            answer = await client.workflow_service.describe_task_queue(question, timeout=LIMIT)
    except (RPCError, RuntimeError, TimeoutError):
        return "down", "unknown"
    since = datetime.now(UTC) - POLLS_WITHIN
    polls = any(poller.last_access_time.ToDatetime(UTC) > since for poller in answer.pollers)
    return "ok", "ok" if polls else "down"


@router.get("/api/health", summary="Whether the database, Temporal and a worker answer")
async def health(request: Request, around: Around) -> JSONResponse:
    kept: Health = request.app.state.health
    answer = await kept.of(around)
    return JSONResponse(answer, 200 if answer["status"] == "ok" else 503)
