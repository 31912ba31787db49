"""Who must not decide about a group, because they are too close to it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.funding.rules.conflicts import DECLARED
from app.shared.database import IntPk
from app.shared.extensions import db
from app.shared.privacy import Processing

if TYPE_CHECKING:
    from app.shared.database import Base as Model
else:
    Model = db.Model


class ConflictOfInterest(Model):
    """What somebody has said about being close to a group. Taken back, the row stays, with its end."""

    __tablename__ = "conflict_of_interest"
    __table_args__ = (
        sa.CheckConstraint(f"why IN ({', '.join(repr(each) for each in DECLARED)})", name="why"),
        sa.Index(
            "uq_conflict_of_interest_open",
            "user_id",
            "group_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        {
            "info": {
                "processing": Processing(
                    purpose="to keep people from deciding about the money of a group they are close to",
                    people="who decides about public money and is close to a group",
                    basis="Art. 6(1)(c) and (e) GDPR, §§ 16, 17 SGB X",
                    kept="until the account is erased",
                    columns=("user_id", "group_id", "why", "declared_at", "ended_at"),
                    accounts=("user_id",),
                    is_health_data=True,
                )
            }
        },
    )

    id: Mapped[IntPk]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"))
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("group.id"), index=True)
    why: Mapped[str]
    declared_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


conflicted_person = sa.table(
    "conflicted_person",
    sa.column("user_id", sa.Integer),
    sa.column("group_id", sa.Integer),
    sa.column("why", sa.Text),
    sa.column("until_year", sa.Integer),
)
"""A view of the database (migration 0028): who is too close to which group, declared or not; the guards ask it too."""
