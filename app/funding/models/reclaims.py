"""Money that has to come back: what is claimed, in which instalments, what of it is waived, and interest that came.

What came back of the grant itself stands in the ledger and nowhere else.
"""

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

_UNDECIDED = sa.text("decided_at IS NULL")


def _by(purpose: str, *columns: str) -> Processing:
    return Processing(
        purpose=purpose,
        people="who works on it, as a number without a foreign key",
        basis="Art. 6(1)(c) and (e) GDPR, §§ 47, 50 SGB X",
        kept="as long as the money must be accounted for; a number means nobody once the account is erased",
        columns=columns,
        named=columns,
    )


class Reclaim(Model):
    """What a group has to give back of the grant of a round.

    ``back_before_cents`` is what the ledger said had come back when ``cents`` were worked out: only what came since
    counts against them, whichever way it was booked.
    """

    __tablename__ = "reclaim"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "group_id"),
        sa.CheckConstraint("cause IN ('unused', 'not_accepted', 'revoked')", name="cause"),
        sa.CheckConstraint("cents > 0 AND back_before_cents >= 0", name="cents"),
        sa.CheckConstraint(
            "(written_on IS NULL) = (due_on IS NULL) AND (written_on IS NULL) = (written_by IS NULL)",
            name="written",
        ),
        sa.CheckConstraint("due_on > written_on", name="due"),
        {
            "info": {
                "processing": _by(
                    "to claim back what was not used for its purpose", "opened_by", "written_by"
                )
            }
        },
    )

    id: Mapped[IntPk]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("grant_round.id"))
    group_id: Mapped[int] = mapped_column(index=True)
    cause: Mapped[str]
    cents: Mapped[int] = mapped_column(sa.BigInteger)
    back_before_cents: Mapped[int] = mapped_column(sa.BigInteger)
    opened_by: Mapped[int | None]
    opened_at: Mapped[datetime]
    written_on: Mapped[date | None]
    written_by: Mapped[int | None]
    due_on: Mapped[date | None]
    interest_from: Mapped[date | None]


class ReclaimPlan(Model):
    """Instalments that were agreed; the newest plan of a claim holds."""

    __tablename__ = "reclaim_plan"
    __table_args__ = (
        sa.CheckConstraint("cents > 0", name="cents"),
        {"info": {"processing": _by("to show who agreed to instalments", "made_by")}},
    )

    id: Mapped[IntPk]
    reclaim_id: Mapped[int] = mapped_column(sa.ForeignKey("reclaim.id"), index=True)
    cents: Mapped[int] = mapped_column(sa.BigInteger)
    made_by: Mapped[int]
    made_at: Mapped[datetime]


class ReclaimInstalment(Model):
    """One instalment of a plan."""

    __tablename__ = "reclaim_instalment"
    __table_args__ = (
        sa.CheckConstraint("cents > 0", name="cents"),
        {"info": {"processing": NO_PERSONAL_DATA}},
    )

    plan_id: Mapped[int] = mapped_column(
        sa.ForeignKey("reclaim_plan.id"), primary_key=True, autoincrement=False
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    due_on: Mapped[date]
    cents: Mapped[int] = mapped_column(sa.BigInteger)


class ReclaimWaiver(Model):
    """That money need not come back: proposed by one person with a reason, decided by another."""

    __tablename__ = "reclaim_waiver"
    __table_args__ = (
        sa.CheckConstraint("cents > 0", name="cents"),
        sa.CheckConstraint("reason <> ''", name="reason"),
        sa.CheckConstraint("decided_by <> asked_by", name="second_person"),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL) AND (decided_at IS NULL) = (is_granted IS NULL)",
            name="decided",
        ),
        sa.Index(
            "uq_reclaim_waiver_open",
            "reclaim_id",
            unique=True,
            sqlite_where=_UNDECIDED,
            postgresql_where=_UNDECIDED,
        ),
        {
            "info": {
                "processing": _by("to show that two people waived public money", "asked_by", "decided_by")
            }
        },
    )

    id: Mapped[IntPk]
    reclaim_id: Mapped[int] = mapped_column(sa.ForeignKey("reclaim.id"), index=True)
    cents: Mapped[int] = mapped_column(sa.BigInteger)
    reason: Mapped[str]
    asked_by: Mapped[int]
    asked_at: Mapped[datetime]
    is_granted: Mapped[bool | None]
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]


class ReclaimInterest(Model):
    """Interest that came: it is no part of any grant, so the ledger of the grants does not hold it."""

    __tablename__ = "reclaim_interest"
    __table_args__ = (
        sa.CheckConstraint("cents > 0", name="cents"),
        {"info": {"processing": _by("to show what interest came", "booked_by")}},
    )

    id: Mapped[IntPk]
    reclaim_id: Mapped[int] = mapped_column(sa.ForeignKey("reclaim.id"), index=True)
    token: Mapped[str] = mapped_column(unique=True)
    cents: Mapped[int] = mapped_column(sa.BigInteger)
    received_on: Mapped[date]
    booked_by: Mapped[int]
    booked_at: Mapped[datetime]


class ReclaimLetter(Model):
    """What a group was told of a claim, word by word (``facts``) and as the file that is kept (``body``)."""

    __tablename__ = "reclaim_letter"
    __table_args__ = (
        {
            "info": {
                "processing": Processing(
                    purpose="to tell a group what it has to give back, and to prove what it was told",
                    people="the contact of a group, in the address",
                    basis="Art. 6(1)(c) and (e) and 9(2)(h) GDPR, §§ 31 to 37, 47, 50 SGB X",
                    kept="six years after the end of funding",
                    columns=("facts", "body"),
                    groups=("group_id",),
                    is_health_data=True,
                )
            }
        },
    )

    reclaim_id: Mapped[int] = mapped_column(
        sa.ForeignKey("reclaim.id"), primary_key=True, autoincrement=False
    )
    group_id: Mapped[int] = mapped_column(index=True)
    facts: Mapped[dict[str, Any]]
    sha256: Mapped[str]
    body: Mapped[bytes] = mapped_column(deferred=True)
    made_at: Mapped[datetime]
