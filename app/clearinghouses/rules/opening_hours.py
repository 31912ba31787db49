"""When a clearing house can be reached: open now or not, until when, when next, and the week put together.

Everything here is wall clock at the house: the caller passes the local time, and no language is chosen. Opening
hours lie within one day; a night that goes past midnight is two intervals. Public holidays are not known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DAYS_PER_WEEK = 7
SHORTEST_RUN = 3
"""From so many days in a row a template may write "Mo–Mi" instead of "Mo, Di"."""


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """One stretch of a week: ISO weekday (1 is Monday), open from ``opens_at`` up to, not at, ``closes_at``."""

    weekday: int
    opens_at: time
    closes_at: time

    def __post_init__(self) -> None:
        """Refuse what is not a stretch of one day.

        Raises:
            ValueError: the weekday is not 1..7, or the interval does not end after it begins.
        """
        if not 1 <= self.weekday <= DAYS_PER_WEEK:
            raise ValueError(f"A weekday is 1 to 7, not {self.weekday}.")
        if self.closes_at <= self.opens_at:
            raise ValueError(f"Opening hours end after they begin: {self.opens_at}–{self.closes_at}.")


@dataclass(frozen=True, slots=True)
class Opening:
    """One coming opening: the day and its hours."""

    on: date
    opens_at: time
    closes_at: time


@dataclass(frozen=True, slots=True)
class OpenStatus:
    """What holds at one moment: ``until`` is set when open, ``next_opening`` is the first one after now."""

    on: date
    until: time | None
    next_opening: Opening | None

    @property
    def is_open(self) -> bool:
        """Whether somebody can be reached right now."""
        return self.until is not None

    @property
    def opens_later_today(self) -> bool:
        """Whether the next opening is still on the same day."""
        return self.next_opening is not None and self.next_opening.on == self.on

    @property
    def opens_tomorrow(self) -> bool:
        """Whether the next opening is on the following day."""
        return self.next_opening is not None and self.next_opening.on == self.on + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayRun:
    """Days in a row that are written as one: a single day (first is last) or at least three."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class HoursLine:
    """Days with the same hours: ``weekdays`` ascending, the same as ``runs``, ``slots`` as (opens, closes)."""

    weekdays: tuple[int, ...]
    runs: tuple[DayRun, ...]
    slots: tuple[tuple[time, time], ...]


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """Answer the same opening time in order, with touching and overlapping stretches made one."""
    answer: list[Interval] = []
    for interval in sorted(intervals):
        previous = answer[-1] if answer else None
        if previous and previous.weekday == interval.weekday and interval.opens_at <= previous.closes_at:
            closes_at = max(previous.closes_at, interval.closes_at)
            answer[-1] = Interval(previous.weekday, previous.opens_at, closes_at)
        else:
            answer.append(interval)
    return answer


def status_at(intervals: Iterable[Interval], local: datetime) -> OpenStatus:
    """Answer whether the house is open at a local wall-clock time, until when, and when it opens next.

    The next opening is the first that begins after ``local``, at most a week ahead; None without any hours.
    """
    week = merged(intervals)
    today, clock_time = local.date(), local.time()
    until = next(
        (
            each.closes_at
            for each in week
            if each.weekday == today.isoweekday() and each.opens_at <= clock_time < each.closes_at
        ),
        None,
    )
    coming = (
        Opening(today + timedelta(days=ahead), each.opens_at, each.closes_at)
        for ahead in range(DAYS_PER_WEEK + 1)
        for each in week
        if each.weekday == (today + timedelta(days=ahead)).isoweekday()
        and (ahead > 0 or each.opens_at > clock_time)
    )
    return OpenStatus(on=today, until=until, next_opening=next(coming, None))


def grouped(intervals: Iterable[Interval]) -> list[HoursLine]:
    """Answer the week as lines of days with equal hours, in the order of their first day ("Mo, Di, Fr 9–12")."""
    slots_of: dict[int, list[tuple[time, time]]] = {}
    for each in merged(intervals):
        slots_of.setdefault(each.weekday, []).append((each.opens_at, each.closes_at))
    days_with: dict[tuple[tuple[time, time], ...], list[int]] = {}
    for weekday, slots in slots_of.items():
        days_with.setdefault(tuple(slots), []).append(weekday)
    return [HoursLine(tuple(days), _runs(days), slots) for slots, days in days_with.items()]


def _runs(weekdays: Sequence[int]) -> tuple[DayRun, ...]:
    """Answer ascending days as runs; two days in a row stay two, because "Mo–Di" says no less than "Mo, Di"."""
    breaks = [0, *(i + 1 for i, (a, b) in enumerate(pairwise(weekdays)) if b != a + 1), len(weekdays)]
    runs: list[DayRun] = []
    for start, end in pairwise(breaks):
        days = weekdays[start:end]
        if len(days) >= SHORTEST_RUN:
            runs.append(DayRun(days[0], days[-1]))
        else:
            runs.extend(DayRun(day, day) for day in days)
    return tuple(runs)
