"""What somebody has to do with in funding: groups, houses, regions and insurers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.accounts.rules.permissions import COORDINATOR, FINANCE, FUNDING_OFFICE, REPRESENTATIVE, Actor
from app.clearinghouses.models import Catchment
from app.funding.models import FundingRegion, FundingRegionDistrict
from app.funding.queries.regions import region_of_group
from app.groups.models import Group

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Concern:
    """What somebody has to do with: regions (None: all) whose rounds they see, those they decide in, groups, insurers.

    ``insurer_ids`` are None for whoever sees all insurers; ``sees_sittings`` are those of all regions; ``near_ids`` are
    regions where they help groups to apply, or apply.
    """

    region_ids: frozenset[int] | None = frozenset()
    office_ids: frozenset[int] = frozenset()
    groups: tuple[tuple[int, str, str], ...] = ()
    insurer_ids: frozenset[int] | None = field(default_factory=frozenset)
    sees_sittings: bool = False
    near_ids: frozenset[int] = frozenset()


def concern_of(session: Session, actor: Actor) -> Concern:
    """Answer what somebody has to do with, as far as deadlines of funding are concerned."""
    grants = actor.grants
    sees_all = any(
        grant.role in (FINANCE, REPRESENTATIVE) or (grant.role == COORDINATOR and grant.state_ags is None)
        for grant in grants
    )
    insurers = {grant.insurer_id for grant in grants if grant.insurer_id is not None}
    groups = _groups(session, {grant.group_id for grant in grants if grant.group_id is not None})
    offices = {grant.region_id for grant in grants if grant.role == FUNDING_OFFICE and grant.region_id}
    near = {
        *offices,
        *_regions_of_houses(session, {each.clearinghouse_id for each in grants}),
        *(region.id for group_id, _slug, _name in groups if (region := region_of_group(session, group_id))),
    }
    regions = {
        *near,
        *_regions_where(session, FundingRegion.state_ags, {each.state_ags for each in grants}),
        *_regions_where(session, FundingRegion.lead_insurer_id, insurers),
    }
    pays = any(grant.role == FINANCE for grant in grants)
    return Concern(
        None if sees_all else frozenset(regions),
        frozenset(offices),
        groups,
        None if pays else frozenset(insurers),
        any(grant.role in (FINANCE, REPRESENTATIVE) for grant in grants),
        frozenset(near),
    )


def _groups(session: Session, ids: Collection[int]) -> tuple[tuple[int, str, str], ...]:
    rows = session.execute(
        sa.select(Group.id, Group.slug, Group.name).where(Group.id.in_(ids)).order_by(Group.name)
    )
    return tuple((number, slug, name) for number, slug, name in rows)


def _regions_where(session: Session, column: Any, values: Iterable[Any]) -> list[int]:
    known = set(values) - {None}
    return list(session.scalars(sa.select(FundingRegion.id).where(column.in_(known)))) if known else []


def _regions_of_houses(session: Session, house_ids: set[int | None]) -> list[int]:
    known = house_ids - {None}
    if not known:
        return []
    return list(
        session.scalars(
            sa.select(FundingRegionDistrict.region_id)
            .join(Catchment, Catchment.district_ags == FundingRegionDistrict.district_ags)
            .where(Catchment.clearinghouse_id.in_(known))
            .distinct()
        )
    )
