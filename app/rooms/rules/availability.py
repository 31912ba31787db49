"""When a room is free, what stands in the way of a wanted date, and what is free instead.

Bookable hours are wall clock in the zone of the room, closures are whole local days, bookings are moments. All spans
are half-open, [starts_at, ends_at), and compared in UTC.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.clearinghouses.rules.opening_hours import Interval, merged

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

CLOSED = "closed"
OUTSIDE_HOURS = "outside_hours"
TAKEN = "taken"
TOO_SOON = "too_soon"
STEP = timedelta(minutes=15)
"""Other times are offered on the quarter of an hour."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From an aware moment up to, not at, another."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        """Keep both moments in UTC.

        Raises:
            ValueError: a moment has no zone, or the span does not end after it begins.
        """
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise ValueError("A moment needs a time zone.")
        object.__setattr__(self, "starts_at", self.starts_at.astimezone(UTC))
        object.__setattr__(self, "ends_at", self.ends_at.astimezone(UTC))
        if self.starts_at >= self.ends_at:
            raise ValueError(f"A span ends after it begins: {self.starts_at}–{self.ends_at}.")

    @property
    def duration(self) -> timedelta:
        """How long it lasts."""
        return self.ends_at - self.starts_at

    def overlaps(self, other: Span) -> bool:
        """Whether there is a moment in both; touching is not overlapping."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def holds(self, other: Span) -> bool:
        """Whether all of the other lies in this one."""
        return self.starts_at <= other.starts_at and other.ends_at <= self.ends_at


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """Local days, both included, on which a room cannot be used, and why."""

    first_on: date
    last_on: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """What decides whether a room is free. ``taken`` is in order and free of overlaps; ``hours`` may overlap."""

    room_id: int
    zone: str
    hours: tuple[Interval, ...]
    capacity: int
    access: frozenset[str] = frozenset()
    closed: tuple[ClosedDays, ...] = ()
    taken: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a date is not possible: ``too_soon``, ``closed`` (with the reason), ``taken`` or ``outside_hours``."""

    kind: str
    reason: str = ""


def open_spans(room: RoomFacts, first_on: date, last_on: date) -> Iterator[Span]:
    """Yield the bookable hours of the local days given, both included, without closed days, in order.

    A stretch that a change of clocks leaves without a minute is left out.
    """
    zone = ZoneInfo(room.zone)
    week = merged(room.hours)
    day = first_on
    while day <= last_on:
        if closure_on(room, day) is None:
            for each in week:
                if each.weekday == day.isoweekday():
                    starts_at = datetime.combine(day, each.opens_at, tzinfo=zone).astimezone(UTC)
                    ends_at = datetime.combine(day, each.closes_at, tzinfo=zone).astimezone(UTC)
                    if starts_at < ends_at:
                        yield Span(starts_at, ends_at)
        day += _DAY


def free_spans(room: RoomFacts, window: Span) -> list[Span]:
    """Answer when the room can be booked inside a window: its hours without closed days and bookings, in order."""
    zone = ZoneInfo(room.zone)
    first_on, last_on = _local_days(window, zone)
    free: list[Span] = []
    for opened in open_spans(room, first_on, last_on):
        at = max(opened.starts_at, window.starts_at)
        end = min(opened.ends_at, window.ends_at)
        for booking in _taken_within(room, at, end):
            if at < booking.starts_at:
                free.append(Span(at, booking.starts_at))
            at = max(at, booking.ends_at)
        if at < end:
            free.append(Span(at, end))
    return free


def closure_on(room: RoomFacts, day: date) -> ClosedDays | None:
    """Answer the first closure that holds on a local day."""
    return next((each for each in room.closed if each.first_on <= day <= each.last_on), None)


def obstacle_to(room: RoomFacts, wanted: Span, *, earliest: datetime | None = None) -> Obstacle | None:
    """Answer what stands in the way of a date; None when the room is free. A closure is named before a booking.

    With ``earliest``, a date that begins before it is too soon.
    """
    if earliest is not None and wanted.starts_at < earliest.astimezone(UTC):
        return Obstacle(TOO_SOON)
    first_on, last_on = _local_days(wanted, ZoneInfo(room.zone))
    day = first_on
    while day <= last_on:
        closure = closure_on(room, day)
        if closure is not None:
            return Obstacle(CLOSED, closure.reason)
        day += _DAY
    if any(True for _ in _taken_within(room, wanted.starts_at, wanted.ends_at)):
        return Obstacle(TAKEN)
    if not any(opened.holds(wanted) for opened in open_spans(room, first_on, last_on)):
        return Obstacle(OUTSIDE_HOURS)
    return None


def other_times(room: RoomFacts, wanted: Span, *, earliest: datetime, count: int = 2) -> list[Span]:
    """Answer free times of the same length on the same local day, the nearest to the wanted one first.

    They begin on a quarter of an hour, not before ``earliest``, and lie in different free stretches.
    """
    zone = ZoneInfo(room.zone)
    day = wanted.starts_at.astimezone(zone).date()
    found = []
    for opened in open_spans(room, day, day):
        for free in free_spans(room, opened):
            start = _nearest_start(free, wanted, earliest.astimezone(UTC))
            if start is not None and start != wanted.starts_at:
                found.append(Span(start, start + wanted.duration))
    return sorted(found, key=lambda each: (abs(each.starts_at - wanted.starts_at), each))[:count]


def other_rooms(
    rooms: Iterable[RoomFacts], wanted: Span, *, people: int, access: Collection[str]
) -> list[RoomFacts]:
    """Answer the rooms that are free then, seat so many and have all the access features; the smallest first."""
    needed = frozenset(access)
    fitting = [
        room
        for room in rooms
        if room.capacity >= people and needed <= room.access and obstacle_to(room, wanted) is None
    ]
    return sorted(fitting, key=lambda room: (room.capacity, room.room_id))


def first_overlap(spans: Sequence[Span]) -> tuple[Span, Span] | None:
    """Answer the first two spans, by time, that overlap; None when none do."""
    latest: Span | None = None
    for span in sorted(spans):
        if latest is not None and latest.overlaps(span):
            return latest, span
        if latest is None or span.ends_at > latest.ends_at:
            latest = span
    return None


def _nearest_start(free: Span, wanted: Span, earliest: datetime) -> datetime | None:
    """Answer the start on a quarter of an hour nearest to the wanted one that fits into a free stretch."""
    first = _rounded_up(max(free.starts_at, earliest))
    last = _rounded_down(free.ends_at - wanted.duration)
    if first > last:
        return None
    down = _rounded_down(wanted.starts_at)
    candidates = (min(max(each, first), last) for each in (down, down + STEP))
    return min(candidates, key=lambda start: abs(start - wanted.starts_at))


def _rounded_down(moment: datetime) -> datetime:
    """Answer the last quarter of an hour not after a moment."""
    return moment - (moment - datetime(1970, 1, 1, tzinfo=UTC)) % STEP


def _rounded_up(moment: datetime) -> datetime:
    """Answer the first quarter of an hour not before a moment."""
    down = _rounded_down(moment)
    return down if down == moment else down + STEP


def _taken_within(room: RoomFacts, start: datetime, end: datetime) -> Iterator[Span]:
    """Yield the bookings that overlap [start, end), in order."""
    # Without overlaps the order by start is the order by end as well.
    index = bisect_right(room.taken, start, key=lambda span: span.ends_at)
    while index < len(room.taken) and room.taken[index].starts_at < end:
        yield room.taken[index]
        index += 1


def _local_days(span: Span, zone: ZoneInfo) -> tuple[date, date]:
    """Answer the first and last local day that a span touches; ending at midnight does not touch the next."""
    last = span.ends_at - timedelta(microseconds=1)
    return span.starts_at.astimezone(zone).date(), last.astimezone(zone).date()
