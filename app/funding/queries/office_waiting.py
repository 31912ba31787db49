"""What waits for funding offices and for finance, by region: how much of what, and since when."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.funding.models import (
    AllocationAct,
    AllocationRun,
    ApplicationCheck,
    ChangeRequest,
    DirectNotice,
    FundingRegion,
    GrantApplication,
    GrantRequest,
    GrantRound,
    HeldNotice,
    Notice,
    NoticeObjection,
    NoticeOrder,
    Payment,
    PaymentBatch,
    ProjectRequest,
    ProjectShare,
    Reclaim,
    Sitting,
    UseProof,
)
from app.funding.queries.letters import posted_in_region, waits
from app.funding.queries.open_rounds import rounds_between
from app.funding.queries.runs import APPROVED, CHECKED, DISCARDED, POSTED
from app.funding.queries.undelivered import is_on_its_way
from app.funding.rules.application import SUBMITTED
from app.funding.rules.checks import KINDS
from app.funding.rules.grant_round import EXTENDED, IN_TIME, LATE
from app.funding.rules.payments import BUILT, RETURNED
from app.funding.rules.project import GAP, OPEN
from app.funding.rules.project import SUBMITTED as PROJECT_SUBMITTED
from app.funding.rules.proof import SUBMITTED as PROOF_SUBMITTED
from app.funding.rules.sittings import CLOSED
from app.groups.meetings.schedules import day_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TO_CHECK, TO_DECIDE, LATE_ONES, SITTING, TO_APPROVE, TO_POST, TO_TELL, HELD, TO_PRINT, OBJECTION = (
    "to_check", "to_decide", "late", "sitting", "to_approve", "to_post", "to_tell", "held", "to_print", "objection",
)  # fmt: skip
TO_RELEASE, RETURNED_ONES, PROOFS, CLAIMS, PROJECTS, LETTERS = (
    "to_release", "returned", "proofs", "claims", "projects", "letters",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OfficeWaiting:
    """So many things of a kind in a region's year, the oldest since then; ``number`` is that of run, notice, batch.

    ``on`` is the day of a sitting.
    """

    kind: str
    region: FundingRegion
    year: int
    count: int
    since: datetime
    number: int = 0
    run_id: int = 0
    on: date | None = None


def list_office_waiting(
    session: Session, region_ids: Collection[int], *, now: datetime
) -> list[OfficeWaiting]:
    """Answer what waits in these regions, the oldest first."""
    regions = {
        each.id: each
        for each in session.scalars(sa.select(FundingRegion).where(FundingRegion.id.in_(region_ids)))
    }
    if not regions:
        return []
    found = [
        *list_to_check(session, regions),
        *_requests(session, regions, now),
        *list_sittings_waiting(session, regions),
        *_runs(session, regions),
        *_notices(session, regions),
        *_objections(session, regions),
        *_batches(session, regions),
        *_came_back(session, regions),
        *_proofs(session, regions),
    ]
    return sorted(found, key=lambda each: each.since)


def list_sittings_waiting(session: Session, region_ids: Collection[int] | None = None) -> list[OfficeWaiting]:
    """Answer the sittings of these regions, or of all, that are not closed; they wait since somebody planned them."""
    rows = (
        sa.select(Sitting, FundingRegion, GrantRound.year)
        .join(GrantRound, GrantRound.id == Sitting.round_id)
        .join(FundingRegion, FundingRegion.id == GrantRound.region_id)
        .where(Sitting.state != CLOSED)
        .order_by(Sitting.made_at)
    )
    if region_ids is not None:
        rows = rows.where(FundingRegion.id.in_(region_ids))
    return [
        OfficeWaiting(SITTING, region, year, 1, sitting.made_at, sitting.id, on=sitting.held_on)
        for sitting, region, year in session.execute(rows)
    ]


def list_project_shares_waiting(session: Session, insurer_ids: Collection[int]) -> list[OfficeWaiting]:
    """Answer the projects about which insurers have not decided, by region and year, the oldest first."""
    rows = session.execute(
        sa.select(
            FundingRegion, ProjectRequest.year, sa.func.count(), sa.func.min(ProjectRequest.submitted_at)
        )
        .join(ProjectRequest, ProjectRequest.region_id == FundingRegion.id)
        .join(ProjectShare, ProjectShare.project_id == ProjectRequest.id)
        .where(
            ProjectShare.insurer_id.in_(insurer_ids),
            ProjectShare.verdict == OPEN,
            ProjectRequest.state.in_((PROJECT_SUBMITTED, GAP)),
        )
        .group_by(FundingRegion.id, ProjectRequest.year)
    )
    found = [OfficeWaiting(PROJECTS, region, year, count, since) for region, year, count, since in rows]
    return sorted(found, key=lambda each: each.since)


def list_to_check(session: Session, regions: dict[int, FundingRegion]) -> Iterator[OfficeWaiting]:
    """Answer how many submitted applications nobody has decided and two people have not found right yet, by round."""
    checked = (
        sa.select(ApplicationCheck.application_id)
        .where(ApplicationCheck.is_ok)
        .group_by(ApplicationCheck.application_id)
        .having(sa.func.count(sa.distinct(ApplicationCheck.kind)) == len(KINDS))
    )
    asked = sa.select(ChangeRequest.application_id).where(ChangeRequest.ended_at.is_(None))
    posted = sa.select(AllocationAct.round_id).where(AllocationAct.act == POSTED)
    rows = session.execute(
        sa.select(
            GrantRound.region_id,
            GrantRound.year,
            sa.func.count(),
            sa.func.min(GrantApplication.submitted_at),
        )
        .join(GrantRound, GrantRound.id == GrantApplication.round_id)
        .where(
            GrantRound.region_id.in_(regions),
            GrantApplication.state == SUBMITTED,
            GrantApplication.id.not_in(checked),
            GrantApplication.id.not_in(asked),
            GrantRound.id.not_in(posted),
        )
        .group_by(GrantRound.region_id, GrantRound.year)
    )
    for region_id, year, count, since in rows:
        yield OfficeWaiting(TO_CHECK, regions[region_id], year, count, since)


def _proofs(session: Session, regions: dict[int, FundingRegion]) -> Iterator[OfficeWaiting]:
    """Proofs that were sent and nobody has decided about, and claims that nobody was told of."""
    for kind, table, since, which in (
        (PROOFS, UseProof, UseProof.submitted_at, UseProof.state == PROOF_SUBMITTED),
        (CLAIMS, Reclaim, Reclaim.opened_at, Reclaim.written_on.is_(None)),
    ):
        rows = session.execute(
            sa.select(GrantRound.region_id, GrantRound.year, sa.func.count(), sa.func.min(since))
            .select_from(table)
            .join(GrantRound, GrantRound.id == table.round_id)
            .where(GrantRound.region_id.in_(regions), which)
            .group_by(GrantRound.region_id, GrantRound.year)
        )
        for region_id, year, count, at in rows:
            yield OfficeWaiting(kind, regions[region_id], year, count, at)


def _requests(session: Session, regions: dict[int, FundingRegion], now: datetime) -> Iterator[OfficeWaiting]:
    """Requests of rounds that nobody has decided: those in time once the last day is over, late ones at once."""
    posted = sa.select(AllocationAct.round_id).where(AllocationAct.act == POSTED)
    is_late = GrantRequest.standing == LATE
    rows = session.execute(
        sa.select(
            GrantRound.id,
            GrantRound.region_id,
            GrantRound.year,
            is_late.label("is_late"),
            sa.func.count().label("many"),
            sa.func.min(GrantRequest.updated_at).label("since"),
        )
        .join(GrantRequest, GrantRequest.round_id == GrantRound.id)
        .where(
            GrantRound.region_id.in_(regions),
            GrantRound.id.not_in(posted),
            GrantRequest.standing.in_((IN_TIME, EXTENDED, LATE)),
        )
        .group_by(GrantRound.id, GrantRound.region_id, GrantRound.year, is_late)
    ).all()
    today = day_of(now)
    last_days = {
        each.round.id: each.last_day
        for each in rounds_between(session, date(2000, 1, 1), today, region_ids=regions)
    }
    for row in rows:
        if row.is_late:
            yield OfficeWaiting(LATE_ONES, regions[row.region_id], row.year, row.many, row.since)
        elif (last_day := last_days.get(row.id, today)) < today:
            since = datetime.combine(last_day + timedelta(days=1), time(), UTC)
            yield OfficeWaiting(TO_DECIDE, regions[row.region_id], row.year, row.many, since)


def _runs(session: Session, regions: dict[int, FundingRegion]) -> Iterator[OfficeWaiting]:
    """Runs that were checked or approved, as long as no other of their number is posted."""
    ended = sa.select(AllocationAct.run_id).where(AllocationAct.act.in_((POSTED, DISCARDED)))
    other = sa.orm.aliased(AllocationAct)
    overtaken = sa.exists().where(
        other.round_id == AllocationRun.round_id,
        other.number == AllocationRun.number,
        other.act == POSTED,
    )
    rows = session.execute(
        sa.select(
            AllocationRun.id,
            GrantRound.region_id,
            GrantRound.year,
            sa.func.max(sa.case((AllocationAct.act == APPROVED, 1), else_=0)).label("is_approved"),
            sa.func.max(AllocationAct.done_at).label("since"),
        )
        .join(AllocationAct, AllocationAct.run_id == AllocationRun.id)
        .join(GrantRound, GrantRound.id == AllocationRun.round_id)
        .where(
            GrantRound.region_id.in_(regions),
            AllocationAct.act.in_((CHECKED, APPROVED)),
            AllocationRun.id.not_in(ended),
            ~overtaken,
        )
        .group_by(AllocationRun.id, GrantRound.region_id, GrantRound.year)
    )
    for row in rows:
        kind = TO_POST if row.is_approved else TO_APPROVE
        yield OfficeWaiting(kind, regions[row.region_id], row.year, 1, row.since, row.id, row.id)


def _notices(session: Session, regions: dict[int, FundingRegion]) -> Iterator[OfficeWaiting]:
    """Posted runs without notices, notices that a name holds back, and letters that nobody has sent."""
    of_regions = GrantRound.region_id.in_(regions)
    without_order = (
        sa.select(
            AllocationAct.run_id, GrantRound.region_id, GrantRound.year, sa.literal(1), AllocationAct.done_at
        )
        .join(GrantRound, GrantRound.id == AllocationAct.round_id)
        .outerjoin(NoticeOrder, NoticeOrder.run_id == AllocationAct.run_id)
        .where(of_regions, AllocationAct.act == POSTED, NoticeOrder.run_id.is_(None))
    )
    held = _by_run(HeldNotice, HeldNotice.held_at).where(of_regions)
    unsent = _by_run(Notice, Notice.made_at).where(of_regions, ~is_on_its_way(Notice))
    for kind, statement in ((TO_TELL, without_order), (HELD, held), (TO_PRINT, unsent)):
        for run_id, region_id, year, count, since in session.execute(statement):
            yield OfficeWaiting(kind, regions[region_id], year, count, since, run_id, run_id)
    for region in regions.values():
        which = posted_in_region(region.id)[DirectNotice] & waits(DirectNotice)
        years = sa.select(DirectNotice.year, sa.func.count(), sa.func.min(DirectNotice.made_at))
        for year, count, since in session.execute(years.where(which).group_by(DirectNotice.year)):
            yield OfficeWaiting(LETTERS, region, year, count, since)


def _by_run(table: Any, moment: Any) -> sa.Select[Any]:
    return (
        sa.select(table.run_id, GrantRound.region_id, GrantRound.year, sa.func.count(), sa.func.min(moment))
        .join(AllocationRun, AllocationRun.id == table.run_id)
        .join(GrantRound, GrantRound.id == AllocationRun.round_id)
        .group_by(table.run_id, GrantRound.region_id, GrantRound.year)
    )


def _objections(session: Session, regions: dict[int, FundingRegion]) -> Iterator[OfficeWaiting]:
    rows = session.execute(
        sa.select(Notice.id, Notice.run_id, GrantRound.region_id, GrantRound.year, NoticeObjection.entered_at)
        .join(NoticeObjection, NoticeObjection.notice_id == Notice.id)
        .join(GrantRound, GrantRound.id == Notice.round_id)
        .where(GrantRound.region_id.in_(regions), NoticeObjection.outcome.is_(None))
    )
    for notice_id, run_id, region_id, year, since in rows:
        yield OfficeWaiting(OBJECTION, regions[region_id], year, 1, since, notice_id, run_id)


def _came_back(session: Session, regions: dict[int, FundingRegion]) -> Iterator[OfficeWaiting]:
    """Payments that came back and that nobody has promised again."""
    rows = session.execute(
        sa.select(PaymentBatch.region_id, PaymentBatch.year, sa.func.count(), sa.func.min(Payment.settled_at))
        .join(Payment, Payment.batch_id == PaymentBatch.id)
        .where(
            PaymentBatch.region_id.in_(regions), Payment.state == RETURNED, Payment.is_due_again.is_(False)
        )
        .group_by(PaymentBatch.region_id, PaymentBatch.year)
    )
    for region_id, year, count, since in rows:
        yield OfficeWaiting(RETURNED_ONES, regions[region_id], year, count, since)


def _batches(session: Session, regions: dict[int, FundingRegion]) -> Iterator[OfficeWaiting]:
    rows = session.scalars(
        sa.select(PaymentBatch).where(PaymentBatch.region_id.in_(regions), PaymentBatch.state == BUILT)
    )
    for each in rows:
        yield OfficeWaiting(TO_RELEASE, regions[each.region_id], each.year, each.count, each.made_at, each.id)
