"""Projects of groups: what they write, what each insurer is asked for and decides, their proof; insurers' terms."""

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

_BASIS = "Art. 6(1)(e) and 9(2)(h) GDPR, § 20h SGB V, § 67a SGB X"
_KEPT = "six years after the end of funding"


class InsurerProjectTerms(Model):
    """On which terms an insurer funds projects in a Land, or with "" in all (``rules/project_terms.py``)."""

    __tablename__ = "project_terms"
    __table_args__ = ({"info": {"processing": NO_PERSONAL_DATA}},)

    insurer_id: Mapped[int] = mapped_column(
        sa.ForeignKey("insurer.id"), primary_key=True, autoincrement=False
    )
    state_ags: Mapped[str] = mapped_column(primary_key=True)
    terms: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]


class ProjectRequest(Model):
    """What a group writes to have a project funded; its pages as those of a ``GrantApplication``.

    ``version`` counts how often it was submitted: whoever decides has read one of them. ``year`` is that in which the
    project begins, and whose money is asked for. ``copy`` is what the copy of that version says, for the group to keep.
    """

    __tablename__ = "project_request"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'gap', 'changing', 'decided', 'withdrawn')", name="state"
        ),
        sa.CheckConstraint("state IN ('draft', 'withdrawn') OR number IS NOT NULL", name="has_number"),
        sa.CheckConstraint("(state = 'decided') = (decided_at IS NOT NULL)", name="decided"),
        {
            "info": {
                "processing": Processing(
                    purpose="to decide about money for a project of a group and to pay it",
                    people="the holder of the group's account, and who is responsible for the project",
                    basis=_BASIS,
                    kept=_KEPT,
                    columns=("answers", "copy"),
                    groups=("group_id",),
                    is_health_data=True,
                )
            }
        },
    )

    id: Mapped[IntPk]
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("group.id"), index=True)
    region_id: Mapped[int] = mapped_column(sa.ForeignKey("funding_region.id"))
    year: Mapped[int | None]
    ends_on: Mapped[date | None]
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(default="draft")
    number: Mapped[str | None] = mapped_column(unique=True)
    received_on: Mapped[date | None]
    assessment: Mapped[dict[str, Any] | None]
    copy: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]


class ProjectShare(Model):
    """What an insurer is asked for by a ``version`` of a project, and what it decided.

    With ``is_pool`` it decides for all insurers of the Land that give together. ``parts`` say from whose pots what was
    agreed is promised: by slug, once it is posted. Who decided does not pay; the database sees to that.
    """

    __tablename__ = "project_share"
    __table_args__ = (
        sa.UniqueConstraint("project_id", "insurer_id", "is_pool"),
        sa.CheckConstraint("asked_cents > 0", name="asked"),
        sa.CheckConstraint(
            "(verdict = 'open' AND cents IS NULL) OR (verdict = 'agreed' AND cents = asked_cents) "
            "OR (verdict = 'part' AND cents > 0 AND cents < asked_cents) OR (verdict = 'declined' AND cents = 0)",
            name="verdict",
        ),
        sa.CheckConstraint("(verdict = 'open') = (decided_by IS NULL)", name="decider"),
        sa.CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided"),
        sa.CheckConstraint("paid_by IS NULL OR paid_by <> decided_by", name="second_person"),
        sa.CheckConstraint("(paid_by IS NULL) = (paid_at IS NULL)", name="paid"),
        {
            "info": {
                "processing": Processing(
                    purpose="to show who decided about an insurer's share, and that a second person booked the payment",
                    people="who decided and who paid, as numbers without a foreign key",
                    basis="Art. 6(1)(c) and (e) GDPR, § 20h SGB V",
                    kept="as long as the project; the numbers mean nobody once the account is erased",
                    columns=("decided_by", "paid_by", "reason"),
                    named=("decided_by", "paid_by"),
                    groups=("group_id",),
                )
            }
        },
    )

    id: Mapped[IntPk]
    project_id: Mapped[int] = mapped_column(
        sa.ForeignKey("project_request.id", ondelete="CASCADE"), index=True
    )
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("group.id"), index=True)
    insurer_id: Mapped[int] = mapped_column(sa.ForeignKey("insurer.id"), index=True)
    is_pool: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int]
    asked_cents: Mapped[int] = mapped_column(sa.BigInteger)
    verdict: Mapped[str] = mapped_column(default="open")
    cents: Mapped[int | None] = mapped_column(sa.BigInteger)
    reason: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    parts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    paid_by: Mapped[int | None]
    paid_at: Mapped[datetime | None]


class ProjectAct(Model):
    """What was done with a project, in order; never changed. ``answers`` are those that were submitted by it.

    ``insurer_id`` is there for what one insurer asked, decided or was answered: others do not read it.
    """

    __tablename__ = "project_act"
    __table_args__ = (
        sa.CheckConstraint(
            "act IN ('submitted', 'asked', 'answered', 'agreed', 'part', 'declined', 'taken_back', 'gap', "
            "'changing', 'decided', 'paid', 'withdrawn', 'proof_submitted', 'proof_questioned', 'proof_accepted', "
            "'payment_undone')",
            name="act",
        ),
        {
            "info": {
                "processing": Processing(
                    purpose="to show what was asked, answered and decided about a project, by whom and when",
                    people="who did it, as a number; who is responsible for the project",
                    basis=_BASIS,
                    kept=_KEPT,
                    columns=("by_id", "text", "answers"),
                    named=("by_id",),
                    groups=("group_id",),
                    is_health_data=True,
                )
            }
        },
    )

    id: Mapped[IntPk]
    project_id: Mapped[int] = mapped_column(
        sa.ForeignKey("project_request.id", ondelete="CASCADE"), index=True
    )
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("group.id"), index=True)
    insurer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("insurer.id"))
    act: Mapped[str]
    version: Mapped[int]
    by_id: Mapped[int | None]
    at: Mapped[datetime]
    cents: Mapped[int | None] = mapped_column(sa.BigInteger)
    text: Mapped[str] = mapped_column(default="")
    answers: Mapped[dict[str, Any] | None]


class ProjectProof(Model):
    """How the money for a project was used: what was done, and what came and was spent beside the plan.

    ``remaining_cents`` is what is left of it and has to go back; earlier versions stand in ``ProjectAct``.
    """

    __tablename__ = "project_proof"
    __table_args__ = (
        sa.CheckConstraint("state IN ('submitted', 'questioned', 'accepted')", name="state"),
        sa.CheckConstraint("remaining_cents >= 0", name="remaining"),
        sa.CheckConstraint("(state = 'submitted') = (checked_at IS NULL)", name="checked"),
        sa.CheckConstraint("checked_by <> submitted_by", name="second_person"),
        {
            "info": {
                "processing": Processing(
                    purpose="to see that public money was used for the project it was given for",
                    people="who hands in and who checks, as numbers without a foreign key",
                    basis=_BASIS,
                    kept=_KEPT,
                    columns=("answers", "submitted_by", "checked_by"),
                    named=("submitted_by", "checked_by"),
                    groups=("group_id",),
                    is_health_data=True,
                )
            }
        },
    )

    project_id: Mapped[int] = mapped_column(
        sa.ForeignKey("project_request.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("group.id"), index=True)
    answers: Mapped[dict[str, Any]]
    remaining_cents: Mapped[int] = mapped_column(sa.BigInteger)
    version: Mapped[int]
    state: Mapped[str]
    submitted_by: Mapped[int | None]
    submitted_at: Mapped[datetime]
    checked_by: Mapped[int | None]
    checked_at: Mapped[datetime | None]
