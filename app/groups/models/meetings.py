"""Where and when groups meet, and what comes in between."""

from __future__ import annotations

from datetime import date, datetime, time
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


class MeetingPlace(Model):
    """Where meetings take place: an address and the point it was found at.

    ``point_quality`` says how the point came about: ``exact`` (geocoder), ``postcode`` or ``town`` (centre),
    ``pinned`` (moved by hand), ``none`` (not found yet; there is no point). ``part_of_id`` is the building of a room,
    ``clearinghouse_id`` the house that keeps the place: when either is closed, so is this.
    """

    __tablename__ = "meeting_place"
    __table_args__ = (
        sa.CheckConstraint(
            "point_quality IN ('exact', 'postcode', 'town', 'pinned', 'none')", name="point_quality"
        ),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
        sa.CheckConstraint("(point_quality = 'none') = (latitude IS NULL)", name="point_or_none"),
        sa.CheckConstraint("part_of_id <> id", name="not_part_of_itself"),
        {
            "info": {
                "processing": Processing(
                    purpose="to say where groups meet, as exactly as each agrees",
                    people="whoever lets a group meet at home",
                    basis="consent, Art. 6(1)(a) GDPR",
                    kept="as long as meetings are known that took place there",
                    columns=("name", "street"),
                    not_given="an address without a name; nobody can be looked up by it",
                )
            }
        },
    )

    id: Mapped[IntPk]
    name: Mapped[str]
    street: Mapped[str]
    postcode: Mapped[str]
    town: Mapped[str]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    point_quality: Mapped[str]
    geocoded_at: Mapped[datetime | None]
    part_of_id: Mapped[int | None] = mapped_column(sa.ForeignKey("meeting_place.id"), index=True)
    clearinghouse_id: Mapped[int | None] = mapped_column(sa.ForeignKey("clearinghouse.id"), index=True)


class MeetingSeries(Model):
    """Dates of a group that belong together, by the clock on the wall (see ``rules/recurrence.py``).

    ``place_id`` is None when it meets where the group does. ``online_link`` is shown to everybody only with
    ``shows_link``. ``revision`` grows with every change that a calendar must learn of (RFC 5545 SEQUENCE), also of the
    place; ``uid`` stays.
    """

    __tablename__ = "meeting_series"
    __table_args__ = (
        sa.CheckConstraint(
            "frequency IN ('weekly', 'monthly_weekday', 'monthly_day', 'dates', 'appointment')",
            name="frequency",
        ),
        sa.CheckConstraint("interval BETWEEN 1 AND 52", name="interval"),
        sa.CheckConstraint("duration_minutes BETWEEN 1 AND 1440", name="duration"),
        sa.CheckConstraint("until_on >= first_on", name="until_after_first"),
        sa.CheckConstraint("format IN ('in_person', 'online', 'hybrid')", name="format"),
        sa.CheckConstraint("revision >= 0", name="revision"),
        {"info": {"processing": NO_PERSONAL_DATA}},
    )

    id: Mapped[IntPk]
    uid: Mapped[str] = mapped_column(unique=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("group.id", ondelete="CASCADE"), index=True)
    frequency: Mapped[str]
    interval: Mapped[int]
    weekdays: Mapped[list[int]]
    ordinals: Mapped[list[int]]
    month_days: Mapped[list[int]]
    dates: Mapped[list[str]]
    starts_at_local: Mapped[time]
    duration_minutes: Mapped[int]
    first_on: Mapped[date]
    until_on: Mapped[date | None]
    zone: Mapped[str]
    skips_public_holidays: Mapped[bool]
    skips_school_holidays: Mapped[bool]
    format: Mapped[str]
    place_id: Mapped[int | None] = mapped_column(sa.ForeignKey("meeting_place.id"), index=True)
    where_note: Mapped[str]
    online_link: Mapped[str]
    shows_link: Mapped[bool]
    revision: Mapped[int]
    changed_at: Mapped[datetime]


class MeetingChange(Model):
    """What was decided for one date of a series: cancelled, moved or added (see ``rules/schedule.py``)."""

    __tablename__ = "meeting_change"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('cancelled', 'moved', 'added')", name="kind"),
        sa.CheckConstraint("(kind = 'added') = (on_day IS NULL)", name="day_unless_added"),
        sa.CheckConstraint("(kind = 'cancelled') = (new_on IS NULL)", name="new_day_unless_cancelled"),
        sa.CheckConstraint("duration_minutes BETWEEN 1 AND 1440", name="duration"),
        # NULLs are never equal, so each kind has its own uniqueness: one decision a date, one added meeting a time.
        sa.UniqueConstraint("series_id", "on_day"),
        sa.Index(
            "uq_meeting_change_added",
            "series_id",
            "new_on",
            "starts_at_local",
            unique=True,
            sqlite_where=sa.text("kind = 'added'"),
            postgresql_where=sa.text("kind = 'added'"),
        ),
        {"info": {"processing": NO_PERSONAL_DATA}},
    )

    id: Mapped[IntPk]
    series_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting_series.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    on_day: Mapped[date | None]
    new_on: Mapped[date | None]
    starts_at_local: Mapped[time | None]
    duration_minutes: Mapped[int | None]
    place_id: Mapped[int | None] = mapped_column(sa.ForeignKey("meeting_place.id"), index=True)
    reason: Mapped[str]
    created_at: Mapped[datetime]


class Closure(Model):
    """From the first to the last day, both included, a place or all places of a house are closed, or a group rests.

    Just one of place, house and group is set. Taking it back is deleting the row.
    """

    __tablename__ = "closure"
    __table_args__ = (
        sa.CheckConstraint("last_on >= first_on", name="order"),
        sa.CheckConstraint(
            "(place_id IS NOT NULL AND clearinghouse_id IS NULL AND group_id IS NULL)"
            " OR (place_id IS NULL AND clearinghouse_id IS NOT NULL AND group_id IS NULL)"
            " OR (place_id IS NULL AND clearinghouse_id IS NULL AND group_id IS NOT NULL)",
            name="of_one",
        ),
        {"info": {"processing": NO_PERSONAL_DATA}},
    )

    id: Mapped[IntPk]
    place_id: Mapped[int | None] = mapped_column(sa.ForeignKey("meeting_place.id"), index=True)
    clearinghouse_id: Mapped[int | None] = mapped_column(sa.ForeignKey("clearinghouse.id"), index=True)
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("group.id", ondelete="CASCADE"), index=True)
    first_on: Mapped[date]
    last_on: Mapped[date] = mapped_column(index=True)
    reason: Mapped[str]
    created_at: Mapped[datetime]
