"""The ledger: entries whose lines sum to zero, the accounts they move, and a guard for each account with money in it.

The database itself holds (migration 0019) that entries balance and are never changed, that a guard moves only with
lines, that nothing is promised that is not granted, and nothing paid that is not promised. See docs/adr/0017.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.database import IntPk
from app.shared.extensions import db
from app.shared.privacy import NO_PERSONAL_DATA

if TYPE_CHECKING:
    from app.shared.database import Base as Model
else:
    Model = db.Model

ONLY_MORE: dict[str, Any] = {"info": {"processing": NO_PERSONAL_DATA, "append_only": True}}
"""Of tables that are read and added to, and nothing else."""


class Insurer(Model):
    """A statutory health insurer. ``slug`` names it in files and accounts, so it stays."""

    __tablename__ = "insurer"
    __table_args__ = (
        sa.CheckConstraint("family IN ('aok', 'bkk', 'ikk', 'knappschaft', 'lkk', 'vdek')", name="family"),
        {"info": {"processing": NO_PERSONAL_DATA}},
    )

    id: Mapped[IntPk]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    family: Mapped[str]


class LedgerAccount(Model):
    """A place where money can be; ``name`` says all that the other columns say (``rules/ledger_accounts.py``).

    ``budget_id`` is the pot that what is due, promised and paid belongs to. The payee is a number without a foreign
    key: the account outlives it.
    """

    __tablename__ = "ledger_account"
    __table_args__ = (
        sa.CheckConstraint(
            "kind IN ('levy', 'due', 'pot', 'reserve', 'returned', 'carry', 'committed', 'paid')", name="kind"
        ),
        sa.CheckConstraint(
            "(kind IN ('committed', 'paid')) = (payee_kind IS NOT NULL AND payee_id IS NOT NULL)",
            name="of_payee",
        ),
        sa.CheckConstraint(
            "(kind IN ('due', 'committed', 'paid')) = (budget_id IS NOT NULL)", name="moves_budget"
        ),
        sa.CheckConstraint("payee_kind IN ('group', 'house', 'organisation')", name="payee_kind"),
        sa.Index("ix_ledger_account_payee", "payee_kind", "payee_id"),
        ONLY_MORE,
    )

    id: Mapped[IntPk]
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    year: Mapped[int]
    insurer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("insurer.id"))
    state_ags: Mapped[str | None] = mapped_column(sa.ForeignKey("state.ags"))
    region: Mapped[str | None]
    level: Mapped[str | None]
    payee_kind: Mapped[str | None]
    payee_id: Mapped[int | None]
    budget_id: Mapped[int | None] = mapped_column(sa.ForeignKey("ledger_account.id"), index=True)


class LedgerEntry(Model):
    """One act. ``history_id`` tells who did it and carries the seal; ``digest`` is of all that was asked for."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        sa.CheckConstraint("(kind = 'reversed') = (reverses_id IS NOT NULL)", name="reversal"),
        ONLY_MORE,
    )

    id: Mapped[IntPk]
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    reason: Mapped[str]
    facts: Mapped[dict[str, Any]]
    year: Mapped[int] = mapped_column(index=True)
    posted_at: Mapped[datetime]
    reverses_id: Mapped[int | None] = mapped_column(sa.ForeignKey("ledger_entry.id"), unique=True)
    corrects_id: Mapped[int | None] = mapped_column(sa.ForeignKey("ledger_entry.id"))
    history_id: Mapped[int] = mapped_column(sa.ForeignKey("history_entry.id"), index=True)
    digest: Mapped[str]


class LedgerLine(Model):
    """What an account receives by an entry, or gives when negative. Written before its entry."""

    __tablename__ = "ledger_line"
    __table_args__ = (sa.CheckConstraint("cents <> 0", name="cents"), ONLY_MORE)

    entry_id: Mapped[int] = mapped_column(
        sa.ForeignKey("ledger_entry.id", deferrable=True, initially="DEFERRED"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("ledger_account.id"), primary_key=True, index=True)
    cents: Mapped[int] = mapped_column(sa.BigInteger)


class Budget(Model):
    """The guard of an account with money in it, in cents: moved by the database with every line, and by nothing else.

    ``granted`` is what can be promised and has not left, what insurers still owe to it (``outstanding``) included; of
    it ``committed`` is promised, of that ``paid`` is paid: never more than what has come.
    """

    __tablename__ = "budget"
    __table_args__ = (
        sa.CheckConstraint("0 <= paid AND paid <= committed", name="paid"),
        sa.CheckConstraint("committed <= granted", name="committed"),
        sa.CheckConstraint("outstanding >= 0", name="outstanding"),
        sa.CheckConstraint("paid = 0 OR paid + outstanding <= granted", name="filled"),
        ONLY_MORE,
    )

    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("ledger_account.id"), primary_key=True, autoincrement=False
    )
    granted: Mapped[int] = mapped_column(sa.BigInteger)
    committed: Mapped[int] = mapped_column(sa.BigInteger)
    paid: Mapped[int] = mapped_column(sa.BigInteger)
    outstanding: Mapped[int] = mapped_column(sa.BigInteger)
