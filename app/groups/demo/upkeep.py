"""Demo groups in every stage of being confirmed, in the house whose staff have a demo account."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.groups.demo.fixed import FIXED
from app.groups.meetings.schedules import day_of
from app.groups.models import Group
from app.groups.upkeep.services import pause_group, put_to_sleep
from app.shared.outbox import OutboxMail

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CONFIRMED_DAYS_AGO = (445, 420, 370, 368, 500)
"""Of the first groups of the house that were not written by hand: to phone, to phone, asked, asked, asleep."""
ASLEEP = 4
PAUSES_DAYS = 45


def demo_upkeep(session: Session, group_ids: list[int], *, now: datetime) -> None:
    """Afterwards some groups of the first one's house are to be confirmed, one sleeps, one pauses; no mail waits."""
    house = session.scalars(sa.select(Group.clearinghouse_id).where(Group.id == group_ids[0])).one()
    mails = session.scalar(sa.select(sa.func.max(OutboxMail.id))) or 0
    chosen = session.scalars(
        sa.select(Group)
        .where(Group.clearinghouse_id == house, Group.id.in_(group_ids[len(FIXED) : len(FIXED) + 3_000]))
        .order_by(Group.id)
        .limit(len(CONFIRMED_DAYS_AGO) + 1)
    ).all()
    for group, days in zip(chosen, CONFIRMED_DAYS_AGO, strict=False):
        group.last_confirmed_on = day_of(now) - timedelta(days=days)
        group.created_at = now - timedelta(days=days + 100)
    session.flush()
    if len(chosen) > ASLEEP:
        put_to_sleep(session, chosen[ASLEEP].id, now=now - timedelta(days=10))
    if len(chosen) > ASLEEP + 1:
        back = day_of(now) + timedelta(days=PAUSES_DAYS)
        pause_group(session, chosen[ASLEEP + 1].id, resumes_on=back, now=now)
    session.execute(sa.delete(OutboxMail).where(OutboxMail.id > mails))
