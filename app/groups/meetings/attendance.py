"""How many came: noted for meetings that are over, as a number without names, and summed up for a year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.groups.meetings.noting import note_of_series
from app.groups.meetings.own_groups import list_own_groups
from app.groups.meetings.schedules import WALL_CLOCK, Schedule
from app.groups.models import MeetingAttendance
from app.groups.rules.attendance import MOST_PEOPLE, Attendance, Key, attendance_in
from app.groups.rules.schedule import Meeting, meetings
from app.shared.database import insert_into
from app.shared.errors import NotFound, RuleBroken

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LOOK_BACK = timedelta(days=366)
"""Numbers can be noted for meetings of the last twelve months."""


@dataclass(frozen=True, slots=True)
class PastMeeting:
    """A meeting that is over, and how many came; None: not noted."""

    meeting: Meeting
    count: int | None

    @property
    def key(self) -> Key:
        """The series, and the day by which it knows the meeting."""
        return self.meeting.series_id, self.meeting.on


def note_attendance(
    session: Session, schedule: Schedule, counts: Mapping[Key, int | None], *, now: datetime
) -> None:
    """Afterwards the numbers of these meetings of a group are noted; None takes a number back.

    Args:
        session: the caller's.
        schedule: of the group, true for the last twelve months.
        counts: series and day → how many came.
        now: the present moment.

    Raises:
        NotFound: the group had no such meeting in the last twelve months.
        RuleBroken: the number is not 0 to 1,000.
    """
    known = {each.key for each in list_past_meetings(session, schedule, now=now)}
    for key, count in counts.items():
        if key not in known:
            raise NotFound(_("The group had no meeting on this day."), code="unknown_date")
        if count is not None and not 0 <= count <= MOST_PEOPLE:
            raise RuleBroken(number_words(), field="count")
        _note(session, key, count, now=now)
    if counts:
        series_id = next(iter(counts))[0]
        note_of_series(session, "attendance.noted", series_id, now=now, meetings=len(counts))


def number_words() -> str:
    """Answer the sentence beside a number that cannot be."""
    return _("Please give a whole number from 0 to %(most)s, or leave the field empty.", most=MOST_PEOPLE)


def list_past_meetings(session: Session, schedule: Schedule, *, now: datetime) -> list[PastMeeting]:
    """Answer the meetings of the last twelve months that took place and have begun, latest first."""
    dates = meetings(schedule.series, start=now - LOOK_BACK, end=now)
    counts = _counts(session, [each.series.id for each in schedule.stored])
    return [
        PastMeeting(each, counts.get((each.series_id, each.on)))
        for each in reversed(dates)
        if not each.is_cancelled
    ]


def attendance_of(session: Session, group_id: int, year: int, *, now: datetime) -> Attendance:
    """Answer the figures of a calendar year, by the clocks in Germany; of the present year until now."""
    start, end = (datetime.combine(date(each, 1, 1), time(), WALL_CLOCK) for each in (year, year + 1))
    found = list_own_groups(session, [group_id], span=(date(year - 1, 11, 1), date(year + 1, 2, 1)))
    if not found:
        return Attendance(0, 0, None)
    series = found[0].schedule.series
    over = min(end.astimezone(UTC), now.astimezone(UTC))
    # A date moved over New Year belongs to the year in which it took place, whatever day the series knows it by.
    elsewhere = {
        (each.series_id, each.on) for each in meetings(series, start=start - LOOK_BACK, end=end + LOOK_BACK)
    }
    dates = meetings(series, start=start, end=over)
    own = {(each.series_id, each.on) for each in dates}
    counts = {
        key: count
        for key, count in _counts(session, [each.id for each in series]).items()
        if key in own or (key not in elsewhere and key[1].year == year)
    }
    return attendance_in(dates, counts)


def _note(session: Session, key: Key, count: int | None, *, now: datetime) -> None:
    """Write the number of one meeting in place of an earlier one."""
    series_id, on = key
    if count is None:
        session.execute(
            sa.delete(MeetingAttendance).where(
                MeetingAttendance.series_id == series_id, MeetingAttendance.on_day == on
            )
        )
        return
    new = insert_into(session, MeetingAttendance).values(
        series_id=series_id, on_day=on, count=count, noted_at=now
    )
    session.execute(
        new.on_conflict_do_update(
            index_elements=["series_id", "on_day"],
            set_={"count": new.excluded.count, "noted_at": new.excluded.noted_at},
        )
    )


def _counts(session: Session, series_ids: Iterable[int]) -> dict[Key, int]:
    wanted = sa.select(MeetingAttendance.series_id, MeetingAttendance.on_day, MeetingAttendance.count)
    rows = session.execute(wanted.where(MeetingAttendance.series_id.in_(list(series_ids))))
    return {(series_id, on): count for series_id, on, count in rows}
