"""Real servers for tests: PostgreSQL without fsync and Temporal in memory, one of each per pytest process."""

import asyncio
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

import migrations
from embedded import ports, postgres, temporal

TEMPLATE = "template_recouvra"
numbers = itertools.count(1)


@contextmanager
def postgres_server(folder: Path) -> Iterator[postgres.Server]:
    """A server with one migrated database, the template of all others."""
    server = postgres.start(folder, durable=False)
    try:
        _administer(server, f"create database {TEMPLATE}")
        migrations.upgrade(server.url(TEMPLATE))
        yield server
    finally:
        server.stop()


@contextmanager
def fresh_database(server: postgres.Server, *, template: str = TEMPLATE) -> Iterator[str]:
    """The address of a new database, gone afterwards."""
    name = f"t{next(numbers)}"
    _administer(server, f"create database {name} template {template}")
    try:
        yield server.url(name)
    finally:
        _administer(server, f"drop database {name} with (force)")


def _administer(server: postgres.Server, statement: str) -> None:
    with psycopg.connect(server.url("postgres").replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(statement.encode())


@contextmanager
def temporal_server(folder: Path) -> Iterator[temporal.Server]:
    """A server with virtual time and the search attributes of claims."""
    log = folder / "temporal.log"
    server = temporal.start(port=ports.free_port(), ui_port=ports.free_port(), log=log)
    try:
        asyncio.run(_prepare(server, log))
        yield server
    finally:
        server.stop()


async def _prepare(server: temporal.Server, log: Path) -> None:
    await temporal.prepare(await temporal.wait_until_it_answers(server, log))
