"""Joint sittings: their agenda, who was there, what was decided, what representatives said, and the minutes."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.database import IntPk
from app.shared.extensions import db
from app.shared.privacy import NO_PERSONAL_DATA, Processing

if TYPE_CHECKING:
    from app.shared.database import Base as Model
else:
    Model = db.Model

_KEPT = "six years after the end of funding; who did it means nobody once the account is erased"
_BASIS = "Art. 6(1)(c) and (e) GDPR, § 20h SGB V"


class Sitting(Model):
    """A meeting in which insurers decide together about requests of a round, advised by self-help.

    A round has one at a time that is not closed. ``quorum`` is how many must be there who decide.
    """

    __tablename__ = "sitting"
    __table_args__ = (
        sa.CheckConstraint("state IN ('planned', 'papers_sent', 'open', 'closed')", name="state"),
        sa.CheckConstraint("quorum >= 1", name="quorum"),
        sa.CheckConstraint("(state = 'planned') = (papers_sent_at IS NULL)", name="papers"),
        sa.CheckConstraint("(state IN ('open', 'closed')) = (opened_at IS NOT NULL)", name="opened"),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        sa.Index(
            "uq_sitting_not_closed",
            "round_id",
            unique=True,
            sqlite_where=sa.text("state <> 'closed'"),
            postgresql_where=sa.text("state <> 'closed'"),
        ),
        {
            "info": {
                "processing": Processing(
                    purpose="to show who closed a sitting that decided about public money",
                    people="who works in a funding office, as a number without a foreign key",
                    basis=_BASIS,
                    kept=_KEPT,
                    columns=("closed_by",),
                    named=("closed_by",),
                )
            }
        },
    )

    id: Mapped[IntPk]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("grant_round.id"), index=True)
    held_on: Mapped[date]
    begins: Mapped[str]
    place: Mapped[str]
    link: Mapped[str]
    quorum: Mapped[int]
    state: Mapped[str] = mapped_column(default="planned")
    made_at: Mapped[datetime]
    papers_sent_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None]


class SittingItem(Model):
    """A request on the agenda of a sitting, in the version in which it was put there."""

    __tablename__ = "sitting_item"
    __table_args__ = ({"info": {"processing": NO_PERSONAL_DATA}},)

    sitting_id: Mapped[int] = mapped_column(
        sa.ForeignKey("sitting.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    request_id: Mapped[int] = mapped_column(
        sa.ForeignKey("grant_request.id"), primary_key=True, autoincrement=False, index=True
    )
    request_version: Mapped[int]


class SittingDecision(Model):
    """What a sitting decided about a request, in the version that it saw. Never changed: a new one names the old one.

    So each request has one that nobody replaced. The database sees to it, to the sitting being open, the request being
    as it was seen, and whoever enters it not being close to the group.
    """

    __tablename__ = "sitting_decision"
    __table_args__ = (
        sa.UniqueConstraint("id", "sitting_id", "request_id"),
        sa.ForeignKeyConstraint(
            ["sitting_id", "request_id"],
            ["sitting_item.sitting_id", "sitting_item.request_id"],
            name="fk_sitting_decision_item",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id", "sitting_id", "request_id"],
            ["sitting_decision.id", "sitting_decision.sitting_id", "sitting_decision.request_id"],
            name="fk_sitting_decision_replaces",
            ondelete="CASCADE",
        ),
        sa.Index(
            "uq_sitting_decision_first",
            "sitting_id",
            "request_id",
            unique=True,
            sqlite_where=sa.text("replaces_id IS NULL"),
            postgresql_where=sa.text("replaces_id IS NULL"),
        ),
        sa.CheckConstraint("outcome IN ('granted', 'part', 'rejected', 'put_off')", name="outcome"),
        sa.CheckConstraint(
            "cents >= 0 AND (outcome IN ('granted', 'part')) = (cents > 0)",
            name="cents",
        ),
        {
            "info": {
                "processing": Processing(
                    purpose="to show who entered what was decided about a request, and why",
                    people="who enters decisions, as a number without a foreign key; groups in the reasons",
                    basis=_BASIS,
                    kept=_KEPT,
                    columns=("decided_by", "words"),
                    groups=("group_id",),
                    named=("decided_by",),
                    is_health_data=True,
                )
            }
        },
    )

    id: Mapped[IntPk]
    sitting_id: Mapped[int] = mapped_column(index=True)
    request_id: Mapped[int] = mapped_column(index=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("group.id"), index=True)
    request_version: Mapped[int]
    replaces_id: Mapped[int | None] = mapped_column(unique=True)
    outcome: Mapped[str]
    cents: Mapped[int] = mapped_column(sa.BigInteger)
    reason: Mapped[str]
    words: Mapped[str]
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime]


class SittingComment(Model):
    """What a representative said about a request of a sitting, or about all of it; ``stance`` once it is decided."""

    __tablename__ = "sitting_comment"
    __table_args__ = (
        sa.CheckConstraint("stance IN ('agrees', 'disagrees')", name="stance"),
        sa.CheckConstraint("stance IS NOT NULL OR text <> ''", name="says_something"),
        sa.ForeignKeyConstraint(
            ["sitting_id", "request_id"],
            ["sitting_item.sitting_id", "sitting_item.request_id"],
            name="fk_sitting_comment_item",
            ondelete="CASCADE",
        ),
        {
            "info": {
                "processing": Processing(
                    purpose="to keep the advice of self-help, which the law asks for",
                    people="who represents self-help in a sitting, as a number without a foreign key",
                    basis="Art. 6(1)(c) and (e) GDPR, § 20h (4) SGB V",
                    kept=_KEPT,
                    columns=("written_by", "text"),
                    named=("written_by",),
                    is_health_data=True,
                )
            }
        },
    )

    id: Mapped[IntPk]
    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id", ondelete="CASCADE"), index=True)
    request_id: Mapped[int | None]
    stance: Mapped[str | None]
    text: Mapped[str]
    written_by: Mapped[int | None]
    written_at: Mapped[datetime]


class SittingRun(Model):
    """A run that was laid before a sitting to be agreed to as a whole, or that its decisions became (``made``)."""

    __tablename__ = "sitting_run"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('laid', 'made')", name="kind"),
        sa.CheckConstraint("outcome IN ('agreed', 'not_agreed')", name="outcome"),
        sa.CheckConstraint("kind = 'laid' OR outcome IS NULL", name="made_is_not_decided"),
        sa.CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided"),
        {
            "info": {
                "processing": Processing(
                    purpose="to show who entered what a sitting said to a division",
                    people="who enters decisions, as a number without a foreign key",
                    basis=_BASIS,
                    kept=_KEPT,
                    columns=("decided_by",),
                    named=("decided_by",),
                )
            }
        },
    )

    run_id: Mapped[int] = mapped_column(
        sa.ForeignKey("allocation_run.id"), primary_key=True, autoincrement=False
    )
    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    outcome: Mapped[str | None]
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]


class SittingPresence(Model):
    """Somebody who was there: to decide, to advise, or to keep the minutes; ``body`` is for whom."""

    __tablename__ = "sitting_presence"
    __table_args__ = (
        sa.UniqueConstraint("sitting_id", "name", "body"),
        sa.CheckConstraint("present_as IN ('decides', 'advises', 'office')", name="present_as"),
        {
            "info": {
                "processing": Processing(
                    purpose="to show that enough of those were there who decide, and who advised them",
                    people="who attends a sitting",
                    basis=_BASIS,
                    kept=_KEPT,
                    columns=("name", "body"),
                    not_given="it stands in minutes that all who attend get, and belongs to no account",
                )
            }
        },
    )

    id: Mapped[IntPk]
    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    body: Mapped[str]
    present_as: Mapped[str]
    noted_at: Mapped[datetime]


class SittingMinutes(Model):
    """The minutes of a closed sitting, word by word (``facts``) and as the file (``body``); never changed."""

    __tablename__ = "sitting_minutes"
    __table_args__ = (
        {
            "info": {
                "processing": Processing(
                    purpose="to prove what a sitting decided and who was there",
                    people="who attended, and representatives who commented",
                    basis=_BASIS,
                    kept="six years after the end of funding",
                    columns=("facts", "body"),
                    not_given="minutes of a meeting of offices, which all who attended get",
                    is_health_data=True,
                )
            }
        },
    )

    sitting_id: Mapped[int] = mapped_column(
        sa.ForeignKey("sitting.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    facts: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    sha256: Mapped[str]
    body: Mapped[bytes] = mapped_column(deferred=True)
