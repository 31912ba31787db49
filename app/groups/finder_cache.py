"""Each process's copy of the finder's arrays, brought up to date before every search.

Whoever changes a group takes the next version in the same transaction. A search reads the version first; if it is
not the one of the copy, only the entries changed since are read. So an edit is true everywhere at once, and a search
without edits costs one look at one row. PostgreSQL keeps all processes and machines in step; nothing else does.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa
from flask import current_app

from app.groups.models import FinderEntry, FinderState
from app.groups.queries import KeptCards, MapGroup, map_groups
from app.groups.rules import clusters
from app.groups.rules.finder_columns import Columns, Ints, build
from app.groups.rules.meeting_patterns import wall_minute
from app.groups.search_index import is_writing
from app.groups.text_index import find_by_words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.groups.forms import FinderRequest

MOST_NAMES_KEPT = 20_000
MOST_WORDS_KEPT = 2_000
MOST_IDS_KEPT = 5_000_000
"""Of all words together, 40 MB."""
WALL_CLOCK = ZoneInfo("Europe/Berlin")
_EXTENSION = "finder"
_SEEN = "finder_seen"
"""Key in a session's ``info``: the last look of the session."""
_STATE = f"SELECT version, epoch FROM {FinderState.__tablename__}"  # noqa: S608 - a name of our own


class KeptAnswer(NamedTuple):
    """A page as bytes, the last moment at which it is true, its question, and who it says can be asked."""

    page: bytes
    until: datetime
    asked: FinderRequest
    to_ask: object


@dataclass(frozen=True, slots=True)
class _Kept:
    """One state of the groups and everything made from it; a newer one takes its place as a whole."""

    version: int
    epoch: str
    columns: Columns
    grids: dict[tuple[int, int], clusters.Grid]
    cards: KeptCards
    names: dict[int, MapGroup]
    words: dict[str, Ints]
    answers: dict[Hashable, KeptAnswer]


class _Seen(NamedTuple):
    """What a transaction saw as of a minute."""

    by: object
    minute: int
    columns: Columns


class FinderCache:
    """The newest snapshot of the arrays, and what was made from it: grids of clusters, cards, whole answers."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: _Kept | None = None

    def columns(self, session: Session, *, now: datetime) -> Columns:
        """Answer the arrays as the session's transaction sees the groups, next meetings as of now.

        All searches of one transaction answer for one state: the version is looked at once.
        """
        minute = wall_minute(now.astimezone(WALL_CLOCK))
        if is_writing(session):  # what it sees may change with its next statement
            return self._newest(session, minute)
        seen: _Seen | None = session.info.get(_SEEN)
        if seen is not None and seen.by is session.get_transaction() and seen.minute == minute:
            return seen.columns
        columns = self._newest(session, minute)
        session.info[_SEEN] = _Seen(session.get_transaction(), minute, columns)
        return columns

    def _newest(self, session: Session, minute: int) -> Columns:
        # Asked before every search: past the layers of the session it takes a third of the time.
        version, epoch = session.connection().exec_driver_sql(_STATE).one()
        kept = self._kept
        is_newest = kept is not None and (kept.version, kept.epoch) == (version, epoch)
        if kept is not None and is_newest and kept.columns.as_of == minute and not is_writing(session):
            return kept.columns
        if is_writing(session) or (kept is not None and kept.epoch == epoch and kept.version > version):
            # What a writer sees may be rolled back, and the next writer gets the same version; what an old
            # transaction sees is past: neither must be kept.
            return _load(session, minute)
        with self._lock:
            self._kept = _brought_up(self._kept, session, version=version, epoch=epoch, minute=minute)
            return self._kept.columns

    def cards(self, columns: Columns) -> KeptCards:
        """Answer the cards kept for a snapshot, to be read and filled; nothing kept if it is not the newest."""
        kept = self._kept
        return kept.cards if kept is not None and kept.columns is columns else {}

    def answers(self, columns: Columns) -> dict[Hashable, KeptAnswer]:
        """Answer the whole answers kept for a snapshot, to be read and filled; none if it is not the newest."""
        kept = self._kept
        return kept.answers if kept is not None and kept.columns is columns else {}

    def map_groups(self, session: Session, columns: Columns, group_ids: Sequence[int]) -> dict[int, MapGroup]:
        """Answer what the map says of some groups; kept until a group changes."""
        kept = self._kept
        names = kept.names if kept is not None and kept.columns is columns else {}
        missing = [group_id for group_id in group_ids if group_id not in names]
        if missing:
            if len(names) > MOST_NAMES_KEPT:
                names.clear()
                missing = list(group_ids)
            names.update(map_groups(session, missing))
        return {group_id: names[group_id] for group_id in group_ids if group_id in names}

    def ids_by_words(self, session: Session, columns: Columns, expressions: Sequence[str]) -> list[Ints]:
        """Answer the ids that the inverted index has for each expression; kept until a group changes."""
        kept = self._kept
        words = kept.words if kept is not None and kept.columns is columns else {}
        missing = [expression for expression in expressions if expression not in words]
        if not missing:
            return [words[expression] for expression in expressions]
        found = dict(zip(missing, find_by_words(session, missing), strict=True))
        answer = [words[each] if each in words else found[each] for each in expressions]
        if len(words) >= MOST_WORDS_KEPT or sum(map(len, words.values())) > MOST_IDS_KEPT:
            words.clear()
        words.update(found)
        return answer

    def grid(self, columns: Columns, *, zoom: int, topic: int | None) -> clusters.Grid:
        """Answer the clusters of all groups, or of those of one topic, at a zoom; kept until a group changes."""
        kept = self._kept
        grids = kept.grids if kept is not None and kept.columns is columns else {}
        key = (zoom, topic or 0)
        if key not in grids:
            rows = columns.topic_rows.of((topic,)) if topic else np.arange(columns.placed)
            grids[key] = clusters.gather(columns, rows[rows < columns.placed], zoom)
        return grids[key]


def _brought_up(kept: _Kept | None, session: Session, *, version: int, epoch: str, minute: int) -> _Kept:
    """Answer the newest state: what is kept, with what has changed since; or all read anew."""
    if kept is None or kept.epoch != epoch or kept.version > version:
        return _Kept(version, epoch, _load(session, minute), {}, {}, {}, {}, {})
    if kept.version == version:
        # Only time has passed: the places of the groups, and so the grids, are the same; and whole answers too,
        # unless a meeting or the day went by.
        columns = kept.columns.at(minute)
        is_alike = columns.next_at is kept.columns.next_at and minute // 1440 == kept.columns.as_of // 1440
        return replace(kept, columns=columns, answers=kept.answers if is_alike else {})
    columns, changed = _catch_up(session, kept.columns, kept.version)
    cards = {group_id: card for group_id, card in kept.cards.items() if group_id not in changed}
    names = {group_id: name for group_id, name in kept.names.items() if group_id not in changed}
    return _Kept(version, epoch, columns.at(minute), {}, cards, names, {}, {})


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
