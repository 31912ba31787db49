"""Where money is decided: funding regions with their districts, and the organisations that get money besides groups."""

from __future__ import annotations

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


class FundingRegion(Model):
    """A part of a Land whose groups share one pot. ``slug`` names it in accounts and files, so it stays.

    ``share`` is its weight when the money of a Land's groups is split over its regions: the people who live there.
    """

    __tablename__ = "funding_region"
    __table_args__ = (
        sa.CheckConstraint("share > 0", name="share"),
        {"info": {"processing": NO_PERSONAL_DATA}},
    )

    id: Mapped[IntPk]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    state_ags: Mapped[str] = mapped_column(sa.ForeignKey("state.ags"), index=True)
    lead_insurer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("insurer.id"))
    share: Mapped[int]


class FundingRegionDistrict(Model):
    """A district and the one region it belongs to."""

    __tablename__ = "funding_region_district"
    __table_args__ = ({"info": {"processing": NO_PERSONAL_DATA}},)

    district_ags: Mapped[str] = mapped_column(sa.ForeignKey("district.ags"), primary_key=True)
    region_id: Mapped[int] = mapped_column(sa.ForeignKey("funding_region.id"), index=True)


class Organisation(Model):
    """A self-help organisation that gets money: of a Land, or, without one, of the whole country."""

    __tablename__ = "organisation"
    __table_args__ = ({"info": {"processing": NO_PERSONAL_DATA}},)

    id: Mapped[IntPk]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    state_ags: Mapped[str | None] = mapped_column(sa.ForeignKey("state.ags"), index=True)
