"""How bookings are laid out as a week of columns and as a month of days, by the clock on the wall.

A week is a table: each day a column, cut into stretches that are free, outside the bookable hours, closed or taken;
the rows are all the times at which something begins or ends on any day, and every whole hour. A stretch that lasts
over several rows spans them. Nothing overlaps: what the wall clock makes overlap, in the hour that autumn has twice,
stands together in one stretch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.rooms.rules.availability import RoomFacts, Span, closure_on

if TYPE_CHECKING:
    from collections.abc import Iterable

FREE = "free"
OUTSIDE = "outside"
CLOSED = "closed"
TAKEN = "taken"
MINUTES_PER_DAY = 1_440
_HOUR = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that takes place; ``key`` is the caller's."""

    key: int
    span: Span


@dataclass(frozen=True, slots=True)
class Stretch:
    """One cell of a day: minutes of the wall clock, what it is, who has it, and how many rows it spans."""

    kind: str
    first_minute: int
    last_minute: int
    keys: tuple[int, ...] = ()
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a week: from which minute of the day, how long, and the cell that begins here on each day."""

    minute: int
    minutes: int
    cells: tuple[Stretch | None, ...]

    @property
    def is_whole_hour(self) -> bool:
        """Whether its time is written in large."""
        return self.minute % _HOUR == 0


@dataclass(frozen=True, slots=True)
class WeekGrid:
    """A week as a table; without rows when nothing is bookable and nothing booked."""

    days: tuple[date, ...]
    rows: tuple[Row, ...]


def week_days(day: date) -> tuple[date, ...]:
    """Answer the seven days of the week that holds a day, Monday first."""
    monday = day - timedelta(days=day.weekday())
    return tuple(monday + timedelta(days=n) for n in range(7))


def month_weeks(day: date) -> list[tuple[date, ...]]:
    """Answer the weeks that hold the days of a month, whole weeks, Monday first."""
    first = day.replace(day=1)
    weeks = []
    monday = week_days(first)[0]
    while (monday.year, monday.month) <= (first.year, first.month):
        weeks.append(week_days(monday))
        monday += timedelta(days=7)
    return weeks


def window_of(first_on: date, last_on: date, zone: str) -> Span:
    """Answer the moments from the beginning of a local day to the end of another."""
    wall = ZoneInfo(zone)
    return Span(
        datetime.combine(first_on, time(), wall), datetime.combine(last_on + timedelta(days=1), time(), wall)
    )


def entries_by_day(entries: Iterable[Entry], days: Iterable[date], zone: str) -> dict[date, list[Entry]]:
    """Answer for each day what takes place at some moment of it, by time."""
    wall = ZoneInfo(zone)
    answer: dict[date, list[Entry]] = {day: [] for day in days}
    for entry in sorted(entries, key=lambda each: (each.span, each.key)):
        day = entry.span.starts_at.astimezone(wall).date()
        last = (entry.span.ends_at - timedelta(microseconds=1)).astimezone(wall).date()
        while day <= last:
            if day in answer:
                answer[day].append(entry)
            day += timedelta(days=1)
    return answer


def week_grid(room: RoomFacts, entries: Iterable[Entry], days: Sequence[date]) -> WeekGrid:
    """Answer the table of some days of one room."""
    on_day = entries_by_day(entries, days, room.zone)
    taken = {day: _taken(on_day[day], day, room.zone) for day in days}
    bounds = _bounds(room, taken)
    if bounds is None:
        return WeekGrid(tuple(days), ())
    columns = [_column(room, day, taken[day], bounds) for day in days]
    starts = {stretch.first_minute for column in columns for stretch in column}
    cuts = sorted(starts | set(range(-(-bounds[0] // _HOUR) * _HOUR, bounds[1], _HOUR)) | {bounds[1]})
    rows = []
    for minute, until in pairwise(cuts):
        cells = tuple(_cell(column, minute, cuts) for column in columns)
        rows.append(Row(minute, until - minute, cells))
    return WeekGrid(tuple(days), tuple(rows))


def _taken(entries: Iterable[Entry], day: date, zone: str) -> list[Stretch]:
    """Answer what is taken on a day as stretches in order; those that overlap on the wall are one."""
    stretches: list[Stretch] = []
    for entry in entries:
        first, last = _wall_minutes(entry.span, day, ZoneInfo(zone))
        before = stretches[-1] if stretches else None
        if before is not None and first < before.last_minute:
            keys = (*before.keys, entry.key)
            stretches[-1] = Stretch(TAKEN, before.first_minute, max(last, before.last_minute), keys)
        else:
            stretches.append(Stretch(TAKEN, first, last, (entry.key,)))
    return stretches


def _wall_minutes(span: Span, day: date, zone: ZoneInfo) -> tuple[int, int]:
    """Answer from which to which minute of a local day a span lasts, at least one."""
    starts_at, ends_at = span.starts_at.astimezone(zone), span.ends_at.astimezone(zone)
    first = starts_at.hour * _HOUR + starts_at.minute if starts_at.date() == day else 0
    last = ends_at.hour * _HOUR + ends_at.minute if ends_at.date() == day else MINUTES_PER_DAY
    first = min(first, MINUTES_PER_DAY - 1)
    return first, max(last, first + 1)


def _bounds(room: RoomFacts, taken: dict[date, list[Stretch]]) -> tuple[int, int] | None:
    """Answer the first and last minute that a table must show, on whole hours; None when there is nothing."""
    edges = [(_minute(each.opens_at), _minute(each.closes_at)) for each in room.hours]
    edges += [(each.first_minute, each.last_minute) for column in taken.values() for each in column]
    if not edges:
        return None
    first = min(first for first, _last in edges) // _HOUR * _HOUR
    return first, -(-max(last for _first, last in edges) // _HOUR) * _HOUR


def _column(room: RoomFacts, day: date, taken: list[Stretch], bounds: tuple[int, int]) -> list[Stretch]:
    """Answer a day cut into stretches from bound to bound, without gaps."""
    closed = closure_on(room, day) is not None
    column: list[Stretch] = []
    at = bounds[0]
    for stretch in [*taken, Stretch(OUTSIDE, bounds[1], bounds[1])]:
        if at < stretch.first_minute:
            column += _untaken(room, day, at, stretch.first_minute, closed=closed)
        if stretch.first_minute < stretch.last_minute:
            column.append(stretch)
        at = max(at, stretch.last_minute)
    return column


def _untaken(room: RoomFacts, day: date, first: int, last: int, *, closed: bool) -> list[Stretch]:
    """Answer the stretches between two bookings: closed, free or outside the bookable hours."""
    if closed:
        return [Stretch(CLOSED, first, last)]
    open_minutes = sorted(
        (max(_minute(each.opens_at), first), min(_minute(each.closes_at), last))
        for each in room.hours
        if each.weekday == day.isoweekday()
    )
    stretches: list[Stretch] = []
    at = first
    for opens, closes in open_minutes:
        if max(opens, at) >= closes:
            continue
        if at < opens:
            stretches.append(Stretch(OUTSIDE, at, opens))
        stretches.append(Stretch(FREE, max(opens, at), closes))
        at = closes
    return [*stretches, Stretch(OUTSIDE, at, last)] if at < last else stretches


def _cell(column: list[Stretch], minute: int, cuts: list[int]) -> Stretch | None:
    """Answer the stretch that begins at a minute, with the number of rows it spans; None inside another."""
    for stretch in column:
        if stretch.first_minute == minute:
            rows = sum(stretch.first_minute <= cut < stretch.last_minute for cut in cuts)
            return Stretch(stretch.kind, minute, stretch.last_minute, stretch.keys, rows)
    return None


def _minute(at: time) -> int:
    """Answer the minute of the day."""
    return at.hour * _HOUR + at.minute
