"""What comes in between in a demonstration: a cancelled, a moved and an added date, a closed place, a summer break."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.groups.meetings.closures import Owner, close
from app.groups.meetings.schedules import day_of, rule_of
from app.groups.meetings.services import add_date, cancel_date, move_date
from app.groups.models import Group, MeetingSeries
from app.groups.rules.recurrence import days

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CANCELLED, MOVED, CLOSED, RESTING = range(4)
"""Which of the fixed groups, in the order of their making."""


def demo_changes(session: Session, group_ids: list[int], *, now: datetime) -> None:
    """Afterwards the dates of the first groups tell of everything that can come in between; needs four groups."""
    if len(group_ids) <= RESTING:
        return
    cancelled, moved, closed, resting = (_series(session, group_ids[number]) for number in range(RESTING + 1))
    if cancelled:
        cancel_date(
            session,
            cancelled.id,
            _date(cancelled, now, ahead=1),
            reason="Weihnachtsmarkt vor der Tür",
            now=now,
        )
        add_date(
            session,
            cancelled.id,
            day_of(now) + timedelta(days=24),
            starts_at_local=time(15),
            reason="Gemeinsamer Adventskaffee",
            now=now,
        )
    if moved:
        on = _date(moved, now)
        move_date(session, moved.id, on, new_on=on + timedelta(days=1), reason="Der Raum ist belegt", now=now)
    group = session.get(Group, group_ids[CLOSED])
    if closed and group and group.place_id:
        first_on = _date(closed, now)
        owner = Owner(place_id=group.place_id)
        close(
            session,
            owner,
            first_on=first_on,
            last_on=first_on + timedelta(days=9),
            reason="Wasserschaden",
            now=now,
        )
    if resting:
        first_on = date(day_of(now).year + 1, 7, 1)
        owner = Owner(group_id=group_ids[RESTING])
        close(
            session,
            owner,
            first_on=first_on,
            last_on=first_on + timedelta(days=40),
            reason="Sommerpause",
            now=now,
        )


def _series(session: Session, group_id: int) -> MeetingSeries | None:
    return session.scalar(
        sa.select(MeetingSeries).where(MeetingSeries.group_id == group_id).order_by(MeetingSeries.id).limit(1)
    )


def _date(series: MeetingSeries, now: datetime, *, ahead: int = 0) -> date:
    """Answer one of the next dates of a series."""
    upcoming = days(rule_of(series), since=day_of(now) + timedelta(days=2))
    for _ in range(ahead):
        next(upcoming)
    return next(upcoming)
