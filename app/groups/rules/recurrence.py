"""When a series of meetings takes place: wall-clock rules turned into moments.

A rule says "every second Tuesday at seven in the evening" in the clock of a place; each date becomes a moment on
its own, so a meeting stays at seven when summer time begins or ends. Windows are half-open, [start, end). What is
cancelled, moved or closed is not the rule's business but that of ``schedule``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKLY = "weekly"
MONTHLY_WEEKDAY = "monthly_weekday"
MONTHLY_DAY = "monthly_day"
DATES = "dates"
APPOINTMENT = "appointment"
FREQUENCIES = (WEEKLY, MONTHLY_WEEKDAY, MONTHLY_DAY, DATES, APPOINTMENT)
LAST = -1
ORDINALS = (1, 2, 3, 4, 5, LAST)
MONTH_DAYS = (*range(1, 32), LAST)
LONGEST_INTERVAL = 52
"""Weeks; also months: a yearly meeting is one of every twelfth month."""
MOST_DATES = 400
_FARTHEST = timedelta(days=36_600)
"""A rule that finds no day in a hundred years has none, such as a 31 February every year."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One series. Yearly is every twelfth month, by day or by weekday.

    Attributes:
        frequency: ``weekly`` (every n weeks on some weekdays), ``monthly_weekday`` (the nth or last of some weekdays in
            every nth month), ``monthly_day`` (days of every nth month), ``dates`` (a list), ``appointment`` (no date).
        starts_at_local: wall-clock time in ``zone``.
        duration_minutes: 1 to 1,440; the end may lie after midnight.
        first_on: the first day on which the series may take place. Weeks are counted from the week (Monday to Sunday)
            of the first date, months from the month of ``first_on``.
        weekdays: ISO, 1 is Monday; for ``weekly`` and ``monthly_weekday``.
        interval: every so many weeks or months.
        ordinals: for ``monthly_weekday``: which of the weekday in the month; -1 is the last.
        month_days: for ``monthly_day``: 1 to 31, -1 is the last day; a month without the day is left out.
        dates: for ``dates``: ascending.
        until_on: the last day on which it may take place; None means open.
        zone: IANA name.
        skips_public_holidays, skips_school_holidays: whether it rests on those of the Land (see ``schedule``).
    """

    frequency: str
    starts_at_local: time
    duration_minutes: int
    first_on: date
    weekdays: tuple[int, ...] = ()
    interval: int = 1
    ordinals: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    dates: tuple[date, ...] = ()
    until_on: date | None = None
    zone: str = "Europe/Berlin"
    skips_public_holidays: bool = False
    skips_school_holidays: bool = False


class RuleFault(ValueError):
    """A rule that cannot take place; ``part`` names the attribute that must change."""

    def __init__(self, part: str, message: str) -> None:
        super().__init__(message)
        self.part = part


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date of a rule: aware moments in its zone, and the day by which the rule knows it."""

    starts_at: datetime
    ends_at: datetime
    on: date


def check_rule(rule: Rule) -> None:
    """Return quietly when the rule can take place.

    Raises:
        RuleFault: a part is out of range, or there is no date at all.
    """
    if rule.frequency not in FREQUENCIES:
        raise RuleFault("frequency", f"unknown frequency {rule.frequency!r}")
    if not 1 <= rule.duration_minutes <= 1440:
        raise RuleFault("duration_minutes", "duration must be 1 to 1440 minutes")
    if rule.until_on is not None and rule.until_on < rule.first_on:
        raise RuleFault("until_on", "the last day lies before the first")
    try:
        ZoneInfo(rule.zone)
    except (KeyError, ValueError, OSError) as error:
        raise RuleFault("zone", f"unknown time zone {rule.zone!r}") from error
    _check_parts(rule)
    if rule.frequency == APPOINTMENT:
        return
    try:
        first = next(days(rule, since=rule.first_on), None)
    except OverflowError:  # the last week of the calendar
        first = None
    if first is None or first - rule.first_on > _FARTHEST:
        raise RuleFault("until_on" if rule.until_on else "first_on", "there is no such date")


def _check_parts(rule: Rule) -> None:
    """Refuse what the frequency needs and the rule lacks, or has out of range."""
    needed = {
        WEEKLY: (("weekdays", range(1, 8)),),
        MONTHLY_WEEKDAY: (("weekdays", range(1, 8)), ("ordinals", ORDINALS)),
        MONTHLY_DAY: (("month_days", MONTH_DAYS),),
    }
    if not 1 <= rule.interval <= LONGEST_INTERVAL:
        raise RuleFault("interval", "interval must be 1 to 52")
    for part, allowed in needed.get(rule.frequency, ()):
        chosen = getattr(rule, part)
        if not chosen or not set(chosen) <= set(allowed):
            raise RuleFault(part, f"{part} must be some of {allowed}")
    if rule.frequency == DATES and not 1 <= len(rule.dates) <= MOST_DATES:
        raise RuleFault("dates", f"dates must be 1 to {MOST_DATES}")


def spans(rule: Rule, *, start: datetime, end: datetime) -> list[Occurrence]:
    """Answer the meetings that start in [start, end), earliest first: aware moments and their days.

    A wall-clock time that a change of clocks skips is taken with the offset before the change; one that
    exists twice means the first (PEP 495, fold 0).
    """
    zone = ZoneInfo(rule.zone)
    first_day = start.astimezone(zone).date() - timedelta(days=1)
    # In UTC: Python compares two moments of the same zone by the wall clock, which has an hour twice in autumn.
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    found = []
    for day in days(rule, since=first_day):
        occurrence = occurrence_on(rule, day)
        if occurrence.starts_at >= end:
            break
        if occurrence.starts_at >= start:
            found.append(occurrence)
    return found


def days(rule: Rule, *, since: date) -> Iterator[date]:
    """Yield the days of the series from ``since`` on, earliest first; endless unless the rule ends.

    Whatever the age of the series, the first day is found by arithmetic, not by counting from its start.
    """
    since = max(since, rule.first_on)
    for day in _SOURCES[rule.frequency](rule, since):
        if rule.until_on is not None and day > rule.until_on:
            return
        yield day


def takes_place_on(rule: Rule, day: date) -> bool:
    """Whether a day is one of the rule's own; by arithmetic, as it is asked for many days."""
    if day < rule.first_on or (rule.until_on is not None and day > rule.until_on):
        return False
    if rule.frequency == WEEKLY:
        is_weekday = day.isoweekday() in rule.weekdays
        return is_weekday and (day - first_week(rule)).days // 7 % rule.interval == 0
    if rule.frequency in {MONTHLY_WEEKDAY, MONTHLY_DAY}:
        months = (day.year - rule.first_on.year) * 12 + day.month - rule.first_on.month
        return months % rule.interval == 0 and _is_of_month(rule, day)
    return day in rule.dates


def _is_of_month(rule: Rule, day: date) -> bool:
    """Whether a monthly rule takes a day in its month."""
    last = _last_day(day.year, day.month)
    if rule.frequency == MONTHLY_DAY:
        return day.day in rule.month_days or (LAST in rule.month_days and day.day == last)
    if day.isoweekday() not in rule.weekdays:
        return False
    return (day.day - 1) // 7 + 1 in rule.ordinals or (LAST in rule.ordinals and day.day + 7 > last)


def goes_on(rule: Rule, *, today: date) -> bool:
    """Whether a rule has dates to come, or is kept by appointment."""
    if rule.frequency == APPOINTMENT:
        return rule.until_on is None or rule.until_on >= today
    return next(days(rule, since=today), None) is not None


def first_week(rule: Rule) -> date:
    """Answer the Monday from which the weeks of a weekly rule are counted: that of the week of its first date."""
    start = rule.first_on
    ahead = min((weekday - start.isoweekday()) % 7 for weekday in rule.weekdays)
    first = start + timedelta(days=ahead)
    return first - timedelta(days=first.isoweekday() - 1)


def _weekly_days(rule: Rule, since: date) -> Iterator[date]:
    """Yield the weekdays of every interval-th week."""
    week = first_week(rule)
    step = 7 * rule.interval
    week += timedelta(days=max(0, (since - week).days // step) * step)
    offsets = sorted(weekday - 1 for weekday in set(rule.weekdays))
    try:
        while True:
            for offset in offsets:
                day = week + timedelta(days=offset)
                if day >= since:
                    yield day
            week += timedelta(days=step)
    except OverflowError:
        return


def _monthly_days(rule: Rule, since: date) -> Iterator[date]:
    """Yield the chosen days of every interval-th month, counted from the month of first_on."""
    origin = rule.first_on.year * 12 + rule.first_on.month - 1
    months = since.year * 12 + since.month - 1 - origin
    month = origin + (months // rule.interval) * rule.interval
    while month // 12 < date.max.year:
        for day in days_of_month(rule, month // 12, month % 12 + 1):
            if day >= since:
                yield day
        month += rule.interval


def days_of_month(rule: Rule, year: int, month: int) -> list[date]:
    """Answer the days of a monthly rule in one month, earliest first."""
    if rule.frequency == MONTHLY_WEEKDAY:
        found = {
            day for weekday in set(rule.weekdays) for day in month_days(year, month, weekday, rule.ordinals)
        }
        return sorted(found)
    last = _last_day(year, month)
    numbers = {last if number == LAST else number for number in rule.month_days}
    return [date(year, month, number) for number in sorted(numbers) if number <= last]


def month_days(year: int, month: int, weekday: int, ordinals: tuple[int, ...]) -> list[date]:
    """Answer the chosen ones of a weekday in a month, earliest first; a fifth that does not exist is left out."""
    first = 1 + (weekday - date(year, month, 1).isoweekday()) % 7
    numbers = list(range(first, _last_day(year, month) + 1, 7))
    chosen = {numbers[n - 1] for n in ordinals if 0 < n <= len(numbers)}
    if LAST in ordinals:
        chosen.add(numbers[-1])
    return [date(year, month, number) for number in sorted(chosen)]


def _last_day(year: int, month: int) -> int:
    """Answer the number of days in a month."""
    following = date(year + month // 12, month % 12 + 1, 1) if (year, month) != (date.max.year, 12) else None
    return 31 if following is None else (following - timedelta(days=1)).day


def _listed_days(rule: Rule, since: date) -> Iterator[date]:
    yield from (day for day in sorted(set(rule.dates)) if day >= since)


def _no_days(_rule: Rule, _since: date) -> Iterator[date]:
    return iter(())


_SOURCES = {
    WEEKLY: _weekly_days,
    MONTHLY_WEEKDAY: _monthly_days,
    MONTHLY_DAY: _monthly_days,
    DATES: _listed_days,
    APPOINTMENT: _no_days,
}


def occurrence_on(
    rule: Rule, day: date, *, starts_at_local: time | None = None, duration_minutes: int | None = None
) -> Occurrence:
    """Answer the meeting of a day, at the rule's time unless told otherwise.

    The length is added in UTC, where no hour is missing or doubled.
    """
    zone = ZoneInfo(rule.zone)
    clock = rule.starts_at_local if starts_at_local is None else starts_at_local
    starts_at = datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)
    ends_at = starts_at + timedelta(minutes=duration_minutes or rule.duration_minutes)
    return Occurrence(starts_at.astimezone(zone), ends_at.astimezone(zone), day)
