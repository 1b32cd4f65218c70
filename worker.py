"""The worker: everything its activities need is put together here and nowhere else."""

import asyncio
import signal
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.worker import Worker

from activities.checks import Checks
from activities.emails import Emails
from activities.importing import Importing
from activities.letters import Letters
from activities.planning import Planning
from activities.sweeping import Sweeping
from activities.tasks import Tasks
from activities.training import Training
from db.engine import engine_for
from db.telling import ClaimToTell
from settings import Settings
from workflows.clock import QUEUE, ToldClaim, tell
from workflows.fast_forward import TRAINING_QUEUE
from workflows.jobs import ensure_schedules, start_job
from workflows.registry import RUNNER, WORKFLOWS

GRACE = timedelta(seconds=20)  # longer than the longest send: a letter that is leaving leaves
log = structlog.get_logger()


def queues(client: Client, engine: AsyncEngine, settings: Settings) -> dict[str, Sequence[Callable[..., Any]]]:
    """Which activities run on which task queue; e-mail and letters have their own."""
    tasks, importing = Tasks(engine), Importing(engine, partial(tell_again, client))
    sweeping = Sweeping(engine, client, partial(tell_again, client), partial(start_job, client))
    jobs = [importing.take_rows, importing.start_claims, sweeping.sweep]
    travel = [Training(engine, client, partial(tell_again, client)).advance] if settings.training_mode else []
    return {
        QUEUE: [
            Planning(engine, language=settings.language).plan,
            tasks.ask,
            tasks.task_clock,
            Checks(engine).check,
            *jobs,
        ],
        "emails": [Emails(engine, smtp_url=settings.mail_server, sender=settings.sender).send_email],
        "letters": [Letters(engine).send_letter],
        **({TRAINING_QUEUE: travel} if travel else {}),
    }


async def tell_again(client: Client, claim: ClaimToTell) -> None:
    """Start a claim's workflow, or wake it, behind what people wait for."""
    told = ToldClaim(claim.id, claim.number, claim.creditor, claim.currency, claim.stage, claim.clock_ahead)
    await tell(client, told, claim.kind, claim.entry_id, now=datetime.now(UTC), bulk=True)


def workers(client: Client, engine: AsyncEngine, settings: Settings) -> list[Worker]:
    """One worker a task queue, all of them in this process."""
    return [
        Worker(
            client,
            task_queue=queue,
            workflows=WORKFLOWS if queue == QUEUE else [],
            activities=activities,
            workflow_runner=RUNNER,
            max_concurrent_activities=settings.worker_activities,
            graceful_shutdown_timeout=GRACE,
            max_task_queue_activities_per_second=settings.emails_per_second if queue == "emails" else None,
        )
        for queue, activities in queues(client, engine, settings).items()
    ]


async def run(settings: Settings, client: Client) -> None:
    """Work until SIGINT or SIGTERM; what is under way is finished first."""
    engine = engine_for(settings.database, pool_size=settings.worker_activities + 4)
    stop = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    log.info("worker ready", queues=list(queues(client, engine, settings)))
    async with asyncio.TaskGroup() as group:
        running = workers(client, engine, settings)
        for worker in running:
            group.create_task(worker.run())
        await ensure_schedules(client)
        await stop.wait()
        for worker in running:
            group.create_task(worker.shutdown())
    await engine.dispose()
