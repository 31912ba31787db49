"""What the levy of a year is reckoned from: rate, insured, shares and plans; and what insurers are asked for."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.database import IntPk
from app.shared.extensions import db
from app.shared.privacy import NO_PERSONAL_DATA

if TYPE_CHECKING:
    from app.shared.database import Base as Model
else:
    Model = db.Model


class LevyRate(Model):
    """What is due for each insured person in a year, in cents, and where that is from (``rules/levy_rates.py``)."""

    __tablename__ = "levy_rate"
    __table_args__ = (
        sa.CheckConstraint("cents > 0 AND reference_cents > 0", name="cents"),
        sa.CheckConstraint("standing IN ('statute', 'published', 'secondary', 'reckoned')", name="standing"),
        {"info": {"processing": NO_PERSONAL_DATA}},
    )

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cents: Mapped[int]
    reference_cents: Mapped[int]
    standing: Mapped[str]
    source: Mapped[str]


class InsuredCount(Model):
    """How many insured of an insurer live in a Land in a year."""

    __tablename__ = "insured_count"
    __table_args__ = (
        sa.CheckConstraint("insured > 0", name="insured"),
        {"info": {"processing": NO_PERSONAL_DATA}},
    )

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    insurer_id: Mapped[int] = mapped_column(sa.ForeignKey("insurer.id"), primary_key=True)
    state_ags: Mapped[str] = mapped_column(sa.ForeignKey("state.ags"), primary_key=True)
    insured: Mapped[int]


class FlatShare(Model):
    """An insurer that gives more of its levy as flat grants than the law wants, in whole per cent."""

    __tablename__ = "flat_share"
    __table_args__ = (
        sa.CheckConstraint("percent BETWEEN 50 AND 100", name="percent"),
        {"info": {"processing": NO_PERSONAL_DATA}},
    )

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    insurer_id: Mapped[int] = mapped_column(sa.ForeignKey("insurer.id"), primary_key=True)
    percent: Mapped[int]


class LevelShares(Model):
    """Which level gets which part of a Land's flat grants in a year (``rules/level_plan.py``)."""

    __tablename__ = "level_shares"
    __table_args__ = (
        sa.CheckConstraint("unit IN ('per_insured', 'per_cent')", name="unit"),
        sa.CheckConstraint(
            "federal >= 0 AND state_organisations >= 0 AND clearing_houses >= 0 AND groups >= 0",
            name="shares",
        ),
        {"info": {"processing": NO_PERSONAL_DATA}},
    )

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state_ags: Mapped[str] = mapped_column(sa.ForeignKey("state.ags"), primary_key=True)
    unit: Mapped[str]
    federal: Mapped[int]
    state_organisations: Mapped[int]
    clearing_houses: Mapped[int]
    groups: Mapped[int]
    source: Mapped[str]


class ContributionCall(Model):
    """An insurer is asked for its share of a pot, until a day. The account says of which pot, and what is open."""

    __tablename__ = "contribution_call"
    __table_args__ = (
        sa.CheckConstraint("cents > 0", name="cents"),
        {"info": {"processing": NO_PERSONAL_DATA, "append_only": True}},
    )

    id: Mapped[IntPk]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("ledger_account.id"), index=True)
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("ledger_entry.id"), unique=True)
    cents: Mapped[int] = mapped_column(sa.BigInteger)
    due_on: Mapped[date]
    called_at: Mapped[datetime]


class FundingYear(Model):
    """A year of the ledger; once it is closed no entry comes to it, and it is never opened again (migration 0020)."""

    __tablename__ = "funding_year"
    __table_args__ = ({"info": {"processing": NO_PERSONAL_DATA}},)

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    closed_at: Mapped[datetime | None]
