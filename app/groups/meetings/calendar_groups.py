"""What goes into calendar files: groups with their dates as anybody may know them, by slug, question or place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.groups import finder
from app.groups.forms import FinderRequest
from app.groups.meetings.schedules import day_of, schedules_of
from app.groups.meetings.shown import ShownSchedule, disclose_schedule
from app.groups.models import Group, GroupAbsence, MeetingChange, MeetingPlace, MeetingSeries, Topic
from app.groups.queries import topics_of, unknown_group
from app.groups.rules.absence import without_absence
from app.groups.rules.calendar_entries import Wanted, wanted_around
from app.groups.rules.life import LISTED
from app.groups.rules.listing import EXACT
from app.groups.rules.schedule import ONLINE
from app.groups.search_index import group_columns
from app.shared.errors import BadInput, NotFound

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MOST_GROUPS = 1000
"""In one calendar: more than a clearing house has, and no more than a second of work at each time it is asked for."""
_GROUP, _SERIES, _CHANGE, _PLACE = (
    model.__table__ for model in (Group, MeetingSeries, MeetingChange, MeetingPlace)
)


@dataclass(frozen=True, slots=True)
class CalendarGroup:
    """A group with what a calendar tells of it; ``updated_at`` is the last change of its listing."""

    slug: str
    name: str
    topics: tuple[Topic, ...]
    schedule: ShownSchedule
    updated_at: datetime


def calendar_of_group(session: Session, slug: str, *, now: datetime) -> tuple[CalendarGroup, Wanted]:
    """Answer a group that is or was listed, and which of its dates its calendar holds.

    Who has subscribed to a group that pauses, is asleep or has closed sees that its dates end, instead of old ones for
    ever; but no longer where it met.

    Raises:
        NotFound: there is none of this slug, or it was never listed.
    """
    wanted = wanted_around(day_of(now))
    absence = session.scalar(
        sa.select(GroupAbsence).join(Group, Group.id == GroupAbsence.group_id).where(Group.slug == slug)
    )
    was_listed = Group.is_listed if absence is None else sa.true()
    groups = _read(session, sa.and_(_GROUP.c.slug == slug, was_listed), wanted)
    if not groups:
        raise unknown_group()
    return (groups[0] if absence is None else _absent(groups[0], absence)), wanted


def _absent(group: CalendarGroup, absence: GroupAbsence) -> CalendarGroup:
    """Answer a group without the dates of the time in which it is not to be found."""
    since = day_of(absence.since)
    stored = [
        replace(each, series=series)
        for each in group.schedule.stored
        if (series := without_absence(each.series, since=since, resumes_on=absence.resumes_on)) is not None
    ]
    return replace(group, schedule=replace(group.schedule, stored=tuple(stored)))


def calendar_of_question(
    session: Session, asked: FinderRequest, *, place_id: int | None, now: datetime, most: int = MOST_GROUPS
) -> tuple[list[CalendarGroup], Wanted]:
    """Answer the groups that fit, at a place if one is named, and which of their dates the calendar holds.

    Raises:
        BadInput: the question was not understood, or more groups fit than ``most``.
        NotFound: no group meets at the place, as far as anybody may know.
    """
    columns, hits, _rows, _sort = finder.find_rows(session, replace(asked, page=1, per_page=1), now=now)
    ids: list[int] = columns.group_id[hits.rows].tolist()
    if place_id is not None:
        there = _ids_at(session, place_id)
        ids = [group_id for group_id in ids if group_id in there]
    if len(ids) > most:
        raise BadInput(
            _(
                "A calendar holds at most %(most)s groups, and %(count)s fit. Please narrow it down: choose a topic,"
                " a place or a clearing house.",
                most=most,
                count=len(ids),
            ),
            code="too_many_groups",
        )
    wanted = _wanted(asked, place_id=place_id, now=now)
    return _read(session, sa.and_(_GROUP.c.id.in_(ids), Group.is_listed), wanted), wanted


def get_place_name(session: Session, place_id: int) -> str:
    """Answer the name of a place at which, as anybody may know, a group meets.

    Raises:
        NotFound: there is no such place, or not everybody may know of it.
    """
    _ids_at(session, place_id)
    return session.execute(sa.select(_PLACE.c.name).where(_PLACE.c.id == place_id)).scalar_one()


def _ids_at(session: Session, place_id: int) -> set[int]:
    """Answer the listed groups that meet at a place, at least once, and tell everybody exactly where.

    Raises:
        NotFound: there is none.
    """
    own = sa.func.coalesce(_SERIES.c.place_id, _GROUP.c.place_id) == place_id
    moved_there = _SERIES.c.id.in_(sa.select(_CHANGE.c.series_id).where(_CHANGE.c.place_id == place_id))
    wanted = (
        sa.select(_GROUP.c.id)
        .join(_SERIES, _SERIES.c.group_id == _GROUP.c.id)
        .join(_PLACE, _PLACE.c.id == place_id)
        .where(Group.is_listed, _GROUP.c.disclosure == EXACT, _SERIES.c.format != ONLINE)
        .where(_PLACE.c.latitude.is_not(None), sa.or_(own, moved_there))
    )
    ids = set(session.scalars(wanted))
    if not ids:
        raise NotFound(
            _("We do not know this meeting place. Perhaps nobody meets there any more."),
            code="unknown_place",
            field="place",
        )
    return ids


def _wanted(asked: FinderRequest, *, place_id: int | None, now: datetime) -> Wanted:
    """Answer the dates that a question means: its days, weekdays and times hold for each of them."""
    around = wanted_around(day_of(now))
    minutes = None
    if asked.minute_from is not None or asked.minute_to is not None:
        minutes = (asked.minute_from or 0, asked.minute_to or 24 * 60)
    return replace(
        around,
        first=max(around.first, asked.date_from or around.first),
        last=max(around.last, asked.date_from or around.last),
        until=asked.date_to,
        weekdays=frozenset(int(weekday) for weekday in asked.values.get("weekday", ())),
        minutes=minutes,
        place=place_id,
    )


def _read(session: Session, chosen: sa.ColumnElement[bool], wanted: Wanted) -> list[CalendarGroup]:
    """Answer the groups chosen, always in the same order; six queries at most."""
    rows = session.execute(group_columns("updated_at", "state").where(chosen).order_by(_GROUP.c.id)).all()
    topics = topics_of(session, [row.id for row in rows])
    schedules = schedules_of(session, rows, span=(wanted.first, wanted.last))
    return [
        CalendarGroup(
            row.slug,
            row.name,
            tuple(topics[row.id]),
            disclose_schedule(row, schedules[row.id], is_listed=row.state == LISTED),
            row.updated_at,
        )
        for row in rows
    ]
