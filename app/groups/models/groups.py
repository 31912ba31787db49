"""Groups and what others say of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from app.groups.rules.life import LISTED
from app.shared.database import IntPk
from app.shared.extensions import db
from app.shared.privacy import NO_PERSONAL_DATA, Processing

if TYPE_CHECKING:
    from app.shared.database import Base as Model
else:
    Model = db.Model


class Group(Model):
    """A self-help group as it is listed. What of it may be shown is decided by ``rules/listing.py`` alone.

    ``reminder_hours`` before each meeting a mail goes to ``contact_email``; None: to none. With ``reminds_after_break``
    one goes there before the first meeting after a break, whatever ``reminder_hours`` says.
    """

    __tablename__ = "group"
    __table_args__ = (
        sa.CheckConstraint("format IN ('in_person', 'online', 'hybrid')", name="format"),
        sa.CheckConstraint("status IN ('open', 'waiting_list', 'founding')", name="status"),
        sa.CheckConstraint(
            "state IN ('submitted', 'listed', 'paused', 'dormant', 'closed', 'declined', 'merged')",
            name="state",
        ),
        sa.CheckConstraint("disclosure IN ('exact', 'area', 'clearinghouse')", name="disclosure"),
        sa.CheckConstraint(
            "contact_way IN ('clearinghouse', 'phone', 'email', 'website')", name="contact_way"
        ),
        sa.CheckConstraint("for_affected OR for_relatives", name="for_somebody"),
        sa.CheckConstraint("format = 'online' OR place_id IS NOT NULL", name="place_unless_online"),
        sa.CheckConstraint("reminder_hours IN (24, 48, 72, 168)", name="reminder_hours"),
        {
            "info": {
                "processing": Processing(
                    purpose="to let people find a group and reach it",
                    people="the contact of a group",
                    basis="consent, Art. 6(1)(a) and 9(2)(a) GDPR",
                    kept="as long as the contact agrees",
                    columns=("contact_name", "contact_phone", "contact_email", "internal_note"),
                    groups=("id",),
                    withheld=("internal_note",),
                    is_health_data=True,
                )
            }
        },
    )

    id: Mapped[IntPk]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    description: Mapped[str]
    first_visit: Mapped[str]
    for_affected: Mapped[bool]
    for_relatives: Mapped[bool]
    audiences: Mapped[list[str]]
    languages: Mapped[list[str]]
    format: Mapped[str]
    access: Mapped[list[str]]
    status: Mapped[str]
    clearinghouse_id: Mapped[int] = mapped_column(sa.ForeignKey("clearinghouse.id"), index=True)
    place_id: Mapped[int | None] = mapped_column(sa.ForeignKey("meeting_place.id"), index=True)
    disclosure: Mapped[str]
    contact_way: Mapped[str]
    contact_name: Mapped[str]
    contact_name_consented_at: Mapped[datetime | None]
    contact_phone: Mapped[str]
    contact_phone_consented_at: Mapped[datetime | None]
    contact_email: Mapped[str]
    contact_email_consented_at: Mapped[datetime | None]
    website: Mapped[str]
    internal_note: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    reminder_hours: Mapped[int | None]
    reminds_after_break: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    last_confirmed_on: Mapped[date]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @hybrid_property
    def is_listed(self) -> bool:
        """Whether anybody can find the group (``rules/life.py``)."""
        return self.state == LISTED


class GroupTopic(Model):
    """A topic of a group; the first position is what it is mostly about."""

    __tablename__ = "group_topic"
    __table_args__ = ({"info": {"processing": NO_PERSONAL_DATA}},)

    group_id: Mapped[int] = mapped_column(sa.ForeignKey("group.id", ondelete="CASCADE"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(sa.ForeignKey("topic.id"), primary_key=True, index=True)
    position: Mapped[int]


class ListingReport(Model):
    """Somebody says that a listing is wrong; no account, no address needed."""

    __tablename__ = "listing_report"
    __table_args__ = (
        {
            "info": {
                "processing": Processing(
                    purpose="to put a listing right",
                    people="visitors who leave a way to answer them",
                    basis="Art. 6(1)(f) GDPR",
                    kept="180 days",
                    columns=("message", "reply_to"),
                    addresses=("reply_to",),
                )
            }
        },
    )

    id: Mapped[IntPk]
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("group.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str]
    message: Mapped[str]
    reply_to: Mapped[str]
    created_at: Mapped[datetime]
