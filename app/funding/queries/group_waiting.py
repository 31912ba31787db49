"""What waits for the groups of a house: changes they were asked for, proofs of use that have not come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import ChangeRequest, FundingRegion, GrantRequest, GrantRound
from app.funding.queries.proofs import due_day, owing
from app.groups.models import Group

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class ChangeAsked:
    """A group that was asked for a change of its request, and until when it has time."""

    group_name: str
    group_slug: str
    asked_at: datetime
    due_on: date


@dataclass(frozen=True, slots=True)
class ProofMissing:
    """A group whose proof of a year should have come by a day."""

    group_name: str
    group_slug: str
    year: int
    due_on: date


def list_changes_asked(session: Session, clearinghouse_id: int) -> list[ChangeAsked]:
    """Answer the groups of a house that were asked for a change and have not answered."""
    rows = session.execute(
        sa.select(Group.name, Group.slug, ChangeRequest.asked_at, ChangeRequest.due_on)
        .join(ChangeRequest, ChangeRequest.group_id == Group.id)
        .where(Group.clearinghouse_id == clearinghouse_id, ChangeRequest.ended_at.is_(None))
    )
    return [ChangeAsked(*row) for row in rows]


def list_proofs_missing(session: Session, clearinghouse_id: int, *, on: date) -> list[ProofMissing]:
    """Answer the groups of a house whose proof is overdue on a day, each with the day on which it was due."""
    groups = {
        number: (name, slug)
        for number, name, slug in session.execute(
            sa.select(Group.id, Group.name, Group.slug).where(Group.clearinghouse_id == clearinghouse_id)
        )
    }
    missing = owing(session, groups, before_year=on.year + 1, on=on)
    rows = session.execute(
        sa.select(GrantRequest.group_id, GrantRound.year, FundingRegion)
        .join(GrantRound, GrantRound.id == GrantRequest.round_id)
        .join(FundingRegion, FundingRegion.id == GrantRound.region_id)
        .where(GrantRequest.group_id.in_(missing))
    )
    days: dict[tuple[int, int], date] = {}
    found = []
    for group_id, year, region in rows:
        if year not in missing[group_id]:
            continue
        if (region.id, year) not in days:
            days[region.id, year] = due_day(session, region, year)[0]
        if days[region.id, year] < on:
            found.append(ProofMissing(*groups[group_id], year, days[region.id, year]))
    return found
