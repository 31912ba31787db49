"""Where changes are committed: only views, API handlers and commands open a transaction."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.shared.extensions import db

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session


@contextmanager
def transaction(session: Session | None = None) -> Iterator[Session]:
    """Everything done inside is stored together at the end, or, after any exception, not at all.

    The session is that of the application context, unless one is given.
    """
    session = db.session() if session is None else session
    session.rollback()  # what was read before is over; a fresh snapshot as writer begins here
    session.connection(execution_options={"writes": True})
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


def reading() -> Session:
    """Answer the session of a request that stores nothing; call it before anything is read.

    On PostgreSQL each statement sees what is committed, as it does inside a transaction too (READ COMMITTED); without
    one, two of three ways to the server are saved. SQLite keeps its transaction, which costs nothing.
    """
    session = db.session()
    if session.get_bind().dialect.name == "postgresql" and not session.in_transaction():
        session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
    return session


def snapshot() -> Session:
    """Answer the session of a command that reads much and stores nothing: all of it as it is in one moment."""
    session = db.session()
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    return session
