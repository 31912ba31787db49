"""What a group can be about."""

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


class TopicArea(Model):
    """A sub-area of one of the three sectors: health, psychosocial, social."""

    __tablename__ = "topic_area"
    __table_args__ = (
        sa.CheckConstraint("sector IN ('health', 'psychosocial', 'social')", name="sector"),
        {"info": {"processing": NO_PERSONAL_DATA}},
    )

    slug: Mapped[str] = mapped_column(primary_key=True)
    sector: Mapped[str]
    names: Mapped[dict[str, str]]
    position: Mapped[int]


class DiseaseArea(Model):
    """An area of the Krankheitsverzeichnis (Leitfaden zur Selbsthilfeförderung, Anlage 2)."""

    __tablename__ = "disease_area"
    __table_args__ = ({"info": {"processing": NO_PERSONAL_DATA}},)

    slug: Mapped[str] = mapped_column(primary_key=True)
    names: Mapped[dict[str, str]]
    position: Mapped[int]


class Topic(Model):
    """What a group can be about, with every word by which somebody may look for it."""

    __tablename__ = "topic"
    __table_args__ = ({"info": {"processing": NO_PERSONAL_DATA}},)

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
