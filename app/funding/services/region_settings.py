"""The rules of a funding region, as its funding office sets them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import FundingRegion, GrantRound, RegionSettings
from app.funding.queries.regions import last_day_in, rules_in
from app.funding.rules.region_rules import RegionRules, row_of
from app.groups.meetings.schedules import day_of
from app.shared.history import note

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def set_rules(session: Session, region: FundingRegion, rules: RegionRules, *, now: datetime) -> bool:
    """Afterwards these rules hold in the region; answer whether they are others than before.

    Rounds that are still open end on the region's last day as it is now, unless they were extended.
    """
    before, after = row_of(rules_in(session, region)), row_of(rules)
    changed = sorted(name for name in after if after[name] != before[name])
    if not changed:
        return False
    settings = session.get(RegionSettings, region.id)
    if settings is None:
        session.add(RegionSettings(region_id=region.id, rules=after, changed_at=now))
    else:
        settings.rules, settings.changed_at = after, now
    note(session, "region.rules_changed", now=now, record_id=region.id, rules=changed)
    session.flush()
    _move_last_days(session, region, rules, now=now)
    return True


def _move_last_days(session: Session, region: FundingRegion, rules: RegionRules, *, now: datetime) -> None:
    still_open = session.scalars(
        sa.select(GrantRound)
        .where(
            GrantRound.region_id == region.id,
            GrantRound.closes_on >= day_of(now),
            GrantRound.extension_reason.is_(None),
        )
        .with_for_update()
    ).all()
    for each in still_open:
        each.closes_on = max(each.opens_on, last_day_in(region, each.year, rules))
    session.flush()
