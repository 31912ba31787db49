"""The database: the declarative base, column types, and how SQLite is opened."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.engine import Connection, Engine
    from sqlalchemy.orm import Session

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
"""JSON; JSONB on PostgreSQL."""


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database; a naive value is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Store in UTC; SQLite has no zones, so the value loses its own there."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment needs a time zone.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Answer an aware moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


IntPk = Annotated[int, mapped_column(primary_key=True)]


class Base(DeclarativeBase):
    """The base of every table."""

    # Both in the registry: Flask-SQLAlchemy copies the class body and refuses them side by side.
    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMING_CONVENTION),
        type_annotation_map={
            datetime: UtcDateTime(),
            str: sa.Text(),
            dict[str, str]: Json,
            dict[str, Any]: Json,
            dict[str, list[str]]: Json,
            list[str]: Json,
            list[int]: Json,
            list[dict[str, str]]: Json,
            list[dict[str, Any]]: Json,
        },
    )


def insert_rows(session: Session, table: sa.TableClause, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store rows that name the same columns; PostgreSQL takes them as a stream, in a fifth of an INSERT's time.

    The values go to the driver as they are, documents as JSON: for columns of plain types only.

    Raises:
        IntegrityError: a constraint is broken, as with any other statement.
    """
    if not rows:
        return
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.execute(sa.insert(table), [dict(row) for row in rows])
        return
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(quote(name) for name in rows[0])
    cursor: Any = connection.connection.cursor()
    statement = f"COPY {quote(table.name)} ({columns}) FROM STDIN"
    try:
        with cursor.copy(statement) as stream:
            for row in rows:
                stream.write_row([_as_json(value) for value in row.values()])
    except connection.dialect.loaded_dbapi.IntegrityError as error:
        raise IntegrityError(statement, None, error) from error


def _as_json(value: Any) -> Any:
    """Answer a document as PostgreSQL's driver takes it, anything else as it is."""
    return json.dumps(value) if isinstance(value, dict | list) else value


def insert_into(session: Session, model: type[Base]) -> Any:
    """Answer an INSERT of the session's own kind of database, which knows ``ON CONFLICT``."""
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return insert(model)


def prepare_sqlite(engine: Engine) -> None:
    """Afterwards each connection keeps foreign keys, waits for locks, and begins transactions when told to.

    A transaction that carries the execution option ``writes`` (see ``transactions.transaction``) begins as a
    writer with ``BEGIN IMMEDIATE``: a reader that turned writer later would fail on a stale snapshot.
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _open(dbapi_connection: Any, _record: object) -> None:
        dbapi_connection.isolation_level = None
        cursor = dbapi_connection.cursor()
        for pragma in (
            "journal_mode=wal",
            "foreign_keys=on",
            "recursive_triggers=on",  # else REPLACE deletes what triggers forbid to delete
            "synchronous=normal",
            "busy_timeout=10000",
            "cache_size=-65536",
            "mmap_size=268435456",
            "temp_store=memory",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        # On the driver's own connection: every request passes here, and nothing else listens to this statement.
        connection.connection.cursor().execute("BEGIN IMMEDIATE" if writes else "BEGIN")
