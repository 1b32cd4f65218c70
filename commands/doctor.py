"""`recouvra doctor`: what is up, what is not, and what to do. Exit status 1 when something is down."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import typer

from commands import symptoms
from commands.symptoms import Finding
from embedded import state
from settings import Settings

MARKS = {True: ("✓", "green"), False: ("✗", "red")}


def doctor() -> None:
    """Say what is up, what is not, and what to do. Exit status 1 when something is down."""
    settings = Settings()
    running = _addresses(settings.var)
    findings = asyncio.run(_collect(_pointed_at(settings, running), running))
    for finding in findings:
        mark, colour = MARKS[finding.is_well]
        typer.secho(f" {mark} {finding.subject:<18} {finding.told}", fg=colour)
        if finding.what_to_do:
            typer.echo(f"   {'':<18} → {finding.what_to_do}")
    if not all(finding.is_well for finding in findings):
        sys.exit(1)


def _addresses(var: Path) -> dict[str, Any]:
    """What a running `recouvra up` on this state folder wrote, else nothing."""
    try:
        return dict(json.loads((var / state.ADDRESSES).read_text()))
    except (OSError, ValueError):
        return {}


def _pointed_at(settings: Settings, running: dict[str, Any]) -> Settings:
    """The settings, with the addresses of the embedded parts where nothing else was set."""
    told = {"database_url": "database_url", "temporal_address": "temporal", "smtp_url": "smtp"}
    absent = {name: running[key] for name, key in told.items() if getattr(settings, name) is None and running.get(key)}
    return settings.model_copy(update=absent)


async def _collect(settings: Settings, running: dict[str, Any]) -> list[Finding]:
    return [finding async for finding in _all(settings, running)]


async def _all(settings: Settings, running: dict[str, Any]) -> AsyncIterator[Finding]:
    yield symptoms.versions()
    yield symptoms.state_folder(settings.var)
    if not running and not (settings.database_url and settings.temporal_address):
        yield Finding("installation", False, f"nothing runs on {settings.var}", "start it: make run (or recouvra up)")
    if settings.database_url:
        for finding in (*await symptoms.database(settings), *await symptoms.reference_rates(settings)):
            yield finding
    if settings.temporal_address:
        for finding in await symptoms.temporal_server(settings):
            yield finding
    if settings.smtp_url:
        yield await symptoms.mail_server(settings.smtp_url)
    if api := running.get("api") or settings.public_url:
        yield await symptoms.api(api)
