"""Who is to be reminded of funding today, read for all regions at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import (
    AllocationAct,
    AllocationLine,
    ApplicationSignature,
    GrantApplication,
    GrantRequest,
    GrantRound,
    ProjectRequest,
    ReminderStop,
)
from app.funding.queries.open_rounds import RoundDays, list_unsubmitted, rounds_between
from app.funding.queries.project_days import last_day_of, list_unproven
from app.funding.queries.project_terms import payers_in
from app.funding.queries.projects import read_project
from app.funding.queries.runs import POSTED
from app.funding.rules.application import DRAFT
from app.funding.rules.proof import reminder_on
from app.funding.rules.reminders import UNFINISHED, due_again, due_signature, due_unfinished
from app.groups.meetings.schedules import day_of
from app.groups.models import Group
from app.groups.rules.life import DORMANT, LISTED, PAUSED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from app.funding.queries.project_terms import Payer
    from app.funding.queries.projects import Project

_LONGEST_MISSING = timedelta(days=200)
"""So long after its day nobody is reminded of a proof any more, as the outbox does not know for ever what was sent."""


@dataclass(frozen=True, slots=True)
class GroupDue:
    """A group that is to be reminded of a round: of what, and of its last day."""

    kind: str
    round_id: int
    year: int
    group_id: int
    name: str
    slug: str
    last_day: date

    @property
    def once(self) -> str:
        """The name of this reminder: there is one of its kind in a round."""
        return f"funding-{self.kind}:{self.round_id}:{self.group_id}"

    @property
    def is_owed(self) -> bool:
        """Whether it is of something that the group owes, so that it cannot end these reminders."""
        return False


@dataclass(frozen=True, slots=True)
class SignerDue:
    """A signature that is missing, of which request, and until when it counts; ``title`` is that of a project."""

    signature: ApplicationSignature
    group_name: str
    year: int
    last_day: date
    title: str = ""

    @property
    def once(self) -> str:
        """The name of this reminder: there is one of each signature that was asked for."""
        return f"funding-unsigned:{self.signature.id}"


@dataclass(frozen=True, slots=True)
class ProjectDue:
    """A project of which its group is to be reminded: to finish it (``called`` by name), to prove it (by number)."""

    kind: str
    project_id: int
    called: str
    group_id: int
    name: str
    slug: str
    last_day: date

    @property
    def once(self) -> str:
        """The name of this reminder: there is one of its kind for each last day."""
        return f"project-{self.kind}:{self.project_id}:{self.last_day}"

    @property
    def is_owed(self) -> bool:
        """Whether it is of a proof."""
        return self.kind != UNFINISHED


def list_projects_due(session: Session, *, now: datetime) -> list[ProjectDue]:
    """Answer the projects of which groups are to be reminded, whether or not they were already.

    One that was begun is a matter of applying, so whoever ended those reminders has none; a proof is owed.
    """
    today = day_of(now)
    found = []
    for each in list_unproven(session):
        kind = reminder_on(each.due_on, today)
        if kind is not None and today <= each.due_on + _LONGEST_MISSING:
            due = (each.project_id, each.number, each.group_id, each.group_name, each.group_slug)
            found.append(ProjectDue(kind, *due, each.due_on))
    stopped = set(session.scalars(sa.select(ReminderStop.group_id)))
    for project, last_day in _written_projects(session, today):
        saved_on, group = day_of(project.project.saved_at), project.group
        if project.signatures or group.id in stopped:
            continue
        if due_unfinished(today=today, begun_on=saved_on, last_day=last_day):
            due = (project.project.id, project.title, group.id, group.name, group.slug)
            found.append(ProjectDue(UNFINISHED, *due, last_day))
    return found


def _written_projects(session: Session, today: date) -> Iterator[tuple[Project, date]]:
    """Yield the projects that are being written, with their last day, where there is one."""
    payers: dict[int, dict[str, Payer]] = {}
    written = sa.select(ProjectRequest.id).where(ProjectRequest.state == DRAFT).order_by(ProjectRequest.id)
    for project_id in session.scalars(written).all():
        found = read_project(session, project_id)
        if found is None:
            continue
        if found.region.id not in payers:
            payers[found.region.id] = payers_in(session, found.region)
        last_day = last_day_of(found, payers[found.region.id], on=today)
        if last_day is not None:
            yield found, last_day


def list_groups_due(session: Session, *, now: datetime) -> list[GroupDue]:
    """Answer the groups that are to be reminded and want to be, whether or not they were already."""
    today = day_of(now)
    stopped = set(session.scalars(sa.select(ReminderStop.group_id)))
    found = []
    for days in rounds_between(session, today, today):
        kind = due_again(today=today, opens_on=days.round.opens_on, last_day=days.last_day)
        if kind is not None:
            found += [
                GroupDue(kind, days.round.id, days.round.year, number, name, slug, days.last_day)
                for number, name, slug in _funded_before(session, days)
            ]
    for each in list_unsubmitted(session, now=now):
        begun_on = day_of(each.saved_at)
        if each.asked_at is None and due_unfinished(today=today, begun_on=begun_on, last_day=each.last_day):
            round_ = each.days.round
            due = (UNFINISHED, round_.id, round_.year, each.group_id, each.group_name, each.group_slug)
            found.append(GroupDue(*due, each.last_day))
    return [each for each in found if each.group_id not in stopped]


def list_signers_due(session: Session, *, now: datetime) -> list[SignerDue]:
    """Answer the signatures of which somebody is to be reminded, whether or not they were already."""
    today = day_of(now)
    waiting = {each.application_id: each for each in list_unsubmitted(session, now=now) if each.asked_at}
    signatures = session.scalars(
        sa.select(ApplicationSignature)
        .join(GrantApplication, GrantApplication.id == ApplicationSignature.application_id)
        .where(
            ApplicationSignature.application_id.in_(waiting),
            ApplicationSignature.signed_at.is_(None),
            ApplicationSignature.email != "",
            GrantApplication.state == DRAFT,
        )
        .order_by(ApplicationSignature.id)
    )
    found = []
    for each in signatures:
        of = waiting[each.application_id or 0]
        if due_signature(today=today, asked_on=day_of(each.asked_at), last_day=of.last_day):
            found.append(SignerDue(each, of.group_name, of.days.round.year, of.last_day))
    for project, last_day in _written_projects(session, today):
        found += [
            SignerDue(each, project.group.name, project.year, last_day, project.title)
            for each in project.signatures
            if each.signed_at is None
            and each.email
            and due_signature(today=today, asked_on=day_of(each.asked_at), last_day=last_day)
        ]
    return found


def _funded_before(session: Session, days: RoundDays) -> list[tuple[int, str, str]]:
    """Answer the groups that had money in a region's round of the year before and have done nothing for this one."""
    before = sa.orm.aliased(GrantRound)
    begun = sa.select(GrantApplication.group_id).where(GrantApplication.round_id == days.round.id)
    asking = sa.select(GrantRequest.group_id).where(GrantRequest.round_id == days.round.id)
    rows = session.execute(
        sa.select(Group.id, Group.name, Group.slug)
        .join(AllocationLine, AllocationLine.group_id == Group.id)
        .join(
            AllocationAct,
            sa.and_(AllocationAct.run_id == AllocationLine.run_id, AllocationAct.act == POSTED),
        )
        .join(before, before.id == AllocationAct.round_id)
        .where(
            before.region_id == days.region.id,
            before.year == days.round.year - 1,
            AllocationLine.award_cents > 0,
            Group.state.in_((LISTED, PAUSED, DORMANT)),
            Group.id.not_in(begun),
            Group.id.not_in(asking),
        )
        .distinct()
        .order_by(Group.id)
    )
    return [(number, name, slug) for number, name, slug in rows]
