"""`recouvra fast-forward`: move claims ahead in their own time (training mode), by the API of the running installation."""

import time
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from commands import reach
from settings import Settings

BETWEEN_LOOKS = 0.3  # seconds


def fast_forward(
    *,
    days: Annotated[int | None, typer.Option(help="How many days, from each claim's own time.")] = None,
    until: Annotated[str | None, typer.Option(help="Until the start of this day, YYYY-MM-DD.")] = None,
    claim: Annotated[list[str] | None, typer.Option(help="Number or reference; again for more. Default: all.")] = None,
    stop_at_task: Annotated[bool, typer.Option(help="Halt a claim where a person is asked.")] = False,
) -> None:
    """Move claims ahead in their own time. Exit status 1 when a claim could not be moved."""
    body: dict[str, Any] = {"stop_at_task": stop_at_task}
    body |= {name: value for name, value in (("days", days), ("until", until), ("claims", claim)) if value is not None}
    with reach.api(Settings()) as api:
        key = reach.accepted(api.post("/api/training/fast-forward", json=body))["job"]
        with Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=Console(stderr=True)
        ) as bar:  # fmt: skip
            line = bar.add_task("claims", total=None)
            while True:
                job: dict[str, Any] = reach.accepted(api.get(f"/api/training/jobs/{key}"))
                bar.update(line, total=job["total"], completed=job["arrived"] + job["stopped"] + len(job["failed"]))
                if job["state"] in ("done", "failed"):
                    break
                time.sleep(BETWEEN_LOOKS)
    typer.echo(
        f"{job['arrived']} of {job['total']} claims arrived, {job['stopped']} stopped at a task, {len(job['failed'])} failed"
    )
    for failure in job["failed"]:
        typer.echo(f"{failure['claim']}: {failure['detail']}", err=True)
    if job["failed"]:
        raise typer.Exit(1)
