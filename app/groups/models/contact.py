"""What is kept while somebody who looks for help and a group or a clearing house write to each other."""

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


class Conversation(Model):
    """Somebody and the contact of a group, whose messages are passed on: both addresses, and nothing that was written.

    A token is in the reply address and the link of the mails to one end; whoever writes with it writes as that end.
    ``last_mail_id`` is the newest mail to the end ``last_mail_to``, until it is known that it came back.
    """

    __tablename__ = "conversation"
    __table_args__ = (
        sa.CheckConstraint("language IN ('de', 'en', 'nl')", name="language"),
        sa.CheckConstraint("last_mail_to IN ('seeker', 'contact')", name="last_mail_to"),
        {
            "info": {
                "processing": Processing(
                    purpose="to pass messages on between somebody who looks for help and a group",
                    people="people who write to a group, and its contact",
                    basis="Art. 6(1)(b) and 9(2)(a) GDPR: they ask for it by writing",
                    kept="28 days after the last message (RETENTION_DAYS)",
                    columns=("seeker_email", "contact_email"),
                    addresses=("seeker_email", "contact_email"),
                    withheld=("seeker_email", "seeker_token", "contact_email", "contact_token"),
                    is_health_data=True,
                )
            }
        },
    )

    id: Mapped[IntPk]
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("group.id", ondelete="CASCADE"), index=True)
    seeker_email: Mapped[str] = mapped_column(index=True)
    seeker_token: Mapped[str] = mapped_column(unique=True)
    contact_email: Mapped[str]
    contact_token: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str]
    last_at: Mapped[datetime] = mapped_column(index=True)
    counted_on: Mapped[date]
    count_on_day: Mapped[int]
    last_mail_to: Mapped[str]
    last_mail_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("outbox_mail.id", ondelete="SET NULL"), index=True
    )


class HouseMessage(Model):
    """Somebody asks a clearing house something, or says that a listing is wrong; kept until it is done and some weeks.

    ``email`` or ``phone`` is how they can be answered. ``waiting_since`` is the oldest word without an answer.
    """

    __tablename__ = "house_message"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('question', 'report')", name="kind"),
        sa.CheckConstraint("state IN ('new', 'answered', 'done')", name="state"),
        sa.CheckConstraint("language IN ('de', 'en', 'nl')", name="language"),
        sa.CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done"),
        sa.Index("ix_house_message_inbox", "clearinghouse_id", "state", "waiting_since"),
        {
            "info": {
                "processing": Processing(
                    purpose="to answer people who write to a clearing house",
                    people="people who write to a clearing house, or say that a listing is wrong",
                    basis="Art. 6(1)(b) and 9(2)(a) GDPR: they ask for it by writing",
                    kept="until it is done, and 28 days more (RETENTION_DAYS)",
                    columns=("name", "email", "phone"),
                    addresses=("email",),
                    withheld=("token",),
                    is_health_data=True,
                )
            }
        },
    )

    id: Mapped[IntPk]
    clearinghouse_id: Mapped[int] = mapped_column(sa.ForeignKey("clearinghouse.id"))
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("group.id", ondelete="SET NULL"), index=True)
    kind: Mapped[str]
    reason: Mapped[str]
    name: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str]
    token: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str]
    state: Mapped[str]
    created_at: Mapped[datetime]
    waiting_since: Mapped[datetime]
    last_at: Mapped[datetime]
    done_at: Mapped[datetime | None] = mapped_column(index=True)


class HouseMessageText(Model):
    """One thing that was written about a message: by who asked, by a house, or between houses (``note``)."""

    __tablename__ = "house_message_text"
    __table_args__ = (
        sa.CheckConstraint("author IN ('seeker', 'house', 'note')", name="author"),
        {
            "info": {
                "processing": Processing(
                    purpose="to answer people who write to a clearing house",
                    people="people who write to a clearing house",
                    basis="Art. 6(1)(b) and 9(2)(a) GDPR: they ask for it by writing",
                    kept="as long as the message it belongs to",
                    columns=("text", "message_id"),
                    not_given="it goes with the message, whose row is found by the address",
                    is_health_data=True,
                )
            }
        },
    )

    id: Mapped[IntPk]
    message_id: Mapped[int] = mapped_column(sa.ForeignKey("house_message.id", ondelete="CASCADE"), index=True)
    author: Mapped[str]
    clearinghouse_id: Mapped[int | None] = mapped_column(sa.ForeignKey("clearinghouse.id"))
    text: Mapped[str]
    written_at: Mapped[datetime]
