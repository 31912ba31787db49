"""Requests of clearing houses and organisations for their flat grant, what was done with them, and their proof."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.funding.rules.ledger_accounts import HOUSE, ORGANISATION, Payee
from app.shared.database import IntPk
from app.shared.extensions import db
from app.shared.privacy import Processing

if TYPE_CHECKING:
    from app.shared.database import Base as Model
else:
    Model = db.Model


def _people(*columns: str) -> Processing:
    return Processing(
        purpose="to show who asked for public money, and that somebody else decided about it",
        people="who writes, decides and checks, as numbers without a foreign key",
        basis="Art. 6(1)(c) and (e) GDPR, § 20h SGB V",
        kept="six years after the end of funding; the numbers mean nobody once the account is erased",
        columns=columns,
        named=columns,
    )


class InstitutionRequest(Model):
    """What a clearing house or an organisation asks for in a year: one request each.

    ``answers`` hold for each page what was typed and, when it is right, what it means (``typed``, ``values``);
    ``versions`` count the changes of each page, ``version`` those of the whole. ``figures`` and ``assessment`` are what
    was counted and what spoke for and against it on the day it was submitted.
    """

    __tablename__ = "institution_request"
    __table_args__ = (
        sa.UniqueConstraint("clearinghouse_id", "year"),
        sa.UniqueConstraint("organisation_id", "year"),
        sa.CheckConstraint("(clearinghouse_id IS NULL) <> (organisation_id IS NULL)", name="one_payee"),
        sa.CheckConstraint("clearinghouse_id IS NULL OR state_ags IS NOT NULL", name="house_has_land"),
        sa.CheckConstraint("state IN ('draft', 'submitted', 'returned', 'decided')", name="state"),
        sa.CheckConstraint(
            "state = 'draft' OR (number IS NOT NULL AND submitted_at IS NOT NULL)", name="submitted"
        ),
        sa.CheckConstraint("(state = 'decided') = (granted_cents IS NOT NULL)", name="granted"),
        sa.CheckConstraint("(state = 'decided') = (decided_at IS NOT NULL)", name="decided"),
        sa.CheckConstraint("granted_cents >= 0 AND granted_cents <= asked_cents", name="sum"),
        sa.CheckConstraint("decided_by <> submitted_by", name="second_person"),
        {"info": {"processing": _people("submitted_by", "decided_by")}},
    )

    id: Mapped[IntPk]
    clearinghouse_id: Mapped[int | None] = mapped_column(sa.ForeignKey("clearinghouse.id"))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    year: Mapped[int] = mapped_column(index=True)
    state_ags: Mapped[str | None] = mapped_column(sa.ForeignKey("state.ags"))
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    versions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(default="draft")
    number: Mapped[str | None] = mapped_column(unique=True)
    asked_cents: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    figures: Mapped[dict[str, Any] | None]
    assessment: Mapped[dict[str, Any] | None]
    submitted_by: Mapped[int | None]
    submitted_at: Mapped[datetime | None]
    granted_cents: Mapped[int | None] = mapped_column(sa.BigInteger)
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey("ledger_entry.id"))
    created_at: Mapped[datetime]

    @property
    def payee(self) -> Payee:
        """Who gets the money."""
        if self.clearinghouse_id is not None:
            return Payee(HOUSE, self.clearinghouse_id)
        return Payee(ORGANISATION, self.organisation_id or 0)


class InstitutionAct(Model):
    """What was done with a request or its proof: by whom, when, in which version, with which words and sum."""

    __tablename__ = "institution_act"
    __table_args__ = (
        sa.CheckConstraint(
            "act IN ('begun', 'changed', 'submitted', 'returned', 'decided',"
            " 'proof_submitted', 'proof_questioned', 'proof_accepted')",
            name="act",
        ),
        sa.CheckConstraint("cents >= 0", name="cents"),
        {"info": {"processing": _people("done_by"), "append_only": True}},
    )

    id: Mapped[IntPk]
    request_id: Mapped[int] = mapped_column(
        sa.ForeignKey("institution_request.id", ondelete="CASCADE"), index=True
    )
    act: Mapped[str]
    version: Mapped[int]
    words: Mapped[str]
    cents: Mapped[int | None] = mapped_column(sa.BigInteger)
    done_by: Mapped[int]
    done_at: Mapped[datetime]


class InstitutionProof(Model):
    """How a grant was used: what came and what was spent beside the plan, and the figures of the year.

    ``remaining_cents`` is what is left of the grant and has to come back.
    """

    __tablename__ = "institution_proof"
    __table_args__ = (
        sa.CheckConstraint("state IN ('submitted', 'questioned', 'accepted')", name="state"),
        sa.CheckConstraint("remaining_cents >= 0", name="remaining"),
        sa.CheckConstraint("(state = 'submitted') = (checked_at IS NULL)", name="checked"),
        sa.CheckConstraint("checked_by <> submitted_by", name="second_person"),
        {"info": {"processing": _people("submitted_by", "checked_by")}},
    )

    request_id: Mapped[int] = mapped_column(
        sa.ForeignKey("institution_request.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    answers: Mapped[dict[str, Any]]
    figures: Mapped[dict[str, Any]]
    remaining_cents: Mapped[int] = mapped_column(sa.BigInteger)
    version: Mapped[int]
    state: Mapped[str]
    submitted_by: Mapped[int | None]
    submitted_at: Mapped[datetime]
    checked_by: Mapped[int | None]
    checked_at: Mapped[datetime | None]
