"""Where changes are committed: only views, API handlers and commands open a transaction.

And where they are made again: see ``whole``.
"""

from __future__ import annotations

import logging
import secrets
import sqlite3
import time
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from flask import has_request_context, request
from sqlalchemy.exc import DBAPIError

from app.shared.extensions import db
from app.shared.revision import check_in_step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

TRIES = 3
"""How often a unit is begun at most."""
PATIENCE_SECONDS = 15
"""After so long none is begun again: a server gives up a request after 30, and SQLite waits 10 for its lock."""
_stored: ContextVar[int] = ContextVar("stored", default=0)
"""How many transactions this thread has stored."""
logger = logging.getLogger("wirkreis.transactions")


def whole(act: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Let a unit (a request, a run of a job, a command) begin again when others at the database have stopped it.

    Stopped: a deadlock, a serialization failure, SQLite's lock held by others, or a constraint or trigger that saw
    what the unit's own look had not seen yet. Begun again it sees that, and goes through or refuses it in its own
    words: who, when, what. Only while nothing of it is stored; mails are stored with the rest. What stops it each time
    is raised.
    """

    @wraps(act)
    def tried(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        before, until = _stored.get(), time.monotonic() + PATIENCE_SECONDS
        left = TRIES
        while True:
            try:
                return act(*args, **kwargs)
            except Exception as error:
                left -= 1
                if not left or _stored.get() != before or time.monotonic() > until or not _by_others(error):
                    raise
                logger.warning(
                    "begun again", extra={"facts": {"act": getattr(act, "__name__", ""), "why": _why(error)}}
                )
            db.session.rollback()
            for sent in request.files.values() if has_request_context() else ():
                sent.stream.seek(0)
            time.sleep(0.02 + secrets.randbelow(200) / 1000)

    return tried


def _by_others(error: Exception) -> bool:
    """Whether it may go otherwise the next time, because others were there at the same moment."""
    why = _why(error)
    return why in {"40001", "40P01", "5", "19", "StaleDataError"} or (len(why) == 5 and why.startswith("23"))


def _why(error: Exception) -> str:
    """Answer the code of the database: SQLSTATE, or SQLite's own; else the name of the fault."""
    said = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(said, sqlite3.Error):
        return str(getattr(said, "sqlite_errorcode", 0) & 0xFF)
    return getattr(said, "sqlstate", None) or type(error).__name__


@contextmanager
def transaction(session: Session | None = None) -> Iterator[Session]:
    """Everything done inside is stored together at the end, or, after any exception, not at all.

    The session is that of the application context, unless one is given.

    Raises:
        OutOfStep: the database stands at another migration than the program.
    """
    session = db.session() if session is None else session
    session.rollback()  # what was read before is over; a fresh snapshot as writer begins here
    try:
        check_in_step(session.connection(execution_options={"writes": True}))
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    _stored.set(_stored.get() + 1)


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
