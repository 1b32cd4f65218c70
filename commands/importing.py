"""`recouvra import`: a portfolio from a CSV or XLSX file, by the API of the running installation."""

import time
from pathlib import Path
from typing import Annotated, Any

import httpx2
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from commands import reach
from settings import Settings

BETWEEN_LOOKS = 0.3  # seconds


def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV or XLSX")],
    *,
    mapping: Annotated[str, typer.Option(help="A JSON file, or the name of a saved mapping.")] = "{}",
) -> None:
    """Import a portfolio. Exit status 1 when a row was rejected, 2 when the file was refused."""
    path = Path(mapping)
    text = path.read_text(encoding="utf-8") if mapping.endswith(".json") or path.is_file() else mapping
    with reach.api(Settings()) as api:
        sent = api.post("/api/imports", files={"file": (file.name, file.read_bytes())}, data={"mapping": text})
        key = reach.accepted(sent)["import_id"]
        with Progress(
            TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TimeElapsedColumn(),
            console=Console(stderr=True),
        ) as bar:  # fmt: skip
            line = bar.add_task("importing", total=1.0)
            while (job := _look(api, key))["state"] not in ("done", "failed"):
                bar.update(line, completed=job["progress"], description=_line(job))
                time.sleep(BETWEEN_LOOKS)
            bar.update(line, completed=1.0, description=_line(job))
    typer.echo(f"{job['state']}: {_line(job)}" + (f". {job['detail']}" if job["detail"] else ""))
    for error in job["errors"]:
        typer.echo(f"line {error['line']}: {error['column']} {error['value']!r}: {error['reason']}", err=True)
    if job["state"] == "failed":
        raise typer.Exit(2)
    if job["rejected"]:
        raise typer.Exit(1)


def _look(api: httpx2.Client, key: object) -> dict[str, Any]:
    return reach.accepted(api.get(f"/api/imports/{key}"))


def _line(job: dict[str, Any]) -> str:
    return (
        f"{job['rows']} rows, {job['accepted']} accepted, {job['unchanged']} unchanged, {job['rejected']} rejected, "
        f"{job['claims_started']} of {job['claims_total']} claims started"
    )
