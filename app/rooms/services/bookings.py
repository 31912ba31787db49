"""Bookings: made so that two never overlap, cancelled, and freed when an offer was not answered.

Whoever books locks the rooms first, so that looking and booking are one step and two who wait for one another's
bookings cannot stand still for ever. What holds even without the lock is the database's constraint.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from app.rooms.models import TIME_CONSTRAINT, Room, RoomBooking
from app.rooms.rules.availability import Span
from app.rooms.rules.vocabulary import ACTIVE_STATES, CANCELLED, CONFIRMED
from app.rooms.services.noting import note_of_booking
from app.shared.errors import NotFound, RuleBroken

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LONGEST_BOOKING = timedelta(days=31)
LONGEST_TITLE = 80


@dataclass(frozen=True, slots=True)
class NewBooking:
    """A booking to be made: for a group, or with a title for the house itself."""

    room_id: int
    span: Span
    group_id: int | None = None
    title: str = ""
    request_date_id: int | None = None
    state: str = CONFIRMED
    held_until: datetime | None = None


def lock_rooms(session: Session, room_ids: Collection[int]) -> None:
    """Afterwards nobody else books these rooms until the transaction ends.

    Raises:
        NotFound: one of them does not exist.
    """
    # In order of the key, so that two who need the same rooms wait for each other only one way.
    statement = sa.select(Room.id).where(Room.id.in_(room_ids)).order_by(Room.id)
    found = session.scalars(statement.with_for_update(key_share=True)).all()
    if set(room_ids) - set(found):
        raise NotFound(_("There is no such room."), code="unknown_room")


def store_bookings(session: Session, bookings: Iterable[NewBooking], *, now: datetime) -> list[int]:
    """Afterwards all of them are booked, or none; answer their ids in order.

    Raises:
        RuleBroken: ``room_taken``: somebody has a room at one of the times.
    """
    rows = [
        RoomBooking(
            room_id=each.room_id,
            group_id=each.group_id,
            request_date_id=each.request_date_id,
            title=each.title,
            starts_at=each.span.starts_at,
            ends_at=each.span.ends_at,
            state=each.state,
            held_until=each.held_until,
            cancel_reason="",
            created_at=now,
        )
        for each in bookings
    ]
    try:
        with session.begin_nested():
            session.add_all(rows)
            session.flush()
    except IntegrityError as error:
        if TIME_CONSTRAINT not in str(error.orig):
            raise
        raise room_taken() from error
    return [row.id for row in rows]


def room_taken() -> RuleBroken:
    """Answer what is said to whoever comes second."""
    return RuleBroken(
        _("Somebody else has booked the room at this time. Please choose another time or another room."),
        code="room_taken",
    )


def book_for_house(session: Session, room_id: int, span: Span, *, title: str, now: datetime) -> int:
    """Afterwards the house itself has the room, at any hour; answer the booking's id.

    Pressed twice, the same booking is answered.

    Raises:
        NotFound: there is no such room.
        RuleBroken: there is no title, the time is over or too long, or the room is taken.
    """
    title = " ".join(title.split())
    if not 1 <= len(title) <= LONGEST_TITLE:
        raise RuleBroken(_("Please say in 1 to 80 characters what the room is used for."), field="title")
    if span.ends_at <= now:
        raise RuleBroken(_("This time is over. Please choose a later one."), field="date")
    if span.duration > LONGEST_BOOKING:
        raise RuleBroken(_("Please book at most 31 days in one go."), field="date")
    lock_rooms(session, [room_id])
    same = session.scalar(
        sa.select(RoomBooking.id).where(
            RoomBooking.room_id == room_id,
            RoomBooking.group_id.is_(None),
            RoomBooking.title == title,
            RoomBooking.starts_at == span.starts_at,
            RoomBooking.ends_at == span.ends_at,
            RoomBooking.state == CONFIRMED,
        )
    )
    if same is not None:
        return same
    booking_id = store_bookings(session, [NewBooking(room_id, span, title=title)], now=now)[0]
    note_of_booking(session, "booking.made", session.get_one(RoomBooking, booking_id), now=now)
    return booking_id


def cancel_booking(session: Session, booking_id: int, *, reason: str = "", now: datetime) -> bool:
    """Afterwards the booking no longer takes the room; answer whether it did until now.

    Raises:
        NotFound: there is no such booking.
        RuleBroken: it is over already.
    """
    booking = session.get(RoomBooking, booking_id, with_for_update=True, populate_existing=True)
    if booking is None:
        raise NotFound(_("There is no such booking."), code="unknown_booking")
    if booking.state not in ACTIVE_STATES:
        return False
    if booking.ends_at <= now:
        raise RuleBroken(_("This meeting is over and can no longer be cancelled."), code="booking_over")
    _cancel(session, booking, reason, now=now)
    session.flush()
    return True


def cancel_coming_bookings(
    session: Session, room_id: int, group_id: int, *, reason: str = "", now: datetime
) -> list[int]:
    """Afterwards the group has no booking of the room that begins from now on; answer those that it had."""
    coming = session.scalars(
        sa.select(RoomBooking)
        .where(
            RoomBooking.room_id == room_id,
            RoomBooking.group_id == group_id,
            RoomBooking.starts_at >= now,
            RoomBooking.state.in_(ACTIVE_STATES),
        )
        .order_by(RoomBooking.starts_at)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for booking in coming:
        _cancel(session, booking, reason, now=now)
    session.flush()
    return [booking.id for booking in coming]


def _cancel(session: Session, booking: RoomBooking, reason: str, *, now: datetime) -> None:
    booking.state = CANCELLED
    booking.held_until = None
    booking.cancel_reason = reason.strip()
    note_of_booking(session, "booking.cancelled", booking, now=now)
