"""What people have chosen of being told where funding stands: a calendar to subscribe to, and no more reminders."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.extensions import db
from app.shared.privacy import NO_PERSONAL_DATA, Processing

if TYPE_CHECKING:
    from app.shared.database import Base as Model
else:
    Model = db.Model


class DeadlineFeed(Model):
    """Somebody's calendar of deadlines, which a program asks for without signing in.

    Its address holds the ``number``: when it grows, the address from before is over.
    """

    __tablename__ = "deadline_feed"
    __table_args__ = (
        {
            "info": {
                "processing": Processing(
                    purpose="to let a calendar program read somebody's deadlines of funding",
                    people="people with an account who subscribe to it",
                    basis="Art. 6(1)(b) GDPR",
                    kept="until the account is erased",
                    columns=("user_id",),
                    accounts=("user_id",),
                )
            }
        },
    )

    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    number: Mapped[int]
    made_at: Mapped[datetime]


class ReminderStop(Model):
    """A group whose contacts want no reminders that it is time to apply."""

    __tablename__ = "funding_reminder_stop"
    __table_args__ = ({"info": {"processing": NO_PERSONAL_DATA}},)

    group_id: Mapped[int] = mapped_column(
        sa.ForeignKey("group.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    ended_at: Mapped[datetime]
