"""The schema's history, numbered. `upgrade(url)` brings a database to the newest state."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, pool

FOLDER = Path(__file__).parent


def upgrade(url: str, to: str = "head") -> None:
    command.upgrade(_config(url), to)


def head() -> str:
    """The number of the newest migration; fails when there are two."""
    newest = ScriptDirectory(str(FOLDER)).get_current_head()
    if newest is None:
        raise LookupError("no migration found")
    return newest


def applied(url: str) -> str | None:
    """The newest migration the database has, None for an empty one."""
    with create_engine(url, poolclass=pool.NullPool).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["url"] = url
    return config
