"""The migrations and the schema of db/tables.py tell the same."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.pool import NullPool

import migrations
from db.tables import metadata
from embedded import postgres
from tests.servers import fresh_database


def _indexes(url: str) -> dict[str, str]:
    with create_engine(url, poolclass=NullPool).connect() as connection:
        rows = connection.execute(text("select indexname, indexdef from pg_indexes where schemaname = 'public'"))
        return {name: definition for name, definition in rows if not name.startswith("alembic")}


def test_all_migrations_together_are_the_schema(database_url: str) -> None:
    with create_engine(database_url, poolclass=NullPool).connect() as connection:
        options = {
            "compare_type": True,
            "compare_server_default": True,
            # alembic takes an index with a collation for a changed one; the next test compares indexes by definition
            "include_object": lambda _thing, _name, kind, *_: kind != "index",
        }
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
        assert connection.execute(text("select nextval('claim_number_seq')")).scalar_one() == 1
        assert connection.execute(text("select unaccent('Élan')")).scalar_one() == "Elan"
    assert migrations.applied(database_url) == migrations.head()


def test_the_migrated_indexes_are_those_of_the_schema(postgres_server: postgres.Server, database_url: str) -> None:
    with fresh_database(postgres_server, template="template0") as url:
        with create_engine(url, poolclass=NullPool).begin() as connection:
            connection.execute(text("create extension pg_trgm"))
            metadata.create_all(connection)
        assert _indexes(database_url) == _indexes(url)


def test_a_database_without_schema_is_told_from_a_migrated_one(postgres_server: postgres.Server) -> None:
    with fresh_database(postgres_server, template="template0") as url:
        assert migrations.applied(url) is None
        migrations.upgrade(url)
        migrations.upgrade(url)
        assert migrations.applied(url) == migrations.head()
        assert set(metadata.tables) < set(inspect(create_engine(url, poolclass=NullPool)).get_table_names())
