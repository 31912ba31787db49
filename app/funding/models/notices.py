"""Notices: what a group was told about its grant, by which authority, and when it was sent and opened."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.funding.models.notice_ways import ACT_DAYS, ACT_TURNS, ACTS, ActColumns, act_processing
from app.shared.database import IntPk
from app.shared.extensions import db
from app.shared.privacy import NO_PERSONAL_DATA, Processing

if TYPE_CHECKING:
    from app.shared.database import Base as Model
else:
    Model = db.Model


class NoticeOffice(Model):
    """Who issues the notices of a region: the body, where it is, and who answers for it."""

    __tablename__ = "notice_office"
    __table_args__ = (
        {
            "info": {
                "processing": Processing(
                    purpose="to say on every notice who issued it and whom to ask",
                    people="who answers for the notices of a funding office",
                    basis="Art. 6(1)(c) and (e) GDPR, § 33 (3) SGB X",
                    kept="until the office names somebody else",
                    columns=("person", "phone", "email"),
                    not_given="it is what an office says of itself on every letter, and belongs to no account",
                )
            }
        },
    )

    region_id: Mapped[int] = mapped_column(
        sa.ForeignKey("funding_region.id"), primary_key=True, autoincrement=False
    )
    body: Mapped[str]
    street: Mapped[str]
    postcode: Mapped[str]
    town: Mapped[str]
    person: Mapped[str]
    phone: Mapped[str]
    email: Mapped[str]
    changed_at: Mapped[datetime]


class NoticeOrder(Model):
    """That the notices of a run are to be made, or mailed; whoever comes first does the next portion."""

    __tablename__ = "notice_order"
    __table_args__ = (
        {
            "info": {
                "processing": Processing(
                    purpose="to show who had the notices made",
                    people="who works on rounds, as a number without a foreign key",
                    basis="Art. 6(1)(c) and (e) GDPR, § 20h SGB V",
                    kept="as long as the money must be accounted for; means nobody once the account is erased",
                    columns=("ordered_by",),
                    named=("ordered_by",),
                )
            }
        },
    )

    run_id: Mapped[int] = mapped_column(
        sa.ForeignKey("allocation_run.id"), primary_key=True, autoincrement=False
    )
    ordered_by: Mapped[int]
    ordered_at: Mapped[datetime]
    is_making: Mapped[bool]
    is_mailing: Mapped[bool]


class Notice(Model):
    """What a group was told because of a run, word by word (``facts``) and as the file that was sent (``body``).

    A row is never changed; a later decision is a notice of its own, which names the one that it ``replaces``.
    ``cents`` is what the group has by it.
    """

    __tablename__ = "notice"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('approval', 'part', 'rejection', 'change', 'revocation')", name="kind"),
        sa.CheckConstraint("cents >= 0", name="cents"),
        sa.CheckConstraint("(kind IN ('change', 'revocation')) = (replaces_id IS NOT NULL)", name="replaces"),
        sa.Index(
            "uq_notice_of_run",
            "run_id",
            "group_id",
            unique=True,
            sqlite_where=sa.text("replaces_id IS NULL"),
            postgresql_where=sa.text("replaces_id IS NULL"),
        ),
        sa.Index("uq_notice_replaces", "replaces_id", unique=True),
        {
            "info": {
                "processing": Processing(
                    purpose="to tell a group what was decided about its request, and to prove what it was told",
                    people="the contact of a group, in the address",
                    basis="Art. 6(1)(e) and 9(2)(h) GDPR, § 20h SGB V, §§ 31 to 37 SGB X",
                    kept="six years after the end of funding",
                    columns=("facts", "body"),
                    groups=("group_id",),
                    is_health_data=True,
                )
            }
        },
    )

    id: Mapped[IntPk]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("grant_round.id"), index=True)
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("allocation_run.id"))
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("group.id"), index=True)
    replaces_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("notice.id", ondelete="CASCADE"), unique=True
    )
    kind: Mapped[str]
    number: Mapped[str] = mapped_column(unique=True)
    cents: Mapped[int] = mapped_column(sa.BigInteger)
    facts: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    sha256: Mapped[str]
    body: Mapped[bytes] = mapped_column(deferred=True)


class NoticeAct(ActColumns, Model):
    """What became of the notice of a run."""

    __tablename__ = "notice_act"
    __table_args__ = (
        sa.CheckConstraint(ACTS, name="act"),
        sa.CheckConstraint(ACT_DAYS, name="day"),
        sa.CheckConstraint(ACT_TURNS, name="turn"),
        {"info": {"processing": act_processing()}},
    )

    notice_id: Mapped[int] = mapped_column(
        sa.ForeignKey("notice.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )


class HeldNotice(Model):
    """A notice that could not be made, since no font has these ``signs``; it is tried again when somebody asks."""

    __tablename__ = "notice_held"
    __table_args__ = ({"info": {"processing": NO_PERSONAL_DATA}},)

    run_id: Mapped[int] = mapped_column(
        sa.ForeignKey("allocation_run.id"), primary_key=True, autoincrement=False
    )
    group_id: Mapped[int] = mapped_column(
        sa.ForeignKey("group.id"), primary_key=True, autoincrement=False, index=True
    )
    signs: Mapped[str]
    held_at: Mapped[datetime]


class NoticeObjection(Model):
    """An objection to a notice: when it came, whether in time (``last_day``), and how it ended.

    Whoever entered it does not grant money by it; the database sees to that.
    """

    __tablename__ = "notice_objection"
    __table_args__ = (
        sa.CheckConstraint("outcome IN ('upheld', 'rejected')", name="outcome"),
        sa.CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided"),
        sa.CheckConstraint("(outcome IS NULL) = (decided_by IS NULL)", name="decider"),
        sa.CheckConstraint("coalesce(outcome = 'upheld', false) = (cents IS NOT NULL)", name="sum"),
        sa.CheckConstraint("cents > 0", name="cents"),
        sa.CheckConstraint("outcome <> 'upheld' OR decided_by <> entered_by", name="second_person"),
        {
            "info": {
                "processing": Processing(
                    purpose="to show that two people decided about an objection",
                    people="who entered and who decided, as numbers without a foreign key",
                    basis="Art. 6(1)(c) and (e) GDPR, §§ 78 to 85 SGG",
                    kept="as long as the notice; the numbers mean nobody once the account is erased",
                    columns=("entered_by", "decided_by"),
                    named=("entered_by", "decided_by"),
                )
            }
        },
    )

    notice_id: Mapped[int] = mapped_column(
        sa.ForeignKey("notice.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    received_on: Mapped[date]
    last_day: Mapped[date]
    entered_by: Mapped[int]
    entered_at: Mapped[datetime]
    outcome: Mapped[str | None]
    cents: Mapped[int | None] = mapped_column(sa.BigInteger)
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]

    @property
    def is_in_time(self) -> bool:
        """Whether it came by the last day; a late one can still be decided."""
        return self.received_on <= self.last_day
