"""How many meetings a group held in a year, and how many people came on average."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from app.groups.rules.schedule import Meeting

Key = tuple[int, date]
"""A series, and the day by which it knows a meeting."""
MOST_PEOPLE = 1000


class Attendance(NamedTuple):
    """Meetings held; those of them with a number; the average of the numbers, None without any."""

    held: int
    counted: int
    average: float | None


def attendance_in(dates: Iterable[Meeting], counts: Mapping[Key, int]) -> Attendance:
    """Answer the figures of some time.

    Args:
        dates: every date of that time that is over, cancelled ones among them.
        counts: the numbers noted in that time. One for a date that the series no longer knows, because its rhythm has
            changed since, shows that there was a meeting; one for a cancelled date counts for nothing.
    """
    held: set[Key] = set()
    cancelled: set[Key] = set()
    for meeting in dates:
        (cancelled if meeting.is_cancelled else held).add((meeting.series_id, meeting.on))
    held |= counts.keys() - cancelled
    numbers = [counts[key] for key in held if key in counts]
    return Attendance(len(held), len(numbers), sum(numbers) / len(numbers) if numbers else None)
