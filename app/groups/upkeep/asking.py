"""Which groups are asked, remind or fall asleep today; each mail once, however often and by whomever this is done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.groups.meetings.schedules import day_of
from app.groups.models import Group, GroupAbsence
from app.groups.queries import get_group_page
from app.groups.readers import Reader, once_key, readers_of, write_to
from app.groups.rules.life import PAUSED
from app.groups.rules.trust import Stage, mail_of
from app.groups.upkeep.emails import asleep_mail, confirmation_mail
from app.groups.upkeep.links import confirmation_url
from app.groups.upkeep.listed_facts import hidden_facts, listed_facts
from app.groups.upkeep.pace import get_pace, stage_now
from app.groups.upkeep.services import lock, put_to_sleep
from app.shared.outbox import About, queued_among
from app.shared.signed_links import whole_url

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.shared.mail_text import Mail

PURPOSE = "group-confirmation"


def list_overdue(session: Session, *, now: datetime) -> list[int]:
    """Answer the ids of the listed groups whose last confirmation is a year old."""
    before = day_of(now) - timedelta(days=get_pace().every)
    wanted = sa.select(Group.id).where(Group.is_listed, Group.last_confirmed_on <= before)
    return list(session.scalars(wanted.order_by(Group.id)))


def groups_to_ask(session: Session, group_ids: Sequence[int], *, now: datetime) -> list[int]:
    """Answer those for which a mail is due that was not queued yet, or that fall asleep; nothing is written."""
    groups = session.scalars(sa.select(Group).where(Group.id.in_(group_ids)).order_by(Group.id)).all()
    stages = {group.id: stage_now(group, now=now) for group in groups}
    readers = readers_of(session, group_ids)
    keys = {
        once_key(_once(group, stage), reader): group.id
        for group in groups
        if (stage := mail_of(stages[group.id])) is not None
        for reader in readers[group.id]
    }
    queued = queued_among(session, keys)
    due = {group_id for key, group_id in keys.items() if key not in queued}
    return sorted(due | {group_id for group_id, stage in stages.items() if stage is Stage.DORMANT})


def ask_group(session: Session, group_id: int, *, now: datetime) -> int:
    """Afterwards the mails that are due for a group wait to be sent, or it is asleep; answers how many mails are new.

    What has happened to it in between decides: who has confirmed it is not asked.
    """
    group = lock(session, group_id)
    stage = stage_now(group, now=now)
    if not group.is_listed or stage is Stage.CONFIRMED:
        return 0
    readers = readers_of(session, [group_id])[group_id]
    if stage is not Stage.DORMANT:
        return _write(session, group, mail_of(stage) or stage, readers, now=now)
    queued = _write(session, group, stage, readers, now=now)
    put_to_sleep(session, group_id, now=now)
    return queued


def list_pauses_over(session: Session, *, now: datetime) -> list[int]:
    """Answer the groups whose pause ends today or has ended."""
    wanted = (
        sa.select(Group.id)
        .join(GroupAbsence, GroupAbsence.group_id == Group.id)
        .where(Group.state == PAUSED, GroupAbsence.resumes_on <= day_of(now))
    )
    return list(session.scalars(wanted.order_by(Group.id)))


def _write(session: Session, group: Group, stage: Stage, readers: Sequence[Reader], *, now: datetime) -> int:
    """Queue the mail of a stage to each reader; answer how many were not queued before."""
    return write_to(
        session,
        readers,
        lambda reader: _mail(session, group, stage, reader, now=now),
        purpose=PURPOSE,
        once=_once(group, stage),
        about=About(group.id),
        now=now,
    )


def _mail(session: Session, group: Group, stage: Stage, reader: Reader, *, now: datetime) -> Mail:
    url = confirmation_url(group, reader)
    if stage is Stage.DORMANT:
        return asleep_mail(group.name, url=url)
    page = get_group_page(session, group.slug, now=now)
    return confirmation_mail(
        stage,
        listed_facts(page),
        hidden_facts(group, page),
        url=url,
        own_url=whole_url(f"/accounts/groups/{group.slug}/status"),
    )


def _once(group: Group, stage: Stage) -> str:
    return f"{PURPOSE}:{group.id}:{group.last_confirmed_on.isoformat()}:{stage.name}"
