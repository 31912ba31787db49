"""Mails to the contacts of groups before their meetings: for whom they are due, and queued once for each meeting.

They go to the address that the group left with its clearing house, whether or not it is shown: that needs no consent
to publication. Before every meeting only if the contact wants it; before the first one after a break unless they do
not.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.groups.meetings.attendance import list_past_meetings
from app.groups.meetings.emails import reminder_mail
from app.groups.meetings.links import reminders_url
from app.groups.meetings.own_groups import OwnGroup, list_own_groups
from app.groups.meetings.schedules import day_of
from app.groups.models import Closure, Group, MeetingPlace, MeetingSeries
from app.groups.noting import note_of_group
from app.groups.rules.reminders import LONGEST_BREAK, REMINDER_HOURS, Reminder, due_reminders
from app.shared.errors import BadInput, RuleBroken
from app.shared.languages import DEFAULT_LANGUAGE, speaking
from app.shared.outbox import queue_mail, queued_among

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PURPOSE = "meeting-reminder"
LOOK_AHEAD = timedelta(days=10)
logger = logging.getLogger("wirkreis.reminders")


def set_reminders(
    session: Session, group_id: int, *, hours: int | None, after_break: bool, now: datetime
) -> None:
    """Afterwards the contact of the group gets mails so long before each meeting (None: none), and after breaks or not.

    Raises:
        RuleBroken: there is no such time ahead.
    """
    if hours is not None and hours not in REMINDER_HOURS:
        raise RuleBroken(_("Please choose one of the times."), field="hours")
    session.execute(
        sa.update(Group)
        .where(Group.id == group_id)
        .values(reminder_hours=hours, reminds_after_break=after_break)
    )
    note_of_group(session, "group.reminders_set", group_id, now=now)


def end_reminders(session: Session, group_id: int, *, now: datetime) -> None:
    """Afterwards the contact of the group gets no mail before meetings, not even after a break."""
    set_reminders(session, group_id, hours=None, after_break=False, now=now)


def list_reminded_groups(session: Session, *, now: datetime) -> list[int]:
    """Answer the ids of listed groups that want reminders, or may have had a break."""
    series, place = MeetingSeries.__table__, MeetingPlace.__table__
    was_closed = sa.exists().where(
        Closure.last_on >= day_of(now - LONGEST_BREAK),
        sa.or_(
            Closure.group_id == Group.id,
            Closure.place_id == place.c.id,
            Closure.place_id == place.c.part_of_id,
            Closure.clearinghouse_id == place.c.clearinghouse_id,
        ),
    )
    may_rest = sa.or_(series.c.skips_public_holidays, series.c.skips_school_holidays, was_closed)
    wanted = (
        sa.select(Group.id)
        .distinct()
        .join(series, series.c.group_id == Group.id)
        .outerjoin(place, place.c.id == sa.func.coalesce(series.c.place_id, Group.place_id))
        .where(
            Group.is_listed,
            Group.contact_email != "",
            sa.or_(Group.reminder_hours.is_not(None), sa.and_(Group.reminds_after_break, may_rest)),
        )
    )
    return list(session.scalars(wanted.order_by(Group.id)))


def groups_to_remind(session: Session, group_ids: Iterable[int], *, now: datetime) -> list[int]:
    """Answer those of the groups for which a mail is due that was not queued yet; nothing is written."""
    return sorted({due.group.id for due in _list_due(session, group_ids, now=now)})


def queue_reminders(session: Session, group_ids: Iterable[int], *, now: datetime) -> int:
    """Afterwards the mails that are due for these groups wait to be sent, each once however often this is done.

    A contact that cannot be written to is no reason to leave out the others: the log tells of it.
    """
    return sum(_queue(session, due, now=now) for due in _list_due(session, group_ids, now=now))


@dataclass(frozen=True, slots=True)
class _Due:
    """A mail to be queued, and what makes it one: a meeting that is moved to another time is asked for anew."""

    group: OwnGroup
    reminder: Reminder

    @property
    def once_key(self) -> str:
        """Made of what is never given to another series."""
        meeting = self.reminder.meeting
        uid = next(each.uid for each in self.group.schedule.stored if each.series.id == meeting.series_id)
        return f"{PURPOSE}:{uid}:{meeting.on}:{meeting.starts_at.timestamp():.0f}"


def _list_due(session: Session, group_ids: Iterable[int], *, now: datetime) -> list[_Due]:
    """Answer the mails that are due and were not queued yet."""
    span = day_of(now - LONGEST_BREAK), day_of(now + LOOK_AHEAD)
    due = [
        _Due(group, reminder)
        for group in list_own_groups(session, group_ids, span=span)
        for reminder in due_reminders(
            group.schedule.series,
            now=now,
            hours=group.row.reminder_hours,
            after_break=group.row.reminds_after_break,
        )
    ]
    queued = queued_among(session, [each.once_key for each in due])
    return [each for each in due if each.once_key not in queued]


def _queue(session: Session, due: _Due, *, now: datetime) -> bool:
    """Queue a mail; False when it was queued before or cannot be."""
    group = due.group
    last = next(iter(list_past_meetings(session, group.schedule, now=now)), None)
    try:
        with speaking(
            DEFAULT_LANGUAGE
        ):  # no contact has a language of their own, and groups are listed in German
            made = queue_mail(
                session,
                to=group.contact_email,
                mail=reminder_mail(group, due.reminder, last=last),
                purpose=PURPOSE,
                now=now,
                once_key=due.once_key,
                unsubscribe_url=reminders_url(group),
            )
    except BadInput:
        logger.warning("a contact cannot be written to", extra={"facts": {"group": group.id}})
        return False
    return made is not None
