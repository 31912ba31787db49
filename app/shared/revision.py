"""Program and database stand at the same migration, or nothing is written.

On PostgreSQL whoever writes shares a lock that migrations take alone (``migrations/env.py``): the tables are the same
from the first statement to the commit. SQLite has one writer at a time anyhow.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from flask_babel import gettext as _

from app.shared.errors import DomainError
from config import ROOT

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine


def newest_migration() -> str:
    """Answer the migration that no other comes after; read as text, for to import all of them takes a while."""
    text = "\n".join(path.read_text("utf-8") for path in (ROOT / "migrations" / "versions").glob("*.py"))
    named, before = (
        set(re.findall(rf"^{name} = ['\"](\w+)", text, re.MULTILINE))
        for name in ("revision", "down_revision")
    )
    return max(named - before)


PROGRAM = newest_migration()
"""Which migration the program was written for; asked when it starts, for its files may be replaced while it runs."""
LOCK = 7_215_316_403
logger = logging.getLogger("wirkreis.revision")


class OutOfStep(DomainError):
    """The database is being migrated, or stands at another migration than the program."""

    code = "out_of_step"
    status = 503

    def __init__(self) -> None:
        super().__init__(
            _(
                "This site is being updated. What you sent is not stored; please send it again in a few minutes."
            )
        )


def check_in_step(connection: Connection) -> None:
    """Afterwards the tables are what the program was written for, and stay so until the transaction ends.

    Raises:
        OutOfStep: they are not, or are being changed.
    """
    found: str | None = None
    is_free = connection.dialect.name == "sqlite" or connection.scalar(
        sa.text("SELECT pg_try_advisory_xact_lock_shared(:key)"), {"key": LOCK}
    )
    if is_free:
        found = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    if found != PROGRAM:
        warn(found)
        raise OutOfStep


def database_revision(engine: Engine) -> str | None:
    """Answer at which migration the database stands; None for one without tables."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def warn(found: str | None) -> None:
    """Afterwards the log says which migration either stands at; none while it is being changed."""
    logger.error("database out of step", extra={"facts": {"program": PROGRAM, "database": found}})
