"""Requests of a round with the names of their groups; the groups that can ask in a region."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa

from app.clearinghouses.models import Catchment, ClearingHouse
from app.funding.models import FundingRegionDistrict, GrantRequest
from app.groups.finder_cache import get_finder_cache
from app.groups.models import Group
from app.groups.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class NamedGroup:
    """A group by its number, slug and name; its clearing house tells two of one name apart."""

    id: int
    slug: str
    name: str
    house: str = ""


NAMED_GROUP = (Group.id, Group.slug, Group.name, ClearingHouse.name)
"""The columns of a ``NamedGroup``; the statement joins the clearing house."""


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request and whose it is."""

    request: GrantRequest
    group: NamedGroup


def list_requests(session: Session, round_id: int) -> list[RequestLine]:
    """Answer the requests of a round by the names of their groups."""
    rows = session.execute(
        sa.select(GrantRequest, *NAMED_GROUP)
        .join(Group, Group.id == GrantRequest.group_id)
        .join(ClearingHouse, ClearingHouse.id == Group.clearinghouse_id)
        .where(GrantRequest.round_id == round_id)
    )
    found = [RequestLine(row[0], NamedGroup(*row[1:])) for row in rows]
    return sorted(found, key=lambda line: (fold(line.group.name), line.group.id))


def groups_by_id(session: Session, ids: Iterable[int]) -> Mapping[int, NamedGroup]:
    """Answer these groups, in whatever state they are."""
    wanted = list(ids)
    found: dict[int, NamedGroup] = {}
    for start in range(0, len(wanted), 5_000):
        some = (
            sa.select(*NAMED_GROUP)
            .join(ClearingHouse, ClearingHouse.id == Group.clearinghouse_id)
            .where(Group.id.in_(wanted[start : start + 5_000]))
        )
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


def same_names(groups: Iterable[NamedGroup]) -> set[int]:
    """Answer those of the groups that have the name of another one of them."""
    found = list(groups)
    counts = Counter(each.name for each in found)
    return {each.id for each in found if counts[each.name] > 1}


def matching(lines: Iterable[NamedGroup], q: str) -> list[NamedGroup]:
    """Answer the groups whose name holds all the words."""
    words = fold(q).split()
    return [each for each in lines if all(word in fold(each.name) for word in words)]
