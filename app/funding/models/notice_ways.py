"""How notices reach somebody: by mail to be retrieved here, or by post; and what became of each of them."""

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


class NoticeWay(Model):
    """What a group, a house or an organisation has said about its notices; the newest row holds.

    ``is_electronic``: it consents, in this ``wording``, to retrieve them here; else they are posted. ``address`` is
    what stands on the envelope below the name; empty: by way of the clearing house.
    """

    __tablename__ = "notice_way"
    __table_args__ = (
        sa.CheckConstraint(
            "(CASE WHEN group_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN clearinghouse_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="payee",
        ),
        {
            "info": {
                "processing": Processing(
                    purpose="to send notices in a way that whoever gets them has agreed to, and to prove it",
                    people="the contact of a group, in the address; who said it, as a number without a foreign key",
                    basis="Art. 6(1)(a) and (e) GDPR, § 37 (2a) SGB X",
                    kept="as long as it holds, and six years after something else was said",
                    columns=("address", "is_electronic", "said_by"),
                    groups=("group_id",),
                    named=("said_by",),
                    is_health_data=True,
                )
            }
        },
    )

    id: Mapped[IntPk]
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("group.id"), index=True)
    clearinghouse_id: Mapped[int | None] = mapped_column(sa.ForeignKey("clearinghouse.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    is_electronic: Mapped[bool]
    wording: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    said_by: Mapped[int]
    said_at: Mapped[datetime]


ACTS = "act IN ('mailed', 'posted', 'returned', 'opened')"
"""Mailed as a link, posted on paper, come back, opened by whom it is for."""
ACT_DAYS = "(act IN ('posted', 'returned')) = (day IS NOT NULL)"
ACT_TURNS = "turn >= 0 AND (turn = 0 OR act IN ('posted', 'returned'))"


class ActColumns:
    """What became of a notice, each act once in each ``turn``: a letter that came back is posted in a turn of its own.

    ``day`` is when a letter was posted or came back, ``address`` the lines of its envelope if the kept file has others.
    """

    notice_id: Mapped[int]
    act: Mapped[str] = mapped_column(primary_key=True)
    turn: Mapped[int] = mapped_column(primary_key=True, default=0)
    at: Mapped[datetime]
    day: Mapped[date | None]
    done_by: Mapped[int | None]
    address: Mapped[list[str] | None]


def act_processing() -> Processing:
    """Answer what such rows hold of people."""
    return Processing(
        purpose="to prove when a notice was sent, to which address, and when it was read",
        people="the contact of a group, in an address; who posted or opened, as a number without a foreign key",
        basis="Art. 6(1)(c) and (e) GDPR, § 37 SGB X",
        kept="as long as the notice; the numbers mean nobody once the account is erased",
        columns=("done_by", "address"),
        named=("done_by",),
    )
