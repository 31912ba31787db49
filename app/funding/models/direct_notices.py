"""Notices of what was decided without a round: about a project, a clearing house or an organisation."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.funding.models.notice_ways import ACT_DAYS, ACT_TURNS, ACTS, ActColumns, act_processing
from app.shared.database import IntPk
from app.shared.extensions import db
from app.shared.privacy import Processing

if TYPE_CHECKING:
    from app.shared.database import Base as Model
else:
    Model = db.Model


class DirectNotice(Model):
    """What somebody was told because of a decision (``key``), word by word (``facts``) and as the file (``body``).

    It is for a group, a house or an organisation: one of the three. A row is never changed; a later decision is a
    notice of its own, which names the one that it ``replaces``.
    """

    __tablename__ = "direct_notice"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('approval', 'part', 'rejection', 'change', 'revocation')", name="kind"),
        sa.CheckConstraint("cents >= 0", name="cents"),
        sa.CheckConstraint("(kind IN ('change', 'revocation')) = (replaces_id IS NOT NULL)", name="replaces"),
        sa.CheckConstraint(
            "(CASE WHEN group_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN clearinghouse_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="payee",
        ),
        {
            "info": {
                "processing": Processing(
                    purpose="to tell somebody what was decided about their request, and to prove what they were told",
                    people="the contact of a group or house, in the address",
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
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    number: Mapped[str] = mapped_column(unique=True)
    year: Mapped[int]
    state_ags: Mapped[str | None] = mapped_column(sa.ForeignKey("state.ags"))
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("group.id"), index=True)
    clearinghouse_id: Mapped[int | None] = mapped_column(sa.ForeignKey("clearinghouse.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    replaces_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("direct_notice.id", ondelete="CASCADE"), unique=True
    )
    cents: Mapped[int] = mapped_column(sa.BigInteger)
    facts: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    sha256: Mapped[str]
    body: Mapped[bytes] = mapped_column(deferred=True)


class DirectNoticeAct(ActColumns, Model):
    """What became of such a notice."""

    __tablename__ = "direct_notice_act"
    __table_args__ = (
        sa.CheckConstraint(ACTS, name="act"),
        sa.CheckConstraint(ACT_DAYS, name="day"),
        sa.CheckConstraint(ACT_TURNS, name="turn"),
        {"info": {"processing": act_processing()}},
    )

    notice_id: Mapped[int] = mapped_column(
        sa.ForeignKey("direct_notice.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
