"""Groups, their topics, meeting places and series, and what the finder's index keeps of them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.database import IntPk
from app.shared.extensions import db

if TYPE_CHECKING:
    from app.shared.database import Base as Model
else:
    Model = db.Model


class TopicArea(Model):
    """A sub-area of one of the three sectors: health, psychosocial, social."""

    __tablename__ = "topic_area"
    __table_args__ = (sa.CheckConstraint("sector IN ('health', 'psychosocial', 'social')", name="sector"),)

    slug: Mapped[str] = mapped_column(primary_key=True)
    sector: Mapped[str]
    names: Mapped[dict[str, str]]
    position: Mapped[int]


class DiseaseArea(Model):
    """An area of the Krankheitsverzeichnis (Leitfaden zur Selbsthilfeförderung, Anlage 2)."""

    __tablename__ = "disease_area"

    slug: Mapped[str] = mapped_column(primary_key=True)
    names: Mapped[dict[str, str]]
    position: Mapped[int]


class Topic(Model):
    """What a group can be about, with every word by which somebody may look for it."""

    __tablename__ = "topic"

    id: Mapped[IntPk]
    slug: Mapped[str] = mapped_column(unique=True)
    area_slug: Mapped[str] = mapped_column(sa.ForeignKey("topic_area.slug"), index=True)
    disease_area_slug: Mapped[str | None] = mapped_column(sa.ForeignKey("disease_area.slug"))
    is_rare: Mapped[bool]
    weight: Mapped[int]
    names: Mapped[dict[str, str]]
    synonyms: Mapped[dict[str, list[str]]]
    about: Mapped[dict[str, str]]
    related: Mapped[list[str]]
    organisations: Mapped[list[dict[str, str]]]


class MeetingPlace(Model):
    """Where meetings take place: an address and the point it was found at.

    ``point_quality`` says how the point came about: ``exact`` (geocoder), ``postcode`` or ``town`` (centre),
    ``pinned`` (moved by hand), ``none`` (not found yet; there is no point).
    """

    __tablename__ = "meeting_place"
    __table_args__ = (
        sa.CheckConstraint(
            "point_quality IN ('exact', 'postcode', 'town', 'pinned', 'none')", name="point_quality"
        ),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
        sa.CheckConstraint("(point_quality = 'none') = (latitude IS NULL)", name="point_or_none"),
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


class Group(Model):
    """A self-help group as it is listed. What of it may be shown is decided by ``rules/listing.py`` alone."""

    __tablename__ = "group"
    __table_args__ = (
        sa.CheckConstraint("format IN ('in_person', 'online', 'hybrid')", name="format"),
        sa.CheckConstraint("status IN ('open', 'waiting_list', 'founding')", name="status"),
        sa.CheckConstraint("disclosure IN ('exact', 'area', 'clearinghouse')", name="disclosure"),
        sa.CheckConstraint(
            "contact_way IN ('clearinghouse', 'phone', 'email', 'website')", name="contact_way"
        ),
        sa.CheckConstraint("for_affected OR for_relatives", name="for_somebody"),
        sa.CheckConstraint("format = 'online' OR place_id IS NOT NULL", name="place_unless_online"),
    )

    id: Mapped[IntPk]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    description: Mapped[str]
    first_visit: Mapped[str]
    for_affected: Mapped[bool]
    for_relatives: Mapped[bool]
    audiences: Mapped[list[str]]
    languages: Mapped[list[str]]
    format: Mapped[str]
    access: Mapped[list[str]]
    status: Mapped[str]
    clearinghouse_id: Mapped[int] = mapped_column(sa.ForeignKey("clearinghouse.id"), index=True)
    place_id: Mapped[int | None] = mapped_column(sa.ForeignKey("meeting_place.id"), index=True)
    disclosure: Mapped[str]
    contact_way: Mapped[str]
    contact_name: Mapped[str]
    contact_name_consented_at: Mapped[datetime | None]
    contact_phone: Mapped[str]
    contact_phone_consented_at: Mapped[datetime | None]
    contact_email: Mapped[str]
    contact_email_consented_at: Mapped[datetime | None]
    website: Mapped[str]
    internal_note: Mapped[str]
    is_listed: Mapped[bool]
    last_confirmed_on: Mapped[date]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class GroupTopic(Model):
    """A topic of a group; the first position is what it is mostly about."""

    __tablename__ = "group_topic"

    group_id: Mapped[int] = mapped_column(sa.ForeignKey("group.id", ondelete="CASCADE"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(sa.ForeignKey("topic.id"), primary_key=True, index=True)
    position: Mapped[int]


class MeetingSeries(Model):
    """A regular meeting of a group, by the clock on the wall (see ``rules/recurrence.py``)."""

    __tablename__ = "meeting_series"
    __table_args__ = (
        sa.CheckConstraint("frequency IN ('weekly', 'monthly_weekday')", name="frequency"),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        sa.CheckConstraint("interval BETWEEN 1 AND 52", name="interval"),
        sa.CheckConstraint("duration_minutes BETWEEN 1 AND 1440", name="duration"),
        sa.CheckConstraint("until_on >= first_on", name="until_after_first"),
    )

    id: Mapped[IntPk]
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("group.id", ondelete="CASCADE"), index=True)
    frequency: Mapped[str]
    interval: Mapped[int]
    weekday: Mapped[int]
    ordinals: Mapped[list[int]]
    starts_at_local: Mapped[time]
    duration_minutes: Mapped[int]
    first_on: Mapped[date]
    until_on: Mapped[date | None]
    zone: Mapped[str]


class FinderEntry(Model):
    """The disclosed facts of a group as the finder's arrays hold them; derived, rebuilt by ``flask groups reindex``.

    ``facts`` is one ENTRY record and ``meetings`` its PATTERN records (see ``rules/finder_columns.py``); without
    facts the group is not listed. ``version`` is that of the ``FinderState`` at the change.
    """

    __tablename__ = "finder_entry"

    group_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(sa.BigInteger, index=True)
    facts: Mapped[bytes | None]
    meetings: Mapped[bytes]


class FinderState(Model):
    """One row: the version of the newest change. Taking the next locks it, so versions become visible in order."""

    __tablename__ = "finder_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(sa.BigInteger)
    epoch: Mapped[str]


class ListingReport(Model):
    """Somebody says that a listing is wrong; no account, no address needed."""

    __tablename__ = "listing_report"

    id: Mapped[IntPk]
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("group.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str]
    message: Mapped[str]
    reply_to: Mapped[str]
    created_at: Mapped[datetime]
