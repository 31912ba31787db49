"""Meeting series as numbers, so that the dates of a hundred thousand are a few passes over arrays.

The exact rule is ``schedule``; this is the same arithmetic on whole days and wall-clock minutes, and a test holds
the two together. All days are counted from 1970-01-01, all minutes are wall-clock minutes in Germany since then.

A plain rule becomes one pattern a weekday. Where dates do not take place, the pattern is cut before and after them;
what is no weekday of a week or month (days of the month, lists, moved and added dates, other time zones) becomes a
pattern of one day each. Both reach ``HORIZON`` ahead, so such series are packed anew from time to time
(docs/adr/0005-exceptions-as-cut-series.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from app.groups.rules.recurrence import LAST, MONTHLY_WEEKDAY, WEEKLY, Rule, days, first_week
from app.groups.rules.schedule import Series, days_off, extra_dates, is_plain, meetings, wall_start

PATTERN = np.dtype(
    [
        ("monthly", "u1"),
        ("weekday", "u1"),
        ("interval", "u1"),
        ("ordinals", "u1"),
        ("start_minute", "<i4"),
        ("first_day", "<i4"),
        ("until_day", "<i4"),
    ]
)
"""One series: weekday 1..7; ordinals as bits 1, 2, 4, 8, 16 for first to fifth and 32 for last."""

FAR = np.int64(2**62)
"""The minute that never comes: no further meeting."""
OPEN_END = 2**31 - 1
HORIZON = timedelta(days=750)
"""How far ahead a series is packed of which some dates do not take place as the rule says."""
WALL_ZONE = ZoneInfo("Europe/Berlin")
_LAST_BIT = 32
_EPOCH = date(1970, 1, 1).toordinal()
_MONTHS_AHEAD = 53
"""The longest interval plus one; a fifth weekday comes at least every fourth month, whatever the interval up to 12."""

Days = NDArray[np.int64]
Patterns = NDArray[np.void]


def day_number(day: date) -> int:
    """Answer the days since 1970-01-01."""
    return day.toordinal() - _EPOCH


def wall_minute(moment: datetime) -> int:
    """Answer the wall-clock minute, since 1970-01-01, of a moment in its own zone; a begun minute counts as next."""
    minute = day_number(moment.date()) * 1440 + moment.hour * 60 + moment.minute
    return minute + (1 if moment.second or moment.microsecond else 0)


@dataclass(frozen=True, slots=True)
class Packed:
    """The patterns of some series; ``until`` is the day up to which they are true, None when they are for ever."""

    patterns: bytes
    count: int
    until: date | None


def pack_series(series: Iterable[Series], *, today: date) -> Packed:
    """Answer the dates of some series from yesterday on as PATTERN records."""
    records: list[tuple[int, ...]] = []
    until = None
    for one in series:
        if is_plain(one) and _is_regular(one.rule):
            records += [_pattern(part, part.first_on, part.until_on) for part in _single_weekdays(one.rule)]
        else:
            until = today + HORIZON
            records += _cut(one, first=today - timedelta(days=1), last=until)
    return Packed(np.array(records, PATTERN).tobytes(), len(records), until)


def _is_regular(rule: Rule) -> bool:
    """Whether patterns of weekdays can say the rule."""
    return rule.frequency in {WEEKLY, MONTHLY_WEEKDAY} and rule.zone == WALL_ZONE.key


def _single_weekdays(rule: Rule) -> Iterator[Rule]:
    """Yield the rule once for each of its weekdays, weeks counted as ever."""
    for weekday in sorted(set(rule.weekdays)):
        first_on = rule.first_on
        if rule.frequency == WEEKLY:
            first_on = first_week(rule) + timedelta(days=weekday - 1)
            if first_on < rule.first_on:
                first_on += timedelta(weeks=rule.interval)
        if rule.until_on is None or first_on <= rule.until_on:
            yield replace(rule, weekdays=(weekday,), first_on=first_on)


def _cut(series: Series, *, first: date, last: date) -> Iterator[tuple[int, ...]]:
    """Yield the patterns of a series of which some dates do not take place as the rule says."""
    if _is_regular(series.rule):
        gaps = days_off(series, first=first, last=last)
        for part in _single_weekdays(series.rule):
            own = [day for day in gaps if day.isoweekday() == part.weekdays[0]]
            yield from _pieces(part, own)
        extra = [
            meeting for meeting in extra_dates(series) if first <= wall_start(meeting, WALL_ZONE)[0] <= last
        ]
    else:
        start = datetime.combine(first, datetime.min.time(), WALL_ZONE)
        every = meetings([series], start=start, end=start + (last - first))
        extra = [meeting for meeting in every if not meeting.is_cancelled]
    yield from (_single_day(*wall_start(meeting, WALL_ZONE)) for meeting in extra)


def _pieces(rule: Rule, gaps: list[date]) -> Iterator[tuple[int, ...]]:
    """Yield the patterns of a rule of one weekday without some of its days."""
    begin: date | None = rule.first_on
    for gap in gaps:
        if begin is None:
            return
        if gap > begin:
            yield _pattern(rule, begin, gap - timedelta(days=1))
        begin = next(days(rule, since=gap + timedelta(days=1)), None)
    if begin is not None:
        yield _pattern(rule, begin, rule.until_on)


def _single_day(day: date, minute: int) -> tuple[int, ...]:
    return (0, day.isoweekday(), 1, 0, minute, day_number(day), day_number(day))


def _pattern(rule: Rule, first_on: date, until_on: date | None) -> tuple[int, ...]:
    """Answer a rule of one weekday, from one of its dates on (or from its own first day) until another."""
    ordinals = sum(_LAST_BIT if n == LAST else 1 << (n - 1) for n in set(rule.ordinals))
    start = rule.starts_at_local
    until = OPEN_END if until_on is None else day_number(until_on)
    return (
        0 if rule.frequency == WEEKLY else 1,
        rule.weekdays[0],
        rule.interval,
        ordinals,
        start.hour * 60 + start.minute,
        day_number(first_on),
        until,
    )


def starts_between(patterns: Patterns, first_day: int, last_day: int) -> tuple[Days, Days]:
    """Answer every start on the days from first to last, both included: which pattern, and its wall-clock minute.

    The cost follows the days asked for, whatever the age of the series. In no order.
    """
    alive = np.flatnonzero((patterns["until_day"] >= first_day) & (patterns["first_day"] <= last_day))
    own = patterns[alive]
    parts = [*_weekly_starts(own, first_day, last_day), *_monthly_starts(own, first_day, last_day)]
    rows = alive[np.concatenate([rows for rows, _day in parts])]
    day = np.concatenate([day for _rows, day in parts])
    return rows, day * 1440 + patterns["start_minute"][rows]


def _weekly_starts(patterns: Patterns, first_day: int, last_day: int) -> Iterator[tuple[Days, Days]]:
    """Yield rows and days, a period of the series at a time."""
    rows = np.flatnonzero(patterns["monthly"] == 0)
    chosen = patterns[rows]
    day = _next_weekly(chosen, np.full(len(rows), first_day, np.int64))
    step = 7 * chosen["interval"].astype(np.int64)
    end = np.minimum(chosen["until_day"], last_day)
    while len(rows):
        inside = day <= end
        rows, day, step, end = rows[inside], day[inside], step[inside], end[inside]
        yield rows, day
        day = day + step


def _monthly_starts(patterns: Patterns, first_day: int, last_day: int) -> Iterator[tuple[Days, Days]]:
    """Yield rows and days, a month at a time."""
    rows = np.flatnonzero(patterns["monthly"] == 1)
    chosen = patterns[rows]
    origin = _month_of(chosen["first_day"].astype(np.int64))
    since = np.maximum(chosen["first_day"], first_day)
    end = np.minimum(chosen["until_day"], last_day)
    for month in range(int(_month_of(np.array(first_day))), int(_month_of(np.array(last_day))) + 1):
        is_on = (month >= origin) & ((month - origin) % chosen["interval"] == 0)
        first, after = (
            int(np.datetime64(each, "M").astype("datetime64[D]").astype(np.int64))
            for each in (month, month + 1)
        )
        day = first + (chosen["weekday"].astype(np.int64) - (first + 3) % 7 - 1) % 7
        for number in range(5):
            wanted = (chosen["ordinals"] & (1 << number)) != 0
            wanted |= ((chosen["ordinals"] & _LAST_BIT) != 0) & (day + 7 >= after)
            hit = np.flatnonzero(is_on & wanted & (day < after) & (day >= since) & (day <= end))
            yield rows[hit], day[hit]
            day = day + 7


def utc_minutes(wall_minutes: Days, zone: ZoneInfo) -> Days:
    """Answer the minutes since 1970 in UTC of wall-clock minutes of a zone; a doubled hour is the first (PEP 495)."""
    if not len(wall_minutes):
        return wall_minutes
    day = wall_minutes // 1440
    first, last = int(day.min()), int(day.max())
    offsets = np.array([_offset(zone, each * 1440 + 720) for each in range(first - 1, last + 2)])
    result: Days = wall_minutes - offsets[day - first + 1]
    for changing in first + np.flatnonzero((offsets[1:-1] != offsets[:-2]) | (offsets[1:-1] != offsets[2:])):
        table = np.array([_offset(zone, int(changing) * 1440 + minute) for minute in range(1440)])
        here = day == changing
        result[here] = wall_minutes[here] - table[wall_minutes[here] % 1440]
    return result


def _offset(zone: ZoneInfo, wall_minute_: int) -> int:
    """Answer how many minutes a zone is before UTC at a wall-clock minute."""
    local = datetime(1970, 1, 1, tzinfo=zone) + timedelta(minutes=wall_minute_)
    offset = local.utcoffset()
    return 0 if offset is None else int(offset.total_seconds()) // 60


def next_minute(patterns: Patterns, minute: int) -> Days:
    """Answer, for each series, the wall-clock minute of its next start at or after ``minute``; FAR when none."""
    since = np.full(len(patterns), minute // 1440, np.int64)
    since += patterns["start_minute"] < minute % 1440
    day = next_day(patterns, since)
    return np.where(day == FAR, FAR, day * 1440 + patterns["start_minute"])


def next_day(patterns: Patterns, since: Days) -> Days:
    """Answer, for each series, its first day on or after its day ``since``; FAR when it has ended."""
    result = np.empty(len(patterns), np.int64)
    monthly = patterns["monthly"] == 1
    weekly = ~monthly
    result[weekly] = _next_weekly(patterns[weekly], since[weekly])
    if monthly.any():
        result[monthly] = _next_monthly(patterns[monthly], since[monthly])
    return np.where(result > patterns["until_day"], FAR, result)


def _next_weekly(patterns: Patterns, since: Days) -> Days:
    """Count whole periods from the first such weekday; day 0 was a Thursday (ISO 4)."""
    first = patterns["first_day"].astype(np.int64)
    first += (patterns["weekday"].astype(np.int64) - (first + 3) % 7 - 1) % 7
    step = 7 * patterns["interval"].astype(np.int64)
    periods = np.maximum(0, -(-(since - first) // step))
    return first + periods * step


def _next_monthly(patterns: Patterns, since: Days) -> Days:
    """Try the months of each series in turn until every one has found its day."""
    since = np.maximum(since, patterns["first_day"])
    interval = patterns["interval"].astype(np.int64)
    origin = _month_of(patterns["first_day"].astype(np.int64))
    month = origin + (_month_of(since) - origin) // interval * interval
    result = np.full(len(patterns), FAR)
    open_rows = np.arange(len(patterns))
    for _ in range(_MONTHS_AHEAD):
        part = patterns[open_rows]
        found = _earliest_in_month(part, month[open_rows], since[open_rows])
        result[open_rows] = found
        open_rows = open_rows[(found == FAR) & (month[open_rows] * 28 < part["until_day"].astype(np.int64))]
        if not len(open_rows):
            break
        month[open_rows] += interval[open_rows]
    return result


def _earliest_in_month(patterns: Patterns, month: Days, since: Days) -> Days:
    """Answer the first chosen day of a month that is not before ``since``; FAR when there is none."""
    first = month.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    end = (month + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    first += (patterns["weekday"].astype(np.int64) - (first + 3) % 7 - 1) % 7
    result = np.full(len(patterns), FAR)
    for number in range(4, -1, -1):
        day = first + 7 * number
        is_last = day + 7 >= end
        chosen = (patterns["ordinals"] & (1 << number)) != 0
        chosen |= is_last & ((patterns["ordinals"] & _LAST_BIT) != 0)
        result = np.where(chosen & (day < end) & (day >= since), day, result)
    return result


def _month_of(day: Days) -> Days:
    """Answer the months since January 1970 of each day."""
    return day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
