"""`recouvra migrate`: brings the database and the Temporal namespace to what this version needs. Safe to repeat."""

import asyncio
from typing import Annotated

import typer
from pwdlib import PasswordHash
from sqlalchemy.ext.asyncio import AsyncConnection

import migrations
from commands import connections
from db import catalogue, people
from embedded import namespace
from settings import Settings

ADMINISTRATOR = "admin"
ADMINISTRATOR_EMAIL = "admin@recouvra.example"
INSTALLATION_KEY = "installation"
EVERYTHING = "everything"


def migrate(
    *, database_only: Annotated[bool, typer.Option(help="Leave the Temporal namespace as it is.")] = False
) -> None:
    """Migrate the database, add the standard catalogue, the administrator and the API key; prepare the Temporal namespace."""
    settings = Settings()
    migrations.upgrade(settings.database)
    asyncio.run(_add_what_is_always_there(settings))
    if not database_only:
        asyncio.run(_prepare_namespace(settings))
    typer.echo(f"The database is at migration {migrations.head()}.")


async def _add_what_is_always_there(settings: Settings) -> None:
    engine = connections.database(settings)
    async with engine.begin() as connection:
        await catalogue.ensure_standard(connection)
        if settings.api_key:
            await people.write_key(
                connection, name=INSTALLATION_KEY, secret=settings.api_key.get_secret_value(), role=EVERYTHING
            )
        if settings.admin_password:
            await _write_administrator(
                connection, settings.admin_password.get_secret_value(), training=settings.training_mode
            )
    await engine.dispose()


async def _write_administrator(connection: AsyncConnection, password: str, *, training: bool) -> None:
    """Written only when new or changed, because a written person is signed out. In training one person plays every role."""
    hashing = PasswordHash.recommended()
    known = await people.person_for_login(connection, ADMINISTRATOR_EMAIL)
    role = EVERYTHING if training else "administrator"
    if known is None or known[0].role != role or not hashing.verify(password, known[1]):
        await people.write_person(
            connection,
            code=ADMINISTRATOR,
            email=ADMINISTRATOR_EMAIL,
            name="Administrateur",
            role=role,
            password_hash=hashing.hash(password),
        )


async def _prepare_namespace(settings: Settings) -> None:
    await namespace.prepare(await connections.awaited_temporal_client(settings))
