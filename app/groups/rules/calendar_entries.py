"""A series as the entries of a calendar file: one that repeats, and one for each date that is not as usual.

Dates on holidays or in a break are excluded. A date cancelled by hand, or by a closed place, stays as an entry of its
own that says so; a moved one too. Lists of dates have an entry for each: few programs understand a series without a
rhythm. The phase of a rhythm is that of its first entry, which is always a date of the rule.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.groups.rules.recurrence import MONTHLY_DAY, MONTHLY_WEEKDAY, WEEKLY, Rule, days, occurrence_on
from app.groups.rules.schedule import BREAK, PUBLIC_HOLIDAY, SCHOOL_HOLIDAY, Meeting, Series, known_dates

MONTHS_BACK = 12
MONTHS_AHEAD = 18
"""Whole months, this one included: at least 515 days, and a file stays the same from one month's first to the next."""
_LEFT_OUT = (BREAK, PUBLIC_HOLIDAY, SCHOOL_HOLIDAY)
_RHYTHMS = (WEEKLY, MONTHLY_WEEKDAY, MONTHLY_DAY)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which dates a calendar is to hold.

    Attributes:
        first, last: within these days every date is told truly; a rhythm goes on after the last.
        until: the last day of all; None means open.
        weekdays: ISO; empty means any.
        minutes: minutes of the day at which it may begin, half-open; over midnight when the second is smaller; None
            means any.
        place: where it must take place; None means anywhere.
    """

    first: date
    last: date
    until: date | None = None
    weekdays: frozenset[int] = frozenset()
    minutes: tuple[int, int] | None = None
    place: int | None = None

    def holds(self, meeting: Meeting) -> bool:
        """Whether a date belongs into the calendar."""
        day = meeting.starts_at.date()
        return (
            self.first <= day
            and (self.until is None or day <= self.until)
            and (not self.weekdays or day.isoweekday() in self.weekdays)
            and self.fits(meeting.starts_at.time(), meeting.place)
        )

    def fits(self, starts_at_local: time, place: int | None) -> bool:
        """Whether time and place are wanted."""
        if self.place not in {None, place}:
            return False
        if self.minutes is None:
            return True
        begin, end = self.minutes
        minute = starts_at_local.hour * 60 + starts_at_local.minute
        return begin <= minute < end if begin <= end else not end <= minute < begin


def wanted_around(today: date) -> Wanted:
    """Answer all dates of the past year and of the year and a half to come, by whole months."""
    return Wanted(_month(today, -MONTHS_BACK), _month(today, MONTHS_AHEAD) - timedelta(days=1))


def _month(day: date, months: int) -> date:
    """Answer the first day of the month so many months later."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a calendar file.

    Attributes:
        key: what tells it from the other entries of the series; empty for the one that repeats and its exceptions.
        meeting: what is to be told of it.
        starts_at, ends_at: aware, by the wall clock in the zone of the rule; in UTC where that shows an hour twice.
        rule: the rhythm by which it repeats; None: it does not.
        excluded: the starts of the rhythm that are left out, ascending.
        instead_of: the start of the rhythm in whose stead it stands; None: none.
    """

    key: str
    meeting: Meeting
    starts_at: datetime
    ends_at: datetime
    rule: Rule | None = None
    excluded: tuple[datetime, ...] = ()
    instead_of: datetime | None = None


def entries(series: Series, wanted: Wanted) -> list[Entry]:
    """Answer the entries of a series; the one that repeats comes first, the others by their start."""
    dates = list(known_dates(series, first=wanted.first, last=wanted.last))
    left_out = {each.on for each in dates if not each.is_added and _is_left_out(each, wanted)}
    kept = [each for each in dates if not _is_left_out(each, wanted)]
    rhythm = _rhythm(series, wanted)
    first = None if rhythm is None else _first_day(series.rule, rhythm, left_out, since=wanted.first)
    if rhythm is None or first is None:
        return _sorted(_single(each) for each in kept)
    found = []
    for each in kept:
        if each.is_added or each.on < first or not _is_day_of(rhythm, each.on):
            found.append(_single(each))
        elif not _is_as_usual(each, rhythm):
            found.append(replace(_single(each), key="", instead_of=_wall_start(rhythm, each.on)))
    return [_repeating(series, rhythm, first, left_out), *_sorted(found)]


def _sorted(found: Iterable[Entry]) -> list[Entry]:
    return sorted(found, key=lambda each: (each.starts_at, each.key, each.meeting.on))


def _single(meeting: Meeting) -> Entry:
    """Answer a date as an entry of its own; its key stays the same while the date is moved or cancelled."""
    key = f"{meeting.starts_at:%Y%m%dT%H%M}" if meeting.is_added else f"{meeting.on:%Y%m%d}"
    return Entry(key, meeting, _clear(meeting.starts_at), _clear(meeting.ends_at))


def _is_left_out(meeting: Meeting, wanted: Wanted) -> bool:
    return meeting.cause in _LEFT_OUT or not wanted.holds(meeting)


def _is_as_usual(meeting: Meeting, rule: Rule) -> bool:
    """Whether the rhythm alone tells the date; not every program knows what to make of hours skipped or doubled."""
    is_clear = meeting.starts_at.time() == rule.starts_at_local and not _is_doubled(meeting.starts_at)
    return is_clear and not (meeting.cause or meeting.moved_from or meeting.is_online_instead)


def _is_doubled(moment: datetime) -> bool:
    """Whether the clocks show this time twice on the day."""
    return moment.utcoffset() != moment.replace(fold=1 - moment.fold).utcoffset()


def _clear(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if _is_doubled(moment) else moment


def _rhythm(series: Series, wanted: Wanted) -> Rule | None:
    """Answer the rule that an entry can repeat by, with the weekdays wanted only; None when there is none."""
    rule = series.rule
    if rule.frequency not in _RHYTHMS or not wanted.fits(rule.starts_at_local, series.place):
        return None
    ends = [day for day in (rule.until_on, wanted.until) if day is not None]
    rule = replace(rule, until_on=min(ends, default=None))
    if not wanted.weekdays:
        return rule
    weekdays = tuple(weekday for weekday in rule.weekdays if weekday in wanted.weekdays)
    # Days of the month on some weekdays only are dates without a rhythm.
    return replace(rule, weekdays=weekdays) if weekdays else None


def _first_day(rule: Rule, rhythm: Rule, left_out: Collection[date], *, since: date) -> date | None:
    """Answer the first day of the rhythm that is not left out; the whole rule knows which weeks count."""
    for day in days(rule, since=since):
        if rhythm.until_on is not None and day > rhythm.until_on:
            return None
        if day not in left_out and _is_day_of(rhythm, day):
            return day
    return None


def _is_day_of(rhythm: Rule, day: date) -> bool:
    """Whether a day of the rule is one of the rhythm too, which may have fewer weekdays and end earlier."""
    is_over = rhythm.until_on is not None and day > rhythm.until_on
    return not is_over and (not rhythm.weekdays or day.isoweekday() in rhythm.weekdays)


def _repeating(series: Series, rhythm: Rule, first: date, left_out: Collection[date]) -> Entry:
    """Answer the entry that repeats, told as its usual dates are."""
    usual = occurrence_on(rhythm, first)
    meeting = Meeting(usual.starts_at, usual.ends_at, series.id, first, series.format, series.place)
    start = _wall_start(rhythm, first)
    excluded = sorted(day for day in left_out if day > first and _is_day_of(rhythm, day))
    return Entry(
        "", meeting, start, _clear(usual.ends_at), rhythm, tuple(_wall_start(rhythm, day) for day in excluded)
    )


def _wall_start(rule: Rule, day: date) -> datetime:
    """Answer the start by the wall clock, even one that the clocks skip: a rhythm names its dates so."""
    return datetime.combine(day, rule.starts_at_local, tzinfo=ZoneInfo(rule.zone))
