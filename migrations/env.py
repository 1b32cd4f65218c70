"""Runs the migrations. The address comes from the caller (`migrations.upgrade`), never from a file."""

from alembic import context
from sqlalchemy import create_engine, pool, text

from db.tables import metadata

LOCK_TIMEOUT = "5s"  # a migration that would wait behind a long transaction gives up instead of stopping everybody


def run() -> None:
    engine = create_engine(context.config.attributes["url"], poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"set lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.execute(
            text("select pg_advisory_lock(hashtext('recouvra migrations'))")
        )  # two at once: the second waits
        connection.commit()
        context.configure(
            connection=connection, target_metadata=metadata, transaction_per_migration=True, compare_type=True
        )
        with context.begin_transaction():
            context.run_migrations()


run()
