"""Keeps the finder's index true: the packed facts and the words of each listed group, in the caller's transaction.

The index is derived and holds disclosed facts only. Two parts (docs/adr/0001-search-index.md): ``finder_entry``, read
into arrays by every process, and ``group_text``, an inverted index of words (SQLite FTS5, PostgreSQL GIN).
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from app.clearinghouses.models import Branch
from app.groups.meetings.schedules import around, schedules_of
from app.groups.models import FinderEntry, FinderState, Group, GroupTopic, MeetingPlace
from app.groups.rules.finder_columns import pack_entry
from app.groups.rules.geo_search import NO_CELL, cell_tokens, to_e5
from app.groups.rules.listing import EXACT, DisclosedPlace, TruePlace, disclosed_place
from app.groups.rules.meeting_patterns import pack_series
from app.groups.rules.vocabulary import flags_of
from app.groups.text import index_tokens
from app.groups.text_index import Texts, add_texts, all_texts_anew, store_texts
from app.places.gazetteer import get_gazetteer
from app.shared.database import insert_rows

if TYPE_CHECKING:
    from sqlalchemy.engine import Row
    from sqlalchemy.orm import Session

CHUNK = 2_000
STATE_ID = 1
# Tables, not classes: thousands of rows are read here, and the mapper would add half again to their time.
_GROUP, _PLACE, _BRANCH = Group.__table__, MeetingPlace.__table__, Branch.__table__
_ENTRY = cast("sa.Table", FinderEntry.__table__)
_OF_EVERY_GROUP = (
    "id",
    "slug",
    "name",
    "description",
    "first_visit",
    "for_affected",
    "for_relatives",
    "audiences",
    "languages",
    "format",
    "access",
    "status",
    "clearinghouse_id",
    "place_id",
    "disclosure",
    "last_confirmed_on",
)
WRITING = "finder_written_in"
"""Key in a session's ``info``: the transaction in which it took a version."""


def index_groups(session: Session, group_ids: Iterable[int], *, today: date) -> None:
    """Afterwards the finder knows these groups as they now are; those that are not listed it forgets."""
    ids = list(group_ids)
    for start in range(0, len(ids), CHUNK):
        _index_chunk(session, ids[start : start + CHUNK], today)


def list_running_out(session: Session, *, before: date, limit: int = CHUNK) -> list[int]:
    """Answer some groups whose dates the index knows only up to a day before ``before``."""
    wanted = sa.select(_ENTRY.c.group_id).where(_ENTRY.c.meetings_until < before)
    return list(session.scalars(wanted.order_by(_ENTRY.c.meetings_until, _ENTRY.c.group_id).limit(limit)))


def rebuild_index(session: Session, *, today: date) -> int:
    """Afterwards the whole index is made anew; the number of listed groups is answered."""
    # The state first, then the entries, as everybody does: or two would wait for each other.
    next_version(session)
    session.execute(sa.delete(_ENTRY))
    session.execute(sa.update(FinderState).values(epoch=secrets.token_hex(8)))
    ids = list(session.scalars(sa.select(Group.id).where(Group.is_listed).order_by(Group.id)))
    with all_texts_anew(session):
        for start in range(0, len(ids), CHUNK):
            entries, texts = _made_for(session, ids[start : start + CHUNK], today)
            insert_rows(session, _ENTRY, entries)
            add_texts(session, texts)
    return len(ids)


def next_version(session: Session) -> int:
    """Take the next version; whoever wants the one after waits until this transaction ends."""
    session.info[WRITING] = session.get_transaction()
    version = session.execute(
        sa.update(FinderState)
        .where(FinderState.id == STATE_ID)
        .values(version=FinderState.version + 1)
        .returning(FinderState.version)
    ).scalar_one()
    return int(version)


def is_writing(session: Session) -> bool:
    """Whether the transaction of the session has changed the index: what it sees is not true for others yet."""
    return session.info.get(WRITING) is session.get_transaction() is not None


def true_place(row: Row[Any]) -> TruePlace | None:
    """Answer the meeting place of a row of ``group_columns()``."""
    if row.place_id is None:
        return None
    return TruePlace(
        row.place_name,
        row.street,
        row.postcode,
        row.town,
        row.latitude,
        row.longitude,
        row.point_quality in {"postcode", "town"},
    )


def place_shown(row: Row[Any]) -> DisclosedPlace | None:
    """Answer what may be known of the place of a row of ``group_columns()``; an online group has none."""
    if row.format == "online":
        return None
    return disclosed_place(
        disclosure=row.disclosure,
        place=true_place(row),
        house_latitude=row.house_latitude,
        house_longitude=row.house_longitude,
    )


def group_columns(*more: str) -> sa.Select[Any]:
    """Select what finder and index need of groups, their places and the points of their houses, and more columns."""
    return (
        sa.select(
            *(_GROUP.c[name] for name in (*_OF_EVERY_GROUP, *more)),
            _PLACE.c.name.label("place_name"),
            _PLACE.c.street,
            _PLACE.c.postcode,
            _PLACE.c.town,
            _PLACE.c.latitude,
            _PLACE.c.longitude,
            _PLACE.c.point_quality,
            _BRANCH.c.latitude.label("house_latitude"),
            _BRANCH.c.longitude.label("house_longitude"),
            _BRANCH.c.postcode.label("house_postcode"),
        )
        .join(_BRANCH, sa.and_(_BRANCH.c.clearinghouse_id == _GROUP.c.clearinghouse_id, _BRANCH.c.is_main))
        .outerjoin(_PLACE, _PLACE.c.id == _GROUP.c.place_id)
    )


def _index_chunk(session: Session, ids: Sequence[int], today: date) -> None:
    """Index some groups; all rows are read at once, all written at once."""
    entries, texts = _made_for(session, ids, today)
    session.execute(sa.delete(_ENTRY).where(_ENTRY.c.group_id.in_(ids)))
    insert_rows(session, _ENTRY, entries)
    store_texts(session, ids, texts)


def _made_for(session: Session, ids: Sequence[int], today: date) -> tuple[list[dict[str, Any]], Texts]:
    """Answer the entries of some groups in a version of their own, and their words."""
    version = next_version(session)
    session.flush()
    rows = session.execute(group_columns().where(_GROUP.c.id.in_(ids), Group.is_listed)).all()
    topics = _topics_of(session, ids)
    schedules = schedules_of(session, rows, span=around(today))
    places = [place_shown(row) for row in rows]
    gazetteer = get_gazetteer(session)
    placed = [place for place in places if place is not None]
    lats, lons = [place.latitude for place in placed], [place.longitude for place in placed]
    districts = iter(gazetteer.districts_at(lats, lons) if placed else [])
    towns = iter(gazetteer.nearest_towns(lats, lons) if placed else [])
    entries, texts = [], []
    for row, place in zip(rows, places, strict=True):
        district, town = (int(next(districts)), next(towns).name) if place is not None else (0, "")
        packed = pack_series(schedules[row.id].series, today=today)
        point = None if place is None else (to_e5(place.latitude), to_e5(place.longitude))
        entries.append(
            {
                "group_id": row.id,
                "version": version,
                "facts": pack_entry(
                    group_id=row.id,
                    point_e5=point,
                    flags=_flags(row),
                    topics=topics[row.id],
                    clearinghouse=row.clearinghouse_id,
                    district=district,
                    meetings=packed.count,
                ),
                "meetings": packed.patterns,
                "meetings_until": packed.until,
            }
        )
        words = [row.description, row.first_visit, *_place_words(place, town)]
        cells = [NO_CELL] if point is None else cell_tokens(*point)
        texts.append(
            (row.id, index_tokens(name=row.name, texts=words, topic_ids=topics[row.id], cells=cells))
        )
    listed = {row.id for row in rows}
    entries += [
        {"group_id": gone, "version": version, "facts": None, "meetings": b"", "meetings_until": None}
        for gone in ids
        if gone not in listed
    ]
    return entries, texts


def _place_words(place: DisclosedPlace | None, nearest_town: str) -> list[str]:
    """Answer the words of the place that may be searched: those that are shown."""
    if place is None:
        return []
    return [place.town, place.name] if place.precision == EXACT else [nearest_town]


def _flags(row: Row[Any]) -> int:
    """Answer the facet values of a group as one number; weekdays come from its meetings, as time goes by."""
    values = (tuple(row.access), tuple(row.audiences), tuple(row.languages))
    return _flags_of(row.format, row.status, row.for_affected, row.for_relatives, *values)


@lru_cache(maxsize=20_000)
def _flags_of(  # noqa: PLR0917 - the key of the cache
    form: str,
    status: str,
    for_affected: bool,  # noqa: FBT001
    for_relatives: bool,  # noqa: FBT001
    access: tuple[str, ...],
    audiences: tuple[str, ...],
    languages: tuple[str, ...],
) -> int:
    for_whom = [value for value, is_so in (("affected", for_affected), ("relatives", for_relatives)) if is_so]
    return flags_of(
        {
            "format": [form],
            "status": [status],
            "for": for_whom,
            "access": access,
            "audience": audiences,
            "language": languages,
        }
    )


def _topics_of(session: Session, ids: Sequence[int]) -> dict[int, list[int]]:
    topics: dict[int, list[int]] = defaultdict(list)
    of = GroupTopic.__table__.c
    wanted = sa.select(of.group_id, of.topic_id).where(of.group_id.in_(ids))
    for group_id, topic_id in session.execute(wanted.order_by(of.group_id, of.position)):
        topics[group_id].append(topic_id)
    return topics
