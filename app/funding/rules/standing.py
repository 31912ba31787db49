"""How a request stands in its round: one rule for what groups send, what an office enters, what a list says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.funding.rules.deadlines import Arrival, is_in_time
from app.funding.rules.grant_round import EXTENDED, IN_TIME, LATE
from app.funding.rules.region_rules import RegionRules


@dataclass(frozen=True, slots=True)
class LastDays:
    """The last day by the rules of a region, of new groups or others; and until when there is more time, if at all."""

    by_rule: date
    more_time: tuple[date, ...] = ()

    @property
    def last(self) -> date:
        """The day after which a request is late."""
        return max(self.by_rule, *self.more_time)


def standing_of(arrival: Arrival, days: LastDays, rules: RegionRules, *, is_excused: bool = False) -> str:
    """Answer how a request stands: in time by the rules, with more time, or late, then it waits for the next round."""
    if is_in_time(arrival, days.by_rule, rules):
        return IN_TIME
    return EXTENDED if is_excused or is_in_time(arrival, days.last, rules) else LATE
