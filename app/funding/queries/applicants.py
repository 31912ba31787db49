"""Who asks for money in a round: what a list shows of each group, and what figures are told by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import AllocationLine, AllocationRun, GrantRequest, GrantRound
from app.funding.queries.rounds import find_round, posted_run_ids
from app.funding.rules.comparison import Facts, Outcome
from app.groups.catalogue import topics_by_id
from app.groups.models import Group, GroupTopic, MeetingPlace
from app.places.models import District, Postcode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Asker:
    """A group that asks for money; ``facts`` name its main topic by slug, its district by key, "" where it has none."""

    name: str
    members: int
    facts: Facts


@dataclass(frozen=True, slots=True)
class Result:
    """What the last posted run of a round gave, beside what it left over and held back."""

    year: int
    number: int
    run: AllocationRun
    outcomes: tuple[Outcome, ...]

    @property
    def awards_cents(self) -> dict[int, int]:
        """What each group has."""
        return {each.group_id: each.award_cents for each in self.outcomes}


def list_askers(session: Session, round_id: int, last_cents: Mapping[int, int]) -> dict[int, Asker]:
    """Answer the groups of a round by id; ``last_cents`` is what groups had the year before."""
    rows = session.execute(
        sa.select(
            GrantRequest.group_id,
            GrantRequest.members,
            GrantRequest.is_new,
            Group.name,
            GroupTopic.topic_id,
            Postcode.district_ags,
        )
        .join(Group, Group.id == GrantRequest.group_id)
        .outerjoin(GroupTopic, sa.and_(GroupTopic.group_id == Group.id, GroupTopic.position == 0))
        .outerjoin(MeetingPlace, MeetingPlace.id == Group.place_id)
        .outerjoin(Postcode, Postcode.postcode == MeetingPlace.postcode)
        .where(GrantRequest.round_id == round_id)
    ).all()
    topics = topics_by_id(session, {row.topic_id for row in rows if row.topic_id is not None})
    found = {}
    for row in rows:
        topic = topics.get(row.topic_id)
        found[row.group_id] = Asker(
            row.name,
            row.members,
            Facts(
                topic=topic.slug if topic else "",
                district=row.district_ags or "",
                is_rare=bool(topic and topic.is_rare),
                is_new=row.is_new,
                last_cents=last_cents.get(row.group_id),
            ),
        )
    return found


def district_names(session: Session, keys: set[str]) -> dict[str, str]:
    """Answer the names of districts."""
    rows = session.execute(sa.select(District.ags, District.label).where(District.ags.in_(keys)))
    return {ags: label for ags, label in rows}  # noqa: C416 - rows are no pairs to mypy


def find_last_result(session: Session, region_slug: str, year: int) -> Result | None:
    """Answer what the last posted run of a region's round of a year gave; None when there is none."""
    found = find_round(session, region_slug, year)
    posted = posted_run_ids(session, found.id) if found else []
    if found is None or not posted:
        return None
    run = session.get_one(AllocationRun, posted[-1])
    return Result(year, run.number, run, _outcomes(session, found, run))


def _outcomes(session: Session, found: GrantRound, run: AllocationRun) -> tuple[Outcome, ...]:
    lines = session.execute(
        sa.select(
            AllocationLine.group_id,
            AllocationLine.requested_cents,
            AllocationLine.award_cents,
            AllocationLine.parts,
            GrantRequest.members,
        )
        .join(GrantRequest, GrantRequest.id == AllocationLine.request_id)
        .where(AllocationLine.run_id == run.id)
        .order_by(AllocationLine.group_id)
    ).all()
    askers = list_askers(session, found.id, {})
    return tuple(
        Outcome(
            line.group_id,
            line.requested_cents,
            line.award_cents,
            line.members,
            askers[line.group_id].facts,
        )
        for line in lines
        if line.parts
    )
