"""What the representatives of self-help can comment, and what was decided: read for all regions at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.funding.models import (
    AllocationAct,
    AllocationLine,
    AllocationRun,
    FundingRegion,
    GrantRequest,
    GrantRound,
    Sitting,
    SittingComment,
    SittingItem,
)
from app.funding.queries.open_rounds import RoundDays, rounds_between
from app.funding.queries.runs import APPROVED, CHECKED, DISCARDED, POSTED
from app.funding.rules.grant_round import WITHDRAWN
from app.funding.rules.sittings import CLOSED
from app.groups.meetings.schedules import day_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class OpenRegion:
    """A round that is open, and what is asked for so far."""

    days: RoundDays
    requests: int
    asked_cents: int


@dataclass(frozen=True, slots=True)
class RunOf:
    """A run of a region's year: how many ask, how many are given how much together, and since when it is so far."""

    run_id: int
    region_name: str
    year: int
    number: int
    at: datetime
    requests: int
    given: int
    awarded_cents: int


@dataclass(frozen=True, slots=True)
class SittingAhead:
    """A sitting that is not closed: how many requests are on its agenda, and how often they were commented."""

    sitting_id: int
    region_name: str
    year: int
    held_on: date
    requests: int
    comments: int


def list_open_regions(session: Session, *, now: datetime) -> list[OpenRegion]:
    """Answer the rounds that are open today, with what is asked for."""
    today = day_of(now)
    rounds = rounds_between(session, today, today)
    sums = _sums(session, [each.round.id for each in rounds])
    return [OpenRegion(each, *sums.get(each.round.id, (0, 0))) for each in rounds]


def list_runs_to_comment(session: Session) -> list[RunOf]:
    """Answer the runs that are checked or approved and not posted: now is the time to say something."""
    ended = sa.select(AllocationAct.run_id).where(AllocationAct.act.in_((POSTED, DISCARDED)))
    posted = sa.orm.aliased(AllocationAct)
    overtaken = sa.exists().where(
        posted.round_id == AllocationRun.round_id, posted.number == AllocationRun.number, posted.act == POSTED
    )
    return _runs(
        session,
        sa.and_(AllocationAct.act.in_((CHECKED, APPROVED)), AllocationRun.id.not_in(ended), ~overtaken),
    )


def list_sittings_ahead(session: Session) -> list[SittingAhead]:
    """Answer the sittings that are not closed, the next one first."""
    comments = (
        sa.select(SittingComment.sitting_id, sa.func.count().label("many"))
        .group_by(SittingComment.sitting_id)
        .subquery()
    )
    items = (
        sa.select(SittingItem.sitting_id, sa.func.count().label("many"))
        .group_by(SittingItem.sitting_id)
        .subquery()
    )
    rows = session.execute(
        sa.select(
            Sitting.id,
            FundingRegion.name,
            GrantRound.year,
            Sitting.held_on,
            sa.func.coalesce(items.c.many, 0),
            sa.func.coalesce(comments.c.many, 0),
        )
        .join(GrantRound, GrantRound.id == Sitting.round_id)
        .join(FundingRegion, FundingRegion.id == GrantRound.region_id)
        .outerjoin(comments, comments.c.sitting_id == Sitting.id)
        .outerjoin(items, items.c.sitting_id == Sitting.id)
        .where(Sitting.state != CLOSED)
        .order_by(Sitting.held_on, Sitting.id)
    )
    return [SittingAhead(*row) for row in rows]


def list_decided(session: Session, *, most: int) -> list[RunOf]:
    """Answer the runs that were posted last, the newest first."""
    return _runs(session, AllocationAct.act == POSTED, most=most)


def _sums(session: Session, round_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    rows = session.execute(
        sa.select(GrantRequest.round_id, sa.func.count(), sa.func.sum(GrantRequest.requested_cents))
        .where(GrantRequest.round_id.in_(round_ids), GrantRequest.standing != WITHDRAWN)
        .group_by(GrantRequest.round_id)
    )
    return {round_id: (count, int(cents)) for round_id, count, cents in rows}


def _runs(session: Session, which: Any, *, most: int | None = None) -> list[RunOf]:
    runs = (
        sa.select(AllocationAct.run_id, sa.func.max(AllocationAct.done_at).label("at"))
        .join(AllocationRun, AllocationRun.id == AllocationAct.run_id)
        .where(which)
        .group_by(AllocationAct.run_id)
        .order_by(sa.func.max(AllocationAct.done_at).desc(), AllocationAct.run_id)
        .limit(most)
        .subquery()
    )
    rows = session.execute(
        sa.select(
            AllocationRun.id,
            FundingRegion.name,
            GrantRound.year,
            AllocationRun.number,
            runs.c.at,
            sa.func.count(AllocationLine.group_id),
            sa.func.sum(sa.case((AllocationLine.award_cents > 0, 1), else_=0)),
            AllocationRun.awarded_cents,
        )
        .join(runs, runs.c.run_id == AllocationRun.id)
        .join(GrantRound, GrantRound.id == AllocationRun.round_id)
        .join(FundingRegion, FundingRegion.id == GrantRound.region_id)
        .outerjoin(AllocationLine, AllocationLine.run_id == AllocationRun.id)
        .group_by(
            AllocationRun.id,
            FundingRegion.name,
            GrantRound.year,
            AllocationRun.number,
            runs.c.at,
            AllocationRun.awarded_cents,
        )
        .order_by(runs.c.at.desc(), FundingRegion.name)
    )
    return [
        RunOf(number, name, year, which, at, requests, int(given or 0), cents)
        for number, name, year, which, at, requests, given, cents in rows
    ]
