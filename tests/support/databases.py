"""Databases for the tests: a template made once in each worker, and a clean one for every test."""

from __future__ import annotations

import itertools
import shutil
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import flask_migrate
import psycopg
from sqlalchemy import QueuePool

from app import create_app
from app.groups.topics import load_topics
from app.places.services import load_reference_geography
from app.shared.extensions import db
from app.shared.transactions import transaction
from config import Config
from tests.support import made_once
from tests.support.fast_folder import make_fast_folder
from tests.support.postgresql import PostgresqlServer

if TYPE_CHECKING:
    from sqlalchemy import Engine, Pool

ROOT = Path(__file__).resolve().parents[2]
MIGRATIONS = str(ROOT / "migrations")

made_once.share()


def config_for(database_url: str) -> Config:
    """Answer the settings of an application under test."""
    return Config(
        app_env="test",
        secret_key="only-for-tests-only-for-tests",
        database_url=database_url,
        rate_limits=False,
        public_url="http://localhost",
    )


def fill_template(database_url: str) -> None:
    """Afterwards the database is migrated and holds what every installation has: geography and topics."""
    app = create_app(config_for(database_url))
    with app.app_context():
        flask_migrate.upgrade(directory=MIGRATIONS)
        with transaction() as session:
            load_reference_geography(session)
            load_topics(session)
        db.session.remove()
        db.engine.dispose()


class Databases(Protocol):
    """A kind of database; ``clean``, ``empty`` and ``template_copy`` answer a URL."""

    kind: str

    def clean(self) -> str: ...
    def empty(self) -> str: ...
    def template_copy(self) -> str: ...
    def lend(self, engine: Engine) -> None: ...
    def take_back(self, engine: Engine) -> None: ...
    def close(self) -> None: ...


class Statements:
    """What engines of one kind have compiled; each would begin anew, for the same statements."""

    def __init__(self) -> None:
        self._engine: Engine | None = None

    def lend(self, engine: Engine) -> None:
        """Afterwards the engine knows what all before it have compiled, and what they know of the server."""
        if self._engine is None:
            self._engine = engine
            engine._compiled_cache.capacity = 10_000
            engine.connect().close()
        engine.dialect, engine._compiled_cache = self._engine.dialect, self._engine._compiled_cache


class SqliteDatabases:
    """SQLite files, in memory where the machine can; each test gets a copy of the template."""

    kind = "sqlite"

    def __init__(self) -> None:
        self._folder = make_fast_folder("tests")
        self._numbers = itertools.count()
        self._statements = Statements()
        self._template = self._folder / "template.sqlite3"
        fill_template(f"sqlite:///{self._template}")
        connection = sqlite3.connect(self._template)
        connection.execute("pragma wal_checkpoint(truncate)")
        connection.close()

    def clean(self) -> str:
        """Answer a copy of the template; the one before is gone."""
        target = self._folder / "current.sqlite3"
        _remove(target)
        shutil.copyfile(self._template, target)
        return f"sqlite:///{target}"

    def template_copy(self) -> str:
        """Answer a copy of the template that stays until the end."""
        target = self._folder / f"copy-{next(self._numbers)}.sqlite3"
        shutil.copyfile(self._template, target)
        return f"sqlite:///{target}"

    def empty(self) -> str:
        """Answer a database without any table."""
        target = self._folder / "empty.sqlite3"
        _remove(target)
        return f"sqlite:///{target}"

    def lend(self, engine: Engine) -> None:
        """Afterwards the engine knows the statements that were compiled before."""
        self._statements.lend(engine)

    def take_back(self, engine: Engine) -> None:
        """Afterwards no connection is left: the next test has another file."""
        engine.dispose()

    def close(self) -> None:
        """Afterwards no file is left."""
        shutil.rmtree(self._folder, ignore_errors=True)


def _remove(file: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        file.with_name(file.name + ending).unlink(missing_ok=True)


class PostgresqlDatabases:
    """Databases on a server of our own.

    Between tests every table that is empty in the template is emptied, which takes a millisecond. The others hold
    reference data: the template keeps a copy of them, a trigger notes which a test has written to, and those are
    filled from the copy again. One connection does so from one test to the next: it has the plans of all statements.
    """

    kind = "postgresql"

    def __init__(self) -> None:
        self._server = PostgresqlServer()
        self._numbers = itertools.count()
        self._statements = Statements()
        self._connections: Pool | None = None
        self._cleaner: psycopg.Connection | None = None
        try:
            self._server.execute("create database template_of_tests")
            fill_template(self._server.url("template_of_tests"))
            self._prepare_template()
        except BaseException:
            self._server.stop()
            raise

    def _prepare_template(self) -> None:
        """Copy the reference tables and put the notes on them; make the function that restores everything."""
        with psycopg.connect(self._server.dsn("template_of_tests"), autocommit=True) as connection:
            found = connection.execute(
                "select quote_ident(tablename) from pg_tables where schemaname = 'public' order by 1"
            )
            names = [str(name) for (name,) in found]
            filled = [
                name for name in names if connection.execute(_sql(f"select 1 from {name} limit 1")).fetchone()
            ]
            connection.execute(
                """
                create schema pristine;
                create table pristine.touched (name text not null);
                create function pristine.touch() returns trigger language plpgsql security definer as
                $$ begin insert into pristine.touched values (tg_argv[0]); return null; end $$
                """
            )
            for name in filled:
                connection.execute(_sql(f"create table pristine.{name} as table {name}"))
                connection.execute(
                    _sql(
                        f"create trigger tests_touch after insert or update or delete or truncate on {name} "
                        f"for each statement execute function pristine.touch('{name}')"
                    )
                )
            empty = ";".join(f"delete from {name}" for name in names if name not in filled)
            connection.execute(
                _sql(
                    f"""
                    create function pristine.restore() returns void language plpgsql as
                    $$ declare name text; begin
                    for name in select distinct touched.name from pristine.touched loop
                        execute format('delete from %1$s; insert into %1$s table pristine.%1$s', name);
                    end loop;
                    delete from pristine.touched; {empty};
                    end $$
                    """
                )
            )
            connection.execute("analyze")

    def clean(self) -> str:
        """Answer the worker's database, as the template is."""
        if not self._is_restored():
            self._forget_connections()
            self._make("current", template="template_of_tests")
            self._cleaner = psycopg.connect(self._server.dsn("current"), autocommit=True)
            # As a replica no trigger and no foreign key speaks.
            self._cleaner.execute("set session_replication_role = replica; set lock_timeout = '3s'")
        return self._server.url("current")

    def _is_restored(self) -> bool:
        """Bring the rows back to what the template holds; False when a transaction left open stands in the way."""
        if self._cleaner is None:
            return False
        try:
            self._cleaner.execute("select pristine.restore()")
        except psycopg.errors.LockNotAvailable:
            self._cleaner.close()
            return False
        return True

    def _make(self, name: str, *, template: str) -> None:
        self._server.execute(
            f"drop database if exists {name} with (force)", f"create database {name} template {template}"
        )

    def template_copy(self) -> str:
        """Answer a copy of the template that stays until the end."""
        name = f"copy_{next(self._numbers)}"
        self._make(name, template="template_of_tests")
        return self._server.url(name)

    def empty(self) -> str:
        """Answer a database without any table."""
        self._make("empty", template="template0")
        return self._server.url("empty")

    def lend(self, engine: Engine) -> None:
        """Afterwards the engine has the open connections, and knows the statements that were compiled before."""
        if self._connections is not None:
            engine.pool = self._connections
        else:  # always the same connection while one is enough: rows then lie as they were stored, as with a new one
            engine.pool._pool.use_lifo = True  # type: ignore[attr-defined]
        self._statements.lend(engine)

    def take_back(self, engine: Engine) -> None:
        """Afterwards connections that nobody uses stay open for the next test; a server takes long to begin one."""
        pool = engine.pool
        assert isinstance(pool, QueuePool)
        if pool.checkedout():
            engine.dispose()
        self._connections = None if pool.checkedout() else pool

    def _forget_connections(self) -> None:
        if self._connections is not None:
            self._connections.dispose()
        self._connections = None

    def close(self) -> None:
        """Afterwards the server has ended."""
        self._forget_connections()
        if self._cleaner is not None:
            self._cleaner.close()
        self._server.stop()


def _sql(statement: str) -> bytes:
    """Answer a statement as psycopg takes one that is put together."""
    return statement.encode()
