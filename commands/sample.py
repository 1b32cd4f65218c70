"""`recouvra sample`: the sample portfolio arrives; `recouvra up` starts it in the background."""

import asyncio
from datetime import UTC, datetime
from functools import partial

import typer
from pwdlib import PasswordHash
from sqlalchemy.ext.asyncio import AsyncEngine

import worker
from commands import connections, logs
from db import people
from sample import words
from sample.arrival import arrive
from settings import Settings


def sample() -> None:
    """Bring the sample portfolio in, or what is still missing of it. Safe to repeat."""
    settings = Settings()
    logs.log_to_stderr(settings)
    came = asyncio.run(_arrive(settings))
    typer.echo("The sample portfolio has arrived." if came else "The sample portfolio was there already.")


async def _arrive(settings: Settings) -> bool:
    engine = connections.database(settings)
    try:
        await _let_people_in(engine, settings)
        client = await connections.awaited_temporal_client(settings)
        return await arrive(engine, partial(worker.tell_again, client), lambda: datetime.now(UTC))
    finally:
        await engine.dispose()


async def _let_people_in(engine: AsyncEngine, settings: Settings) -> None:
    """Two collectors and their supervisor, with the administrator's password: in training only."""
    if not settings.training_mode or settings.admin_password is None:
        return
    team = [(code, name, language, "collector") for code, name, language in words.COLLECTORS]
    team.append((*words.SUPERVISOR, "supervisor"))
    password_hash = PasswordHash.recommended().hash(settings.admin_password.get_secret_value())
    async with engine.begin() as connection:
        for code, name, language, role in team:
            if not await people.person_exists(connection, code):
                await people.write_person(
                    connection, code=code, email=f"{code}@recouvra.example", name=name, role=role,
                    password_hash=password_hash, language=language,
                )  # fmt: skip
