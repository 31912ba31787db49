"""How many came to the past meetings of a demo group, so that its figures and its reminders can be looked at."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import TYPE_CHECKING

from app.groups.meetings.attendance import LOOK_BACK, list_past_meetings, note_attendance
from app.groups.meetings.own_groups import list_own_groups
from app.groups.meetings.reminders import set_reminders
from app.groups.meetings.schedules import day_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NOTED = 0.85
"""Likelihood that somebody counted."""


def note_demo_attendance(session: Session, group_id: int, *, now: datetime) -> None:
    """Afterwards the group is reminded one day ahead, and most of its last meetings have a number; always the same."""
    set_reminders(session, group_id, hours=24, after_break=True, now=now)
    today = day_of(now)
    group = list_own_groups(session, [group_id], span=(today - LOOK_BACK, today))[0]
    chance = Random(group.slug)  # noqa: S311 - invented data, not a secret
    counts = {
        each.key: chance.randrange(5, 15) if chance.random() < NOTED else None
        for each in reversed(list_past_meetings(session, group.schedule, now=now))
    }
    note_attendance(session, group.schedule, counts, now=now)
