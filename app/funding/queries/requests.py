"""Requests of a round with the names of their groups; the groups that can ask in a region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa

from app.clearinghouses.models import Catchment
from app.funding.models import FundingRegionDistrict, GrantRequest
from app.groups.finder_cache import get_finder_cache
from app.groups.models import Group
from app.groups.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class NamedGroup:
    """A group by its number, slug and name."""

    id: int
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request and whose it is."""

    request: GrantRequest
    group: NamedGroup


def list_requests(session: Session, round_id: int) -> list[RequestLine]:
    """Answer the requests of a round by the names of their groups."""
    rows = session.execute(
        sa.select(GrantRequest, Group.id, Group.slug, Group.name)
        .join(Group, Group.id == GrantRequest.group_id)
        .where(GrantRequest.round_id == round_id)
    )
    found = [RequestLine(row[0], NamedGroup(*row[1:])) for row in rows]
    return sorted(found, key=lambda line: (fold(line.group.name), line.group.id))


def groups_by_id(session: Session, ids: Iterable[int]) -> Mapping[int, NamedGroup]:
    """Answer these groups, in whatever state they are."""
    wanted = list(ids)
    found: dict[int, NamedGroup] = {}
    for start in range(0, len(wanted), 5_000):
        some = sa.select(Group.id, Group.slug, Group.name).where(Group.id.in_(wanted[start : start + 5_000]))
        found |= {row.id: NamedGroup(*row) for row in session.execute(some)}
    return found


def groups_of_region(session: Session, region_id: int, *, now: datetime) -> list[NamedGroup]:
    """Answer the listed groups that can ask for money in a region, by name.

    Those that meet in one of its districts; a group without a place belongs where its clearing house is responsible.
    """
    districts = list(
        session.scalars(
            sa.select(FundingRegionDistrict.district_ags).where(FundingRegionDistrict.region_id == region_id)
        )
    )
    houses = session.scalars(
        sa.select(Catchment.clearinghouse_id).where(Catchment.district_ags.in_(districts))
    ).all()
    columns = get_finder_cache().columns(session, now=now)
    is_there = np.isin(columns.district, [int(ags) for ags in districts])
    is_without_place = (columns.district == 0) & np.isin(columns.clearinghouse, list(set(houses)))
    found = groups_by_id(session, columns.group_id[is_there | is_without_place].tolist()).values()
    return sorted(found, key=lambda group: (fold(group.name), group.id))


def matching(lines: Iterable[NamedGroup], q: str) -> list[NamedGroup]:
    """Answer the groups whose name holds all the words."""
    words = fold(q).split()
    return [each for each in lines if all(word in fold(each.name) for word in words)]
