"""Who would come to a group that does not exist yet, and what becomes of it: interest, and groups being founded."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.database import IntPk
from app.shared.extensions import db
from app.shared.privacy import Processing

if TYPE_CHECKING:
    from app.shared.database import Base as Model
else:
    Model = db.Model

_UNTIL_WITHDRAWN = (
    "until withdrawn, at most the days of INTEREST_KEEP_DAYS unless renewed; unconfirmed 7 days"
)


class Interest(Model):
    """Somebody would come to a group on a topic in a region, can be reached in one way, and agreed to all of that.

    ``place`` and ``radius_km`` say that it is a circle around a place; without, the whole district. ``email`` is folded
    (``app/accounts/rules/email_address.py``). ``counts_since`` is None until the owner of an address has confirmed it.
    ``consent_way`` tells who pressed the button: the person (``form``), or staff to whom it was said (``telephone``).
    """

    __tablename__ = "interest"
    __table_args__ = (
        sa.CheckConstraint("(email IS NULL) <> (phone IS NULL)", name="one_way"),
        sa.CheckConstraint("(place = '') = (radius_km IS NULL)", name="circle_has_place"),
        sa.CheckConstraint("radius_km BETWEEN 1 AND 200", name="radius"),
        sa.CheckConstraint("consent_way IN ('form', 'telephone')", name="consent_way"),
        sa.CheckConstraint("language IN ('de', 'en', 'nl')", name="language"),
        sa.UniqueConstraint("topic_id", "email"),
        sa.UniqueConstraint("topic_id", "phone"),
        sa.Index("ix_interest_topic_id_district_ags", "topic_id", "district_ags"),
        {
            "info": {
                "processing": Processing(
                    purpose="to call people together who would come to a group that does not exist yet",
                    people="visitors who leave their interest in a topic",
                    basis="explicit consent, Art. 9(2)(a) GDPR; version, time and purpose of its text are stored",
                    kept=_UNTIL_WITHDRAWN,
                    columns=("topic_id", "district_ags", "place", "radius_km", "email", "phone", "name"),
                    addresses=("email",),
                    is_health_data=True,
                )
            }
        },
    )

    id: Mapped[IntPk]
    topic_id: Mapped[int] = mapped_column(sa.ForeignKey("topic.id"))
    district_ags: Mapped[str] = mapped_column(sa.String(5), sa.ForeignKey("district.ags"), index=True)
    place: Mapped[str]
    radius_km: Mapped[int | None]
    email: Mapped[str | None] = mapped_column(index=True)
    phone: Mapped[str | None]
    name: Mapped[str]
    language: Mapped[str]
    consent_version: Mapped[str]
    consent_purpose: Mapped[str]
    consent_way: Mapped[str]
    consented_at: Mapped[datetime]
    entered_at: Mapped[datetime]
    counts_since: Mapped[datetime | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Founding(Model):
    """A clearing house calls people together who are interested in a topic in a district, so that a group begins.

    ``round`` grows with each founding meeting that is called: answers are about the meeting of their round. ``state``
    is ``open``, ``founded`` or ``given_up`` (then ``end_reason`` says why).
    """

    __tablename__ = "founding"
    __table_args__ = (
        sa.CheckConstraint("state IN ('open', 'founded', 'given_up')", name="state"),
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="open_has_no_end"),
        sa.CheckConstraint("meeting_at IS NULL OR meeting_place <> ''", name="meeting_has_place"),
        sa.Index(
            "uq_founding_open",
            "topic_id",
            "district_ags",
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        ),
        {
            "info": {
                "processing": Processing(
                    purpose="to prepare the founding of a group",
                    people="who moderates a founding meeting",
                    basis="Art. 6(1)(b) and (f) GDPR",
                    kept="as long as the clearing house",
                    columns=("moderator", "end_reason"),
                    not_given="a name typed by staff belongs to no account",
                )
            }
        },
    )

    id: Mapped[IntPk]
    topic_id: Mapped[int] = mapped_column(sa.ForeignKey("topic.id"))
    clearinghouse_id: Mapped[int] = mapped_column(sa.ForeignKey("clearinghouse.id"), index=True)
    district_ags: Mapped[str] = mapped_column(sa.String(5), sa.ForeignKey("district.ags"))
    state: Mapped[str]
    round: Mapped[int]
    meeting_at: Mapped[datetime | None]
    meeting_place: Mapped[str]
    moderator: Mapped[str]
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("group.id", ondelete="SET NULL"))
    end_reason: Mapped[str]
    started_at: Mapped[datetime]
    worked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class FoundingStep(Model):
    """What is known of a step of the checklist (``data/founding_steps.json``): who does it, and the day it was done."""

    __tablename__ = "founding_step"
    __table_args__ = (
        {
            "info": {
                "processing": Processing(
                    purpose="to follow the checklist of a founding",
                    people="who does a step: staff and people who found a group",
                    basis="Art. 6(1)(b) and (f) GDPR",
                    kept="as long as the founding it belongs to",
                    columns=("who",),
                    not_given="a name typed by staff belongs to no account",
                )
            }
        },
    )

    founding_id: Mapped[int] = mapped_column(
        sa.ForeignKey("founding.id", ondelete="CASCADE"), primary_key=True
    )
    step: Mapped[str] = mapped_column(primary_key=True)
    who: Mapped[str]
    done_on: Mapped[date | None]


class FoundingInvitation(Model):
    """Somebody of the interest list was asked to a founding meeting; gone with their interest."""

    __tablename__ = "founding_invitation"
    __table_args__ = (
        sa.CheckConstraint("answer IN ('yes', 'no')", name="answer"),
        {
            "info": {
                "processing": Processing(
                    purpose="to know how many come to a founding meeting",
                    people="people of the interest list who were invited",
                    basis="explicit consent, Art. 9(2)(a) GDPR",
                    kept="as long as their interest",
                    columns=("interest_id", "answer"),
                    not_given="it is part of an entry of `interest`, gone with it, and known by its number only",
                    is_health_data=True,
                )
            }
        },
    )

    founding_id: Mapped[int] = mapped_column(
        sa.ForeignKey("founding.id", ondelete="CASCADE"), primary_key=True
    )
    interest_id: Mapped[int] = mapped_column(
        sa.ForeignKey("interest.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    round: Mapped[int]
    invited_at: Mapped[datetime]
    answer: Mapped[str | None]
