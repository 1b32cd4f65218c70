"""A portfolio import: take the file's rows, then start every claim's workflow; `done` only when all of them run.

How far it came stands in PostgreSQL, so the history holds counts only, and a killed worker goes on where it was.
"""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from domain.progress import ImportProgress

PATIENCE = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1))
LIMIT = timedelta(minutes=10)
SIGN_OF_LIFE = timedelta(seconds=20)
LONG_HISTORY = 1000  # events


@workflow.defn(name="PortfolioImport")
class PortfolioImportWorkflow:
    """One file, from upload to claims that run."""

    @workflow.init
    def __init__(self, import_id: str) -> None:
        self._progress = ImportProgress()

    @workflow.run
    async def run(self, import_id: str) -> ImportProgress:
        for step in ("take_rows", "start_claims"):
            finished = False
            while not finished:
                self._progress = await workflow.execute_activity(
                    step,
                    import_id,
                    result_type=ImportProgress,
                    start_to_close_timeout=LIMIT,
                    heartbeat_timeout=SIGN_OF_LIFE,
                    retry_policy=PATIENCE,
                    summary=f"{self._progress.rows} rows, {self._progress.claims_started} claims started",
                )
                self._show()
                if self._progress.failed:
                    return self._progress
                finished = self._progress.finished
                if workflow.info().get_current_history_length() > LONG_HISTORY and not finished:
                    workflow.continue_as_new(import_id)
        return self._progress

    @workflow.query
    def progress(self) -> ImportProgress:
        return self._progress

    def _show(self) -> None:
        p = self._progress
        workflow.set_current_details(
            f"{p.rows} rows: {p.accepted} accepted, {p.unchanged} unchanged, {p.rejected} rejected. "
            f"{p.claims_started} of {p.claims_total} claims started."
        )
