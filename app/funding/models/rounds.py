"""Rounds of flat grants in a region: the requests of groups, and the runs that divided the pot among them."""

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


def _deciders(column: str) -> Processing:
    return Processing(
        purpose="to show that two people decided about public money",
        people="who decides, as a number without a foreign key",
        basis="Art. 6(1)(c) and (e) GDPR, § 20h SGB V",
        kept="as long as the money must be accounted for; the number means nobody once the account is erased",
        columns=(column,),
        named=(column,),
    )


class GrantRound(Model):
    """The year's flat grants of a region. The seed that decides about odd cents is there before the first request.

    ``closes_on`` is the last day by the rules of the region, or a later one for which ``extension_reason`` says why.
    """

    __tablename__ = "grant_round"
    __table_args__ = (
        sa.UniqueConstraint("region_id", "year"),
        sa.CheckConstraint("opens_on <= closes_on", name="order"),
        {"info": {"processing": NO_PERSONAL_DATA}},
    )

    id: Mapped[IntPk]
    region_id: Mapped[int] = mapped_column(sa.ForeignKey("funding_region.id"))
    year: Mapped[int] = mapped_column(index=True)
    seed: Mapped[str]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    extension_reason: Mapped[str | None]
    created_at: Mapped[datetime]


class GrantRequest(Model):
    """What a group asks for in a round, in cents; what the division knows of it and what figures are told by.

    ``expenses_cents`` are those that count; None: not known, then they limit nothing. ``supplements`` are kind to
    cents. ``posted_on`` is the postmark of one on paper. ``version`` grows with every change.
    """

    __tablename__ = "grant_request"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "group_id"),
        sa.CheckConstraint(
            "requested_cents > 0 AND own_cents >= 0 AND others_cents >= 0 AND expenses_cents >= 0",
            name="cents",
        ),
        sa.CheckConstraint("standing IN ('in_time', 'extended', 'late', 'withdrawn')", name="standing"),
        sa.CheckConstraint("members >= 1", name="members"),
        {"info": {"processing": NO_PERSONAL_DATA}},
    )

    id: Mapped[IntPk]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("grant_round.id"), index=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("group.id"), index=True)
    requested_cents: Mapped[int] = mapped_column(sa.BigInteger)
    expenses_cents: Mapped[int | None] = mapped_column(sa.BigInteger)
    own_cents: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    others_cents: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    supplements: Mapped[dict[str, Any]] = mapped_column(default=dict)
    members: Mapped[int]
    is_new: Mapped[bool] = mapped_column(default=False)
    standing: Mapped[str]
    received_on: Mapped[date]
    posted_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]


class AllocationRun(Model):
    """One division of a round's pot, as it was reckoned; never changed. What became of it stands in its acts.

    ``number`` says whether it is the first round, the second and so on. ``rules`` are those of ``rules/division.py``;
    ``input_hash`` is of everything that went in, ``result_hash`` of everything that came out. ``pot_cents`` was there
    to divide after ``reserve_cents`` had been held back.
    """

    __tablename__ = "allocation_run"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "number", "input_hash"),
        sa.UniqueConstraint("id", "drafted_by"),
        sa.CheckConstraint("pot_cents = awarded_cents + leftover_cents", name="adds_up"),
        {"info": {"processing": _deciders("drafted_by"), "append_only": True}},
    )

    id: Mapped[IntPk]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("grant_round.id"))
    number: Mapped[int]
    name: Mapped[str]
    drafted_by: Mapped[int]
    drafted_at: Mapped[datetime]
    rule_version: Mapped[int]
    rules: Mapped[dict[str, Any]]
    seed: Mapped[str]
    input_hash: Mapped[str]
    result_hash: Mapped[str]
    pot_cents: Mapped[int] = mapped_column(sa.BigInteger)
    reserve_cents: Mapped[int] = mapped_column(sa.BigInteger)
    awarded_cents: Mapped[int] = mapped_column(sa.BigInteger)
    leftover_cents: Mapped[int] = mapped_column(sa.BigInteger)


class AllocationInput(Model):
    """Everything that went into a run, as the one text whose SHA-256 is its ``input_hash``: it can be divided anew."""

    __tablename__ = "allocation_input"
    __table_args__ = ({"info": {"processing": NO_PERSONAL_DATA, "append_only": True}},)

    run_id: Mapped[int] = mapped_column(sa.ForeignKey("allocation_run.id"), primary_key=True)
    text: Mapped[str]


class AllocationLine(Model):
    """What a run gives to a group, and why: ``steps`` are those of ``rules/explanation.py``, ``sentence`` says them.

    ``award_cents`` is what the group has after the run, ``before_cents`` what it had before.
    """

    __tablename__ = "allocation_line"
    __table_args__ = (
        sa.CheckConstraint("0 <= before_cents AND before_cents <= award_cents", name="cents"),
        {"info": {"processing": NO_PERSONAL_DATA, "append_only": True}},
    )

    run_id: Mapped[int] = mapped_column(sa.ForeignKey("allocation_run.id"), primary_key=True)
    group_id: Mapped[int] = mapped_column(primary_key=True, index=True)
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("grant_request.id"), index=True)
    request_version: Mapped[int]
    requested_cents: Mapped[int] = mapped_column(sa.BigInteger)
    cap_cents: Mapped[int] = mapped_column(sa.BigInteger)
    before_cents: Mapped[int] = mapped_column(sa.BigInteger)
    award_cents: Mapped[int] = mapped_column(sa.BigInteger)
    parts: Mapped[dict[str, Any]]
    steps: Mapped[list[dict[str, Any]]]
    sentence: Mapped[str]


class AllocationAct(Model):
    """What was done with a run: checked, approved by somebody who did not draft it, posted; or given up. Each once.

    A round has one posted run of each number; the database sees to that and to the second person.
    """

    __tablename__ = "allocation_act"
    __table_args__ = (
        sa.CheckConstraint("act IN ('checked', 'approved', 'posted', 'discarded')", name="act"),
        sa.CheckConstraint("act <> 'approved' OR done_by <> drafted_by", name="second_person"),
        sa.ForeignKeyConstraint(
            ["run_id", "drafted_by"],
            ["allocation_run.id", "allocation_run.drafted_by"],
            name="fk_allocation_act_drafted_by",
        ),
        sa.Index(
            "uq_allocation_act_posted",
            "round_id",
            "number",
            unique=True,
            sqlite_where=sa.text("act = 'posted'"),
            postgresql_where=sa.text("act = 'posted'"),
        ),
        {"info": {"processing": _deciders("done_by"), "append_only": True}},
    )

    run_id: Mapped[int] = mapped_column(primary_key=True)
    act: Mapped[str] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("grant_round.id"))
    number: Mapped[int]
    drafted_by: Mapped[int]
    done_by: Mapped[int]
    done_at: Mapped[datetime]
