"""What is new about the next meetings of a group for those who asked to be told when one does not take place.

What they know is kept: the dates of the next 14 days as they were told last, and for a series with cancelled ones the
meeting after them, which is named with them. News is what differs from that. A date that comes into sight as the days
pass is no news when it takes place as its series says, nor when it lies in a break whose end was named before, nor on a
holiday that the rhythm itself leaves out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from app.groups.rules.schedule import PUBLIC_HOLIDAY, SCHOOL_HOLIDAY, Meeting, Series, meetings, next_meetings

AHEAD = timedelta(days=14)
"""So far ahead people are told; what changes later than that still may change again."""
LOOK_AHEAD = timedelta(days=60)
"""So far ahead the dates are read, to find where one was moved to."""

OFF = "off"
MOVED = "moved"
BACK = "back"
ADDED = "added"
_HOLIDAYS = frozenset({PUBLIC_HOLIDAY, SCHOOL_HOLIDAY})
Key = tuple[int, date, bool]
"""Series, date, whether it was added: one may be added on the date that another was moved away from."""


@dataclass(frozen=True, slots=True)
class KnownDate:
    """A date as people know it: when, where, and whether anybody meets."""

    starts_at: datetime
    place: int | None
    format: str
    is_cancelled: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What people know: the dates that begin before ``until``, and series → the meeting after cancelled ones."""

    until: datetime
    dates: Mapping[Key, KnownDate] = field(default_factory=dict)
    promised: Mapping[int, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class News:
    """One date: ``off``, ``moved`` (to another time or place), ``back`` (it takes place after all) or ``added``.

    ``starts_at`` is when it was thought to begin, ``meeting`` how it is now; None: the series no longer knows it.
    """

    kind: str
    starts_at: datetime
    meeting: Meeting | None


def known_now(dates: Iterable[Meeting], *, now: datetime, promised: Mapping[int, datetime]) -> Told:
    """Answer what people know once they were told everything, or have read the group's page just now.

    Args:
        dates: of the next 60 days.
        now: the present moment.
        promised: series → the meeting that was named as the next after cancelled ones.
    """
    until = now + AHEAD
    return Told(
        until,
        {
            _key(each): KnownDate(each.starts_at, each.place, each.format, each.is_cancelled)
            for each in dates
            if _utc(each.starts_at) < until
        },
        promised,
    )


def next_after_breaks(series: Iterable[Series], *, now: datetime) -> list[Meeting]:
    """Answer for each series with cancelled dates in sight the first meeting after the last of them, earliest first.

    A series is left out in which nobody meets again within 800 days.
    """
    found = []
    for one in series:
        off = [each for each in meetings([one], start=now, end=now + AHEAD) if each.is_cancelled]
        if off:
            ahead = next_meetings([one], now=off[-1].starts_at, count=1)
            found += [each for each in ahead[-1:] if not each.is_cancelled]
    return sorted(found, key=lambda each: each.starts_at)


def news_since(told: Told, dates: Iterable[Meeting], *, now: datetime) -> list[News]:
    """Answer what people do not know yet of the meetings of the next 14 days, earliest first.

    Added dates are there only beside other news: nobody asked to be told of more meetings.

    Args:
        told: what they know.
        dates: of the next 60 days from now on, all of them, earliest first.
        now: the present moment.
    """
    present = {_key(each): each for each in dates}
    found = [
        News(OFF, known.starts_at, None)
        for key, known in told.dates.items()
        if key not in present and not known.is_cancelled and now <= _utc(known.starts_at) < now + AHEAD
    ]
    for key, meeting in present.items():
        known = told.dates.get(key)
        fresh = _unknown(told, meeting, now) if known is None else _changed(known, meeting, now)
        if fresh is not None:
            found.append(fresh)
    found.sort(key=lambda each: each.starts_at)
    return found if any(each.kind != ADDED for each in found) else []


def _changed(known: KnownDate, meeting: Meeting, now: datetime) -> News | None:
    """Answer what is new about a date that people know."""
    if _utc(known.starts_at) < now and known.is_cancelled:
        return None
    if meeting.is_cancelled:
        is_soon = _utc(known.starts_at) >= now
        return News(OFF, known.starts_at, meeting) if is_soon and not known.is_cancelled else None
    before = (_utc(known.starts_at), known.place, known.format)
    if before != (_utc(meeting.starts_at), meeting.place, meeting.format):
        return News(MOVED, known.starts_at, meeting)
    return News(BACK, known.starts_at, meeting) if known.is_cancelled else None


def _unknown(told: Told, meeting: Meeting, now: datetime) -> News | None:
    """Answer what is new about a date that people were not told of."""
    begins = _utc(meeting.starts_at)
    if begins >= now + AHEAD:
        return None
    if meeting.is_cancelled:
        promised = told.promised.get(meeting.series_id)
        is_expected = meeting.cause in _HOLIDAYS or (promised is not None and begins < _utc(promised))
        return None if is_expected else News(OFF, meeting.starts_at, meeting)
    if meeting.moved_from is not None:
        return News(MOVED, meeting.moved_from, meeting)
    if meeting.is_online_instead:
        return News(MOVED, meeting.starts_at, meeting)
    return News(ADDED, meeting.starts_at, meeting) if begins < _utc(told.until) else None


def as_json(told: Told) -> dict[str, Any]:
    """Answer what is kept of it; moments keep their hour on the wall, by which they are told."""
    return {
        "until": _utc(told.until).isoformat(),
        "dates": [
            [
                series_id,
                on.isoformat(),
                each.starts_at.isoformat(),
                each.place,
                each.format,
                each.is_cancelled,
                is_added,
            ]
            for (series_id, on, is_added), each in told.dates.items()
        ],
        "promised": [[series_id, _utc(moment).isoformat()] for series_id, moment in told.promised.items()],
    }


def from_json(kept: Mapping[str, Any]) -> Told:
    """Answer what was kept; until December 2026 it was not kept which dates were added."""
    return Told(
        datetime.fromisoformat(kept["until"]),
        {
            (series_id, date.fromisoformat(on), any(added)): KnownDate(
                datetime.fromisoformat(starts_at), place, format_, is_cancelled
            )
            for series_id, on, starts_at, place, format_, is_cancelled, *added in kept["dates"]
        },
        {series_id: datetime.fromisoformat(moment) for series_id, moment in kept["promised"]},
    )


def _key(meeting: Meeting) -> Key:
    return meeting.series_id, meeting.on, meeting.is_added


def _utc(moment: datetime) -> datetime:
    """Answer the moment in UTC: Python compares two of one zone by the wall clock, which has an hour twice."""
    return moment.astimezone(UTC)
