"""How Alembic reaches the database; called by `flask db`."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import create_engine, event, pool

from app.shared.database import Base
from app.shared.database_roles import grant_rights
from app.shared.migration_env import include_object
from app.shared.revision import LOCK

config = context.config


def make_engine():
    """The owner of the tables migrates, when one is named (MIGRATION_DATABASE_URL)."""
    settings = current_app.config["WIRKREIS"]
    engine = create_engine(settings.migration_database_url or settings.database_url, poolclass=pool.NullPool)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _open(dbapi_connection, _record):
            # Batch mode rebuilds tables; with foreign keys on, dropping the old one would delete its children.
            dbapi_connection.isolation_level = None
            dbapi_connection.execute("PRAGMA foreign_keys=off")
            # A table made anew comes back under its name; until then views and triggers may name what is not there.
            dbapi_connection.execute("PRAGMA legacy_alter_table=on")
            dbapi_connection.execute("PRAGMA journal_mode=wal")

        @event.listens_for(engine, "begin")
        def _begin(connection):
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def run_migrations() -> None:
    """Run all steps in one transaction, and on SQLite prove that no reference was broken."""
    engine = make_engine()
    with engine.connect() as connection:
        arguments = dict(current_app.extensions["migrate"].configure_args)
        arguments.setdefault("include_object", include_object)
        context.configure(connection=connection, target_metadata=Base.metadata, **arguments)
        with context.begin_transaction():
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SET LOCAL lock_timeout = '4s'")
                # Whoever writes has ended, and nobody begins before this ends.
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
            context.run_migrations()
            grant_rights(connection, current_app.config["WIRKREIS"], Base.metadata)
            if connection.dialect.name == "sqlite":
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if broken:
                    raise RuntimeError(f"references broken by the migration: {broken[:5]}")
    engine.dispose()


run_migrations()
