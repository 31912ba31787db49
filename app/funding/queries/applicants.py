"""Who asks for money in a round: what a list shows of each group, and what figures are told by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.funding.models import AllocationLine, AllocationRun, GrantRequest
from app.funding.queries.rounds import find_round, posted_run_ids
from app.funding.rules.comparison import Facts, Outcome
from app.groups.catalogue import topics_by_id
from app.groups.models import Group, GroupTopic, MeetingPlace
from app.places.models import District, Postcode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy.orm import Session


_FACTS = (GrantRequest.members, GrantRequest.is_new, GroupTopic.topic_id, Postcode.district_ags)


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
    run: AllocationRun
    outcomes: tuple[Outcome, ...]

    @property
    def awards_cents(self) -> dict[int, int]:
        """What each group has."""
        return {each.group_id: each.award_cents for each in self.outcomes}


def list_askers(session: Session, round_id: int, last_cents: Mapping[int, int]) -> dict[int, Asker]:
    """Answer the groups of a round by id; ``last_cents`` is what groups had the year before."""
    asking = sa.select(GrantRequest.group_id, Group.name, *_FACTS).where(GrantRequest.round_id == round_id)
    rows = session.execute(_with_facts(asking)).all()
    facts = _facts_of(session, rows)
    return {
        row.group_id: Asker(row.name, row.members, facts(row, last_cents.get(row.group_id))) for row in rows
    }


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
    return Result(year, run, _outcomes(session, run.id))


def _outcomes(session: Session, run_id: int) -> tuple[Outcome, ...]:
    """Answer the groups that were part of a run; late and withdrawn ones have no parts."""
    lines = (
        sa.select(
            AllocationLine.group_id, AllocationLine.requested_cents, AllocationLine.award_cents, *_FACTS
        )
        .join(GrantRequest, GrantRequest.id == AllocationLine.request_id)
        .where(AllocationLine.run_id == run_id, sa.cast(AllocationLine.parts, sa.Text) != "{}")
        .order_by(AllocationLine.group_id)
    )
    rows = session.execute(_with_facts(lines)).all()
    facts = _facts_of(session, rows)
    return tuple(
        Outcome(row.group_id, row.requested_cents, row.award_cents, row.members, facts(row, None))
        for row in rows
    )


def _with_facts(statement: sa.Select[Any]) -> sa.Select[Any]:
    """Answer a statement about requests that knows their groups, main topics and districts as well."""
    return (
        statement.join(Group, Group.id == GrantRequest.group_id)
        .outerjoin(GroupTopic, sa.and_(GroupTopic.group_id == Group.id, GroupTopic.position == 0))
        .outerjoin(MeetingPlace, MeetingPlace.id == Group.place_id)
        .outerjoin(Postcode, Postcode.postcode == MeetingPlace.postcode)
    )


def _facts_of(session: Session, rows: Sequence[sa.Row[Any]]) -> Callable[[sa.Row[Any], int | None], Facts]:
    """Answer a function that answers the facts of a row, with last year's award."""
    topics = topics_by_id(session, {row.topic_id for row in rows if row.topic_id is not None})
    known = {number: (topic.slug, topic.is_rare) for number, topic in topics.items()}

    def facts(row: sa.Row[Any], last_cents: int | None) -> Facts:
        topic, is_rare = known.get(row.topic_id, ("", False))
        return Facts(topic, row.district_ags or "", is_rare, row.is_new, last_cents)

    return facts
