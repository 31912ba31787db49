"""The dates of a group's series, as wanted times of a room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.groups.meetings.schedules import WALL_CLOCK, day_of, schedules_of
from app.groups.models import Group
from app.groups.rules.recurrence import APPOINTMENT, Rule
from app.groups.rules.schedule import ONLINE, Series, meetings
from app.groups.search_index import group_columns
from app.rooms.rules.availability import Span

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

STILL_WANTED = ("", "place_closed")
"""Causes for which a date of a series wants a room all the same: it takes place, or only its usual place is closed."""


@dataclass(frozen=True, slots=True)
class SeriesChoice:
    """A series that a room can be asked for."""

    id: int
    rule: Rule


def list_series(session: Session, group_id: int, *, now: datetime) -> list[SeriesChoice]:
    """Answer the series of a group that go on and need a room, in the order they were made."""
    today = day_of(now)
    return [
        SeriesChoice(series.id, series.rule)
        for series in _series(session, group_id, first_on=today, last_on=today)
        if series.format != ONLINE
        and series.rule.frequency != APPOINTMENT
        and (series.rule.until_on is None or series.rule.until_on >= today)
    ]


def dates_of_series(
    session: Session, group_id: int, series_id: int, *, first_on: date, last_on: date, now: datetime
) -> list[Span]:
    """Answer when a series of the group meets from one day to another, both included, but not before now."""
    chosen = [
        series
        for series in _series(session, group_id, first_on=first_on, last_on=last_on)
        if series.id == series_id
    ]
    start = max(now, _midnight(first_on))
    end = _midnight(last_on + timedelta(days=1))
    if start >= end:
        return []
    return [
        Span(each.starts_at, each.ends_at)
        for each in meetings(chosen, start=start, end=end)
        if each.cause in STILL_WANTED
    ]


def local_span(on: date, begins: time, ends: time, zone: str) -> Span:
    """Answer a time of a day by the clock on the wall; one that ends before it begins ends the next day.

    Raises:
        ValueError: it has no length.
    """
    wall = ZoneInfo(zone)
    ends_on = on if ends > begins else on + timedelta(days=1)
    if ends == begins:
        raise ValueError("begins and ends at the same time")
    return Span(datetime.combine(on, begins, wall), datetime.combine(ends_on, ends, wall))


def _series(session: Session, group_id: int, *, first_on: date, last_on: date) -> tuple[Series, ...]:
    row = session.execute(group_columns().where(Group.id == group_id)).one()
    span = (first_on - timedelta(days=2), last_on + timedelta(days=2))
    return schedules_of(session, [row], span=span)[group_id].series


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), WALL_CLOCK)
