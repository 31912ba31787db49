"""The dates of a group as anybody may know them: what is closed, where it meets and by which link, as disclosed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.groups.meetings.schedules import Schedule, Stored
from app.groups.rules.calendar_entries import Entry, Wanted, entries
from app.groups.rules.listing import (
    DisclosedPlace,
    TruePlace,
    Where,
    disclosed_meeting,
    disclosed_place,
    disclosed_where,
    disclosure_now,
)
from app.groups.rules.schedule import Meeting, meetings, next_meetings

if TYPE_CHECKING:
    from sqlalchemy.engine import Row

NOWHERE = Where()


@dataclass(frozen=True, slots=True)
class ShownSchedule:
    """What of a schedule leaves the package; ``places`` are those that may be known, by id."""

    stored: tuple[Stored, ...]
    disclosure: str
    places: Mapping[int, DisclosedPlace]

    def between(self, start: datetime, end: datetime) -> list[Meeting]:
        """Answer every date that starts in [start, end), also those that do not take place."""
        found = meetings((each.series for each in self.stored), start=start, end=end)
        return [disclosed_meeting(meeting, disclosure=self.disclosure) for meeting in found]

    def upcoming(self, *, now: datetime, count: int) -> list[Meeting]:
        """Answer the next dates until ``count`` of them take place."""
        found = next_meetings([each.series for each in self.stored], now=now, count=count)
        return [disclosed_meeting(meeting, disclosure=self.disclosure) for meeting in found]

    def entries(self, wanted: Wanted) -> list[tuple[Stored, Entry]]:
        """Answer the entries of a calendar file, each with its series."""
        return [
            (each, replace(entry, meeting=disclosed_meeting(entry.meeting, disclosure=self.disclosure)))
            for each in self.stored
            for entry in entries(each.series, wanted)
        ]

    def where(self, meeting: Meeting) -> Where:
        """Answer where one of its meetings takes place."""
        stored = next((each for each in self.stored if each.series.id == meeting.series_id), None)
        if stored is None:
            return NOWHERE
        is_usual = meeting.place == stored.series.place
        return disclosed_where(
            format_=meeting.format,
            place=self.places.get(meeting.place) if meeting.place else None,
            hint=stored.where_note if is_usual else "",
            link=stored.series.online_link,
            shows_link=stored.series.shows_link,
        )


def disclose_schedule(group: Row[Any], schedule: Schedule, *, is_listed: bool = True) -> ShownSchedule:
    """Answer the dates of a group (a row of ``search_index.group_columns``) as anybody may know them.

    Of one that is not listed any more that is when it met, not where, nor by which link.
    """
    disclosure = disclosure_now(group.disclosure, is_listed=is_listed)
    places = {}
    for place_id in _places_of(schedule):
        row = schedule.places[place_id]
        shown = disclosed_place(
            disclosure=disclosure,
            place=TruePlace(
                row.name,
                row.street,
                row.postcode,
                row.town,
                row.latitude,
                row.longitude,
                row.point_quality in {"postcode", "town"},
            ),
            house_latitude=group.house_latitude,
            house_longitude=group.house_longitude,
        )
        if shown is not None:
            places[place_id] = shown
    stored = tuple(
        each
        if each.series.shows_link and is_listed
        else replace(each, series=replace(each.series, online_link=""))
        for each in schedule.stored
    )
    return ShownSchedule(stored, disclosure, places)


def _places_of(schedule: Schedule) -> set[int]:
    """Answer the places of one group's dates; the schedules of several groups know those of all of them."""
    named = {series.place for series in schedule.series}
    named |= {change.place for series in schedule.series for change in series.changes}
    return {place_id for place_id in named if place_id is not None and place_id in schedule.places}
