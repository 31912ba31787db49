"""The figures of a clearing house in a year, as far as the system knows them: counted, never typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.groups.interest.foundings import FOUNDED
from app.groups.meetings.own_groups import list_own_groups
from app.groups.meetings.schedules import WALL_CLOCK, day_of
from app.groups.models import Founding, Group, GroupAbsence, MeetingAttendance, MeetingSeries
from app.groups.rules.attendance import attendance_in
from app.groups.rules.life import CLOSED, DORMANT, LISTED, MERGED, PAUSED
from app.groups.rules.schedule import meetings
from app.rooms.models import Room, RoomBooking
from app.rooms.rules.vocabulary import CONFIRMED

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy.orm import Session

_THERE = (LISTED, PAUSED, DORMANT)


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted of a year, and on which day: of a year that is not over, what there was until then."""

    year: int
    counted_on: date
    counts: Mapping[str, int]

    def row(self) -> dict[str, Any]:
        """Answer the figures as they are kept."""
        return {"year": self.year, "counted_on": self.counted_on.isoformat(), "counts": dict(self.counts)}


def figures_from(row: Mapping[str, Any]) -> Figures:
    """Answer figures as they were kept."""
    return Figures(row["year"], date.fromisoformat(row["counted_on"]), row["counts"])


def count_figures(session: Session, house_id: int, year: int, *, now: datetime) -> Figures:
    """Answer what a house did in a calendar year by the clocks in Germany; of a year not over, until now."""
    start, end = (
        datetime.combine(date(each, 1, 1), time(), WALL_CLOCK).astimezone(UTC) for each in (year, year + 1)
    )
    until = min(end, now.astimezone(UTC))
    ended = _ended(session, house_id)
    began = _began(session, house_id)
    there = [
        group_id
        for group_id, moment in began.items()
        if moment < until and ended.get(group_id, until) >= until
    ]
    held, came = _meetings(session, began, year, start, until)
    bookings, minutes = _rooms(session, house_id, start, until)
    founded = sa.select(sa.func.count()).where(
        Founding.clearinghouse_id == house_id,
        Founding.state == FOUNDED,
        Founding.ended_at >= start,
        Founding.ended_at < until,
    )
    counts = {
        "groups": len(there),
        "joined": sum(start <= moment < until for moment in began.values()),
        "founded": session.scalar(founded) or 0,
        "closed": sum(start <= moment < until for moment in ended.values()),
        "meetings": held,
        "came": came,
        "bookings": bookings,
        "hours": minutes // 60,
    }
    return Figures(year, day_of(now), counts)


def _began(session: Session, house_id: int) -> dict[int, datetime]:
    """Answer since when each group of a house is known to be there: registered, or with dates from before."""
    found = session.execute(
        sa.select(Group.id, Group.created_at, sa.func.min(MeetingSeries.first_on))
        .outerjoin(MeetingSeries, MeetingSeries.group_id == Group.id)
        .outerjoin(GroupAbsence, GroupAbsence.group_id == Group.id)
        .where(
            Group.clearinghouse_id == house_id,
            Group.state.in_(_THERE) | Group.state.in_((CLOSED, MERGED)) & GroupAbsence.since.is_not(None),
        )
        .group_by(Group.id, Group.created_at)
    )
    return {
        group_id: min(
            created_at,
            datetime.combine(first_on, time(), WALL_CLOCK).astimezone(UTC) if first_on else created_at,
        )
        for group_id, created_at, first_on in found
    }


def _ended(session: Session, house_id: int) -> dict[int, datetime]:
    """Answer when each group that is closed, or went on in another, ended."""
    since = (
        sa.select(GroupAbsence.group_id, GroupAbsence.since)
        .join(Group, Group.id == GroupAbsence.group_id)
        .where(Group.clearinghouse_id == house_id, Group.state.in_((CLOSED, MERGED)))
    )
    return dict(session.execute(since).tuples().all())


def _meetings(
    session: Session, ids: Collection[int], year: int, start: datetime, until: datetime
) -> tuple[int, int]:
    """Answer how many meetings were held, and how many came to those where somebody noted it."""
    if until <= start:
        return 0, 0
    found = list_own_groups(session, ids, span=(date(year - 1, 11, 1), date(year + 1, 2, 1)))
    series = [each for group in found for each in group.schedule.series]
    dates = meetings(series, start=start, end=until)
    noted = session.execute(
        sa.select(MeetingAttendance.series_id, MeetingAttendance.on_day, MeetingAttendance.count).where(
            MeetingAttendance.series_id.in_([each.id for each in series]),
            MeetingAttendance.on_day.between(date(year, 1, 1), date(year, 12, 31)),
        )
    )
    figures = attendance_in(dates, {(series_id, on): count for series_id, on, count in noted})
    return figures.held, round((figures.average or 0) * figures.counted)


def _rooms(session: Session, house_id: int, start: datetime, until: datetime) -> tuple[int, int]:
    """Answer how often rooms of the house were used, and for how many minutes."""
    used = session.execute(
        sa.select(RoomBooking.starts_at, RoomBooking.ends_at)
        .join(Room, Room.id == RoomBooking.room_id)
        .where(
            Room.clearinghouse_id == house_id,
            RoomBooking.state == CONFIRMED,
            RoomBooking.starts_at >= start,
            RoomBooking.starts_at < until,
        )
    ).all()
    return len(used), sum(int((ends_at - starts_at).total_seconds()) // 60 for starts_at, ends_at in used)
