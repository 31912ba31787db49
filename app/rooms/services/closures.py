"""What groups have booked in rooms that are closed, for the mail that tells them of the closure."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app.groups.meetings.closures import Owner, places_closed_with
from app.groups.models import MeetingPlace
from app.groups.reservations import Reservation
from app.rooms.models import Room
from app.rooms.queries.bookings import list_bookings
from app.rooms.rules.calendar_layout import window_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

WALL_CLOCK = "Europe/Berlin"


def bookings_closed_by(
    session: Session, owner: Owner, first_on: date, last_on: date, now: datetime
) -> list[Reservation]:
    """Answer what groups have booked, or are offered, in a room closed with this place or house, by time.

    Only what touches one of the days, both included, and is not over. Bookings stay when a room is closed, so that
    taking the closure back is one step.
    """
    rooms = session.execute(
        sa.select(Room.id, Room.zone, MeetingPlace.name)
        .join(MeetingPlace, MeetingPlace.id == Room.place_id)
        .where(Room.place_id.in_(places_closed_with(session, owner)))
    )
    by_id = {room.id: room for room in rooms}
    return [
        Reservation(
            booking.group_id,
            by_id[booking.room_id].name,
            booking.starts_at.astimezone(ZoneInfo(by_id[booking.room_id].zone)),
            f"/accounts/groups/{booking.group_slug}/rooms",
        )
        for booking in list_bookings(session, by_id, window_of(first_on, last_on, WALL_CLOCK))
        if booking.group_id is not None and booking.ends_at > now
    ]
