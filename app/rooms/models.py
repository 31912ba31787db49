"""Rooms, their photos and hours, what groups ask for, and what is booked.

That two bookings of a room never overlap is held by the database itself (migration 0008): an exclusion constraint on
PostgreSQL, triggers on SQLite, both called ``ex_room_booking_time``. See docs/adr/0008.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.database import IntPk
from app.shared.extensions import db
from app.shared.privacy import NO_PERSONAL_DATA, Processing

if TYPE_CHECKING:
    from app.shared.database import Base as Model
else:
    Model = db.Model

TIME_CONSTRAINT = "ex_room_booking_time"
"""What refuses an overlap, on both kinds of database."""
IS_ACTIVE = "state IN ('held', 'confirmed')"


class Room(Model):
    """A meeting place that can be booked: its hours, its rules, and the house that decides.

    ``partner`` names the owner when it is not the house. ``lead_hours`` is how long before a meeting it must have been
    asked for. The price is for a meeting or for each hour begun; 0 is free of charge.
    """

    __tablename__ = "room"
    __table_args__ = (
        sa.CheckConstraint("capacity BETWEEN 1 AND 1000", name="capacity"),
        sa.CheckConstraint("price_cents >= 0", name="price"),
        sa.CheckConstraint("price_per IN ('meeting', 'hour')", name="price_per"),
        sa.CheckConstraint("lead_hours BETWEEN 0 AND 2160", name="lead"),
        {"info": {"processing": NO_PERSONAL_DATA}},
    )

    id: Mapped[IntPk]
    place_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting_place.id"), unique=True)
    clearinghouse_id: Mapped[int] = mapped_column(sa.ForeignKey("clearinghouse.id"), index=True)
    partner: Mapped[str]
    description: Mapped[str]
    capacity: Mapped[int]
    equipment: Mapped[list[str]]
    access: Mapped[list[str]]
    house_rules: Mapped[str]
    price_cents: Mapped[int]
    price_per: Mapped[str]
    lead_hours: Mapped[int]
    zone: Mapped[str]
    is_bookable: Mapped[bool]
    is_public: Mapped[bool]
    created_at: Mapped[datetime]


class RoomHour(Model):
    """One weekly stretch in which a room can be booked, local wall clock in the zone of the room."""

    __tablename__ = "room_hour"
    __table_args__ = (
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        sa.CheckConstraint("opens_at < closes_at", name="order"),
        {"info": {"processing": NO_PERSONAL_DATA}},
    )

    id: Mapped[IntPk]
    room_id: Mapped[int] = mapped_column(sa.ForeignKey("room.id", ondelete="CASCADE"), index=True)
    weekday: Mapped[int]
    opens_at: Mapped[time]
    closes_at: Mapped[time]


class RoomPhoto(Model):
    """A photo of a room, written anew by us as JPEG; ``mark`` is of its content and stands in its address."""

    __tablename__ = "room_photo"
    __table_args__ = (
        sa.CheckConstraint("length(alt) > 0", name="alt"),
        {"info": {"processing": NO_PERSONAL_DATA}},
    )

    id: Mapped[IntPk]
    room_id: Mapped[int] = mapped_column(sa.ForeignKey("room.id", ondelete="CASCADE"), index=True)
    alt: Mapped[str]
    mark: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    jpeg: Mapped[bytes] = mapped_column(deferred=True)
    created_at: Mapped[datetime]


class RoomRequest(Model):
    """A group asks for a room for so many ``people``; ``reason`` is what the house says with its latest answer."""

    __tablename__ = "room_request"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ('waiting', 'approved', 'partly', 'declined', 'countered', 'withdrawn')", name="state"
        ),
        sa.CheckConstraint("people > 0", name="people"),
        sa.CheckConstraint("state <> 'declined' OR length(reason) > 0", name="declined_with_reason"),
        {
            "info": {
                "processing": Processing(
                    purpose="to let groups ask for rooms, and houses answer",
                    people="whoever asks for a group, and who answers for the house",
                    basis="Art. 6(1)(b) and (f) GDPR",
                    kept="as long as the group is known",
                    columns=("message", "reason", "asked_by_id", "decided_by_id"),
                    accounts=("asked_by_id",),
                    named=("decided_by_id",),
                )
            }
        },
    )

    id: Mapped[IntPk]
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("group.id", ondelete="CASCADE"), index=True)
    room_id: Mapped[int] = mapped_column(sa.ForeignKey("room.id"), index=True)
    series_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("meeting_series.id", ondelete="SET NULL"), index=True
    )
    people: Mapped[int]
    message: Mapped[str]
    state: Mapped[str]
    reason: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))


class RoomRequestDate(Model):
    """One date that a request asks for."""

    __tablename__ = "room_request_date"
    __table_args__ = (
        sa.UniqueConstraint("request_id", "starts_at"),
        sa.CheckConstraint("starts_at < ends_at", name="order"),
        {"info": {"processing": NO_PERSONAL_DATA}},
    )

    id: Mapped[IntPk]
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("room_request.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class RoomBooking(Model):
    """A room is taken from a moment up to, not at, another: by a group, or by the house itself with a title.

    ``held`` is an offer that the group has not answered yet, kept free until ``held_until``. ``request_date_id`` says
    which date it answers; there is at most one living booking for each.
    """

    __tablename__ = "room_booking"
    __table_args__ = (
        sa.CheckConstraint("state IN ('held', 'confirmed', 'cancelled')", name="state"),
        sa.CheckConstraint("starts_at < ends_at", name="order"),
        sa.CheckConstraint("group_id IS NOT NULL OR length(title) > 0", name="for_somebody"),
        sa.CheckConstraint("(state = 'held') = (held_until IS NOT NULL)", name="held_until"),
        sa.Index("ix_room_booking_room_id_ends_at", "room_id", "ends_at"),
        sa.Index(
            "uq_room_booking_request_date",
            "request_date_id",
            unique=True,
            sqlite_where=sa.text(IS_ACTIVE),
            postgresql_where=sa.text(IS_ACTIVE),
        ),
        {
            "info": {
                "processing": Processing(
                    purpose="to keep rooms from being booked twice",
                    people="whoever a house names in the title of its own booking",
                    basis="Art. 6(1)(f) GDPR",
                    kept="as long as the room is known",
                    columns=("title", "cancel_reason"),
                    not_given="free words of a house about its own use of a room",
                )
            }
        },
    )

    id: Mapped[IntPk]
    room_id: Mapped[int] = mapped_column(sa.ForeignKey("room.id"))
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("group.id", ondelete="CASCADE"), index=True)
    request_date_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("room_request_date.id", ondelete="SET NULL")
    )
    title: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[str]
    held_until: Mapped[datetime | None]
    cancel_reason: Mapped[str]
    created_at: Mapped[datetime]
