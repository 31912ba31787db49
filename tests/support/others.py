"""Somebody else at the same database, between two statements of a request."""

from __future__ import annotations

import time
from threading import Thread
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from sqlalchemy import Engine


class Other:
    """Somebody else at the same database, who goes on when another waits for them; on PostgreSQL only."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._connection = engine, engine.connect()

    def hold(self, statement: str, **given: Any) -> None:
        """Do something, and keep it from everybody else."""
        self._connection.execute(sa.text(statement), given)

    def go_on(self, statement: str, **given: Any) -> Thread:
        """Do something more as soon as somebody waits, and let go."""
        blocked = sa.text("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")

        def wait() -> None:
            with self._engine.connect() as looking:
                while not looking.scalar(blocked):
                    time.sleep(0.02)
            self.hold(statement, **given)
            self._connection.commit()
            self._connection.close()

        thread = Thread(target=wait)
        thread.start()
        return thread
