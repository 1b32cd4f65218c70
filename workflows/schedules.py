"""What happens again and again: the sweep, by a Schedule of the Temporal server (workflows/jobs.py)."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from domain.progress import Swept

BETWEEN = timedelta(minutes=1)


@workflow.defn(name="Sweep")
class SweepWorkflow:
    """Rounds of looking for what was not told; each goes on where the last one stopped, over the end of a run too."""

    @workflow.run
    async def run(self, rounds: int) -> Swept:
        swept = workflow.get_last_completion_result(Swept)
        for number in range(rounds):
            if number:
                await workflow.sleep(BETWEEN, summary="until the next round")
            swept = await self._sweep(swept)
        assert swept is not None  # noqa: S101  there is at least one round
        return swept

    async def _sweep(self, before: Swept | None) -> Swept:
        swept: Swept = await workflow.execute_activity(
            "sweep",
            before.after if before else "",
            result_type=Swept,
            start_to_close_timeout=timedelta(minutes=10),
            heartbeat_timeout=timedelta(seconds=60),
            retry_policy=RetryPolicy(initial_interval=timedelta(seconds=5), maximum_interval=timedelta(seconds=30)),
            summary="tell again what was not told",
        )
        return swept
