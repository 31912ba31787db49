"""What a series would be like: its next dates, those that are left out and why, and what else is at the same time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.groups.drafts import SeriesDraft
from app.groups.meetings.managed import (
    DATES_SHOWN,
    Holidays,
    ManagedGroup,
    find_place,
    find_place_at,
    holidays_at,
    postcode_of,
)
from app.groups.meetings.resting_days import RestingDays
from app.groups.meetings.schedules import around, closures_of_places, day_of, schedules_of
from app.groups.models import Group, MeetingChange, MeetingPlace, MeetingSeries
from app.groups.rules.life import LISTED
from app.groups.rules.listing import name_at_the_door
from app.groups.rules.recurrence import Rule, takes_place_on
from app.groups.rules.schedule import ONLINE, Closure, Meeting, Series, meetings, next_meetings
from app.groups.search_index import group_columns

if TYPE_CHECKING:
    from sqlalchemy.engine import Row
    from sqlalchemy.orm import Session

MOST_NEIGHBOURS = 200
"""Groups at one place that are looked at; more share an address only where rooms are not told apart."""
LONGEST_MEETING = timedelta(days=1)
NEW = 0
"""The id of a series that is not stored yet."""


@dataclass(frozen=True, slots=True)
class PreviewDate:
    """A date with what is at the same time: rules of the group's own series, and other groups at the place.

    An empty name stands for a group whose place is not everybody's to know.
    """

    meeting: Meeting
    own: tuple[Rule, ...] = ()
    neighbours: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """A series before it is stored."""

    rule: Rule
    dates: tuple[PreviewDate, ...]
    holidays: Holidays

    @property
    def school_dates_are_known(self) -> bool:
        """Whether the school holidays are known for every date shown."""
        until = self.holidays.school_until
        last = self.dates[-1].meeting.on if self.dates else date.min
        return not self.rule.skips_school_holidays or (until is not None and last <= until)


def preview_series(
    session: Session,
    group: ManagedGroup,
    draft: SeriesDraft,
    *,
    now: datetime,
    replaces: int = NEW,
) -> Preview:
    """Answer what the draft would be like, as a new series or in place of another; nothing is stored."""
    place = _place_of(session, group.row, draft)
    postcode = draft.place.postcode if draft.place else postcode_of(group.row, place, draft.format)
    if draft.format == ONLINE:
        postcode = group.row.house_postcode
    series = _series(session, group, draft, place, postcode=postcode, now=now, replaces=replaces)
    upcoming = next_meetings([series], now=now, count=DATES_SHOWN)
    taking_place = [meeting for meeting in upcoming if not meeting.is_cancelled]
    others = [each.series for each in group.schedule.stored if each.series.id != replaces]
    own = _own_meetings(others, taking_place)
    neighbours = _neighbours(session, group, place, draft.where_note, taking_place, now=now)
    dates = tuple(_preview_date(meeting, own, neighbours) for meeting in upcoming)
    return Preview(draft.rule, dates, holidays_at(session, postcode))


def _place_of(session: Session, group: Row[Any], draft: SeriesDraft) -> MeetingPlace | None:
    """Answer the place of a draft, if it is known already; None online."""
    if draft.format == ONLINE:
        return None
    if draft.place is not None:
        place = draft.place
        return find_place_at(session, place.name, place.street, place.postcode, place.town)
    return find_place(session, draft.place_id or group.place_id)


def _series(
    session: Session,
    group: ManagedGroup,
    draft: SeriesDraft,
    place: MeetingPlace | None,
    *,
    postcode: str,
    now: datetime,
    replaces: int,
) -> Series:
    """Answer the draft as the rules need it, with the changes that its rule still knows."""
    first, last = around(day_of(now))
    rule = draft.rule
    before = group.series(replaces)
    changes = before.series.changes if before else ()
    return Series(
        id=replaces,
        rule=rule,
        format=draft.format,
        place=place.id if place else None,
        changes=tuple(each for each in changes if each.on is None or takes_place_on(rule, each.on)),
        breaks=tuple(Closure(each.first_on, each.last_on, each.reason) for each in group.breaks),
        closures=closures_of_places(session, [place], since=first) if place else {},
        free_days=RestingDays(session, first=first, last=last).of(
            postcode, public=rule.skips_public_holidays, school=rule.skips_school_holidays
        ),
    )


def _own_meetings(others: Sequence[Series], around_these: Sequence[Meeting]) -> list[tuple[Meeting, Rule]]:
    rules = {each.id: each.rule for each in others}
    return [(meeting, rules[meeting.series_id]) for meeting in _meetings_among(others, around_these)]


def _neighbours(
    session: Session,
    group: ManagedGroup,
    place: MeetingPlace | None,
    where_note: str,
    around_these: Sequence[Meeting],
    *,
    now: datetime,
) -> list[tuple[Meeting, str]]:
    """Answer the meetings of other groups at the place, each with the name that may be known; empty: none may."""
    if place is None or not around_these:
        return []
    moved_there = sa.select(MeetingChange.series_id).where(MeetingChange.place_id == place.id)
    there = sa.select(MeetingSeries.group_id).where(
        sa.or_(MeetingSeries.place_id == place.id, MeetingSeries.id.in_(moved_there))
    )
    rows = session.execute(
        group_columns("state")
        .where(
            sa.or_(Group.place_id == place.id, Group.id.in_(there)),
            Group.id != group.row.id,
            Group.format != ONLINE,
        )
        .limit(MOST_NEIGHBOURS)
    ).all()
    found = []
    for row, schedule in zip(
        rows, schedules_of(session, rows, span=around(day_of(now))).values(), strict=True
    ):
        name = name_at_the_door(row.name, is_listed=row.state == LISTED, disclosure=row.disclosure)
        apart = {each.series.id for each in schedule.stored if _in_another_room(each.where_note, where_note)}
        found += [
            (meeting, name)
            for meeting in _meetings_among(schedule.series, around_these)
            if meeting.place == place.id and meeting.format != ONLINE and meeting.series_id not in apart
        ]
    return found


def _in_another_room(note: str, other: str) -> bool:
    """Whether two hints, both given, name different rooms."""
    note, other = note.strip().casefold(), other.strip().casefold()
    return bool(note) and bool(other) and note != other


def _meetings_among(series: Iterable[Series], around_these: Sequence[Meeting]) -> list[Meeting]:
    """Answer the meetings that take place from a day before the first to the last of some dates."""
    if not around_these:
        return []
    start, end = around_these[0].starts_at - LONGEST_MEETING, around_these[-1].ends_at
    found = meetings(series, start=start, end=end)
    return [meeting for meeting in found if not meeting.is_cancelled]


def _preview_date(
    meeting: Meeting, own: Sequence[tuple[Meeting, Rule]], neighbours: Sequence[tuple[Meeting, str]]
) -> PreviewDate:
    if meeting.is_cancelled:
        return PreviewDate(meeting)
    return PreviewDate(
        meeting,
        tuple(dict.fromkeys(rule for other, rule in own if _overlap(meeting, other))),
        tuple(dict.fromkeys(name for other, name in neighbours if _overlap(meeting, other))),
    )


def _overlap(one: Meeting, other: Meeting) -> bool:
    """Whether two meetings share a moment; in UTC, as the clocks of a zone have one hour twice."""
    start, end, other_start, other_end = (
        moment.astimezone(UTC) for moment in (one.starts_at, one.ends_at, other.starts_at, other.ends_at)
    )
    return start < other_end and other_start < end
