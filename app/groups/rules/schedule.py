"""What truly takes place: a series with its cancelled, moved and added dates, closed places, breaks and holidays.

For each date of the rule the first of these decides: a change made for that very date; a break of the series; a public
or school holiday that the rule rests on; a closure of the place. A hybrid meeting whose place is closed takes place
online. A moved or added date is meant as it stands: holidays and breaks do not touch it, a closed place does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge
from zoneinfo import ZoneInfo

from app.groups.rules.recurrence import Occurrence, Rule, days, occurrence_on, spans, takes_place_on
from app.places.rules.free_days import FreeDay

IN_PERSON = "in_person"
ONLINE = "online"
HYBRID = "hybrid"

CANCELLED = "cancelled"
MOVED = "moved"
ADDED = "added"

BREAK = "break"
PLACE_CLOSED = "place_closed"
PUBLIC_HOLIDAY = "public"
SCHOOL_HOLIDAY = "school"

FARTHEST_AHEAD = timedelta(days=800)
"""How far ahead a next meeting is looked for."""


@dataclass(frozen=True, slots=True)
class Change:
    """What was decided for one date.

    Attributes:
        kind: ``cancelled``, ``moved`` or ``added``.
        on: the day of the rule that is cancelled or moved; None for an added one.
        new_on: the day on which it takes place instead, or in addition; None when cancelled.
        starts_at_local, duration_minutes, place: if other than the series'; None means as ever.
        reason: for everybody to read.
    """

    kind: str
    on: date | None = None
    new_on: date | None = None
    starts_at_local: time | None = None
    duration_minutes: int | None = None
    place: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Closure:
    """A place that is closed, or a series that rests, from the first to the last day, both included."""

    first_on: date
    last_on: date
    reason: str = ""

    def holds(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.first_on <= day <= self.last_on


@dataclass(frozen=True, slots=True)
class Series:
    """A rule and all that touches its dates.

    Attributes:
        id: of the stored series.
        rule: when, as a rule.
        format: ``in_person``, ``online`` or ``hybrid``.
        place: id of the place; None online.
        changes: decided for single dates; at most one for each date of the rule.
        breaks: when the series rests.
        closures: place → when it is closed, by itself, its building or its house.
        free_days: the days on which the rule rests; only those that it asks for.
        online_link: of the meeting; ``shows_link`` whether everybody may know it.
    """

    id: int
    rule: Rule
    format: str = IN_PERSON
    place: int | None = None
    changes: tuple[Change, ...] = ()
    breaks: tuple[Closure, ...] = ()
    closures: Mapping[int, tuple[Closure, ...]] = field(default_factory=dict)
    free_days: Mapping[date, FreeDay] = field(default_factory=dict)
    online_link: str = ""
    shows_link: bool = False


@dataclass(frozen=True, slots=True)
class Meeting:
    """One date as people should know it.

    Attributes:
        starts_at, ends_at: aware, in the zone of the rule.
        on: the day by which the series knows it; the new day of an added one.
        cause: why it does not take place: ``cancelled``, ``break``, ``place_closed``, ``public`` or ``school``
            holidays; empty when it takes place.
        note: the reason given; for a holiday its names are in ``holiday``.
        moved_from: when it would have begun; None unless moved.
        is_added: whether the rule does not know it.
        is_online_instead: whether a hybrid meeting takes place online only, because its place is closed.
    """

    starts_at: datetime
    ends_at: datetime
    series_id: int
    on: date
    format: str
    place: int | None
    cause: str = ""
    note: str = ""
    holiday: Mapping[str, str] = field(default_factory=dict)
    moved_from: datetime | None = None
    is_added: bool = False
    is_online_instead: bool = False

    @property
    def is_cancelled(self) -> bool:
        """Whether nobody meets."""
        return bool(self.cause)


def meetings(series: Iterable[Series], *, start: datetime, end: datetime) -> list[Meeting]:
    """Answer every date that starts in [start, end), also those that do not take place; earliest first.

    A moved date stands where it was moved to, and only there.
    """
    found = [each for one in series for each in _meetings_of(one, start, end)]
    return sorted(found, key=lambda each: (each.starts_at, each.series_id))


def next_meetings(series: Iterable[Series], *, now: datetime, count: int) -> list[Meeting]:
    """Answer the next dates from now on until ``count`` of them take place; those that do not are among them.

    Looks 800 days ahead; cancelled ones after the last that takes place are left out, unless none does.
    """
    found: list[Meeting] = []
    taking_place = 0
    for meeting in merge(*(_from(one, now) for one in series), key=lambda each: each.starts_at):
        found.append(meeting)
        taking_place += not meeting.is_cancelled
        if taking_place == count:
            return found
    while taking_place and found and found[-1].is_cancelled:
        found.pop()
    return found if taking_place else found[: 10 * count]


def _from(series: Series, now: datetime) -> Iterator[Meeting]:
    """Yield the dates of a series from now on, a growing window at a time."""
    start, width = now.astimezone(UTC), timedelta(days=40)
    end = start + FARTHEST_AHEAD
    while start < end:
        until = min(start + width, end)
        yield from sorted(_meetings_of(series, start, until), key=lambda each: each.starts_at)
        start, width = until, width * 3


def _meetings_of(series: Series, start: datetime, end: datetime) -> Iterator[Meeting]:
    by_day = {change.on: change for change in series.changes if change.on is not None}
    for occurrence in spans(series.rule, start=start, end=end):
        change = by_day.get(occurrence.on)
        if change is None or change.kind == CANCELLED:
            yield _regular(series, occurrence, change)
    for change in series.changes:
        meeting = _changed(series, change)
        if meeting is not None and start <= meeting.starts_at.astimezone(UTC) < end:
            yield meeting


def _regular(series: Series, occurrence: Occurrence, change: Change | None) -> Meeting:
    """Answer a date of the rule, which may have been cancelled."""
    cause, note, holiday = _fate(series, occurrence.on, change)
    is_closed = cause == PLACE_CLOSED
    online_instead = is_closed and series.format == HYBRID
    return Meeting(
        occurrence.starts_at,
        occurrence.ends_at,
        series.id,
        occurrence.on,
        ONLINE if online_instead else series.format,
        series.place,
        cause="" if online_instead else cause,
        note=note,
        holiday=holiday,
        is_online_instead=online_instead,
    )


def _changed(series: Series, change: Change) -> Meeting | None:
    """Answer where a moved or added date stands; None when nothing was moved, or the rule no longer knows the date."""
    if change.new_on is None:
        return None
    moved_from = None
    if change.kind == MOVED:
        if change.on is None or not takes_place_on(series.rule, change.on):
            return None
        moved_from = occurrence_on(series.rule, change.on).starts_at
    span = occurrence_on(
        series.rule,
        change.new_on,
        starts_at_local=change.starts_at_local,
        duration_minutes=change.duration_minutes,
    )
    place = series.place if change.place is None else change.place
    closed = _closed(series, place, change.new_on)
    online_instead = closed is not None and series.format == HYBRID
    return Meeting(
        span.starts_at,
        span.ends_at,
        series.id,
        change.new_on if change.on is None else change.on,
        ONLINE if online_instead else series.format,
        place,
        cause="" if closed is None or online_instead else PLACE_CLOSED,
        note=change.reason if closed is None else closed.reason,
        moved_from=moved_from,
        is_added=change.kind == ADDED,
        is_online_instead=online_instead,
    )


def _fate(series: Series, day: date, change: Change | None) -> tuple[str, str, Mapping[str, str]]:
    """Answer why a date of the rule does not take place as usual (else empty): cause, reason, names of a holiday."""
    if change is not None:
        return change.kind, change.reason, {}
    for each in series.breaks:
        if each.holds(day):
            return BREAK, each.reason, {}
    free = series.free_days.get(day)
    if free is not None:
        return free.kind, "", free.names
    closed = _closed(series, series.place, day)
    return ("", "", {}) if closed is None else (PLACE_CLOSED, closed.reason, {})


def _closed(series: Series, place: int | None, day: date) -> Closure | None:
    """Answer the closure of a place on a day; an online meeting has no place to be closed."""
    if place is None or series.format == ONLINE:
        return None
    return next((each for each in series.closures.get(place, ()) if each.holds(day)), None)


def days_off(series: Series, *, first: date, last: date) -> list[date]:
    """Answer the rule's days in [first, last] on which nobody meets as usual (cancelled or moved), ascending."""
    touched = {change.on for change in series.changes if change.on is not None and first <= change.on <= last}
    touched |= {day for day in series.free_days if first <= day <= last}
    is_there = series.place is not None and series.format == IN_PERSON
    closures = series.closures.get(series.place or 0, ()) if is_there else ()
    for each in (*series.breaks, *closures):
        day = max(first, each.first_on)
        while day <= min(last, each.last_on):
            touched.add(day)
            day += timedelta(days=1)
    return sorted(day for day in touched if takes_place_on(series.rule, day))


def extra_dates(series: Series) -> list[Meeting]:
    """Answer the moved and added dates that take place, wherever they were moved to."""
    found = (_changed(series, change) for change in series.changes)
    return [meeting for meeting in found if meeting is not None and not meeting.is_cancelled]


def known_dates(series: Series, *, first: date, last: date) -> Iterator[Meeting]:
    """Yield the rule's dates in [first, last], and whatever was decided for single dates, wherever they lie.

    A date that was moved stands only where it was moved to.
    """
    by_day = {change.on: change for change in series.changes if change.on is not None}
    beyond = sorted(day for day in by_day if day > last and takes_place_on(series.rule, day))
    for day in (*rule_days(series.rule, first=first, last=last), *beyond):
        change = by_day.get(day)
        if change is None or change.kind == CANCELLED:
            yield _regular(series, occurrence_on(series.rule, day), change)
    for change in series.changes:
        meeting = _changed(series, change)
        if meeting is not None:
            yield meeting


def rule_days(rule: Rule, *, first: date, last: date) -> list[date]:
    """Answer the rule's own days in [first, last]."""
    found = []
    for day in days(rule, since=first):
        if day > last:
            break
        found.append(day)
    return found


def wall_start(meeting: Meeting, zone: ZoneInfo) -> tuple[date, int]:
    """Answer day and minute of the day at which a meeting begins by the clocks of a zone."""
    local = meeting.starts_at.astimezone(zone)
    return local.date(), local.hour * 60 + local.minute


def is_plain(series: Series) -> bool:
    """Whether every date of the rule takes place as it says; unknown for one that rests on holidays not known yet."""
    has_closures = series.place is not None and bool(series.closures.get(series.place))
    rests = series.rule.skips_public_holidays or series.rule.skips_school_holidays
    return not (rests or series.changes or series.breaks or series.free_days or has_closures)


def merged_closures(closures: Iterable[Closure]) -> tuple[Closure, ...]:
    """Answer closures in the order of their first day."""
    return tuple(sorted(closures, key=lambda each: (each.first_on, each.last_on)))
