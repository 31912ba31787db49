"""Payments of awards: accounts that money leaves and reaches, batches of two people, and each payment."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.database import IntPk
from app.shared.extensions import db
from app.shared.privacy import NO_PERSONAL_DATA, Processing

if TYPE_CHECKING:
    from app.shared.database import Base as Model
else:
    Model = db.Model

_BASIS = "Art. 6(1)(c) and (e) GDPR, § 20h SGB V, § 257 HGB"
_LIVE = sa.text("state IN ('prepared', 'sent', 'unknown', 'executed')")


class RegionAccount(Model):
    """The account from which the awards of a region are paid, once the region pays here."""

    __tablename__ = "region_account"
    __table_args__ = ({"info": {"processing": NO_PERSONAL_DATA}},)

    region_id: Mapped[int] = mapped_column(
        sa.ForeignKey("funding_region.id"), primary_key=True, autoincrement=False
    )
    name: Mapped[str]
    iban: Mapped[str]
    changed_at: Mapped[datetime]


class PayeeAccount(Model):
    """The account of a group as the office entered it, or as it confirmed one that changed; the last one holds.

    ``entered_by`` is empty when the group named it in its application. Until a second person has confirmed it,
    nothing is paid to it.
    """

    __tablename__ = "payee_account"
    __table_args__ = (
        sa.CheckConstraint("confirmed_by <> entered_by", name="second_person"),
        sa.CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed"),
        {
            "info": {
                "processing": Processing(
                    purpose="to pay grants to the right account, seen by two people when it changes",
                    people="the holder of the group's account; who entered and who confirmed it",
                    basis=_BASIS,
                    kept="ten years after it was entered",
                    columns=("holder", "iban", "entered_by", "confirmed_by"),
                    groups=("group_id",),
                    named=("entered_by", "confirmed_by"),
                    is_health_data=True,
                )
            }
        },
    )

    id: Mapped[IntPk]
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("group.id"), index=True)
    holder: Mapped[str]
    iban: Mapped[str]
    entered_by: Mapped[int | None]
    entered_at: Mapped[datetime]
    confirmed_by: Mapped[int | None]
    confirmed_at: Mapped[datetime | None]


class PaymentBatch(Model):
    """Payments of a region and year that go to the bank as one file; ``sha256`` is of that file once it is released.

    Who releases it is somebody else than who made it: the database sees to that.
    """

    __tablename__ = "payment_batch"
    __table_args__ = (
        sa.CheckConstraint("state IN ('built', 'released', 'sent', 'unknown', 'dropped')", name="state"),
        sa.CheckConstraint("released_by <> made_by", name="second_person"),
        sa.CheckConstraint(
            "state IN ('built', 'dropped') OR (released_by IS NOT NULL AND sha256 IS NOT NULL)",
            name="released",
        ),
        sa.CheckConstraint("cents > 0 AND count > 0", name="not_empty"),
        {
            "info": {
                "processing": Processing(
                    purpose="to show that two people paid public money out",
                    people="who makes and who releases a batch, as numbers without a foreign key",
                    basis=_BASIS,
                    kept="as long as the money must be accounted for; a number means nobody once the account is erased",
                    columns=("made_by", "released_by"),
                    named=("made_by", "released_by"),
                )
            }
        },
    )

    id: Mapped[IntPk]
    region_id: Mapped[int] = mapped_column(sa.ForeignKey("funding_region.id"))
    year: Mapped[int]
    reference: Mapped[str] = mapped_column(unique=True)
    debtor_name: Mapped[str]
    debtor_iban: Mapped[str]
    execution_on: Mapped[date]
    count: Mapped[int]
    cents: Mapped[int] = mapped_column(sa.BigInteger)
    state: Mapped[str] = mapped_column(default="built")
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    released_by: Mapped[int | None]
    released_at: Mapped[datetime | None]
    sha256: Mapped[str | None]
    sent_at: Mapped[datetime | None]


class Payment(Model):
    """One award on its way to one account, which stays as it was when the batch was made.

    An award is in one live payment at most. ``settled_on`` is the bank's day, ``settled_at`` when it was
    known here. ``is_due_again``: it did not reach anybody, and can be paid once more.
    """

    __tablename__ = "payment"
    __table_args__ = (
        sa.CheckConstraint("cents > 0", name="cents"),
        sa.CheckConstraint(
            "state IN ('prepared', 'sent', 'unknown', 'executed', 'returned', 'dropped')", name="state"
        ),
        sa.CheckConstraint("NOT is_due_again OR state = 'returned'", name="due_again"),
        sa.UniqueConstraint("batch_id", "position"),
        sa.Index("uq_payment_live", "award_key", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        {
            "info": {
                "processing": Processing(
                    purpose="to pay a grant, and to account for it",
                    people="the holder of the group's account",
                    basis=_BASIS,
                    kept="ten years; then the account is forgotten, the sum stays",
                    columns=("holder", "iban"),
                    groups=("group_id",),
                    is_health_data=True,
                )
            }
        },
    )

    id: Mapped[IntPk]
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("payment_batch.id"), index=True)
    position: Mapped[int]
    award_key: Mapped[str] = mapped_column(index=True)
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("allocation_run.id"))
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("grant_request.id"))
    group_id: Mapped[int] = mapped_column(index=True)
    cents: Mapped[int] = mapped_column(sa.BigInteger)
    holder: Mapped[str]
    iban: Mapped[str]
    purpose: Mapped[str]
    end_to_end_id: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default="prepared")
    settled_on: Mapped[date | None]
    settled_at: Mapped[datetime | None]
    bank_reason: Mapped[str | None]
    is_due_again: Mapped[bool] = mapped_column(default=False)


class BankLine(Model):
    """A line of a bank's file that says something about payments: once, however often the file is read.

    ``outcome`` is what became of it; ``unmatched`` and ``contradicts`` wait for somebody to look at them.
    """

    __tablename__ = "bank_line"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('executed', 'returned', 'refused', 'pending')", name="kind"),
        sa.CheckConstraint(
            "outcome IN ('matched', 'known', 'unmatched', 'contradicts', 'settled')", name="outcome"
        ),
        {"info": {"processing": NO_PERSONAL_DATA}},
    )

    id: Mapped[IntPk]
    mark: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    cents: Mapped[int | None] = mapped_column(sa.BigInteger)
    booked_on: Mapped[date | None]
    end_to_end_id: Mapped[str | None]
    reference: Mapped[str | None]
    bank_reason: Mapped[str | None]
    payment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("payment.id"), index=True)
    outcome: Mapped[str]
    read_at: Mapped[datetime]
