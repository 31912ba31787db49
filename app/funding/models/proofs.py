"""Proofs of use: what a group did with the grant of a round, its receipts, and what the office said to it."""

from __future__ import annotations

from datetime import date, datetime
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

_BASIS = "Art. 6(1)(c) and (e) and 9(2)(h) GDPR, § 20h SGB V, § 17 SVHV"
_KEPT = "six years after the end of funding"
_PURPOSE = "to check that a grant was used for its purpose"
_REMINDED = sa.text("act IN ('reminded_soon', 'reminded', 'reminded_late')")


class UseProof(Model):
    """The proof of what a group was paid in a round. ``answers`` hold what was typed, and what it means when right.

    Sums are those of the moment in which it was submitted; ``accepted_cents`` is what of the grant counts as used.
    """

    __tablename__ = "use_proof"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "group_id"),
        sa.CheckConstraint("kind IN ('confirmation', 'full')", name="kind"),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'questions', 'accepted', 'partly')", name="state"
        ),
        sa.CheckConstraint("state = 'draft' OR submitted_at IS NOT NULL", name="submitted"),
        sa.CheckConstraint("(state IN ('accepted', 'partly')) = (decided_at IS NOT NULL)", name="decided"),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL) AND (decided_at IS NULL) = (accepted_cents IS NULL)",
            name="decision",
        ),
        sa.CheckConstraint("granted_cents >= 0 AND received_cents >= 0", name="sums"),
        sa.CheckConstraint("accepted_cents >= 0", name="accepted"),
        {
            "info": {
                "processing": Processing(
                    purpose=_PURPOSE,
                    people="whoever is named in what a group writes; who decided, as a number without a foreign key",
                    basis=_BASIS,
                    kept=_KEPT,
                    columns=("answers", "decided_by"),
                    groups=("group_id",),
                    named=("decided_by",),
                    is_health_data=True,
                )
            }
        },
    )

    id: Mapped[IntPk]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("grant_round.id"))
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("group.id"), index=True)
    kind: Mapped[str]
    granted_cents: Mapped[int] = mapped_column(sa.BigInteger)
    received_cents: Mapped[int] = mapped_column(sa.BigInteger)
    state: Mapped[str] = mapped_column(default="draft")
    version: Mapped[int] = mapped_column(default=0)
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    own_cents: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    others_cents: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    remaining_cents: Mapped[int | None] = mapped_column(sa.BigInteger)
    extended_until: Mapped[date | None]
    answer_until: Mapped[date | None]
    received_on: Mapped[date | None]
    is_on_paper: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    accepted_cents: Mapped[int | None] = mapped_column(sa.BigInteger)
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]


class UseProofItem(Model):
    """An expense of a full proof as it was submitted; ``is_accepted`` is empty until somebody has looked at it."""

    __tablename__ = "use_proof_item"
    __table_args__ = (
        sa.CheckConstraint("cents > 0", name="cents"),
        sa.CheckConstraint("is_accepted IS NULL OR is_accepted OR reason <> ''", name="reason"),
        {
            "info": {
                "processing": Processing(
                    purpose=_PURPOSE,
                    people="whoever is named in an expense",
                    basis=_BASIS,
                    kept=_KEPT,
                    columns=("what", "reason"),
                    groups=("group_id",),
                    is_health_data=True,
                )
            }
        },
    )

    proof_id: Mapped[int] = mapped_column(
        sa.ForeignKey("use_proof.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("group.id"), index=True)
    kind: Mapped[str]
    on_day: Mapped[date]
    what: Mapped[str]
    cents: Mapped[int] = mapped_column(sa.BigInteger)
    is_accepted: Mapped[bool | None]
    reason: Mapped[str] = mapped_column(default="")


class UseProofReceipt(Model):
    """A receipt of a grant or a project: a PDF as it was sent, or a photo without what the camera noted."""

    __tablename__ = "use_proof_receipt"
    __table_args__ = (
        sa.UniqueConstraint("proof_id", "mark"),
        sa.UniqueConstraint("project_id", "mark"),
        sa.CheckConstraint("(proof_id IS NULL) <> (project_id IS NULL)", name="one_owner"),
        {
            "info": {
                "processing": Processing(
                    purpose=_PURPOSE,
                    people="whoever is named on a receipt",
                    basis=_BASIS,
                    kept=_KEPT,
                    columns=("name", "body"),
                    groups=("group_id",),
                    is_health_data=True,
                )
            }
        },
    )

    id: Mapped[IntPk]
    proof_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("use_proof.id", ondelete="CASCADE"), index=True
    )
    project_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("project_request.id", ondelete="CASCADE"), index=True
    )
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("group.id"), index=True)
    name: Mapped[str]
    content_type: Mapped[str]
    mark: Mapped[str]
    body: Mapped[bytes] = mapped_column(deferred=True)
    added_at: Mapped[datetime]


class UseProofAct(Model):
    """What happened to a proof, in its order: submitted, asked about, answered, extended, reminded, decided.

    A row is never changed. Of each reminder there is one for each last day (``until``).
    """

    __tablename__ = "use_proof_act"
    __table_args__ = (
        sa.CheckConstraint(
            "act IN ('submitted', 'asked', 'answered', 'extended', 'decided', "
            "'reminded_soon', 'reminded', 'reminded_late')",
            name="act",
        ),
        sa.Index(
            "uq_use_proof_reminder",
            "proof_id",
            "act",
            "until",
            unique=True,
            sqlite_where=_REMINDED,
            postgresql_where=_REMINDED,
        ),
        {
            "info": {
                "processing": Processing(
                    purpose=_PURPOSE,
                    people="who asked, answered or decided, as a number without a foreign key",
                    basis=_BASIS,
                    kept=f"{_KEPT}; a number means nobody once the account is erased",
                    columns=("text", "by"),
                    groups=("group_id",),
                    named=("by",),
                    is_health_data=True,
                )
            }
        },
    )

    id: Mapped[IntPk]
    proof_id: Mapped[int] = mapped_column(sa.ForeignKey("use_proof.id", ondelete="CASCADE"), index=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("group.id"), index=True)
    act: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    until: Mapped[date | None]
    by: Mapped[int | None]
    at: Mapped[datetime]
