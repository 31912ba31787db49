"""Bookings, with what is needed to say who comes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.groups.models import Group
from app.rooms.models import RoomBooking, RoomRequestDate
from app.rooms.rules.availability import Span
from app.rooms.rules.vocabulary import ACTIVE_STATES

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class BookingRow:
    """A booking with what is needed to name who comes; ``group_name`` is None for the house's own use."""

    id: int
    room_id: int
    group_id: int | None
    group_name: str | None
    group_slug: str | None
    is_listed: bool
    disclosure: str
    title: str
    starts_at: datetime
    ends_at: datetime
    state: str
    request_date_id: int | None
    request_id: int | None

    @property
    def span(self) -> Span:
        """The time it takes."""
        return Span(self.starts_at, self.ends_at)


def list_bookings(session: Session, room_ids: Collection[int], window: Span) -> list[BookingRow]:
    """Answer the bookings that take these rooms at some moment of a window, by time."""
    return _bookings(
        session,
        RoomBooking.room_id.in_(room_ids),
        RoomBooking.ends_at > window.starts_at,
        RoomBooking.starts_at < window.ends_at,
        RoomBooking.state.in_(ACTIVE_STATES),
    )


def _bookings(session: Session, *conditions: sa.ColumnElement[bool]) -> list[BookingRow]:
    """Answer bookings by time, those of one moment by room."""
    found = session.execute(
        sa.select(
            RoomBooking.id,
            RoomBooking.room_id,
            RoomBooking.group_id,
            Group.name.label("group_name"),
            Group.slug.label("group_slug"),
            sa.func.coalesce(Group.is_listed, sa.false()).label("is_listed"),
            sa.func.coalesce(Group.disclosure, "").label("disclosure"),
            RoomBooking.title,
            RoomBooking.starts_at,
            RoomBooking.ends_at,
            RoomBooking.state,
            RoomBooking.request_date_id,
            RoomRequestDate.request_id,
        )
        .outerjoin(Group, Group.id == RoomBooking.group_id)
        .outerjoin(RoomRequestDate, RoomRequestDate.id == RoomBooking.request_date_id)
        .where(*conditions)
        .order_by(RoomBooking.starts_at, RoomBooking.room_id, RoomBooking.id)
    )
    return [BookingRow(**row) for row in found.mappings()]


def find_booking(session: Session, booking_id: int) -> BookingRow | None:
    """Answer a booking, a cancelled one too, or None."""
    return next(iter(_bookings(session, RoomBooking.id == booking_id)), None)


def list_coming_of_group(session: Session, group_id: int, *, now: datetime) -> list[BookingRow]:
    """Answer what a group has booked or is offered from now on, by time."""
    return _bookings(
        session,
        RoomBooking.group_id == group_id,
        RoomBooking.ends_at > now,
        RoomBooking.state.in_(ACTIVE_STATES),
    )


def bookings_of_dates(session: Session, request_ids: Collection[int]) -> dict[int, BookingRow]:
    """Answer the living booking of each date of some requests, by the id of the date."""
    dates = sa.select(RoomRequestDate.id).where(RoomRequestDate.request_id.in_(request_ids))
    found = _bookings(session, RoomBooking.request_date_id.in_(dates), RoomBooking.state.in_(ACTIVE_STATES))
    return {each.request_date_id: each for each in found if each.request_date_id is not None}
