"""Reads of groups for those who look after them: with true places, and everything that touches their dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.groups.meetings.closures import Owner, list_closures
from app.groups.meetings.schedules import Schedule, Stored, around, day_of, schedules_of
from app.groups.models import Closure, Group, MeetingPlace, MeetingSeries
from app.groups.rules.recurrence import goes_on
from app.groups.rules.schedule import ADDED, Meeting, next_meetings
from app.groups.search_index import group_columns
from app.places.gazetteer import get_gazetteer
from app.places.queries import school_holidays_known_until

if TYPE_CHECKING:
    from sqlalchemy.engine import Row
    from sqlalchemy.orm import Session

DATES_SHOWN = 10
LARGEST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Holidays:
    """The Land whose holidays a place has; ``school_until`` is the last day of the school holidays that are known."""

    land: str = ""
    school_until: date | None = None


@dataclass(frozen=True, slots=True)
class ManagedGroup:
    """A group with its series that go on and when it rests; nothing of it is for everybody's eyes."""

    row: Row[Any]
    schedule: Schedule
    breaks: tuple[Closure, ...]

    def series(self, series_id: int) -> Stored | None:
        """Answer one of its series, or None."""
        return next((each for each in self.schedule.stored if each.series.id == series_id), None)

    def upcoming(self, *, now: datetime, count: int = DATES_SHOWN) -> list[Meeting]:
        """Answer the next dates until so many of them take place."""
        return next_meetings(self.schedule.series, now=now, count=count)


def find_managed_group(session: Session, slug: str, *, now: datetime) -> ManagedGroup | None:
    """Answer a group, listed or not, with its series that go on; None if there is none."""
    group_row = session.execute(group_columns().where(Group.slug == slug)).one_or_none()
    if group_row is None:
        return None
    today = day_of(now)
    schedule = schedules_of(session, [group_row], span=around(today))[group_row.id]
    going_on = tuple(each for each in schedule.stored if _goes_on(each, today))
    breaks = tuple(list_closures(session, Owner(group_id=group_row.id), since=today))
    return ManagedGroup(group_row, Schedule(going_on, schedule.places), breaks)


def find_series(session: Session, group_id: int, series_id: int) -> MeetingSeries | None:
    """Answer a series of the group, or None."""
    if not 0 < series_id <= LARGEST_ID:
        return None
    return session.scalar(
        sa.select(MeetingSeries).where(MeetingSeries.id == series_id, MeetingSeries.group_id == group_id)
    )


def find_place(session: Session, place_id: int | None) -> MeetingPlace | None:
    """Answer a place, or None."""
    return None if place_id is None else session.get(MeetingPlace, place_id)


def find_place_at(session: Session, name: str, street: str, postcode: str, town: str) -> MeetingPlace | None:
    """Answer the place at an address that a series would meet at, if it is known already."""
    address = sa.and_(
        MeetingPlace.name == name,
        MeetingPlace.street == street,
        MeetingPlace.postcode == postcode,
        MeetingPlace.town == town,
    )
    return session.scalar(sa.select(MeetingPlace).where(address).order_by(MeetingPlace.id).limit(1))


def count_other_groups_at(session: Session, group: ManagedGroup) -> int:
    """Answer how many other groups meet at the place of a group, by itself or by one of their series."""
    if group.row.place_id is None:
        return 0
    there = sa.select(MeetingSeries.group_id).where(MeetingSeries.place_id == group.row.place_id)
    others = sa.or_(Group.place_id == group.row.place_id, Group.id.in_(there))
    wanted = sa.select(sa.func.count()).select_from(Group).where(others, Group.id != group.row.id)
    return session.scalar(wanted) or 0


def holidays_at(session: Session, postcode: str) -> Holidays:
    """Answer whose holidays hold at a postcode; no Land where it is not known."""
    place = get_gazetteer(session).find_postcode(postcode)
    if place is None:
        return Holidays()
    return Holidays(place.state, school_holidays_known_until(session, place.state_ags))


def postcode_of(group: Row[Any], place: MeetingPlace | Row[Any] | None, format_: str) -> str:
    """Answer the postcode whose holidays count: that of the place, online that of the clearing house."""
    if format_ == "online" or (place is None and group.place_id is None):
        return str(group.house_postcode)
    return str(group.postcode if place is None else place.postcode)


def _goes_on(stored: Stored, today: date) -> bool:
    """Whether a series has dates to come, by its rule or added, or is kept by appointment."""
    added = (each.new_on for each in stored.series.changes if each.kind == ADDED)
    return goes_on(stored.series.rule, today=today) or any((day or today) >= today for day in added)
