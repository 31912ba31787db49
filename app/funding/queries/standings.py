"""Until when requests of a round are in time, and how each stands that does not come by an application."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import DeadlineExtension, FundingRegion, GrantRequest, GrantRound
from app.funding.queries.regions import last_day_in, rules_in
from app.funding.rules.deadlines import Arrival
from app.funding.rules.grant_round import EXTENDED, LATE
from app.funding.rules.region_rules import RegionRules
from app.funding.rules.standing import LastDays, standing_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Standings:
    """The last days of a round: by its region's rules, of new groups and others; of all; and of single groups."""

    rules: RegionRules
    by_rule: Mapping[bool, date]
    closes_on: date
    of_groups: Mapping[int, date]

    def days(self, group_id: int | None = None, *, is_new: bool) -> LastDays:
        """Answer the last days of a group."""
        own = self.of_groups.get(group_id) if group_id else None
        return LastDays(self.by_rule[is_new], (self.closes_on, *([own] if own else [])))

    def of(self, group_id: int, arrival: Arrival, *, is_new: bool, is_excused: bool = False) -> str:
        """Answer how a request of a group stands."""
        return standing_of(arrival, self.days(group_id, is_new=is_new), self.rules, is_excused=is_excused)

    def is_excused(self, row: GrantRequest) -> bool:
        """Whether a request is late by its day, and counts as in time because the office said so."""
        arrival = Arrival(row.received_on, row.posted_on)
        return row.standing == EXTENDED and self.of(row.group_id, arrival, is_new=row.is_new) == LATE


def standings_in(session: Session, found: GrantRound) -> Standings:
    """Answer how requests of a round stand."""
    region = session.get_one(FundingRegion, found.region_id)
    rules = rules_in(session, region)
    rows = session.execute(
        sa.select(DeadlineExtension.group_id, DeadlineExtension.last_day)
        .where(DeadlineExtension.round_id == found.id)
        .order_by(DeadlineExtension.number)
    )
    return Standings(
        rules,
        {is_new: last_day_in(region, found.year, rules, is_new=is_new) for is_new in (False, True)},
        found.closes_on,
        dict(rows.tuples().all()),
    )
