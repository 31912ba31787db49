"""Tables of the reference geography, and the memory of the geocoder."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.database import IntPk
from app.shared.extensions import db
from app.shared.privacy import NO_PERSONAL_DATA, Processing

if TYPE_CHECKING:
    from app.shared.database import Base as Model
else:
    Model = db.Model


class State(Model):
    """A Land; its point lies inside, its box around it (degrees, WGS 84)."""

    __tablename__ = "state"
    __table_args__ = ({"info": {"processing": NO_PERSONAL_DATA}},)

    ags: Mapped[str] = mapped_column(String(2), primary_key=True)
    name: Mapped[str]
    label: Mapped[str] = mapped_column(unique=True)
    latitude: Mapped[float]
    longitude: Mapped[float]
    west: Mapped[float]
    south: Mapped[float]
    east: Mapped[float]
    north: Mapped[float]


class District(Model):
    """A Landkreis or a city without one, as of July 2021; its point lies inside, its box around it."""

    __tablename__ = "district"
    __table_args__ = ({"info": {"processing": NO_PERSONAL_DATA}},)

    ags: Mapped[str] = mapped_column(String(5), primary_key=True)
    name: Mapped[str]
    type: Mapped[str]
    state_ags: Mapped[str] = mapped_column(ForeignKey("state.ags"), index=True)
    label: Mapped[str] = mapped_column(unique=True)
    latitude: Mapped[float]
    longitude: Mapped[float]
    west: Mapped[float]
    south: Mapped[float]
    east: Mapped[float]
    north: Mapped[float]


class Postcode(Model):
    """A postcode area, known by its centre, and the municipality and district that contain the centre."""

    __tablename__ = "postcode"
    __table_args__ = ({"info": {"processing": NO_PERSONAL_DATA}},)

    postcode: Mapped[str] = mapped_column(String(5), primary_key=True)
    latitude: Mapped[float]
    longitude: Mapped[float]
    municipality: Mapped[str]
    district_ags: Mapped[str] = mapped_column(ForeignKey("district.ags"), index=True)


class Town(Model):
    """A town, village or quarter; population in people, 0 when unknown.

    Rows follow the file: one that leaves it is deleted, so nothing outside this package points at a town.
    """

    __tablename__ = "town"
    __table_args__ = ({"info": {"processing": NO_PERSONAL_DATA}},)

    id: Mapped[IntPk]
    name: Mapped[str]
    latitude: Mapped[float]
    longitude: Mapped[float]
    population: Mapped[int]
    district_ags: Mapped[str] = mapped_column(ForeignKey("district.ags"), index=True)
    alternate_names: Mapped[list[str]]
    label: Mapped[str] = mapped_column(unique=True)


class SchoolHoliday(Model):
    """School holidays of a Land, first and last day included; those of one Land never overlap.

    ``kind`` is one of ``SCHOOL_HOLIDAY_NAMES``; ``source`` says who published the dates. ``is_operators`` marks those
    that come from a file of the operator; a new release leaves them alone.
    """

    __tablename__ = "school_holiday"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('autumn', 'christmas', 'winter', 'spring', 'easter', 'whitsun', 'summer', 'other')",
            name="kind",
        ),
        CheckConstraint("first_on <= last_on", name="order"),
        UniqueConstraint("state_ags", "first_on"),
        {"info": {"processing": NO_PERSONAL_DATA}},
    )

    id: Mapped[IntPk]
    state_ags: Mapped[str] = mapped_column(ForeignKey("state.ags"))
    kind: Mapped[str]
    first_on: Mapped[date]
    last_on: Mapped[date]
    source: Mapped[str]
    is_operators: Mapped[bool]


class GeocodedAddress(Model):
    """What a geocoder answered to one question; without a position when it found nothing."""

    __tablename__ = "geocoded_address"
    __table_args__ = (
        {
            "info": {
                "processing": Processing(
                    purpose="to ask for the point of an address only once",
                    people="whoever lets a group meet at home",
                    basis="Art. 6(1)(f) GDPR",
                    kept="as long as the site runs",
                    columns=("query",),
                    not_given="an address without a name; nobody can be looked up by it",
                )
            }
        },
    )

    query: Mapped[str] = mapped_column(primary_key=True)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    found: Mapped[bool]
    source: Mapped[str]
    asked_at: Mapped[datetime]
