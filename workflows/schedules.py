"""What happens again and again: the sweep, by a Schedule of the Temporal server (workflows/jobs.py)."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from domain.progress import Swept


@workflow.defn(name="Sweep")
class SweepWorkflow:
    """One round of looking for what was not told; where the last one stopped is its predecessor's result."""

    @workflow.run
    async def run(self) -> Swept:
        before = workflow.get_last_completion_result(Swept)
        swept: Swept = await workflow.execute_activity(
            "sweep",
            before.after if before else "",
            result_type=Swept,
            start_to_close_timeout=timedelta(minutes=10),
            heartbeat_timeout=timedelta(seconds=60),
            retry_policy=RetryPolicy(initial_interval=timedelta(seconds=5), maximum_attempts=3),
            summary="tell again what was not told",
        )
        return swept
