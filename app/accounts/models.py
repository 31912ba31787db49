"""People who sign in, and the roles they have."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.database import IntPk
from app.shared.extensions import db

if TYPE_CHECKING:
    from app.shared.database import Base as Model
else:
    Model = db.Model


class User(Model):
    """A person with an account. ``email`` is folded (``rules/email_address.py``), so each address is there once.

    Sessions name the ``session_version`` they began with: when it grows, all of them are over.
    """

    __tablename__ = "user"
    __table_args__ = (sa.CheckConstraint("language IN ('de', 'en', 'nl')", name="language"),)

    id: Mapped[IntPk]
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    name: Mapped[str]
    language: Mapped[str]
    is_active: Mapped[bool] = mapped_column(default=True)
    session_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    last_signed_in_at: Mapped[datetime | None]


class RoleGrant(Model):
    """A role of a person: for one group, for one clearing house, or for the network (``rules/permissions.py``)."""

    __tablename__ = "role_grant"
    __table_args__ = (
        sa.CheckConstraint(
            "role IN ('group_contact', 'desk_staff', 'desk_lead', 'insurer_officer', 'funding_office', 'finance', "
            "'representative', 'coordinator', 'admin')",
            name="role",
        ),
        sa.CheckConstraint("(role = 'group_contact') = (group_id IS NOT NULL)", name="group"),
        sa.CheckConstraint(
            "(role IN ('desk_staff', 'desk_lead')) = (clearinghouse_id IS NOT NULL)", name="clearinghouse"
        ),
        # NULLs are never equal, so each kind of scope needs an index of its own.
        sa.Index(
            "uq_role_grant_group",
            "user_id",
            "role",
            "group_id",
            unique=True,
            sqlite_where=sa.text("group_id IS NOT NULL"),
            postgresql_where=sa.text("group_id IS NOT NULL"),
        ),
        sa.Index(
            "uq_role_grant_clearinghouse",
            "user_id",
            "role",
            "clearinghouse_id",
            unique=True,
            sqlite_where=sa.text("clearinghouse_id IS NOT NULL"),
            postgresql_where=sa.text("clearinghouse_id IS NOT NULL"),
        ),
        sa.Index(
            "uq_role_grant_network",
            "user_id",
            "role",
            unique=True,
            sqlite_where=sa.text("group_id IS NULL AND clearinghouse_id IS NULL"),
            postgresql_where=sa.text("group_id IS NULL AND clearinghouse_id IS NULL"),
        ),
    )

    id: Mapped[IntPk]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"))
    role: Mapped[str]
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("group.id", ondelete="CASCADE"), index=True)
    clearinghouse_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("clearinghouse.id", ondelete="CASCADE"), index=True
    )
    granted_at: Mapped[datetime]
