"""Meeting series as numbers, so that the next date of a hundred thousand is one pass over arrays.

The exact rule is ``recurrence``; this is the same arithmetic on whole days and wall-clock minutes, and a test holds
the two together. All days are counted from 1970-01-01, all minutes are wall-clock minutes since then.
"""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from app.groups.rules.recurrence import LAST, WEEKLY, Rule

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


def pack_rules(rules: list[Rule]) -> bytes:
    """Answer the series as PATTERN records."""
    return np.array([_pattern(rule) for rule in rules], PATTERN).tobytes()


def _pattern(rule: Rule) -> tuple[int, ...]:
    ordinals = sum(_LAST_BIT if n == LAST else 1 << (n - 1) for n in set(rule.ordinals))
    start = rule.starts_at_local
    until = OPEN_END if rule.until_on is None else day_number(rule.until_on)
    return (
        0 if rule.frequency == WEEKLY else 1,
        rule.weekday,
        rule.interval,
        ordinals,
        start.hour * 60 + start.minute,
        day_number(rule.first_on),
        until,
    )


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
