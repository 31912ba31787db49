"""Funding regions: which rules hold there, and in which of them a group is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import FundingRegion, FundingRegionDistrict, RegionSettings
from app.funding.reference_files import region_presets
from app.funding.rules.deadlines import deadline, working_day_from
from app.funding.rules.region_rules import RegionRules, rules_from
from app.groups.meetings.managed import postcode_of
from app.groups.models import Group
from app.groups.search_index import group_columns
from app.places.gazetteer import get_gazetteer
from app.places.public_holidays import public_holidays

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_HOLIDAYS_AHEAD = timedelta(days=14)
UNKNOWN = RegionRules(
    "03-31",
    "",
    doubts=("no source was found for this Land: all numbers are to be set by the funding office",),
)
"""What holds in a Land without a preset until its funding office says otherwise."""


def find_region(session: Session, slug: str) -> FundingRegion | None:
    """Answer the region of this slug."""
    return session.scalar(sa.select(FundingRegion).where(FundingRegion.slug == slug))


def rules_in(session: Session, region: FundingRegion) -> RegionRules:
    """Answer the rules of a region: as its funding office has set them, else those of its Land."""
    settings = session.get(RegionSettings, region.id, populate_existing=True)
    if settings is not None:
        return rules_from(settings.rules)
    return region_presets().get(region.state_ags, UNKNOWN)


def rules_of_regions(session: Session, regions: Iterable[FundingRegion]) -> dict[int, RegionRules]:
    """Answer the rules of several regions, by their numbers."""
    presets = region_presets()
    found = {each.id: presets.get(each.state_ags, UNKNOWN) for each in regions}
    rows = session.execute(
        sa.select(RegionSettings.region_id, RegionSettings.rules).where(RegionSettings.region_id.in_(found))
    )
    return found | {region_id: rules_from(rules) for region_id, rules in rows}


def last_day_in(region: FundingRegion, year: int, rules: RegionRules, *, is_new: bool = False) -> date:
    """Answer the last day for requests of a funding year by the rules of a region."""
    plain = deadline(year, rules, is_new=is_new)
    free = public_holidays(region.state_ags, plain, plain + _HOLIDAYS_AHEAD)
    return deadline(year, rules, is_new=is_new, free_days=free)


def working_day_in(region: FundingRegion, day: date) -> date:
    """Answer the first day from this one on that is a working day in a region."""
    return working_day_from(day, public_holidays(region.state_ags, day, day + _HOLIDAYS_AHEAD))


def region_of_group(session: Session, group_id: int) -> FundingRegion | None:
    """Answer the region in which a group meets; for one that meets online, that of its clearing house."""
    row = session.execute(group_columns().where(Group.id == group_id)).one()
    place = get_gazetteer(session).find_postcode(postcode_of(row, None, row.format))
    if place is None or place.district_ags is None:
        return None
    return session.scalar(
        sa.select(FundingRegion)
        .join(FundingRegionDistrict, FundingRegionDistrict.region_id == FundingRegion.id)
        .where(FundingRegionDistrict.district_ags == place.district_ags)
    )
