"""Until when a request must come, and whether it came in time."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from app.funding.rules.region_rules import NEXT_WORKING_DAY, POSTED, RegionRules, day_in


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a request came; ``posted_on`` is the postmark of one on paper."""

    received_on: date
    posted_on: date | None = None


def deadline(year: int, rules: RegionRules, *, is_new: bool, free_days: Collection[date] = ()) -> date:
    """Answer the last day for requests of a funding year.

    ``free_days`` are the public holidays of the Land around that day; Saturdays and Sundays are free anyway.

    Source: § 26 (3) SGB X, § 193 BGB: an end on a free day moves to the next working day, unless the region says no.
    """
    last = day_in(year, (rules.deadline_new if is_new else None) or rules.deadline)
    if rules.weekend != NEXT_WORKING_DAY:
        return last
    return working_day_from(last, free_days)


def working_day_from(day: date, free_days: Collection[date] = ()) -> date:
    """Answer the first day from this one on that is no Saturday, Sunday or free day."""
    while day.weekday() >= 5 or day in free_days:
        day += timedelta(days=1)
    return day


def is_in_time(arrival: Arrival, last_day: date, rules: RegionRules) -> bool:
    """Answer whether a request came by its last day: by its postmark where that counts and there is one."""
    decides = arrival.received_on
    if rules.counts == POSTED and arrival.posted_on is not None:
        decides = min(arrival.posted_on, arrival.received_on)
    return decides <= last_day


def is_old_enough(founded_on: date, on: date, rules: RegionRules) -> bool:
    """Answer whether a new group existed long enough on a day; a month ends on the day of the same number."""
    months = founded_on.year * 12 + founded_on.month - 1 + rules.new_after_months
    year, month = divmod(months, 12)
    return (year, month + 1, founded_on.day) <= (on.year, on.month, on.day)


def objection_answer_due(received_on: date) -> date:
    """Answer until when an objection is to be decided; after that the group can sue for inaction.

    Source: § 88 (2) SGG: three months; § 188 (2, 3) BGB: a day that the month has not is its last one.
    """
    month = received_on.month + 3
    year, month = received_on.year + (month > 12), (month - 1) % 12 + 1
    return date(year, month, min(received_on.day, monthrange(year, month)[1]))
