"""How applications are checked: by two people, with what is asked of the group, and with more time for it."""

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


def _by(column: str, what: str, *withheld: str) -> Processing:
    return Processing(
        purpose=f"to show who {what}, when and why",
        people="who works on applications, as a number without a foreign key; groups in what was written to them",
        basis="Art. 6(1)(c) and (e) GDPR, § 20h SGB V, § 67a SGB X",
        kept="six years after the end of funding; the number means nobody once the account is erased",
        columns=(column, "words"),
        groups=("group_id",),
        named=(column,),
        withheld=withheld,
        is_health_data=True,
    )


class ApplicationCheck(Model):
    """What somebody found who checked an application, for the version they saw (``seen``); never changed.

    ``number`` counts the checks of one kind of one version, so that two people do not check the same at once. The two
    kinds are done by two people; the database sees to that, and to conflicts of interest.
    """

    __tablename__ = "application_check"
    __table_args__ = (
        sa.UniqueConstraint("application_id", "seen", "kind", "number"),
        sa.CheckConstraint("kind IN ('content', 'arithmetic')", name="kind"),
        sa.CheckConstraint("is_ok OR words <> ''", name="objection_has_words"),
        {
            "info": {
                "processing": _by("checked_by", "checked an application", "words", "seen"),
                "append_only": True,
            }
        },
    )

    id: Mapped[IntPk]
    application_id: Mapped[int] = mapped_column(
        sa.ForeignKey("grant_application.id", ondelete="CASCADE"), index=True
    )
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("group.id"), index=True)
    seen: Mapped[str]
    kind: Mapped[str]
    number: Mapped[int]
    is_ok: Mapped[bool]
    words: Mapped[str]
    checked_by: Mapped[int]
    checked_at: Mapped[datetime]


class ChangeRequest(Model):
    """What a group is asked to change in its application: named fields, a sentence, until when. One is open at a time.

    ``ended_as`` says how it ended: answered by the group, taken back by the office, or the application withdrawn.
    """

    __tablename__ = "change_request"
    __table_args__ = (
        sa.Index(
            "uq_change_request_open",
            "application_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name="ended"),
        sa.CheckConstraint("ended_as IN ('answered', 'taken_back', 'withdrawn')", name="ended_as"),
        {"info": {"processing": _by("asked_by", "asked a group for a change", "seen")}},
    )

    id: Mapped[IntPk]
    application_id: Mapped[int] = mapped_column(
        sa.ForeignKey("grant_application.id", ondelete="CASCADE"), index=True
    )
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("group.id"), index=True)
    fields: Mapped[list[str]]
    words: Mapped[str]
    due_on: Mapped[date]
    seen: Mapped[str]
    asked_by: Mapped[int | None]  # None: their account is erased
    asked_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None]
    ended_as: Mapped[str | None]


class ChangeExtension(Model):
    """More time for what a group is asked to change, and why; never changed."""

    __tablename__ = "change_extension"
    __table_args__ = (
        {"info": {"processing": _by("extended_by", "gave a group more time"), "append_only": True}},
    )

    change_request_id: Mapped[int] = mapped_column(
        sa.ForeignKey("change_request.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("group.id"), index=True)
    due_on: Mapped[date]
    words: Mapped[str]
    extended_by: Mapped[int]
    extended_at: Mapped[datetime]


class DeadlineExtension(Model):
    """A later last day of a round for one group, and why; the last one holds."""

    __tablename__ = "deadline_extension"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "group_id", "number"),
        {"info": {"processing": _by("extended_by", "gave a group a later last day")}},
    )

    id: Mapped[IntPk]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("grant_round.id"))
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("group.id"), index=True)
    number: Mapped[int]
    last_day: Mapped[date]
    words: Mapped[str]
    extended_by: Mapped[int | None]  # None: their account is erased
    extended_at: Mapped[datetime]
