"""Those who watch a group are told what has become of its next meetings: everything at once, each thing once.

What was told last is kept for each group (``rules/news.py``). A mail is queued in the transaction that notes what it
says as told, so a process that dies tells all or nothing, and two processes at once tell it once.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.groups.meetings.emails import news_mail
from app.groups.meetings.own_groups import OwnGroup, list_own_groups
from app.groups.meetings.schedules import around, day_of
from app.groups.meetings.watch_links import out_url
from app.groups.models import Group, MeetingTold, MeetingWatch
from app.groups.rules.news import (
    LOOK_AHEAD,
    OFF,
    News,
    Told,
    as_json,
    from_json,
    known_now,
    news_since,
    next_after_breaks,
)
from app.groups.rules.schedule import Meeting, Series
from app.shared.errors import BadInput
from app.shared.languages import speaking
from app.shared.outbox import queue_mail

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PURPOSE = "meeting-news"
QUIET = timedelta(minutes=3)
"""A group that was changed just now may be changed again: what belongs together is told together."""
logger = logging.getLogger("wirkreis.telling")


@dataclass(frozen=True, slots=True)
class Tidings:
    """What is to be told of a group, and what people know once they were told."""

    group: OwnGroup
    news: Sequence[News]
    upcoming: Sequence[Meeting]
    told: Told


def start_telling(session: Session, group_id: int, *, now: datetime) -> None:
    """Afterwards what the group's page says now counts as known."""
    found = list_own_groups(session, [group_id], span=around(day_of(now)))
    if not found:
        return
    group = found[0]
    promised = next_after_breaks(_shown_series(group), now=now)
    known = known_now(group.shown.between(now, now + LOOK_AHEAD), now=now, promised=_by_series(promised))
    row = session.get(MeetingTold, group_id, with_for_update=True, populate_existing=True)
    if row is None:
        row = MeetingTold(group_id=group_id, version=0)
        session.add(row)
    # The version goes on growing: a mail about an earlier one must not keep a new one from being queued.
    row.told, row.version, row.told_at = as_json(known), row.version + 1, now
    session.flush()


def list_groups_to_tell(session: Session, *, now: datetime) -> list[int]:
    """Answer the listed groups that somebody watches, and in which nothing was changed in the last minutes."""
    is_watched = sa.exists().where(MeetingWatch.group_id == Group.id, MeetingWatch.confirmed_at.is_not(None))
    wanted = sa.select(Group.id).where(Group.is_listed, is_watched, Group.updated_at <= now - QUIET)
    return list(session.scalars(wanted.order_by(Group.id)))


def groups_with_news(session: Session, group_ids: Iterable[int], *, now: datetime) -> list[int]:
    """Answer those of the groups of which what is kept as told is no longer true; nothing is written."""
    groups = list_own_groups(session, group_ids, span=around(day_of(now)))
    kept = dict(
        session.execute(
            sa.select(MeetingTold.group_id, MeetingTold.told).where(
                MeetingTold.group_id.in_([group.id for group in groups])
            )
        )
        .tuples()
        .all()
    )
    return [
        group.id
        for group in groups
        if group.id not in kept
        or _is_stale(kept[group.id], _tidings(group, from_json(kept[group.id]), now=now))
    ]


def tell_news(session: Session, group_id: int, *, now: datetime) -> int:
    """Afterwards a mail with what is new about a group waits for everybody who watches it; answers how many."""
    row = session.get(MeetingTold, group_id, with_for_update=True, populate_existing=True)
    groups = list_own_groups(session, [group_id], span=around(day_of(now)))
    if row is None or not groups:
        start_telling(session, group_id, now=now)
        return 0
    tidings = _tidings(groups[0], from_json(row.told), now=now)
    if not _is_stale(row.told, tidings):
        return 0
    row.told, row.told_at = as_json(tidings.told), now
    if not tidings.news:
        return 0
    row.version += 1
    session.flush()
    watches = session.scalars(
        sa.select(MeetingWatch)
        .where(MeetingWatch.group_id == group_id, MeetingWatch.confirmed_at.is_not(None))
        .order_by(MeetingWatch.id)
    )
    return sum(_queue(session, tidings, watch, version=row.version, now=now) for watch in watches)


def _queue(session: Session, tidings: Tidings, watch: MeetingWatch, *, version: int, now: datetime) -> bool:
    """Queue the mail to one person; an address that cannot be written to keeps nobody else from being told."""
    try:
        with speaking(watch.language):
            made = queue_mail(
                session,
                to=watch.email,
                mail=news_mail(tidings.group, tidings.news, tidings.upcoming),
                purpose=PURPOSE,
                now=now,
                once_key=f"{PURPOSE}:{watch.id}:{watch.created_at.timestamp():.0f}:{watch.group_id}:{version}",
                unsubscribe_url=out_url(watch.id, watch.email),
            )
    except BadInput:
        logger.warning("a watcher cannot be written to", extra={"facts": {"watch": watch.id}})
        return False
    return made is not None


def _tidings(group: OwnGroup, told: Told, *, now: datetime) -> Tidings:
    """Answer what people do not know yet, and what they know once they do."""
    dates = group.shown.between(now, now + LOOK_AHEAD)
    news = news_since(told, dates, now=now)
    off = {each.meeting.series_id for each in news if each.kind == OFF and each.meeting is not None}
    upcoming = next_after_breaks((each for each in _shown_series(group) if each.id in off), now=now)
    promised = {**told.promised, **_by_series(upcoming)}
    return Tidings(group, news, upcoming, known_now(dates, now=now, promised=promised))


def _is_stale(kept: object, tidings: Tidings) -> bool:
    """Whether what is kept has to be written anew: there is news, or other dates have come into sight."""
    return bool(tidings.news) or not isinstance(kept, dict) or kept["dates"] != as_json(tidings.told)["dates"]


def _shown_series(group: OwnGroup) -> list[Series]:
    return [each.series for each in group.shown.stored]


def _by_series(meetings: Iterable[Meeting]) -> dict[int, datetime]:
    return {each.series_id: each.starts_at for each in meetings}
