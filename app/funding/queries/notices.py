"""Notices: which are due after a run, which there are, and what became of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import (
    AllocationLine,
    AllocationRun,
    FundingRegion,
    GrantRequest,
    GrantRound,
    HeldNotice,
    Notice,
    NoticeOffice,
    NoticeOrder,
)
from app.funding.queries.rounds import posted_run_ids
from app.funding.queries.undelivered import dispatches
from app.funding.reference_files import served_rules
from app.funding.rules.dispatch import Dispatch, Sent
from app.funding.rules.grant_round import WITHDRAWN
from app.funding.rules.notices import REVOCATION, Decided, kind_of, objection_until, served_on
from app.groups.models import Group
from app.places.public_holidays import public_holidays

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_HOLIDAYS_AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice, the group that it is for, and what became of it."""

    notice: Notice
    group_name: str
    group_slug: str
    dispatch: Dispatch


@dataclass(frozen=True, slots=True)
class Deadlines:
    """When a notice was sent, when it counts as served, and the last day for an objection."""

    sent_on: date
    served_on: date
    objection_until: date


def office_of(session: Session, region_id: int) -> NoticeOffice | None:
    """Answer who issues the notices of a region; None until somebody has said so."""
    return session.get(NoticeOffice, region_id, populate_existing=True)


def order_of(session: Session, run_id: int) -> NoticeOrder | None:
    """Answer the order to make the notices of a run."""
    return session.get(NoticeOrder, run_id, populate_existing=True)


def due_notices(
    session: Session, run: AllocationRun, group_ids: Collection[int] | None = None
) -> dict[int, str]:
    """Answer which groups are owed a notice because of a posted run, and of which kind; of these, if some are named."""
    earlier, here = _told_of_round(session, run, group_ids)
    lines = sa.select(
        AllocationLine.group_id,
        AllocationLine.requested_cents,
        AllocationLine.before_cents,
        AllocationLine.award_cents,
        AllocationLine.steps,
    ).join(Group, Group.id == AllocationLine.group_id)  # a group that is gone for good is told nothing
    if group_ids is not None:
        lines = lines.where(AllocationLine.group_id.in_(group_ids))
    due = {}
    for number, asked, before, award, steps in session.execute(lines.where(AllocationLine.run_id == run.id)):
        decided = Decided(asked, before, award, {step["code"] for step in steps})
        kind = None if number in here else kind_of(decided, has_notice=number in earlier)
        if kind is not None:
            due[number] = kind
    return due | dict.fromkeys(_to_revoke(session, run, group_ids), REVOCATION)


def held_of(session: Session, run_id: int) -> dict[int, str]:
    """Answer the groups whose notice could not be made, and the characters that no font has."""
    rows = session.execute(
        sa.select(HeldNotice.group_id, HeldNotice.signs)
        .where(HeldNotice.run_id == run_id)
        .order_by(HeldNotice.group_id)
    )
    return {group_id: signs for group_id, signs in rows}  # noqa: C416 - rows are no pairs to mypy


def earlier_run_with_due(session: Session, run: AllocationRun) -> AllocationRun | None:
    """Answer an earlier round's run whose notices are not made yet: they come first, for later ones name them."""
    for run_id in posted_run_ids(session, run.round_id):
        if run_id == run.id:
            return None
        before = session.get_one(AllocationRun, run_id)
        if due_notices(session, before).keys() - held_of(session, run_id).keys():
            return before
    return None


def newest_notice(
    session: Session, round_id: int, group_id: int, *, up_to: AllocationRun | None
) -> Notice | None:
    """Answer the last notice of a group in a round, of all or up to a run."""
    told = (
        sa.select(Notice)
        .join(AllocationRun, AllocationRun.id == Notice.run_id)
        .where(Notice.round_id == round_id, Notice.group_id == group_id)
    )
    if up_to is not None:
        told = told.where(AllocationRun.number <= up_to.number)
    return session.scalar(told.order_by(Notice.id.desc()).limit(1))


def count_of_round(session: Session, round_id: int) -> int:
    """Answer how many notices a round has."""
    count = sa.select(sa.func.count()).select_from(Notice).where(Notice.round_id == round_id)
    return session.scalar(count) or 0


def lines_of_run(session: Session, run_id: int) -> list[NoticeLine]:
    """Answer the notices of a run, by their numbers."""
    return _lines(session, Notice.run_id == run_id)


def lines_of_group(session: Session, group_id: int) -> list[NoticeLine]:
    """Answer the notices of a group that were sent, the newest first."""
    return [line for line in reversed(_lines(session, Notice.group_id == group_id)) if line.dispatch.is_out]


def line_of(session: Session, notice_id: int) -> NoticeLine | None:
    """Answer a notice."""
    return next(iter(_lines(session, Notice.id == notice_id)), None)


def deadlines_of(session: Session, line: NoticeLine) -> Deadlines | None:
    """Answer the days that follow from when a notice was sent; None while it was not."""
    if line.dispatch.sent is None:
        return None
    land = session.scalars(
        sa.select(FundingRegion.state_ags)
        .join(GrantRound, GrantRound.region_id == FundingRegion.id)
        .where(GrantRound.id == line.notice.round_id)
    ).one()
    return deadlines_after(line.dispatch.sent, land)


def deadlines_after(sent: Sent, state_ags: str) -> Deadlines:
    """Answer the days that follow from the day on which something was sent; holidays are those of a Land."""
    served = served_on(sent, served_rules())
    plain = objection_until(served)
    free = public_holidays(state_ags, plain - timedelta(days=7), plain + _HOLIDAYS_AHEAD)
    return Deadlines(sent.on, served, objection_until(served, free))


def _told_of_round(
    session: Session, run: AllocationRun, group_ids: Collection[int] | None
) -> tuple[set[int], set[int]]:
    """Answer which groups were told of an earlier run of the round, and which of this one or a later one."""
    told = (
        sa.select(Notice.group_id, AllocationRun.number)
        .join(AllocationRun, AllocationRun.id == Notice.run_id)
        .where(Notice.round_id == run.round_id, Notice.kind != REVOCATION)
    )
    if group_ids is not None:
        told = told.where(Notice.group_id.in_(group_ids))
    rows = session.execute(told).all()
    return (
        {group_id for group_id, number in rows if number < run.number},
        {group_id for group_id, number in rows if number >= run.number},
    )


def _to_revoke(session: Session, run: AllocationRun, group_ids: Collection[int] | None) -> Iterable[int]:
    """Answer the groups that were told of a grant and have withdrawn their request since."""
    later = sa.orm.aliased(Notice)
    revoked = (
        sa.select(Notice.group_id)
        .join(
            GrantRequest,
            sa.and_(GrantRequest.round_id == Notice.round_id, GrantRequest.group_id == Notice.group_id),
        )
        .outerjoin(later, later.replaces_id == Notice.id)
        .where(
            Notice.run_id == run.id,
            Notice.cents > 0,
            later.id.is_(None),
            GrantRequest.standing == WITHDRAWN,
        )
    )
    if group_ids is not None:
        revoked = revoked.where(Notice.group_id.in_(group_ids))
    return session.scalars(revoked).all()


def _lines(session: Session, which: sa.ColumnElement[bool]) -> list[NoticeLine]:
    rows = session.execute(
        sa.select(Notice, Group.name, Group.slug)
        .join(Group, Group.id == Notice.group_id)
        .where(which)
        .order_by(Notice.id)
    ).all()
    became = dispatches(session, Notice, which)
    return [NoticeLine(notice, name, slug, became[notice.id]) for notice, name, slug in rows]
