"""What is known of single meetings besides their dates, and who is told when one does not take place."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.database import IntPk
from app.shared.extensions import db
from app.shared.privacy import NO_PERSONAL_DATA, Processing

if TYPE_CHECKING:
    from app.shared.database import Base as Model
else:
    Model = db.Model


class MeetingAttendance(Model):
    """How many came to a meeting: a number, no names. ``on_day`` is the day by which the series knows the meeting."""

    __tablename__ = "meeting_attendance"
    __table_args__ = (
        sa.CheckConstraint("count BETWEEN 0 AND 1000", name="count"),
        {"info": {"processing": NO_PERSONAL_DATA}},
    )

    series_id: Mapped[int] = mapped_column(
        sa.ForeignKey("meeting_series.id", ondelete="CASCADE"), primary_key=True
    )
    on_day: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int]
    noted_at: Mapped[datetime]


class MeetingConfirmation(Model):
    """The group said that a meeting takes place; it holds for ``starts_at`` only: one that is moved is asked anew."""

    __tablename__ = "meeting_confirmation"
    __table_args__ = ({"info": {"processing": NO_PERSONAL_DATA}},)

    series_id: Mapped[int] = mapped_column(
        sa.ForeignKey("meeting_series.id", ondelete="CASCADE"), primary_key=True
    )
    on_day: Mapped[date] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    confirmed_at: Mapped[datetime]


class MeetingWatch(Model):
    """An address that wants a mail when a meeting of a group does not take place; nothing is sent before it agreed.

    ``email`` is folded (``app/accounts/rules/email_address.py``). ``confirmed_at`` is None until its owner has pressed
    the button behind the link that only they received.
    """

    __tablename__ = "meeting_watch"
    __table_args__ = (
        sa.CheckConstraint("language IN ('de', 'en', 'nl')", name="language"),
        sa.UniqueConstraint("group_id", "email"),
        {
            "info": {
                "processing": Processing(
                    purpose="to tell whoever asked when a meeting does not take place",
                    people="visitors who asked to be told",
                    basis="consent, Art. 6(1)(a) and 9(2)(a) GDPR",
                    kept="until it is ended, or seven days when it is not confirmed, or the group is no more",
                    columns=("email", "language", "group_id"),
                    addresses=("email",),
                    is_health_data=True,
                )
            }
        },
    )

    id: Mapped[IntPk]
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("group.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(index=True)
    language: Mapped[str]
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


class MeetingTold(Model):
    """What those who watch a group know of its next meetings (``rules/news.py``); ``version`` grows with all news."""

    __tablename__ = "meeting_told"
    __table_args__ = ({"info": {"processing": NO_PERSONAL_DATA}},)

    group_id: Mapped[int] = mapped_column(sa.ForeignKey("group.id", ondelete="CASCADE"), primary_key=True)
    told: Mapped[dict[str, Any]]
    version: Mapped[int]
    told_at: Mapped[datetime]
