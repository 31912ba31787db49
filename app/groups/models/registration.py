"""A group that somebody is registering and has not sent yet."""

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


class RegistrationDraft(Model):
    """What was typed so far, step by step, found by a key that only its writer has.

    Once it is sent, ``data`` is empty and ``group_id`` is the group, so that sending it again stores nothing more.
    ``user_id`` is whoever began it signed in.
    """

    __tablename__ = "registration_draft"
    __table_args__ = (
        {
            "info": {
                "processing": Processing(
                    purpose="to let somebody register a group in several sittings",
                    people="people who register a group and are its contact",
                    basis="Art. 6(1)(b) and 9(2)(a) GDPR",
                    kept="until it is sent",
                    columns=("data",),
                    accounts=("user_id",),
                    is_health_data=True,
                )
            }
        },
    )

    id: Mapped[IntPk]
    key_hash: Mapped[str] = mapped_column(unique=True)
    data: Mapped[dict[str, Any]]
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("group.id", ondelete="CASCADE"), unique=True)
    begun_at: Mapped[datetime]
    saved_at: Mapped[datetime] = mapped_column(index=True)
