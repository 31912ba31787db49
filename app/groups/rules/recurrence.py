"""When a series of meetings takes place: wall-clock rules turned into moments.

A rule says "every second Tuesday at seven in the evening" in the clock of a place; each date becomes a moment on
its own, so a meeting stays at seven when summer time begins or ends. Windows are half-open, [start, end).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

WEEKLY = "weekly"
MONTHLY_WEEKDAY = "monthly_weekday"
FREQUENCIES = (WEEKLY, MONTHLY_WEEKDAY)
LAST = -1
ORDINALS = (1, 2, 3, 4, 5, LAST)
LONGEST_INTERVAL = 52


@dataclass(frozen=True, slots=True)
class Rule:
    """One series: every n weeks on a weekday, or on the nth (or last) weekday of every nth month.

    Attributes:
        frequency: ``weekly`` or ``monthly_weekday``.
        weekday: ISO, 1 is Monday.
        starts_at_local: wall-clock time in ``zone``.
        duration_minutes: 1 to 1,440; the end may lie after midnight.
        first_on: the first day on which the series may take place; weeks and months are counted from it.
        interval: every so many weeks or months.
        ordinals: for ``monthly_weekday``: which of the weekday in the month; -1 is the last.
        until_on: the last day on which it may take place; None means open.
        zone: IANA name.
    """

    frequency: str
    weekday: int
    starts_at_local: time
    duration_minutes: int
    first_on: date
    interval: int = 1
    ordinals: tuple[int, ...] = ()
    until_on: date | None = None
    zone: str = "Europe/Berlin"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One meeting: aware moments in the zone of its rule."""

    starts_at: datetime
    ends_at: datetime


def check_rule(rule: Rule) -> None:
    """Return quietly when the rule can take place.

    Raises:
        ValueError: a part is out of range; the message names it.
    """
    if rule.frequency not in FREQUENCIES:
        raise ValueError(f"unknown frequency {rule.frequency!r}")
    if not 1 <= rule.weekday <= 7:
        raise ValueError("weekday must be 1 (Monday) to 7 (Sunday)")
    if not 1 <= rule.interval <= LONGEST_INTERVAL:
        raise ValueError("interval must be 1 to 52")
    if not 1 <= rule.duration_minutes <= 1440:
        raise ValueError("duration must be 1 to 1440 minutes")
    if rule.frequency == MONTHLY_WEEKDAY and not (rule.ordinals and set(rule.ordinals) <= set(ORDINALS)):
        raise ValueError("ordinals must be some of 1 to 5 or -1")
    if rule.until_on is not None and rule.until_on < rule.first_on:
        raise ValueError("the last day lies before the first")
    try:
        ZoneInfo(rule.zone)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"unknown time zone {rule.zone!r}") from error


def occurrences(rule: Rule, *, start: datetime, end: datetime) -> list[Occurrence]:
    """Answer the meetings that start in [start, end), earliest first.

    A wall-clock time that a change of clocks skips is taken with the offset before the change; one that
    exists twice means the first (PEP 495, fold 0).

    Args:
        rule: the series.
        start: aware moment, included.
        end: aware moment, excluded.
    """
    zone = ZoneInfo(rule.zone)
    first_day = start.astimezone(zone).date() - timedelta(days=1)
    # In UTC: Python compares two moments of the same zone by the wall clock, which has an hour twice in autumn.
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    found = []
    for day in days(rule, since=first_day):
        occurrence = _occurrence(rule, day, zone)
        if occurrence.starts_at >= end:
            break
        if occurrence.starts_at >= start:
            found.append(occurrence)
    return found


def next_occurrences(rule: Rule, *, now: datetime, count: int) -> list[Occurrence]:
    """Answer the next meetings from now on, at most ``count``."""
    zone = ZoneInfo(rule.zone)
    # One day more than asked: the meeting of today may have begun already.
    upcoming = islice(days(rule, since=now.astimezone(zone).date()), count + 1)
    found = (_occurrence(rule, day, zone) for day in upcoming)
    return [occurrence for occurrence in found if occurrence.starts_at >= now][:count]


def days(rule: Rule, *, since: date) -> Iterator[date]:
    """Yield the days of the series from ``since`` on, earliest first; endless unless the rule ends.

    Whatever the age of the series, the first day is found by arithmetic, not by counting from its start.
    """
    source = _weekly_days(rule, since) if rule.frequency == WEEKLY else _monthly_days(rule, since)
    for day in source:
        if rule.until_on is not None and day > rule.until_on:
            return
        yield day


def _weekly_days(rule: Rule, since: date) -> Iterator[date]:
    """Yield every interval-th week's weekday, counted from the first such weekday on or after first_on."""
    first = rule.first_on + timedelta(days=(rule.weekday - rule.first_on.isoweekday()) % 7)
    step = 7 * rule.interval
    periods = max(0, -(-(since - first).days // step))
    day = first + timedelta(days=periods * step)
    while True:
        yield day
        try:
            day += timedelta(days=step)
        except OverflowError:
            return


def _monthly_days(rule: Rule, since: date) -> Iterator[date]:
    """Yield the chosen weekdays of every interval-th month, counted from the month of first_on."""
    origin = rule.first_on.year * 12 + rule.first_on.month - 1
    from_day = max(since, rule.first_on)
    months = from_day.year * 12 + from_day.month - 1 - origin
    month = origin + (months // rule.interval) * rule.interval
    while month // 12 <= date.max.year - 1:
        for day in month_days(month // 12, month % 12 + 1, rule.weekday, rule.ordinals):
            if day >= from_day:
                yield day
        month += rule.interval


def month_days(year: int, month: int, weekday: int, ordinals: tuple[int, ...]) -> list[date]:
    """Answer the chosen ones of a weekday in a month, earliest first; a fifth that does not exist is left out."""
    first = date(year, month, 1)
    day = first + timedelta(days=(weekday - first.isoweekday()) % 7)
    all_days = [day + timedelta(days=7 * n) for n in range(5)]
    all_days = [each for each in all_days if each.month == month]
    chosen = {all_days[n - 1] for n in ordinals if 0 < n <= len(all_days)}
    if LAST in ordinals:
        chosen.add(all_days[-1])
    return sorted(chosen)


def _occurrence(rule: Rule, day: date, zone: ZoneInfo) -> Occurrence:
    """Answer the meeting of a day; the sum is done in UTC, where no hour is missing or doubled."""
    starts_at = datetime.combine(day, rule.starts_at_local, tzinfo=zone).astimezone(UTC)
    ends_at = starts_at + timedelta(minutes=rule.duration_minutes)
    return Occurrence(starts_at.astimezone(zone), ends_at.astimezone(zone))
