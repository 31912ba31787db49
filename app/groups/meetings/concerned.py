"""Whom a closure concerns: the groups that would meet in what is closed, or have reserved it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.models import RoleGrant, User
from app.groups.meetings.closures import Owner, places_closed_with, series_concerned
from app.groups.meetings.schedules import Schedule, schedules_of
from app.groups.models import Group
from app.groups.reservations import Reservation, list_reservations
from app.groups.rules.schedule import ONLINE, Meeting, meetings
from app.groups.search_index import group_columns

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Concerned:
    """A group that would meet in a closed place or has reserved one, and when."""

    group_id: int
    slug: str
    name: str
    house_id: int
    contact_email: str
    meetings: tuple[Meeting, ...]
    reservations: tuple[Reservation, ...] = ()


def list_concerned(
    session: Session, owner: Owner, *, first_on: date, last_on: date, now: datetime
) -> list[Concerned]:
    """Answer the groups with a date to come, or a reservation, in a place of the owner as things stand, by name."""
    if last_on < first_on:
        return []
    group_ids = {group_id for _series_id, group_id in series_concerned(session, owner)}
    reserved: defaultdict[int, list[Reservation]] = defaultdict(list)
    for each in list_reservations(session, owner, first_on=first_on, last_on=last_on, now=now):
        reserved[each.group_id].append(each)
    group_ids |= reserved.keys()
    if not group_ids:
        return []
    places = set(places_closed_with(session, owner))
    rows = session.execute(
        group_columns("contact_email").where(Group.id.in_(group_ids)).order_by(Group.name, Group.id)
    ).all()
    addresses = _addresses(session, [row.id for row in rows if not row.contact_email])
    schedules = schedules_of(session, rows, span=(first_on - A_DAY, last_on + A_DAY))
    found = []
    for row in rows:
        dates = _dates_in(schedules[row.id], places, first_on=first_on, last_on=last_on, now=now)
        if dates or reserved[row.id]:
            address = row.contact_email or addresses.get(row.id, "")
            concerned = Concerned(row.id, row.slug, row.name, row.clearinghouse_id, address, dates)
            found.append(replace(concerned, reservations=tuple(reserved[row.id])))
    return found


def _dates_in(
    schedule: Schedule, places: set[int], *, first_on: date, last_on: date, now: datetime
) -> tuple[Meeting, ...]:
    """Answer the dates to come that take place in one of the places on these days."""
    start = datetime.combine(first_on - A_DAY, time(0), tzinfo=UTC)
    end = datetime.combine(last_on + 2 * A_DAY, time(0), tzinfo=UTC)
    return tuple(
        meeting
        for meeting in meetings(schedule.series, start=max(start, now), end=end)
        if meeting.place in places
        and first_on <= meeting.starts_at.date() <= last_on
        and not meeting.is_cancelled
        and meeting.format != ONLINE
    )


def _addresses(session: Session, group_ids: list[int]) -> dict[int, str]:
    """Answer for groups that gave no address the one with which a contact signs in, if there is such."""
    rows = session.execute(
        sa.select(RoleGrant.group_id, sa.func.min(User.email))
        .join(User, User.id == RoleGrant.user_id)
        .where(RoleGrant.group_id.in_(group_ids), User.is_active)
        .group_by(RoleGrant.group_id)
    )
    return {group_id: email for group_id, email in rows if group_id is not None}
