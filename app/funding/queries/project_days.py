"""Days of projects: until when insurers take requests, when one is to be submitted, when it is to be proven."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import (
    FundingRegion,
    InsuredCount,
    Insurer,
    ProjectProof,
    ProjectRequest,
    ProjectShare,
)
from app.funding.queries.project_terms import Payer, payers_in
from app.funding.rules.project import DECIDED, last_day_to_ask
from app.funding.rules.project_proof import QUESTIONED, project_proof_due
from app.groups.models import Group

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.funding.queries.projects import Project


@dataclass(frozen=True, slots=True)
class LastDay:
    """Until when an insurer takes projects of a year in a Land."""

    insurer: Insurer
    state: str
    year: int
    on: date
    is_new: bool


@dataclass(frozen=True, slots=True)
class Unproven:
    """A project with money whose proof has not come, or has a question that is open."""

    project_id: int
    number: str
    year: int
    group_id: int
    group_name: str
    group_slug: str
    due_on: date


def last_days_for_projects(
    session: Session,
    first: date,
    end: date,
    *,
    region_ids: Collection[int] = (),
    insurer_ids: Collection[int] = (),
) -> Iterator[LastDay]:
    """Yield until when projects can be asked for, of all insurers in these regions and of these insurers anywhere."""
    insured_there = sa.exists().where(
        InsuredCount.insurer_id.in_(insurer_ids), InsuredCount.state_ags == FundingRegion.state_ags
    )
    wanted = sa.select(FundingRegion).where(sa.or_(FundingRegion.id.in_(region_ids), insured_there))
    seen = set()
    for region in session.scalars(wanted.order_by(FundingRegion.id)) if region_ids or insurer_ids else ():
        for payer in payers_in(session, region).values():
            key = (region.state_ags, payer.insurer.id)
            if key in seen or not (region.id in region_ids or payer.insurer.id in insurer_ids):
                continue
            seen.add(key)
            for year in range(first.year, end.year + 1):
                days = {is_new: payer.terms.last_day(year, is_new=is_new) for is_new in (False, True)}
                for is_new, day in days.items():
                    if day is not None and first <= day < end and not (is_new and day == days[False]):
                        yield LastDay(payer.insurer, region.state_ags, year, day, is_new)


def last_day_of(found: Project, payers: Mapping[str, Payer], *, on: date) -> date | None:
    """Answer until when a project is to be submitted, seen from a day; None: nothing says so."""
    begins_on = found.begins_on
    year = begins_on.year if begins_on else on.year
    asked = [payers[key].terms.last_day(year) for key in found.plan.asked if key in payers]
    return last_day_to_ask(begins_on, asked, on)


def list_unproven(
    session: Session,
    *,
    group_ids: Collection[int] | None = None,
    insurer_ids: Collection[int] = (),
    clearinghouse_id: int | None = None,
) -> list[Unproven]:
    """Answer the projects with money whose proof is to come, the longest due first.

    Of these groups, of those to which these insurers gave, or of a house; with neither, of all.
    """
    gave = sa.exists().where(ProjectShare.project_id == ProjectRequest.id, ProjectShare.cents > 0)
    of_whom: sa.ColumnElement[bool] = sa.true()
    if clearinghouse_id is not None:
        of_whom = Group.clearinghouse_id == clearinghouse_id
    elif group_ids is not None:
        of_whom = sa.or_(
            ProjectRequest.group_id.in_(group_ids), gave.where(ProjectShare.insurer_id.in_(insurer_ids))
        )
    rows = session.execute(
        sa.select(ProjectRequest, Group.name, Group.slug)
        .join(Group, Group.id == ProjectRequest.group_id)
        .outerjoin(ProjectProof, ProjectProof.project_id == ProjectRequest.id)
        .where(
            of_whom,
            gave,
            ProjectRequest.state == DECIDED,
            ProjectRequest.ends_on.is_not(None),
            sa.or_(ProjectProof.state.is_(None), ProjectProof.state == QUESTIONED),
        )
        .order_by(ProjectRequest.ends_on, ProjectRequest.id)
    )
    return [
        Unproven(
            row.id, row.number or "", row.year or 0, row.group_id, name, slug, project_proof_due(row.ends_on)
        )
        for row, name, slug in rows
        if row.ends_on is not None
    ]


def owed_project_proofs(session: Session, group_id: int, on: date) -> list[Unproven]:
    """Answer the projects of a group whose proof is missing on a day, the longest missing first."""
    return [each for each in list_unproven(session, group_ids=[group_id]) if each.due_on < on]
