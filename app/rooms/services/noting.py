"""What is done to rooms, requests and bookings is written down for the house of the room and for the group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.rooms.models import Room
from app.shared.history import note

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.rooms.models import RoomBooking, RoomRequest


def note_of_room(session: Session, action: str, room_id: int, *, now: datetime) -> None:
    """Afterwards it is written, if the caller commits, that this was done to a room."""
    note(session, action, now=now, record_id=room_id, clearinghouse_id=_house_of(session, room_id))


def note_of_request(session: Session, action: str, request: RoomRequest, *, now: datetime) -> None:
    """Afterwards it is written that this was done to a request, and how it stands now."""
    note(
        session,
        action,
        now=now,
        record_id=request.id,
        group_id=request.group_id,
        clearinghouse_id=_house_of(session, request.room_id),
        request_state=request.state,
    )


def note_of_booking(session: Session, action: str, booking: RoomBooking, *, now: datetime) -> None:
    """Afterwards it is written that this was done to a booking."""
    note(
        session,
        action,
        now=now,
        record_id=booking.id,
        group_id=booking.group_id,
        clearinghouse_id=_house_of(session, booking.room_id),
        starts_at=booking.starts_at.isoformat(),
    )


def _house_of(session: Session, room_id: int) -> int:
    return session.scalars(sa.select(Room.clearinghouse_id).where(Room.id == room_id)).one()
