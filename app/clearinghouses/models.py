"""The clearing house with its branches, its opening hours and the table of who is responsible where."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.database import IntPk
from app.shared.extensions import db
from app.shared.privacy import NO_PERSONAL_DATA

if TYPE_CHECKING:
    from app.shared.database import Base as Model
else:
    Model = db.Model


class ClearingHouse(Model):
    """A Selbsthilfekontaktstelle, or, with ``side_task``, a body that supports self-help beside other work."""

    __tablename__ = "clearinghouse"
    __table_args__ = (
        sa.CheckConstraint(
            "carrier_kind IN ('welfare', 'municipal', 'association', 'company')", name="carrier"
        ),
        {"info": {"processing": NO_PERSONAL_DATA}},
    )

    id: Mapped[IntPk]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    carrier: Mapped[str]
    carrier_kind: Mapped[str]
    about: Mapped[dict[str, str]]
    phone: Mapped[str]
    email: Mapped[str]
    website: Mapped[str]
    languages: Mapped[list[str]]
    accessibility: Mapped[list[str]]
    side_task: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class Branch(Model):
    """An address of a clearing house; the main one stands for the house on maps and in distances."""

    __tablename__ = "clearinghouse_branch"
    __table_args__ = (
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
        sa.Index(
            "uq_clearinghouse_branch_main",
            "clearinghouse_id",
            unique=True,
            sqlite_where=sa.text("is_main"),
            postgresql_where=sa.text("is_main"),
        ),
        {"info": {"processing": NO_PERSONAL_DATA}},
    )

    id: Mapped[IntPk]
    clearinghouse_id: Mapped[int] = mapped_column(sa.ForeignKey("clearinghouse.id"), index=True)
    name: Mapped[str]
    street: Mapped[str]
    postcode: Mapped[str]
    town: Mapped[str]
    latitude: Mapped[float]
    longitude: Mapped[float]
    is_main: Mapped[bool]


class OpeningHour(Model):
    """One weekly stretch in which a channel is served, local wall clock; no branch means the whole house."""

    __tablename__ = "clearinghouse_hour"
    __table_args__ = (
        sa.CheckConstraint("channel IN ('phone', 'visit', 'by_appointment')", name="channel"),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        sa.CheckConstraint("opens_at < closes_at", name="order"),
        {"info": {"processing": NO_PERSONAL_DATA}},
    )

    id: Mapped[IntPk]
    clearinghouse_id: Mapped[int] = mapped_column(sa.ForeignKey("clearinghouse.id"), index=True)
    branch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("clearinghouse_branch.id"), index=True)
    channel: Mapped[str]
    weekday: Mapped[int]
    opens_at: Mapped[time]
    closes_at: Mapped[time]


class Catchment(Model):
    """A house is responsible for a district, or, with a postcode, for that postcode in it."""

    __tablename__ = "clearinghouse_catchment"
    __table_args__ = (
        sa.UniqueConstraint("clearinghouse_id", "district_ags", "postcode"),
        # NULLs are never equal, so the rows for whole districts need an index of their own.
        sa.Index(
            "uq_clearinghouse_catchment_district",
            "clearinghouse_id",
            "district_ags",
            unique=True,
            sqlite_where=sa.text("postcode IS NULL"),
            postgresql_where=sa.text("postcode IS NULL"),
        ),
        {"info": {"processing": NO_PERSONAL_DATA}},
    )

    id: Mapped[IntPk]
    clearinghouse_id: Mapped[int] = mapped_column(sa.ForeignKey("clearinghouse.id"))
    district_ags: Mapped[str] = mapped_column(sa.ForeignKey("district.ags"), index=True)
    postcode: Mapped[str | None] = mapped_column(sa.ForeignKey("postcode.postcode"), index=True)
