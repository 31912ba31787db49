"""How much one person can release to the bank on one day: set by somebody else, every change kept."""

from __future__ import annotations

from datetime import datetime
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


class ReleaseLimit(Model):
    """So many cents a day somebody can release; of several the last holds. Nobody sets their own."""

    __tablename__ = "release_limit"
    __table_args__ = (
        sa.CheckConstraint("cents >= 0", name="cents"),
        sa.CheckConstraint("set_by <> user_id", name="somebody_else"),
        {
            "info": {
                "processing": Processing(
                    purpose="to bound what one person can release to the bank",
                    people="who releases payments, and who set the limit, as numbers without a foreign key",
                    basis="Art. 6(1)(c) and (e) GDPR, § 20h SGB V",
                    kept="as long as the money must be accounted for; a number means nobody once the account is erased",
                    columns=("user_id", "set_by"),
                    named=("user_id", "set_by"),
                )
            }
        },
    )

    id: Mapped[IntPk]
    user_id: Mapped[int] = mapped_column(index=True)
    cents: Mapped[int] = mapped_column(sa.BigInteger)
    set_by: Mapped[int]
    set_at: Mapped[datetime]
