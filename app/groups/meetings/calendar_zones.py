"""Time zones for calendar files: the clock changes that hold today, as a rule for every year (RFC 5545, 3.6.5)."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from icalendar import Component, Timezone, TimezoneDaylight, TimezoneStandard

from app.groups.rules.recurrence import LAST, month_days

YEAR = 2026
"""Whose clock changes stand for all."""
FIRST_YEAR = datetime(1970, 1, 1)  # noqa: DTZ001 - by the clock on the wall
STEP_MINUTES = 30
DAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@lru_cache(maxsize=100)
def zone_component(name: str) -> Timezone:
    """Answer the VTIMEZONE of an IANA zone; do not change it.

    Programs that know the name use what they know themselves; the others have today's rule for all years.
    """
    component = Timezone()
    component.add("tzid", name)
    zone = ZoneInfo(name)
    changes = _changes(zone)
    for before, after in changes:
        component.add_component(_yearly(before, after))
    if not changes:
        component.add_component(_observance(FIRST_YEAR, *[datetime(YEAR, 1, 1, tzinfo=zone)] * 2))
    return component


def _changes(zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """Answer for each change of the year's clocks what they show half an hour before it, and right after it."""
    steps = 365 * 24 * 60 // STEP_MINUTES
    moments = [datetime(YEAR, 1, 1, tzinfo=UTC) + timedelta(minutes=STEP_MINUTES * n) for n in range(steps)]
    shown = [moment.astimezone(zone) for moment in moments]
    return [(before, after) for before, after in pairwise(shown) if before.utcoffset() != after.utcoffset()]


def _yearly(before: datetime, after: datetime) -> Component:
    """Answer a change on the same weekday of a month every year, at the moment by the clocks of before."""
    moment = before.replace(tzinfo=None) + timedelta(minutes=STEP_MINUTES)
    weekday = moment.isoweekday()
    is_last = moment.day + 7 > monthrange(moment.year, moment.month)[1]
    which = LAST if is_last else (moment.day + 6) // 7
    (first_day,) = month_days(FIRST_YEAR.year, moment.month, weekday, (which,))
    component = _observance(datetime.combine(first_day, moment.time()), before, after)
    day = f"{which}{DAY_CODES[weekday - 1]}"
    component.add("rrule", {"freq": "YEARLY", "bymonth": moment.month, "byday": day})
    return component


def _observance(start: datetime, before: datetime, after: datetime) -> Component:
    """Answer what holds from a wall-clock moment on: the clocks go as they do at ``after``, no longer as ``before``."""
    component = TimezoneDaylight() if after.dst() else TimezoneStandard()
    component.add("dtstart", start)
    component.add("tzoffsetfrom", before.utcoffset())
    component.add("tzoffsetto", after.utcoffset())
    component.add("tzname", after.tzname())
    return component
