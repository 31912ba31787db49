"""What can be done to the dates of a group: series begin, change and end; single dates are cancelled, moved, added.

Every change makes the revision of its series grow, so that calendars learn of it, and is in the finder at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import sqlalchemy as sa
from flask_babel import gettext as _

from app.groups.drafts import PlaceDraft, SeriesDraft
from app.groups.meetings.checks import check_duration, check_series, clean_reason
from app.groups.meetings.schedules import day_of, rule_columns, rule_of
from app.groups.models import Group, MeetingChange, MeetingPlace, MeetingSeries
from app.groups.rules.recurrence import takes_place_on
from app.groups.rules.schedule import ADDED, CANCELLED, MOVED, ONLINE
from app.groups.search_index import index_groups
from app.groups.services import store_place
from app.shared.errors import NotFound, RuleBroken
from app.shared.history import note

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MOST_CHANGES = 400
"""Changes of one series that may lie ahead; whoever needs more has another rule."""
FARTHEST_AHEAD = timedelta(days=750)


def add_series(session: Session, group_id: int, draft: SeriesDraft, *, now: datetime) -> int:
    """Store a series of a group and make it findable; answer its id.

    Raises:
        NotFound: there is no such group.
        RuleBroken: the series cannot take place; ``field`` says what must change.
    """
    group = lock_group(session, group_id)
    check_series(draft, group=group)
    columns = _columns(session, draft, now=now)
    series = MeetingSeries(uid=str(uuid4()), group_id=group_id, revision=0, changed_at=now, **columns)
    session.add(series)
    session.flush()
    _tell(session, group, "series.added", series.id, now=now)
    return series.id


def change_series(session: Session, series_id: int, draft: SeriesDraft, *, now: datetime) -> None:
    """Afterwards the series is as drafted; changes that say nothing beside its rule are gone.

    Those are changes of dates that it no longer has, and added dates that it now has anyway.

    Raises:
        NotFound, RuleBroken: as ``add_series``.
    """
    series = get_series(session, series_id)
    group = lock_group(session, series.group_id)
    check_series(draft, group=group)
    for name, value in _columns(session, draft, now=now).items():
        setattr(series, name, value)
    rule = rule_of(series)
    changes = _changes(session, series_id)
    decided = {change.on_day for change in changes}
    for change in changes:
        day = change.on_day or change.new_on
        is_of_rule = day is not None and takes_place_on(rule, day)
        is_there_anyway = change.starts_at_local == rule.starts_at_local and day not in decided
        if (is_of_rule and is_there_anyway) if change.kind == ADDED else not is_of_rule:
            session.delete(change)
    _touch(series, now)
    _tell(session, group, "series.changed", series_id, now=now)


def meet_at(session: Session, series_id: int, place_id: int, *, where_note: str, now: datetime) -> bool:
    """Afterwards the series meets at this place, with this hint; answer whether it did not until now.

    Its rhythm stays, and so does every date that was moved to a place of its own.

    Raises:
        NotFound: there is no such series.
        RuleBroken: there is no such place, the series meets online, or the hint is too long.
    """
    series = get_series(session, series_id)
    if (series.place_id, series.where_note) == (place_id, where_note):
        return False
    draft = SeriesDraft(
        rule_of(series), series.format, None, place_id, where_note, series.online_link, series.shows_link
    )
    if draft.format == ONLINE:
        raise RuleBroken(_("This series meets online and has no place."), field="format")
    change_series(session, series_id, draft, now=now)
    return True


def end_series(session: Session, series_id: int, *, now: datetime) -> None:
    """Afterwards the series has no date from today on; its past stays, unless it had none."""
    series = get_series(session, series_id)
    group = lock_group(session, series.group_id)
    yesterday = day_of(now) - timedelta(days=1)
    if series.first_on > yesterday:
        session.delete(series)
    else:
        series.until_on = yesterday if series.until_on is None else min(series.until_on, yesterday)
        for change in _changes(session, series_id):
            if (change.new_on or date.min) > yesterday or (change.on_day or date.min) > yesterday:
                _forget(session, change, yesterday)
        _touch(series, now)
    _tell(session, group, "series.ended", series_id, now=now)


def _forget(session: Session, change: MeetingChange, yesterday: date) -> None:
    """Afterwards the change is gone; but a past date that was to be made up for did not take place."""
    if change.on_day is not None and change.on_day <= yesterday:
        _cancel(change, change.reason)
    else:
        session.delete(change)


def _cancel(change: MeetingChange, reason: str) -> None:
    change.kind, change.reason = CANCELLED, reason
    change.new_on = change.starts_at_local = change.duration_minutes = change.place_id = None


def cancel_date(session: Session, series_id: int, on: date, *, reason: str = "", now: datetime) -> None:
    """Afterwards the date does not take place, and everybody may read why. Doing it twice is doing it once.

    Raises:
        NotFound: the series has no such date.
    """
    reason = clean_reason(reason)

    _decide(session, series_id, on, lambda change: _cancel(change, reason), now=now)


def move_date(
    session: Session,
    series_id: int,
    on: date,
    *,
    new_on: date,
    starts_at_local: time | None = None,
    duration_minutes: int | None = None,
    place: PlaceDraft | None = None,
    place_id: int | None = None,
    reason: str = "",
    now: datetime,
) -> None:
    """Afterwards the date takes place at another time or place; what is not given stays as ever.

    Raises:
        NotFound: the series has no such date.
        RuleBroken: it was moved into the past or too far ahead, or lasts no minute or more than a day.
    """
    reason = clean_reason(reason)
    _check_new_day(new_on, now=now)
    check_duration(duration_minutes)
    there = _place_id(session, place, place_id, now=now)

    def move(change: MeetingChange) -> None:
        change.kind, change.reason, change.new_on = MOVED, reason, new_on
        change.starts_at_local, change.duration_minutes = starts_at_local, duration_minutes
        change.place_id = there

    _decide(session, series_id, on, move, now=now)


def add_date(
    session: Session,
    series_id: int,
    new_on: date,
    *,
    starts_at_local: time | None = None,
    duration_minutes: int | None = None,
    place: PlaceDraft | None = None,
    place_id: int | None = None,
    reason: str = "",
    now: datetime,
) -> None:
    """Afterwards the series takes place on one more day. Doing it twice is doing it once.

    Raises:
        RuleBroken: the day lies in the past or too far ahead, the series meets then anyway, or it lasts no minute or
            more than a day.
    """
    reason = clean_reason(reason)
    _check_new_day(new_on, now=now)
    check_duration(duration_minutes)
    series = get_series(session, series_id)
    group = lock_group(session, series.group_id)
    clock = starts_at_local or series.starts_at_local
    changes = _changes(session, series_id)
    decided = {change.on_day for change in changes}
    if clock == series.starts_at_local and new_on not in decided and takes_place_on(rule_of(series), new_on):
        raise RuleBroken(
            _("The group meets on this day anyway. Please choose another day or time."), field="new_on"
        )
    if any(
        change.kind == ADDED and (change.new_on, change.starts_at_local) == (new_on, clock)
        for change in changes
    ):
        return
    session.add(
        MeetingChange(
            series_id=series_id,
            kind=ADDED,
            new_on=new_on,
            starts_at_local=clock,
            duration_minutes=duration_minutes,
            place_id=_place_id(session, place, place_id, now=now),
            reason=reason,
            created_at=now,
        )
    )
    _refuse_too_many(session, series_id, now=now)
    _touch(series, now)
    _tell(session, group, "meeting.added", series_id, now=now, day=new_on.isoformat())


def undo_change(session: Session, series_id: int, on: date, *, now: datetime) -> None:
    """Afterwards the date of the rule, or the added day, is as if nothing had been decided for it."""
    series = get_series(session, series_id)
    group = lock_group(session, series.group_id)
    chosen = sa.or_(
        MeetingChange.on_day == on, sa.and_(MeetingChange.kind == ADDED, MeetingChange.new_on == on)
    )
    gone = session.execute(
        sa.delete(MeetingChange)
        .where(MeetingChange.series_id == series_id, chosen)
        .returning(MeetingChange.id)
    ).all()
    if gone:
        _touch(series, now)
        _tell(session, group, "meeting.undone", series_id, now=now, day=on.isoformat())


def get_series(session: Session, series_id: int) -> MeetingSeries:
    """Answer a series, it and its group kept from others who would change them until the transaction ends.

    Raises:
        NotFound: there is none.
    """
    group_id = session.scalar(sa.select(MeetingSeries.group_id).where(MeetingSeries.id == series_id))
    series = None
    if group_id is not None:
        lock_group(session, group_id)  # first, as whoever closes it does: or two would wait for each other
        series = session.get(MeetingSeries, series_id, with_for_update=True, populate_existing=True)
    if series is None:
        raise NotFound(_("There is no such series of meetings any more."), code="unknown_series")
    return series


def lock_group(session: Session, group_id: int) -> Group:
    """Answer the group, kept from others who would change it until the transaction ends.

    Raises:
        NotFound: there is no such group.
    """
    group = session.get(Group, group_id, with_for_update={"key_share": True})
    if group is None:
        raise NotFound(_("There is no such group."), code="unknown_group")
    return group


def touch_series(session: Session, series_ids: list[int], *, now: datetime) -> None:
    """Afterwards calendars will see that these series have changed."""
    if series_ids:
        session.execute(
            sa.update(MeetingSeries)
            .where(MeetingSeries.id.in_(series_ids))
            .values(revision=MeetingSeries.revision + 1, changed_at=now)
        )


def _decide(
    session: Session, series_id: int, on: date, decide: Callable[[MeetingChange], None], *, now: datetime
) -> None:
    """Write the decision for one date of the rule in place of an earlier one."""
    series = get_series(session, series_id)
    group = lock_group(session, series.group_id)
    if not takes_place_on(rule_of(series), on):
        raise NotFound(_("The group has no meeting on this day."), code="unknown_date")
    change = session.scalar(
        sa.select(MeetingChange).where(MeetingChange.series_id == series_id, MeetingChange.on_day == on)
    )
    if change is None:
        change = MeetingChange(series_id=series_id, on_day=on, created_at=now)
        session.add(change)
    decide(change)
    _refuse_too_many(session, series_id, now=now)
    _touch(series, now)
    action = "meeting.cancelled" if change.kind == CANCELLED else "meeting.moved"
    _tell(session, group, action, series_id, now=now, day=on.isoformat())


def _refuse_too_many(session: Session, series_id: int, *, now: datetime) -> None:
    session.flush()
    ahead = sa.or_(MeetingChange.on_day >= day_of(now), MeetingChange.new_on >= day_of(now))
    wanted = sa.select(sa.func.count()).select_from(MeetingChange)
    if (session.scalar(wanted.where(MeetingChange.series_id == series_id, ahead)) or 0) > MOST_CHANGES:
        raise RuleBroken(
            _("So many single changes are hard to follow. Please change the rhythm of the series instead."),
            field="on",
        )


def _check_new_day(day: date, *, now: datetime) -> None:
    today = day_of(now)
    if day < today:
        raise RuleBroken(_("This day is over. Please choose one that is still to come."), field="new_on")
    if day > today + FARTHEST_AHEAD:
        raise RuleBroken(_("Please choose a day within the next two years."), field="new_on")


def _changes(session: Session, series_id: int) -> list[MeetingChange]:
    return list(session.scalars(sa.select(MeetingChange).where(MeetingChange.series_id == series_id)))


def _columns(session: Session, draft: SeriesDraft, *, now: datetime) -> dict[str, Any]:
    is_online = draft.format == ONLINE
    return {
        **rule_columns(replace(draft.rule, weekdays=tuple(sorted(set(draft.rule.weekdays))))),
        "format": draft.format,
        "place_id": None if is_online else _place_id(session, draft.place, draft.place_id, now=now),
        "where_note": "" if is_online else draft.where_note.strip(),
        "online_link": "" if draft.format == "in_person" else draft.online_link.strip(),
        "shows_link": draft.shows_link and draft.format != "in_person",
    }


def _place_id(
    session: Session, place: PlaceDraft | None, place_id: int | None, *, now: datetime
) -> int | None:
    """Answer the place named by its id or its address; None for where the group meets anyway."""
    if place is not None:
        return store_place(session, place, now=now)
    if place_id is not None and session.get(MeetingPlace, place_id) is None:
        raise RuleBroken(_("There is no such meeting place."), code="unknown_place", field="place")
    return place_id


def _touch(series: MeetingSeries, now: datetime) -> None:
    series.revision += 1
    series.changed_at = now


def _tell(
    session: Session, group: Group, action: str, series_id: int, *, now: datetime, **facts: str
) -> None:
    """Make the change true in the finder, the group's page newer for caches, and write down what was done."""
    group.updated_at = now
    note(
        session,
        action,
        now=now,
        record_id=series_id,
        group_id=group.id,
        clearinghouse_id=group.clearinghouse_id,
        **facts,
    )
    session.flush()
    index_groups(session, [group.id], today=day_of(now))
