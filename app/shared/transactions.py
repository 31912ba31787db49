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
