"""Each process's copy of the finder's arrays, brought up to date before every search.

Whoever changes a group takes the next version in the same transaction. A search reads the version first; if it is
not the one of the copy, only the entries changed since are read. So an edit is true everywhere at once, and a search
without edits costs one look at one row. PostgreSQL keeps all processes and machines in step; nothing else does.
"""

from __future__ import annotations

from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa
from flask import current_app

from app.groups.models import FinderEntry, FinderState
from app.groups.queries import KeptCards
from app.groups.rules import clusters
from app.groups.rules.finder_columns import Columns, build
from app.groups.rules.meeting_patterns import wall_minute
from app.groups.search_index import is_writing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

WALL_CLOCK = ZoneInfo("Europe/Berlin")
_EXTENSION = "finder"
_STATE = f"SELECT version, epoch FROM {FinderState.__tablename__}"  # noqa: S608 - a name of our own


class FinderCache:
    """The newest snapshot of the arrays, grids of clusters made from it, and cards of groups that were shown."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._columns: Columns | None = None
        self._state: tuple[int, str] = (0, "")
        self._grids: dict[tuple[int, int], clusters.Grid] = {}
        self._cards: KeptCards = {}

    def columns(self, session: Session, *, now: datetime) -> Columns:
        """Answer the arrays as the session's transaction sees the groups, next meetings as of now."""
        # Asked before every search: past the layers of the session it takes a third of the time.
        version, epoch = session.connection().exec_driver_sql(_STATE).one()
        minute = wall_minute(now.astimezone(WALL_CLOCK))
        if is_writing(session):
            # May be rolled back, and the next writer gets the same version: this copy must never be kept.
            return _load(session, minute)
        columns = self._columns
        if columns is not None and self._state == (version, epoch) and columns.as_of == minute:
            return columns
        with self._lock:
            columns = self._columns
            known_version, known_epoch = self._state
            if columns is None or epoch != known_epoch or version < known_version:
                columns = _load(session, minute)
                self._grids.clear()
                self._cards = {}
            elif version > known_version:
                columns, changed = _catch_up(session, columns, known_version)
                self._grids.clear()
                # A new mapping: whoever still fills the one before, from an older state, does no harm.
                self._cards = {key: kept for key, kept in self._cards.items() if key not in changed}
            columns = columns.at(minute)
            self._columns, self._state = columns, (version, epoch)
            return columns

    def cards(self, columns: Columns) -> KeptCards:
        """Answer the cards kept for a snapshot, to be read and filled; nothing kept if it is not the newest."""
        with self._lock:
            return self._cards if columns is self._columns else {}

    def grid(self, columns: Columns, *, zoom: int, topic: int | None) -> clusters.Grid:
        """Answer the clusters of all groups, or of those of one topic, at a zoom; kept until a group changes."""
        key = (zoom, topic or 0)
        grid = self._grids.get(key) if columns is self._columns else None
        if grid is None:
            rows = columns.topic_rows.of((topic,)) if topic else np.arange(columns.placed)
            grid = clusters.gather(columns, rows[rows < columns.placed], zoom)
            if columns is self._columns:
                self._grids[key] = grid
        return grid


def get_finder_cache() -> FinderCache:
    """Answer the copy of this application."""
    cache = current_app.extensions.get(_EXTENSION)
    if cache is None:
        cache = current_app.extensions.setdefault(_EXTENSION, FinderCache())
    return cache


def _load(session: Session, minute: int) -> Columns:
    """Read all entries."""
    wanted = sa.select(FinderEntry.facts, FinderEntry.meetings).where(FinderEntry.facts.is_not(None))
    rows = session.execute(wanted).all()
    return build(b"".join(row.facts for row in rows), b"".join(row.meetings for row in rows), as_of=minute)


def _catch_up(session: Session, columns: Columns, known_version: int) -> tuple[Columns, set[int]]:
    """Read the entries changed since a version; answer the new arrays and the ids of the groups changed."""
    wanted = sa.select(FinderEntry.group_id, FinderEntry.facts, FinderEntry.meetings)
    rows = session.execute(wanted.where(FinderEntry.version > known_version)).all()
    changed = {row.group_id for row in rows}
    return columns.merged(
        changed,
        b"".join(row.facts for row in rows if row.facts is not None),
        b"".join(row.meetings for row in rows if row.facts is not None),
    ), changed
