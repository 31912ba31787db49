"""Every version of a listing: what was handed in, by whom, and what the clearing house said to it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.database import IntPk
from app.shared.extensions import db
from app.shared.privacy import Processing

if TYPE_CHECKING:
    from app.shared.database import Base as Model
else:
    Model = db.Model

_IS_OPEN = "state IN ('pending', 'changes_asked')"


class ListingVersion(Model):
    """A version of a listing as it was handed in (``rules/versions.py``); the row of the group holds what is approved.

    ``number`` counts within the group. ``approved`` is what is or was shown; the newest of them is what is shown now.
    ``superseded`` was replaced before it was decided. ``changes`` names the fields that differ from what was shown
    before. Without ``decided_by_id`` an approved version went live by itself. ``unmet`` holds the points of the
    checklist that staff found not to hold, ``remarks`` their words beside fields, ``restores`` the number of the
    version that this one brings back.
    """

    __tablename__ = "listing_version"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ('pending', 'changes_asked', 'approved', 'declined', 'superseded', 'withdrawn')",
            name="state",
        ),
        sa.CheckConstraint("number > 0", name="number"),
        sa.CheckConstraint("state <> 'declined' OR reason <> ''", name="declined_with_reason"),
        sa.UniqueConstraint("group_id", "number"),
        sa.Index(
            "uq_listing_version_open",
            "group_id",
            unique=True,
            sqlite_where=sa.text(_IS_OPEN),
            postgresql_where=sa.text(_IS_OPEN),
        ),
        {
            "info": {
                "processing": Processing(
                    purpose="to look at a listing before it is published, to compare and to restore its versions",
                    people="the contact persons of a group, who handed a version in, and who decided it",
                    basis="Art. 6(1)(e) and (f) GDPR; what is published of a person Art. 6(1)(a), 9(2)(a)",
                    kept="as long as the group is kept; contacts for a year after the version was replaced",
                    columns=("content", "remarks", "reason", "submitted_by_id", "decided_by_id"),
                    is_health_data=True,
                    groups=("group_id",),
                    named=("submitted_by_id", "decided_by_id"),
                )
            }
        },
    )

    id: Mapped[IntPk]
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("group.id", ondelete="CASCADE"))
    number: Mapped[int]
    state: Mapped[str]
    content: Mapped[dict[str, Any]]
    changes: Mapped[list[str]]
    submitted_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    submitted_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    decided_at: Mapped[datetime | None]
    unmet: Mapped[list[str]]
    remarks: Mapped[dict[str, str]]
    reason: Mapped[str]
    restores: Mapped[int | None]
