"""Real servers for tests: PostgreSQL without fsync and Temporal in memory, one of each per pytest process."""

import asyncio
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from temporalio.client import Client
from temporalio.service import RPCError

import migrations
from embedded import namespace, ports, postgres, temporal

ANSWERS_WITHIN = 60.0  # seconds
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
        asyncio.run(_prepare(server))
        yield server
    finally:
        server.stop()


async def _prepare(server: temporal.Server) -> None:
    """Waits until the server answers: it knows its namespace a moment after its port is open."""
    deadline = asyncio.get_running_loop().time() + ANSWERS_WITHIN
    while True:
        try:
            return await namespace.prepare(await Client.connect(server.address))
        except (RuntimeError, RPCError):
            if server.process.poll() is not None or asyncio.get_running_loop().time() > deadline:
                raise
        await asyncio.sleep(0.1)
