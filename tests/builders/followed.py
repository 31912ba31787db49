"""Groups whose contacts are reminded and whose dates are watched, for tests."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.groups.meetings.links import meeting_token
from app.groups.meetings.own_groups import list_own_groups
from app.groups.meetings.reminders import set_reminders
from app.groups.meetings.schedules import around, day_of
from app.groups.meetings.watching import ask_to_watch, confirm_watch
from app.groups.models import MeetingSeries, MeetingWatch
from app.groups.queries import get_group_page
from app.groups.rules.schedule import next_meetings
from app.shared.transactions import transaction
from tests.builders.groups import NOW, make_contact, make_group, make_rule

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.groups.meetings.own_groups import OwnGroup
    from app.groups.rules.schedule import Meeting

CONTACT = "petra@muster.example"
WATCHER = "jo@leise.example"


def make_followed_group(
    session: Session, *, now: datetime = NOW, hours: int | None = 24, days_ahead: int = 1, **given: Any
) -> int:
    """Store a group that meets every week, next at noon after so many days, and whose contact is reminded."""
    on = day_of(now) + timedelta(days=days_ahead)
    rule = make_rule(weekday=on.isoweekday(), starts_at_local=time(12), first_on=on - timedelta(days=400))
    usual = {"series": [rule], "contact": make_contact(name="Petra Muster", email=CONTACT)}
    group_id = make_group(session, now=now - timedelta(days=30), **{**usual, **given})
    set_reminders(session, group_id, hours=hours, after_break=True, now=NOW)
    session.commit()
    return group_id


def own_group(session: Session, group_id: int, *, now: datetime = NOW) -> OwnGroup:
    """Answer the group as its contact knows it."""
    (found,) = list_own_groups(session, [group_id], span=around(day_of(now)))
    return found


def next_meeting(session: Session, group_id: int, *, now: datetime = NOW) -> Meeting:
    """Answer the next date, whether or not it takes place."""
    return next_meetings(own_group(session, group_id, now=now).schedule.series, now=now, count=1)[0]


def token_of(session: Session, group_id: int, *, now: datetime = NOW) -> str:
    """Answer the token of the next meeting."""
    return meeting_token(own_group(session, group_id, now=now), next_meeting(session, group_id, now=now))


def series_of(session: Session, group_id: int) -> int:
    """Answer the id of the group's series."""
    return session.scalars(sa.select(MeetingSeries.id).where(MeetingSeries.group_id == group_id)).one()


def make_watcher(
    session: Session, slug: str, *, email: str = WATCHER, language: str = "de", now: datetime = NOW
) -> int:
    """Store somebody who watches a group and has confirmed it; answer the id."""
    with transaction(session) as writing:
        page = get_group_page(writing, slug, now=now)
        ask_to_watch(writing, page.card, email, language=language, now=now)
        watch_id = writing.scalars(sa.select(MeetingWatch.id).where(MeetingWatch.email == email)).one()
        confirm_watch(writing, watch_id, now=now)
    return watch_id
