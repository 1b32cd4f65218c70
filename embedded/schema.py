"""Whether a database has the newest migration, told without loading what migrates."""

from pathlib import Path

import psycopg

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations" / "versions"


def is_current(url: str) -> bool:
    """False too when the database does not answer: whoever migrates says why."""
    newest = max(file.name[:4] for file in MIGRATIONS.glob("[0-9]*.py"))
    try:
        with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://"), connect_timeout=5) as connection:
            return connection.execute("select version_num from alembic_version").fetchall() == [(newest,)]
    except psycopg.Error:
        return False
