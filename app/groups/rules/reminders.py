"""When the contact of a group is reminded of a meeting, and which meeting is the first after a break."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.groups.rules.schedule import (
    BREAK,
    PLACE_CLOSED,
    PUBLIC_HOLIDAY,
    SCHOOL_HOLIDAY,
    Meeting,
    Series,
    meetings,
)

REMINDER_HOURS = (24, 48, 72, 168)
"""How long before a meeting a mail may come."""
AFTER_BREAK_HOURS = 72
"""How long before the first meeting after a break one comes at least: some days to ask around and to open the room."""
LONGEST_BREAK = timedelta(days=120)
"""A series is looked at so far back; summer holidays last 45 days, a monthly group misses two dates in them."""
_BREAKS = frozenset({BREAK, PLACE_CLOSED, PUBLIC_HOLIDAY, SCHOOL_HOLIDAY})


@dataclass(frozen=True, slots=True)
class Reminder:
    """A meeting that its group's contact is to be reminded of now."""

    meeting: Meeting
    is_after_break: bool


def due_reminders(
    series: Iterable[Series], *, now: datetime, hours: int | None, after_break: bool
) -> list[Reminder]:
    """Answer the meetings for which a reminder is due, earliest first; the same ones until they begin.

    Args:
        series: of one group, with closures and free days of the last 120 days.
        now: the present moment.
        hours: how long before every meeting; None: before none.
        after_break: whether there is one before the first meeting after a break in any case, 72 hours ahead or more.
    """
    farthest = max(hours or 0, AFTER_BREAK_HOURS if after_break else 0)
    found = []
    for one in series:
        dates = meetings([one], start=now - LONGEST_BREAK, end=now + timedelta(hours=farthest))
        for number, meeting in enumerate(dates):
            ahead = meeting.starts_at.astimezone(UTC) - now.astimezone(UTC)
            if meeting.is_cancelled or ahead < timedelta():
                continue
            is_first = after_break and is_after_break(dates[:number])
            if is_first or (hours is not None and ahead <= timedelta(hours=hours)):
                found.append(Reminder(meeting, is_first))
    return sorted(found, key=lambda each: (each.meeting.starts_at, each.meeting.series_id))


def is_after_break(before: list[Meeting]) -> bool:
    """Whether what came before a meeting, earliest first, ends with a break, a closed place or holidays.

    A single date cancelled by hand is no break, nor does it end one.
    """
    for meeting in reversed(before):
        if not meeting.is_cancelled:
            return False
        if meeting.cause in _BREAKS:
            return True
    return False
