"""A fast-forward of the training mode: chosen claims, or all, are moved ahead in their own time."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from domain.progress import JourneyProgress

PATIENCE = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30))
LIMIT = timedelta(minutes=15)
SIGN_OF_LIFE = timedelta(seconds=20)
LONG_HISTORY = 1000  # events
TRAINING_QUEUE = "training"  # of its own: a fast-forward waits for what claims do, so it must not take their places


@workflow.defn(name="FastForward")
class FastForwardWorkflow:
    """One journey; which claims, and how far each came, stands in PostgreSQL."""

    @workflow.run
    async def run(self, journey_id: str) -> JourneyProgress:
        while True:
            progress: JourneyProgress = await workflow.execute_activity(
                "advance",
                journey_id,
                result_type=JourneyProgress,
                task_queue=TRAINING_QUEUE,
                start_to_close_timeout=LIMIT,
                heartbeat_timeout=SIGN_OF_LIFE,
                retry_policy=PATIENCE,
                summary="move claims ahead in their own time",
            )
            workflow.set_current_details(
                f"{progress.arrived} of {progress.total} claims arrived, {progress.stopped} stopped at a task, {progress.failed} failed."
            )
            if progress.finished:
                return progress
            if workflow.info().get_current_history_length() > LONG_HISTORY:
                workflow.continue_as_new(journey_id)
