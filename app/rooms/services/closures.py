"""A room is closed for some days: the bookings inside are shown as closed, and their groups are told."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.groups.closures import Owner, close, places_closed_with
from app.groups.models import Closure
from app.rooms.models import Room
from app.rooms.queries.bookings import BookingRow, list_bookings
from app.rooms.rules.calendar_layout import window_of
from app.rooms.services.notices import tell_of_closed

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

WALL_CLOCK = "Europe/Berlin"


def list_bookings_closed_by(
    session: Session, owner: Owner, *, first_on: date, last_on: date
) -> list[BookingRow]:
    """Answer the bookings that take a room closed with this place or house on one of these days, by time."""
    places = places_closed_with(session, owner)
    room_ids = session.scalars(sa.select(Room.id).where(Room.place_id.in_(places))).all()
    return list_bookings(session, room_ids, window_of(first_on, last_on, WALL_CLOCK))


def close_room(
    session: Session, room_id: int, *, first_on: date, last_on: date, reason: str = "", now: datetime
) -> list[BookingRow]:
    """Afterwards the room is closed on these days, both included; answer the bookings that this concerns.

    Bookings stay, so that taking the closure back is one step. Pressed twice, nobody is told twice.

    Raises:
        NotFound, RuleBroken: as ``app.groups.closures.close``.
    """
    owner = Owner(place_id=session.scalar(sa.select(Room.place_id).where(Room.id == room_id)) or 0)
    newest = session.scalar(sa.select(sa.func.max(Closure.id))) or 0
    closure_id = close(session, owner, first_on=first_on, last_on=last_on, reason=reason, now=now)
    if closure_id <= newest:
        return []
    return tell_groups_of_closure(session, owner, first_on=first_on, last_on=last_on, reason=reason, now=now)


def tell_groups_of_closure(
    session: Session, owner: Owner, *, first_on: date, last_on: date, reason: str, now: datetime
) -> list[BookingRow]:
    """Afterwards each group that has booked a closed room hears of it in one mail a room; answer the bookings."""
    concerned = [
        booking
        for booking in list_bookings_closed_by(session, owner, first_on=first_on, last_on=last_on)
        if booking.ends_at > now
    ]
    by_group: defaultdict[tuple[int, int], list[BookingRow]] = defaultdict(list)
    for booking in concerned:
        if booking.group_id is not None:
            by_group[booking.room_id, booking.group_id].append(booking)
    for (room_id, group_id), bookings in by_group.items():
        spans = [booking.span for booking in bookings]
        tell_of_closed(session, room_id, group_id, spans, reason=reason, now=now)
    return concerned
