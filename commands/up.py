"""`recouvra up`: everything on one machine."""

import os
import signal
import sys
from typing import Annotated

import typer

from commands import sample_arrival
from embedded import leash
from embedded.ports import PortInUse
from embedded.postgres import PostgresCannotRun
from embedded.state import AlreadyRunning
from embedded.supervisor import PROGRAMS, CannotStart, Supervisor
from embedded.temporal import TemporalCannotRun
from settings import Settings


def up(
    *,
    without: Annotated[
        list[str] | None, typer.Option(help="Leave out a part: worker or api (to run it elsewhere).")
    ] = None,
    with_parent: Annotated[
        bool, typer.Option(help="Stop when the program that started this one dies (make run).")
    ] = False,
) -> None:
    """Start everything: PostgreSQL, Temporal with its Web UI, mail sink, worker, API with workbench. Ctrl-C stops it."""
    left_out = tuple(without or ())
    if unknown := sorted(set(left_out) - set(PROGRAMS)):
        raise typer.BadParameter(f"{', '.join(unknown)}: choose among {', '.join(PROGRAMS)}", param_hint="--without")
    if with_parent:
        _stop_with_parent()
    settings = Settings()
    supervisor = Supervisor(settings, environment=os.environ, without=left_out, say=_say)
    _say(f"Starting Recouvra on {supervisor.var} ...")
    try:
        supervisor.run(_when_ready)
    except (CannotStart, PortInUse, AlreadyRunning, PostgresCannotRun, TemporalCannotRun) as error:
        typer.secho(str(error), err=True, fg="red")
        sys.exit(1)
    _say("Recouvra has stopped. Nothing is lost: start it again whenever you like.")


def _stop_with_parent() -> None:
    parent = os.getppid()
    leash.die_with_parent(signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit(1)


def _when_ready(supervisor: Supervisor) -> None:
    _say(banner(supervisor))
    if supervisor.settings.sample and supervisor.settings.training_mode and not supervisor.without:
        sample_arrival.begin(supervisor)


def banner(supervisor: Supervisor) -> str:
    """Where everything is, and how to sign in."""
    at = supervisor.addresses
    password = "RECOUVRA_ADMIN_PASSWORD" if supervisor.settings.admin_password else supervisor.admin_password
    key = "RECOUVRA_API_KEY" if supervisor.settings.api_key else at["api_key"]
    rows = [
        ("Workbench", at["workbench"]),
        ("  sign in as", "admin@recouvra.example"),
        ("  password", password),
        ("API", f"{at['api']}/docs"),
        ("  key", key),
        ("Temporal UI", at["temporal_ui"] or "the one of " + at["temporal"]),
        (
            "Mailbox",
            at["mailbox"]
            if not supervisor.settings.smtp_url
            else f"none: mail goes to {at['smtp'].rpartition('@')[2]}",
        ),
        ("Logs, state", str(supervisor.var)),
    ]
    lines = [f"  {name:<13} {value}" for name, value in rows]
    rule = "─" * max(map(len, lines))
    return "\n".join([rule, "  Recouvra is ready. Ctrl-C stops it.", rule, *lines, rule])


def _say(sentence: str) -> None:
    typer.echo(sentence)
    sys.stdout.flush()
