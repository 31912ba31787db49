"""Sittings as they stand: agenda with decisions, who is there, what the pot has left, what waits for another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.clearinghouses.models import ClearingHouse
from app.funding.models import (
    AllocationAct,
    AllocationLine,
    AllocationRun,
    ChangeRequest,
    FundingRegion,
    GrantApplication,
    GrantRequest,
    GrantRound,
    InsuredCount,
    Sitting,
    SittingComment,
    SittingDecision,
    SittingItem,
    SittingPresence,
    SittingRun,
)
from app.funding.queries.requests import NAMED_GROUP, NamedGroup
from app.funding.queries.round_pages import budget_of
from app.funding.queries.rounds import posted_run_ids
from app.funding.rules import sittings as rules
from app.funding.rules.caps import Cap
from app.funding.rules.division import Request
from app.funding.rules.eligibility import AGAINST, MISSING, Assessment, Reason
from app.funding.rules.grant_round import LATE, WITHDRAWN
from app.groups.models import Group
from app.groups.text import fold

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """A request on an agenda, what speaks for and against it, and what was decided last."""

    request: GrantRequest
    group: NamedGroup
    item_version: int
    assessment: Assessment | None
    decision: SittingDecision | None
    comments: int
    application_id: int | None = None
    is_asked: bool = False
    """Whether the group is asked to change something and has not answered."""

    @property
    def is_changed(self) -> bool:
        """Whether the request is no longer what it was in the papers."""
        return self.request.version != self.item_version

    @property
    def is_withdrawn(self) -> bool:
        """Whether there is nothing to decide any more."""
        return self.request.standing == WITHDRAWN

    @property
    def holds(self) -> bool:
        """Whether it was decided about what the request says now."""
        return self.decision is not None and self.decision.request_version == self.request.version

    @property
    def is_open(self) -> bool:
        """Whether it is to be decided, for the first time or again."""
        return not self.holds and not self.is_withdrawn

    @property
    def cap(self) -> Cap:
        """The most it can get."""
        return self.cap_with(None)

    def cap_with(self, most_cents: int | None) -> Cap:
        """Answer the most it can get when nobody gets more than this."""
        row = self.request
        asked = Request(
            row.group_id,
            row.requested_cents,
            row.members,
            row.expenses_cents,
            row.own_cents,
            row.others_cents,
        )
        return rules.cap_in_sitting(asked, most_cents)

    @property
    def doubts(self) -> tuple[Reason, ...]:
        """What speaks against it, or is missing."""
        return (*self.assessment.having(AGAINST), *self.assessment.having(MISSING)) if self.assessment else ()

    def proposal(self, most_cents: int | None = None) -> rules.Decision | None:
        """Answer what can be decided without looking closer; None when somebody has to look."""
        if self.doubts or self.is_asked or self.request.standing in (LATE, WITHDRAWN):
            return None
        return rules.proposed(self.cap_with(most_cents), self.request.requested_cents)


@dataclass(frozen=True, slots=True)
class Money:
    """What is free in the pot, what the sitting gives of it: request by request, and by runs it agreed to.

    What was decided about a request that is another now, or withdrawn, does not count.
    """

    free_cents: int
    granted_cents: int
    agreed_cents: int

    @property
    def left_cents(self) -> int:
        """What is left; below zero once the pot was lowered."""
        return self.free_cents - self.granted_cents - self.agreed_cents


def sittings_of(session: Session, round_id: int) -> Sequence[Sitting]:
    """Answer the sittings of a round, the newest first."""
    return session.scalars(
        sa.select(Sitting).where(Sitting.round_id == round_id).order_by(Sitting.id.desc())
    ).all()


def round_of(session: Session, sitting: Sitting) -> tuple[GrantRound, FundingRegion]:
    """Answer the round of a sitting and its region."""
    found = session.get_one(GrantRound, sitting.round_id)
    return found, session.get_one(FundingRegion, found.region_id)


def read_agenda(session: Session, sitting_id: int, request_id: int | None = None) -> list[AgendaLine]:
    """Answer the agenda by the names of the groups; or of it the line of one request."""
    of_one = sa.true() if request_id is None else SittingItem.request_id == request_id
    rows = session.execute(
        sa.select(
            GrantRequest,
            *NAMED_GROUP,
            SittingItem.request_version,
            GrantApplication.assessment,
            GrantApplication.id,
            sa.exists().where(
                ChangeRequest.application_id == GrantApplication.id, ChangeRequest.ended_at.is_(None)
            ),
        )
        .join(SittingItem, SittingItem.request_id == GrantRequest.id)
        .join(Group, Group.id == GrantRequest.group_id)
        .join(ClearingHouse, ClearingHouse.id == Group.clearinghouse_id)
        .outerjoin(
            GrantApplication,
            (GrantApplication.round_id == GrantRequest.round_id)
            & (GrantApplication.group_id == GrantRequest.group_id),
        )
        .where(SittingItem.sitting_id == sitting_id, of_one)
        .execution_options(populate_existing=True)
    ).all()
    decisions = live_decisions(session, sitting_id, request_id)
    comments = _counted_comments(session, sitting_id)
    lines = [
        AgendaLine(
            row[0],
            NamedGroup(*row[1:5]),
            row[5],
            _assessment(row[6]),
            decisions.get(row[0].id),
            comments.get(row[0].id, 0),
            *row[7:],
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (fold(line.group.name), line.group.id))


def live_decisions(
    session: Session, sitting_id: int, request_id: int | None = None
) -> dict[int, SittingDecision]:
    """Answer the decisions that nobody replaced, by request."""
    found = sa.select(SittingDecision).where(SittingDecision.sitting_id == sitting_id)
    if request_id is not None:
        found = found.where(SittingDecision.request_id == request_id)
    return {row.request_id: row for row in session.scalars(found.order_by(SittingDecision.id))}


def history_of(session: Session, sitting_id: int, request_id: int) -> Sequence[SittingDecision]:
    """Answer everything that was decided about a request in a sitting, the newest first."""
    return session.scalars(
        sa.select(SittingDecision)
        .where(SittingDecision.sitting_id == sitting_id, SittingDecision.request_id == request_id)
        .order_by(SittingDecision.id.desc())
    ).all()


def comments_of(session: Session, sitting_id: int) -> Sequence[SittingComment]:
    """Answer what representatives said, in the order in which they said it."""
    return session.scalars(
        sa.select(SittingComment).where(SittingComment.sitting_id == sitting_id).order_by(SittingComment.id)
    ).all()


def present_at(session: Session, sitting_id: int) -> Sequence[SittingPresence]:
    """Answer who is there."""
    return session.scalars(
        sa.select(SittingPresence)
        .where(SittingPresence.sitting_id == sitting_id)
        .order_by(SittingPresence.id)
    ).all()


def money_of(session: Session, sitting: Sitting) -> Money:
    """Answer what the pot has, and what the sitting gives of it."""
    found, region = round_of(session, sitting)
    budget = budget_of(session, region, found.year)
    posted = posted_run_ids(session, found.id)
    agreed = session.scalar(
        sa.select(sa.func.sum(AllocationRun.awarded_cents + AllocationRun.reserve_cents))
        .join(SittingRun, SittingRun.run_id == AllocationRun.id)
        .where(
            SittingRun.sitting_id == sitting.id,
            SittingRun.outcome == rules.AGREED,
            AllocationRun.id.not_in(posted),
        )
    )
    newer = sa.orm.aliased(SittingDecision)
    granted = session.scalar(
        sa.select(sa.func.sum(SittingDecision.cents))
        .join(GrantRequest, GrantRequest.id == SittingDecision.request_id)
        .where(
            SittingDecision.sitting_id == sitting.id,
            SittingDecision.request_version == GrantRequest.version,
            GrantRequest.standing != WITHDRAWN,
            ~sa.exists().where(newer.replaces_id == SittingDecision.id),
        )
    )
    return Money(budget.granted - budget.committed if budget else 0, int(granted or 0), int(agreed or 0))


def candidates(session: Session, round_id: int) -> Sequence[GrantRequest]:
    """Answer the requests that a sitting can decide about: nothing was granted, nothing decided before."""
    has_award = sa.exists().where(
        AllocationLine.request_id == GrantRequest.id,
        AllocationLine.award_cents > 0,
        AllocationAct.run_id == AllocationLine.run_id,
        AllocationAct.act == "posted",
    )
    newer = sa.orm.aliased(SittingDecision)
    is_decided = sa.exists().where(
        SittingDecision.request_id == GrantRequest.id,
        SittingDecision.request_version == GrantRequest.version,
        SittingDecision.outcome != rules.PUT_OFF,
        Sitting.id == SittingDecision.sitting_id,
        Sitting.state == rules.CLOSED,
        ~sa.exists().where(newer.replaces_id == SittingDecision.id),
    )
    return session.scalars(
        sa.select(GrantRequest)
        .where(
            GrantRequest.round_id == round_id,
            GrantRequest.standing != WITHDRAWN,
            ~has_award,
            ~is_decided,
        )
        .order_by(GrantRequest.id)
    ).all()


def insurers_of(session: Session, region: FundingRegion, year: int) -> set[int]:
    """Answer the insurers that pay into a region's pot: its lead, and all that insure people in its Land."""
    there = sa.select(InsuredCount.insurer_id).where(
        InsuredCount.year == year, InsuredCount.state_ags == region.state_ags
    )
    found = set(session.scalars(there))
    return found | ({region.lead_insurer_id} if region.lead_insurer_id is not None else set())


def _counted_comments(session: Session, sitting_id: int) -> Mapping[int, int]:
    rows = session.execute(
        sa.select(SittingComment.request_id, sa.func.count())
        .where(SittingComment.sitting_id == sitting_id, SittingComment.request_id.is_not(None))
        .group_by(SittingComment.request_id)
    )
    return {request_id: count for request_id, count in rows if request_id is not None}


def _assessment(stored: Mapping[str, Any] | None) -> Assessment | None:
    if not stored:
        return None
    return Assessment(tuple(Reason(**each) for each in stored["reasons"]), stored["rule_version"])
