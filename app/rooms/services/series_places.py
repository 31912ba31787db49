"""A series whose dates are booked in a room is entered as meeting there: or a seeker stands before the wrong door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.groups.meetings.closable import place_label
from app.groups.meetings.schedules import day_of, rule_of
from app.groups.meetings.services import meet_at
from app.groups.models import Group, MeetingPlace, MeetingSeries
from app.groups.rules.listing import disclosure_now
from app.groups.rules.schedule import ONLINE
from app.rooms.queries.requests import get_request
from app.rooms.queries.rooms import RoomRow, get_room
from app.rooms.rules.vocabulary import CONFIRMED
from app.shared.errors import RuleBroken

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.groups.rules.recurrence import Rule
    from app.rooms.queries.requests import RequestRow


@dataclass(frozen=True, slots=True)
class SeriesPlace:
    """The room that a series would meet in, beside where it is entered to meet so far.

    ``before`` is in one line, ``hint`` what stands beside it; both are true, whoever may know them. ``disclosure`` is
    how exactly everybody may know: that of the group, and that of the clearing house while the group is not listed.
    """

    rule: Rule
    room: RoomRow
    before: str
    hint: str
    disclosure: str
    is_done: bool


def booked_room_id(row: RequestRow, *, now: datetime) -> int | None:
    """Answer the room in which all dates to come of a request are booked; None if there are none, or several rooms."""
    rooms = {
        date.booking.room_id
        for date in row.dates
        if date.booking and date.booking.state == CONFIRMED and date.booking.ends_at > now
    }
    return rooms.pop() if len(rooms) == 1 else None


def find_series_place(
    session: Session, row: RequestRow, *, room_id: int | None, now: datetime
) -> SeriesPlace | None:
    """Answer what entering a room as the place of the series changes.

    None without a room or a series, when the series meets online or is over.
    """
    if room_id is None or row.series_id is None:
        return None
    found = session.execute(
        sa.select(MeetingSeries, Group, MeetingPlace)
        .join(Group, Group.id == MeetingSeries.group_id)
        .outerjoin(MeetingPlace, MeetingPlace.id == sa.func.coalesce(MeetingSeries.place_id, Group.place_id))
        .where(MeetingSeries.id == row.series_id, MeetingSeries.format != ONLINE)
    ).one_or_none()
    if found is None:
        return None
    series, group, place = found
    if series.until_on is not None and series.until_on < day_of(now):
        return None
    room = get_room(session, room_id)
    return SeriesPlace(
        rule=rule_of(series),
        room=room,
        before=place_label(place) if place else "",
        hint=series.where_note,
        disclosure=disclosure_now(group.disclosure, is_listed=group.is_listed),
        is_done=series.place_id == room.place_id,
    )


def meet_where_booked(session: Session, request_id: int, *, now: datetime) -> bool:
    """Afterwards the series of a request meets in the room that is booked for it; answer whether it did not until now.

    Raises:
        NotFound: there is no such request.
        RuleBroken: it is not about a series, or its dates to come are not booked in one room.
    """
    row = get_request(session, request_id)
    room_id = booked_room_id(row, now=now)
    found = find_series_place(session, row, room_id=room_id, now=now)
    if found is None or row.series_id is None:
        raise RuleBroken(
            _("No room is booked for the dates of a series here. Please enter the place with your dates."),
            code="no_room_of_series",
        )
    return meet_at(session, row.series_id, found.room.place_id, where_note=found.room.name, now=now)
