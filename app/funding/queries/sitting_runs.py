"""Runs that were laid before a sitting, or that its decisions became."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import AllocationLine, AllocationRun, Sitting, SittingRun
from app.funding.queries.sittings import live_decisions
from app.funding.rules.sittings import AGREED

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def runs_of(session: Session, sitting_id: int) -> list[tuple[SittingRun, AllocationRun]]:
    """Answer the runs that were laid before a sitting or made of it, the oldest first."""
    rows = session.execute(
        sa.select(SittingRun, AllocationRun)
        .join(AllocationRun, AllocationRun.id == SittingRun.run_id)
        .where(SittingRun.sitting_id == sitting_id)
        .order_by(AllocationRun.id)
        .execution_options(populate_existing=True)
    )
    return [(laid, run) for laid, run in rows]


def sitting_of_run(session: Session, run_id: int) -> tuple[SittingRun, Sitting] | None:
    """Answer the sitting that a run was laid before, or that it comes from."""
    row = session.execute(
        sa.select(SittingRun, Sitting)
        .join(Sitting, Sitting.id == SittingRun.sitting_id)
        .where(SittingRun.run_id == run_id)
        .execution_options(populate_existing=True)
    ).first()
    return (row[0], row[1]) if row else None


def words_in_sitting(session: Session, run_id: int) -> dict[int, str]:
    """Answer what a sitting that a run was made of said in its own words, by group."""
    found = sitting_of_run(session, run_id)
    if found is None or found[0].kind != "made":
        return {}
    decisions = live_decisions(session, found[1].id)
    return {each.group_id: each.words for each in decisions.values() if each.words}


def groups_laid(session: Session, sitting_id: int) -> dict[int, str]:
    """Answer the groups that runs before the sitting give something, with the name; not those it did not agree to."""
    rows = session.execute(
        sa.select(AllocationLine.group_id, AllocationRun.name)
        .join(AllocationRun, AllocationRun.id == AllocationLine.run_id)
        .join(SittingRun, SittingRun.run_id == AllocationRun.id)
        .where(
            SittingRun.sitting_id == sitting_id,
            SittingRun.kind == "laid",
            sa.func.coalesce(SittingRun.outcome, AGREED) == AGREED,
            AllocationLine.award_cents > AllocationLine.before_cents,
        )
    )
    return dict(rows.tuples().all())
