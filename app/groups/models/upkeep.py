"""Why groups that were listed are not to be found now."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.extensions import db
from app.shared.privacy import NO_PERSONAL_DATA

if TYPE_CHECKING:
    from app.shared.database import Base as Model
else:
    Model = db.Model


class GroupAbsence(Model):
    """A group that was listed is not to be found, since a moment; the row goes when it comes back.

    ``resumes_on`` is the day on which a pause ends by itself; None: it is open. ``merged_into_id`` is the group as
    part of which a merged one goes on.
    """

    __tablename__ = "group_absence"
    __table_args__ = (
        sa.CheckConstraint("merged_into_id <> group_id", name="not_into_itself"),
        {"info": {"processing": NO_PERSONAL_DATA}},
    )

    group_id: Mapped[int] = mapped_column(
        sa.ForeignKey("group.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    since: Mapped[datetime]
    resumes_on: Mapped[date | None] = mapped_column(index=True)
    reason: Mapped[str]
    merged_into_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("group.id", ondelete="SET NULL"), index=True
    )
