"""The true meetings of groups: stored series with their changes, breaks, closed places and holidays.

Everything that shows, finds or exports dates reads them here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app.groups.meetings.resting_days import RestingDays
from app.groups.models import Closure, MeetingChange, MeetingPlace, MeetingSeries
from app.groups.rules import schedule
from app.groups.rules.recurrence import Rule
from app.groups.rules.schedule import Series

if TYPE_CHECKING:
    from sqlalchemy.engine import Row
    from sqlalchemy.orm import Session

    from app.places.rules.free_days import FreeDay

LOOK_BACK = timedelta(days=40)
LOOK_AHEAD = timedelta(days=830)
"""A little more than the finder's index looks ahead, and a next meeting is looked for."""
Span = tuple[date, date]
"""First and last day for which closures and holidays are known."""
WALL_CLOCK = ZoneInfo("Europe/Berlin")

_SERIES, _CHANGE, _PLACE, _CLOSURE = (
    model.__table__ for model in (MeetingSeries, MeetingChange, MeetingPlace, Closure)
)
_IDS: sa.BindParameter[int] = sa.bindparam("ids", expanding=True)
_SERIES_ROWS = (
    sa.select(*_SERIES.c).where(_SERIES.c.group_id.in_(_IDS)).order_by(_SERIES.c.group_id, _SERIES.c.id)
)
_CHANGE_ROWS = (
    sa.select(*_CHANGE.c)
    .join(_SERIES, _SERIES.c.id == _CHANGE.c.series_id)
    .where(_SERIES.c.group_id.in_(_IDS))
    .order_by(_CHANGE.c.id)
)
_PLACE_ROWS = sa.select(*_PLACE.c).where(_PLACE.c.id.in_(_IDS))


def day_of(now: datetime) -> date:
    """Answer today's date by the clocks in Germany."""
    return now.astimezone(WALL_CLOCK).date()


class GroupRow(Protocol):
    """What of a group decides where and when it meets (a row of ``search_index.group_columns``)."""

    id: int
    format: str
    place_id: int | None
    house_postcode: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A series as it is stored, beside what the rules need of it."""

    series: Series
    uid: str
    revision: int
    changed_at: datetime
    where_note: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """All series of a group, and the rows of the places they meet at, which not everybody may know."""

    stored: tuple[Stored, ...] = ()
    places: Mapping[int, Row[Any]] = field(default_factory=dict)

    @property
    def series(self) -> tuple[Series, ...]:
        """The series for the rules."""
        return tuple(each.series for each in self.stored)


def around(today: date) -> Span:
    """Answer the days that matter to whoever asks for the next dates."""
    return today - LOOK_BACK, today + LOOK_AHEAD


def schedules_of(session: Session, groups: Sequence[GroupRow], *, span: Span) -> dict[int, Schedule]:
    """Answer the schedule of each group, true from the first to the last day of ``span``.

    Two to five queries, however many groups.
    """
    first, last = span
    ids = {"ids": [group.id for group in groups]}
    rows = session.execute(_SERIES_ROWS, ids).all() if groups else []
    if not rows:
        return {group.id: Schedule() for group in groups}
    changes: dict[int, list[schedule.Change]] = defaultdict(list)
    for row in session.execute(_CHANGE_ROWS, ids):
        changes[row.series_id].append(_change(row))
    by_id = {group.id: group for group in groups}
    place_ids = {row.place_id or by_id[row.group_id].place_id for row in rows}
    place_ids |= {change.place for each in changes.values() for change in each}
    known = {"ids": sorted(place_id for place_id in place_ids if place_id)}
    places = {row.id: row for row in session.execute(_PLACE_ROWS, known)}
    closed, breaks = _read_closures(session, list(places.values()), group_ids=by_id, since=first)
    resting = RestingDays(session, first=first, last=last)
    found: dict[int, list[Stored]] = defaultdict(list)
    for row in rows:
        group = by_id[row.group_id]
        place_id = row.place_id or group.place_id
        place = places.get(place_id) if place_id else None
        postcode = (
            place.postcode if place is not None and row.format != schedule.ONLINE else group.house_postcode
        )
        found[row.group_id].append(
            _stored(
                row,
                place_id=None if row.format == schedule.ONLINE else place_id,
                changes=tuple(changes[row.id]),
                breaks=breaks.get(row.group_id, ()),
                closed=closed,
                free_days=resting.of(
                    postcode, public=row.skips_public_holidays, school=row.skips_school_holidays
                ),
            )
        )
    return {
        group.id: Schedule(tuple(found[group.id]), _places_of(found[group.id], places)) for group in groups
    }


def _places_of(stored: Iterable[Stored], places: Mapping[int, Row[Any]]) -> dict[int, Row[Any]]:
    """Answer the places at which some series of a group meet."""
    ids = {place for each in stored for place in (each.series.place, *(c.place for c in each.series.changes))}
    return {place_id: places[place_id] for place_id in ids if place_id is not None}


def rule_of(row: Row[Any] | MeetingSeries) -> Rule:
    """Answer the rule of a stored series."""
    return Rule(
        frequency=row.frequency,
        starts_at_local=row.starts_at_local,
        duration_minutes=row.duration_minutes,
        first_on=row.first_on,
        weekdays=tuple(row.weekdays),
        interval=row.interval,
        ordinals=tuple(row.ordinals),
        month_days=tuple(row.month_days),
        dates=tuple(date.fromisoformat(day) for day in row.dates),
        until_on=row.until_on,
        zone=row.zone,
        skips_public_holidays=row.skips_public_holidays,
        skips_school_holidays=row.skips_school_holidays,
    )


def rule_columns(rule: Rule) -> dict[str, Any]:
    """Answer a rule as the columns of a series."""
    return {
        "frequency": rule.frequency,
        "interval": rule.interval,
        "weekdays": sorted(set(rule.weekdays)),
        "ordinals": list(rule.ordinals),
        "month_days": list(rule.month_days),
        "dates": [day.isoformat() for day in sorted(set(rule.dates))],
        "starts_at_local": rule.starts_at_local,
        "duration_minutes": rule.duration_minutes,
        "first_on": rule.first_on,
        "until_on": rule.until_on,
        "zone": rule.zone,
        "skips_public_holidays": rule.skips_public_holidays,
        "skips_school_holidays": rule.skips_school_holidays,
    }


def closures_of_places(
    session: Session, places: Iterable[Row[Any] | MeetingPlace], *, since: date
) -> dict[int, tuple[schedule.Closure, ...]]:
    """Answer when each place is closed, from ``since`` on: by itself, with its building, or with its house."""
    return _read_closures(session, list(places), group_ids=(), since=since)[0]


def _read_closures(
    session: Session, places: list[Row[Any] | MeetingPlace], *, group_ids: Iterable[int], since: date
) -> tuple[dict[int, tuple[schedule.Closure, ...]], dict[int, list[schedule.Closure]]]:
    """Answer the closures of places, and the times in which groups rest."""
    of: dict[str, dict[int, list[schedule.Closure]]] = {
        name: defaultdict(list) for name in ("place_id", "clearinghouse_id", "group_id")
    }
    wanted = {
        "place_id": {place.id for place in places}
        | {place.part_of_id for place in places if place.part_of_id},
        "clearinghouse_id": {place.clearinghouse_id for place in places if place.clearinghouse_id},
        "group_id": set(group_ids),
    }
    conditions = [_CLOSURE.c[name].in_(ids) for name, ids in wanted.items() if ids]
    rows = (
        session.execute(sa.select(_CLOSURE).where(_CLOSURE.c.last_on >= since, sa.or_(*conditions)))
        if conditions
        else ()
    )
    for row in rows:
        name = next(name for name in of if row._mapping[name] is not None)  # noqa: SLF001 - the row's public mapping
        of[name][row._mapping[name]].append(schedule.Closure(row.first_on, row.last_on, row.reason))  # noqa: SLF001
    closed = {}
    for place in places:
        own = [
            *of["place_id"].get(place.id, ()),
            *of["place_id"].get(place.part_of_id or 0, ()),
            *of["clearinghouse_id"].get(place.clearinghouse_id or 0, ()),
        ]
        if own:
            closed[place.id] = schedule.merged_closures(own)
    return closed, of["group_id"]


def _stored(
    row: Row[Any],
    *,
    place_id: int | None,
    changes: tuple[schedule.Change, ...],
    breaks: Iterable[schedule.Closure],
    closed: Mapping[int, tuple[schedule.Closure, ...]],
    free_days: Mapping[date, FreeDay],
) -> Stored:
    there = {place for place in (place_id, *(change.place for change in changes)) if place}
    series = Series(
        id=row.id,
        rule=rule_of(row),
        format=row.format,
        place=place_id,
        changes=changes,
        breaks=schedule.merged_closures(breaks),
        closures={place: closed[place] for place in there if place in closed},
        free_days=free_days,
        online_link=row.online_link,
        shows_link=row.shows_link,
    )
    return Stored(series, row.uid, row.revision, row.changed_at, row.where_note)


def _change(row: Row[Any]) -> schedule.Change:
    return schedule.Change(
        kind=row.kind,
        on=row.on_day,
        new_on=row.new_on,
        starts_at_local=row.starts_at_local,
        duration_minutes=row.duration_minutes,
        place=row.place_id,
        reason=row.reason,
    )
