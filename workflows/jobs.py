"""Starting what is no claim: imports, fast-forwards, the sweep's schedule; starting one twice is once."""

from datetime import timedelta
from uuid import UUID

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
)
from temporalio.common import Priority, WorkflowIDConflictPolicy

from workflows.clock import QUEUE
from workflows.schedules import SweepWorkflow

IDS = {"PortfolioImport": "import", "FastForward": "fast-forward"}
SWEEP = "sweep"
ROUNDS = 10  # a minute each, in one run: fewer closed runs to keep for as long as retention lasts
EVERY = timedelta(minutes=ROUNDS)


async def start_job(client: Client, kind: str, job_id: UUID) -> None:
    """Start it unless it runs; a job that is done ends again at once.

    Raises temporalio.service.RPCError or RuntimeError when the server is not reached: the sweep starts it later.
    """
    await client.start_workflow(
        kind,
        str(job_id),
        id=f"{IDS[kind]}/{job_id}",
        task_queue=QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        priority=Priority(priority_key=4),
    )


async def ensure_schedules(client: Client) -> None:
    """Create the sweep's schedule where it is not there yet, and let it run once now."""
    action = ScheduleActionStartWorkflow(
        SweepWorkflow.run,
        ROUNDS,
        id=SWEEP,
        task_queue=QUEUE,
        priority=Priority(priority_key=4),
    )
    schedule = Schedule(
        action=action,
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=EVERY)]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=timedelta(minutes=1)),
    )
    try:
        await client.create_schedule(SWEEP, schedule, trigger_immediately=True)
    except ScheduleAlreadyRunningError:
        await client.get_schedule_handle(SWEEP).trigger()
