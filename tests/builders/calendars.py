"""Calendar files of single series, made without an application."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from app.groups.meetings.calendar_file import calendar_file
from app.groups.meetings.calendar_groups import CalendarGroup
from app.groups.meetings.schedules import Stored
from app.groups.meetings.shown import ShownSchedule
from app.groups.rules.calendar_entries import Wanted
from app.groups.rules.listing import DisclosedPlace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.groups.rules.schedule import Series

CHANGED_AT = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
GROUPS_URL = "https://wirkreis.example/groups"
TEN_YEARS = Wanted(date(2026, 1, 1), date(2035, 12, 31))


def file_of(
    *series: Series,
    wanted: Wanted = TEN_YEARS,
    name: str = "Lichtblick",
    disclosure: str = "exact",
    places: Mapping[int, DisclosedPlace] | None = None,
    where_note: str = "",
) -> bytes:
    """Answer the calendar of a group with these series."""
    stored = tuple(Stored(each, f"uid-{each.id}", 3, CHANGED_AT, where_note) for each in series)
    group = CalendarGroup("lichtblick", name, (), ShownSchedule(stored, disclosure, places or {}), CHANGED_AT)
    file = calendar_file([group], wanted, name=name, url=f"{GROUPS_URL}/lichtblick", groups_url=GROUPS_URL)
    return file.content
